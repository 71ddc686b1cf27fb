"""What comes from a browser as text, checked: each refuses with the name of the field."""

from collections.abc import Container
from datetime import date
from typing import Any

import frappe

from xero_connector.core.errors import Code, NeedsPerson


def one_of(field: str, value: str, allowed: Container[str]) -> str:
	if value not in allowed:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=value)
	return value


def structure(field: str, given: Any) -> Any:
	"""What came as JSON, or as it is."""
	try:
		return frappe.parse_json(given)
	except ValueError:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=str(given)[:40]) from None


MOST_AT_ONCE = 500
"""Rows that somebody can choose in a list; Frappe's lists show as many."""


def several(field: str, given: list[str] | str) -> list[str]:
	"""Each once, in their order."""
	chosen = structure(field, given)
	if not isinstance(chosen, list) or len(chosen) > MOST_AT_ONCE:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=str(given)[:40])
	return list(dict.fromkeys(str(name) for name in chosen))


def day(field: str, value: str | None) -> date | None:
	try:
		return date.fromisoformat(value) if value else None
	except ValueError:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=str(value)) from None
