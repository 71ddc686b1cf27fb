"""When a list of Xero is asked for again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.model import Endpoint
from xero_connector.core.polling import Polled, after, interval, is_due

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
TURN = timedelta(minutes=5)
"""How often the scheduler looks."""


def calls_of_a_day(with_webhooks: bool, changes: set[datetime], day_left: float = 1.0) -> dict[Endpoint, int]:
	"""One call for each poll, over 24 hours of turns; `changes` are found by the next poll of the invoices."""
	polls = dict.fromkeys(Endpoint, Polled(NOON))
	calls = dict.fromkeys(Endpoint, 0)
	told: set[datetime] = set()
	for turn in range(1, 24 * 12 + 1):
		now = NOON + turn * TURN
		for endpoint in Endpoint:
			if is_due(endpoint, polls[endpoint], now, None, with_webhooks=with_webhooks, day_left=day_left):
				new = (
					{moment for moment in changes if moment <= now} - told
					if endpoint is Endpoint.INVOICES
					else set()
				)
				polls[endpoint] = after(polls[endpoint], now, bool(new))
				told |= new
				calls[endpoint] += 1
	return calls


def test_a_quiet_day_costs_few_calls_with_webhooks():
	assert calls_of_a_day(True, set()) == {
		Endpoint.CONTACTS: 6,
		Endpoint.INVOICES: 24,
		Endpoint.CREDIT_NOTES: 6,
	}


def test_a_quiet_day_costs_at_most_two_hundred_calls_without():
	assert 150 <= sum(calls_of_a_day(False, set()).values()) <= 200


def test_a_day_of_changes_is_asked_for_every_five_minutes():
	busy = {NOON + turn * TURN for turn in range(24 * 12)}
	assert calls_of_a_day(False, busy)[Endpoint.INVOICES] == 24 * 12


@pytest.mark.parametrize(("left", "minutes"), [(0.9, 5), (0.5, 10), (0.25, 20), (0.0, 20)])
def test_polls_stretch_while_the_days_calls_run_short(left: float, minutes: int):
	assert interval(Endpoint.INVOICES, 0, with_webhooks=False, day_left=left) == timedelta(minutes=minutes)


def test_what_was_never_read_is_due():
	assert is_due(Endpoint.CONTACTS, Polled(), NOON, None, with_webhooks=True, day_left=1)


@pytest.mark.parametrize(("seconds", "due"), [(-1, False), (0, True), (1, True)])
def test_what_is_asked_for_after_a_poll_began_is_due_at_once(seconds: int, due: bool):
	wanted = NOON + timedelta(seconds=seconds)
	now = NOON + timedelta(seconds=2)
	assert is_due(Endpoint.INVOICES, Polled(NOON), now, wanted, with_webhooks=True, day_left=1) is due


def test_a_scheduler_that_comes_a_minute_early_is_in_time():
	early = NOON + TURN - timedelta(seconds=60)
	assert is_due(Endpoint.INVOICES, Polled(NOON), early, None, with_webhooks=False, day_left=1)


def test_a_change_makes_polls_frequent_again():
	quiet = after(after(Polled(NOON), NOON, False), NOON, False)
	assert interval(Endpoint.INVOICES, quiet.quiet, with_webhooks=False, day_left=1) == 3 * TURN
	assert after(quiet, NOON, True).quiet == 0


@given(
	endpoint=st.sampled_from(Endpoint),
	quiet=st.integers(0, 10_000),
	with_webhooks=st.booleans(),
	left=st.floats(0, 1),
)
def test_no_list_waits_longer_than_a_day_and_none_is_asked_for_more_than_every_five_minutes(
	endpoint: Endpoint, quiet: int, with_webhooks: bool, left: float
):
	wait = interval(endpoint, quiet, with_webhooks=with_webhooks, day_left=left)
	assert timedelta(minutes=5) <= wait <= timedelta(days=1)
