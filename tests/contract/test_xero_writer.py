"""Putting contacts and draft invoices into the emulator's books."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.contract.openapi import needs_openapi, validate_request_body
from tests.contract.test_xero_client import client_of
from xero_connector.core.drafting import Draft, Line, NewContact
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.sending import Books, Wish, deliver
from xero_connector.xero.writer import Writer
from xero_sandbox import Sandbox

ADA = NewContact(
	name="Ada & Söhne, Ltd",
	first_name="Ada",
	last_name="O'Neill",
	email_address="ada@example.com",
	phone="0049 (0)30 0123",
	address_line="Unter den Linden 1",
	city="Berlin",
	region="BE",
	postal_code="01067",
	country="Germany",
)
LINE = Line("Consulting “March”\nline two", Decimal("2.5"), Decimal("99.9999"), "200")
DRAFT = Draft("Demo", None, ADA, date(2026, 3, 1), date(2026, 3, 31), None, "NZD", (LINE,))
BACK_LINK = "https://crm.example.com/crm/deals/CRM-DEAL-1"
REFERENCE = "PO 778 · 7F3K9Q"


def writer_of(sandbox: Sandbox) -> Writer:
	return Writer(client_of(sandbox), "Demo")


def sent(sandbox: Sandbox) -> Any:
	"""The body of the last request."""
	return json.loads(sandbox.requests[-1].body, parse_float=Decimal)


def somebody(sandbox: Sandbox) -> Any:
	return next(row for row in sandbox.organisation().contacts if row.status == "ACTIVE")


def create(sandbox: Sandbox, **changes: Any) -> Any:
	options = {
		"draft": DRAFT,
		"contact_id": somebody(sandbox).id,
		"reference": REFERENCE,
		"back_link": BACK_LINK,
	}
	return writer_of(sandbox).create_invoice(**{**options, "idempotency_key": "key-invoice", **changes})


# contacts


def test_a_new_contact_gets_all_that_the_record_knows(sandbox: Sandbox) -> None:
	contact = writer_of(sandbox).create_contact(ADA, "key-contact")
	assert sent(sandbox)["Contacts"] == [
		{
			"Name": "Ada & Söhne, Ltd",
			"FirstName": "Ada",
			"LastName": "O'Neill",
			"EmailAddress": "ada@example.com",
			"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "0049 (0)30 0123"}],
			"Addresses": [
				{
					"AddressType": "POBOX",
					"AddressLine1": "Unter den Linden 1",
					"City": "Berlin",
					"Region": "BE",
					"PostalCode": "01067",
					"Country": "Germany",
				}
			],
		}
	]
	assert sandbox.requests[-1].method == "PUT"
	assert contact.contact_id in sandbox.organisation().contacts
	assert (contact.organisation, contact.contact_name, contact.phone) == ("Demo", ADA.name, ADA.phone)
	assert (contact.address_line, contact.postal_code) == (ADA.address_line, "01067")


def test_what_the_record_does_not_know_is_left_out(sandbox: Sandbox) -> None:
	writer_of(sandbox).create_contact(NewContact("Bare"), "key-contact")
	assert sent(sandbox) == {"Contacts": [{"Name": "Bare"}]}


def test_a_contact_is_found_by_its_name_whatever_the_case(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	found = writer_of(sandbox).find_contact(book.name.upper())
	assert found
	assert found.contact_id == book.id
	assert sandbox.requests[-1].query["where"] == f'Name=="{book.name.upper()}"'


def test_a_name_that_only_begins_alike_or_lacks_an_accent_is_another(sandbox: Sandbox) -> None:
	writer = writer_of(sandbox)
	writer.create_contact(NewContact("Café Noir"), "key-contact")
	assert writer.find_contact("Café") is None
	assert writer.find_contact("Cafe Noir") is None
	assert writer.find_contact("CAFÉ NOIR")


def test_an_archived_contact_is_not_found(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	sandbox.edit_contact(book.id, ContactStatus="ARCHIVED")
	assert writer_of(sandbox).find_contact(book.name) is None


@pytest.mark.parametrize(
	"name", ['The "Best" Shop', "back\\slash", 'ends with "', "a==b AND c", "100% & more + x"]
)
def test_a_name_with_marks_of_the_filter_language_is_found(sandbox: Sandbox, name: str) -> None:
	writer = writer_of(sandbox)
	made = writer.create_contact(NewContact(name), "key-contact")
	assert writer.find_contact(name) == made


def test_a_quotation_mark_never_reaches_the_filter(sandbox: Sandbox) -> None:
	writer_of(sandbox).find_contact('x" OR Name!="')
	assert sandbox.requests[-1].query["searchTerm"] == 'x" OR Name!="'
	assert "where" not in sandbox.requests[-1].query


def test_whoever_was_faster_with_the_name_gives_the_contact(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	contact = writer_of(sandbox).create_contact(NewContact(book.name, email_address="new@example.com"), "key")
	assert contact.contact_id == book.id
	assert contact.email_address == book.email


def test_a_name_that_xero_takes_for_another_ones_is_told(sandbox: Sandbox) -> None:
	taken = "The contact name Cafe Noir is already assigned to another contact."
	body = {"Type": "ValidationException", "Elements": [{"ValidationErrors": [{"Message": taken}]}]}
	sandbox.fault("status", "PUT", status=400, body=body)
	with pytest.raises(NeedsPerson) as caught:
		writer_of(sandbox).create_contact(NewContact("Cafe Noir"), "key")
	assert (caught.value.code, caught.value.values["field"]) == (Code.REJECTED, "contact_name")
	assert caught.value.values["message"] == taken


def test_a_contact_that_xero_refuses_is_told_in_its_words(sandbox: Sandbox) -> None:
	with pytest.raises(NeedsPerson) as caught:
		writer_of(sandbox).create_contact(NewContact("A", email_address="no address"), "key")
	assert (caught.value.code, caught.value.values["field"]) == (Code.REJECTED, "email_address")


# invoices


def test_a_draft_reaches_xero_with_every_digit(sandbox: Sandbox) -> None:
	document = create(sandbox)
	contact = somebody(sandbox)
	assert sent(sandbox)["Invoices"] == [
		{
			"Type": "ACCREC",
			"Status": "DRAFT",
			"Contact": {"ContactID": contact.id},
			"Date": "2026-03-01",
			"DueDate": "2026-03-31",
			"LineAmountTypes": "Exclusive",
			"Reference": REFERENCE,
			"CurrencyCode": "NZD",
			"Url": BACK_LINK,
			"LineItems": [
				{
					"Description": LINE.description,
					"Quantity": Decimal("2.5"),
					"UnitAmount": Decimal("99.9999"),
					"AccountCode": "200",
				}
			],
		}
	]
	assert sandbox.requests[-1].query == {"summarizeErrors": "true", "unitdp": "4"}
	book = sandbox.organisation().invoices[document.document_id]
	assert book.lines[0].unit_amount == Decimal("99.9999")
	assert (document.status, document.document_type, document.sub_total) == (
		"Draft",
		"Invoice",
		Decimal("250.00"),
	)
	assert (document.date, document.due_date) == (date(2026, 3, 1), date(2026, 3, 31))
	assert (document.contact, document.contact_name, document.url) == (contact.id, contact.name, BACK_LINK)


def test_a_line_without_an_account_is_sent_without_one(sandbox: Sandbox) -> None:
	create(sandbox, draft=replace(DRAFT, lines=(replace(LINE, account_code=None),)))
	assert "AccountCode" not in sent(sandbox)["Invoices"][0]["LineItems"][0]


@pytest.mark.parametrize(
	"link", ["", "/app/crm-deal/1", "crm.example.com/x", "javascript:alert(1)", "https://"]
)
def test_a_link_that_is_no_web_address_is_left_out(sandbox: Sandbox, link: str) -> None:
	assert create(sandbox, back_link=link).url is None
	assert "Url" not in sent(sandbox)["Invoices"][0]


def test_the_same_key_makes_one_invoice(sandbox: Sandbox) -> None:
	before = len(sandbox.organisation().invoices)
	assert create(sandbox) == create(sandbox)
	assert len(sandbox.organisation().invoices) == before + 1


def test_an_invoice_is_found_by_its_reference_whatever_its_status(sandbox: Sandbox) -> None:
	made = create(sandbox)
	sandbox.void(made.document_id)
	found = writer_of(sandbox).find_invoice(REFERENCE)
	assert found
	assert (found.document_id, found.status) == (made.document_id, "Deleted")


@pytest.mark.parametrize(
	"reference", ['12" pipes · 7F3K9Q', "C:\\x · 7F3K9Q", 'x" OR Type=="ACCPAY · 7F3K9Q']
)
def test_a_reference_with_marks_of_the_filter_language_is_found(sandbox: Sandbox, reference: str) -> None:
	made = create(sandbox, reference=reference)
	assert writer_of(sandbox).find_invoice(reference) == made


def test_a_reference_that_only_contains_the_wanted_one_is_another(sandbox: Sandbox) -> None:
	create(sandbox, reference='say "yes" twice')
	assert writer_of(sandbox).find_invoice('"yes"') is None
	assert writer_of(sandbox).find_invoice("say") is None


def test_a_reference_that_is_too_long_is_never_cut_short(sandbox: Sandbox) -> None:
	with pytest.raises(ValueError, match="255"):
		create(sandbox, reference="x" * 256)
	assert not sandbox.requests


def test_an_account_that_is_gone_is_a_warning_and_not_a_failure(sandbox: Sandbox) -> None:
	writer = writer_of(sandbox)
	draft = replace(DRAFT, lines=(replace(LINE, account_code="99999"),))
	made = writer.create_invoice(draft, somebody(sandbox).id, REFERENCE, BACK_LINK, "key-1")
	assert made.status == "Draft"
	assert "99999" in writer.warnings[0]
	writer.create_invoice(DRAFT, somebody(sandbox).id, REFERENCE, BACK_LINK, "key-2")
	assert writer.warnings == ()


def test_an_archived_contact_is_rejected_with_the_field_named(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	sandbox.edit_contact(book.id, ContactStatus="ARCHIVED")
	with pytest.raises(NeedsPerson) as caught:
		create(sandbox, contact_id=book.id)
	assert caught.value.code is Code.REJECTED
	assert "contact" in caught.value.values["message"].lower()
	assert caught.value.values["field"] == "contact_name"


def test_a_currency_that_the_organisation_lacks_is_rejected_with_the_field_named(sandbox: Sandbox) -> None:
	with pytest.raises(NeedsPerson) as caught:
		create(sandbox, draft=replace(DRAFT, currency="XAF"))
	assert (caught.value.code, caught.value.values["field"]) == (Code.REJECTED, "currency")


@pytest.mark.parametrize(
	"reply",
	[
		{
			"Invoices": [
				{"InvoiceID": "00000000-0000-0000-0000-000000000000", "Warnings": [{"Message": "No."}]}
			]
		},
		{"Invoices": []},
		{"Invoices": None},
	],
)
def test_an_answer_without_an_id_created_nothing(sandbox: Sandbox, reply: dict[str, Any]) -> None:
	sandbox.fault("status", "PUT", status=200, body=reply)
	with pytest.raises(NeedsPerson) as caught:
		create(sandbox)
	assert caught.value.code is Code.REJECTED


@needs_openapi
def test_bodies_are_as_xeros_openapi_file_wants_them(sandbox: Sandbox) -> None:
	writer_of(sandbox).create_contact(ADA, "key-contact")
	create(sandbox)
	bodies = [request for request in sandbox.requests if request.method == "PUT"]
	assert [request.path for request in bodies] == ["/api.xro/2.0/Contacts", "/api.xro/2.0/Invoices"]
	for request in bodies:
		validate_request_body(
			request.path.removeprefix("/api.xro/2.0"), request.method, json.loads(request.body)
		)


# one wish, one invoice


def test_a_lost_answer_never_makes_a_second_invoice(sandbox: Sandbox) -> None:
	"""The whole way of core.sending, with Xero's memory of the key already gone."""
	writer: Books = writer_of(sandbox)
	before = len(sandbox.organisation().invoices)
	sandbox.fault("drop_after", "PUT /api.xro/2.0/Invoices")
	with pytest.raises(WillRetry) as caught:
		deliver(Wish("key", DRAFT, REFERENCE, BACK_LINK, attempts=1), writer)
	assert caught.value.maybe_done
	sandbox.advance(7 * 60)
	delivered = deliver(Wish("key", DRAFT, REFERENCE, BACK_LINK, attempts=2), writer)
	assert delivered.document.reference == REFERENCE
	assert len(sandbox.organisation().invoices) == before + 1
	assert len([row for row in sandbox.organisation().contacts if row.name == ADA.name]) == 1
