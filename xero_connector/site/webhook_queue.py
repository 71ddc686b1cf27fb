"""The events of webhooks as rows: kept before Xero gets its answer, taken by one worker at a time, done or tried again.

Waiting ──> Done
   ↑  └───> Failed     somebody must act; what it tells of comes with the next reading of everything new
   └─ replay
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import frappe

from xero_connector.core.errors import WillRetry, XeroConnectorError
from xero_connector.core.model import Endpoint
from xero_connector.core.webhooks import DONE, FAILED, IGNORED, WAITING, Event, again_after, endpoint_of
from xero_connector.site.database import claim_rows, from_column, insert_missing, now_utc, to_column

DOCTYPE = "Xero Webhook Event"
_COLUMNS = (
	"name",
	"organisation",
	"resource",
	"category",
	"kind",
	"sequence",
	"happened_utc",
	"raw",
	"state",
	"received_utc",
)
_LEASE = timedelta(minutes=10)
"""A worker that has been silent for this long is dead: the calls of what it takes at once need less."""

TOGETHER = 5_000
"""Events that a worker takes at once: many of them are of the same rows when much happens."""


class Taken(NamedTuple):
	name: str
	category: str
	resource: str
	attempts: int

	@property
	def endpoint(self) -> Endpoint | None:
		return endpoint_of(self.category)


def keep(events: Sequence[Event]) -> list[str]:
	"""Store what was delivered; what Xero delivers again is there already. The organisations of which something
	waits. Not committed."""
	received = to_column(now_utc())
	insert_missing(
		DOCTYPE,
		_COLUMNS,
		[
			(
				event.key,
				event.organisation or None,
				event.resource or None,
				event.category,
				event.kind,
				event.sequence,
				to_column(event.happened) if event.happened else None,
				event.raw,
				event.state,
				received,
			)
			for event in events
		],
	)
	return sorted({event.organisation for event in events if event.state == WAITING})


def waiting() -> list[str]:
	"""The organisations of which something is to be done now."""
	table = frappe.qb.DocType(DOCTYPE)
	rows = frappe.qb.from_(table).select(table.organisation).distinct().where(_is_due(table)).run()
	return sorted(organisation for (organisation,) in rows if organisation)


def waits_since(organisation: str) -> datetime | None:
	"""When the oldest came of its events for which it is time; None when there is none."""
	names = _due_names(organisation, 1)
	return from_column(frappe.db.get_value(DOCTYPE, names[0], "received_utc")) if names else None


def take(organisation: str, claim_token: str) -> list[Taken]:
	"""Become the one worker that does these, oldest first; committed. What a dead worker had is among them."""
	names, now = _due_names(organisation, TOGETHER), to_column(now_utc())
	if not names:  # which Frappe would look for in every row
		return []
	claim_rows(
		DOCTYPE,
		sorted(names),
		{"claim": claim_token, "lease_utc": now + _LEASE},
		"`state` = 'Waiting' AND (`lease_utc` IS NULL OR `lease_utc` < %(now)s)",
		{"now": now},
		also="`attempts` = COALESCE(`attempts`, 0) + 1",
	)
	rows = frappe.get_all(
		DOCTYPE,
		filters={"name": ["in", names], "claim": claim_token},
		fields=["name", "category", "resource", "attempts"],
		order_by="received_utc asc, sequence asc",
	)
	return [Taken(row.name, row.category, row.resource, row.attempts) for row in rows]


def done(events: Sequence[Taken]) -> None:
	"""Not committed."""
	_end(events, DONE, {"done_utc": to_column(now_utc())})


def failed(events: Sequence[Taken], failure: XeroConnectorError) -> None:
	"""Tried again when time mends it. Not committed."""
	told = {"error_code": failure.code.value, "error_values": json.dumps(failure.values)}
	if not isinstance(failure, WillRetry):
		return _end(events, FAILED, told)
	wait = again_after(max(event.attempts for event in events), failure.retry_after)
	return _end(events, WAITING, {**told, "next_attempt_utc": to_column(now_utc() + wait)})


def ignore(organisation: str) -> None:
	"""Of an organisation that is none of ours. Not committed."""
	frappe.db.set_value(DOCTYPE, {"organisation": organisation, "state": WAITING}, "state", IGNORED)


def replay(names: Sequence[str]) -> list[str]:
	"""Those of these events that tell of something are done again, as if they had just come; the organisation of
	each. Not committed."""
	found = frappe.get_all(
		DOCTYPE,
		filters={"name": ["in", list(names)], "organisation": ["is", "set"], "resource": ["is", "set"]},
		fields=["name", "organisation"],
	)
	_set([row.name for row in found], {**_FREE, "state": WAITING, "attempts": 0})
	return [str(row.organisation) for row in found]


def forget(days: int) -> None:
	"""Drop what is older than this."""
	frappe.db.delete(DOCTYPE, {"received_utc": ("<", to_column(now_utc() - timedelta(days=days)))})


_FREE: dict[str, Any] = dict.fromkeys(
	("claim", "lease_utc", "next_attempt_utc", "done_utc", "error_code", "error_values")
)


def _end(events: Sequence[Taken], state: str, values: dict[str, Any]) -> None:
	_set([event.name for event in events], {**_FREE, **values, "state": state})


def _set(names: Sequence[str], values: dict[str, Any]) -> None:
	if names:
		frappe.db.set_value(DOCTYPE, {"name": ["in", sorted(names)]}, values, update_modified=False)


def _due_names(organisation: str, most: int) -> list[str]:
	table = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(table).select(table.name)
	query = query.where((table.organisation == organisation) & _is_due(table))
	rows = query.orderby(table.received_utc).orderby(table.sequence).limit(most).run()
	return [str(name) for (name,) in rows]


def _is_due(table: Any) -> Any:
	now = to_column(now_utc())
	return (
		(table.state == WAITING)
		& (table.next_attempt_utc.isnull() | (table.next_attempt_utc <= now))
		& (table.lease_utc.isnull() | (table.lease_utc < now))
	)
