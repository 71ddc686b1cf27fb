"""Which of Xero's lists an organisation is to be asked for now, and how it went (core/polling.py says when)."""

from __future__ import annotations

import json
from datetime import datetime

import frappe

from xero_connector.core import polling
from xero_connector.core.model import Endpoint
from xero_connector.core.polling import Polled
from xero_connector.site import budget, webhook_events
from xero_connector.site.database import from_column, now_utc, to_column

_DOCTYPE = "Xero Organisation"

# Contacts first: a document's contact is then in the mirror before the document is.
_ORDER = (Endpoint.CONTACTS, Endpoint.INVOICES, Endpoint.CREDIT_NOTES)


def due(name: str) -> list[Endpoint]:
	"""In the order in which they are to be read."""
	stored, wanted = frappe.db.get_value(_DOCTYPE, name, ["polls", "wanted_utc"])
	polls, now = _polls(stored), now_utc()
	with_webhooks, left = webhook_events.healthy(name), budget.meter(name).share_left
	return [
		endpoint
		for endpoint in _ORDER
		if polling.is_due(
			endpoint,
			polls[endpoint],
			now,
			from_column(wanted),
			with_webhooks=with_webhooks,
			day_left=left,
		)
	]


def want(name: str) -> None:
	"""Everything that is new is to be read, also what changes while a reading is under way. Not committed."""
	frappe.db.set_value(_DOCTYPE, name, "wanted_utc", to_column(now_utc()), update_modified=False)


def note(name: str, endpoint: Endpoint, began: datetime, *, found: bool) -> None:
	"""A list was read to its end; `found` tells whether there was anything new. Not committed."""
	polls = _polls(frappe.db.get_value(_DOCTYPE, name, "polls"))
	polls[endpoint] = polling.after(polls[endpoint], began, found)
	stored = {
		each.value: {"began": polled.began.isoformat(), "quiet": polled.quiet}
		for each, polled in polls.items()
		if polled.began
	}
	frappe.db.set_value(_DOCTYPE, name, "polls", json.dumps(stored), update_modified=False)


def is_first(name: str) -> bool:
	"""Whether one of the lists was never read to its end."""
	return not all(polled.began for polled in _polls(frappe.db.get_value(_DOCTYPE, name, "polls")).values())


def as_of(name: str) -> datetime | None:
	"""When the last poll of the invoices began, which was complete: the money is that old at most."""
	return _polls(frappe.db.get_value(_DOCTYPE, name, "polls"))[Endpoint.INVOICES].began


def _polls(stored: str | None) -> dict[Endpoint, Polled]:
	kept = json.loads(stored or "{}")
	return {
		endpoint: Polled(datetime.fromisoformat(kept[endpoint.value]["began"]), kept[endpoint.value]["quiet"])
		if endpoint.value in kept
		else Polled()
		for endpoint in _ORDER
	}


def pass_due(name: str) -> bool:
	"""Whether a week has gone since everything was read, or such a pass is under way."""
	began, passed = frappe.db.get_value(_DOCTYPE, name, ["pass_began_utc", "passed_utc"])
	last = from_column(passed)
	return bool(began) or last is None or now_utc() - last >= polling.FULL_PASS


def begin_pass(name: str) -> datetime:
	"""When the pass under way began, which is now if there was none. Not committed."""
	began = from_column(frappe.db.get_value(_DOCTYPE, name, "pass_began_utc"))
	if not began:
		began = now_utc().replace(microsecond=0)
		values = {"pass_began_utc": to_column(began), "pass_cursors": None}
		frappe.db.set_value(_DOCTYPE, name, values, update_modified=False)
	return began


def end_pass(name: str) -> None:
	"""Everything has been read; the first load is that too. Not committed."""
	values = {"pass_began_utc": None, "pass_cursors": None, "passed_utc": to_column(now_utc())}
	frappe.db.set_value(_DOCTYPE, name, values, update_modified=False)


def want_pass(name: str) -> None:
	"""The next reading brings everything, and not only what is new. Not committed."""
	frappe.db.set_value(_DOCTYPE, name, "passed_utc", None, update_modified=False)
