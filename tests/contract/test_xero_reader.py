"""Reading an organisation of the emulator into the mirror's values."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.contract.test_xero_client import client_of
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Contact, Document, Endpoint
from xero_connector.xero.reader import Reader
from xero_sandbox import Sandbox


def reader_of(sandbox: Sandbox, page_size: int = 1000) -> Reader:
	return Reader(client_of(sandbox), "Demo", page_size)


def test_a_page_is_asked_for_in_the_order_of_change_with_all_that_exists(sandbox: Sandbox) -> None:
	reader_of(sandbox).page(Endpoint.CONTACTS, None, 1)
	[request] = sandbox.requests
	assert request.query == {
		"page": "1",
		"pageSize": "1000",
		"order": "UpdatedDateUTC ASC",
		"includeArchived": "true",
	}
	assert "If-Modified-Since" not in request.headers


@pytest.mark.parametrize("endpoint", [Endpoint.INVOICES, Endpoint.CREDIT_NOTES])
def test_documents_are_asked_for_with_four_decimals(sandbox: Sandbox, endpoint: Endpoint) -> None:
	reader_of(sandbox).page(endpoint, None, 1)
	assert sandbox.requests[0].query["unitdp"] == "4"


@pytest.mark.parametrize("endpoint", list(Endpoint))
def test_all_pages_together_are_the_whole_list_in_order(sandbox: Sandbox, endpoint: Endpoint) -> None:
	books = sandbox.organisation()
	tables = {
		Endpoint.CONTACTS: books.contacts,
		Endpoint.INVOICES: books.invoices,
		Endpoint.CREDIT_NOTES: books.credit_notes,
	}
	reader = reader_of(sandbox, page_size=7)
	first = reader.page(endpoint, None, 1)
	rows = [row for page in range(1, first.page_count + 1) for row in reader.page(endpoint, None, page).rows]
	assert first.item_count == len(rows) == len(tables[endpoint])
	assert {row[0] for row in rows} == {row.id for row in tables[endpoint]}
	assert [row.updated_utc for row in rows] == sorted(row.updated_utc for row in rows)


def test_only_what_changed_since_comes_in_whole_seconds_of_utc(sandbox: Sandbox) -> None:
	reader = reader_of(sandbox)
	everything = reader.page(Endpoint.INVOICES, None, 1).rows
	newest = everything[-1].updated_utc
	changed = reader.page(Endpoint.INVOICES, newest.astimezone(tz=None) + timedelta(microseconds=10), 1)
	assert sandbox.requests[-1].headers["If-Modified-Since"] == newest.strftime("%Y-%m-%dT%H:%M:%S")
	assert everything[-1] in changed.rows
	assert changed.item_count < len(everything)


def test_a_list_without_changes_is_an_empty_page(sandbox: Sandbox) -> None:
	reader = reader_of(sandbox)
	newest = reader.page(Endpoint.INVOICES, None, 1).rows[-1].updated_utc
	page = reader.page(Endpoint.INVOICES, newest + timedelta(days=1), 1)
	assert (list(page.rows), page.item_count) == ([], 0)


def test_every_document_agrees_with_the_books(sandbox: Sandbox) -> None:
	books, reader = sandbox.organisation(), reader_of(sandbox)
	for endpoint, table in ((Endpoint.INVOICES, books.invoices), (Endpoint.CREDIT_NOTES, books.credit_notes)):
		for row in reader.page(endpoint, None, 1).rows:
			assert isinstance(row, Document)
			book: Any = table[row.document_id]
			assert row.organisation == "Demo"
			assert (row.number, row.status) == (book.number, book.status.capitalize())
			assert (row.contact, row.contact_name) == (book.contact.id, book.contact.name)
			assert (row.date, row.currency, row.total) == (book.date, book.currency, book.total)
			assert (row.amount_paid, row.amount_credited) == (book.amount_paid, book.amount_credited)
			assert row.amount_due == book.amount_due
			if row.document_type in ("Invoice", "Bill"):
				assert sum(each.amount for each in row.payments) == row.amount_paid + row.amount_credited


def test_a_payment_shows_with_date_amount_and_reference(sandbox: Sandbox) -> None:
	book = next(
		row for row in sandbox.organisation().invoices if row.status == "AUTHORISED" and not row.payments
	)
	paid = sandbox.pay(book.id, "0.05")
	rows = reader_of(sandbox).page(Endpoint.INVOICES, None, 1).rows
	document = next(row for row in rows if isinstance(row, Document) and row.document_id == book.id)
	[payment] = [each for each in document.payments if each.payment_id == paid.id]
	assert (payment.kind, payment.date, payment.amount) == ("Payment", paid.date, Decimal("0.05"))
	assert rows[-1] == document


def test_every_contact_agrees_with_the_books(sandbox: Sandbox) -> None:
	books = sandbox.organisation()
	contacts = [
		row for row in reader_of(sandbox).page(Endpoint.CONTACTS, None, 1).rows if isinstance(row, Contact)
	]
	for row in contacts:
		book = books.contacts[row.contact_id]
		assert (row.contact_name, row.email_address) == (book.name, book.email)
		assert (row.is_customer, row.is_supplier) == (book.is_customer, book.is_supplier)
		assert row.status == book.status.capitalize()


def test_balances_are_those_that_xero_tells(sandbox: Sandbox) -> None:
	client = client_of(sandbox)
	raw = json.loads(client.get("get_contacts", page=1, include_archived=True), parse_float=Decimal)
	told = {row["ContactID"]: row["Balances"] for row in raw["Contacts"] if row.get("Balances")}
	rows = Reader(client, "Demo").page(Endpoint.CONTACTS, None, 1).rows
	assert any(balances["AccountsReceivable"]["Outstanding"] for balances in told.values())
	for row in rows:
		assert isinstance(row, Contact)
		if row.contact_id in told:
			receivable, payable = (
				told[row.contact_id]["AccountsReceivable"],
				told[row.contact_id]["AccountsPayable"],
			)
			assert (row.receivable_outstanding, row.receivable_overdue) == tuple(receivable.values())
			assert (row.payable_outstanding, row.payable_overdue) == tuple(payable.values())


def test_a_merged_contact_points_to_the_one_that_it_became(sandbox: Sandbox) -> None:
	loser, winner = [row.id for row in sandbox.organisation().contacts if row.status == "ACTIVE"][:2]
	sandbox.merge_contacts(loser, winner)
	rows = reader_of(sandbox).page(Endpoint.CONTACTS, None, 1).rows
	contact = next(row for row in rows if row.contact_id == loser)
	assert (contact.status, contact.merged_into) == ("Archived", winner)


def test_an_empty_answer_about_one_thing_means_that_it_is_not_found(sandbox: Sandbox) -> None:
	sandbox.fault("status", status=200, body={"Organisations": None})
	with pytest.raises(NeedsPerson) as caught:
		reader_of(sandbox).organisation()
	assert caught.value.code is Code.NOT_FOUND


def test_the_organisation_describes_itself(sandbox: Sandbox) -> None:
	"""By the name of its row in the mirror: a Custom Connection's client names no tenant."""
	books, found = sandbox.organisation(), reader_of(sandbox).organisation()
	assert (found.tenant_id, found.organisation_name) == ("Demo", books.name)
	assert (found.short_code, found.base_currency) == (books.short_code, books.base_currency)
	assert "/" in found.time_zone


def test_the_settings_lists_come_whole(sandbox: Sandbox) -> None:
	books, reader = sandbox.organisation(), reader_of(sandbox)
	assert {row.account_id for row in reader.accounts()} == {row["AccountID"] for row in books.accounts}
	assert any(row.account_class == "REVENUE" and row.status == "Active" for row in reader.accounts())
	assert {row.tax_type for row in reader.tax_rates()} <= {row["TaxType"] for row in books.tax_rates}
	assert any(row.applies_to_revenue and row.effective_rate > 0 for row in reader.tax_rates())
	assert {row.code for row in reader.items()} == {row["Code"] for row in books.items}


def test_branding_themes_and_currencies_come_whole(sandbox: Sandbox) -> None:
	books, reader = sandbox.organisation(), reader_of(sandbox)
	assert [tuple(row) for row in reader.branding_themes()] == [
		(row["BrandingThemeID"], "Demo", row["Name"], row["SortOrder"]) for row in books.branding_themes
	]
	assert reader.currencies() == [row["Code"] for row in books.currencies]


@pytest.mark.parametrize(
	("period", "year", "expected"),
	[
		(None, None, None),
		(date(2026, 3, 31), None, date(2026, 3, 31)),
		(date(2026, 3, 31), date(2026, 6, 30), date(2026, 6, 30)),
	],
)
def test_the_books_are_locked_until_the_later_of_two_dates(
	sandbox: Sandbox, period: date | None, year: date | None, expected: date | None
) -> None:
	sandbox.organisation().profile |= {"PeriodLockDate": period, "EndOfYearLockDate": year}
	assert reader_of(sandbox).organisation().locked_until == expected


def test_a_contact_says_when_it_pays_or_nothing_of_it(sandbox: Sandbox) -> None:
	first, *_, fifth = list(sandbox.organisation().contacts)[:5]
	contacts = {
		row.contact_id: row
		for row in reader_of(sandbox).page(Endpoint.CONTACTS, None, 1).rows
		if isinstance(row, Contact)
	}
	terms = [
		(contacts[row.id].payment_terms_day, contacts[row.id].payment_terms_type) for row in (first, fifth)
	]
	assert terms == [(20, "OFFOLLOWINGMONTH"), (0, None)]


def test_contacts_are_searched_for_by_a_part_of_name_or_address_and_archived_ones_are_not_found(
	sandbox: Sandbox,
) -> None:
	reader = reader_of(sandbox)
	by_name = reader.search_contacts("RIDGEWAY uni")
	assert [row.contact_name for row in by_name] == ["Ridgeway University"]
	assert [row.contact_id for row in reader.search_contacts("accounts@ridgeway")] == [by_name[0].contact_id]
	assert by_name[0].payment_terms_day == 20, "a whole contact, as the mirror wants it"
	assert reader.search_contacts("archived") == []
	assert len(sandbox.requests) == 3
	assert sandbox.requests[0].query == {"searchTerm": "RIDGEWAY uni", "page": "1", "pageSize": "20"}


def test_a_list_that_xero_does_not_count_is_counted_by_its_rows(sandbox: Sandbox) -> None:
	rows = [{"InvoiceID": str(number)} for number in range(3)]
	sandbox.fault("status", times=2, status=200, body={"Invoices": rows})
	reader = reader_of(sandbox, page_size=3)
	assert reader.page(Endpoint.INVOICES, None, 2)[1:] == (3, 6)
	reader = reader_of(sandbox, page_size=4)
	assert reader.page(Endpoint.INVOICES, None, 2)[1:] == (2, 7)


@pytest.mark.parametrize("endpoint", list(Endpoint))
def test_no_null_loses_a_page(sandbox: Sandbox, endpoint: Endpoint) -> None:
	client = client_of(sandbox)
	sample = msgspec.json.decode(client.get(f"get_{endpoint.value}", page=1))
	[fields] = [list(rows[0]) for rows in sample.values() if isinstance(rows, list)]
	sandbox.fault("null_fields", fields=[name for name in fields if not name.endswith("ID")], elements=None)
	page = Reader(client, "Demo").page(endpoint, None, 1)
	assert len(page.rows) == page.item_count > 0


@pytest.mark.parametrize("field", ["Status", "CurrencyCode", "Type", "LineAmountTypes"])
def test_no_value_that_xero_invents_loses_a_page(sandbox: Sandbox, field: str) -> None:
	sandbox.fault("unknown_enum", field=field, value="XCG", elements=None)
	page = reader_of(sandbox).page(Endpoint.INVOICES, None, 1)
	assert len(page.rows) == page.item_count > 0


def test_half_a_page_is_read_again_later(sandbox: Sandbox) -> None:
	sandbox.fault("half_body")
	reader = reader_of(sandbox)
	with pytest.raises(WillRetry) as caught:
		reader.page(Endpoint.INVOICES, None, 1)
	assert caught.value.code is Code.UNREADABLE
	assert reader.page(Endpoint.INVOICES, None, 1).rows


def busiest(sandbox: Sandbox) -> Any:
	books = sandbox.organisation()
	return max(books.contacts, key=lambda contact: len(books.documents_of[contact.id]))


@pytest.mark.parametrize("endpoint", [Endpoint.INVOICES, Endpoint.CREDIT_NOTES])
def test_the_documents_of_some_contacts_are_theirs_alone_and_all_of_them(
	sandbox: Sandbox, endpoint: Endpoint
) -> None:
	books = sandbox.organisation()
	wanted = sorted(books.contacts, key=lambda contact: -len(books.documents_of[contact.id]))[:3]
	table = books.invoices if endpoint is Endpoint.INVOICES else books.credit_notes
	expected = {row.id for row in table if row.contact in wanted}
	assert expected
	found = reader_of(sandbox).documents_of(endpoint, [contact.id for contact in wanted], None)
	assert {row.document_id for row in found} == expected
	assert len(sandbox.requests) == 1


def test_documents_of_a_contact_come_page_by_page(sandbox: Sandbox) -> None:
	contact = busiest(sandbox)
	everything = reader_of(sandbox).documents_of(Endpoint.INVOICES, [contact.id], None)
	paged = reader_of(sandbox, page_size=2).documents_of(Endpoint.INVOICES, [contact.id], None)
	assert [row.document_id for row in paged] == [row.document_id for row in everything]


def test_of_a_contacts_documents_only_what_changed_since_comes(sandbox: Sandbox) -> None:
	contact = busiest(sandbox)
	reader = reader_of(sandbox)
	everything = reader.documents_of(Endpoint.INVOICES, [contact.id], None)
	moment = everything[len(everything) // 2].updated_utc.replace(microsecond=0)
	since = reader.documents_of(Endpoint.INVOICES, [contact.id], moment)
	assert [row.document_id for row in since] == [
		row.document_id for row in everything if row.updated_utc >= moment
	]


def test_of_what_changed_since_nothing_is_skipped_although_the_list_moves(sandbox: Sandbox) -> None:
	reader = reader_of(sandbox, page_size=5)
	everything = reader_of(sandbox).page(Endpoint.INVOICES, None, 1).rows
	since = everything[10].updated_utc
	walk = reader.changes(Endpoint.INVOICES, since)
	first = next(walk)
	assert isinstance(first, Document)
	sandbox.edit_invoice(first.document_id, reference="moved to the end of the list")
	found = {first[0], *(row[0] for row in walk)}
	assert found >= {row[0] for row in everything[10:]}
	assert len(sandbox.requests) > 3


@pytest.mark.parametrize("document_type", ["Invoice", "Credit Note"])
def test_a_sales_document_comes_as_a_pdf(sandbox: Sandbox, document_type: str) -> None:
	books = sandbox.organisation()
	table, kind = (
		(books.invoices, "ACCREC") if document_type == "Invoice" else (books.credit_notes, "ACCRECCREDIT")
	)
	row = next(row for row in table if row.type == kind and row.status == "AUTHORISED")
	content = reader_of(sandbox).pdf(document_type, row.id)
	assert content.startswith(b"%PDF-")
	assert sandbox.requests[-1].headers["Accept"] == "application/pdf"


def test_an_approved_invoice_has_an_address_for_the_customer(sandbox: Sandbox) -> None:
	row = next(
		row for row in sandbox.organisation().invoices if row.type == "ACCREC" and row.status == "AUTHORISED"
	)
	assert reader_of(sandbox).online_invoice(row.id).startswith("https://in.xero.com/")


def test_an_online_invoice_without_an_address_is_not_found(sandbox: Sandbox) -> None:
	row = next(row for row in sandbox.organisation().invoices if row.status == "AUTHORISED")
	nothing = '{"OnlineInvoices": [{"OnlineInvoiceUrl": ""}]}'
	sandbox.fault("status", match="OnlineInvoice", status=200, body=nothing)
	with pytest.raises(NeedsPerson) as caught:
		reader_of(sandbox).online_invoice(row.id)
	assert caught.value.code is Code.NOT_FOUND


@pytest.mark.parametrize("endpoint", [Endpoint.INVOICES, Endpoint.CREDIT_NOTES])
def test_a_count_is_one_call_and_leaves_out_what_is_deleted(sandbox: Sandbox, endpoint: Endpoint) -> None:
	books = sandbox.organisation()
	table = books.invoices if endpoint is Endpoint.INVOICES else books.credit_notes
	next(iter(table)).status = "DELETED"
	alive = [row for row in table if row.status != "DELETED"]
	assert reader_of(sandbox).count(endpoint) == len(alive)
	[request] = sandbox.requests
	assert request.query["pageSize"] == "1"
