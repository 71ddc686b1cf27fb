"""What a sale has brought, of the documents that are linked to it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.sales import Figures, Part, figures

DAY = date(2026, 11, 3)


def part(total: int = 120, due: int = 120, paid: int = 0, **changes) -> Part:
	known = Part("Invoice", "Authorised", "NZD", Decimal(total), Decimal(due), Decimal(paid), None)
	return known._replace(**changes)


def test_invoices_add_up_to_what_is_invoiced_paid_and_outstanding():
	found = figures([part(), part(100, 40, 60)], "NZD")
	assert found == (220, 60, 160, None)


@pytest.mark.parametrize("status", ["Draft", "Voided", "Deleted"])
def test_drafts_and_what_is_void_count_nothing(status):
	assert figures([part(status=status)], "NZD") == Figures()


def test_an_invoice_that_waits_for_approval_is_invoiced():
	assert figures([part(status="Submitted")], "NZD").invoiced == 120


def test_bills_and_other_currencies_count_nothing():
	assert figures([part(document_type="Bill"), part(currency="USD")], "NZD") == Figures()


def test_a_credit_note_counts_against_with_what_is_left_of_it_and_what_was_paid_back():
	spent = part(20, 0, document_type="Credit Note", status="Paid")
	assert figures([part(120, 100), spent], "NZD")[:3] == (100, 0, 100)
	open_credit = part(20, 20, document_type="Credit Note")
	assert figures([part(), open_credit], "NZD")[:3] == (100, 0, 100)
	refunded = part(20, 0, 20, document_type="Credit Note", status="Paid")
	assert figures([part(120, 0, 120, status="Paid"), refunded], "NZD")[:3] == (100, 100, 0)


def test_a_sale_is_paid_on_the_day_of_its_last_payment_and_not_before():
	first = part(50, 0, 50, status="Paid", fully_paid_on=date(2026, 10, 1))
	last = part(50, 0, 50, status="Paid", fully_paid_on=DAY)
	assert figures([last, first], "NZD").paid_on == DAY
	assert figures([first, part()], "NZD").paid_on is None


def test_what_was_credited_and_never_paid_has_no_day_of_payment():
	assert figures([part(120, 0, 0, status="Paid", fully_paid_on=DAY)], "NZD").paid_on is None


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=8))
def test_what_is_invoiced_is_paid_or_outstanding_whatever_the_parts(amounts):
	found = figures([part(paid + due, due, paid) for paid, due in amounts], "NZD")
	assert found.invoiced == found.paid + found.outstanding
