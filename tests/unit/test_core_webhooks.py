"""What Xero's webhooks tell: events, how long they wait, what their numbers and their silence mean."""

import json
import math
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core import webhooks
from xero_connector.core.model import Endpoint
from xero_connector.core.webhooks import Numbering
from xero_connector.xero.signature import is_signed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)
TENANT, RESOURCE = "c2cc9b6e-9458-4c7d-93cc-f02b81b0594f", "717f2bfc-c6d4-41fd-b238-3f2f0c0cf777"


def event(**changes) -> dict:
	return {
		"resourceUrl": f"https://api.xero.com/api.xro/2.0/Contacts/{RESOURCE}",
		"resourceId": RESOURCE,
		"eventDateUtc": "2026-11-22T11:59:39.902",
		"eventType": "Update",
		"eventCategory": "CONTACT",
		"tenantId": TENANT,
		"tenantType": "ORGANISATION",
		**changes,
	}


def delivery(*events, first=1) -> bytes:
	last = first + len(events) - 1
	return json.dumps(
		{"events": events, "firstEventSequence": first, "lastEventSequence": last, "entropy": "X"}
	).encode()


# Signature


def test_a_signature_is_that_of_the_very_bytes_with_the_very_key():
	# made with: printf '{"events":[]}' | openssl dgst -sha256 -hmac key -binary | base64
	body, signature = b'{"events":[]}', "Qrz9n8NSnnBLDlKIZEhYxzL4J+L5wKUqtKk3FuhGKW0="
	assert is_signed(body, signature, "key")
	assert not is_signed(body + b" ", signature, "key")
	assert not is_signed(body, signature, "Key")
	assert not is_signed(body, signature[:-1], "key")
	assert not is_signed(body, "ünïcode", "key")


# Events


def test_events_are_numbered_from_the_first_and_keep_what_was_told():
	one, two = webhooks.events_of(delivery(event(), event(eventCategory="Invoice"), first=7))
	assert (one.sequence, two.sequence) == (7, 8)
	assert (one.organisation, one.resource, one.category, one.kind) == (TENANT, RESOURCE, "CONTACT", "UPDATE")
	assert one.happened == datetime(2026, 11, 22, 11, 59, 39, tzinfo=timezone.utc)
	assert json.loads(one.raw) == event()
	assert (one.state, two.state) == ("Waiting", "Waiting")


def test_an_event_is_the_same_in_every_delivery_and_no_other_is():
	whole = webhooks.events_of(delivery(event(), event(), first=7))
	[again] = webhooks.events_of(delivery(event(eventDateUtc="2026-11-22T11:59:39Z"), first=8))
	assert again.key == whole[1].key
	assert whole[0].key != whole[1].key
	[other] = webhooks.events_of(delivery(event(tenantId=RESOURCE), first=7))
	assert other.key != whole[0].key


def test_ids_are_compared_in_lower_case():
	[told] = webhooks.events_of(delivery(event(resourceId=RESOURCE.upper())))
	assert told.resource == RESOURCE


def test_an_intent_to_receive_holds_no_events():
	assert webhooks.events_of(delivery(first=0)) == []


@pytest.mark.parametrize(
	("changes", "state"),
	[
		({"eventCategory": "CREDITNOTE"}, "Waiting"),
		({"eventCategory": "PREPAYMENT"}, "Waiting"),
		({"eventCategory": "OVERPAYMENT"}, "Waiting"),
		({"eventCategory": "SUBSCRIPTION"}, "Ignored"),
		({"eventCategory": "QUOTE"}, "Unknown"),
		({"eventCategory": None}, "Unknown"),
		({"resourceId": 'x") OR ("" == "'}, "Unknown"),
		({"resourceId": RESOURCE + "\n"}, "Unknown"),
		({"tenantId": None}, "Unknown"),
	],
)
def test_what_is_to_be_done_about_an_event_is_known_by_what_it_says(changes, state):
	[told] = webhooks.events_of(delivery(event(**changes)))
	assert told.state == state


def test_what_is_fetched_by_its_id_names_its_list():
	assert webhooks.endpoint_of("CONTACT") is Endpoint.CONTACTS
	assert webhooks.endpoint_of("INVOICE") is Endpoint.INVOICES
	assert webhooks.endpoint_of("CREDITNOTE") is Endpoint.CREDIT_NOTES
	assert webhooks.endpoint_of("PREPAYMENT") is None


@pytest.mark.parametrize("moment", [None, 7, "", "yesterday", "2026-13-01T00:00:00"])
def test_a_moment_that_is_none_does_no_harm(moment):
	[told] = webhooks.events_of(delivery(event(eventDateUtc=moment)))
	assert (told.happened, told.state) == (None, "Waiting")


_anything = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
	max_leaves=6,
)


@given(given_events=st.lists(_anything, max_size=4), first=_anything)
def test_whatever_is_signed_is_kept(given_events, first):
	body = json.dumps({"events": given_events, "firstEventSequence": first}).encode()
	told = webhooks.events_of(body)
	assert [json.loads(each.raw) for each in told] == given_events
	assert {each.state for each in told} <= {"Unknown"}


# How long they wait


@pytest.mark.parametrize(
	("day_left", "ahead", "seconds"),
	[(1000, 1.0, 0), (970, 1.0, 0), (560, 0.5, 0), (520, 0.5, 90), (480, 0.5, 180), (0, 0.5, 180)],
)
def test_events_wait_the_longer_the_more_the_days_calls_fall_behind(day_left, ahead, seconds):
	assert webhooks.hold_seconds(day_left, 1000, ahead) == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize("kinds", ["I", "IC", "IIIIIIIIIIIIIIICCCNN"], ids=["one", "two", "three, mixed"])
def test_two_thousand_changes_a_day_stay_within_a_thousand_calls(kinds):
	"""Spread over the day, each kind a call of its own, looked at every minute; ninety calls go elsewhere."""
	changes = [(number * 86_400 / 2_000, kinds[number * 7 % len(kinds)]) for number in range(2_000)]
	left, waiting, longest = 1000.0, [], 0.0
	for minute in range(1440):
		now = minute * 60.0
		left -= 90 / 1440
		while changes and changes[0][0] <= now:
			waiting.append(changes.pop(0))
		if not waiting:
			continue
		hold = webhooks.hold_seconds(math.floor(left), 1000, 1 - minute / 1440)
		if now - waiting[0][0] >= hold:
			longest = max(longest, now - waiting[0][0])
			left -= len({kind for _moment, kind in waiting})
			waiting = []
	assert left > 50, "what events leave to clicks"
	assert longest <= 4 * 60


def test_what_failed_waits_longer_each_time_and_never_less_than_xero_says():
	waits = [webhooks.again_after(attempts, None).total_seconds() for attempts in range(1, 9)]
	assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
	assert webhooks.again_after(1, 66_975).total_seconds() == 66_975
	assert webhooks.again_after(500, None).total_seconds() == 3600


# Whether something was lost


def came(*sequences: int, ago: int = 0) -> list[tuple[int, datetime]]:
	return [(each, NOW - timedelta(seconds=ago)) for each in sequences]


def test_the_first_number_there_ever_was_is_no_gap():
	assert webhooks.follow(Numbering(), came(500, 501), NOW) == Numbering(501, None)


def test_nothing_new_changes_nothing():
	so_far = Numbering(7, NOW - timedelta(days=1))
	assert webhooks.follow(so_far, [], NOW) == so_far


def test_the_same_number_twice_is_no_gap():
	assert webhooks.follow(Numbering(4), came(5, 5, 6), NOW) == Numbering(6, None)


def test_a_gap_is_waited_for():
	assert webhooks.follow(Numbering(4), came(5, 7, ago=59), NOW) == Numbering(5, None)


def test_a_gap_that_stays_is_passed_over_and_repaired():
	assert webhooks.follow(Numbering(4), came(5, 7, 9, ago=60), NOW) == Numbering(9, NOW)


def test_gaps_are_not_repaired_every_minute():
	recent, earlier = NOW - timedelta(minutes=4), NOW - timedelta(minutes=5)
	assert webhooks.follow(Numbering(4, recent), came(7, ago=99), NOW) == Numbering(4, recent)
	assert webhooks.follow(Numbering(4, earlier), came(7, ago=99), NOW) == Numbering(7, NOW)


# Whether Xero still tells

HEARD = NOW - timedelta(hours=1)


def minutes_ago(minutes: float) -> datetime:
	return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
	("changed", "told", "since"),
	[
		(minutes_ago(6), {}, minutes_ago(6)),
		(minutes_ago(4), {}, None),
		(minutes_ago(61), {}, None),
		(minutes_ago(6), {"a": minutes_ago(6)}, None),
		(minutes_ago(6), {"a": minutes_ago(6.5)}, None),
		(minutes_ago(6), {"a": minutes_ago(8)}, minutes_ago(6)),
		(minutes_ago(6), {"b": minutes_ago(6)}, minutes_ago(6)),
	],
	ids=["not told", "too soon", "before", "told", "clocks differ", "told of an earlier one", "another's"],
)
def test_silence_is_a_change_of_which_no_event_tells(changed, told, since):
	assert webhooks.silent_since([("a", changed)], told, HEARD, NOW) == since


def test_it_is_silent_since_the_first_change_that_was_missed():
	changes = [("a", minutes_ago(20)), ("b", minutes_ago(30)), ("c", minutes_ago(10))]
	assert webhooks.silent_since(changes, {}, HEARD, NOW) == minutes_ago(30)
