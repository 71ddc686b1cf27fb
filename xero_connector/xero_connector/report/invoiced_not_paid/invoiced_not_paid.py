"""Invoices of deals, opportunities and projects with a balance: whose they are, how late, what was paid (B18)."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _

from xero_connector.site import sales
from xero_connector.xero_connector.report import figures


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""`filters`: {organisation: name of the Xero Organisation (the default one), owner: user}."""
	figures.require_books()
	wanted = frappe._dict(filters or {})
	organisation = figures.organisation(wanted)
	if not organisation:
		return _columns(), []
	found = sales.invoiced_not_paid(organisation.name, wanted.owner)
	owed = {row["invoice"]: (row["currency"], row["balance"]) for row in found}
	return (
		_columns(),
		[_row(row, organisation.today) for row in found],
		None,
		None,
		figures.totals(_("Not Paid"), owed.values()),
	)


def _columns() -> list[figures.Column]:
	return [
		figures.text("title", _("Sale"), 220),
		figures.text("contact_name", _("Customer"), 200),
		figures.text("owner", _("Owner"), 170),
		figures.text("number", _("Invoice"), 110),
		figures.day("date", _("Date")),
		figures.day("due_date", _("Due Date")),
		{"fieldname": "overdue_days", "label": _("Days Overdue"), "fieldtype": "Int", "width": 130},
		figures.money("total", _("Total")),
		figures.money("paid", _("Paid")),
		figures.day("last_paid", _("Last Paid On")),
		figures.money("balance", _("Balance")),
	]


def _row(row: dict[str, Any], today: date) -> dict[str, Any]:
	due = row["due_date"]
	return {
		**row,
		"overdue_days": max(0, (today - due).days) if due else 0,
		"links": {
			"title": [row["doctype"], row["name"]],
			"contact_name": ["Xero Contact", row["contact"]],
			"number": ["Xero Invoice", row["invoice"]],
		},
	}
