"""Webhook deliveries of the sandbox, received by a small server here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from .conftest import Api

KEY = "webhook-key"


class Receiver:
	"""Checks signatures as an app must; `status` is what it answers to good ones."""

	def __init__(self) -> None:
		self.bodies: list[dict[str, Any]] = []
		self.status = 200
		outer = self

		class Handler(BaseHTTPRequestHandler):
			def do_POST(self) -> None:
				raw = self.rfile.read(int(self.headers["Content-Length"]))
				wanted = base64.b64encode(hmac.new(KEY.encode(), raw, hashlib.sha256).digest()).decode()
				good = hmac.compare_digest(wanted, self.headers["x-xero-signature"])
				if good:
					outer.bodies.append(json.loads(raw))
				self.send_response(outer.status if good else 401)
				self.send_header("Content-Length", "0")
				self.end_headers()

			def log_message(self, *args: Any) -> None:
				pass

		self.server = HTTPServer(("127.0.0.1", 0), Handler)
		self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
		self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
		self.thread.start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
	found = Receiver()
	yield found
	found.server.shutdown()
	found.thread.join()
	found.server.server_close()


def open_invoice(api: Api) -> str:
	rows = api.sandbox.organisations[0].invoices
	return next(
		row.id for row in rows if row.status == "AUTHORISED" and row.type == "ACCREC" and row.amount_due > 1
	)


def test_intent_to_receive_is_four_empty_deliveries_right_and_wrong(api: Api, receiver: Receiver) -> None:
	got = api.control("webhooks", url=receiver.url, key=KEY, kind="intent").json()
	assert got["statuses"] == [200, 401, 200, 401]
	assert all(body["events"] == [] for body in receiver.bodies)


def test_a_payment_appears_as_an_update_of_its_invoice(api: Api, receiver: Receiver) -> None:
	identity = open_invoice(api)
	api.sandbox.pay(identity, "1.00")
	assert api.sandbox.send_webhooks(receiver.url, KEY) == [200]
	(event,) = receiver.bodies[0]["events"]
	assert (event["eventCategory"], event["eventType"], event["resourceId"]) == (
		"INVOICE",
		"UPDATE",
		identity,
	)
	assert event["tenantId"] == api.tenant
	assert event["resourceUrl"] == f"{api.sandbox.url}/api.xro/2.0/Invoices/{identity}"
	assert not event["eventDateUtc"].endswith("Z")
	assert api.sandbox.send_webhooks(receiver.url, KEY) == []


def test_organisations_are_mixed_and_the_sequence_goes_on(api: Api, receiver: Receiver) -> None:
	for books in api.sandbox.organisations:
		api.sandbox.edit_contact(next(iter(books.contacts)).id, FirstName="Changed")
	api.put("Contacts", {"Contacts": [{"Name": "New Ltd"}]})
	assert api.sandbox.send_webhooks(receiver.url, KEY, batch=2) == [200, 200]
	one, two = receiver.bodies
	assert (one["firstEventSequence"], one["lastEventSequence"]) == (1, 2)
	assert (two["firstEventSequence"], two["lastEventSequence"]) == (3, 3)
	assert len({event["tenantId"] for event in one["events"]}) == 2
	assert two["events"][0]["eventType"] == "CREATE"


def test_what_was_not_taken_is_sent_again(api: Api, receiver: Receiver) -> None:
	api.sandbox.pay(open_invoice(api), "1.00")
	receiver.status = 500
	assert api.sandbox.send_webhooks(receiver.url, KEY) == [500]
	receiver.status = 200
	assert api.sandbox.send_webhooks(receiver.url, KEY) == [200]
	first, again = receiver.bodies
	assert first["events"] == again["events"]
	assert first["firstEventSequence"] == again["firstEventSequence"]


def test_what_comes_late_has_the_number_it_had(api: Api, receiver: Receiver) -> None:
	for contact in list(api.sandbox.organisations[0].contacts)[:3]:
		api.sandbox.edit_contact(contact.id, FirstName="Changed")
	assert api.sandbox.send_webhooks(receiver.url, KEY, late=2) == [200]
	api.sandbox.pay(open_invoice(api), "1.00")
	assert api.sandbox.send_webhooks(receiver.url, KEY) == [200, 200]
	sequences = [(body["firstEventSequence"], body["lastEventSequence"]) for body in receiver.bodies]
	assert sequences == [(3, 3), (1, 2), (4, 4)]


def test_somebody_elses_signature_is_refused_and_the_events_are_kept(api: Api, receiver: Receiver) -> None:
	api.sandbox.pay(open_invoice(api), "1.00")
	assert api.sandbox.send_webhooks(receiver.url, "forged") == [401]
	assert api.sandbox.send_webhooks(receiver.url, KEY) == [200]


def test_deliveries_can_be_doubled_turned_round_and_lost(api: Api, receiver: Receiver) -> None:
	contacts = list(api.sandbox.organisations[0].contacts)[:4]
	for contact in contacts:
		api.sandbox.edit_contact(contact.id, FirstName="Changed")
	statuses = api.sandbox.send_webhooks(receiver.url, KEY, duplicate=True, reverse=True, batch=2, skip=1)
	assert statuses == [200] * 4
	assert [body["firstEventSequence"] for body in receiver.bodies] == [4, 4, 2, 2]


def test_nobody_listening_is_status_0(api: Api) -> None:
	api.sandbox.pay(open_invoice(api), "1.00")
	assert api.sandbox.send_webhooks("http://127.0.0.1:9/hook", KEY) == [0]
