"""Writing contacts: unique names, the silent upsert of POST, create-only PUT, merging."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api

TAKEN = "is already assigned to another contact. The contact name must be unique across all active contacts."


def put(api: Api, **contact: Any) -> Any:
	return api.put("Contacts", {"Contacts": [contact]})


def post(api: Api, **contact: Any) -> dict[str, Any]:
	got = api.post("Contacts", {"Contacts": [contact]})
	assert got.status == 200, got.body
	return got.json()["Contacts"][0]


def active_name(api: Api) -> str:
	return next(row.name for row in api.sandbox.organisations[0].contacts if row.status == "ACTIVE")


def test_put_creates_a_contact_with_what_every_contact_has(api: Api) -> None:
	made = put(api, Name="Zebra Ltd", EmailAddress="z@zebra.example", ContactNumber="crm-1").json()[
		"Contacts"
	][0]
	read = api.get(f"Contacts/{made['ContactID']}").json()["Contacts"][0]
	assert (read["Name"], read["ContactNumber"], read["ContactStatus"]) == ("Zebra Ltd", "crm-1", "ACTIVE")
	assert (read["IsCustomer"], read["IsSupplier"]) == (False, False)
	assert len(read["Phones"]) == 4
	assert len(read["Addresses"]) == 2


def test_put_of_a_taken_name_is_refused_in_whatever_case(api: Api) -> None:
	name = active_name(api)
	got = put(api, Name=name.upper())
	assert got.status == 400
	assert got.json()["Type"] == "ValidationException"
	assert got.json()["ErrorNumber"] == 10
	assert got.messages() == [f"The contact name {name.upper()} {TAKEN}"]


def test_names_that_differ_in_accents_only_are_the_same_name(api: Api) -> None:
	assert put(api, Name="Café Noir").status == 200
	assert put(api, Name="CAFE NOIR").messages() == [f"The contact name CAFE NOIR {TAKEN}"]


def test_put_of_a_taken_number_is_refused(api: Api) -> None:
	post(api, Name="Zebra Ltd", ContactNumber="crm-1")
	assert "crm-1" in put(api, Name="Other Ltd", ContactNumber="crm-1").messages()[0]


def test_the_name_of_an_archived_contact_is_free(api: Api) -> None:
	archived = next(row for row in api.sandbox.organisations[0].contacts if row.status == "ARCHIVED")
	assert put(api, Name=archived.name).status == 200
	got = api.post(f"Contacts/{archived.id}", {"Contacts": [{"ContactStatus": "ACTIVE"}]})
	assert TAKEN in got.messages()[0]


def test_post_silently_changes_the_contact_of_the_same_name(api: Api) -> None:
	made = post(api, Name="Zebra Ltd", FirstName="Zoë", EmailAddress="z@zebra.example")
	count = len(api.sandbox.organisations[0].contacts)
	again = post(api, Name="zebra ltd", FirstName="Zed")
	assert again["ContactID"] == made["ContactID"]
	assert again["FirstName"] == "Zed"
	assert again["EmailAddress"] == "z@zebra.example"
	assert len(api.sandbox.organisations[0].contacts) == count


def test_post_matches_by_number_before_name(api: Api) -> None:
	made = post(api, Name="Zebra Ltd", ContactNumber="crm-1")
	renamed = post(api, Name="Zebra Limited", ContactNumber="crm-1")
	assert renamed["ContactID"] == made["ContactID"]
	assert renamed["Name"] == "Zebra Limited"


@pytest.mark.parametrize(
	"contact",
	[
		{"Name": "A <b>"},
		{"Name": " Leading"},
		{"Name": "Two  spaces"},
		{"Name": ""},
		{"Name": "x" * 256},
		{"Name": "Fine", "EmailAddress": "müller@firma.example"},
		{"Name": "Fine", "EmailAddress": "no-at-sign"},
		{"Name": "Fine", "ContactNumber": "x" * 51},
		{"Name": "Fine", "ContactStatus": "GONE"},
		{"Name": "Fine", "Phones": [{"PhoneType": "MOBILE", "PhoneAreaCode": "x" * 11}]},
		{"Name": "Fine", "Phones": [{"PhoneType": "HOME", "PhoneNumber": "1"}]},
		{"Name": "Fine", "Addresses": [{"AddressType": "STREET", "City": "x" * 256}]},
		{"Name": "Fine", "ContactPersons": [{"FirstName": "A"}] * 6},
	],
)
def test_a_contact_that_xero_would_not_take_is_refused(api: Api, contact: dict[str, Any]) -> None:
	got = put(api, **contact)
	assert got.status == 400
	assert got.messages()


def test_persons_are_replaced_as_a_whole_and_phones_by_kind(api: Api) -> None:
	phones = [{"PhoneType": "MOBILE", "PhoneNumber": "1", "PhoneAreaCode": "021", "PhoneCountryCode": "64"}]
	made = post(api, Name="Zebra Ltd", ContactPersons=[{"FirstName": "A"}, {"FirstName": "B"}], Phones=phones)
	again = post(api, ContactID=made["ContactID"], Name="Zebra Ltd", ContactPersons=[{"FirstName": "C"}])
	assert [row["FirstName"] for row in again["ContactPersons"]] == ["C"]
	mobile = next(row for row in again["Phones"] if row["PhoneType"] == "MOBILE")
	assert (mobile["PhoneAreaCode"], mobile["PhoneNumber"]) == ("021", "1")


def test_customer_and_supplier_flags_cannot_be_written(api: Api) -> None:
	assert post(api, Name="Zebra Ltd", IsCustomer=True, IsSupplier=True)["IsCustomer"] is False


def test_two_of_the_same_name_in_one_request_are_refused_as_a_whole(api: Api) -> None:
	count = len(api.sandbox.organisations[0].contacts)
	got = api.put("Contacts", {"Contacts": [{"Name": "Twin"}, {"Name": "Twin"}]})
	assert got.status == 400
	assert len(api.sandbox.organisations[0].contacts) == count


def test_with_summarize_errors_false_each_element_has_its_own_result(api: Api) -> None:
	body = {"Contacts": [{"Name": "Good"}, {"Name": "<bad>"}, {"Name": "Good too"}]}
	got = api.put("Contacts", body, summarizeErrors="False")
	assert got.status == 200
	found = got.json()["Contacts"]
	assert [row["StatusAttributeString"] for row in found] == ["OK", "ERROR", "OK"]
	assert found[1]["ContactID"] == "00000000-0000-0000-0000-000000000000"
	assert found[1]["ValidationErrors"]


def test_a_rename_shows_in_the_contacts_documents(api: Api) -> None:
	invoice = next(iter(api.sandbox.organisations[0].invoices))
	api.get(f"Invoices/{invoice.id}")
	before = invoice.updated
	api.control("edit_contact", contact_id=invoice.contact.id, Name="Renamed Ltd")
	assert api.get(f"Invoices/{invoice.id}").json()["Invoices"][0]["Contact"]["Name"] == "Renamed Ltd"
	assert invoice.updated == before


def test_a_merge_archives_the_loser_and_moves_its_documents(api: Api) -> None:
	books = api.sandbox.organisations[0]
	loser = next(iter(books.invoices)).contact
	winner = next(row for row in books.contacts if row.status == "ACTIVE" and row is not loser)
	moved = {row.id for row in books.documents_of[loser.id]}
	api.control("merge_contacts", loser=loser.id, winner=winner.id)
	row = api.get(f"Contacts/{loser.id}").json()["Contacts"][0]
	assert (row["ContactStatus"], row["MergedToContactID"]) == ("ARCHIVED", winner.id)
	assert moved <= {row.id for row in books.documents_of[winner.id]}


def test_balances_follow_the_open_documents(api: Api) -> None:
	books = api.sandbox.organisations[0]
	invoice = next(
		row for row in books.invoices if row.type == "ACCREC" and row.status == "AUTHORISED" and row.rate == 1
	)
	path = f"Contacts/{invoice.contact.id}"

	def receivable() -> dict[str, Any]:
		return api.get(path).json()["Contacts"][0]["Balances"]["AccountsReceivable"]

	before, due = receivable()["Outstanding"], invoice.amount_due
	contact_age = invoice.contact.updated
	api.sandbox.pay(invoice.id)
	assert before - receivable()["Outstanding"] == due
	assert invoice.contact.updated == contact_age


def test_history_takes_notes_of_at_most_2500_characters(api: Api) -> None:
	identity = next(iter(api.sandbox.organisations[0].contacts)).id
	note = {"HistoryRecords": [{"Details": "Met at the fair"}]}
	assert api.put(f"Contacts/{identity}/History", note).status == 200
	read = api.get(f"Contacts/{identity}/History").json()["HistoryRecords"]
	assert read[0]["Details"] == "Met at the fair"
	assert (
		api.put(f"Contacts/{identity}/History", {"HistoryRecords": [{"Details": "x" * 2501}]}).status == 400
	)
