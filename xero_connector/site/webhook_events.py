"""Whether Xero's webhooks come: what was heard last, whether something was lost, and since when nothing comes although
something happened (B8).

One row for the app, which has one address and one numbering for all organisations, and one for each organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import frappe

from xero_connector.core import webhooks
from xero_connector.core.webhooks import Numbering
from xero_connector.site import settings
from xero_connector.site.database import from_column, now_utc, to_column, upsert
from xero_connector.site.webhook_queue import DOCTYPE as EVENTS

_DOCTYPE = "Xero Webhook Watch"
_APP = "app"
_TOLD = timedelta(days=1)
"""How far back an event is looked for that tells of a change."""


def healthy(organisation: str) -> bool:
	"""Whether changes of this organisation come by themselves: there is a key, Xero has told something with it, and
	nothing was missed since."""
	return bool(status(organisation)["healthy"])


def status(organisation: str) -> dict[str, Any]:
	"""`configured`: there is a key; `healthy`; `last_utc`: the aware moment at which the last event of this organisation
	came, None if there was none; `silent_since`: that of the first change that was missed, None unless that is how
	it still is."""
	own, configured = _row(organisation), bool(settings.webhook_key())
	heard, silent = _heard(organisation), from_column(own.silent_utc)
	is_silent = bool(heard and silent and silent > heard)
	return {
		"configured": configured,
		"healthy": configured and bool(heard) and not is_silent,
		"last_utc": from_column(own.heard_utc),
		"silent_since": silent if configured and is_silent else None,
	}


def intent_received() -> None:
	"""Xero asked whether this is its address, with the right key. Not committed."""
	_note(_APP, heard_utc=to_column(now_utc()))


def heard(organisation: str, received: datetime) -> None:
	"""An event of this organisation came at this moment. Not committed."""
	last = from_column(_row(organisation).heard_utc)
	_note(organisation, heard_utc=to_column(max(received, last or received)))


def compare(organisation: str, changes: Sequence[tuple[str, datetime]]) -> None:
	"""A poll has found that these rows changed (Xero's id and moment of the change): was that told? Not committed."""
	since, now = _heard(organisation), now_utc()
	late = [change for change in changes if since and change[1] > since]
	if not since or not late or not settings.webhook_key():
		return
	silent = webhooks.silent_since(late, _told(organisation, [each for each, _changed in late]), since, now)
	known = from_column(_row(organisation).silent_utc)
	if silent and not (known and known > since):
		_note(organisation, silent_utc=to_column(silent))


def follow_numbering() -> bool:
	"""Go on with the numbers of what has come since the last time; whether something was lost on the way, so that
	everything new must be read. Not committed."""
	stored = _row(_APP)
	so_far = Numbering(int(stored.reached or 0) or None, from_column(stored.repaired_utc))
	after = webhooks.follow(so_far, _arrived(so_far.reached or 0), now_utc())
	if after == so_far:
		return False
	repaired = to_column(after.repaired) if after.repaired else None
	_note(_APP, reached=after.reached, repaired_utc=repaired)
	return after.repaired != so_far.repaired


def _arrived(reached: int) -> list[tuple[int, datetime]]:
	rows = frappe.get_all(
		EVENTS,
		filters={"sequence": [">", reached]},
		fields=["sequence", "received_utc"],
		order_by="sequence asc",
		limit=10_000,
	)
	return [(row.sequence, moment) for row in rows if (moment := from_column(row.received_utc))]


def _heard(organisation: str) -> datetime | None:
	"""When Xero last told anything of this organisation, or asked for this address."""
	moments = [from_column(_row(name).heard_utc) for name in (organisation, _APP)]
	return max((moment for moment in moments if moment), default=None)


def _told(organisation: str, ids: Sequence[str]) -> dict[str, datetime]:
	"""Of each of these ids that events tell of, the moment of the last one."""
	rows = frappe.get_all(
		EVENTS,
		filters={"organisation": organisation, "resource": ["in", list(ids)]},
		fields=["resource", "happened_utc", "received_utc"],
	)
	told: dict[str, datetime] = {}
	for row in rows:
		moment = from_column(row.happened_utc or row.received_utc)
		if moment:
			told[row.resource] = max(moment, told.get(row.resource, moment))
	return told


def _row(name: str) -> Any:
	fields = ["heard_utc", "silent_utc", "reached", "repaired_utc"]
	return frappe.db.get_value(_DOCTYPE, name, fields, as_dict=True) or frappe._dict()


def _note(name: str, **values: Any) -> None:
	upsert(_DOCTYPE, ("name", *values), [(name, *values.values())])
