"""The seeded books: the same for the same seed, exact in number, and with what real books have."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from xero_sandbox import Sandbox
from xero_sandbox.__main__ import arguments, build
from xero_sandbox.books import Document, Organisation
from xero_sandbox.rounding import line_amount, round2

NOW = datetime(2026, 7, 15, 10, 30, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def big() -> Sandbox:
	return Sandbox(seed=11, contacts=300, documents=3000, now=NOW)


def documents(books: Organisation) -> list[Document]:
	return [*books.invoices, *books.credit_notes]


def test_the_same_seed_gives_the_same_books() -> None:
	first, second = (Sandbox(seed=3, contacts=12, documents=40, now=NOW) for _ in range(2))
	for one, two in zip(first.organisations, second.organisations, strict=True):
		assert one.id == two.id
		assert [(row.id, row.total, row.status) for row in one.invoices] == [
			(row.id, row.total, row.status) for row in two.invoices
		]
		assert [row.name for row in one.contacts] == [row.name for row in two.contacts]
	assert (
		Sandbox(seed=4, contacts=12, documents=40, now=NOW).organisations[0].id != first.organisations[0].id
	)


@pytest.mark.parametrize(
	("contacts", "count", "organisations"), [(1, 1, 1), (7, 13, 2), (50, 200, 2), (30, 101, 3), (0, 0, 2)]
)
def test_the_numbers_asked_for_are_exact(contacts: int, count: int, organisations: int) -> None:
	box = Sandbox(seed=5, contacts=contacts, documents=count, organisations=organisations)
	assert sum(len(books.contacts) for books in box.organisations) == contacts
	if contacts:
		assert sum(len(documents(books)) for books in box.organisations) == count


def test_the_first_organisation_has_most_in_the_given_proportions(big: Sandbox) -> None:
	books = big.organisations[0]
	assert len(documents(books)) == 2400
	kinds = [row.type for row in documents(books)]
	assert kinds.count("ACCREC") == 1680
	assert kinds.count("ACCPAY") == 480
	assert kinds.count("ACCRECCREDIT") + kinds.count("ACCPAYCREDIT") == 240


def test_the_organisations_are_those_promised(big: Sandbox) -> None:
	first, second = big.organisations
	assert first.profile["Name"] == "Demo Company (NZ)"
	assert (first.base_currency, first.profile["CountryCode"]) == ("NZD", "NZ")
	assert (first.timezone, first.short_code, first.profile["IsDemoCompany"]) == (
		"NEWZEALANDSTANDARDTIME",
		"!NLglS",
		True,
	)
	assert (second.base_currency, second.profile["CountryCode"]) == ("GBP", "GB")


def test_the_settings_have_what_breaks_careless_code(big: Sandbox) -> None:
	for books in big.organisations:
		assert any(row["Type"] == "BANK" and "Code" not in row for row in books.accounts)
		assert any(row["EnablePaymentsToAccount"] for row in books.accounts)
		assert any(row.get("SystemAccount") == "ROUNDING" for row in books.accounts)
		assert any(row["Status"] == "ARCHIVED" for row in books.accounts)
		assert {"ACTIVE", "ARCHIVED"} <= {row["Status"] for row in books.tax_rates}
		assert any(row["Status"] == "ACTIVE" and not row["CanApplyToRevenue"] for row in books.tax_rates)
		assert any(row["SortOrder"] == 0 for row in books.branding_themes)


def test_the_contacts_have_what_breaks_careless_code(big: Sandbox) -> None:
	rows = list(big.organisations[0].contacts)
	assert any(row.merged_to for row in rows)
	assert any(not row.name.isascii() for row in rows)
	assert any(len(row.name) > 100 for row in rows)
	assert any(not row.email for row in rows)
	assert any(row.is_customer and row.is_supplier for row in rows)
	assert any(phone["PhoneAreaCode"].startswith("0") for row in rows for phone in row.fields["Phones"])
	active = [row.name.casefold() for row in rows if row.status == "ACTIVE"]
	assert len(active) == len(set(active))


def test_all_statuses_currencies_and_kinds_of_amounts_occur(big: Sandbox) -> None:
	rows = list(big.organisations[0].invoices)
	assert {row.status for row in rows} == {"DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"}
	assert {row.currency for row in rows} == {"NZD", "USD", "AUD"}
	assert {row.line_amount_types for row in rows} == {"Exclusive", "Inclusive", "NoTax"}
	assert {len(row.payments) for row in rows} == {0, 1, 2, 3, 4}
	assert any(row.total_discount for row in rows)
	today = big.clock.today("NEWZEALANDSTANDARDTIME")
	open_rows = [row for row in rows if row.status == "AUTHORISED" and row.amount_due > 0]
	assert any(row.due_date == today for row in open_rows)
	assert any(row.due_date and row.due_date < today for row in open_rows)
	assert any(row.amount_credited for row in rows)
	assert all(today - timedelta(days=731) <= row.date <= today for row in rows)


def test_amounts_add_up_in_every_document(big: Sandbox) -> None:
	for books in big.organisations:
		for row in documents(books):
			assert row.total == row.sub_total + row.total_tax
			assert row.total_tax == sum((line.tax_amount for line in row.lines), Decimal(0))
			for line in row.lines:
				assert line.line_amount == line_amount(line.quantity, line.unit_amount, line.discount_rate)
			paid = sum((payment.amount for payment in row.payments), Decimal(0))
			credited = sum((allocation.amount for allocation in row.allocations), Decimal(0))
			is_void = row.status in ("VOIDED", "DELETED")
			assert row.amount_due == (0 if is_void else row.total - paid - credited) >= 0
			if row.status == "PAID":
				assert (row.amount_due, row.fully_paid_on is not None) == (0, True)


def test_moments_of_change_are_past_and_some_are_shared(big: Sandbox) -> None:
	ages = [row.updated for row in big.organisations[0].invoices]
	assert max(ages) < big.clock.milliseconds()
	assert len(set(ages)) < len(ages)


def test_sales_numbers_are_unique(big: Sandbox) -> None:
	numbers = [row.number for row in big.organisations[0].invoices if row.type == "ACCREC"]
	assert len(numbers) == len(set(numbers))
	assert "INV-0001" in numbers


def test_figures_agree_with_a_sum_over_the_documents(big: Sandbox) -> None:
	books = big.organisations[0]
	contact = max(books.contacts, key=lambda row: len(books.documents_of[row.id]))
	home = [row for row in books.invoices if row.contact is contact and row.currency == "NZD"]
	found = big.figures(books.id, contact.id)
	sales = [row for row in home if row.type == "ACCREC"]
	assert found["unpaid"] == sum(
		row.amount_due for row in sales if row.status in ("AUTHORISED", "SUBMITTED")
	)
	assert found["paid"] == sum(row.amount_paid for row in sales if row.status in ("AUTHORISED", "PAID"))
	assert found["unpaid"] > found["overdue"] > 0
	assert found["counts"]["all"] >= found["counts"]["unpaid"] >= found["counts"]["overdue"] > 0


def test_today_is_the_organisations_day(big: Sandbox) -> None:
	box = Sandbox(contacts=1, documents=1, now=datetime(2026, 7, 15, 13, 0, tzinfo=timezone.utc))
	assert str(box.clock.today("NEWZEALANDSTANDARDTIME")) == "2026-07-16"
	assert str(box.clock.today("GMTSTANDARDTIME")) == "2026-07-15"


def test_the_command_line_takes_what_the_issue_names() -> None:
	options = arguments(
		["--port", "9000", "--seed", "7", "--contacts", "5", "--documents", "20", "--no-limits"]
	)
	box = build(options)
	assert options.port == 9000
	assert sum(len(documents(books)) for books in box.organisations) == 20


def test_an_answer_comes_in_one_piece_and_the_connection_stays_open() -> None:
	box = Sandbox(contacts=2, documents=2)
	with box.serve() as url:
		address = urlsplit(url)
		with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as line:
			for _ in range(2):
				line.sendall(b"GET /_sandbox/ HTTP/1.1\r\nHost: x\r\n\r\n")
				piece = line.recv(65536)
				assert b"\r\n\r\n{" in piece


def test_rounding_is_half_up_away_from_zero() -> None:
	assert [round2(Decimal(text)) for text in ("0.005", "2.675", "-0.005")] == [
		Decimal("0.01"),
		Decimal("2.68"),
		Decimal("-0.01"),
	]
