"""Every answer of the sandbox validates against Xero's own OpenAPI files."""

from __future__ import annotations

from typing import Any

import pytest

from xero_sandbox import Sandbox

from .conftest import Api, Got
from .openapi import (
	needs_openapi,
	query_errors,
	request_errors,
	response_errors,
	validate_request_body,
	validate_response,
)

pytestmark = needs_openapi


def checked(api: Api, method: str, path: str, body: Any = None, status: int = 200, **query: Any) -> Got:
	"""Makes the call and validates what was sent and what came back."""
	if isinstance(body, (dict, list)):
		validate_request_body(f"/{path}", method, body)
	assert query_errors(f"/{path}", method, set(query)) == []
	got = api.call(method, path, body, None, **query)
	assert got.status == status, got.body
	validate_response(f"/{path}", method, got.status, got.json() if got.body else None)
	return got


def first(sandbox: Sandbox, table: str) -> str:
	return next(iter(getattr(sandbox.organisations[0], table))).id


LISTS = [
	"Accounts",
	"TaxRates",
	"Currencies",
	"BrandingThemes",
	"TrackingCategories",
	"Items",
	"ContactGroups",
]
LISTS += [
	"Organisation",
	"Organisation/Actions",
	"Contacts",
	"Invoices",
	"CreditNotes",
	"Payments",
	"Prepayments",
]
LISTS += ["Overpayments"]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_validates(api: Api, path: str) -> None:
	checked(api, "GET", path)


PAGED = ["Contacts", "Invoices", "CreditNotes", "Payments", "Prepayments", "Overpayments"]


@pytest.mark.parametrize("path", PAGED)
def test_a_page_validates_for_both_organisations(sandbox: Sandbox, api: Api, path: str) -> None:
	for organisation in sandbox.organisations:
		api.tenant = organisation.id
		checked(api, "GET", path, page=1, pageSize=1000)


@pytest.mark.parametrize("path", ["Invoices", "Contacts"])
def test_a_summary_validates(api: Api, path: str) -> None:
	checked(api, "GET", path, summaryOnly="True")


def test_every_document_validates_alone(sandbox: Sandbox, api: Api) -> None:
	sandbox.limits.set(minute=None)
	books = sandbox.organisations[0]
	for row in books.invoices:
		checked(api, "GET", f"Invoices/{row.id}", unitdp=4)
	for row in books.credit_notes:
		checked(api, "GET", f"CreditNotes/{row.id}")


SINGLES = [("Contacts", "contacts"), ("Payments", "payments"), ("Prepayments", "prepayments")]
SINGLES += [("Overpayments", "overpayments")]


@pytest.mark.parametrize(("path", "table"), SINGLES)
def test_a_single_element_validates(sandbox: Sandbox, api: Api, path: str, table: str) -> None:
	checked(api, "GET", f"{path}/{first(sandbox, table)}")


def test_single_settings_validate(sandbox: Sandbox, api: Api) -> None:
	books = sandbox.organisations[0]
	checked(api, "GET", f"Accounts/{books.accounts[0]['AccountID']}")
	checked(api, "GET", f"Items/{books.items[0]['ItemID']}")
	checked(api, "GET", f"TrackingCategories/{books.tracking_categories[0]['TrackingCategoryID']}")
	checked(api, "GET", f"BrandingThemes/{books.branding_themes[0]['BrandingThemeID']}")
	checked(api, "GET", "TaxRates/OUTPUT2")
	group = checked(api, "GET", f"ContactGroups/{books.contact_groups[0]['ContactGroupID']}").json()
	assert group["ContactGroups"][0]["Contacts"]


def test_written_contacts_validate(sandbox: Sandbox, api: Api) -> None:
	body = {"Contacts": [{"Name": "Zebra Ltd", "EmailAddress": "z@zebra.example", "Phones": [PHONE]}]}
	made = checked(api, "PUT", "Contacts", body).json()["Contacts"][0]
	checked(
		api,
		"POST",
		"Contacts",
		{"Contacts": [{"Name": "Zebra Ltd", "FirstName": "Zoë"}]},
		summarizeErrors="false",
	)
	checked(api, "POST", f"Contacts/{made['ContactID']}", {"Contacts": [{"ContactStatus": "ARCHIVED"}]})
	checked(api, "PUT", "Contacts", {"Contacts": [{"Name": "A < B"}]}, status=400)


PHONE = {"PhoneType": "MOBILE", "PhoneNumber": "123 456", "PhoneAreaCode": "021", "PhoneCountryCode": "64"}
LINE = {"Description": "Work", "Quantity": 2, "UnitAmount": 50, "AccountCode": "200", "TaxType": "OUTPUT2"}


def invoice(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
	contact = next(row for row in sandbox.organisations[0].contacts if row.status == "ACTIVE")
	base = {
		"Type": "ACCREC",
		"Contact": {"ContactID": contact.id},
		"LineItems": [LINE],
		"DueDate": "2030-01-31",
	}
	return base | more


def test_written_documents_and_payments_validate(sandbox: Sandbox, api: Api) -> None:
	made = checked(api, "PUT", "Invoices", {"Invoices": [invoice(sandbox, Status="AUTHORISED")]}, unitdp=4)
	identity = made.json()["Invoices"][0]["InvoiceID"]
	checked(api, "POST", f"Invoices/{identity}", {"Invoices": [{"Reference": "R1"}]})
	credit = {
		"Type": "ACCRECCREDIT",
		"Status": "AUTHORISED",
		"Contact": invoice(sandbox)["Contact"],
		"LineItems": [LINE],
	}
	note = checked(api, "PUT", "CreditNotes", {"CreditNotes": [credit]}).json()["CreditNotes"][0][
		"CreditNoteID"
	]
	applied = {"Allocations": [{"Amount": 15, "Date": "2026-01-31", "Invoice": {"InvoiceID": identity}}]}
	found = checked(api, "PUT", f"CreditNotes/{note}/Allocations", applied).json()["Allocations"][0]
	pay = {
		"Payments": [
			{
				"Invoice": {"InvoiceID": identity},
				"Account": {"Code": "091"},
				"Amount": 20,
				"Date": "2026-01-31",
			}
		]
	}
	payment = checked(api, "PUT", "Payments", pay).json()["Payments"][0]["PaymentID"]
	checked(api, "GET", f"Invoices/{identity}")
	checked(api, "POST", f"Payments/{payment}", {"Status": "DELETED"})
	checked(api, "DELETE", f"CreditNotes/{note}/Allocations/{found['AllocationID']}")
	checked(api, "GET", f"Invoices/{identity}/OnlineInvoice")
	checked(api, "PUT", f"Invoices/{identity}/History", {"HistoryRecords": [{"Details": "Called them"}]})
	checked(api, "GET", f"Invoices/{identity}/History")


def test_refused_documents_validate(sandbox: Sandbox, api: Api) -> None:
	bad = invoice(sandbox, Status="AUTHORISED", LineItems=[])
	checked(api, "PUT", "Invoices", {"Invoices": [bad]}, status=400)
	got = checked(
		api, "PUT", "Invoices", {"Invoices": [bad, invoice(sandbox)]}, summarizeErrors="false"
	).json()
	assert [row["StatusAttributeString"] for row in got["Invoices"]] == ["ERROR", "OK"]
	checked(api, "GET", "Invoices", status=400, where='Status=="')


def test_written_settings_validate(sandbox: Sandbox, api: Api) -> None:
	item = {"Code": "NEW-1", "Name": "New", "SalesDetails": {"UnitPrice": 1.2345, "AccountCode": "200"}}
	made = checked(api, "PUT", "Items", {"Items": [item]}, unitdp=4).json()["Items"][0]
	checked(api, "POST", f"Items/{made['ItemID']}", {"Items": [{"Code": "NEW-1", "Name": "Newer"}]})
	checked(api, "DELETE", f"Items/{made['ItemID']}", status=204)
	checked(api, "PUT", "Currencies", {"Code": "EUR"})
	rate = {"Name": "Half GST", "TaxComponents": [{"Name": "GST", "Rate": 7.5}]}
	checked(api, "PUT", "TaxRates", {"TaxRates": [rate]})
	group = checked(api, "PUT", "ContactGroups", {"ContactGroups": [{"Name": "VIP"}]}).json()[
		"ContactGroups"
	][0]
	member = {"Contacts": [{"ContactID": first(sandbox, "contacts")}]}
	path = f"ContactGroups/{group['ContactGroupID']}"
	checked(api, "PUT", f"{path}/Contacts", member)
	checked(api, "POST", path, {"ContactGroups": [{"Name": "VIPs"}]})
	checked(api, "DELETE", f"{path}/Contacts/{first(sandbox, 'contacts')}", status=204)


def test_connections_validate(api: Api) -> None:
	got = api.get("/connections")
	validate_response("/connections", "GET", got.status, got.json())


def test_the_validator_refuses_what_xero_would_not_send() -> None:
	assert response_errors("/Invoices", "GET", 200, {"Invoices": [{"Type": "FOO"}]})
	assert response_errors("/Invoices", "GET", 200, {"Invoices": [{"Date": "2026-01-31"}]})
	assert response_errors("/Invoices", "GET", 200, {"Invoices": [{"InvoiceID": "7"}]})
	assert response_errors("/Invoices", "GET", 200, {"Invoices": [{"Ammount": 7}]})
	assert request_errors("/Invoices", "PUT", {"Invoices": [{"LineItems": [{"Quantity": "x"}]}]})
	assert request_errors("/Contacts", "PUT", {"Contacts": [{"Nmae": "x"}]})
