"""What Xero's webhooks tell (xero-facts 5), and what is made of it (B8): which rows to fetch, when to fetch them,
and whether something was lost on the way."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from xero_connector.core.model import Endpoint

WAITING, DONE, FAILED, IGNORED, UNKNOWN = "Waiting", "Done", "Failed", "Ignored", "Unknown"
"""States of an event. Ignored: nothing is to be done about it; Unknown: we do not know what it says."""

_FETCHED = {
	"CONTACT": Endpoint.CONTACTS,
	"INVOICE": Endpoint.INVOICES,
	"CREDITNOTE": Endpoint.CREDIT_NOTES,
}
_SEEN_IN_OTHERS = ("PREPAYMENT", "OVERPAYMENT")
"""Not mirrored themselves: what they change are the documents that they pay."""

_NOT_OURS = ("SUBSCRIPTION",)

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONGEST = 140
"""Characters of a text column."""


class Event(NamedTuple):
	"""One event of a delivery. `key` is the same whenever Xero delivers it; `sequence` is 0 and the ids are ""
	where it did not say them as we know it; `raw` is its JSON."""

	key: str
	organisation: str
	resource: str
	category: str
	kind: str
	sequence: int
	happened: datetime | None
	raw: str

	@property
	def state(self) -> str:
		"""What it is kept as, before anything was done about it."""
		if self.category in _NOT_OURS:
			return IGNORED
		known = self.category in _FETCHED or self.category in _SEEN_IN_OTHERS
		return WAITING if known and self.organisation and self.resource else UNKNOWN


def events_of(body: bytes) -> list[Event]:
	"""The events of a delivery, which is JSON; none of an intent to receive. What is not as we know it is kept
	as it is, in an event that is Unknown."""
	delivery = json.loads(body)
	if not isinstance(delivery, dict) or not isinstance(delivery.get("events"), list):
		return [_event(delivery, 0)]
	first = _number(delivery.get("firstEventSequence"))
	return [_event(each, first + place if first else 0) for place, each in enumerate(delivery["events"])]


def endpoint_of(category: str) -> Endpoint | None:
	"""The list in which what changed is found by its id; None when everything new is to be read instead."""
	return _FETCHED.get(category)


def _event(given: Any, sequence: int) -> Event:
	told = given if isinstance(given, dict) else {}
	organisation, resource = _identifier(told.get("tenantId")), _identifier(told.get("resourceId"))
	raw = json.dumps(given, ensure_ascii=False, indent=1)
	which = (organisation, resource, str(sequence)) if organisation and resource and sequence else (raw,)
	return Event(
		key=hashlib.sha256(" ".join(which).encode()).hexdigest()[:40],
		organisation=organisation,
		resource=resource,
		category=_text(told.get("eventCategory")).upper(),
		# the documentation writes both "UPDATE" and "Update"
		kind=_text(told.get("eventType")).upper(),
		sequence=sequence,
		happened=_moment(told.get("eventDateUtc")),
		raw=raw,
	)


def _identifier(given: Any) -> str:
	text = _text(given).lower()
	return text if _ID.fullmatch(text) else ""


def _text(given: Any) -> str:
	return given[:_LONGEST] if isinstance(given, str) else ""


def _number(given: Any) -> int:
	return given if isinstance(given, int) and 0 < given < 2**63 else 0


def _moment(given: Any) -> datetime | None:
	"""To the second, which is enough to tell changes apart; Xero writes no Z."""
	try:
		return datetime.fromisoformat(_text(given)[:19]).replace(tzinfo=timezone.utc)
	except ValueError:
		return None


# When what they tell of is fetched

_MOST_HELD = 180
_KEPT = 0.2
"""The part of a day's calls that events leave to others, who go before them or are let wait longer."""

_LITTLE, _SHORT = 0.05, 0.15
"""So much less of the others left than of the day: from where on events wait, and where they wait longest."""

_PACE, _SLOWEST = 60, 3600


def hold_seconds(day_left: int, day_limit: int, share_left: float) -> int:
	"""How long events wait for each other, so that one call fetches them: not at all while the day's calls keep up
	with the day, and longer the more they fall behind, up to three minutes.

	`day_left` is how many of the day's `day_limit` calls are left, `share_left` how much of the day is (0 to 1).
	"""
	ours = (day_left / day_limit - _KEPT) / (1 - _KEPT)
	behind = (share_left - ours - _LITTLE) / (_SHORT - _LITTLE)
	return round(_MOST_HELD * min(max(behind, 0), 1))


def again_after(attempts: int, retry_after: int | None) -> timedelta:
	"""How long to wait after an attempt that failed: a minute first, then twice as long each time up to an hour,
	and never less than Xero said."""
	pace = min(_PACE * 2 ** min(attempts - 1, 10), _SLOWEST)
	return timedelta(seconds=max(pace, retry_after or 0))


# Whether something was lost

_PATIENCE = timedelta(minutes=1)
"""Deliveries overtake each other, and those that failed come again: a gap may still be filled."""

_BETWEEN_REPAIRS = timedelta(minutes=5)
"""A repair asks each organisation for everything new: were Xero's numbers not what we take them for, that must
not cost the day's calls."""


class Numbering(NamedTuple):
	"""How far the numbers of events follow each other; when a gap in them was repaired last."""

	reached: int | None = None
	repaired: datetime | None = None


def follow(so_far: Numbering, arrived: Iterable[tuple[int, datetime]], now: datetime) -> Numbering:
	"""The numbering with what has `arrived` behind it: number and time of arrival, in order of the numbers.

	A gap that has waited long enough is passed over, and `repaired` is `now` then: everything new must be read.
	"""
	reached, repaired = so_far
	resting = bool(repaired and now - repaired < _BETWEEN_REPAIRS)
	for sequence, came in arrived:
		if reached is not None and sequence > reached + 1:
			if resting or now - came < _PATIENCE:
				break
			repaired = now
		reached = sequence if reached is None else max(reached, sequence)
	return Numbering(reached, repaired)


# Whether Xero still tells

_SOON = timedelta(minutes=5)
"""An event comes within seconds; after this time it does not come by itself any more."""

_SLACK = timedelta(minutes=1)
"""Between Xero's time of a change, its time of the event and our clock."""


def silent_since(
	changes: Iterable[tuple[str, datetime]], told: dict[str, datetime], heard: datetime, now: datetime
) -> datetime | None:
	"""When the first of these changes (id and moment) was of which no event tells; None if there is none.

	`told` is the moment of the last event of each id, `heard` when anything at all last came from Xero: what
	changed before that says nothing about now.
	"""
	missed = [
		changed
		for each, changed in changes
		if heard < changed <= now - _SOON and (each not in told or told[each] < changed - _SLACK)
	]
	return min(missed, default=None)
