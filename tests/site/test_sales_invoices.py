"""ERPNext's sales invoices on their way through Xero: submitted, approved, paid, returned, cancelled (R76-R80, R93)."""

import json
from decimal import Decimal

import frappe
import pytest

from tests import factories
from tests.site.sending import (
	calls,
	delivered,
	made,
	outcomes,
	prepare,
	refused,
	send,
	settings,
	wishes_for,
	worked,
)
from tests.xero_world import World
from xero_connector import reading
from xero_connector.api import drafts
from xero_connector.site import links
from xero_connector.site.links import Party


@pytest.fixture
def books(ready: World) -> World:
	factories.require("Sales Invoice", "xero_status")
	settings(auto_send="On Submit")
	return ready


def submitted(**values):
	invoice = factories.sales_invoice(**values)
	invoice.submit()
	return invoice


def sent(xero: World, **values):
	"""A submitted sales invoice and its document in Xero."""
	invoice = submitted(**values)
	xero.jobs.run_all()
	[document] = [each for each in made(xero) if invoice.name in each.reference]
	return invoice.reload(), document


def update(xero: World, *invoices) -> dict:
	names = [invoice.name for invoice in invoices]
	run = worked(xero, drafts.update_many(doctype="Sales Invoice", names=names))
	for invoice in invoices:
		invoice.reload()
	return run


# its life


def test_what_is_submitted_is_in_xero_with_its_own_number_as_the_reference(books: World):
	invoice, document = sent(books)
	assert document.reference.startswith(f"{invoice.name} · ")
	assert (document.status, document.date) == ("DRAFT", frappe.utils.getdate(invoice.posting_date))
	assert (invoice.xero_status, invoice.xero_sent, invoice.xero_number) == ("Created", 1, document.number)
	assert invoice.xero_sent_on
	assert document.id in invoice.xero_url


def test_the_customer_s_order_number_comes_first(books: World):
	invoice = submitted(po_no="PO 778")
	books.jobs.run_all()
	[document] = made(books)
	assert document.reference.startswith("PO 778 · ")
	assert invoice.reload().xero_number == document.number


def test_its_status_follows_xero_with_every_update(books: World):
	invoice, document = sent(books)
	total = float(document.total)
	books.sandbox.authorise(document.id)
	assert update(books, invoice)["rows"][0]["message"] == "Live"
	assert (invoice.xero_status, invoice.xero_outstanding) == ("Live", total)
	books.sandbox.pay(document.id, "50.00")
	update(books, invoice)
	assert (invoice.xero_status, invoice.xero_outstanding) == ("Part Paid", total - 50)
	books.sandbox.pay(document.id)
	update(books, invoice)
	assert (invoice.xero_status, invoice.xero_outstanding) == ("Paid", 0)


def test_what_is_paid_or_voided_is_not_asked_about_again(books: World):
	(paid, first), (voided, second) = sent(books), sent(books)
	books.sandbox.authorise(first.id)
	books.sandbox.pay(first.id)
	books.sandbox.void(second.id)
	update(books, paid, voided)
	assert (paid.xero_status, voided.xero_status) == ("Paid", "Cancelled")
	answers: list[dict] = []
	assert calls(books, lambda: answers.append(update(books, paid, voided))) == []
	assert set(outcomes(answers[0]).values()) == {"skipped"}


def test_the_customer_gets_the_reference_of_their_xero_contact(books: World):
	invoice, document = sent(books)
	reference = frappe.db.get_value("Customer", invoice.customer, "xero_reference")
	assert reference == document.contact.id
	[linked] = links.contacts_of([Party("Customer", invoice.customer)])
	assert linked.contact == document.contact.id
	_second, next_document = sent(books, customer=invoice.customer)
	assert next_document.contact is document.contact


def test_in_the_mode_two_way_it_follows_with_every_reading(books: World):
	settings(mode="Two-way")
	invoice, document = sent(books)
	books.sandbox.authorise(document.id)
	books.sandbox.pay(document.id, "50.00")
	books.read()
	invoice.reload()
	assert (invoice.xero_status, invoice.xero_outstanding) == ("Part Paid", float(document.total) - 50)


def test_in_the_other_mode_it_says_what_was_asked_for_last(books: World):
	invoice, document = sent(books)
	books.sandbox.authorise(document.id)
	books.read()
	assert invoice.reload().xero_status == "Created"
	update(books, invoice)
	assert invoice.xero_status == "Live"


def test_one_that_is_an_invoice_itself_is_not_made_twice(books: World):
	invoice, _document = sent(books)
	shown = prepare(invoice)
	assert (shown["mode"], shown["sequence"]) == ("update", 1)
	values = {**shown["values"], "sequence": 2}
	assert refused(lambda: drafts.send(doctype=invoice.doctype, name=invoice.name, values=values)) == (
		"invalid_value",
		"sequence",
	)
	assert len(wishes_for(invoice)) == 1


# cancelled here


def test_cancelling_here_changes_nothing_in_xero(books: World):
	invoice, document = sent(books)

	def cancel() -> None:
		invoice.cancel()
		books.jobs.run_all()

	assert calls(books, cancel) == []
	assert document.status == "DRAFT"
	assert invoice.reload().xero_status == "Created"


def test_what_is_cancelled_before_it_was_sent_is_not_sent(books: World):
	invoice = submitted()
	invoice.cancel()
	assert calls(books, books.jobs.run_all) == []
	assert made(books) == []


def test_a_cancelled_one_is_left_out_of_lists(books: World):
	invoice, _document = sent(books)
	invoice.cancel()
	run = worked(books, drafts.send_many(doctype="Sales Invoice", names=[invoice.name]))
	assert outcomes(run) == {invoice.name: "skipped"}
	assert "cancelled" in run["rows"][0]["message"]


# returns (R93, R95, C19)


def test_a_return_is_a_credit_note_with_net_prices_and_its_own_state(books: World):
	invoice, _document = sent(
		books, items=[factories.listed_row(100, 15, qty=2)], taxes=[factories.tax_row(15)]
	)
	returned = factories.sales_return(invoice)
	returned.submit()
	books.jobs.run_all()
	[note] = made(books, "credit_notes")
	[line] = note.lines
	assert (line.quantity, line.unit_amount, line.discount_rate) == (2, 85, None)
	assert (float(note.total), note.due_date) == (-returned.grand_total, None)
	returned.reload()
	assert (returned.xero_status, returned.xero_number) == ("Created", note.number)
	books.sandbox.authorise(note.id)
	update(books, returned)
	assert (returned.xero_status, returned.xero_outstanding) == ("Live", returned.grand_total)


def test_a_return_of_some_of_it_credits_just_that(books: World):
	invoice, _document = sent(books, items=[factories.listed_row(100, 15, qty=4)])
	row = factories.listed_row(100, 15, qty=-1, item_name=invoice.items[0].item_name)
	returned = factories.sales_return(invoice, items=[row])
	returned.submit()
	books.jobs.run_all()
	[note] = made(books, "credit_notes")
	assert float(note.total) == -returned.grand_total == 85


# to the cent

ROWS = [(3, 33.33, 12.5), (2, 19.95, 0), (7, 14.29, 3.3)]


def rows() -> list[dict]:
	return [factories.listed_row(price, discount, qty=qty) for qty, price, discount in ROWS]


TOTALS = {
	"no tax": {},
	"tax on top": {"taxes": [{"rate": 15}]},
	"tax in the prices": {"taxes": [{"rate": 15, "included_in_print_rate": 1}]},
	"a discount on the net total": {
		"taxes": [{"rate": 15}],
		"apply_discount_on": "Net Total",
		"discount_amount": 12.34,
	},
	"a discount on the grand total": {
		"taxes": [{"rate": 15}],
		"apply_discount_on": "Grand Total",
		"additional_discount_percentage": 7.5,
	},
	"a discount on prices with tax": {
		"taxes": [{"rate": 15, "included_in_print_rate": 1}],
		"apply_discount_on": "Grand Total",
		"additional_discount_percentage": 7.5,
	},
}


@pytest.mark.parametrize("case", TOTALS)
def test_xero_s_total_is_the_record_s_to_the_cent(books: World, case):
	values = {**TOTALS[case]}
	taxes = [factories.tax_row(**row) for row in values.pop("taxes", [])]
	invoice, document = sent(books, items=rows(), taxes=taxes, **values)
	assert document.total == Decimal(str(invoice.get("rounded_total") or invoice.grand_total))
	assert invoice.xero_outstanding == float(document.total)


def test_a_line_with_a_tax_of_its_own_keeps_it(books: World):
	own = json.dumps({factories.tax_account(): 17.5})
	invoice, document = sent(
		books,
		items=[
			factories.item_row(qty=3, rate=9.99),
			factories.item_row(qty=1, rate=33.33, item_tax_rate=own),
		],
		taxes=[factories.tax_row(15)],
	)
	assert [line.tax_type for line in document.lines] == ["OUTPUT2", "TAX001"]
	assert document.total == Decimal(str(invoice.get("rounded_total") or invoice.grand_total))


def test_a_tax_that_xero_has_not_is_told_with_its_line_and_nothing_is_sent(books: World):
	invoice = submitted(taxes=[factories.tax_row(19)])
	assert calls(books, books.jobs.run_all) == []
	[row] = wishes_for(invoice)
	assert (row.state, row.error_code) == ("Needs Attention", "no_tax_rate")
	assert json.loads(row.error_values) == {"rate": "19", "field": "lines.0.tax_type"}
	assert not invoice.reload().xero_sent


def test_a_difference_that_the_form_makes_is_remarked(books: World):
	settings(auto_send="Off")
	invoice = submitted(items=[factories.item_row(qty=1, rate=100)])
	values = {**prepare(invoice)["values"]}
	assert _remarks(invoice, values) == []
	values["lines"][0]["unit_amount"] = "101"
	[remark] = _remarks(invoice, values)
	assert "1.00" in remark


def _remarks(invoice, values) -> list[str]:
	return drafts.preview(doctype=invoice.doctype, name=invoice.name, values=values)["remarks"]


def test_it_goes_to_the_organisation_of_its_company(xero: World):
	factories.require("Sales Invoice", "xero_status")
	first, second = xero.sandbox.organisations[:2]
	xero.connect(first.id, second.id)
	for each in (first, second):
		reading.read_organisation(each.id)
	rule = {"basis": "Company", "value": factories.company(), "organisation": second.id}
	settings(organisation_rules=[rule])
	currency = factories.currency()
	if currency not in {each["Code"] for each in second.currencies}:
		pytest.skip(f"the sandbox's second organisation has no {currency}")
	invoice = submitted()
	assert prepare(invoice)["organisation"] == second.id
	delivered(xero, invoice)
	assert [row.reference for row in second.invoices if invoice.name in (row.reference or "")]
	assert made(xero) == []


def test_a_draft_of_erpnext_can_be_sent_by_hand(books: World):
	invoice = factories.sales_invoice()
	assert send(invoice)["state"] == "Queued"
	books.jobs.run_all()
	assert invoice.reload().xero_status == "Created"
