"""Decoding of what Xero sends: exact, and tolerant of what it may send one day."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.errors import Code, WillRetry
from xero_connector.core.model import Payment
from xero_connector.xero import rows, wire

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

INVOICE: dict[str, Any] = {
	"InvoiceID": "243216C5-369E-4056-AC67-05388F86DC81",
	"Type": "ACCREC",
	"InvoiceNumber": "INV-0042",
	"Reference": "PO 778",
	"Contact": {"ContactID": "025867F1-D741-4D6B-B1AF-9AC774B59BA7", "Name": "City Agency"},
	"DateString": "2026-03-01T00:00:00",
	"Date": "/Date(1772323200000+0000)/",
	"DueDateString": "2026-03-31T00:00:00",
	"DueDate": "/Date(1774915200000+0000)/",
	"Status": "AUTHORISED",
	"CurrencyCode": "NZD",
	"CurrencyRate": 1.0,
	"SubTotal": 1800.00,
	"TotalTax": 225.00,
	"Total": 2025.00,
	"AmountDue": 1025.00,
	"AmountPaid": 900.00,
	"AmountCredited": 100.00,
	"SentToContact": True,
	"Url": "https://crm.example.com/deal/1",
	"UpdatedDateUTC": "/Date(1772327230943+0000)/",
	"Payments": [
		{"PaymentID": "P-1", "Date": "/Date(1772409600000+0000)/", "Amount": 900.00, "Reference": "BNZ"}
	],
	"CreditNotes": [
		{"CreditNoteID": "C-1", "CreditNoteNumber": "CN-7", "Total": 500.0, "AppliedAmount": 60.0}
	],
	"Prepayments": [{"PrepaymentID": "R-1", "AppliedAmount": 30.0}],
	"Overpayments": [{"OverpaymentID": "O-1", "AppliedAmount": 10.0}],
}


def decoded_invoice(**changes: Any) -> Any:
	body = json.dumps({"Invoices": [{**INVOICE, **changes}]}).encode()
	[row] = wire.decode(wire.Invoices, body).invoices or ()
	return rows.document_from_invoice(row, "Demo")


def decoded_contact(**fields: Any) -> Any:
	body = json.dumps({"Contacts": [{"ContactID": "A", "Name": "Ngā Tāngata", **fields}]}).encode()
	[row] = wire.decode(wire.Contacts, body).contacts or ()
	return rows.contact(row, "Demo")


def test_an_invoice_keeps_everything_that_the_mirror_has_a_column_for() -> None:
	document = decoded_invoice()
	assert document._replace(payments=())._asdict() == {
		"document_id": "243216c5-369e-4056-ac67-05388f86dc81",
		"organisation": "Demo",
		"document_type": "Invoice",
		"number": "INV-0042",
		"reference": "PO 778",
		"contact": "025867f1-d741-4d6b-b1af-9ac774b59ba7",
		"contact_name": "City Agency",
		"date": date(2026, 3, 1),
		"due_date": date(2026, 3, 31),
		"status": "Authorised",
		"currency": "NZD",
		"currency_rate": Decimal("1.0"),
		"sub_total": Decimal("1800"),
		"tax": Decimal("225"),
		"total": Decimal("2025"),
		"amount_due": Decimal("1025"),
		"amount_paid": Decimal("900"),
		"amount_credited": Decimal("100"),
		"fully_paid_on": None,
		"sent_to_contact": True,
		"url": "https://crm.example.com/deal/1",
		"updated_utc": datetime(2026, 3, 1, 1, 7, 10, 943000, tzinfo=timezone.utc),
		"payments": (),
	}


def test_everything_that_reduced_a_balance_is_a_payment_with_its_kind() -> None:
	assert decoded_invoice().payments == (
		Payment("p-1", "Payment", date(2026, 3, 2), Decimal("900"), "BNZ"),
		Payment("c-1", "Credit Note", None, Decimal("60"), "CN-7"),
		Payment("r-1", "Prepayment", None, Decimal("30"), None),
		Payment("o-1", "Overpayment", None, Decimal("10"), None),
	)


def test_a_deleted_payment_reduces_nothing() -> None:
	deleted = {"PaymentID": "P-2", "Amount": 1.0, "Status": "DELETED"}
	assert (
		decoded_invoice(Payments=[deleted], CreditNotes=[], Prepayments=None, Overpayments=[]).payments == ()
	)


def test_a_credit_note_shows_remaining_credit_refunds_and_where_it_went() -> None:
	note = {
		"CreditNoteID": "CN-ID",
		"CreditNoteNumber": "CN-7",
		"Type": "ACCPAYCREDIT",
		"Total": 100.0,
		"RemainingCredit": 25.0,
		"Payments": [{"PaymentID": "P-1", "Amount": 15.0}],
		"Allocations": [
			{
				"AllocationID": "A-1",
				"Amount": 60.0,
				"Date": "/Date(0+0000)/",
				"Invoice": {"InvoiceNumber": "B-1"},
			},
			{"AllocationID": "A-2", "Amount": 9.0, "IsDeleted": True},
		],
	}
	[row] = wire.decode(wire.CreditNotes, json.dumps({"CreditNotes": [note]}).encode()).credit_notes or ()
	document = rows.document_from_credit_note(row, "Demo")
	assert document.document_type == "Supplier Credit Note"
	assert (document.amount_due, document.amount_paid, document.amount_credited) == (25, 15, 60)
	assert document.payments[1] == Payment("a-1", "Credit Note", date(1970, 1, 1), Decimal("60"), "B-1")


def test_amounts_are_read_from_the_digits_and_not_through_a_float() -> None:
	body = b'{"Invoices": [{"Total": 123456789012345678.91, "AmountDue": "0.1000"}]}'
	[row] = wire.decode(wire.Invoices, body).invoices or ()
	assert str(row.total) == "123456789012345678.91"
	assert str(row.amount_due) == "0.1000"


@given(
	st.dictionaries(
		st.sampled_from(sorted(INVOICE)),
		st.just(None) | st.just("delete me"),
		min_size=1,
		max_size=len(INVOICE),
	)
)
def test_no_null_and_no_missing_field_loses_an_invoice(gone: dict[str, str | None]) -> None:
	element = {name: value for name, value in INVOICE.items() if gone.get(name, "") != "delete me"}
	element.update({name: None for name, value in gone.items() if value is None})
	[row] = wire.decode(wire.Invoices, json.dumps({"Invoices": [element]}).encode()).invoices or ()
	assert rows.document_from_invoice(row, "Demo").organisation == "Demo"


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=1, max_size=20))
def test_a_status_type_or_currency_that_xero_invents_is_kept(invented: str) -> None:
	document = decoded_invoice(Status=invented, CurrencyCode=invented, Type=invented, NewField={"x": [1]})
	assert document.status == invented.capitalize()
	assert document.currency == invented


@given(st.integers(min_value=-62135596800000, max_value=253402300799999))
def test_a_moment_is_its_milliseconds_in_utc(milliseconds: int) -> None:
	expected = EPOCH + timedelta(milliseconds=milliseconds)
	for offset in ("+0000", "", "+1300", "-0930"):
		assert rows.moment(f"/Date({milliseconds}{offset})/") == expected


@given(st.dates(min_value=date(2, 1, 1)), st.sampled_from(["+0000", "+1300", "-0800", "+0545"]))
def test_a_date_of_accounting_is_never_shifted_by_a_zone(day: date, offset: str) -> None:
	minutes = (int(offset[1:3]) * 60 + int(offset[3:])) * (1 if offset[0] == "+" else -1)
	midnight = datetime(day.year, day.month, day.day, tzinfo=timezone.utc) - EPOCH
	milliseconds = midnight // timedelta(milliseconds=1) - minutes * 60_000
	assert rows.day(None, f"/Date({milliseconds}{offset})/") == day
	assert rows.day(f"{day.isoformat()}T00:00:00", "/Date(0+0000)/") == day


def test_year_one_is_how_dot_net_says_that_there_is_no_date() -> None:
	assert rows.day("0001-01-01T00:00:00", "/Date(-62135596800000+0000)/") is None
	assert rows.day(None, "/Date(-62135596800000+0000)/") is None


@given(st.text(max_size=30))
def test_a_text_that_is_no_date_is_no_date_rather_than_an_error(text: str) -> None:
	rows.moment(text)
	rows.moment(f"/Date({text})/")
	rows.day(text, f"/Date({text})/")


def test_a_date_beyond_the_calendar_is_no_date() -> None:
	assert rows.moment("/Date(99999999999999999999+0000)/") is None
	assert rows.day(None, "/Date(99999999999999999999+0000)/") is None


def test_a_moment_without_a_zone_is_utc() -> None:
	assert rows.moment("2026-03-01T01:02:03") == datetime(2026, 3, 1, 1, 2, 3, tzinfo=timezone.utc)
	assert rows.moment("2026-03-01T13:02:03+12:00") == datetime(2026, 3, 1, 1, 2, 3, tzinfo=timezone.utc)


def test_a_phone_number_keeps_its_leading_zeros() -> None:
	phones = [
		{
			"PhoneType": "DEFAULT",
			"PhoneNumber": "0123 456",
			"PhoneAreaCode": "09",
			"PhoneCountryCode": "0064",
		},
		{"PhoneType": "MOBILE", "PhoneNumber": "021 000", "PhoneAreaCode": "", "PhoneCountryCode": None},
		{"PhoneType": "FAX", "PhoneNumber": "99"},
	]
	contact = decoded_contact(Phones=phones)
	assert (contact.phone, contact.mobile) == ("0064 09 0123 456", "021 000")


def test_an_area_without_a_number_is_no_phone() -> None:
	assert decoded_contact(Phones=[{"PhoneType": "DEFAULT", "PhoneAreaCode": "09"}]).phone is None


@pytest.mark.parametrize(("postal_city", "shown"), [("Wellington", "Wellington"), ("", "Auckland")])
def test_the_street_address_stands_in_for_an_empty_postal_one(postal_city: str, shown: str) -> None:
	addresses = [
		{
			"AddressType": "STREET",
			"AddressLine1": "1 Queen St",
			"AddressLine2": "Level 2",
			"City": "Auckland",
		},
		{"AddressType": "POBOX", "City": postal_city, "Region": "", "PostalCode": "", "Country": ""},
	]
	assert decoded_contact(Addresses=addresses).city == shown


def test_the_lines_of_an_address_are_joined() -> None:
	lines = {"AddressLine1": "1 Queen St", "AddressLine2": "", "AddressLine3": "Level 2"}
	assert (
		decoded_contact(Addresses=[{"AddressType": "STREET", **lines}]).address_line == "1 Queen St, Level 2"
	)


def test_balances_and_flags_of_a_contact_default_to_nothing() -> None:
	bare = decoded_contact()
	assert bare.receivable_outstanding == bare.payable_overdue == 0
	assert not bare.is_customer
	full = decoded_contact(
		IsCustomer=True,
		ContactStatus="GDPRREQUEST",
		MergedToContactID="AB-1",
		Balances={"AccountsReceivable": {"Outstanding": 10.5, "Overdue": 3}, "AccountsPayable": None},
	)
	assert (full.receivable_outstanding, full.receivable_overdue) == (Decimal("10.5"), 3)
	assert (full.is_customer, full.status, full.merged_into) == (True, "Gdprrequest", "ab-1")


@pytest.mark.parametrize(
	"body", [b"", b'{"Invoices": [{"Tot', b"<html>", b"[]", b'{"Invoices": [{"Total": {}}]}']
)
def test_a_body_that_cannot_be_read_will_be_asked_for_again(body: bytes) -> None:
	with pytest.raises(WillRetry) as caught:
		wire.decode(wire.Invoices, body)
	assert caught.value.code is Code.UNREADABLE
	assert not caught.value.maybe_done


def test_an_unreadable_answer_to_a_write_may_have_been_obeyed() -> None:
	with pytest.raises(WillRetry) as caught:
		wire.decode(wire.Invoices, b"{", sending=True)
	assert caught.value.maybe_done
