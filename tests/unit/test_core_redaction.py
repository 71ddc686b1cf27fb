"""What the log keeps of an exchange: nothing personal, and of a batch a record's own part."""

from __future__ import annotations

import json
from typing import Any

import pytest

from xero_connector.core.redaction import MASK, Body, masked, redacted

CONTACT = {
	"ContactID": "0C4C",
	"Name": "Harbour Café",
	"FirstName": "Mia",
	"EmailAddress": "mia@harbour.example",
	"SkypeUserName": "mia.harbour",
	"BankAccountDetails": "12-3456-7890123-00",
	"TaxNumber": "123-456-789",
	"CompanyNumber": "9429000000000",
	"Phones": [
		{"PhoneType": "DEFAULT", "PhoneNumber": "5551234", "PhoneAreaCode": "09", "PhoneCountryCode": ""}
	],
	"Addresses": [{"AddressType": "POBOX", "AddressLine1": "PO Box 1", "City": "Nelson", "Country": "NZ"}],
	"ContactPersons": [{"FirstName": "Ann", "EmailAddress": "ann@harbour.example", "IncludeInEmails": True}],
	"BatchPayments": {"BankAccountNumber": "12-3456", "Code": "rent"},
}


def body(value: Any) -> Body:
	return Body(json.dumps(value).encode())


def test_what_could_reach_or_identify_a_person_is_masked_at_any_depth() -> None:
	assert redacted({"Invoices": [{"Contact": CONTACT}]})["Invoices"][0]["Contact"] == {
		"ContactID": "0C4C",
		"Name": "Harbour Café",
		"FirstName": "Mia",
		"EmailAddress": MASK,
		"SkypeUserName": MASK,
		"BankAccountDetails": MASK,
		"TaxNumber": MASK,
		"CompanyNumber": MASK,
		"Phones": [
			{"PhoneType": "DEFAULT", "PhoneNumber": MASK, "PhoneAreaCode": MASK, "PhoneCountryCode": ""}
		],
		"Addresses": [{"AddressType": "POBOX", "AddressLine1": MASK, "City": MASK, "Country": MASK}],
		"ContactPersons": [{"FirstName": "Ann", "EmailAddress": MASK, "IncludeInEmails": True}],
		"BatchPayments": {"BankAccountNumber": MASK, "Code": "rent"},
	}


def test_money_names_dates_and_references_stay() -> None:
	invoice = {
		"InvoiceID": "abc",
		"Reference": "CRM-DEAL-1",
		"Contact": {"Name": "Harbour Café"},
		"Date": "/Date(1772323200000+0000)/",
		"DueDateString": "2026-03-31T00:00:00+00:00",
		"Total": 1234.5,
		"LineItems": [{"Description": "Website", "TaxType": "OUTPUT2", "Quantity": 2, "UnitAmount": 0.0001}],
	}
	assert redacted(invoice) == invoice


@pytest.mark.parametrize(
	("text", "left"),
	[
		("Send to mia.o'neil+x@harbour.example, please", "Send to ***, please"),
		("mia@harbour is not a valid address.", "*** is not a valid address."),
		("Call +64 (21) 123-4567 now", "Call *** now"),
		("Authorization: Bearer abc.def", "Authorization: ***"),
		("token eyJhbGciOi.eyJzdWIi.c2ln was sent", "token *** was sent"),
		("The total is +1,234.50 @ 15 %, 12@3.50", "The total is +1,234.50 @ 15 %, 12@3.50"),
	],
)
def test_free_text_loses_addresses_numbers_and_tokens_and_nothing_else(text: str, left: str) -> None:
	assert masked(text) == left
	assert redacted({"ValidationErrors": [{"Message": text}]}) == {"ValidationErrors": [{"Message": left}]}


@pytest.mark.parametrize(
	"key", ["access_token", "refresh_token", "client_secret", "Authorization", "password"]
)
def test_a_secret_under_its_name_is_masked(key: str) -> None:
	assert redacted({"detail": {key: "s3cret"}}) == {"detail": {key: MASK}}


def test_an_answer_that_is_no_json_is_a_text() -> None:
	assert Body(b"Not for bob@example.com").part(frozenset(), narrow=True) == "Not for ***"
	assert Body("Grüße".encode("latin-1")).part(frozenset(), narrow=True) == "Gr\ufffd\ufffde"
	assert Body(None).part(frozenset(), narrow=True) is None
	assert Body(b"").part(frozenset(), narrow=True) is None


BATCH = {
	"Status": "OK",
	"Invoices": [
		{"InvoiceID": "AA-1", "Reference": "D-1", "Contact": {"EmailAddress": "a@b.example"}},
		{"InvoiceID": "BB-2", "Reference": "D-10"},
	],
}


def test_of_a_batch_only_the_elements_stay_that_mention_the_record() -> None:
	kept = body(BATCH).part(frozenset({"d-1"}), narrow=True)
	assert kept == {"Status": "OK", "Invoices": [{**BATCH["Invoices"][0], "Contact": {"EmailAddress": MASK}}]}
	assert body(BATCH).part(frozenset({"bb-2"}), narrow=False)["Invoices"] == [BATCH["Invoices"][1]]
	assert body(BATCH).part(frozenset({"d"}), narrow=True)["Invoices"] == []


def test_another_document_of_the_same_contact_or_product_is_not_the_records() -> None:
	same = {"Contact": {"ContactID": "C-1", "Name": "Harbour Café"}, "LineItems": [{"ItemCode": "SRV"}]}
	two = {"Invoices": [{"Reference": "D-1", **same}, {"Reference": "D-2", **same}]}
	mentioned = frozenset({"d-1", "c-1", "harbour café", "srv"})
	assert body(two).part(mentioned, narrow=True) == {"Invoices": [{"Reference": "D-1", **same}]}
	contacts = {"Contacts": [{"ContactID": "C-1"}, {"ContactID": "C-2"}]}
	assert body(contacts).part(mentioned, narrow=True) == {"Contacts": [{"ContactID": "C-1"}]}
	products = {"Items": [{"Code": "SRV"}, {"Code": "CBL"}]}
	assert body(products).part(mentioned, narrow=True) == {"Items": [{"Code": "SRV"}]}


def test_a_list_of_one_stays_for_a_record_that_was_alone() -> None:
	alone = {"Contacts": [{"Name": "Zoë"}]}
	assert body(alone).part(frozenset({"d-1"}), narrow=False) == alone
	assert body(alone).part(frozenset({"d-1"}), narrow=True) == {"Contacts": []}


def test_a_body_tells_whether_it_is_about_a_record() -> None:
	assert body(BATCH).is_about(frozenset({"x", "aa-1"}))
	assert not body(BATCH).is_about(frozenset({"x"}))
	assert body(BATCH).has_elements
	assert not body({"Status": "OK", "Invoices": []}).has_elements
	assert not Body(b"offline").has_elements
