"""Xero's refusals, each in the shape that Xero gives it."""

from __future__ import annotations

import uuid
from typing import Any

from .books import Json


class Refusal(Exception):
	"""Becomes the answer. `body` is JSON, or plain text where Xero sends text."""

	def __init__(self, status: int, body: Json | str, headers: dict[str, str] | None = None) -> None:
		super().__init__(status, body)
		self.status, self.body, self.headers = status, body, headers or {}


def _problem(title: str, status: int, detail: str) -> Json:
	return {
		"Type": None,
		"Title": title,
		"Status": status,
		"Detail": detail,
		"Instance": str(uuid.uuid4()),
		"Extensions": {},
	}


def unauthorized(detail: str = "AuthenticationUnsuccessful", challenge: str | None = None) -> Refusal:
	headers = {"WWW-Authenticate": challenge} if challenge else {}
	return Refusal(401, _problem("Unauthorized", 401, detail), headers)


def forbidden() -> Refusal:
	return Refusal(403, _problem("Forbidden", 403, "AuthenticationUnsuccessful"))


def not_found() -> Refusal:
	return Refusal(404, "The resource you're looking for cannot be found")


def _exception(number: int, kind: str, message: str, **more: Any) -> Refusal:
	return Refusal(400, {"ErrorNumber": number, "Type": kind, "Message": message} | more)


def validation(elements: list[Json]) -> Refusal:
	return _exception(10, "ValidationException", "A validation exception occurred", Elements=elements)


def invalid(message: str) -> Refusal:
	"""A validation error of something that has no element to echo."""
	return validation([{"ValidationErrors": [{"Message": message}]}])


def malformed(message: str) -> Refusal:
	return _exception(14, "PostDataInvalidException", message)


def bad_query(message: str) -> Refusal:
	return _exception(16, "QueryParseException", message)


def high_volume(message: str) -> Refusal:
	return _exception(51, "HighVolumeException", message)


def idempotency(message: str) -> Refusal:
	return _exception(10, "ValidationException", message, Elements=[])
