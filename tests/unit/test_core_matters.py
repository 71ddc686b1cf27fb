"""Which matters are told, when, and how grave they are."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from xero_connector.core.matters import Kind, Level, Matter, in_order, is_low, is_to_tell, lapse_stage

NOW = datetime(2026, 11, 22, 8, tzinfo=timezone.utc)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
	("ahead", "stage"),
	[
		(60 * DAY, 0),
		(10 * DAY + timedelta(seconds=1), 0),
		(10 * DAY, 1),
		(3 * DAY + timedelta(seconds=1), 1),
		(3 * DAY, 2),
		(-DAY, 2),
	],
)
def test_a_grant_is_about_to_lapse_in_its_last_ten_days_and_again_in_its_last_three(
	ahead: timedelta, stage: int
) -> None:
	assert lapse_stage(NOW + ahead, NOW) == stage


def test_a_matter_is_told_once_and_again_when_it_has_become_graver() -> None:
	early, late = (Matter(Kind.LAPSING, "o", stage=stage) for stage in (1, 2))
	assert is_to_tell(early, NOW, 0, NOW)
	assert not is_to_tell(early, NOW, 1, NOW)
	assert is_to_tell(late, NOW, 1, NOW)
	assert not is_to_tell(late, NOW, 2, NOW)


def test_reading_that_fails_is_told_when_it_has_not_healed_by_itself_in_an_hour() -> None:
	failing = Matter(Kind.READING_FAILS, "o")
	assert not is_to_tell(failing, NOW - timedelta(minutes=59), 0, NOW)
	assert is_to_tell(failing, NOW - timedelta(minutes=60), 0, NOW)


def test_contacts_to_be_matched_are_listed_and_never_told() -> None:
	assert not is_to_tell(Matter(Kind.MATCHES_WAIT, "o"), NOW - 100 * DAY, 0, NOW)


def test_the_gravest_come_first_and_the_last_days_of_a_grant_are_grave() -> None:
	matches, lapsing = Matter(Kind.MATCHES_WAIT, "o"), Matter(Kind.LAPSING, "o", stage=1)
	ended, last = Matter(Kind.DISCONNECTED, "o"), Matter(Kind.LAPSING, "p", stage=2)
	assert in_order([matches, lapsing, ended, last]) == [ended, last, lapsing, matches]
	assert last.level is Level.BAD


def test_the_same_matter_of_two_organisations_is_two_matters() -> None:
	assert len({Matter(Kind.CALLS_LOW, name).key for name in ("o", "p", None)}) == 3
	assert Matter(Kind.LAPSING, "o", {"days": "9"}).key == Matter(Kind.LAPSING, "o", {"days": "2"}, 2).key


@pytest.mark.parametrize(("left", "low"), [(1000, False), (101, False), (100, True), (0, True)])
def test_calls_run_low_at_a_tenth_of_the_day(left: int, low: bool) -> None:
	assert is_low(left, 1000) is low
