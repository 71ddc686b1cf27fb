"""What a person sees: the list of organisations, documents with their buttons, and the targets of deep links."""

from __future__ import annotations

import re
from urllib.parse import quote

from .conftest import Api


def test_the_home_page_lists_the_organisations(api: Api) -> None:
	page = api.get("/").body.decode()
	for books in api.sandbox.organisations:
		assert f'href="/organisations/{books.id}"' in page


def test_a_draft_made_through_the_api_is_found_approved_and_paid_by_hand(api: Api) -> None:
	contact = next(row.id for row in api.sandbox.organisations[0].contacts if row.status == "ACTIVE")
	line = {
		"Description": "Work <b>",
		"Quantity": 1,
		"UnitAmount": 100,
		"AccountCode": "200",
		"TaxType": "OUTPUT2",
	}
	element = {
		"Type": "ACCREC",
		"Contact": {"ContactID": contact},
		"LineItems": [line],
		"DueDate": "2030-01-01",
	}
	row = api.put("Invoices", {"Invoices": [element]}).json()["Invoices"][0]
	listed = api.get(f"/organisations/{api.tenant}").body.decode()
	assert row["InvoiceNumber"] in listed
	path = f"/documents/{row['InvoiceID']}"
	page = api.get(path).body.decode()
	assert "Work &lt;b&gt;" in page
	assert "115.00" in page
	assert f'action="{path}/approve"' in page
	assert api.form(f"{path}/approve").headers["Location"] == path
	page = api.get(path).body.decode()
	assert "AUTHORISED" in page
	assert f'action="{path}/pay"' in page
	api.form(f"{path}/pay")
	page = api.get(path).body.decode()
	assert "PAID" in page
	assert "<button" not in page


def test_deep_links_in_the_documented_form_lead_to_the_document(api: Api) -> None:
	invoice = next(iter(api.sandbox.organisations[0].invoices)).id
	for path in ("AccountsReceivable/View.aspx", "AccountsReceivable/Edit.aspx", "AccountsPayable/Edit.aspx"):
		target = quote(f"/{path}?InvoiceID={invoice}", safe="")
		got = api.get(f"/go/organisationlogin/default.aspx?shortcode=!NLglS&redirecturl={target}")
		assert got.headers["Location"] == f"/documents/{invoice}"


def test_deep_links_to_contacts_payments_and_in_the_new_form_work_too(api: Api) -> None:
	books = api.sandbox.organisations[0]
	contact, payment = next(iter(books.contacts)).id, next(iter(books.payments))
	login = "/go/organisationlogin/default.aspx?shortcode=!NLglS&redirecturl="
	assert api.get(login + quote(f"/Contacts/View/{contact}")).headers["Location"] == f"/contacts/{contact}"
	assert api.get(f"/go/app/!NLglS/contacts/contact/{contact}").headers["Location"] == f"/contacts/{contact}"
	got = api.get(login + quote(f"/Bank/ViewTransaction.aspx?bankTransactionID={payment.id}"))
	assert got.headers["Location"] == f"/documents/{payment.document.id}"
	note = next(iter(books.credit_notes)).id
	got = api.get(login + quote(f"/AccountsReceivable/ViewCreditNote.aspx?creditNoteID={note}"))
	assert got.headers["Location"] == f"/documents/{note}"


def test_a_deep_link_with_the_short_code_of_another_organisation_leads_nowhere(api: Api) -> None:
	invoice = next(iter(api.sandbox.organisations[0].invoices)).id
	target = quote(f"/AccountsReceivable/View.aspx?InvoiceID={invoice}", safe="")
	assert api.get(f"/go/organisationlogin/default.aspx?shortcode=!GBq7x&redirecturl={target}").status == 404


def test_every_document_and_contact_has_a_page_and_names_are_escaped(api: Api) -> None:
	for books in api.sandbox.organisations:
		api.sandbox.edit_contact(next(iter(books.contacts)).id, Name="<script>alert(1)</script>")
		pages = [f"/documents/{row.id}" for table in (books.invoices, books.credit_notes) for row in table]
		pages += [f"/contacts/{row.id}" for row in books.contacts]
		for path in [*pages, f"/organisations/{books.id}"]:
			got = api.get(path)
			assert got.status == 200
			assert "<script" not in got.body.decode()
			assert re.search(r"<title>.+</title>", got.body.decode())
	assert api.get("/documents/none").status == 404


def test_a_button_pressed_twice_says_why_it_is_not_possible(api: Api) -> None:
	rows = api.sandbox.organisations[0].invoices
	identity = next(row.id for row in rows if row.status == "AUTHORISED" and row.amount_due > 0)
	assert api.form(f"/documents/{identity}/pay").status == 303
	got = api.form(f"/documents/{identity}/pay")
	assert got.status == 409
	assert b"cannot pay" in got.body
	assert api.form("/documents/none/approve").status == 404
