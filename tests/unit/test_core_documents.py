"""Saved views, totals, ageing and months, against tables and sums made from the sentences of the specification."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.documents import (
	VIEWS,
	DaySales,
	Group,
	OtherCurrency,
	Summary,
	bucket_of,
	chart_start,
	due_bounds,
	has_online_invoice,
	has_pdf,
	invoiced,
	is_overdue,
	own_state,
	sales_of_year,
	summarise,
)

TODAY = date(2026, 11, 21)
YESTERDAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 22)
DUES = {"yesterday": YESTERDAY, "today": TODAY, "tomorrow": TOMORROW, "no day": None}

INVOICE, BILL = "Invoice", "Bill"
CREDIT_NOTE, SUPPLIER_CREDIT_NOTE = "Credit Note", "Supplier Credit Note"
SALES, PURCHASES = (INVOICE, CREDIT_NOTE), (BILL, SUPPLIER_CREDIT_NOTE)
STATUSES = ("Draft", "Submitted", "Authorised", "Paid", "Voided", "Deleted")


class Doc(NamedTuple):
	"""A document as the list shows it; one day due, nothing paid, unless told otherwise."""

	document_type: str = INVOICE
	status: str = "Authorised"
	due: date | None = TOMORROW
	amount_due: Decimal = Decimal("100.00")
	total: Decimal = Decimal("100.00")
	amount_paid: Decimal = Decimal("0.00")
	currency: str = "NZD"
	sub_total: Decimal = Decimal("86.96")


def total(amounts: Iterable[Decimal]) -> Decimal:
	return sum(amounts, Decimal(0))


def grouped(documents: Iterable[Doc], today: date = TODAY) -> list[Group]:
	"""One group for documents that are alike, as the query of the site makes them."""
	alike: dict[tuple[str, str, str, str, bool], list[Doc]] = {}
	for each in documents:
		key = (
			each.document_type,
			each.status,
			each.currency,
			bucket_of(each.due, today),
			each.amount_due > 0,
		)
		alike.setdefault(key, []).append(each)
	return [
		Group(
			*key,
			count=len(found),
			sub_total=total(each.sub_total for each in found),
			total=total(each.total for each in found),
			amount_due=total(each.amount_due for each in found),
			amount_paid=total(each.amount_paid for each in found),
		)
		for key, found in alike.items()
	]


def summary_of(*documents: Doc) -> Summary:
	return summarise(grouped(documents), "NZD")


def views_of(document: Doc) -> set[str]:
	"""The tabs whose number counts the document, of the one list that holds its type."""
	counts = summary_of(document).counts
	kind, other = ("invoice", "bill") if document.document_type in SALES else ("bill", "invoice")
	assert not any(counts[other].values()), "in both lists"
	assert set(counts[kind].values()) <= {0, 1}
	return {name for name, count in counts[kind].items() if count}


# Views: status, balance, due → the tabs that show the invoice or bill. Xero gives drafts and submitted
# documents a balance too; they are nobody's debt yet, so they are in none of the views about debt (R43-R46).
EVERYWHERE_DUE = tuple(DUES)
SHOWN_IN = [
	("Authorised", "100.00", ("tomorrow",), {"all", "unpaid", "open"}),
	("Authorised", "100.00", ("today",), {"all", "unpaid", "due_today"}),
	("Authorised", "100.00", ("yesterday",), {"all", "unpaid", "overdue"}),
	("Authorised", "100.00", ("no day",), {"all", "unpaid"}),
	("Authorised", "0.01", ("tomorrow",), {"all", "unpaid", "open"}),
	("Authorised", "0.01", ("yesterday",), {"all", "unpaid", "overdue"}),
	("Authorised", "0.00", EVERYWHERE_DUE, {"all"}),
	("Paid", "0.00", EVERYWHERE_DUE, {"all", "paid"}),
	("Paid", "0.01", EVERYWHERE_DUE, {"all"}),
	("Draft", "100.00", EVERYWHERE_DUE, {"all", "drafts"}),
	("Draft", "0.00", EVERYWHERE_DUE, {"all", "drafts"}),
	("Submitted", "100.00", EVERYWHERE_DUE, {"all"}),
	("Submitted", "0.00", EVERYWHERE_DUE, {"all"}),
	("Voided", "0.00", EVERYWHERE_DUE, {"all"}),
	("Deleted", "0.00", EVERYWHERE_DUE, set()),
	("Deleted", "100.00", EVERYWHERE_DUE, set()),
]
CASES = [
	pytest.param(status, balance, due, views, id=f"{status}, {balance} left, due {due}")
	for status, balance, dues, views in SHOWN_IN
	for due in dues
]


@pytest.mark.parametrize(("status", "balance", "due", "views"), CASES)
@pytest.mark.parametrize("document_type", [INVOICE, BILL])
def test_an_invoice_or_bill_is_in_the_views_that_the_rules_name(
	document_type: str, status: str, balance: str, due: str, views: set[str]
) -> None:
	assert views_of(Doc(document_type, status, DUES[due], Decimal(balance))) == views


@pytest.mark.parametrize(("status", "balance", "due", "views"), CASES)
@pytest.mark.parametrize("document_type", [CREDIT_NOTE, SUPPLIER_CREDIT_NOTE])
def test_a_credit_note_is_only_in_drafts_and_all(
	document_type: str, status: str, balance: str, due: str, views: set[str]
) -> None:
	document = Doc(document_type, status, DUES[due], Decimal(balance))
	assert views_of(document) == views & {"drafts", "all"}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("document_type", [*SALES, *PURCHASES])
def test_whatever_was_pinned_is_shown_whatever_became_of_it(document_type: str, status: str) -> None:
	(group,) = grouped([Doc(document_type, status)])
	is_credit_note = document_type in (CREDIT_NOTE, SUPPLIER_CREDIT_NOTE)
	assert VIEWS["pinned"].holds(group, is_credit_note)


def test_pinned_is_asked_of_the_links_and_not_counted_from_groups() -> None:
	assert [name for name, view in VIEWS.items() if view.pinned] == ["pinned"]
	assert summary_of(Doc(), Doc(status="Paid")).counts["invoice"]["pinned"] == 0


def test_the_views_are_those_of_the_specification_with_open_first() -> None:
	assert list(VIEWS) == ["open", "unpaid", "overdue", "due_today", "paid", "drafts", "pinned", "all"]


def test_every_view_of_both_lists_has_a_count_even_without_documents() -> None:
	counts = summary_of().counts
	assert set(counts) == {"invoice", "bill"}
	assert all(counts[kind] == dict.fromkeys(VIEWS, 0) for kind in counts)


@given(
	st.sampled_from([*DUES.values()]), st.sampled_from(STATUSES), st.sampled_from(["0.00", "0.01", "50.00"])
)
def test_open_overdue_and_due_today_never_overlap_and_only_undated_debt_is_in_none(
	due: date | None, status: str, balance: str
) -> None:
	views = views_of(Doc(status=status, due=due, amount_due=Decimal(balance)))
	parts = views & {"open", "overdue", "due_today"}
	assert len(parts) <= 1
	assert bool(parts) == ("unpaid" in views and due is not None)


def test_counts_are_of_documents_in_every_currency_because_the_list_shows_them_all() -> None:
	counts = summary_of(Doc(), Doc(currency="EUR"), Doc(currency="EUR", due=YESTERDAY)).counts["invoice"]
	assert (counts["all"], counts["unpaid"], counts["open"], counts["overdue"]) == (3, 3, 2, 1)


# Ageing


@pytest.mark.parametrize(
	("days_overdue", "bucket"),
	[
		(-365, "later"), (-1, "later"), (0, "today"), (1, "1-30"), (2, "1-30"), (29, "1-30"), (30, "1-30"),
		(31, "31-60"), (59, "31-60"), (60, "31-60"), (61, "61-90"), (89, "61-90"), (90, "61-90"), (91, "90+"),
		(365, "90+"), (36500, "90+"),
	],
)  # fmt: skip
def test_days_overdue_fall_into_the_bucket_that_names_them(days_overdue: int, bucket: str) -> None:
	assert bucket_of(TODAY - timedelta(days=days_overdue), TODAY) == bucket


def test_a_document_without_a_due_date_is_not_overdue() -> None:
	assert bucket_of(None, TODAY) == "no_due_date"
	assert summary_of(Doc(due=None)).ageing["not_due"] == Decimal("100.00")


def test_the_first_day_of_the_calendar_is_overdue_since_long() -> None:
	assert bucket_of(date.min, TODAY) == "90+"


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), st.integers(-400, 400))
def test_the_bounds_that_the_query_uses_say_what_the_bucket_of_a_document_says(
	today: date, days: int
) -> None:
	due = today - timedelta(days=days)
	earliest = dict(due_bounds(today))
	name = bucket_of(due, today)
	later = [bound for bound in earliest.values() if bound > earliest[name]]
	assert earliest[name] <= due
	assert not later or due < min(later)
	assert list(earliest.values()) == sorted(earliest.values(), reverse=True)


@pytest.mark.parametrize(
	("days_overdue", "part"),
	[(-1, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
	 (90, "61-90"), (91, "90+")],
)  # fmt: skip
def test_a_debt_is_in_one_part_of_the_ageing_bar_and_overdue_from_the_first_day(
	days_overdue: int, part: str
) -> None:
	summary = summary_of(Doc(due=TODAY - timedelta(days=days_overdue)))
	assert {name for name, amount in summary.ageing.items() if amount} == {part}
	assert summary.overdue == (Decimal("100.00") if days_overdue > 0 else 0)


def test_the_ageing_bar_has_its_five_parts_in_order_even_when_empty() -> None:
	assert list(summary_of().ageing) == ["not_due", "1-30", "31-60", "61-90", "90+"]
	assert not any(summary_of().ageing.values())


# Totals


def test_total_unpaid_is_authorised_and_submitted_with_the_submitted_part_told_apart() -> None:
	summary = summary_of(
		Doc(amount_due=Decimal("70.00")),
		Doc(status="Submitted", amount_due=Decimal("20.00"), due=YESTERDAY),
		Doc(status="Draft", amount_due=Decimal("5.00")),
		Doc(status="Voided", amount_due=Decimal("3.00")),
	)
	assert summary.unpaid == Decimal("90.00")
	assert summary.awaiting_approval == Decimal("20.00")
	assert summary.overdue == 0, "what was not approved is not owed"


def test_total_paid_holds_the_instalments_of_a_part_paid_invoice() -> None:
	summary = summary_of(
		Doc(amount_due=Decimal("60.00"), amount_paid=Decimal("40.00")),
		Doc(status="Paid", amount_due=Decimal("0.00"), amount_paid=Decimal("100.00")),
	)
	assert (summary.paid, summary.unpaid) == (Decimal("140.00"), Decimal("60.00"))


def test_lifetime_value_is_authorised_and_paid_sales_less_credit_notes() -> None:
	summary = summary_of(
		Doc(total=Decimal("500.00")),
		Doc(status="Paid", total=Decimal("300.00")),
		Doc(CREDIT_NOTE, total=Decimal("50.00")),
		Doc(CREDIT_NOTE, status="Paid", total=Decimal("25.00")),
		Doc(CREDIT_NOTE, status="Draft", total=Decimal("1000.00")),
		Doc(CREDIT_NOTE, status="Voided", total=Decimal("1000.00")),
		Doc(status="Submitted", total=Decimal("1000.00")),
		Doc(status="Draft", total=Decimal("1000.00")),
		Doc(BILL, total=Decimal("1000.00")),
		Doc(SUPPLIER_CREDIT_NOTE, total=Decimal("1000.00")),
	)
	assert summary.lifetime == Decimal("725.00")


def test_credit_notes_do_not_lower_what_is_unpaid() -> None:
	summary = summary_of(Doc(), Doc(CREDIT_NOTE, amount_due=Decimal("30.00")))
	assert (summary.unpaid, summary.ageing["not_due"]) == (Decimal("100.00"), Decimal("100.00"))


def test_bills_unpaid_are_submitted_and_authorised_bills_and_touch_no_sales_total() -> None:
	summary = summary_of(
		Doc(BILL, amount_due=Decimal("10.00"), due=YESTERDAY),
		Doc(BILL, status="Submitted", amount_due=Decimal("20.00")),
		Doc(BILL, status="Draft", amount_due=Decimal("40.00")),
		Doc(BILL, status="Paid", amount_due=Decimal("0.00"), amount_paid=Decimal("80.00")),
		Doc(SUPPLIER_CREDIT_NOTE, amount_due=Decimal("160.00")),
	)
	assert summary.bills_unpaid == Decimal("30.00")
	assert (summary.unpaid, summary.paid, summary.overdue, summary.lifetime) == (0, 0, 0, 0)


def test_another_currency_is_left_out_of_every_total_and_listed_with_its_own() -> None:
	euro = {"currency": "EUR", "total": Decimal("200.00")}
	summary = summary_of(
		Doc(**euro, amount_due=Decimal("200.00"), due=YESTERDAY),
		Doc(**euro, amount_due=Decimal("200.00"), due=YESTERDAY),
		Doc(**euro, amount_due=Decimal("50.00"), amount_paid=Decimal("150.00"), status="Submitted"),
		Doc(**euro, amount_due=Decimal("0.00"), amount_paid=Decimal("200.00"), status="Paid"),
		Doc(**euro, amount_due=Decimal("200.00"), status="Draft"),
		Doc(CREDIT_NOTE, **euro, amount_due=Decimal("200.00"), status="Authorised"),
		Doc(currency="JPY", total=Decimal("9000"), amount_due=Decimal("9000")),
		Doc(BILL, currency="JPY", total=Decimal("70"), amount_due=Decimal("60")),
	)
	assert (summary.unpaid, summary.paid, summary.overdue, summary.lifetime) == (0, 0, 0, 0)
	assert not any(summary.ageing.values())
	assert summary.other_currencies == {
		("invoice", "EUR"): OtherCurrency(
			"invoice", "EUR", count=5, unpaid=Decimal("450.00"), total=Decimal("600.00")
		),
		("invoice", "JPY"): OtherCurrency(
			"invoice", "JPY", count=1, unpaid=Decimal("9000"), total=Decimal("9000")
		),
		("bill", "JPY"): OtherCurrency("bill", "JPY", count=1, unpaid=Decimal("60"), total=Decimal("70")),
	}


def test_the_base_currency_is_the_organisations_and_not_a_constant() -> None:
	summary = summarise(grouped([Doc(currency="EUR"), Doc(currency="NZD")]), "EUR")
	assert (summary.currency, summary.unpaid) == ("EUR", Decimal("100.00"))
	assert list(summary.other_currencies) == [("invoice", "NZD")]


cents = st.integers(0, 10**7).map(lambda number: Decimal(number) / 100)
any_document = st.builds(
	Doc,
	document_type=st.sampled_from([*SALES, *PURCHASES]),
	status=st.sampled_from(STATUSES),
	due=st.none() | st.integers(-100, 100).map(lambda days: TODAY + timedelta(days=days)),
	amount_due=st.just(Decimal("0.00")) | cents,
	total=cents,
	amount_paid=cents,
	sub_total=cents,
	currency=st.sampled_from(["NZD", "NZD", "EUR"]),
)


@given(st.lists(any_document, max_size=25))
def test_the_overview_says_what_adding_up_document_by_document_says(documents: list[Doc]) -> None:
	summary = summary_of(*documents)
	base = [each for each in documents if each.currency == "NZD"]
	invoices = [each for each in base if each.document_type == INVOICE]
	sales = [each for each in invoices if each.status in ("Authorised", "Paid")]
	credits = [
		each for each in base if each.document_type == CREDIT_NOTE and each.status in ("Authorised", "Paid")
	]
	owed = [each for each in invoices if each.status == "Authorised"]
	submitted = [each for each in invoices if each.status == "Submitted"]
	late = [each for each in owed if each.due is not None and each.due < TODAY]
	bills = [
		each for each in base if each.document_type == BILL and each.status in ("Submitted", "Authorised")
	]
	assert summary.unpaid == total(each.amount_due for each in owed + submitted)
	assert summary.awaiting_approval == total(each.amount_due for each in submitted)
	assert summary.paid == total(each.amount_paid for each in sales)
	assert summary.overdue == total(each.amount_due for each in late)
	assert summary.bills_unpaid == total(each.amount_due for each in bills)
	assert summary.lifetime == total(each.total for each in sales) - total(each.total for each in credits)
	for part, least, most in (("1-30", 1, 30), ("31-60", 31, 60), ("61-90", 61, 90), ("90+", 91, 10**6)):
		inside = [each for each in late if least <= (TODAY - each.due).days <= most]  # type: ignore[operator]
		assert summary.ageing[part] == total(each.amount_due for each in inside)


@given(st.lists(any_document, max_size=25))
def test_the_ageing_bar_adds_up_to_unpaid_without_what_awaits_approval(documents: list[Doc]) -> None:
	summary = summary_of(*documents)
	assert total(summary.ageing.values()) == summary.unpaid - summary.awaiting_approval
	assert total(summary.ageing.values()) - summary.ageing["not_due"] == summary.overdue


@given(st.lists(any_document, max_size=25))
def test_the_number_on_a_tab_is_how_many_documents_belong_there(documents: list[Doc]) -> None:
	counts = summary_of(*documents).counts
	for kind, types in (("invoice", SALES), ("bill", PURCHASES)):
		mine = [each for each in documents if each.document_type in types]
		debts = [
			each
			for each in mine
			if each.document_type == types[0] and each.status == "Authorised" and each.amount_due > 0
		]
		expected = {
			"open": [each for each in debts if each.due and each.due > TODAY],
			"unpaid": debts,
			"overdue": [each for each in debts if each.due and each.due < TODAY],
			"due_today": [each for each in debts if each.due == TODAY],
			"paid": [
				each
				for each in mine
				if each.document_type == types[0] and each.status == "Paid" and each.amount_due == 0
			],
			"drafts": [each for each in mine if each.status == "Draft"],
			"pinned": [],
			"all": [each for each in mine if each.status != "Deleted"],
		}
		assert counts[kind] == {name: len(found) for name, found in expected.items()}


@given(st.lists(any_document, max_size=25))
def test_documents_in_other_currencies_are_told_with_their_count_and_subtotal(documents: list[Doc]) -> None:
	told = summarise(grouped(documents), "NZD").other_currencies
	for kind, invoice, credit_note in (("invoice", *SALES), ("bill", *PURCHASES)):
		foreign = [
			each
			for each in documents
			if each.currency == "EUR"
			and each.document_type in (invoice, credit_note)
			and each.status in ("Submitted", "Authorised", "Paid")
		]
		mine = told.get((kind, "EUR"), OtherCurrency(kind, "EUR"))
		invoices = [each for each in foreign if each.document_type == invoice]
		credited = total(each.total for each in foreign if each.document_type == credit_note)
		assert mine.count == len(foreign)
		assert mine.total == total(each.total for each in invoices) - credited
		assert mine.unpaid == total(each.amount_due for each in invoices if each.status != "Paid")


@given(st.lists(any_document, max_size=12))
def test_the_overview_does_not_depend_on_how_the_query_groups_or_orders(documents: list[Doc]) -> None:
	one_by_one = [group for each in reversed(documents) for group in grouped([each])]
	assert summarise(one_by_one, "NZD") == summary_of(*documents)


# The last 12 months

YEARS = [
	# today, first day that counts, last day that does not, oldest month, newest month
	("2026-11-21", "2025-11-22", "2025-11-21", "2025-12", "2026-11"),
	("2026-01-01", "2025-01-02", "2025-01-01", "2025-02", "2026-01"),
	("2026-12-31", "2026-01-01", "2025-12-31", "2026-01", "2026-12"),
	("2026-01-31", "2025-02-01", "2025-01-31", "2025-02", "2026-01"),
	("2024-02-29", "2023-03-01", "2023-02-28", "2023-03", "2024-02"),
	("2024-02-28", "2023-03-01", "2023-02-28", "2023-03", "2024-02"),
	("2025-02-28", "2024-02-29", "2024-02-28", "2024-03", "2025-02"),
	("2025-03-01", "2024-03-02", "2024-03-01", "2024-04", "2025-03"),
	("2024-03-01", "2023-03-02", "2023-03-01", "2023-04", "2024-03"),
]


def sale(day: str | date, amount: str = "1.00", document_type: str = INVOICE) -> DaySales:
	return DaySales(day if isinstance(day, date) else date.fromisoformat(day), document_type, Decimal(amount))


@pytest.mark.parametrize(("today", "first", "before", "oldest", "newest"), YEARS)
def test_the_12_month_value_begins_the_day_after_this_day_a_year_ago(
	today: str, first: str, before: str, oldest: str, newest: str
) -> None:
	now = date.fromisoformat(today)
	assert sales_of_year([sale(first)], now)[1] == Decimal("1.00")
	assert sales_of_year([sale(before)], now)[1] == 0
	assert sales_of_year([sale(today)], now)[1] == Decimal("1.00")
	assert sales_of_year([sale(now + timedelta(days=1))], now)[1] == 0


@pytest.mark.parametrize(("today", "first", "before", "oldest", "newest"), YEARS)
def test_the_chart_has_the_12_months_that_end_with_this_one(
	today: str, first: str, before: str, oldest: str, newest: str
) -> None:
	months, _ = sales_of_year([], date.fromisoformat(today))
	assert list(months) == sorted(months)
	assert (len(months), min(months), max(months)) == (12, oldest, newest)
	assert not any(months.values())


def test_a_chart_in_the_middle_of_a_year_names_its_months_across_the_new_year() -> None:
	months, _ = sales_of_year([], date(2026, 3, 15))
	assert list(months) == [
		"2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12",
		"2026-01", "2026-02", "2026-03",
	]  # fmt: skip


def test_a_sale_stands_in_its_own_month_and_a_credit_note_lowers_its_own() -> None:
	months, value = sales_of_year(
		[
			sale("2026-01-31", "100.00"),
			sale("2026-02-01", "10.00"),
			sale("2026-02-28", "5.00"),
			sale("2026-02-15", "4.00", CREDIT_NOTE),
			sale("2026-03-01", "2.00", CREDIT_NOTE),
		],
		TODAY,
	)
	assert {month: amount for month, amount in months.items() if amount} == {
		"2026-01": Decimal("100.00"),
		"2026-02": Decimal("11.00"),
		"2026-03": Decimal("-2.00"),
	}
	assert value == Decimal("109.00")


def test_a_sale_of_before_the_chart_counts_for_the_value_when_it_is_within_the_year() -> None:
	"""On 21 November the year goes back into the November before, which the chart does not show."""
	months, value = sales_of_year([sale("2025-11-30", "8.00")], TODAY)
	assert not any(months.values())
	assert value == Decimal("8.00")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(-800, 60))
def test_a_day_counts_when_it_is_within_the_year_that_ends_today(today: date, days: int) -> None:
	day = today + timedelta(days=days)
	_, value = sales_of_year([sale(day)], today)
	# the same day a year ago, in a calendar where the 29th of February follows the 28th
	a_year_ago = (today.year - 1, today.month, min(today.day, 28) if today.month == 2 else today.day)
	assert bool(value) == (a_year_ago < (day.year, day.month, day.day) and day <= today)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 800))
def test_what_is_read_from_chart_start_on_is_all_that_the_chart_and_the_value_need(
	today: date, days: int
) -> None:
	before = chart_start(today) - timedelta(days=days)
	months, value = sales_of_year([sale(before)], today)
	assert not any(months.values())
	assert value == 0
	assert chart_start(today).day == 1


@pytest.mark.parametrize(
	("document_type", "status", "due", "late"),
	[
		(INVOICE, "Authorised", YESTERDAY, True),
		(BILL, "Authorised", YESTERDAY, True),
		(CREDIT_NOTE, "Authorised", YESTERDAY, False),
		(SUPPLIER_CREDIT_NOTE, "Authorised", YESTERDAY, False),
		(INVOICE, "Authorised", TODAY, False),
		(INVOICE, "Authorised", None, False),
		(INVOICE, "Draft", YESTERDAY, False),
		(INVOICE, "Submitted", YESTERDAY, False),
	],
)
def test_overdue_is_an_authorised_invoice_or_bill_with_a_balance_and_a_day_behind_it(
	document_type: str, status: str, due: date | None, late: bool
) -> None:
	assert is_overdue(document_type, status, Decimal("10.00"), due, TODAY) is late
	assert not is_overdue(document_type, status, Decimal("0.00"), due, TODAY)


def test_a_deals_invoices_count_without_tax_less_credit_notes():
	sale = invoiced(
		grouped(
			[
				Doc(status="Submitted", sub_total=Decimal("1000.00")),
				Doc(status="Paid", sub_total=Decimal("500.00")),
				Doc(CREDIT_NOTE, sub_total=Decimal("200.00")),
				Doc(status="Draft", sub_total=Decimal("50.00")),
			]
		),
		"NZD",
	)
	assert (sale.invoiced, sale.drafted, sale.others) == (Decimal("1300.00"), Decimal("50.00"), 0)


@pytest.mark.parametrize("document", [Doc(BILL), Doc(SUPPLIER_CREDIT_NOTE), Doc(status="Voided")])
def test_what_is_no_sale_is_not_invoiced(document):
	assert invoiced(grouped([document]), "NZD") == (Decimal(0), Decimal(0), 0)


def test_a_deals_invoices_in_another_currency_are_counted_apart():
	sale = invoiced(grouped([Doc(currency="USD"), Doc(CREDIT_NOTE, currency="USD"), Doc()]), "NZD")
	assert (sale.invoiced, sale.others) == (Decimal("86.96"), 2)


def test_pdf_and_online_invoice_are_for_sales_that_are_no_drafts():
	everything = [(kind, status) for kind in (*SALES, *PURCHASES) for status in STATUSES]
	assert {each for each in everything if has_pdf(*each)} == {
		(kind, status) for kind in SALES for status in ("Submitted", "Authorised", "Paid")
	}
	assert {each for each in everything if has_online_invoice(*each)} == {
		(INVOICE, "Authorised"),
		(INVOICE, "Paid"),
	}


@pytest.mark.parametrize(
	("status", "amount_due", "expected"),
	[
		("Draft", "120", "Created"),
		("Submitted", "120", "Created"),
		("Authorised", "120", "Live"),
		("Authorised", "119.99", "Part Paid"),
		("Authorised", "0.01", "Part Paid"),
		("Paid", "0", "Paid"),
		("Voided", "0", "Cancelled"),
		("Deleted", "120", "Cancelled"),
	],
)
def test_a_document_stands_as_its_status_and_its_payments_say(status, amount_due, expected):
	assert own_state(status, Decimal(120), Decimal(amount_due)) == expected
