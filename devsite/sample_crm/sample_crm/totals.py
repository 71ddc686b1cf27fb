"""Amounts of lines and documents, as the real apps work them out on save."""

from __future__ import annotations

from typing import Any

from frappe.utils import flt


def price_products(doc: Any) -> None:
	"""Frappe CRM: amount, discount and net amount a line; total and net total a document."""
	for row in doc.products:
		row.amount = flt(row.qty) * flt(row.rate)
		row.discount_amount = row.amount * flt(row.discount_percentage) / 100
		row.net_amount = row.amount - row.discount_amount
	doc.total = sum(row.amount for row in doc.products)
	doc.net_total = sum(row.net_amount for row in doc.products)


def price_items(doc: Any) -> None:
	"""ERPNext: amount a line and the sum of them."""
	for row in doc.items:
		row.amount = flt(row.qty) * flt(row.rate)
	doc.total = sum(row.amount for row in doc.items)
