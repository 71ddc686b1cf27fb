"""What the reports have in common: who gets them, of which organisation, and the shape of columns and totals.

A report tells of the whole organisation, also of records that its reader may not open: that is what the right
to see the books means. Roles of a report can be edited on the site, so the right itself is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from xero_connector.core.money import ZERO
from xero_connector.core.policy import Right
from xero_connector.site import access, organisations
from xero_connector.site.organisations import State

Column = dict[str, Any]


def require_books() -> None:
	if not access.may(Right.SEE_BOOKS):
		frappe.throw(_("You are not allowed to do this."), frappe.PermissionError)


def organisation(filters: frappe._dict) -> State | None:
	"""The one that was asked for, else the default one; None before anything is connected."""
	known = organisations.every()
	chosen = [state for state in known if not filters.organisation or state.name == filters.organisation]
	return chosen[0] if chosen else None


def text(fieldname: str, label: str, width: int = 160) -> Column:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Data", "width": width}


def day(fieldname: str, label: str) -> Column:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Date", "width": 110}


def money(fieldname: str, label: str) -> Column:
	"""In the currency that the row's `currency` names."""
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": "Currency",
		"options": "currency",
		"width": 130,
	}


def totals(label: str, amounts: Iterable[tuple[str, Decimal]]) -> list[dict[str, Any]]:
	"""For the report's head: (currency, amount) added up, each currency for itself."""
	found: dict[str, Decimal] = {}
	for currency, amount in amounts:
		found[currency] = found.get(currency, ZERO) + amount
	return [
		{"label": f"{label} ({currency})", "value": amount, "datatype": "Currency", "currency": currency}
		for currency, amount in sorted(found.items())
	]
