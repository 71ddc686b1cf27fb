"""Xero's arithmetic: https://developer.xero.com/documentation/guides/how-to-guides/rounding-in-xero."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
FOUR = Decimal("0.0001")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


def round2(amount: Decimal) -> Decimal:
	return amount.quantize(CENT, ROUND_HALF_UP)


def round4(amount: Decimal) -> Decimal:
	return amount.quantize(FOUR, ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_amount: Decimal, discount_rate: Decimal | None = None) -> Decimal:
	"""Quantity (4 dp) x unit amount (2 or 4 dp) less the discount in per cent, half up to 2 dp."""
	gross = quantity * unit_amount
	return round2(gross * (HUNDRED - discount_rate) / HUNDRED if discount_rate else gross)


def rate_of_discount(gross: Decimal, discount_amount: Decimal) -> Decimal:
	"""Xero keeps a discount as a per cent of 2 dp, which is how an amount can move by a cent."""
	return round2(discount_amount * HUNDRED / gross) if gross else ZERO


def effective_rate(components: Iterable[dict[str, Any]]) -> Decimal:
	"""Per cent of 4 dp that a line is taxed at: a compound component also taxes the others' tax.

	https://help.xero.com/int/Tax-Add: with one, "the effective tax rate is higher than the nominal rate", and
	it is the effective one that makes the tax of a line.
	"""
	sums = {True: Decimal(0), False: Decimal(0)}
	for part in components:
		sums[bool(part["IsCompound"])] += part["Rate"]
	return round4(sums[False] + sums[True] * (HUNDRED + sums[False]) / HUNDRED)


def line_tax(amount: Decimal, rate: Decimal, line_amount_types: str) -> Decimal:
	"""Tax of one line, half up to 2 dp; a document's tax is the sum of its lines'."""
	if line_amount_types == "NoTax" or not rate:
		return ZERO
	divisor = HUNDRED + rate if line_amount_types == "Inclusive" else HUNDRED
	return round2(amount * rate / divisor)
