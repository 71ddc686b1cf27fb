"""Making invoices and credit notes in the emulator's books, and finding them again after a lost answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.contract.openapi import needs_openapi, validate_request_body
from tests.contract.writing import (
	BACK_LINK,
	BOTH,
	DRAFT,
	LINE,
	REFERENCE,
	book_of,
	create,
	made,
	order,
	refused,
	sent,
	somebody,
	writer_of,
)
from xero_connector.core.drafting import CREDIT_NOTE, INVOICE
from xero_connector.core.errors import Code, WillRetry
from xero_sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("documented")

NIL = "00000000-0000-0000-0000-000000000000"


def now(sandbox: Sandbox) -> datetime:
	return sandbox.clock.now()


def test_an_invoice_reaches_xero_with_every_digit(sandbox: Sandbox) -> None:
	document = made(create(sandbox)[0]).document
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
					"TaxType": "OUTPUT2",
				}
			],
		}
	]
	assert sandbox.requests[-1].method == "PUT"
	assert sandbox.requests[-1].query == {"summarizeErrors": "false", "unitdp": "4"}
	assert book_of(sandbox, document.document_id).lines[0].unit_amount == Decimal("99.9999")
	assert (document.status, document.document_type) == ("Draft", "Invoice")
	assert (document.sub_total, document.tax, document.total) == (
		Decimal("250.00"),
		Decimal("37.50"),
		Decimal("287.50"),
	)
	assert (document.date, document.due_date) == (DRAFT.date, DRAFT.due_date)
	assert (document.contact, document.contact_name, document.url) == (contact.id, contact.name, BACK_LINK)


def test_everything_that_a_form_can_choose_reaches_xero(sandbox: Sandbox) -> None:
	theme = sandbox.organisation().branding_themes[1]["BrandingThemeID"]
	line = replace(LINE, item_code="DEV-H", discount_rate=Decimal("12.5"), tax_amount=Decimal("28.53"))
	chosen = order(
		sandbox,
		line,
		line_amount_types="Inclusive",
		currency="USD",
		branding_theme=theme,
		due_date=None,
	)
	submitted = order(sandbox, status="SUBMITTED", reference="second")
	approved = order(sandbox, status="AUTHORISED", reference="third")
	first, second, third = [made(each).document for each in create(sandbox, chosen, submitted, approved)]
	element = sent(sandbox)["Invoices"][0]
	assert "DueDate" not in element
	assert (element["BrandingThemeID"], element["LineAmountTypes"]) == (theme, "Inclusive")
	assert element["LineItems"][0]["ItemCode"] == "DEV-H"
	book = book_of(sandbox, first.document_id)
	assert (book.branding_theme_id, book.currency, book.line_amount_types) == (theme, "USD", "Inclusive")
	assert (book.lines[0].discount_rate, book.total_tax) == (Decimal("12.50"), Decimal("28.53"))
	assert (second.status, third.status) == ("Submitted", "Authorised")


def test_a_discount_goes_as_a_rate_or_as_an_amount_and_never_as_nothing(sandbox: Sandbox) -> None:
	lines = (
		replace(LINE, discount_rate=Decimal("10"), discount_amount=None),
		replace(LINE, discount_amount=Decimal("5.55")),
		replace(LINE, discount_rate=Decimal("0.00"), discount_amount=Decimal(0)),
	)
	document = made(create(sandbox, order(sandbox, *lines))[0]).document
	kept = [
		(line.discount_rate, line.discount_amount) for line in book_of(sandbox, document.document_id).lines
	]
	assert kept == [(Decimal("10.00"), None), (None, Decimal("5.55")), (None, None)]
	assert not {"DiscountRate", "DiscountAmount"} & set(sent(sandbox)["Invoices"][0]["LineItems"][2])


def test_what_a_line_does_not_say_is_left_out(sandbox: Sandbox) -> None:
	bare = replace(LINE, account_code=None, tax_type=None)
	made(create(sandbox, order(sandbox, bare))[0])
	assert set(sent(sandbox)["Invoices"][0]["LineItems"][0]) == {"Description", "Quantity", "UnitAmount"}


@pytest.mark.parametrize(
	"link", ["", "/app/crm-deal/1", "crm.example.com/x", "javascript:alert(1)", "https://"]
)
def test_a_link_that_is_no_web_address_is_left_out(sandbox: Sandbox, link: str) -> None:
	assert made(create(sandbox, order(sandbox, back_link=link))[0]).document.url is None
	assert "Url" not in sent(sandbox)["Invoices"][0]


def test_a_credit_note_has_net_prices_and_no_link(sandbox: Sandbox) -> None:
	result = create(sandbox, order(sandbox, status="AUTHORISED"), document_type=CREDIT_NOTE)[0]
	document = made(result).document
	[element] = sent(sandbox)["CreditNotes"]
	assert (element["Type"], element["Reference"]) == ("ACCRECCREDIT", REFERENCE)
	assert "Url" not in element
	assert document.document_id in sandbox.organisation().credit_notes
	assert (document.document_type, document.status) == ("Credit Note", "Authorised")
	assert document.amount_due == document.total == Decimal("287.50"), "what can still be allocated"


@pytest.mark.parametrize("discount", [{"discount_rate": Decimal(10)}, {"discount_amount": Decimal("1.00")}])
def test_a_credit_note_with_a_discount_is_refused_here_for_xero_would_lose_it(
	sandbox: Sandbox, discount: dict[str, Decimal]
) -> None:
	bad = order(sandbox, LINE, replace(LINE, **discount))
	results = create(sandbox, bad, order(sandbox, reference="good"), document_type=CREDIT_NOTE)
	assert refused(results[0]).code is Code.INVALID_VALUE
	assert refused(results[0]).values["field"] == "lines.1.discount_rate"
	assert made(results[1]).document.reference == "good"
	assert len(sent(sandbox)["CreditNotes"]) == 1


def test_a_reference_that_is_too_long_is_never_cut_short(sandbox: Sandbox) -> None:
	[result] = create(sandbox, order(sandbox, reference="x" * 256))
	assert (refused(result).code, refused(result).values["field"]) == (Code.INVALID_VALUE, "reference")
	assert not sandbox.requests


# what Xero refuses


@pytest.mark.parametrize("document_type", BOTH)
def test_a_bad_document_never_holds_up_the_good_ones(sandbox: Sandbox, document_type: str) -> None:
	orders = [order(sandbox, reference=f"R {number}") for number in range(5)]
	orders[1] = order(sandbox, currency="XAF")
	orders[3] = order(sandbox, contact_id=NIL.replace("0", "9"))
	results = create(sandbox, *orders, document_type=document_type)
	assert len(sandbox.requests) == 1
	assert [made(results[n]).document.reference for n in (0, 2, 4)] == ["R 0", "R 2", "R 4"]
	assert (refused(results[1]).code, refused(results[1]).values["field"]) == (Code.REJECTED, "currency")
	assert refused(results[3]).values["field"] == "contact_name"
	assert "XAF" in refused(results[1]).values["message"]


def test_a_refused_line_is_named_with_its_field(sandbox: Sandbox) -> None:
	cases = {
		"lines.1.item_code": replace(LINE, item_code="NOSUCH"),
		"lines.1.tax_type": replace(LINE, tax_type="INPUT2"),
		"lines.1.account_code": replace(LINE, account_code=None, tax_type=None),
	}
	for field, line in cases.items():
		[result] = create(sandbox, order(sandbox, LINE, line, LINE, status="AUTHORISED"), key=field)
		assert refused(result).values.get("field") == field, refused(result)


def test_a_refusal_of_some_line_that_xero_does_not_name_is_about_the_whole(sandbox: Sandbox) -> None:
	long = replace(LINE, description="x" * 4001)
	[result] = create(sandbox, order(sandbox, LINE, long))
	assert "Description" in refused(result).values["message"]
	assert "field" not in refused(result).values
	[result] = create(sandbox, order(sandbox, long), key="alone")
	assert refused(result).values["field"] == "lines.0.description"


def test_an_archived_contact_is_refused_with_the_field_named(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	archived = order(sandbox)
	sandbox.edit_contact(book.id, ContactStatus="ARCHIVED")
	error = refused(create(sandbox, archived)[0])
	assert (error.code, error.values["field"]) == (Code.REJECTED, "contact_name")
	assert "archived" in error.values["message"]


def test_a_locked_period_is_refused_with_the_date_named(sandbox: Sandbox) -> None:
	sandbox.organisation().profile["PeriodLockDate"] = DRAFT.date
	assert refused(create(sandbox)[0]).values["field"] == "date"


def test_an_account_that_is_gone_is_a_remark_and_not_a_failure(sandbox: Sandbox) -> None:
	orders = order(sandbox, replace(LINE, account_code="99999")), order(sandbox, reference="fine")
	first, second = map(made, create(sandbox, *orders))
	assert first.document.status == "Draft"
	assert "99999" in first.remarks[0]
	assert second.remarks == ()


@pytest.mark.parametrize(
	"answer", [{"InvoiceID": NIL, "Warnings": [{"Message": "No."}]}, {"InvoiceID": NIL}, {}]
)
def test_an_answer_without_an_id_created_nothing(sandbox: Sandbox, answer: dict[str, Any]) -> None:
	sandbox.fault("status", "PUT", status=200, body={"Invoices": [answer]})
	assert refused(create(sandbox)[0]).code is Code.REJECTED


@pytest.mark.parametrize("rows", [None, [], [{"InvoiceID": "1"}]])
def test_answers_that_cannot_be_told_apart_are_looked_up_before_anything_is_sent_again(
	sandbox: Sandbox, rows: Any
) -> None:
	sandbox.fault("status", "PUT", status=200, body={"Invoices": rows})
	with pytest.raises(WillRetry) as caught:
		create(sandbox, order(sandbox), order(sandbox, reference="second"))
	assert (caught.value.code, caught.value.maybe_done) == (Code.UNREADABLE, True)


# once


@pytest.mark.parametrize("document_type", BOTH)
def test_the_same_key_makes_one_document(sandbox: Sandbox, document_type: str) -> None:
	books = sandbox.organisation()
	before = len(books.invoices) + len(books.credit_notes)
	assert create(sandbox, document_type=document_type) == create(sandbox, document_type=document_type)
	assert len(books.invoices) + len(books.credit_notes) == before + 1


@pytest.mark.parametrize("document_type", BOTH)
@pytest.mark.parametrize(
	"references", [["A · 7F3K9Q"], ['12" pipes · 7F3K9Q'], ["A · 1", "Ünïcode · 2", 'q" · 3']]
)
def test_what_was_made_is_found_after_a_lost_answer_and_what_was_not_is_not(
	sandbox: Sandbox, document_type: str, references: list[str]
) -> None:
	since = now(sandbox)
	orders = [order(sandbox, reference=reference) for reference in references]
	writer = writer_of(sandbox)
	for fault, expected in (("drop_before", set()), ("drop_after", set(references))):
		sandbox.fault(fault, "PUT")
		with pytest.raises(WillRetry) as caught:
			writer.create_documents(document_type, orders, fault)
		assert caught.value.maybe_done
		sandbox.advance(7 * 60)
		found = writer.find_documents(document_type, references, since)
		assert set(found) == expected
	assert all(found[each].reference == each for each in references)
	assert {found[each].document_type for each in references} == {document_type}


@pytest.mark.parametrize("status", ["drafts", "approved"])
def test_a_document_is_found_whatever_became_of_it(sandbox: Sandbox, status: str) -> None:
	since = now(sandbox)
	asked = order(sandbox, status="AUTHORISED" if status == "approved" else "DRAFT")
	document = made(create(sandbox, asked)[0]).document
	sandbox.void(document.document_id)
	for references in ([REFERENCE], [REFERENCE, "other"]):
		found = writer_of(sandbox).find_documents(INVOICE, references, since)
		assert found[REFERENCE].document_id == document.document_id
		assert found[REFERENCE].status in ("Deleted", "Voided")


def test_one_document_is_asked_for_by_its_reference_and_many_by_when_they_were_made(sandbox: Sandbox) -> None:
	since = now(sandbox)
	references = [f"R {number} · 7F3K9Q" for number in range(45)]
	create(sandbox, *[order(sandbox, reference=reference) for reference in references])
	writer = writer_of(sandbox)
	assert set(writer.find_documents(INVOICE, references[:1], since)) == {references[0]}
	assert sandbox.requests[-1].query["where"] == f'Type=="ACCREC" AND Reference=="{references[0]}"'
	before = len(sandbox.requests)
	assert set(writer.find_documents(INVOICE, references, since)) == set(references)
	assert len(sandbox.requests) == before + 1
	asked = sandbox.requests[-1]
	assert "createdByMyApp" not in asked.query
	assert datetime.fromisoformat(asked.headers["If-Modified-Since"]) < since.replace(tzinfo=None), (
		"the clocks of Xero and ours differ"
	)


@pytest.mark.parametrize("reference", ["say", '"yes"', "SAY YES TWICE", 'x" OR Type=="ACCPAY'])
def test_a_reference_that_is_only_like_the_wanted_one_is_another(sandbox: Sandbox, reference: str) -> None:
	since = now(sandbox)
	create(sandbox, order(sandbox, reference='say "yes" twice'))
	create(sandbox, order(sandbox, reference="say yes twice"), key="second")
	assert writer_of(sandbox).find_documents(INVOICE, [reference], since) == {}


def test_a_credit_note_of_the_same_reference_is_no_invoice(sandbox: Sandbox) -> None:
	since = now(sandbox)
	create(sandbox, document_type=CREDIT_NOTE)
	assert writer_of(sandbox).find_documents(INVOICE, [REFERENCE, "other"], since) == {}


@needs_openapi
def test_a_body_that_xeros_openapi_file_does_not_know_would_be_noticed() -> None:
	with pytest.raises(AssertionError, match="Refrence"):
		validate_request_body("/Invoices", "PUT", {"Invoices": [{"Refrence": "x"}]})
