"""Webhook deliveries as Xero makes them: signed over the raw body, several organisations in one, in sequence."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import string
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from .books import Contact, Document
from .render import id_field

if TYPE_CHECKING:
	from .sandbox import Sandbox

# id field -> path and category
PLACES = {
	"ContactID": ("Contacts", "CONTACT"),
	"InvoiceID": ("Invoices", "INVOICE"),
	"CreditNoteID": ("CreditNotes", "CREDITNOTE"),
	"PrepaymentID": ("Prepayments", "PREPAYMENT"),
	"OverpaymentID": ("Overpayments", "OVERPAYMENT"),
}
TIMEOUT = 5

Post = Callable[[str, bytes, str], int]
"""(url, body, signature) → the HTTP status got."""


@dataclass
class Event:
	"""Numbered when it happens, so that what is delivered again, or late, has the number it had."""

	sequence: int
	tenant: str
	path: str
	category: str
	identity: str
	kind: str
	moment: int


class Events:
	def __init__(self) -> None:
		self.waiting: list[Event] = []
		self.sequence = 0

	def add(self, tenant: str, row: Contact | Document, created: bool, moment: int) -> None:
		key = "ContactID" if isinstance(row, Contact) else id_field(row)
		path, category = PLACES[key]
		self.announce(tenant, path, category, row.id, "CREATE" if created else "UPDATE", moment)

	def announce(self, tenant: str, path: str, category: str, identity: str, kind: str, moment: int) -> None:
		"""An event of any kind, also of things that are not here (SUBSCRIPTION)."""
		self.sequence += 1
		self.waiting.append(Event(self.sequence, tenant, path, category, identity, kind, moment))


def delivery(sandbox: Sandbox, events: list[Event]) -> bytes:
	"""The body for events whose numbers follow each other."""
	base = sandbox.url or "https://api.xero.com"
	body = {
		"events": [
			{
				"resourceUrl": f"{base}/api.xro/2.0/{event.path}/{event.identity}",
				"resourceId": event.identity,
				"tenantId": event.tenant,
				"tenantType": "ORGANISATION",
				"eventCategory": event.category,
				"eventType": event.kind,
				"eventDateUtc": _stamp(event.moment),
			}
			for event in events
		],
		"firstEventSequence": events[0].sequence if events else 0,
		"lastEventSequence": events[-1].sequence if events else 0,
		"entropy": "".join(random.choices(string.ascii_uppercase, k=20)),
	}
	return json.dumps(body).encode()


def _stamp(ms: int) -> str:
	"""No Z, as Xero writes it."""
	return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]


def sign(body: bytes, key: str) -> str:
	return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def send(
	sandbox: Sandbox,
	url: str,
	key: str,
	kind: str = "events",
	duplicate: bool = False,
	reverse: bool = False,
	batch: int = 50,
	skip: int = 0,
	late: int = 0,
	post: Post | None = None,
) -> list[int]:
	"""The HTTP statuses got, in order; a connection that failed is 0.

	kind "intent" sends the four empty deliveries of intent to receive (right and wrong signatures in turn).
	Events of a delivery that was not answered with 2xx are kept for the next time. `duplicate` sends each
	delivery twice, `reverse` the last first, `skip` loses that many events (a gap in the sequence), and `late`
	keeps that many of the next ones for another time. Somebody forges with a `key` of their own. `post` delivers in
	another way than by HTTP.
	"""
	post = post or _post
	if kind == "intent":
		empty = delivery(sandbox, [])
		return [post(url, empty, sign(empty, one)) for one in (key, key + "x", key, key + "y")]
	with sandbox.lock:
		waiting = sorted(sandbox.events.waiting, key=lambda event: event.sequence)[skip:]
		sandbox.events.waiting = waiting[:late]
	statuses = []
	parts = list(_parts(waiting[late:], batch))
	for part in reversed(parts) if reverse else parts:
		body = delivery(sandbox, part)
		statuses += [post(url, body, sign(body, key)) for _ in range(2 if duplicate else 1)]
		if not 200 <= statuses[-1] < 300:
			with sandbox.lock:
				sandbox.events.waiting += part
	return statuses


def _parts(events: list[Event], most: int) -> Iterator[list[Event]]:
	"""Runs of events whose numbers follow each other: a delivery names only the first and the last."""
	part: list[Event] = []
	for event in events:
		if part and (len(part) == most or event.sequence != part[-1].sequence + 1):
			yield part
			part = []
		part.append(event)
	if part:
		yield part


def _post(url: str, body: bytes, signature: str) -> int:
	headers = {"Content-Type": "application/json", "x-xero-signature": signature}
	request = urllib.request.Request(url, body, headers, method="POST")
	try:
		with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
			return int(answer.status)
	except urllib.error.HTTPError as error:
		error.close()
		return error.code
	except OSError:
		return 0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
	def redirect_request(self, *args: Any, **kwargs: Any) -> None:
		"""Xero does not follow redirects."""
