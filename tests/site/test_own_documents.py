"""What Xero says of a sales invoice, written on it beside everything else that it holds."""

from decimal import Decimal
from uuid import uuid4

import frappe
import pytest

from tests import factories
from tests.fakes import a_contact, a_document
from xero_connector.site import links, mirror, own_documents
from xero_connector.site.links import Party

FIELDS = ("name", "modified", "modified_by", *own_documents.FIELDS)


@pytest.fixture
def organisation(site) -> str:
	factories.require("Sales Invoice", *own_documents.FIELDS)
	tenant = str(uuid4())
	frappe.get_doc(
		{
			"doctype": "Xero Organisation",
			"tenant_id": tenant,
			"organisation_name": "Northwind Books",
			"short_code": "!nw1",
			"base_currency": "USD",
			"time_zone": "UTC",
		}
	).insert(ignore_permissions=True)
	return tenant


def xero_contact(organisation: str) -> str:
	contact = a_contact(str(uuid4()), "Acme", organisation=organisation)
	mirror.save_contacts([contact])
	return contact.contact_id


def document(organisation: str, contact: str | None = None, **values) -> str:
	"""A document of the mirror: an authorised invoice of 120 that nothing is paid of, unless told otherwise."""
	known = {"number": "INV-0001", "total": Decimal(120), "amount_due": Decimal(120), **values}
	made = a_document(str(uuid4()), organisation=organisation, contact=contact, **known)
	mirror.save_documents([made])
	return made.document_id


def link(record, document_id: str, organisation: str, origin: str = links.CREATED) -> None:
	links.add(Party(record.doctype, record.name), links.DOCUMENT, document_id, organisation, origin)


def address(short_code: str | None, document_type: str, status: str, document_id: str) -> str:
	return f"https://go.xero.example/{short_code}/{document_type}/{document_id}".replace(" ", "")


def show(*document_ids: str) -> None:
	own_documents.show(document_ids, address)


def written(record) -> frappe._dict:
	return frappe.db.get_value(record.doctype, record.name, FIELDS, as_dict=True)


@pytest.mark.parametrize(
	("status", "due", "state", "outstanding"),
	[
		("Draft", 120, "Created", 120),
		("Submitted", 120, "Created", 120),
		("Authorised", 120, "Live", 120),
		("Authorised", 45.5, "Part Paid", 45.5),
		("Paid", 0, "Paid", 0),
		("Voided", 0, "Cancelled", 0),
		("Deleted", 0, "Cancelled", 0),
	],
)
def test_a_sales_invoice_says_how_it_stands_in_xero(organisation, status, due, state, outstanding):
	invoice = factories.sales_invoice()
	xero_id = document(organisation, status=status, amount_due=Decimal(str(due)))
	link(invoice, xero_id, organisation)
	show(xero_id)
	row = written(invoice)
	assert (row.xero_status, row.xero_sent, row.xero_outstanding) == (state, 1, outstanding)
	assert (row.xero_number, row.xero_url) == ("INV-0001", address("!nw1", "Invoice", "", xero_id))
	assert row.xero_sent_on == frappe.db.get_value("Xero Link", {"xero_id": xero_id}, "creation")


def test_nothing_else_of_the_invoice_changes(organisation):
	invoice = factories.sales_invoice()
	before = written(invoice)
	xero_id = document(organisation)
	link(invoice, xero_id, organisation)
	show(xero_id)
	after = written(invoice)
	assert (after.modified, after.modified_by) == (before.modified, before.modified_by)
	frappe.get_doc("Sales Invoice", invoice.name).save()


def test_what_is_written_already_is_not_written_again(organisation, monkeypatch):
	invoice = factories.sales_invoice()
	xero_id = document(organisation)
	link(invoice, xero_id, organisation)
	show(xero_id)
	monkeypatch.setattr(frappe.db, "set_value", lambda *_, **__: pytest.fail("written again"))
	show(xero_id)


def test_a_return_stands_as_its_credit_note_does_in_the_sign_of_its_own_amounts(organisation):
	invoice = factories.sales_invoice()
	invoice.submit()
	returned = factories.sales_return(invoice)
	note = document(organisation, document_type="Credit Note", number="CN-7", amount_due=Decimal(30))
	link(returned, note, organisation)
	link(returned, document(organisation), organisation)
	show(note)
	row = written(returned)
	assert (row.xero_status, row.xero_number, row.xero_outstanding) == ("Part Paid", "CN-7", -30)


def test_an_invoice_does_not_stand_as_the_credit_note_that_is_linked_to_it(organisation):
	invoice = factories.sales_invoice()
	note = document(organisation, document_type="Credit Note")
	link(invoice, note, organisation)
	show(note)
	assert not written(invoice).xero_status


def test_the_one_that_was_made_anew_counts_and_not_the_voided_one(organisation):
	invoice = factories.sales_invoice()
	made_anew = document(organisation, number="INV-2")
	link(invoice, made_anew, organisation)
	link(invoice, voided := document(organisation, number="INV-1", status="Voided"), organisation)
	show(voided)
	assert written(invoice).xero_number == "INV-2"


def test_what_somebody_linked_does_not_take_the_place_of_what_was_made_here(organisation):
	invoice = factories.sales_invoice()
	link(invoice, document(organisation, number="INV-1"), organisation)
	link(invoice, other := document(organisation, number="INV-9"), organisation, links.BY_USER)
	show(other)
	assert written(invoice).xero_number == "INV-1"


def test_an_invoice_that_is_linked_to_nothing_any_more_says_nothing(organisation):
	invoice = factories.sales_invoice()
	xero_id = document(organisation)
	link(invoice, xero_id, organisation)
	show(xero_id)
	links.remove(Party("Sales Invoice", invoice.name), links.DOCUMENT, xero_id)
	own_documents.refresh([invoice.name], address)
	row = written(invoice)
	assert not any(row[field] for field in own_documents.FIELDS)
	assert own_documents.of(invoice.name, address) is None


def test_a_number_from_xero_is_never_markup(organisation):
	invoice = factories.sales_invoice()
	xero_id = document(organisation, number="<img src=x onerror=alert(1)>INV-1")
	link(invoice, xero_id, organisation)
	show(xero_id)
	assert "onerror" not in written(invoice).xero_number


def test_a_form_that_was_opened_before_does_not_take_it_back(organisation):
	invoice = factories.sales_invoice()
	opened = frappe.get_doc("Sales Invoice", invoice.name)
	xero_id = document(organisation)
	link(invoice, xero_id, organisation)
	show(xero_id)
	opened.remarks = "Call them"
	opened.save()
	assert written(invoice).xero_status == "Live"
	opened.submit()
	assert written(invoice).xero_status == "Live"


@pytest.mark.parametrize("moment", ["update after submit", "cancel"])
def test_a_submitted_form_does_not_take_it_back_either(organisation, moment):
	invoice = factories.sales_invoice()
	invoice.submit()
	opened = frappe.get_doc("Sales Invoice", invoice.name)
	xero_id = document(organisation)
	link(invoice, xero_id, organisation)
	show(xero_id)
	opened.cancel() if moment == "cancel" else opened.save()
	assert written(invoice).xero_status == "Live"


def test_an_amended_invoice_and_a_copy_start_without(organisation):
	invoice = factories.sales_invoice()
	invoice.submit()
	xero_id = document(organisation)
	link(invoice, xero_id, organisation)
	show(xero_id)
	invoice.reload().cancel()
	written_on = {field: value for field, value in written(invoice).items() if field in own_documents.FIELDS}
	assert written_on["xero_status"] == "Live"
	# Desk copies everything into an amendment
	amended = factories.sales_invoice(customer=invoice.customer, amended_from=invoice.name, **written_on)
	copied = frappe.copy_doc(invoice)
	copied.amended_from = None
	copied.insert()
	factories.registered(copied)
	for made in (amended, copied):
		assert not any(written(made)[field] for field in own_documents.FIELDS)


def test_the_customer_gets_the_xero_contact_of_their_invoice(organisation):
	invoice = factories.sales_invoice()
	modified = frappe.db.get_value("Customer", invoice.customer, "modified")
	contact = xero_contact(organisation)
	xero_id = document(organisation, contact)
	link(invoice, xero_id, organisation)
	show(xero_id)
	[linked] = links.contacts_of([Party("Customer", invoice.customer)])
	assert linked.contact == contact
	reference = frappe.db.get_value("Customer", invoice.customer, ["xero_reference", "modified"])
	assert reference == (contact, modified)


def test_a_customer_who_is_linked_already_keeps_their_xero_contact(organisation):
	invoice = factories.sales_invoice()
	own = xero_contact(organisation)
	customer = Party("Customer", invoice.customer)
	links.add(customer, links.CONTACT, own, organisation, links.BY_USER)
	xero_id = document(organisation, xero_contact(organisation))
	link(invoice, xero_id, organisation)
	show(xero_id)
	assert [each.contact for each in links.contacts_of([customer])] == [own]
	assert frappe.db.get_value("Customer", invoice.customer, "xero_reference") == own


def test_nobody_comes_to_see_a_stranger_s_money_by_writing_them_an_invoice(organisation):
	invoice, stranger = factories.sales_invoice(), factories.customer()
	contact = xero_contact(organisation)
	links.add(Party("Customer", stranger.name), links.CONTACT, contact, organisation, links.BY_USER)
	xero_id = document(organisation, contact)
	link(invoice, xero_id, organisation)
	show(xero_id)
	assert links.contacts_of([Party("Customer", invoice.customer)]) == []


def test_a_customer_s_form_does_not_take_the_reference_back(organisation):
	invoice = factories.sales_invoice()
	opened = frappe.get_doc("Customer", invoice.customer)
	contact = xero_contact(organisation)
	xero_id = document(organisation, contact)
	link(invoice, xero_id, organisation)
	show(xero_id)
	opened.save()
	assert frappe.db.get_value("Customer", invoice.customer, "xero_reference") == contact


def test_update_is_for_what_was_sent_and_is_neither_paid_nor_cancelled(organisation):
	by_status = {}
	for status in ("Draft", "Authorised", "Paid", "Voided"):
		by_status[status] = invoice = factories.sales_invoice()
		due = Decimal(0 if status in ("Paid", "Voided") else 120)
		xero_id = document(organisation, status=status, amount_due=due)
		link(invoice, xero_id, organisation)
		show(xero_id)
	not_sent = factories.sales_invoice()
	expected = sorted([by_status["Draft"].name, by_status["Authorised"].name])
	names = [*(invoice.name for invoice in by_status.values()), not_sent.name]
	assert own_documents.updatable(names) == expected
	assert set(expected) <= set(own_documents.updatable())
	assert own_documents.updatable(names[:1]) == names[:1]
	assert own_documents.updatable([]) == []


def test_an_invoice_that_is_cancelled_here_is_not_updated(organisation):
	invoice = factories.sales_invoice()
	invoice.submit()
	xero_id = document(organisation)
	link(invoice, xero_id, organisation)
	show(xero_id)
	assert own_documents.updatable([invoice.name]) == [invoice.name]
	invoice.reload().cancel()
	assert own_documents.updatable([invoice.name]) == []


def test_live_invoices_are_submitted_and_nothing_of_them_is_paid(site):
	factories.require("Sales Invoice")
	draft, live, part_paid, cancelled = (factories.sales_invoice() for _ in range(4))
	for invoice in (live, part_paid, cancelled):
		invoice.submit()
	frappe.db.set_value("Sales Invoice", part_paid.name, "outstanding_amount", 150)
	cancelled.cancel()
	found = set(own_documents.live_invoices())
	assert live.name in found
	assert not found & {draft.name, part_paid.name, cancelled.name}


def test_an_invoice_in_another_currency_is_live_while_all_of_it_is_due_in_the_company_s(site):
	factories.require("Sales Invoice")
	invoice = factories.sales_invoice()
	invoice.submit()
	values = {"party_account_currency": "EUR", "base_rounded_total": 180, "outstanding_amount": 180}
	frappe.db.set_value("Sales Invoice", invoice.name, values)
	assert invoice.name in own_documents.live_invoices()
	frappe.db.set_value("Sales Invoice", invoice.name, "outstanding_amount", 200)
	assert invoice.name not in own_documents.live_invoices()
