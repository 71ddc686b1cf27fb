"""What ERPNext's Sales Invoice offers to an invoice or credit note: the same lines, to the same total.

ERPNext keeps an amount of each line and a table of taxes for all of them, in which a row may count on another
one; Xero wants a rate a line. What is no percentage (freight, a rounding) becomes a line of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from xero_connector.core import money
from xero_connector.core.drafting import (
	CREDIT_NOTE,
	EXCLUSIVE,
	INCLUSIVE,
	INVOICE,
	NO_TAX,
	Product,
	Source,
	SourceLine,
)
from xero_connector.core.money import ZERO
from xero_connector.core.taxes import TaxName
from xero_connector.site.database import as_date, as_decimal
from xero_connector.site.hosts.record import Record, plain, products

PERCENTAGES = ("On Net Total", "On Previous Row Amount", "On Previous Row Total")
_HUNDRED = Decimal(100)


def source(record: Record) -> Source:
	"""Of a return the amounts are negative here and positive in Xero, whose credit notes have no due date."""
	invoice = record.document
	sign = -1 if invoice.get("is_return") else 1
	mode = _tax_mode(invoice)
	return Source(
		record.title,
		sign * as_decimal(invoice.net_total),
		invoice.currency,
		record.customer,
		lines=(*_item_lines(invoice, mode, sign), *_charge_lines(invoice, mode, sign)),
		document_type=CREDIT_NOTE if sign < 0 else INVOICE,
		line_amount_types=mode,
		date=as_date(invoice.posting_date),
		due_date=as_date(invoice.due_date) if sign > 0 else None,
		reference=invoice.get("po_no") or invoice.name,
		total=sign * _total(invoice),
		company=invoice.company,
		territory=invoice.get("territory"),
	)


def _total(invoice: Any) -> Decimal:
	return as_decimal(invoice.get("rounded_total") or invoice.grand_total)


def _tax_mode(invoice: Any) -> str:
	"""Inclusive where all tax is in the prices; where only some is, Xero gets prices without any."""
	percentages = [tax for tax in invoice.taxes if tax.charge_type in PERCENTAGES]
	included = [tax for tax in invoice.taxes if tax.included_in_print_rate]
	if not percentages:
		return NO_TAX
	return INCLUSIVE if included == percentages else EXCLUSIVE


def _item_lines(invoice: Any, mode: str, sign: int) -> list[SourceLine]:
	known = products("Item", "item_name", (row.item_code for row in invoice.items))
	has_net_prices = mode == INCLUSIVE or not any(tax.included_in_print_rate for tax in invoice.taxes)
	lines = [
		_item_line(row, sign, known.get(row.item_code), is_listed=has_net_prices) for row in invoice.items
	]
	if mode == NO_TAX:
		return lines
	rated = [
		replace(
			line,
			tax_rate=percentage(invoice.taxes, json.loads(row.item_tax_rate or "{}")),
			tax_name=_tax_name(invoice, row),
		)
		for line, row in zip(lines, invoice.items, strict=True)
	]
	return _with_tax(rated, invoice, sign) if mode == INCLUSIVE else rated


def _item_line(row: Any, sign: int, product: Product | None, *, is_listed: bool) -> SourceLine:
	"""Without tax, after every discount. `is_listed`: the price list's price is in the tax mode of the lines."""
	net, quantity = money.rounded(sign * as_decimal(row.net_amount)), sign * as_decimal(row.qty)
	description = plain(row.description) or row.item_name
	if not quantity:  # a correction of the price alone
		return SourceLine(description, Decimal(1), net, net_amount=net, product=product)
	if not is_listed:
		return SourceLine(description, quantity, net / quantity, net_amount=net, product=product)
	rate = as_decimal(row.rate)
	listed = as_decimal(row.get("rate_with_margin") or row.price_list_rate)
	discount = as_decimal(row.discount_percentage)
	return SourceLine(
		description,
		quantity,
		max(listed, rate),
		discount_rate=discount if discount and listed > rate else None,
		net_amount=net,
		product=product,
	)


def _with_tax(lines: list[SourceLine], invoice: Any, sign: int) -> list[SourceLine]:
	"""The lines of an inclusive invoice as the customer pays them. What a discount on the whole takes off each is
	known without tax only: a cent that is lost on the way back is the largest line's."""
	if not _spread_discount(invoice):
		return [
			replace(line, net_amount=money.rounded(sign * as_decimal(row.amount)))
			for line, row in zip(lines, invoice.items, strict=True)
		]
	gross = [money.rounded(line.net_amount * (_HUNDRED + line.tax_rate) / _HUNDRED) for line in lines]
	charged = sum((amount for _, amount, _ in _charges(invoice)), ZERO)
	largest = gross.index(max(gross))
	gross[largest] += sign * (_total(invoice) - charged) - sum(gross)
	return [replace(line, net_amount=amount) for line, amount in zip(lines, gross, strict=True)]


def _is_cash_discount(invoice: Any) -> bool:
	"""A discount that is taken off in the end, and leaves lines and taxes as they are."""
	return bool(invoice.get("is_cash_or_non_trade_discount") and invoice.apply_discount_on == "Grand Total")


def _spread_discount(invoice: Any) -> Decimal:
	return ZERO if _is_cash_discount(invoice) else as_decimal(invoice.discount_amount)


def _charge_lines(invoice: Any, mode: str, sign: int) -> list[SourceLine]:
	return [
		SourceLine(
			description,
			Decimal(1),
			sign * amount,
			net_amount=sign * amount,
			tax_rate=None if mode == NO_TAX else percent,
			tax_name=_tax_name(invoice) if percent else None,
		)
		for description, amount, percent in _charges(invoice)
	]


def _tax_name(invoice: Any, row: Any = None) -> TaxName | None:
	"""The template that the tax of a line comes from: the line's own, else the document's. Taxes may have been edited
	since, which their percent tells."""
	own, common = row and row.get("item_tax_template"), invoice.get("taxes_and_charges")
	if own:
		return TaxName("Item Tax Template", own)
	return TaxName("Sales Taxes and Charges Template", common) if common else None


def _charges(invoice: Any) -> Iterator[tuple[str, Decimal, Decimal]]:
	"""(description, amount, percent of tax on it) of whatever the total has beside items and percentages."""
	for tax in invoice.taxes:
		amount = money.rounded(as_decimal(tax.tax_amount))
		if tax.charge_type not in PERCENTAGES and amount:
			yield plain(tax.description), amount, percentage(invoice.taxes, {}, tax)
	if _is_cash_discount(invoice) and invoice.discount_amount:
		yield _label(invoice, "discount_amount"), -money.rounded(as_decimal(invoice.discount_amount)), ZERO
	rounding = money.rounded(_total(invoice) - as_decimal(invoice.grand_total))
	if rounding:
		yield _label(invoice, "rounding_adjustment"), rounding, ZERO


def _label(invoice: Any, field: str) -> str:
	return str(invoice.meta.get_label(field))


def percentage(taxes: list[Any], own_rates: dict[str, float], charge: Any = None) -> Decimal:
	"""What all taxes together come to on 100 of a line, those on other taxes included. `own_rates` are the line's
	by account; with `charge`, the line is that row of the table, and only what counts on it does."""
	net = ZERO if charge else _HUNDRED
	amounts: list[Decimal] = []
	totals = [net]
	for tax in taxes:
		rate = as_decimal(own_rates.get(tax.account_head, tax.rate)) / _HUNDRED
		before = int(tax.row_id or 0)
		if tax is charge:
			amounts.append(_HUNDRED)
		elif tax.charge_type == "On Net Total":
			amounts.append(net * rate)
		elif tax.charge_type == "On Previous Row Amount":
			amounts.append(amounts[before - 1] * rate)
		elif tax.charge_type == "On Previous Row Total":
			amounts.append(totals[before] * rate)
		else:
			amounts.append(ZERO)
		totals.append(totals[-1] + amounts[-1])
	return totals[-1] - _HUNDRED
