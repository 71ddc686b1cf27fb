"""Lists of the sandbox: paging, what they carry, If-Modified-Since, where, order and the list parameters."""

from __future__ import annotations

import contextlib
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_sandbox import Sandbox, query, where
from xero_sandbox.errors import Refusal

from .conftest import Api


def rows(api: Api, path: str, headers: dict[str, str] | None = None, **query: Any) -> list[dict[str, Any]]:
	got = api.get(path, headers, **query)
	assert got.status == 200, got.body
	return got.json()[path]


def iso(ms: int) -> str:
	return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def test_pages_cover_everything_once_and_tell_how_many(api: Api) -> None:
	total = len(api.sandbox.organisations[0].invoices)
	first = api.get("Invoices", page=1, pageSize=20).json()
	assert first["pagination"] == {
		"page": 1,
		"pageSize": 20,
		"pageCount": -(-total // 20),
		"itemCount": total,
	}
	seen = []
	for page in range(1, first["pagination"]["pageCount"] + 1):
		seen += [row["InvoiceID"] for row in rows(api, "Invoices", page=page, pageSize=20)]
	assert len(seen) == len(set(seen)) == total
	assert rows(api, "Invoices", page=99) == []


def test_the_page_size_is_100_by_default_and_clamped_at_1000(api: Api) -> None:
	assert api.get("Invoices", page=1).json()["pagination"]["pageSize"] == 100
	assert api.get("Invoices", page=1, pageSize=5000).json()["pagination"]["pageSize"] == 1000
	assert "pagination" not in api.get("Invoices", pageSize=5).json()


def test_a_list_without_page_has_neither_lines_nor_payments(api: Api) -> None:
	for row in rows(api, "Invoices"):
		assert not {"LineItems", "Payments", "CreditNotes"} & set(row)
	paged = rows(api, "Invoices", page=1)
	assert all("LineItems" in row and "Payments" in row for row in paged)
	assert any(row["Payments"] for row in paged)
	assert all("LineItems" in row for row in rows(api, "Invoices", Statuses="PAID"))


def test_summary_only_pages_and_keeps_the_amounts(api: Api) -> None:
	body = api.get("Invoices", summaryOnly="True").json()
	assert body["pagination"]["page"] == 1
	for row in body["Invoices"]:
		assert not {"LineItems", "Payments", "HasAttachments"} & set(row)
		assert {"AmountDue", "AmountPaid", "AmountCredited", "Total", "Status", "DateString"} <= set(row)


def test_contacts_carry_persons_and_balances_only_with_page(api: Api) -> None:
	late = {"ContactPersons", "ContactGroups", "Balances", "MergedToContactID", "HasAttachments"}
	assert all(not late & set(row) for row in rows(api, "Contacts", includeArchived="true"))
	paged = rows(api, "Contacts", page=1, includeArchived="true")
	assert any("Balances" in row for row in paged)
	assert any("MergedToContactID" in row for row in paged)
	assert all("ContactPersons" in row and "ContactGroups" in row for row in paged)
	summary = rows(api, "Contacts", page=1, summaryOnly="true")
	assert all(not {"Addresses", "IsCustomer", "IsSupplier", "Balances"} & set(row) for row in summary)


def test_archived_contacts_come_only_when_asked_for(api: Api) -> None:
	assert {row["ContactStatus"] for row in rows(api, "Contacts")} == {"ACTIVE"}
	assert "ARCHIVED" in {row["ContactStatus"] for row in rows(api, "Contacts", includeArchived="True")}


def test_every_contact_has_both_addresses_and_four_phones(api: Api) -> None:
	for row in rows(api, "Contacts", page=1):
		assert {entry["AddressType"] for entry in row["Addresses"]} == {"STREET", "POBOX"}
		assert {entry["PhoneType"] for entry in row["Phones"]} == {"DEFAULT", "DDI", "FAX", "MOBILE"}


def test_if_modified_since_includes_the_second_named(api: Api) -> None:
	ages = sorted(row.updated for row in api.sandbox.organisations[0].invoices)
	moment = ages[len(ages) // 2]
	expected = sum(1 for age in ages if age >= moment // 1000 * 1000)
	assert len(rows(api, "Invoices", {"If-Modified-Since": iso(moment)}, page=1)) == expected
	assert len(rows(api, "Invoices", {"If-Modified-Since": iso(ages[-1] + 1000)}, page=1)) == 0


def test_if_modified_since_is_a_header_and_no_parameter(api: Api) -> None:
	total = len(api.sandbox.organisations[0].invoices)
	assert len(rows(api, "Invoices", None, page=1, **{"If-Modified-Since": "2100-01-01T00:00:00"})) == total
	assert len(rows(api, "Invoices", {"If-Modified-Since": "last tuesday"}, page=1)) == total


def test_a_changed_document_moves_to_the_end_of_the_order(api: Api) -> None:
	order = "UpdatedDateUTC ASC"
	before = [row["InvoiceID"] for row in rows(api, "Invoices", page=1, order=order)]
	open_ones = {row.id for row in api.sandbox.organisations[0].invoices if row.status == "AUTHORISED"}
	moved = next(identity for identity in before if identity in open_ones)
	api.sandbox.pay(moved)
	after = [row["InvoiceID"] for row in rows(api, "Invoices", page=1, order=order)]
	assert after == [identity for identity in before if identity != moved] + [moved]


@pytest.mark.parametrize(
	"order", ["UpdatedDateUTC DESC", "Date", "InvoiceNumber DESC", "Total", "Contact.Name,Date DESC"]
)
def test_order_by_other_fields(api: Api, order: str) -> None:
	found = rows(api, "Invoices", page=1, pageSize=1000, order=order)
	assert len(found) == len(api.sandbox.organisations[0].invoices)
	if order == "Date":
		assert [row["DateString"] for row in found] == sorted(row["DateString"] for row in found)
	if order == "UpdatedDateUTC DESC":
		assert [row["UpdatedDateUTC"] for row in found] == sorted(
			(row["UpdatedDateUTC"] for row in found), reverse=True
		)


WHERES: list[tuple[str, Any]] = [
	('Status=="AUTHORISED"', lambda row: row.status == "AUTHORISED"),
	('Type=="ACCREC" AND Status=="PAID"', lambda row: row.type == "ACCREC" and row.status == "PAID"),
	('Type=="ACCREC" && AmountDue>0', lambda row: row.type == "ACCREC" and row.amount_due > 0),
	("AmountDue>=100.5 AND AmountDue<5000", lambda row: Decimal("100.5") <= row.amount_due < 5000),
	('(Status=="DRAFT" OR Status=="SUBMITTED")', lambda row: row.status in ("DRAFT", "SUBMITTED")),
	('Status!="PAID"', lambda row: row.status != "PAID"),
	("Reference!=null", lambda row: row.reference is not None),
	('InvoiceNumber.StartsWith("inv-000")', lambda row: (row.number or "").startswith("INV-000")),
	('Contact.Name.ToLower().Contains("university")', lambda row: "University" in row.contact.name),
]


@pytest.mark.parametrize(("text", "test"), WHERES, ids=[text for text, _ in WHERES])
def test_where_selects_as_documented(api: Api, text: str, test: Any) -> None:
	expected = {row.id for row in api.sandbox.organisations[0].invoices if test(row)}
	found = {row["InvoiceID"] for row in rows(api, "Invoices", page=1, where=text)}
	assert found == expected
	assert expected


def test_where_by_contact_guid_and_dates(api: Api) -> None:
	books = api.sandbox.organisations[0]
	row = next(iter(books.invoices))
	text = f'Contact.ContactID==guid("{row.contact.id}")'
	found = {entry["InvoiceID"] for entry in rows(api, "Invoices", where=text)}
	assert found == {item.id for item in books.invoices if item.contact is row.contact}
	text = f"Date>=DateTime({row.date.year},{row.date.month:02},{row.date.day:02}) AND Date<=DateTime({row.date:%Y,%m,%d})"
	found = {entry["InvoiceID"] for entry in rows(api, "Invoices", where=text)}
	assert found == {item.id for item in books.invoices if item.date == row.date}


def test_a_contact_is_found_by_name_whatever_case_and_accents(api: Api) -> None:
	found = rows(api, "Contacts", where='Name=="MAORI television cafe otautahi"')
	assert [row["Name"] for row in found] == ["Māori Television Café Ōtautahi"]
	found = rows(api, "Contacts", where='EmailAddress=="shared@group.example"')
	assert len(found) == 2


def test_quotes_in_a_where_are_escaped(api: Api) -> None:
	name = next(row.name for row in api.sandbox.organisations[0].contacts if '"' in row.name)
	escaped = name.replace('"', '\\"')
	assert [row["Name"] for row in rows(api, "Contacts", where=f'Name=="{escaped}"')] == [name]


@pytest.mark.parametrize(
	"text",
	['Status=="', "Nonsense==1", 'Status~"X"', 'Status=="A" AND', "Status", "Date>=DateTime(2026,13,1)"],
)
def test_a_where_that_cannot_be_read_is_a_query_error(api: Api, text: str) -> None:
	got = api.get("Invoices", where=text)
	assert got.status == 400
	assert got.json()["Type"] == "QueryParseException"


@given(st.text(max_size=40))
def test_any_text_as_where_is_read_or_refused_but_never_breaks(text: str) -> None:
	with contextlib.suppress(Refusal):
		assert where.parse(text or '"', query.INVOICE).uses


def test_an_unknown_order_is_a_query_error(api: Api) -> None:
	assert api.get("Invoices", order="Nonsense DESC").json()["Type"] == "QueryParseException"


def test_high_volume_refuses_filters_and_orders_without_an_index(sandbox: Sandbox, api: Api) -> None:
	sandbox.high_volume = 10
	assert api.get("Invoices", page=1, where='Status=="PAID"', order="UpdatedDateUTC ASC").status == 200
	for query_ in ({"where": "Total>5"}, {"where": 'Status=="A" OR Status=="B"'}, {"order": "Total"}):
		got = api.get("Invoices", page=1, **query_)
		assert (got.status, got.json()["ErrorNumber"]) == (400, 51)


def test_list_parameters_of_invoices(api: Api) -> None:
	books = list(api.sandbox.organisations[0].invoices)
	ids = {row.id for row in books[:3]}
	assert {row["InvoiceID"] for row in rows(api, "Invoices", IDs=",".join(ids))} == ids
	found = rows(api, "Invoices", InvoiceNumbers="INV-0001,INV-0002")
	assert {row["InvoiceNumber"] for row in found if row["Type"] == "ACCREC"} == {"INV-0001", "INV-0002"}
	found = rows(api, "Invoices", ContactIDs=books[0].contact.id, Statuses="PAID,DRAFT")
	assert {row["Status"] for row in found} <= {"PAID", "DRAFT"}
	assert {row["Contact"]["ContactID"] for row in found} <= {books[0].contact.id}
	reference = next(row.reference for row in books if row.reference)
	assert reference in {row.get("Reference") for row in rows(api, "Invoices", searchTerm=reference.lower())}
	assert rows(api, "Invoices", createdByMyApp="true") == []


def test_search_term_of_contacts_looks_at_name_person_and_email(api: Api) -> None:
	contact = next(
		row
		for row in api.sandbox.organisations[0].contacts
		if row.fields.get("LastName") and row.status == "ACTIVE"
	)
	assert contact.id in {
		row["ContactID"] for row in rows(api, "Contacts", searchTerm=contact.fields["LastName"])
	}
	assert [row["Name"] for row in rows(api, "Contacts", searchTerm="ridgeway.example")] == [
		"Ridgeway University"
	]


def test_too_many_ids_make_the_address_too_long(api: Api) -> None:
	identity = next(iter(api.sandbox.organisations[0].invoices)).id
	assert api.get("Invoices", IDs=",".join([identity] * 40)).status == 200
	assert api.get("Invoices", IDs=",".join([identity] * 60)).status == 414


def test_unit_amounts_have_two_decimals_unless_four_are_asked_for(api: Api) -> None:
	item = {row["Code"]: row for row in rows(api, "Items")}["CABLE-M"]
	assert item["SalesDetails"]["UnitPrice"] == Decimal("1.23")
	item = {row["Code"]: row for row in rows(api, "Items", unitdp=4)}["CABLE-M"]
	assert item["SalesDetails"]["UnitPrice"] == Decimal("1.2345")


def test_numbers_are_plain_decimals(api: Api) -> None:
	body = api.get("Invoices", page=1).body
	row = next(row for row in api.sandbox.organisations[0].invoices if row.total)
	assert f'"Total":{row.total:.2f}'.encode() in body


def test_without_json_in_accept_the_answer_is_xml(api: Api) -> None:
	got = api.get("Organisation", {"Accept": "*/*"})
	assert got.headers["Content-Type"].startswith("text/xml")
	assert got.body.startswith(b"<Response>")


def test_an_unknown_id_is_not_found_and_so_is_one_of_another_organisation(api: Api) -> None:
	foreign = next(iter(api.sandbox.organisations[1].invoices)).id
	assert api.get(f"Invoices/{foreign}").status == 404
	assert api.get("Contacts/no-such-number").status == 404
	assert api.get("Nonsense").status == 404


def test_a_contact_is_found_by_its_number(api: Api) -> None:
	row = next(row for row in api.sandbox.organisations[0].contacts if row.number)
	assert api.get(f"Contacts/{row.number}").json()["Contacts"][0]["ContactID"] == row.id


def test_a_pdf_comes_for_the_asking(api: Api) -> None:
	identity = next(iter(api.sandbox.organisations[0].invoices)).id
	for got in (
		api.get(f"Invoices/{identity}", {"Accept": "application/pdf"}),
		api.get(f"Invoices/{identity}/pdf"),
	):
		assert got.headers["Content-Type"] == "application/pdf"
		assert got.body.startswith(b"%PDF-")


def test_dates_are_the_same_calendar_day_in_both_forms(api: Api) -> None:
	for row in rows(api, "Invoices", page=1):
		ms = int(row["Date"].removeprefix("/Date(").removesuffix("+0000)/"))
		assert iso(ms) == row["DateString"]


def test_settings_take_where_and_tracking_hides_the_archived(api: Api) -> None:
	found = rows(api, "Accounts", where='Class=="REVENUE" AND Status=="ACTIVE"')
	assert {row["Class"] for row in found} == {"REVENUE"}
	assert [row["Name"] for row in rows(api, "TrackingCategories")] == ["Region", "Salesperson"]
	assert len(rows(api, "TrackingCategories", includeArchived="true")) == 3
	assert rows(api, "Accounts", {"If-Modified-Since": "2100-01-01T00:00:00"}) == []
	assert rows(api, "TaxRates", {"If-Modified-Since": "2100-01-01T00:00:00"}) != []
