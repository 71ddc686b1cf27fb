"""Voiding in Xero: an action of finance, with a reason, and of what nobody has paid yet."""

import json

import frappe
import pytest

from tests import factories
from tests.site.sending import (
	add_contact,
	calls,
	delivered,
	history,
	link,
	made,
	prepare,
	refused,
	try_again,
	wishes_for,
)
from tests.xero_world import World
from xero_connector.api import documents
from xero_connector.site import links
from xero_connector.site.links import Party

VOID = "xero_connector.api.documents.void"
REASON = "Wrong customer"


@pytest.fixture
def deal(site):
	return factories.deal(organization=factories.organization().name, value=100)


@pytest.fixture
def sent(ready: World, deal):
	"""The deal's invoice, a draft in Xero."""
	delivered(ready, deal)
	[invoice] = made(ready)
	return invoice


def void(deal, invoice, reason: str = REASON) -> dict:
	answer = documents.void(doctype=deal.doctype, name=deal.name, document_id=invoice.id, reason=reason)
	frappe.db.commit()
	return answer


def voided(xero: World, deal, invoice, reason: str = REASON) -> dict:
	row = void(deal, invoice, reason)["outbox"]
	xero.jobs.run_all()
	return documents.void_progress(doctype=deal.doctype, name=deal.name, outbox=row)


def mirrored(invoice) -> str:
	return frappe.db.get_value("Xero Invoice", invoice.id, "status")


def test_a_draft_is_deleted_and_its_history_says_why(ready: World, deal, sent):
	outcome = voided(ready, deal, sent)
	assert outcome["state"] == "Sent"
	assert (sent.status, mirrored(sent)) == ("DELETED", "Deleted")
	assert REASON in history(ready, sent)[-1]


def test_an_approved_invoice_is_voided(ready: World, deal, sent):
	ready.sandbox.authorise(sent.id)
	ready.read()
	voided(ready, deal, sent)
	assert (sent.status, mirrored(sent), str(sent.amount_due)) == ("VOIDED", "Voided", "0.00")


def test_a_draft_that_was_approved_since_is_voided_and_not_deleted(ready: World, deal, sent):
	ready.sandbox.authorise(sent.id)
	assert voided(ready, deal, sent)["state"] == "Sent"
	assert sent.status == "VOIDED"


def test_what_is_paid_is_refused(ready: World, deal, sent):
	ready.sandbox.authorise(sent.id)
	ready.sandbox.pay(sent.id, "10.00")
	ready.read()
	outcome = voided(ready, deal, sent)
	assert outcome["state"] == "Needs Attention"
	assert sent.number in outcome["message"]
	ready.sandbox.pay(sent.id)
	ready.read()
	assert refused(lambda: void(deal, sent))[0] == "not_voidable"
	assert sent.status == "PAID"
	assert REASON not in " ".join(history(ready, sent)), "nothing is said of what was not done"


def test_a_payment_that_the_mirror_has_not_seen_refuses_it_too(ready: World, deal, sent):
	ready.sandbox.authorise(sent.id)
	ready.sandbox.pay(sent.id)
	outcome = voided(ready, deal, sent)
	assert outcome["state"] == "Needs Attention"
	assert sent.status == "PAID"


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_it_is_refused(ready: World, deal, sent, reason):
	assert refused(lambda: void(deal, sent, reason)) == ("missing_value", "reason")
	assert wishes_for(deal, "Void") == []


def test_a_long_reason_is_cut_to_what_xero_takes(ready: World, deal, sent):
	assert voided(ready, deal, sent, "x" * 3000)["state"] == "Sent"
	assert max(len(note) for note in history(ready, sent)) == 2500


def test_pressed_twice_it_is_voided_once(ready: World, deal, sent):
	first, second = void(deal, sent), void(deal, sent)
	assert first["outbox"] == second["outbox"]
	ready.jobs.run_all()
	assert history(ready, sent).count(REASON) == 1


def test_an_answer_that_was_lost_is_found_out(ready: World, deal, sent):
	ready.sandbox.fault("drop_after", match="POST /api.xro/2.0/Invoices")
	assert voided(ready, deal, sent)["state"] == "Failed"
	try_again(ready)
	[row] = wishes_for(deal, "Void")
	assert (row.state, sent.status) == ("Sent", "DELETED")
	assert history(ready, sent).count(REASON) == 1


def test_what_somebody_voided_in_xero_is_done(ready: World, deal, sent):
	ready.sandbox.void(sent.id)
	assert voided(ready, deal, sent)["state"] == "Sent"
	assert mirrored(sent) == "Deleted"


def test_a_voided_one_closes_the_form_and_leaves_the_next_open(ready: World, deal, sent):
	voided(ready, deal, sent)
	shown = prepare(deal)
	assert (shown["mode"], shown["next_sequence"]) == ("closed", 2)
	assert shown["sale"]["left"] == "100.00"


def test_a_credit_note_is_voided_as_well(ready: World, deal):
	factories.require("Sales Invoice", "xero_status")
	invoice = factories.sales_invoice()
	invoice.submit()
	returned = factories.sales_return(invoice)
	returned.submit()
	delivered(ready, returned)
	[note] = made(ready, "credit_notes")
	assert voided(ready, returned, note)["state"] == "Sent"
	assert note.status == "DELETED"
	assert returned.reload().xero_status == "Cancelled"


def test_another_document_of_the_customer_does_not_become_the_deal_s(ready: World, deal, sent):
	second = factories.deal(organization=deal.organization, value=5)
	voided(ready, second, sent)
	assert sent.status == "DELETED"
	assert links.documents_of(Party(second.doctype, second.name)) == {}


def test_other_people_s_documents_are_not_there(ready: World, deal, sent):
	stranger = next(
		row
		for row in ready.sandbox.organisations[0].invoices
		if row.type == "ACCREC" and row.status == "AUTHORISED" and not row.amount_paid
	)
	assert refused(lambda: void(deal, stranger))[0] == "not_found"
	assert refused(lambda: void(deal, add_contact(ready, "Nobody")))[0] == "not_found"


def test_a_bill_is_none_of_ours_to_void(ready: World, deal):
	bill = next(
		row
		for row in ready.sandbox.organisations[0].invoices
		if row.type == "ACCPAY" and row.status == "AUTHORISED"
	)
	link(deal, bill, ready, links.DOCUMENT)
	assert refused(lambda: void(deal, bill))[0] == "not_voidable"


def test_voiding_is_for_who_may_send_and_may_change_the_record(ready: World, deal, sent, http, as_user):
	asked = {"doctype": deal.doctype, "name": deal.name, "document_id": sent.id, "reason": REASON}
	expected = {
		("Xero Sales", "Sales Manager"): 403,
		("Xero Viewer", "Sales Manager"): 403,
		("Xero Finance",): 403,
		("Xero Finance", "Sales Manager"): 200,
	}
	for roles, status in expected.items():
		assert sent.status == "DRAFT"
		with as_user(list(roles)) as user:
			pass
		assert http.login(user).post(VOID, **asked).status == status, roles
	ready.jobs.run_all()
	assert sent.status == "DELETED"


def test_deleting_the_record_here_deletes_nothing_there(ready: World, deal, sent):
	def delete() -> None:
		frappe.delete_doc(deal.doctype, deal.name, force=True)
		ready.jobs.run_all()

	assert calls(ready, delete) == []
	assert sent.status == "DRAFT"


def test_the_log_keeps_who_voided_what(ready: World, deal, sent):
	voided(ready, deal, sent)
	[row] = frappe.get_all("Xero Log", filters={"action": "Void"}, fields=["*"])
	assert (row.outcome, row.user, row.record_name) == ("Sent", "Administrator", deal.name)
	assert row.document == sent.id
	assert REASON in json.dumps(row.request)
