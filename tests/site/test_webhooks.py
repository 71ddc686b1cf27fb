"""What Xero tells by webhook: how it is answered, that it is seen to once, and that nothing is lost when it is not
told well."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest
import time_machine
from redis.exceptions import ConnectionError as NoRedis

from tests.site.test_parallel import at_once
from tests.xero_world import World
from xero_connector import tasks, webhooks
from xero_connector.core.errors import Code
from xero_connector.core.webhooks import Event, events_of
from xero_connector.site import budget, webhook_events, webhook_queue
from xero_connector.site.database import now_utc
from xero_connector.xero_connector.doctype.xero_webhook_event.xero_webhook_event import XeroWebhookEvent
from xero_sandbox.webhooks import sign

KEY = "a webhook's key"
PATH = "/api/method/xero_connector.api.webhook.receive"


class Line:
	"""The sandbox's deliveries to this site; `answers` are what they got."""

	def __init__(self, world: World, http: Any) -> None:
		self.world, self.http, self.answers = world, http, []

	def deliver(self, key: str = KEY, **options: Any) -> list[int]:
		"""What happened in Xero since the last time. Options: see `xero_sandbox.webhooks.send`."""
		return self.world.sandbox.send_webhooks(PATH, key, post=self._post, **options)

	def post(self, body: bytes, signature: str | None = None) -> Any:
		self._post(PATH, body, sign(body, KEY) if signature is None else signature)
		return self.answers[-1]

	def _post(self, url: str, body: bytes, signature: str) -> int:
		headers = {"x-xero-signature": signature}
		answer = self.http.request("POST", url, headers, data=body, content_type="application/json")
		self.answers.append(answer)
		return int(answer.status)


@pytest.fixture
def line(ready: World, http) -> Line:
	settings = frappe.get_doc("Xero Settings")
	settings.webhook_key = KEY
	settings.save()
	frappe.db.commit()
	ready.jobs.clear()
	return Line(ready, http)


@pytest.fixture
def invoice(ready: World) -> Any:
	return some_invoices(ready, 1)[0]


def some_invoices(world: World, count: int) -> list[Any]:
	"""Of which something is to be paid."""
	rows = world.sandbox.organisations[0].invoices
	found = [row for row in rows if (row.type, row.status) == ("ACCREC", "AUTHORISED") and row.amount_due > 5]
	return found[:count]


def due(invoice: Any) -> float:
	frappe.db.rollback()
	return float(frappe.db.get_value("Xero Invoice", invoice.id, "amount_due"))


def events(**filters: Any) -> list[Any]:
	frappe.db.rollback()
	return frappe.get_all(
		"Xero Webhook Event",
		filters=filters,
		fields=["name", "category", "resource", "state", "sequence", "attempts", "error_code"],
		order_by="sequence asc, category asc",
	)


def states(**filters: Any) -> list[str]:
	return [event.state for event in events(**filters)]


# How it is answered


def test_intent_to_receive_is_answered_as_xero_asks(line: Line):
	assert line.deliver(kind="intent") == [200, 401, 200, 401]
	for answer in line.answers:
		assert (answer.data, answer.cookies) == (b"", [])
	assert events() == []
	assert webhook_events.status(line.world.organisation)["healthy"]


def test_events_are_answered_without_body_and_cookies(line: Line, invoice):
	line.world.sandbox.pay(invoice.id, "1.00")
	assert line.deliver() == [200]
	assert (line.answers[0].data, line.answers[0].cookies) == (b"", [])


@pytest.mark.parametrize("signature", ["", "forged", "ö", sign(b"other", KEY), sign(b"{}", "other key")])
def test_what_is_not_signed_with_the_key_is_refused_and_not_kept(line: Line, signature):
	body = b'{"events": [{"eventCategory": "INVOICE"}], "firstEventSequence": 1, "lastEventSequence": 1}'
	answer = line.post(body, signature.encode().decode("latin-1"))
	assert (answer.status, answer.data, answer.cookies) == (401, b"", [])
	assert events() == []


def test_without_a_key_everything_is_refused(line: Line):
	settings = frappe.get_doc("Xero Settings")
	settings.webhook_key = ""
	settings.save()
	frappe.db.commit()
	assert line.post(b'{"events": []}').status == 401
	assert line.post(b'{"events": []}', sign(b'{"events": []}', "")).status == 401


def test_a_get_is_no_delivery(line: Line):
	assert line.http.get(PATH).status == 403


def test_a_delivery_is_kept_also_when_no_job_can_be_queued(line: Line, invoice, monkeypatch):
	def refuse(*args: Any, **kwargs: Any) -> None:
		raise NoRedis("no queue")

	line.world.sandbox.pay(invoice.id, "1.00")
	with monkeypatch.context() as patch:
		patch.setattr(frappe, "enqueue", refuse)
		assert line.deliver() == [200]
	assert states() == ["Waiting"]
	frappe.cache.delete(tasks._webhooks_key(line.world.organisation))
	tasks.work_webhooks()
	line.world.jobs.run_all()
	assert due(invoice) == float(invoice.amount_due)


# That it is seen to


def test_a_payment_shows_as_soon_as_xero_tells(line: Line, invoice):
	before = due(invoice)
	line.world.sandbox.pay(invoice.id, "1.00")
	calls = len(line.world.calls())
	line.deliver()
	line.world.jobs.run_all()
	assert due(invoice) == pytest.approx(before - 1)
	assert len(line.world.calls()) - calls == 1
	[event] = events()
	assert (event.category, event.state, event.resource) == ("INVOICE", "Done", invoice.id)


def test_contacts_and_credit_notes_are_told_as_well(line: Line):
	books = line.world.sandbox.organisations[0]
	contact, note = next(iter(books.contacts)), next(n for n in books.credit_notes if n.status == "DRAFT")
	line.world.sandbox.edit_contact(contact.id, Name="A New Name Ltd")
	line.world.sandbox.authorise(note.id)
	line.deliver()
	line.world.jobs.run_all()
	frappe.db.rollback()
	assert frappe.db.get_value("Xero Contact", contact.id, "contact_name") == "A New Name Ltd"
	assert frappe.db.get_value("Xero Invoice", note.id, "status") == "Authorised"


def test_a_hundred_changes_cost_a_call_for_every_forty_rows(line: Line):
	chosen = list(line.world.sandbox.organisations[0].invoices)[:50]
	for number, invoice in enumerate(chosen * 2):
		line.world.sandbox.edit_invoice(invoice.id, reference=f"Anew {number}")
	calls = len(line.world.calls())
	assert set(line.deliver(batch=7)) == {200}
	line.world.jobs.run_all()
	assert len(line.world.calls()) - calls == 2
	assert states() == ["Done"] * 100
	for invoice in chosen:
		assert frappe.db.get_value("Xero Invoice", invoice.id, "reference") == invoice.reference


def test_what_is_delivered_twice_and_in_any_order_is_done_once(line: Line):
	for invoice in some_invoices(line.world, 4):
		line.world.sandbox.pay(invoice.id, "1.00")
	assert line.deliver(batch=1, duplicate=True, reverse=True) == [200] * 8
	line.world.jobs.run_all()
	assert [event.sequence for event in events()] == [1, 2, 3, 4]
	assert states() == ["Done"] * 4
	calls = len(line.world.calls())
	tasks.work_webhooks()
	line.world.jobs.run_all()
	assert len(line.world.calls()) == calls


def test_many_processes_keep_and_do_the_same_events_once(line: Line, host):
	chosen = some_invoices(line.world, 12)
	for invoice in chosen:
		line.world.sandbox.pay(invoice.id, "1.00")
	told: list[Event] = []

	def note(url: str, body: bytes, signature: str) -> int:
		told.extend(events_of(body))
		return 200

	line.world.sandbox.send_webhooks(PATH, KEY, post=note)
	calls = len(line.world.calls())

	def process() -> int:
		webhook_queue.keep(told)
		frappe.db.commit()
		webhooks.work(line.world.organisation)
		return 0

	at_once(host, process, 6)
	assert states() == ["Done"] * 12
	assert len(line.world.calls()) - calls == 1
	assert [due(invoice) for invoice in chosen] == [float(invoice.amount_due) for invoice in chosen]


def test_an_event_that_comes_when_a_job_has_just_looked_is_for_the_next_one(line: Line, monkeypatch):
	first, second = some_invoices(line.world, 2)
	line.world.sandbox.pay(first.id, "1.00")
	line.deliver()
	work, told = webhooks.work, []

	def arrive(url: str, body: bytes, signature: str) -> int:
		"""As `receive` does, whose request would end the job that runs in this thread."""
		for organisation in webhook_queue.keep(events_of(body)):
			frappe.db.commit()
			tasks.enqueue_webhooks(organisation)
		return 200

	def interrupted(organisation: str) -> bool:
		answer = work(organisation)
		if not told:
			told.append(line.world.sandbox.pay(second.id, "1.00"))
			line.world.sandbox.send_webhooks(PATH, KEY, post=arrive)
		return answer

	monkeypatch.setattr(webhooks, "work", interrupted)
	line.world.jobs.run_all()
	assert due(second) == float(second.amount_due)
	assert states() == ["Done"] * 2


def test_an_event_that_came_late_makes_nothing_older(line: Line, invoice):
	line.world.sandbox.pay(invoice.id, "1.00")
	line.deliver(late=1)
	line.world.sandbox.pay(invoice.id, "2.00")
	line.world.read()
	line.deliver()
	line.world.jobs.run_all()
	assert due(invoice) == float(invoice.amount_due)


# Kinds


def body_of(world: World, *given: dict[str, Any], first: int = 900) -> bytes:
	told = [{"tenantId": world.organisation, "eventType": "Update", **each} for each in given]
	return frappe.as_json(
		{"events": told, "firstEventSequence": first, "lastEventSequence": first + len(told) - 1}
	).encode()


SOMETHING = "00000000-0000-0000-0000-00000000000a"


@pytest.mark.parametrize("category", ["PREPAYMENT", "OVERPAYMENT"])
def test_what_is_not_mirrored_itself_has_everything_new_read(line: Line, invoice, category):
	line.world.sandbox.pay(invoice.id, "1.00")
	line.post(body_of(line.world, {"eventCategory": category, "resourceId": SOMETHING}))
	line.world.jobs.run_all()
	assert due(invoice) == float(invoice.amount_due)
	assert states() == ["Done"]


@pytest.mark.parametrize(
	("told", "state"),
	[
		({"eventCategory": "SUBSCRIPTION", "resourceId": SOMETHING}, "Ignored"),
		({"eventCategory": "QUOTE", "resourceId": SOMETHING}, "Unknown"),
		({"eventCategory": "INVOICE", "resourceId": 'x") OR ("" == "'}, "Unknown"),
		({"eventCategory": "INVOICE"}, "Unknown"),
		({"eventCategory": "INVOICE", "resourceId": SOMETHING, "tenantId": 7}, "Unknown"),
	],
)
def test_what_is_not_for_us_is_kept_and_costs_nothing(line: Line, told, state):
	calls = len(line.world.calls())
	assert line.post(body_of(line.world, told)).status == 200
	line.world.jobs.run_all()
	assert states() == [state]
	assert len(line.world.calls()) == calls


@pytest.mark.parametrize("body", [b"[]", b'{"events": 7}', b'{"events": ["what", null]}'])
def test_a_delivery_that_looks_otherwise_is_kept_as_it_is(line: Line, body):
	assert line.post(body).status == 200
	assert set(states()) == {"Unknown"}


def test_an_organisation_that_is_none_of_ours_is_let_be(line: Line):
	stranger = line.world.sandbox.organisations[1]
	line.world.sandbox.edit_contact(next(iter(stranger.contacts)).id, FirstName="Changed")
	assert line.deliver() == [200]
	line.world.jobs.run_all()
	assert states() == ["Ignored"]


# When Xero does not answer


def test_what_could_not_be_fetched_is_tried_again_when_xero_says(line: Line, invoice):
	line.world.sandbox.pay(invoice.id, "1.00")
	line.deliver()
	line.world.sandbox.fault("status", times=50, status=503)
	line.world.jobs.run_all()
	[event] = events()
	assert (event.state, event.error_code, event.attempts) == ("Waiting", "unavailable", 1)
	line.world.sandbox.faults.clear()
	tasks.work_webhooks()
	assert line.world.jobs.run_all() == [], "it is not time yet"
	with time_machine.travel(now_utc() + timedelta(hours=1), tick=True):
		tasks.work_webhooks()
		line.world.jobs.run_all()
	assert states() == ["Done"]
	assert due(invoice) == float(invoice.amount_due)


def test_what_was_fetched_before_xero_failed_is_done(line: Line, invoice):
	line.world.sandbox.edit_contact(next(iter(line.world.sandbox.organisations[0].contacts)).id, Name="Ahead")
	line.world.sandbox.pay(invoice.id, "1.00")
	line.deliver()
	line.world.sandbox.fault("status", match="Invoices", times=50, status=503)
	line.world.jobs.run_all()
	assert [(event.category, event.state) for event in events()] == [
		("CONTACT", "Done"),
		("INVOICE", "Waiting"),
	]


def test_without_a_connection_events_fail_and_can_be_replayed_when_it_is_back(line: Line, invoice, http):
	line.world.sandbox.pay(invoice.id, "1.00")
	line.deliver()
	frappe.db.set_value("Xero Organisation", line.world.organisation, "status", "Reconnect")
	line.world.jobs.run_all()
	[event] = events()
	assert (event.state, event.error_code) == ("Failed", Code.RECONNECT.value)
	line.world.connect()
	http.login("Administrator")
	answer = http.post("xero_connector.api.webhook.replay", events=[event.name])
	assert answer.message == {"queued": 1, "skipped": 0}
	line.world.jobs.run_all()
	assert states() == ["Done"]
	assert due(invoice) == float(invoice.amount_due)


def test_what_tells_nothing_is_not_replayed(line: Line, http):
	line.post(body_of(line.world, {"eventCategory": "INVOICE"}))
	http.login("Administrator")
	answer = http.post("xero_connector.api.webhook.replay", events=[event.name for event in events()])
	assert answer.message == {"queued": 0, "skipped": 1}
	assert states() == ["Unknown"]


def test_a_fault_of_our_own_leaves_a_failed_event(line: Line, invoice, monkeypatch):
	line.world.sandbox.pay(invoice.id, "1.00")
	line.deliver()

	def broken(*args: Any) -> None:
		raise ZeroDivisionError

	monkeypatch.setattr(webhooks.reading, "bring", broken)
	[outcome] = line.world.jobs.run_all(check=False)
	assert "ZeroDivisionError" in outcome.error
	assert states() == ["Failed"]
	frappe.db.delete("Error Log")
	frappe.db.commit()


def test_what_a_dead_worker_had_is_taken_up(line: Line, invoice):
	line.world.sandbox.pay(invoice.id, "1.00")
	line.deliver()
	line.world.jobs.clear()
	frappe.cache.delete(tasks._webhooks_key(line.world.organisation))
	assert webhook_queue.take(line.world.organisation, "the dead")
	tasks.work_webhooks()
	assert line.world.jobs.run_all() == []
	with time_machine.travel(now_utc() + timedelta(minutes=11), tick=True):
		tasks.work_webhooks()
		line.world.jobs.run_all()
	assert due(invoice) == float(invoice.amount_due)


def test_while_the_app_is_switched_off_events_wait(line: Line, invoice):
	settings = frappe.get_doc("Xero Settings")
	settings.enabled = 0
	settings.save()
	line.world.sandbox.pay(invoice.id, "1.00")
	assert line.deliver() == [200]
	tasks.work_webhooks()
	line.world.jobs.run_all()
	assert states() == ["Waiting"]


def test_events_wait_for_each_other_when_the_days_calls_run_short(line: Line, monkeypatch):
	full = budget.meter(line.world.organisation)
	monkeypatch.setattr(
		budget, "meter", lambda organisation: full._replace(day_left=300, day_limit=1000, day_ahead=0.9)
	)
	first, second = some_invoices(line.world, 2)
	calls = len(line.world.calls())
	for invoice in (first, second):
		line.world.sandbox.pay(invoice.id, "1.00")
		line.deliver()
		line.world.jobs.run_all()
	assert states() == ["Waiting", "Waiting"]
	with time_machine.travel(now_utc() + timedelta(minutes=4), tick=True):
		tasks.work_webhooks()
		line.world.jobs.run_all()
	assert states() == ["Done", "Done"]
	assert len(line.world.calls()) - calls == 1
	assert due(second) == float(second.amount_due)


# That nothing is lost


def test_what_was_lost_on_the_way_is_found_by_the_gap_after_a_minute(line: Line):
	known, lost, later = some_invoices(line.world, 3)
	line.world.sandbox.pay(known.id, "1.00")
	line.deliver()
	line.world.sandbox.pay(lost.id, "1.00")
	line.world.sandbox.pay(later.id, "1.00")
	line.deliver(skip=1)
	line.world.jobs.run_all()
	tasks.work_webhooks()
	assert line.world.jobs.run_all() == [], "it may still come"
	with time_machine.travel(now_utc() + timedelta(seconds=61), tick=True):
		tasks.work_webhooks()
		line.world.jobs.run_all()
		assert due(lost) == float(lost.amount_due)
		tasks.work_webhooks()
		assert line.world.jobs.run_all() == [], "once for a gap"


def test_a_gap_that_is_filled_costs_nothing(line: Line):
	first, second, third = some_invoices(line.world, 3)
	line.world.sandbox.pay(first.id, "1.00")
	line.deliver()
	line.world.sandbox.pay(second.id, "1.00")
	line.world.sandbox.pay(third.id, "1.00")
	line.deliver(late=1)
	line.deliver()
	line.world.jobs.run_all()
	with time_machine.travel(now_utc() + timedelta(seconds=61), tick=True):
		tasks.work_webhooks()
		assert line.world.jobs.run_all() == []


def silent_change(line: Line) -> list[tuple[str, Any]]:
	"""What a poll finds six minutes after a change that no webhook told of."""
	return [(some_invoices(line.world, 1)[0].id, now_utc() + timedelta(seconds=1))]


def test_a_change_of_which_nothing_is_told_is_silence_until_something_is(line: Line, invoice):
	line.deliver(kind="intent")
	organisation, changes = line.world.organisation, silent_change(line)
	with time_machine.travel(now_utc() + timedelta(minutes=4), tick=True):
		webhook_events.compare(organisation, changes)
		assert webhook_events.healthy(organisation), "an event may take its time"
	with time_machine.travel(now_utc() + timedelta(minutes=6), tick=True):
		webhook_events.compare(organisation, changes)
		frappe.db.commit()
		status = webhook_events.status(organisation)
		assert not status["healthy"]
		assert abs(status["silent_since"] - changes[0][1]) < timedelta(seconds=1)
		line.world.sandbox.pay(invoice.id, "1.00")
		line.deliver()
		line.world.jobs.run_all()
		assert webhook_events.healthy(organisation)
		assert webhook_events.status(organisation)["silent_since"] is None


def test_a_change_that_was_told_is_no_silence(line: Line, invoice):
	line.deliver(kind="intent")
	line.world.sandbox.pay(invoice.id, "1.00")
	line.deliver()
	with time_machine.travel(now_utc() + timedelta(minutes=6), tick=True):
		changed = now_utc() - timedelta(minutes=6) + timedelta(seconds=1)
		webhook_events.compare(line.world.organisation, [(invoice.id, changed)])
		assert webhook_events.healthy(line.world.organisation)


def test_before_anything_was_told_webhooks_are_not_healthy_and_not_silent(line: Line):
	organisation = line.world.organisation
	with time_machine.travel(now_utc() + timedelta(minutes=6), tick=True):
		webhook_events.compare(organisation, silent_change(line))
	status = webhook_events.status(organisation)
	assert status == {"configured": True, "healthy": False, "last_utc": None, "silent_since": None}


def test_a_change_from_before_the_webhook_was_set_up_says_nothing(line: Line, invoice):
	changes = [(invoice.id, now_utc() - timedelta(minutes=1))]
	line.deliver(kind="intent")
	with time_machine.travel(now_utc() + timedelta(minutes=10), tick=True):
		webhook_events.compare(line.world.organisation, changes)
		assert webhook_events.healthy(line.world.organisation)


def test_old_events_go_by_the_log_settings(line: Line, invoice):
	line.world.sandbox.pay(invoice.id, "1.00")
	line.deliver()
	XeroWebhookEvent.clear_old_logs(31)
	assert len(events()) == 1
	with time_machine.travel(now_utc() + timedelta(days=32), tick=True):
		XeroWebhookEvent.clear_old_logs(31)
		frappe.db.commit()
	assert events() == []
