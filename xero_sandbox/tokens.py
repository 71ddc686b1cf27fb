"""Three-part JWTs, signed with HS256: readable by any client, made with the standard library."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any


def _part(data: bytes) -> str:
	return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(claims: dict[str, Any], key: bytes) -> str:
	head = {"alg": "HS256", "kid": "sandbox", "typ": "JWT"}
	text = ".".join(_part(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
	return f"{text}.{_part(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


def challenge_of(verifier: str) -> str:
	"""PKCE S256."""
	return _part(hashlib.sha256(verifier.encode()).digest())
