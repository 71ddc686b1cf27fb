"""The state of a consent under way: random, one use, bound to the user who began it, gone in ten minutes."""

from __future__ import annotations

import hashlib
import secrets

import frappe

from xero_connector.core.errors import Code, NeedsPerson

_SECONDS = 600


def begin(user: str, verifier: str | None = None) -> str:
	"""A state for the browser; `verifier` is what a PKCE app proves itself with when it comes back."""
	state = secrets.token_urlsafe(32)
	frappe.cache.set_value(_key(state), {"user": user, "verifier": verifier}, expires_in_sec=_SECONDS)
	return state


def redeem(state: str, user: str) -> str | None:
	"""The verifier that the consent began with. Raises NeedsPerson(STATE_MISMATCH) for a state that is unknown,
	used, too old or somebody else's."""
	key = _key(state)
	begun = frappe.cache.get_value(key, expires=True)
	frappe.cache.delete_value(key)
	if not begun or begun["user"] != user:
		raise NeedsPerson(Code.STATE_MISMATCH)
	return begun["verifier"]  # type: ignore[no-any-return]


def _key(state: str) -> str:
	# hashed, so that nobody who can list keys learns a state
	return f"xero_consent:{hashlib.sha256(state.encode()).hexdigest()}"
