"""Where Xero tells of changes (xero-facts 5), and having it done again."""

from contextlib import suppress
from typing import Any

import frappe
from redis.exceptions import RedisError
from werkzeug.wrappers import Response

from xero_connector import tasks
from xero_connector.api.guard import entry
from xero_connector.api.input import several
from xero_connector.core.policy import Right
from xero_connector.core.webhooks import events_of
from xero_connector.site import settings, webhook_events, webhook_queue
from xero_connector.site.database import commit_step
from xero_connector.xero.signature import is_signed


@frappe.whitelist(allow_guest=True, methods=["POST"])
@entry(None)
def receive(**delivery: Any) -> Response:
	"""A delivery of Xero's, whose signature over the very bytes is all there is to know it by: 200 or 401, without
	body and cookies. What it tells is stored before it is answered, and done by a job."""
	body, key = frappe.request.get_data(), settings.webhook_key()
	signature = frappe.request.headers.get("x-xero-signature", "")
	if not key or not is_signed(body, signature, key):
		return _answer(401)
	events = events_of(body)
	organisations = webhook_queue.keep(events)
	if not events:
		webhook_events.intent_received()
	commit_step()
	# what is stored is done a minute later if no job can be queued, and Xero need not tell it again
	with suppress(RedisError):
		for organisation in organisations:
			tasks.enqueue_webhooks(organisation)
	return _answer(200)


@frappe.whitelist(methods=["POST"])
@entry(Right.CONFIGURE)
def replay(events: list[str] | str) -> dict[str, Any]:
	"""Do again what these stored events tell; those that tell nothing we know are left alone and counted."""
	chosen = several("events", events)
	organisations = webhook_queue.replay(chosen)
	commit_step()
	for organisation in sorted(set(organisations)):
		tasks.enqueue_webhooks(organisation)
	return {"queued": len(organisations), "skipped": len(chosen) - len(organisations)}


def _answer(status: int) -> Response:
	"""Xero takes no cookies, and Frappe gives some to every guest."""
	frappe.local.cookie_manager.cookies.clear()
	frappe.local.cookie_manager.to_delete.clear()
	return Response(status=status)
