"""Works off what Xero's webhooks told: what changed is fetched by its id, up to forty rows a call (B8)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence

import frappe

from xero_connector import reading
from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.core.model import Endpoint
from xero_connector.core.sending import batches
from xero_connector.core.webhooks import hold_seconds
from xero_connector.site import budget, organisations, webhook_events, webhook_queue
from xero_connector.site.database import commit_step, now_utc
from xero_connector.site.webhook_queue import Taken
from xero_connector.xero.reader import IDS_A_CALL


def work(organisation: str) -> bool:
	"""Everything that waits of one organisation and for which it is time. Whether something happened that is not
	found by an id, so that everything new must be read."""
	commit_step()
	if organisation not in {state.name for state in organisations.every()}:
		webhook_queue.ignore(organisation)
		commit_step()
		return False
	everything = False
	while taken := _take(organisation):
		everything |= any(event.endpoint is None for event in taken)
		if not _bring(organisation, taken):
			break
	return everything


def repair() -> bool:
	"""Whether events were lost and have not come since, so that everything new of all organisations must be read."""
	lost = webhook_events.follow_numbering()
	commit_step()
	return lost


def _take(organisation: str) -> list[Taken]:
	since = webhook_queue.waits_since(organisation)
	if not since:
		return []
	webhook_events.heard(organisation, since)
	left = budget.meter(organisation)
	held = hold_seconds(left.day_left, left.day_limit, left.day_ahead)
	if (now_utc() - since).total_seconds() < held:
		commit_step()
		return []
	return webhook_queue.take(organisation, secrets.token_hex(8))


def _bring(organisation: str, taken: Sequence[Taken]) -> bool:
	"""Whether to go on: what time mends is not tried again at once, and neither is anything else then."""
	left = set(taken)
	for endpoint, events in _portions(taken):
		failure = _fetch(organisation, endpoint, events)
		if isinstance(failure, WillRetry):
			webhook_queue.failed(sorted(left), failure)
			commit_step()
			return False
		if failure:
			webhook_queue.failed(events, failure)
		else:
			webhook_queue.done(events)
		commit_step()
		left -= set(events)
	return True


def _portions(taken: Sequence[Taken]) -> Iterator[tuple[Endpoint | None, list[Taken]]]:
	"""Events that one call sees to, however many there are of the same row."""
	for endpoint in (None, *Endpoint):
		rows: dict[str, list[Taken]] = {}
		for event in taken:
			if event.endpoint is endpoint:
				rows.setdefault(event.resource, []).append(event)
		for some in batches(sorted(rows), IDS_A_CALL):
			yield endpoint, [event for row in some for event in rows[row]]


def _fetch(
	organisation: str, endpoint: Endpoint | None, events: Sequence[Taken]
) -> XeroConnectorError | None:
	"""What kept it from the mirror. What is not found by an id is left to who reads everything new."""
	if not endpoint:
		return None
	try:
		reading.bring(organisation, endpoint, sorted({event.resource for event in events}))
	except XeroConnectorError as failure:
		frappe.db.rollback()
		return failure
	except BaseException:
		frappe.db.rollback()
		webhook_queue.failed(events, NeedsPerson(Code.UNKNOWN))
		commit_step()
		raise
	return None
