"""Credit control: what a customer owes too long, and whether a sale still fits within their limit (R110, B13)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from xero_connector.core.money import ZERO

PROMISE, DISPUTE = "Promise", "Dispute"
_NEAR = Decimal("0.9")
"""Of the limit: from here on it is worth a word."""


class Limit(NamedTuple):
	"""The most that a customer may owe, as the site says it; `currency` None is that of the books."""

	amount: Decimal
	currency: str | None = None


class Exposure(NamedTuple):
	"""What a customer owes in base currency: approved and submitted invoices, the approved ones of them that are
	late, and the due date of the oldest of these."""

	unpaid: Decimal = ZERO
	overdue: Decimal = ZERO
	oldest_due: date | None = None


class Standing(NamedTuple):
	"""How a customer stands. `oldest_days` is how long the oldest invoice has been overdue, 0 for none.

	`with_this` is what they would owe with the rest of the sale billed; None where there is no sale, or one in another
	currency. `over` is by how much the greater of the two is over the limit, 0 within it. `compared` is False where
	there is a limit in another currency than the books, which is compared with nothing (B12).
	"""

	overdue: Decimal
	oldest_days: int
	limit: Limit | None
	with_this: Decimal | None
	over: Decimal
	is_near: bool
	compared: bool


def standing(
	exposure: Exposure, today: date, currency: str, limit: Limit | None, left: Decimal | None
) -> Standing:
	"""`currency` is that of the books; `left` is what of the sale is not in `exposure` yet, in that currency."""
	oldest_days = (today - exposure.oldest_due).days if exposure.oldest_due else 0
	with_this = None if left is None else exposure.unpaid + max(left, ZERO)
	compared = limit is not None and (limit.currency or currency) == currency
	most = max(exposure.unpaid, with_this or ZERO)
	over = max(most - limit.amount, ZERO) if limit and compared else ZERO
	is_near = bool(limit and compared and not over and most >= limit.amount * _NEAR)
	return Standing(exposure.overdue, oldest_days, limit, with_this, over, is_near, compared)


def is_broken(promised_on: date | None, today: date, amount_due: Decimal) -> bool:
	"""Whether a promised day went by and money is still owed."""
	return bool(promised_on and promised_on < today and amount_due > 0)
