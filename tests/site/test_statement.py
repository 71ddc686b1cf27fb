"""The statement of account: what stands on it, who gets it, and how it is printed."""

import io
import re
import shutil
from decimal import Decimal

import frappe
import pytest
from werkzeug.http import parse_options_header

from tests import factories
from tests.xero_world import World
from xero_connector.site import links, statements
from xero_connector.site.links import Party

PAGE = "xero_connector.api.statements.page"
PDF = "xero_connector.api.statements.pdf"


def customers(xero: World) -> list:
	return [c for c in xero.sandbox.organisations[0].contacts if c.status == "ACTIVE" and c.is_customer]


def open_documents(xero: World, contact) -> list:
	return [
		document
		for document in xero.sandbox.organisations[0].documents_of[contact.id]
		if document.type in ("ACCREC", "ACCRECCREDIT") and document.status == "AUTHORISED"
	]


@pytest.fixture
def customer(ready: World):
	"""A contact record, linked to the customer with the most open documents."""
	person = factories.contact()
	person.xero = max(customers(ready), key=lambda c: len(open_documents(ready, c)))
	links.add(Party("Contact", person.name), links.CONTACT, person.xero.id, ready.organisation, links.BY_USER)
	frappe.db.commit()
	return person


def asked(person) -> dict[str, str]:
	return {"doctype": "Contact", "name": person.name, "contact_id": person.xero.id}


def text_of(html: str) -> str:
	return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def wkhtmltopdf() -> str | None:
	return shutil.which("wkhtmltopdf")


def test_every_customers_balance_is_that_of_xeros_own_books(ready: World):
	shown = 0
	for contact in customers(ready):
		expected: dict[str, Decimal] = {}
		for document in open_documents(ready, contact):
			sign = -1 if document.type == "ACCRECCREDIT" else 1
			before = expected.get(document.currency, Decimal(0))
			expected[document.currency] = before + sign * document.amount_due
		accounts = statements.read(contact.id).accounts
		assert {account.currency: account.balance for account in accounts} == expected, contact.name
		shown += len(accounts)
	assert shown > 3


def test_reading_a_statement_takes_three_queries_whatever_is_on_it(ready: World, monkeypatch):
	by_size = sorted(customers(ready), key=lambda contact: len(open_documents(ready, contact)))
	ran, run = [], frappe.db.sql
	monkeypatch.setattr(
		frappe.db, "sql", lambda *args, **options: (ran.append(args[0]), run(*args, **options))[1]
	)
	for contact in (by_size[0], by_size[-1]):
		statements.read(contact.id)
		ran.clear()
		statements.read(contact.id)
		assert len(ran) == 3, ran


def test_a_seller_who_reads_the_record_gets_the_page_although_xero_contacts_are_not_theirs(
	ready: World, customer, http, users
):
	seller = http.login(users.with_roles(["Xero Sales", "Sales User"]))
	answer = seller.get(PAGE, **asked(customer))
	assert answer.status == 200
	assert answer.headers["Content-Type"].startswith("text/html")
	said = text_of(answer.text)
	assert "Statement of Account" in said
	assert customer.xero.name in said
	assert "Demo Company (NZ)" in said
	for document in open_documents(ready, customer.xero):
		assert (document.number or "") in said
	direct = seller.get("frappe.www.printview.get_html_and_style", doc="Xero Contact", name=customer.xero.id)
	assert direct.status == 403
	assert customer.xero.name not in direct.text


@pytest.mark.parametrize("function", [PAGE, PDF])
def test_without_a_right_or_the_record_there_is_nothing(ready: World, customer, http, users, function):
	for roles in (["Sales User"], ["Xero Sales"]):
		answer = http.login(users.with_roles(roles)).get(function, **asked(customer))
		assert answer.status == 403, roles
		assert customer.xero.name not in answer.text


@pytest.mark.parametrize("function", [PAGE, PDF])
def test_the_xero_contact_of_somebody_else_is_not_found(ready: World, customer, http, users, function):
	other = next(contact for contact in customers(ready) if contact.id != customer.xero.id)
	seller = http.login(users.with_roles(["Xero Sales", "Sales User"]))
	answer = seller.get(function, **{**asked(customer), "contact_id": other.id})
	assert answer.status == 404
	assert other.name not in answer.text


def test_a_supplier_gets_no_statement(ready: World, http, users):
	books = ready.sandbox.organisations[0]
	supplier = next(c for c in books.contacts if c.is_supplier and not c.is_customer and c.status == "ACTIVE")
	person = factories.contact()
	person.xero = supplier
	links.add(Party("Contact", person.name), links.CONTACT, supplier.id, ready.organisation, links.BY_USER)
	frappe.db.commit()
	seller = http.login(users.with_roles(["Xero Sales", "Sales User"]))
	assert seller.get(PAGE, **asked(person)).status == 404


def test_texts_from_xero_are_shown_as_text(ready: World, customer):
	from xero_connector.api import statements as api

	hostile = "<img src=x onerror=alert(1)>{{ 7 * 7 }}"
	frappe.db.set_value("Xero Contact", customer.xero.id, {"contact_name": hostile, "address_line": hostile})
	frappe.db.set_value(
		"Xero Invoice", {"contact": customer.xero.id}, {"number": hostile, "reference": hostile}
	)
	page = api.page(**asked(customer)).get_data(as_text=True)
	assert "&lt;img src=x onerror=alert(1)&gt;{{ 7 * 7 }}" in page
	body = page.partition("<body>")[2]
	assert "<img" not in body


def test_a_currency_without_decimals_has_none(ready: World, customer):
	from xero_connector.api import statements as api

	invoices = frappe.get_all("Xero Invoice", {"contact": customer.xero.id}, pluck="name")
	frappe.db.set_value("Xero Invoice", {"contact": customer.xero.id}, {"amount_due": 0})
	frappe.db.set_value(
		"Xero Invoice",
		invoices[0],
		{
			"document_type": "Invoice",
			"status": "Authorised",
			"currency": "JPY",
			"total": 1234567,
			"amount_due": 1234567,
		},
	)
	(account,) = api.xero_statement(customer.xero.id)["accounts"]
	assert account["currency"] == "JPY"
	assert account["balance"] == "1,234,567"


def test_a_customer_who_owes_nothing_gets_a_page_that_says_so(ready: World, customer):
	from xero_connector.api import statements as api

	frappe.db.set_value("Xero Invoice", {"contact": customer.xero.id}, {"amount_due": 0})
	assert "Nothing is open." in text_of(api.page(**asked(customer)).get_data(as_text=True))


def test_a_managers_own_print_format_is_taken_once_it_is_the_default(ready: World, customer):
	from xero_connector.api import statements as api

	mine = factories.make(
		"Print Format",
		name="My Statement",
		doc_type="Xero Contact",
		custom_format=1,
		print_format_type="Jinja",
		html="Dear {{ xero_statement(doc.name).contact_name | e }}!",
	)
	setter = {"doc_type": "Xero Contact", "property": "default_print_format", "value": mine.name}
	factories.make("Property Setter", doctype_or_field="DocType", property_type="Data", **setter)
	frappe.clear_cache(doctype="Xero Contact")
	page = text_of(api.page(**asked(customer)).get_data(as_text=True))
	assert f"Dear {customer.xero.name}!" in page


@pytest.mark.parametrize("wanted", [1, 0])
def test_the_sites_letter_head_stands_on_it_if_the_print_settings_want_one(ready: World, customer, wanted):
	from xero_connector.api import statements as api

	factories.make(
		"Letter Head",
		letter_head_name="Ours",
		is_default=1,
		source="HTML",
		content="<p>Kiwi Test Ltd, Wellington</p>",
	)
	frappe.db.set_single_value("Print Settings", "with_letterhead", wanted)
	page = text_of(api.page(**asked(customer)).get_data(as_text=True))
	assert ("Kiwi Test Ltd, Wellington" in page) == bool(wanted)


def test_the_page_leaves_the_rights_of_printing_as_they_were(ready: World, customer, monkeypatch):
	from xero_connector.api import statements as api

	api.page(**asked(customer))
	assert not frappe.flags.ignore_print_permissions
	monkeypatch.setattr(frappe, "get_print", lambda *args, **options: 1 / 0)
	with pytest.raises(ZeroDivisionError):
		api.page(**asked(customer))
	assert not frappe.flags.ignore_print_permissions


@pytest.mark.skipif(not wkhtmltopdf(), reason="wkhtmltopdf, the PDF generator, is not installed here")
def test_the_pdf_is_a_file_with_the_customers_name_and_the_day(ready: World, customer, http, users):
	from pypdf import PdfReader

	seller = http.login(users.with_roles(["Xero Sales", "Sales User"]))
	answer = seller.get(PDF, **asked(customer))
	assert answer.status == 200
	day = statements.read(customer.xero.id).organisation.today
	_, named = parse_options_header(answer.headers["Content-Disposition"])
	assert named["filename"] == f"Statement {customer.xero.name} {day}.pdf"
	sheets = PdfReader(io.BytesIO(answer.data)).pages
	said = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
	assert "Statement of Account" in said
	for document in open_documents(ready, customer.xero):
		assert (document.number or "") in said


def test_without_a_pdf_generator_one_is_told_to_print_the_page(
	ready: World, customer, http, users, monkeypatch
):
	def missing(*args, **options):
		raise OSError("No wkhtmltopdf executable found")

	monkeypatch.setattr(frappe, "get_print", missing)
	answer = http.login(users.with_roles(["Xero Sales", "Sales User"])).get(PDF, **asked(customer))
	assert answer.status == 417
	assert "print it from the browser" in answer.text
