"""Amounts of lines and documents, as the real apps work them out on save."""

from __future__ import annotations

import json
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


def price_invoice(doc: Any) -> None:
	"""ERPNext's Sales Invoice: prices of a price list less discounts, taxes on top of the prices or included in them,
	a discount on the whole that is spread over the lines."""
	for row in doc.items:
		if row.price_list_rate and not row.rate:
			row.rate = flt(row.price_list_rate * (1 - flt(row.discount_percentage) / 100), 2)
		row.amount = flt(flt(row.qty) * flt(row.rate), 2)
		row.net_amount = flt(row.amount / (1 + _included(doc.taxes, row)), 2)
	doc.total = flt(sum(row.amount for row in doc.items), 2)
	_sum_up(doc)
	if doc.additional_discount_percentage:
		whole = doc.net_total if doc.apply_discount_on == "Net Total" else doc.grand_total
		doc.discount_amount = flt(whole * doc.additional_discount_percentage / 100, 2)
	if doc.discount_amount:
		_spread_discount(doc)
		_sum_up(doc, doc.discount_amount)
	doc.rounded_total = doc.grand_total
	for field in ("grand_total", "rounded_total"):
		doc.set(f"base_{field}", flt(doc.get(field) * doc.conversion_rate, 2))


def _spread_discount(doc: Any) -> None:
	charges = sum(flt(tax.tax_amount) for tax in doc.taxes if tax.charge_type == "Actual")
	whole = doc.net_total if doc.apply_discount_on == "Net Total" else doc.grand_total - charges
	for row in doc.items:
		row.net_amount = flt(row.net_amount * (1 - doc.discount_amount / whole), 2)
	if doc.apply_discount_on == "Net Total":
		left = doc.net_total - doc.discount_amount - sum(row.net_amount for row in doc.items)
		doc.items[-1].net_amount = flt(doc.items[-1].net_amount + left, 2)


def _sum_up(doc: Any, discount: float = 0) -> None:
	doc.net_total = flt(sum(row.net_amount for row in doc.items), 2)
	shares = [_taxes_of(doc, row) for row in doc.items]
	for position, tax in enumerate(doc.taxes):
		if tax.charge_type != "Actual":
			tax.tax_amount = flt(sum(share[position] for share in shares), 2)
	taxes = [flt(tax.tax_amount) for tax in doc.taxes]
	doc.grand_total = flt(doc.net_total + sum(taxes), 2)
	if any(tax.included_in_print_rate for tax in doc.taxes):
		on_top = sum(flt(tax.tax_amount) for tax in doc.taxes if not tax.included_in_print_rate)
		as_priced = flt(doc.total + on_top - discount, 2)
		if abs(as_priced - doc.grand_total) <= 0.05:  # cents lost in dividing
			doc.grand_total = as_priced
	doc.total_taxes_and_charges = flt(doc.grand_total - doc.net_total, 2)


def _rate(tax: Any, row: Any) -> float:
	"""Of this tax on this line: an item may have one of its own."""
	return flt(json.loads(row.item_tax_rate or "{}").get(tax.account_head, tax.rate))


def _included(taxes: list[Any], row: Any) -> float:
	"""The share of tax in the line's price."""
	shares: list[float] = []
	for tax in taxes:
		base = {
			"On Net Total": 1,
			"On Previous Row Amount": shares[int(tax.row_id or 0) - 1] if shares else 0,
			"On Previous Row Total": 1 + sum(shares[: int(tax.row_id or 0)]),
		}.get(tax.charge_type, 0)
		shares.append(base * _rate(tax, row) / 100 if tax.included_in_print_rate else 0)
	return sum(shares)


def _taxes_of(doc: Any, row: Any) -> list[float]:
	"""What each tax comes to on this line; of a charge its share, for other taxes may count on it."""
	amounts: list[float] = []
	for tax in doc.taxes:
		before, rate = int(tax.row_id or 0), _rate(tax, row)
		if tax.charge_type == "Actual":
			amounts.append(flt(tax.tax_amount) * row.net_amount / doc.net_total if doc.net_total else 0)
		elif tax.charge_type == "On Item Quantity":
			amounts.append(rate * flt(row.qty))
		elif tax.charge_type == "On Net Total":
			amounts.append(rate / 100 * row.net_amount)
		elif tax.charge_type == "On Previous Row Amount":
			amounts.append(rate / 100 * amounts[before - 1])
		else:
			amounts.append(rate / 100 * (row.net_amount + sum(amounts[:before])))
	return amounts
