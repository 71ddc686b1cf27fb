"""Won deals and opportunities that no invoice of Xero is linked to (B18)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_months, getdate, today

from xero_connector.site import sales
from xero_connector.xero_connector.report import figures


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""`filters`: {since: date (a year ago), owner: user}. Drafts are no invoices yet."""
	figures.require_books()
	wanted = frappe._dict(filters or {})
	since = getdate(wanted.since or add_months(today(), -12))
	found = sales.won_not_invoiced(since, wanted.owner)
	columns = [
		figures.text("title", _("Won"), 240),
		figures.text("doctype", _("Type"), 110),
		figures.text("name", _("ID"), 170),
		figures.text("owner", _("Owner"), 180),
		figures.day("closed", _("Won On")),
		figures.money("value", _("Value")),
	]
	rows = [
		{**row, "doctype": _(row["doctype"]), "links": {"title": [row["doctype"], row["name"]]}}
		for row in found
	]
	worth = ((row["currency"] or "", row["value"]) for row in found)
	return columns, rows, None, None, figures.totals(_("Not Invoiced"), worth)
