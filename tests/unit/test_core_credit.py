"""How a customer stands: what is late, and whether a sale still fits within their limit."""

from datetime import date
from decimal import Decimal

import pytest

from xero_connector.core import credit
from xero_connector.core.credit import Exposure, Limit, Standing

TODAY = date(2026, 11, 22)
OWES = Exposure(Decimal(800), Decimal(300), date(2026, 10, 23))


def standing(limit: Limit | None = None, left: int | None = None, exposure: Exposure = OWES) -> Standing:
	return credit.standing(exposure, TODAY, "NZD", limit, None if left is None else Decimal(left))


def test_the_oldest_overdue_invoice_tells_how_many_days_it_is_late():
	assert (standing().overdue, standing().oldest_days) == (300, 30)
	nothing = standing(exposure=Exposure(Decimal(800)))
	assert (nothing.overdue, nothing.oldest_days) == (0, 0)


@pytest.mark.parametrize(
	("left", "with_this", "over", "is_near"),
	[
		(None, None, 0, False),
		(99, 899, 0, False),
		(100, 900, 0, True),
		(200, 1000, 0, True),
		(201, 1001, 1, False),
		(-50, 800, 0, False),
	],
)
def test_a_sale_counts_towards_the_limit_with_what_is_not_invoiced_yet(left, with_this, over, is_near):
	found = standing(Limit(Decimal(1000)), left)
	assert (found.with_this, found.over, found.is_near) == (with_this, over, is_near)


def test_who_is_over_the_limit_already_is_so_without_a_sale():
	assert standing(Limit(Decimal(500))).over == 300


def test_a_limit_in_another_currency_is_compared_with_nothing():
	found = standing(Limit(Decimal(1), "USD"), 100)
	assert (found.over, found.is_near, found.compared) == (0, False, False)
	assert standing(Limit(Decimal(1), "NZD")).compared


def test_without_a_limit_nobody_is_over_or_near_it():
	found = standing(None, 10**9)
	assert (found.over, found.is_near, found.compared) == (0, False, False)


@pytest.mark.parametrize(
	("promised", "due", "broken"),
	[
		(date(2026, 11, 21), 5, True),
		(date(2026, 11, 22), 5, False),
		(date(2026, 11, 21), 0, False),
		(None, 5, False),
	],
)
def test_a_promise_is_broken_once_its_day_is_over_and_money_is_still_owed(promised, due, broken):
	assert credit.is_broken(promised, TODAY, Decimal(due)) is broken
