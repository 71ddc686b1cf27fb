"""Payments, allocations, e-mail and online invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from xero_sandbox.books import Document

from .conftest import Api, Got

LINE = {"Description": "Work", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200", "TaxType": "OUTPUT2"}


def contact(api: Api) -> str:
	return next(row.id for row in api.sandbox.organisations[0].contacts if row.status == "ACTIVE")


def made(api: Api, key: str = "Invoices", **more: Any) -> dict[str, Any]:
	"""An authorised document of 115.00 (100.00 and 15 % GST)."""
	element = {
		"Type": "ACCREC",
		"Status": "AUTHORISED",
		"Contact": {"ContactID": contact(api)},
		"LineItems": [LINE],
	}
	got = api.put(key, {key: [element | {"Date": "2026-01-15", "DueDate": "2026-02-15"} | more]})
	assert got.status == 200, got.body
	return got.json()[key][0]


def pay(api: Api, invoice: dict[str, Any], amount: Any, **more: Any) -> Got:
	element = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "091"}, "Amount": amount}
	return api.put("Payments", {"Payments": [element | {"Date": "2026-01-20"} | more]})


def read(api: Api, invoice: dict[str, Any]) -> dict[str, Any]:
	return api.get(f"Invoices/{invoice['InvoiceID']}").json()["Invoices"][0]


def amounts(row: dict[str, Any]) -> tuple[str, Decimal, Decimal, Decimal]:
	return row["Status"], row["AmountPaid"], row["AmountCredited"], row["AmountDue"]


def test_a_part_payment_leaves_the_invoice_authorised_and_the_rest_makes_it_paid(api: Api) -> None:
	invoice = made(api)
	assert pay(api, invoice, 40, Reference="first").status == 200
	row = read(api, invoice)
	assert amounts(row) == ("AUTHORISED", Decimal("40.00"), 0, Decimal("75.00"))
	assert row["Payments"][0]["Reference"] == "first"
	pay(api, invoice, 75, Date="2026-01-25")
	row = read(api, invoice)
	assert amounts(row) == ("PAID", Decimal("115.00"), 0, 0)
	assert row["FullyPaidOnDate"] == "/Date(1769299200000+0000)/"
	assert len(row["Payments"]) == 2


def test_deleting_a_payment_opens_the_invoice_again(api: Api) -> None:
	invoice = made(api)
	payment = pay(api, invoice, 115).json()["Payments"][0]["PaymentID"]
	got = api.post(f"Payments/{payment}", {"Status": "DELETED"})
	assert got.json()["Payments"][0]["Status"] == "DELETED"
	row = read(api, invoice)
	assert amounts(row) == ("AUTHORISED", 0, 0, Decimal("115.00"))
	assert row["Payments"] == []
	assert "FullyPaidOnDate" not in row
	assert api.post(f"Payments/{payment}", {"Status": "DELETED"}).status == 400
	assert {
		entry["Status"]
		for entry in api.get("Payments", where=f'PaymentID==guid("{payment}")').json()["Payments"]
	} == {"DELETED"}


@pytest.mark.parametrize(
	("amount", "more", "message"),
	[
		(115.01, {}, "exceeds the amount outstanding"),
		(0, {}, "greater than zero"),
		(-5, {}, "greater than zero"),
		(5, {"Account": {"Code": "200"}}, "bank account or accept payments"),
		(5, {"Account": {"Code": "999"}}, "Account could not be found"),
		(5, {"Invoice": {"InvoiceNumber": "INV-NONE"}}, "could not be found"),
	],
)
def test_a_wrong_payment_is_refused(api: Api, amount: Any, more: dict[str, Any], message: str) -> None:
	got = pay(api, made(api), amount, **more)
	assert got.status == 400
	assert message in got.messages()[0]


def test_a_draft_takes_no_payment(api: Api) -> None:
	assert "Authorised" in pay(api, made(api, Status="DRAFT"), 5).messages()[0]


def test_an_account_enabled_for_payments_or_a_bank_account_without_code_takes_them(api: Api) -> None:
	invoice = made(api)
	assert pay(api, invoice, 5, Account={"Code": "881"}).status == 200
	bank = next(row for row in api.sandbox.organisations[0].accounts if "Code" not in row)
	assert pay(api, invoice, 5, Account={"AccountID": bank["AccountID"]}).status == 200


def credit_note(api: Api, **more: Any) -> dict[str, Any]:
	return made(api, "CreditNotes", Type="ACCRECCREDIT", **more)


def allocate(api: Api, note: dict[str, Any], invoice: dict[str, Any], amount: Any) -> Got:
	body = {
		"Allocations": [
			{"Amount": amount, "Date": "2026-01-21", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
		]
	}
	return api.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", body)


def test_an_allocation_lowers_what_is_due_and_what_remains(api: Api) -> None:
	invoice, note = made(api), credit_note(api)
	assert note["RemainingCredit"] == Decimal("115.00")
	found = allocate(api, note, invoice, 15).json()["Allocations"][0]
	assert amounts(read(api, invoice)) == ("AUTHORISED", 0, Decimal("15.00"), Decimal("100.00"))
	assert read(api, invoice)["CreditNotes"][0]["CreditNoteID"] == note["CreditNoteID"]
	stored = api.get(f"CreditNotes/{note['CreditNoteID']}").json()["CreditNotes"][0]
	assert (stored["RemainingCredit"], len(stored["Allocations"])) == (Decimal("100.00"), 1)
	path = f"CreditNotes/{note['CreditNoteID']}/Allocations/{found['AllocationID']}"
	assert api.call("DELETE", path).json()["IsDeleted"] is True
	assert amounts(read(api, invoice)) == ("AUTHORISED", 0, 0, Decimal("115.00"))


def test_a_whole_allocation_pays_both(api: Api) -> None:
	invoice, note = made(api), credit_note(api)
	allocate(api, note, invoice, 115)
	assert read(api, invoice)["Status"] == "PAID"
	assert api.get(f"CreditNotes/{note['CreditNoteID']}").json()["CreditNotes"][0]["Status"] == "PAID"


def test_allocations_need_authorised_credit_the_same_contact_and_enough_of_it(api: Api) -> None:
	invoice = made(api)
	assert "Authorised" in allocate(api, credit_note(api, Status="DRAFT"), invoice, 5).messages()[0]
	assert "remaining credit" in allocate(api, credit_note(api), invoice, 116).messages()[0]
	other = api.put("Contacts", {"Contacts": [{"Name": "Other Ltd"}]}).json()["Contacts"][0]["ContactID"]
	foreign = credit_note(api, Contact={"ContactID": other})
	assert "same contact" in allocate(api, foreign, invoice, 5).messages()[0]


def test_prepayments_and_overpayments_can_be_allocated(api: Api) -> None:
	books = api.sandbox.organisations[0]
	for path, table in (("Prepayments", books.prepayments), ("Overpayments", books.overpayments)):
		source: Document = next(row for row in table if row.is_sale and row.amount_due > 0 and row.rate == 1)
		source.contact.status = "ACTIVE"
		invoice = made(api, Contact={"ContactID": source.contact.id})
		body = {
			"Allocations": [
				{"Amount": 1, "Date": "2026-01-21", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
			]
		}
		assert api.put(f"{path}/{source.id}/Allocations", body).status == 200
		row = read(api, invoice)
		assert row["AmountCredited"] == Decimal("1.00")
		assert len(row[path]) == 1


def test_an_online_invoice_exists_for_sales_that_are_no_drafts(api: Api) -> None:
	invoice = made(api)
	found = api.get(f"Invoices/{invoice['InvoiceID']}/OnlineInvoice").json()
	assert found["OnlineInvoices"][0]["OnlineInvoiceUrl"].startswith("https://in.xero.com/")
	assert api.get(f"Invoices/{made(api, Status='DRAFT')['InvoiceID']}/OnlineInvoice").status == 404


def test_a_demo_company_may_not_email_and_another_may(api: Api) -> None:
	assert api.post(f"Invoices/{made(api)['InvoiceID']}/Email", "").status == 400
	api.tenant = api.sandbox.organisations[1].id
	books = api.sandbox.organisations[1]
	invoice = next(
		row for row in books.invoices if row.type == "ACCREC" and row.status in ("AUTHORISED", "PAID")
	)
	invoice.contact.fields["EmailAddress"] = "x@y.example"
	invoice.sent_to_contact = False
	assert api.post(f"Invoices/{invoice.id}/Email", "").status == 204
	assert invoice.sent_to_contact


def test_an_approved_invoice_of_nothing_is_paid_at_once(api: Api) -> None:
	assert made(api, LineItems=[LINE | {"UnitAmount": 0}])["Status"] == "PAID"
