"""When an invoice is due: so many days later, or as the contact's terms in Xero say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.terms import due_date

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
kinds = st.sampled_from(
	["DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH", None, "SOMETHINGNEW"]
)


@pytest.mark.parametrize(
	("issued", "due_days", "due"),
	[
		("2026-11-21", 30, "2026-12-21"),
		("2026-12-15", 30, "2027-01-14"),
		("2024-01-30", 30, "2024-02-29"),
		("2025-01-30", 30, "2025-03-01"),
		("2026-11-21", 14, "2026-12-05"),
	],
)
def test_days_are_counted_over_months_and_years(issued: str, due_days: int, due: str) -> None:
	assert due_date(date.fromisoformat(issued), due_days) == date.fromisoformat(due)


def test_the_days_of_the_settings_win_over_the_contacts_terms() -> None:
	assert due_date(date(2026, 11, 21), 7, 20, "OFFOLLOWINGMONTH") == date(2026, 11, 28)


@pytest.mark.parametrize(
	("issued", "day", "kind", "due"),
	[
		("2026-11-21", 20, "DAYSAFTERBILLDATE", "2026-12-11"),
		("2026-12-31", 1, "DAYSAFTERBILLDATE", "2027-01-01"),
		("2026-11-21", 10, "DAYSAFTERBILLMONTH", "2026-12-10"),
		("2026-12-01", 10, "DAYSAFTERBILLMONTH", "2027-01-10"),
		("2024-01-31", 30, "DAYSAFTERBILLMONTH", "2024-03-01"),
		("2025-01-31", 30, "DAYSAFTERBILLMONTH", "2025-03-02"),
		("2026-11-05", 20, "OFCURRENTMONTH", "2026-11-20"),
		("2026-11-05", 31, "OFCURRENTMONTH", "2026-11-30"),
		("2024-02-10", 31, "OFCURRENTMONTH", "2024-02-29"),
		("2026-11-21", 20, "OFFOLLOWINGMONTH", "2026-12-20"),
		("2026-12-21", 20, "OFFOLLOWINGMONTH", "2027-01-20"),
		("2025-01-31", 31, "OFFOLLOWINGMONTH", "2025-02-28"),
		("2024-01-31", 30, "OFFOLLOWINGMONTH", "2024-02-29"),
	],
)
def test_each_of_xeros_terms_is_kept_also_at_the_end_of_a_month(
	issued: str, day: int, kind: str, due: str
) -> None:
	assert due_date(date.fromisoformat(issued), 0, day, kind) == date.fromisoformat(due)


def test_a_day_of_the_month_that_has_passed_is_not_before_the_invoice() -> None:
	assert due_date(date(2026, 11, 21), 0, 20, "OFCURRENTMONTH") == date(2026, 11, 21)


@pytest.mark.parametrize("terms", [(None, None), (0, "DAYSAFTERBILLDATE"), (20, None), (20, "SOMETHINGNEW")])
def test_without_days_and_terms_it_is_due_on_its_own_day(terms: tuple[int | None, str | None]) -> None:
	assert due_date(date(2026, 11, 21), 0, *terms) == date(2026, 11, 21)


@given(days, st.integers(0, 120), st.integers(0, 31), kinds)
def test_nothing_is_due_before_it_is_issued(issued: date, due_days: int, day: int, kind: str | None) -> None:
	due = due_date(issued, due_days, day, kind)
	assert issued <= due <= issued + timedelta(days=120)
