"""What Xero makes of a draft, to the cent, and how a record's lines are said so that Xero makes the same of them.

Xero rounds each line, then each line's tax, half up to two places whatever the currency, and sums after that
(https://developer.xero.com/documentation/guides/how-to-guides/rounding-in-xero).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xero_connector.core.drafting import CREDIT_NOTE, INCLUSIVE, NO_TAX, Draft, Line, SourceLine
from xero_connector.core.model import TaxRate
from xero_connector.core.money import ZERO, rounded

PLACES = 4
"""Digits after the point that Xero takes of a quantity and, asked with unitdp=4, of a price."""

_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")


class PricedLine(NamedTuple):
	"""`amount` is after `discount`, in the draft's tax mode; `tax_type` is None where there is no tax to speak of."""

	amount: Decimal
	discount: Decimal
	tax: Decimal
	tax_type: str | None


class TaxTotal(NamedTuple):
	"""The tax of all lines of one tax type; `rate` in percent."""

	tax_type: str
	name: str
	rate: Decimal
	amount: Decimal


class Priced(NamedTuple):
	"""A draft as Xero will total it; `taxes` in the order of the lines. All in the draft's currency."""

	lines: tuple[PricedLine, ...]
	sub_total: Decimal
	discount: Decimal
	taxes: tuple[TaxTotal, ...]
	tax: Decimal
	total: Decimal


class Wording(NamedTuple):
	"""How a line is said to Xero; `discount_rate` in percent, None for no discount."""

	quantity: Decimal
	unit_amount: Decimal
	discount_rate: Decimal | None = None


def price(draft: Draft, tax_rates: Mapping[str, TaxRate]) -> Priced:
	"""`tax_rates` by tax type. A line whose tax type is not among them counts as one without tax."""
	known = {} if draft.line_amount_types == NO_TAX else tax_rates
	inclusive = draft.line_amount_types == INCLUSIVE
	lines = tuple(_price_line(line, known, inclusive) for line in draft.lines)
	amount = sum((line.amount for line in lines), ZERO)
	tax = sum((line.tax for line in lines), ZERO)
	sub_total = amount - tax if inclusive else amount
	discount = sum((line.discount for line in lines), ZERO)
	return Priced(lines, sub_total, discount, _by_rate(lines, known), tax, sub_total + tax)


def express(line: SourceLine, document_type: str) -> Wording:
	"""The wording of which Xero makes exactly what the line comes to on its record.

	The full list price with a discount in percent where one of two places makes it (R92). Else, and on credit
	notes always, the net price (R93); else, where no price of four places makes it either, one piece of the
	whole amount. A discount as an amount is no way out: Xero turns it into a rate of two places.
	"""
	net = _net(line)
	quantity, unit_amount = rounded(line.quantity, PLACES), rounded(line.unit_amount, PLACES)
	# what Xero thinks of a discount on a negative line depends on how it is said (XeroAPI/Xero-OpenAPI#429)
	may_discount = document_type != CREDIT_NOTE and quantity * unit_amount > 0
	own = rounded(line.discount_rate or ZERO)
	rates = [own, _nearest_rate(line, quantity * unit_amount, net)] if may_discount else [ZERO]
	for rate in rates:
		if 0 <= rate <= _HUNDRED and _amount(quantity, unit_amount, rate) == net:
			return Wording(quantity, unit_amount, rate or None)
	if quantity:
		net_price = rounded(net / quantity, PLACES)
		if _amount(quantity, net_price) == net:
			return Wording(quantity, net_price)
	return Wording(Decimal(1), net)


def share_of(lines: Sequence[Line], target: Decimal, description: str) -> tuple[Line, ...]:
	"""A part of `lines` (B16) that comes to `target`, which is in their own tax mode: one line for each account
	and tax type, in the order of `lines`; one that would come to nothing is left out."""
	weights: dict[tuple[str | None, str | None], Decimal] = {}
	for line in lines:
		key = (line.account_code, line.tax_type)
		weights[key] = weights.get(key, ZERO) + _line_amount(line)
	amounts = _divided(target, list(weights.values()))
	return tuple(
		Line(description, Decimal(1), amount, account_code, tax_type)
		for (account_code, tax_type), amount in zip(weights, amounts, strict=True)
		if amount
	)


def fit_tax(draft: Draft, tax_rates: Mapping[str, TaxRate], total: Decimal) -> Draft:
	"""`draft` made to come to `total`, where only roundings of tax lie between: at most a cent a line, which the
	line with the largest tax takes. Otherwise as it was, for the difference has another cause."""
	priced = price(draft, tax_rates)
	missing = total - priced.total
	if not missing or abs(missing) > _CENT * len(draft.lines):
		return draft
	taxes = [abs(line.tax) for line in priced.lines]
	place = taxes.index(max(taxes))
	if abs(missing) > taxes[place]:
		return draft
	lines = list(draft.lines)
	lines[place] = replace(lines[place], tax_amount=priced.lines[place].tax + missing)
	fitted = replace(draft, lines=tuple(lines))
	return fitted if price(fitted, tax_rates).total == total else draft


def _price_line(line: Line, tax_rates: Mapping[str, TaxRate], inclusive: bool) -> PricedLine:
	amount = _line_amount(line)
	discount = _amount(line.quantity, line.unit_amount) - amount
	rate = tax_rates.get(line.tax_type or "")
	if rate is None:
		return PricedLine(amount, discount, ZERO, None)
	return PricedLine(amount, discount, _tax(line, amount, rate.effective_rate, inclusive), rate.tax_type)


def _line_amount(line: Line) -> Decimal:
	return _amount(line.quantity, line.unit_amount, _discount_rate(line))


def _amount(quantity: Decimal, unit_amount: Decimal, discount_rate: Decimal = ZERO) -> Decimal:
	gross = rounded(quantity, PLACES) * rounded(unit_amount, PLACES)
	return rounded(gross * (_HUNDRED - discount_rate) / _HUNDRED)


def _discount_rate(line: Line) -> Decimal:
	"""A discount given as an amount is kept as a rate of two places, which is how it can move by a cent."""
	if not line.discount_amount:
		return rounded(line.discount_rate or ZERO)
	gross = rounded(line.quantity, PLACES) * rounded(line.unit_amount, PLACES)
	return rounded(rounded(line.discount_amount) * _HUNDRED / gross) if gross else ZERO


def _tax(line: Line, amount: Decimal, rate: Decimal, inclusive: bool) -> Decimal:
	"""Of one line; a tax amount of its own wins, but never makes a taxed line of one at nought per cent."""
	if not rate:
		return ZERO
	if line.tax_amount is not None:
		return rounded(line.tax_amount)
	return rounded(amount * rate / (_HUNDRED + rate if inclusive else _HUNDRED))


def _by_rate(lines: Iterable[PricedLine], tax_rates: Mapping[str, TaxRate]) -> tuple[TaxTotal, ...]:
	amounts: dict[str, Decimal] = {}
	for line in lines:
		if line.tax_type:
			amounts[line.tax_type] = amounts.get(line.tax_type, ZERO) + line.tax
	return tuple(
		TaxTotal(tax_type, tax_rates[tax_type].tax_name, tax_rates[tax_type].effective_rate, amount)
		for tax_type, amount in amounts.items()
	)


def _net(line: SourceLine) -> Decimal:
	if line.net_amount is not None:
		return rounded(line.net_amount)
	return rounded(line.quantity * line.unit_amount * (_HUNDRED - (line.discount_rate or ZERO)) / _HUNDRED)


def _nearest_rate(line: SourceLine, gross: Decimal, net: Decimal) -> Decimal:
	"""The rate of two places that comes nearest to making `net` of `gross`: if any makes it, this one does. None
	where the record has no discount and only the places that Xero takes of the quantity are too few."""
	if rounded(line.quantity * line.unit_amount) == net:
		return ZERO
	return rounded((gross - net) * _HUNDRED / gross)


def _divided(target: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
	"""`target` in proportion to `weights`, to the cent, by largest remainder; all to the first where they sum to
	nothing."""
	cents, whole = int(rounded(target) / _CENT), sum(weights)
	if not whole:
		return [rounded(target), *[ZERO] * len(weights)][: len(weights)]
	shares = [cents * Fraction(weight) / Fraction(whole) for weight in weights]
	floors = [math.floor(share) for share in shares]
	by_remainder = sorted(range(len(shares)), key=lambda place: floors[place] - shares[place])
	for place in by_remainder[: cents - sum(floors)]:
		floors[place] += 1
	return [floor * _CENT for floor in floors]
