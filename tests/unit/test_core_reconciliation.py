"""Comparing the mirror with Xero: what is a difference, what is on its way, and sums as Xero makes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON, a_contact, a_document
from xero_connector.core.model import Contact, Document, Endpoint
from xero_connector.core.reconciliation import (
	Balance,
	Difference,
	Kind,
	Owed,
	balances,
	by_currency,
	differing,
	endpoint_of,
	extra,
	odd_balance,
	shifts,
	unlike,
)

LATER = NOON + timedelta(hours=1)
ZERO = Decimal(0)


def invoice(name: str = "inv-1", **values: object) -> Document:
	return a_document(name, **{"amount_due": Decimal(115), **values})


def contact(**values: object) -> Contact:
	return a_contact("con-1", "Harbour Works", **values)


def found(ours: list[Document], theirs: list[Document], read_to: datetime | None = NOON) -> list[Difference]:
	return list(differing({row.document_id: row for row in ours}, theirs, read_to))


def test_the_same_document_is_no_difference():
	assert found([invoice()], [invoice()]) == []


def test_nothing_and_empty_and_zero_places_are_the_same():
	ours = invoice(number="", amount_due=Decimal("115.000000000"))
	assert unlike(ours, invoice(number=None)) == {}


@pytest.mark.parametrize(
	("field", "value"),
	[
		("amount_due", Decimal("115.01")),
		("status", "Paid"),
		("due_date", date(2027, 1, 1)),
		("contact", "con-2"),
		("currency_rate", Decimal("1.5")),
		("sent_to_contact", True),
	],
)
def test_a_field_that_differs_is_named_with_both_values(field: str, value: object):
	[difference] = found([invoice()], [invoice(**{field: value})])
	assert difference.kind is Kind.DIFFERENT
	assert list(difference.fields) == [field]
	assert difference.fields[field][1] == str(value)


def test_what_xero_has_alone_is_missing_with_what_is_left_to_pay():
	[difference] = found([], [invoice()])
	assert (difference.kind, difference.here, difference.in_xero) == (Kind.MISSING, 0, 115)


def test_what_xero_has_deleted_need_not_be_here():
	assert found([], [invoice(status="Deleted")]) == []


def test_a_draft_leaves_nothing_to_pay():
	[difference] = found([], [invoice(status="Draft")])
	assert difference.in_xero == 0


@pytest.mark.parametrize("ours", [[], [invoice(amount_due=ZERO)]], ids=["new", "changed"])
def test_what_changed_after_the_last_reading_is_on_its_way(ours: list[Document]):
	assert found(ours, [invoice(updated_utc=LATER)]) == []
	assert found(ours, [invoice(updated_utc=LATER)], read_to=LATER) != []


def test_what_the_mirror_got_meanwhile_is_no_difference_to_an_older_answer():
	assert found([invoice(amount_due=ZERO, updated_utc=LATER)], [invoice()]) == []


def test_what_the_mirror_has_alone_is_extra_unless_it_is_deleted_or_new():
	rows = {"a": invoice("a"), "b": invoice("b", status="Deleted"), "c": invoice("c", updated_utc=LATER)}
	[difference] = extra(rows, NOON)
	assert (difference.kind, difference.xero_id, difference.here, difference.in_xero) == (
		Kind.EXTRA,
		"a",
		115,
		0,
	)


def test_an_archived_contact_may_be_one_that_xero_tells_nothing_of():
	assert list(extra({"con-1": contact(status="Archived")}, NOON)) == []
	assert [each.kind for each in extra({"con-1": contact()}, NOON)] == [Kind.EXTRA]


@pytest.mark.parametrize(
	("subject", "endpoint"),
	[
		("Contact", Endpoint.CONTACTS),
		("Invoice", Endpoint.INVOICES),
		("Bill", Endpoint.INVOICES),
		("Credit Note", Endpoint.CREDIT_NOTES),
		("Supplier Credit Note", Endpoint.CREDIT_NOTES),
	],
)
def test_each_subject_is_read_from_its_list(subject: str, endpoint: Endpoint):
	assert endpoint_of(subject) is endpoint


# sums


def owed(
	amount: str, kind: str = "Invoice", rate: str = "1", late: bool = False, currency: str = "NZD"
) -> Owed:
	return Owed("con-1", kind, currency, Decimal(rate), late, Decimal(amount))


def test_a_balance_is_in_base_currency_and_rounded_once():
	parts = [owed("1.00", rate="3", late=True), owed("1.00", rate="3"), owed("10.00", "Bill", rate="0")]
	assert balances(parts) == {
		"con-1": Balance(Decimal("0.67"), Decimal("0.33"), Decimal("10.00"), Decimal("0.00"))
	}


def test_credit_notes_count_when_they_are_allocated_and_not_before():
	assert balances([owed("50", "Credit Note")]) == {}


@given(st.lists(st.decimals("0.01", "100000", places=2), min_size=1, max_size=20))
def test_in_base_currency_the_sum_is_exact(amounts: list[Decimal]):
	assert balances(owed(str(amount)) for amount in amounts)["con-1"].receivable == sum(amounts)


def test_xeros_sum_in_a_currency_is_ours_with_the_differences():
	different = found([invoice(currency="USD")], [invoice(currency="USD", amount_due=Decimal(100))])
	missing = found([], [invoice("inv-2")])
	sums = by_currency([owed("115", currency="USD"), owed("5")], shifts([*different, *missing]))
	assert [(each.currency, each.here, each.in_xero) for each in sums] == [("NZD", 5, 120), ("USD", 115, 100)]


def test_a_balance_is_odd_where_its_documents_come_to_something_else():
	told = contact(receivable_outstanding=Decimal(20), receivable_overdue=Decimal(20))
	odd = odd_balance(told, Balance(Decimal(15)), "NZD")
	assert odd
	assert (odd.kind, odd.here, odd.in_xero, odd.currency) == (Kind.BALANCE, 15, 20, "NZD")
	assert odd_balance(told, Balance(Decimal(20), ZERO), "NZD") is None, "the day may have changed"
	assert odd_balance(contact(payable_outstanding=Decimal(1)), Balance(), "NZD")
