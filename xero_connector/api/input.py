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


def day(field: str, value: str | None) -> date | None:
	try:
		return date.fromisoformat(value) if value else None
	except ValueError:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=str(value)) from None
