"""ERPNext's tax templates, each with the one percent that it comes to on a line."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import frappe

from xero_connector.core.money import ZERO, rounded
from xero_connector.core.taxes import OurRate, TaxName
from xero_connector.site.database import as_decimal
from xero_connector.site.hosts.sales_invoice import PERCENTAGES, percentage

SALES, ITEM = "Sales Taxes and Charges Template", "Item Tax Template"
_PLACES = 4


def rates() -> list[OurRate]:
	"""Those that are not switched off and have a tax in percent, by name; none without ERPNext."""
	return [
		*_of(ITEM, "Item Tax Template Detail", ["tax_rate"], _sum),
		*_of(SALES, "Sales Taxes and Charges", ["charge_type", "account_head", "rate", "row_id"], _together),
	]


def _of(doctype: str, child: str, fields: list[str], percent_of: Any) -> list[OurRate]:
	if not frappe.db.exists("DocType", doctype, cache=True):
		return []
	names = frappe.get_all(doctype, filters={"disabled": 0}, pluck="name", order_by="name asc")
	rows: dict[str, list[Any]] = defaultdict(list)
	for row in frappe.get_all(
		child, filters={"parenttype": doctype}, fields=["parent", *fields], order_by="parent asc, idx asc"
	):
		rows[row.parent].append(row)
	percents = {name: percent_of(rows[name]) for name in names}
	return [
		OurRate(TaxName(doctype, name), name, rounded(percent, _PLACES))
		for name, percent in percents.items()
		if percent is not None
	]


def _sum(rows: list[Any]) -> Decimal:
	"""Each row of an item's template stands for one tax of the document."""
	return sum((as_decimal(row.tax_rate) for row in rows), ZERO)


def _together(rows: list[Any]) -> Decimal | None:
	"""None of a template that holds charges alone."""
	return percentage(rows, {}) if any(row.charge_type in PERCENTAGES for row in rows) else None
