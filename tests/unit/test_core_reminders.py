"""Which due dates a reminder is for."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.reminders import CATCH_UP, due_between

TODAY = date(2026, 11, 22)
STAGES = (-3, 0, 7)


def test_a_reminder_is_for_its_own_day_and_catches_up_on_the_two_before():
	assert due_between(-3, TODAY) == (date(2026, 11, 23), date(2026, 11, 25))
	assert due_between(0, TODAY) == (date(2026, 11, 20), date(2026, 11, 22))
	assert due_between(7, TODAY) == (date(2026, 11, 13), date(2026, 11, 15))


@given(st.integers(-400, 400))
def test_no_invoice_is_for_two_stages_on_the_same_day(days):
	due = TODAY + timedelta(days=days)
	bounds = [due_between(stage, TODAY) for stage in STAGES]
	assert sum(first <= due <= last for first, last in bounds) <= 1


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(STAGES))
def test_every_invoice_comes_to_every_stage_even_when_two_days_are_missed(due, stage):
	day = due + timedelta(days=stage)
	for missed in range(CATCH_UP.days + 1):
		first, last = due_between(stage, day + timedelta(days=missed))
		assert first <= due <= last
