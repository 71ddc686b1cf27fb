"""The fields of a Xero contact that records have too, and what of them Frappe can hold: lengths, countries by its own
names, e-mail addresses and phone numbers as its controllers take them."""

from __future__ import annotations

from collections.abc import Mapping

import frappe

PERSON = ("first_name", "last_name", "email_address", "phone", "mobile")
ADDRESS = ("address_line", "city", "region", "postal_code", "country")
FIELDS = ("contact_name", *PERSON, *ADDRESS, "tax_number", "account_number")

LONGEST = 140
"""Of Frappe's Data fields."""
_LONGEST_OF_PERSON = 64
"""Two of them are a Full Name."""
_LONGEST_LINE = 240
_COUNTRIES = {"uk": "United Kingdom", "great britain": "United Kingdom", "usa": "United States"}


def cleaned(values: Mapping[str, str | None]) -> dict[str, str]:
	"""By field of FIELDS; what Frappe refuses is "", what is too long is cut."""
	return {field: _clean(field, values[field] or "") for field in FIELDS if field in values}


def two_lines(text: str) -> tuple[str, str]:
	"""A street in as many of Frappe's two lines as it needs."""
	if len(text) <= _LONGEST_LINE:
		return text, ""
	end = text.rfind(", ", 0, _LONGEST_LINE)
	first = text[:end] if end > 0 else text[:_LONGEST_LINE]
	return first, text[len(first) :].lstrip(", ")[:_LONGEST_LINE]


def _clean(field: str, value: str) -> str:
	# a name of Frappe's holds neither of them, and of other fields it would take away what looks like HTML
	text = " ".join(value.replace("<", " ").replace(">", " ").split())
	if field == "email_address":
		first = text.split(",")[0].strip()
		return first if frappe.utils.validate_email_address(first) == first else ""
	if field in ("phone", "mobile"):
		return text if frappe.utils.validate_phone_number(text) else ""
	if field == "country":
		return _country(text)
	if field == "address_line":
		return ", ".join(filter(None, two_lines(text)))
	return text[: _LONGEST_OF_PERSON if field in ("first_name", "last_name") else LONGEST]


def _country(text: str) -> str:
	"""Frappe's name of a country that Xero has by name or by code; "" of what is none."""
	name = _COUNTRIES.get(text.casefold(), text)
	for column in ("name", "code") if text else ():
		found = frappe.db.get_value("Country", {column: name.casefold() if column == "code" else name})
		if found:
			return str(found)
	return ""
