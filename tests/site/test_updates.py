"""Sending again: the same document is changed while nothing is paid of it; another one is another click."""

import json

import frappe
import pytest

from tests import factories
from tests.site.sending import (
	calls,
	delivered,
	form,
	history,
	made,
	notes_on,
	prepare,
	progress,
	refused,
	send,
	send_form,
	try_again,
	wish,
	wishes_for,
)
from tests.xero_world import World
from xero_connector.patches import name_wishes_anew
from xero_connector.site import hosts

UPDATES = "POST Invoices"


@pytest.fixture
def deal(site):
	return factories.deal(organization=factories.organization().name, value=1000)


def three_lines(deal) -> list[dict[str, str]]:
	[line] = form(deal)["lines"]
	return [{**line, "description": name, "unit_amount": "100"} for name in ("Plan", "Build", "Train")]


@pytest.fixture
def sent(ready: World, deal):
	"""The deal's invoice of three lines, which Xero has as a draft."""
	assert delivered(ready, deal, lines=three_lines(deal))["state"] == "Sent"
	[invoice] = made(ready)
	return invoice


def words(invoice) -> dict[str, str]:
	"""Ids of the lines by their description."""
	return {line.description: line.id for line in invoice.lines}


# the same document (C11)


def test_sent_again_it_is_the_same_draft_with_what_is_changed(ready: World, deal, sent):
	number, before = sent.number, words(sent)
	lines = form(deal)["lines"]
	lines[1]["quantity"] = "3"
	assert prepare(deal)["mode"] == "update"
	outcome = delivered(ready, deal, lines=lines, reference="PO 9")
	[invoice] = made(ready)
	assert outcome["document"]["id"] == invoice.id
	assert (invoice.number, words(invoice), str(invoice.sub_total)) == (number, before, "500.00")
	assert wish(deal).revision == 2


def test_a_line_that_was_taken_out_is_gone_and_the_others_stay_what_they_are(ready: World, deal, sent):
	before = words(sent)
	plan, _build, train = form(deal)["lines"]
	delivered(ready, deal, lines=[train, plan])
	[invoice] = made(ready)
	assert [line.description for line in invoice.lines] == ["Train", "Plan"]
	assert words(invoice) == {"Train": before["Train"], "Plan": before["Plan"]}


def test_a_line_that_was_added_is_a_new_one(ready: World, deal, sent):
	before = words(sent)
	lines = form(deal)["lines"]
	delivered(ready, deal, lines=[{**lines[0], "description": "Support"}, *lines])
	after = words(made(ready)[0])
	assert {name: after[name] for name in before} == before
	assert after["Support"] not in before.values()


def test_a_line_that_is_reworded_stays_the_same_line(ready: World, deal, sent):
	before = words(sent)
	lines = form(deal)["lines"]
	lines[0]["description"] = "Planning"
	delivered(ready, deal, lines=lines)
	kept = {"Build": before["Build"], "Train": before["Train"]}
	assert words(made(ready)[0]) == {"Planning": before["Plan"], **kept}


def test_a_discount_that_is_taken_back_is_gone_in_xero_too(ready: World, deal):
	delivered(ready, deal, discount_rate="10")
	assert str(made(ready)[0].sub_total) == "900.00"
	delivered(ready, deal, discount_rate="")
	assert str(made(ready)[0].sub_total) == "1000.00"


def test_the_form_comes_back_as_it_was_sent_and_tells_what_the_record_has_now(ready: World):
	deal = factories.deal(organization=factories.organization().name, value=100)
	delivered(ready, deal, description="Website", reference="PO 7")
	shown = prepare(deal)
	assert shown["values"]["lines"][0]["description"] == "Website"
	assert shown["values"]["reference"] == "PO 7"
	assert [line["description"] for line in shown["record_lines"]] == [deal.organization]


def test_sent_with_nothing_changed_no_call_is_made(ready: World, deal, sent):
	def again() -> None:
		assert send(deal)["state"] == "Sent"
		ready.jobs.run_all()

	assert calls(ready, again) == []
	assert wish(deal).revision == 1


def test_a_form_that_was_sent_as_it_came_counts_as_the_record_s_own(ready: World, deal):
	delivered(ready, deal)
	assert wish(deal).by_hand == 0
	delivered(ready, deal, reference="PO 7")
	assert wish(deal).by_hand == 1


def test_a_change_whose_answer_was_lost_is_made_once(ready: World, deal, sent):
	ready.sandbox.fault("drop_after", match="POST /api.xro/2.0/Invoices")
	lines = [*form(deal)["lines"], {**form(deal)["lines"][0], "description": "Support"}]
	assert delivered(ready, deal, lines=lines)["state"] == "Failed"
	try_again(ready)
	assert wish(deal).state == "Sent"
	[invoice] = made(ready)
	assert [line.description for line in invoice.lines] == ["Plan", "Build", "Train", "Support"]


def test_changed_while_the_first_answer_is_missing_it_is_one_invoice_with_the_change(ready: World, deal):
	ready.sandbox.fault("drop_after", match="PUT /api.xro/2.0/Invoices")
	assert delivered(ready, deal, unit_amount="100")["state"] == "Failed"
	assert delivered(ready, deal, unit_amount="250")["state"] == "Sent"
	[invoice] = made(ready)
	assert str(invoice.sub_total) == "250.00"


# status


def test_a_draft_is_approved_by_sending_it_again(ready: World, deal, sent):
	delivered(ready, deal, status="Submitted")
	assert made(ready)[0].status == "SUBMITTED"
	delivered(ready, deal, status="Authorised")
	assert made(ready)[0].status == "AUTHORISED"


def test_a_status_is_never_lowered(ready: World, deal):
	delivered(ready, deal, status="Authorised")
	assert delivered(ready, deal, status="Draft", unit_amount="500")["state"] == "Sent"
	[invoice] = made(ready)
	assert (invoice.status, str(invoice.sub_total)) == ("AUTHORISED", "500.00")


def test_who_sells_cannot_approve_a_draft(ready: World, deal, sent, as_user):
	with as_user(["Xero Sales", "Sales Manager"]):
		assert prepare(deal)["choices"]["statuses"] == ["Draft", "Submitted"]
		assert refused(lambda: send(deal, status="Authorised")) == ("invalid_value", "status")
	assert made(ready)[0].status == "DRAFT"


# paid, voided


def pay(xero: World, invoice, amount: str | None) -> None:
	xero.sandbox.authorise(invoice.id)
	xero.sandbox.pay(invoice.id, amount)


@pytest.mark.parametrize("amount", [None, "10.00"])
def test_what_is_paid_of_is_closed(ready: World, deal, sent, amount):
	pay(ready, sent, amount)
	ready.read()
	shown = prepare(deal)
	assert shown["mode"] == "closed"
	assert sent.number in shown["reason"]
	assert shown["next_sequence"] == 2
	assert refused(lambda: send(deal, reference="late"))[0] == "has_payments"


@pytest.mark.parametrize("amount", [None, "10.00"])
def test_a_payment_that_the_mirror_has_not_seen_closes_it_too(ready: World, deal, sent, amount):
	pay(ready, sent, amount)
	seen = calls(ready, lambda: delivered(ready, deal, unit_amount="1"))
	assert UPDATES not in seen
	row = wish(deal)
	assert (row.state, row.error_code) == ("Needs Attention", "has_payments")
	assert sent.number in progress(deal, row.name)["message"]
	assert str(sent.sub_total) == "300.00"


def test_what_is_voided_in_xero_is_closed(ready: World, deal, sent):
	ready.sandbox.void(sent.id)
	ready.read()
	shown = prepare(deal)
	assert shown["mode"] == "closed"
	assert "voided" in shown["reason"]
	assert refused(lambda: send(deal, reference="late"))[0] == "gone_in_xero"


def test_a_voiding_that_the_mirror_has_not_seen_closes_it_too(ready: World, deal, sent):
	ready.sandbox.void(sent.id)
	assert UPDATES not in calls(ready, lambda: delivered(ready, deal, unit_amount="1"))
	assert wish(deal).error_code == "gone_in_xero"


# another invoice


def another(deal, **changes) -> dict:
	return form(deal, sequence=prepare(deal)["next_sequence"], **changes)


def test_another_invoice_is_a_second_document(ready: World, deal, sent):
	send_form(deal, another(deal))
	ready.jobs.run_all()
	first, second = made(ready)
	assert str(first.sub_total) == "300.00"
	assert str(second.sub_total) == "700.00"
	shown = prepare(deal)
	assert (shown["sequence"], shown["next_sequence"]) == (2, 3)
	assert [each["id"] for each in shown["others"]] == [first.id, second.id]
	assert prepare(deal, sequence=1)["existing"]["id"] == first.id


def test_another_invoice_pressed_twice_is_one(ready: World, deal, sent):
	values = another(deal)
	first = send_form(deal, values)
	assert send_form(deal, values)["outbox"] == first["outbox"]
	ready.jobs.run_all()
	send_form(deal, values)
	ready.jobs.run_all()
	assert len(made(ready)) == 2


def test_after_a_payment_another_invoice_can_be_made(ready: World, deal, sent):
	pay(ready, sent, None)
	ready.read()
	send_form(deal, another(deal))
	ready.jobs.run_all()
	assert [invoice.status for invoice in made(ready)] == ["PAID", "DRAFT"]


@pytest.mark.parametrize("sequence", [0, -1, 3, 5, "two"])
def test_an_invoice_that_is_not_the_next_one_is_refused(ready: World, deal, sent, sequence):
	values = {**form(deal), "sequence": sequence}
	assert refused(lambda: send_form(deal, values)) == ("invalid_value", "sequence")
	assert len(wishes_for(deal)) == 1


# notes here and there


def test_the_record_gets_its_note_once(ready: World, deal, sent):
	delivered(ready, deal, reference="changed")
	[note] = notes_on(deal)
	assert sent.number in note


def test_xero_gets_the_link_back_and_a_line_in_the_history_for_each_change(ready: World, deal, sent):
	assert sent.url == hosts.open_record(deal.doctype, deal.name).url
	[line] = history(ready, sent)
	assert deal.name in line
	assert sent.url in line
	delivered(ready, deal, reference="changed")
	first, second = history(ready, sent)
	assert first != second


def test_a_line_in_the_history_whose_answer_was_lost_is_not_doubled(ready: World, deal):
	ready.sandbox.fault("drop_after", match="PUT .*/History")
	assert delivered(ready, deal)["state"] == "Sent", "the invoice does not wait for its note"
	[note] = wishes_for(deal, "Note")
	assert note.state == "Failed"
	try_again(ready)
	[note] = wishes_for(deal, "Note")
	assert note.state == "Sent"
	assert len(history(ready, made(ready)[0])) == 1


def test_a_change_keeps_the_reference_by_which_the_invoice_is_found(ready: World, deal, sent):
	code = sent.reference.rpartition(" · ")[2]
	delivered(ready, deal, reference="PO 9")
	[body] = [json.loads(call.body)["Invoices"] for call in ready.calls("Invoices", "POST")]
	assert body[0]["Reference"].endswith(f" · {code}")


def test_a_change_may_send_it_to_a_contact_that_is_made_for_it(ready: World, deal, sent):
	delivered(ready, deal, contact_id="", contact_name="Rimu Rentals Ltd")
	[invoice] = made(ready)
	assert (invoice.id, invoice.contact.name) == (sent.id, "Rimu Rentals Ltd")


# what was sent before documents could be changed


@pytest.mark.parametrize("state", ["Sent", "Needs Attention"])
def test_a_wish_of_the_first_release_is_still_the_records_invoice(ready: World, deal, state):
	row = delivered(ready, deal)["outbox"]
	old = {"action": "Create Invoice", "state": state, "payload": '{"lines": []}', "sent_payload": None}
	frappe.db.set_value("Xero Outbox", row, {**old, "sequence": 0})
	name_wishes_anew.execute()
	prepared = prepare(deal)
	assert (prepared["mode"], prepared["sequence"]) == ("update", 1)
	assert prepared["values"]["lines"][0]["unit_amount"] == "1000.00"
	assert delivered(ready, deal, unit_amount="99")["outbox"] == row
	assert [str(invoice.sub_total) for invoice in made(ready)] == ["99.00"]
