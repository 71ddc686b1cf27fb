"""Every answer of the sandbox validates against Xero's own OpenAPI files."""

from __future__ import annotations

import re
from typing import Any

import pytest

from xero_sandbox import Sandbox
from xero_sandbox.app import MODULES
from xero_sandbox.history import PLACES

from .conftest import Api, Got
from .openapi import (
	needs_openapi,
	operation,
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


ROUTES = sorted({(method, path) for module in MODULES for method, path, _, _ in module.ROUTES})


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_endpoint_of_the_sandbox_is_one_of_xeros(method: str, path: str) -> None:
	assert operation("accounting", re.sub(r"<\w+>", "id", path), method) is not None


@pytest.mark.parametrize("path", sorted(PLACES))
def test_history_validates_everywhere(sandbox: Sandbox, api: Api, path: str) -> None:
	books = sandbox.organisations[0]
	tables = {"Invoices": books.invoices, "Contacts": books.contacts, "CreditNotes": books.credit_notes}
	tables |= {
		"Prepayments": books.prepayments,
		"Overpayments": books.overpayments,
		"Payments": books.payments,
	}
	identity = books.items[0]["ItemID"] if path == "Items" else next(iter(tables[path])).id
	checked(api, "PUT", f"{path}/{identity}/History", {"HistoryRecords": [{"Details": "Seen"}]})
	found = checked(api, "GET", f"{path}/{identity}/History").json()["HistoryRecords"]
	assert found[0]["Details"] == "Seen"


@pytest.mark.parametrize("path", ["Prepayments", "Overpayments"])
def test_allocations_of_what_was_paid_too_early_or_too_much_validate(
	sandbox: Sandbox, api: Api, path: str
) -> None:
	source = next(
		row for row in getattr(sandbox.organisations[0], path.lower()) if row.is_sale and row.amount_due > 1
	)
	element = invoice(
		sandbox, Status="AUTHORISED", CurrencyCode=source.currency, Contact={"ContactID": source.contact.id}
	)
	target = checked(api, "PUT", "Invoices", {"Invoices": [element]}).json()["Invoices"][0]["InvoiceID"]
	body = {"Allocations": [{"Amount": 1, "Date": "2026-01-31", "Invoice": {"InvoiceID": target}}]}
	made = checked(api, "PUT", f"{path}/{source.id}/Allocations", body).json()["Allocations"][0][
		"AllocationID"
	]
	checked(api, "GET", f"{path}/{source.id}")
	checked(api, "GET", f"Invoices/{target}")
	checked(api, "DELETE", f"{path}/{source.id}/Allocations/{made}")
	body["Allocations"][0]["Amount"] = 10**9
	checked(api, "PUT", f"{path}/{source.id}/Allocations", body, status=400)


def test_an_email_validates(sandbox: Sandbox, api: Api) -> None:
	books = sandbox.organisations[1]
	api.tenant = books.id
	row = next(row for row in books.invoices if row.type == "ACCREC" and row.status in ("AUTHORISED", "PAID"))
	row.contact.fields["EmailAddress"] = "x@y.example"
	checked(api, "POST", f"Invoices/{row.id}/Email", status=204)
	row.contact.fields["EmailAddress"] = ""
	checked(api, "POST", f"Invoices/{row.id}/Email", status=400)
