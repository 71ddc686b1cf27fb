"""Tools over everything, and runs that are stopped, killed and taken up again (R81-R83, R87)."""

import frappe
import pytest

from tests import factories
from tests.site import sending
from tests.site.sending import calls, delivered, made, outcomes, refused, send, wish, worked
from tests.xero_world import World
from xero_connector import bootstrap, runner, tasks
from xero_connector.api import drafts, tools
from xero_connector.core import sending as sending_rules
from xero_connector.site import drafts as site_drafts
from xero_connector.site import runs


@pytest.fixture
def invoices(ready: World) -> None:
	factories.require("Sales Invoice", "xero_status")


def submitted(**values):
	invoice = factories.sales_invoice(**values)
	invoice.submit()
	return invoice


def deals(count: int) -> list[str]:
	organization = factories.organization().name
	made_here = [factories.deal(organization=organization, value=number + 1) for number in range(count)]
	return [deal.name for deal in made_here]


def send_many(names: list[str]) -> dict:
	return drafts.send_many(doctype="CRM Deal", names=names)


# Send all live invoices (R81)


def test_every_live_invoice_is_sent_and_returns_as_credit_notes(ready: World, invoices):
	live, returned = submitted(), submitted()
	credit = factories.sales_return(returned)
	credit.submit()
	run = outcomes(worked(ready, tools.send_all_live()))
	assert {run[each.name] for each in (live, returned, credit)} == {"created"}
	assert [note.reference for note in made(ready, "credit_notes") if credit.name in note.reference]
	assert [each.reference for each in made(ready) if live.name in each.reference]


def test_drafts_paid_and_cancelled_ones_stay_here(ready: World, invoices):
	draft, paid, part_paid, cancelled = factories.sales_invoice(), submitted(), submitted(), submitted()
	frappe.db.set_value("Sales Invoice", paid.name, {"outstanding_amount": 0, "status": "Paid"})
	frappe.db.set_value("Sales Invoice", part_paid.name, {"outstanding_amount": 50})
	cancelled.cancel()
	run = outcomes(worked(ready, tools.send_all_live()))
	assert not set(run) & {each.name for each in (draft, paid, part_paid, cancelled)}


def test_a_dry_run_of_all_live_invoices_sends_none(ready: World, invoices):
	live = submitted()
	run = worked(ready, tools.send_all_live(dry_run=1))
	assert outcomes(run)[live.name] == "would_create"
	assert (made(ready), run["action"]) == ([], "Send All Live Invoices")


# Update all invoice balances (R82)


def test_all_balances_are_brought_those_of_customers_last(ready: World, invoices):
	invoice = submitted()
	worked(ready, tools.send_all_live())
	[document] = [each for each in made(ready) if invoice.name in each.reference]
	other = next(row for row in ready.sandbox.organisations[0].invoices if _is_open(row))
	balance = "receivable_outstanding"
	before = frappe.db.get_value("Xero Contact", other.contact.id, balance)
	ready.sandbox.authorise(document.id)
	ready.sandbox.pay(document.id, "10.00")
	ready.sandbox.pay(other.id, "1.00")
	ready.read()
	assert frappe.db.get_value("Xero Contact", other.contact.id, balance) == before, (
		"no change of the contact"
	)
	run = worked(ready, tools.update_all_balances())
	assert run["state"] == "Done"
	assert invoice.name in outcomes(run)
	invoice.reload()
	assert (invoice.xero_status, invoice.xero_outstanding) == ("Part Paid", float(document.total) - 10)
	after = frappe.db.get_value("Xero Contact", other.contact.id, balance)
	assert float(before) - float(after) == pytest.approx(1 / float(other.rate), abs=0.01)
	assert ready.sandbox.requests[-1].path.endswith("/Contacts")


def _is_open(document) -> bool:
	return document.type == "ACCREC" and document.status == "AUTHORISED" and document.amount_due > 5


def test_update_of_one_invoice_leaves_the_customer_s_balance_alone(ready: World, invoices):
	invoice = submitted()
	worked(ready, tools.send_all_live())
	chosen = {"doctype": "Sales Invoice", "names": [invoice.name]}
	seen = calls(ready, lambda: worked(ready, drafts.update_many(**chosen)))
	assert seen == ["GET Invoices"]


# stopped, killed, taken up


def test_a_run_of_120_that_is_stopped_after_the_first_step_goes_on_there(ready: World, monkeypatch):
	names = deals(120)
	run = send_many(names)
	monkeypatch.setattr(sending_rules, "TOGETHER", 50)
	step = runs.step

	def stop_after(*arguments) -> None:
		step(*arguments)
		tools.stop(run=run["run"])
		frappe.db.commit()

	with monkeypatch.context() as stopping:
		stopping.setattr(runs, "step", stop_after)
		stopped = worked(ready, run)
	assert (stopped["state"], stopped["done"], len(made(ready))) == ("Stopped", 50, 50)
	assert set(outcomes(stopped)) == set(names[:50])
	ended = worked(ready, tools.resume(run=run["run"]))
	assert (ended["state"], ended["done"], ended["counts"]) == ("Done", 120, {"created": 120})
	assert len(made(ready)) == 120
	assert set(outcomes(ended)) == set(names)


def test_a_run_that_has_not_begun_stops_at_once(ready: World):
	run = send_many(deals(1))
	assert tools.stop(run=run["run"])["state"] == "Stopped"
	assert worked(ready, run)["done"] == 0
	assert made(ready) == []
	assert worked(ready, tools.resume(run=run["run"]))["counts"] == {"created": 1}


def test_a_run_whose_worker_was_killed_goes_on_when_its_lease_is_over(ready: World, monkeypatch):
	names = deals(25)
	run = send_many(names)
	ready.jobs.clear()
	monkeypatch.setattr(sending_rules, "TOGETHER", 10)
	step, steps = runs.step, []

	def die_in_the_second(*arguments) -> None:
		steps.append(arguments)
		if len(steps) == 2:
			raise KeyboardInterrupt
		step(*arguments)

	with monkeypatch.context() as killing:
		killing.setattr(runs, "step", die_in_the_second)
		with pytest.raises(KeyboardInterrupt):
			runner.work(run["run"])
	frappe.db.rollback()
	assert tools.progress(run=run["run"])["state"] == "Running", "nobody noticed yet"
	tasks.send_due()
	assert worked(ready, run)["done"] == 10, "its lease runs"
	frappe.db.set_value("Xero Run", run["run"], "lease_utc", "2000-01-01 00:00:00")
	tasks.send_due()
	ended = worked(ready, run)
	assert (ended["state"], ended["done"]) == ("Done", 25)
	assert ended["counts"] == {"created": 15, "unchanged": 10}, "what had arrived is not sent again"
	assert len(made(ready)) == 25


def test_one_worker_at_a_time_does_a_run(ready: World):
	run = send_many(deals(1))["run"]
	assert runs.begin(run, "first")
	assert not runs.begin(run, "second")


def test_only_what_was_stopped_or_failed_is_resumed(ready: World):
	run = worked(ready, send_many(deals(1)))
	assert tools.resume(run=run["run"])["state"] == "Done"
	assert worked(ready, run)["done"] == 1


# trying again (R87)


def refuse(xero: World) -> str:
	"""A row that needs attention: its contact was archived since."""
	contact = sending.active_contact(xero)
	deal = factories.deal(organization=factories.organization().name, value=10)
	xero.sandbox.edit_contact(contact.id, ContactStatus="ARCHIVED")
	row = delivered(xero, deal, contact_id=contact.id, contact_name=contact.name)
	assert row["state"] == "Needs Attention"
	xero.sandbox.edit_contact(contact.id, ContactStatus="ACTIVE")
	return row["outbox"]


def test_a_row_that_needed_attention_is_tried_again(ready: World):
	row = refuse(ready)
	assert tools.retry(outbox=row) == {"queued": True}
	ready.jobs.run_all()
	assert frappe.db.get_value("Xero Outbox", row, "state") == "Sent"
	assert len(made(ready)) == 1


def test_a_row_that_waits_is_tried_at_once(ready: World):
	ready.sandbox.fault("status", match="PUT /api.xro/2.0/Invoices", status=503)
	row = delivered(ready, factories.deal(value=5))["outbox"]
	assert tools.retry(outbox=row) == {"queued": True}
	ready.jobs.run_all()
	assert frappe.db.get_value("Xero Outbox", row, "state") == "Sent"


def test_what_is_sent_queued_or_under_way_is_not_tried_again(ready: World):
	row = delivered(ready, factories.deal(value=5))["outbox"]
	for state in ("Sent", "Queued", "Sending"):
		frappe.db.set_value("Xero Outbox", row, "state", state)
		assert refused(lambda: tools.retry(outbox=row))[0] == "not_to_retry"
		assert frappe.db.get_value("Xero Outbox", row, "state") == state


def test_of_many_those_that_failed_are_tried_and_the_others_counted(ready: World):
	sent = delivered(ready, factories.deal(value=5))["outbox"]
	answer = tools.retry_many(outboxes=[refuse(ready), sent, "no such row"])
	assert answer == {"queued": 1, "skipped": 2}
	ready.jobs.run_all()
	assert len(made(ready)) == 2


def test_rows_of_records_that_are_closed_to_who_asks_stay_as_they_are(ready: World, as_user):
	row = refuse(ready)
	record = frappe.get_doc("CRM Deal", frappe.db.get_value("Xero Outbox", row, "record_name"))
	with as_user(["Xero Finance", "Sales User"]) as user:
		factories.require_hidden(record, user)
		assert tools.retry_many(outboxes=[row]) == {"queued": 0, "skipped": 1}
		assert refused(lambda: tools.retry(outbox=row))[0] == "not_to_retry"
	assert wish(record).state == "Needs Attention"


def test_trying_again_is_for_who_may_send(ready: World, http, as_user):
	row = send(factories.deal(value=5))["outbox"]
	with as_user(["Xero Sales", "Sales Manager"]) as user:
		pass
	assert http.login(user).post("xero_connector.api.tools.retry", outbox=row).status == 403


def test_an_organisation_that_is_not_connected_holds_up_no_other(ready: World):
	names = deals(2)
	assert worked(ready, send_many(names))["counts"] == {"created": 2}
	bootstrap.disconnect(ready.organisation)
	ended = worked(ready, drafts.update_many(doctype="CRM Deal", names=names))
	assert (ended["state"], ended["counts"]) == ("Done", {"skipped": 2})
	assert "not connected" in ended["rows"][0]["message"]


def test_a_record_that_cannot_be_read_is_told_by_a_dry_run_and_stops_nothing(ready: World, monkeypatch):
	names = deals(2)
	draft_of = site_drafts.draft_of

	def fail_for_the_first(sheet):
		if sheet.record.party.name == names[0]:
			raise RuntimeError
		return draft_of(sheet)

	monkeypatch.setattr(site_drafts, "draft_of", fail_for_the_first)
	ended = worked(ready, drafts.send_many(doctype="CRM Deal", names=names, dry_run=1))
	assert ended["counts"] == {"refused": 1, "would_create": 1}


# all of a kind (B9)


def stuck(code: str, state: str = "Needs Attention") -> str:
	"""A deal whose row of the outbox is kept back for this reason; the row."""
	deal = factories.deal(value=100, organization=factories.organization().name)
	row = send(deal)["outbox"]
	frappe.db.set_value("Xero Outbox", row, {"state": state, "error_code": code})
	frappe.db.commit()
	return row


def state_of(row: str) -> str:
	return frappe.db.get_value("Xero Outbox", row, "state")


def test_all_that_one_reason_keeps_back_is_tried_again_and_nothing_else(ready: World):
	same = [stuck("period_locked"), stuck("period_locked", "Failed")]
	other = stuck("name_taken")
	assert tools.retry_kind(error_code="period_locked") == {"queued": 2, "skipped": 0, "after": ""}
	assert [state_of(row) for row in (*same, other)] == ["Queued", "Queued", "Needs Attention"]
	assert tools.retry_kind(action="Document", error_code="")["queued"] == 1
	assert refused(lambda: tools.retry_kind()) == ("missing_value", "kind")


def test_many_of_a_kind_are_tried_again_in_several_calls(ready: World, monkeypatch):
	monkeypatch.setattr(tools, "MOST_AT_ONCE", 2)
	rows = sorted(stuck("period_locked") for _ in range(3))
	first = tools.retry_kind(error_code="period_locked")
	assert first == {"queued": 2, "skipped": 0, "after": rows[1]}
	assert tools.retry_kind(error_code="period_locked", after=first["after"])["queued"] == 1
	assert {state_of(row) for row in rows} == {"Queued"}


def test_of_a_kind_those_of_closed_records_stay_as_they_are(ready: World, as_user):
	row = stuck("period_locked")
	deal = frappe.get_doc("CRM Deal", frappe.db.get_value("Xero Outbox", row, "record_name"))
	with as_user(["Xero Finance", "Sales User"]) as user:
		factories.require_hidden(deal, user)
		assert tools.retry_kind(error_code="period_locked") == {"queued": 0, "skipped": 1, "after": ""}
	assert state_of(row) == "Needs Attention"


# from the click to Xero and back (B9)


def test_a_click_is_known_by_one_id_in_outbox_log_and_failure_with_xeros_beside_it(ready: World):
	deal = factories.deal(value=100, organization=factories.organization().name)
	ready.sandbox.fault("status", match="PUT /api.xro/2.0/Invoices", status=503)
	failed = delivered(ready, deal)
	trace = wish(deal).trace
	[attempt] = frappe.get_all(
		"Xero Log", filters={"outbox": wish(deal).name}, fields=["trace", "correlation_id"]
	)
	assert len(trace) == 10
	assert attempt.trace == trace
	assert attempt.correlation_id
	assert failed["message"].endswith(f"(Trace {trace}, Xero {attempt.correlation_id})")
	assert tools.explain(outbox=wish(deal).name)["message"] == failed["message"]


def test_what_is_tried_again_by_itself_is_the_same_click_and_a_new_click_is_another(ready: World):
	deal = factories.deal(value=100, organization=factories.organization().name)
	ready.sandbox.fault("status", match="PUT /api.xro/2.0/Invoices", status=503)
	delivered(ready, deal)
	first = wish(deal).trace
	sending.try_again(ready)
	traces = frappe.get_all("Xero Log", filters={"outbox": wish(deal).name}, pluck="trace")
	assert traces == [first, first]
	delivered(ready, deal, description="Another")
	assert wish(deal).trace not in ("", None, first)


def test_what_was_sent_together_is_known_by_its_run(ready: World):
	names = deals(2)
	run = worked(ready, send_many(names))["run"]
	assert set(frappe.get_all("Xero Log", filters={"record_name": ["in", names]}, pluck="trace")) == {run}
