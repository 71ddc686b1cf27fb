"""Values out of a request's JSON; what has the wrong type refuses the whole request, as Xero does."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from .books import Json
from .clock import EPOCH
from .errors import malformed

MS_DATE = re.compile(r"^/Date\((-?\d+)(?:[+-]\d{4})?\)/$")


def text(element: Json, name: str) -> str | None:
	value = element.get(name)
	if value is None or isinstance(value, str):
		return value
	if isinstance(value, (Decimal, bool)):
		return str(value)
	raise malformed(f"{name} must be a string")


def number(element: Json, name: str) -> Decimal | None:
	value = element.get(name)
	if value is None or value == "":
		return None
	try:
		found = Decimal(str(value)) if isinstance(value, (Decimal, str)) else None
	except InvalidOperation:
		found = None
	if found is None or not found.is_finite():
		raise malformed(f"Error converting value '{value}' of {name} to type 'System.Decimal'.")
	return found


def day(element: Json, name: str) -> date | None:
	"""2026-01-31, 2026-01-31T00:00:00 or /Date(ms+0000)/: the calendar day as it stands."""
	value = element.get(name)
	if not value:
		return None
	if match := MS_DATE.match(str(value)):
		return (EPOCH + timedelta(milliseconds=int(match.group(1)))).date()
	try:
		return datetime.fromisoformat(str(value).replace("Z", "+00:00")).date()
	except ValueError as error:
		raise malformed(f"Error converting value '{value}' of {name} to type 'System.DateTime'.") from error


def flag(element: Json, name: str) -> bool | None:
	value = element.get(name)
	if value is None or isinstance(value, bool):
		return value
	if str(value).lower() in ("true", "false"):
		return str(value).lower() == "true"
	raise malformed(f"Error converting value '{value}' of {name} to type 'System.Boolean'.")


def listing(element: Json, name: str) -> list[Json] | None:
	value = element.get(name)
	if value is None:
		return None
	if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
		raise malformed(f"{name} must be an array of objects")
	return value


def inner(element: Json, name: str) -> Json:
	value = element.get(name)
	if value is None:
		return {}
	if not isinstance(value, dict):
		raise malformed(f"{name} must be an object")
	return value


def too_long(element: Json, limits: dict[str, int]) -> list[str]:
	return [
		f"{name} must not be more than {limit} characters long."
		for name, limit in limits.items()
		if len(text(element, name) or "") > limit
	]
