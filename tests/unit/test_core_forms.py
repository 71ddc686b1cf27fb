"""The form of a document: what it starts with, what comes back of it, and what is wrong with what was filled in."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core import pricing
from xero_connector.core.drafting import (
	CREDIT_NOTE,
	EXCLUSIVE,
	INCLUSIVE,
	NO_TAX,
	Chart,
	Draft,
	Line,
	NewContact,
	Product,
	Source,
	SourceLine,
)
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.forms import (
	Customer,
	Filled,
	Preset,
	TextValues,
	contact_from,
	read,
	start,
	texts_of,
)
from xero_connector.core.model import Account, Item, TaxRate

TODAY = date(2026, 11, 21)


def account(code: str, tax_type: str | None) -> Account:
	return Account(
		f"id-{code}", "tenant", code, f"Sales {code}", "SALES", "REVENUE", tax_type, "Active", False, None
	)


def rate(tax_type: str, percent: str) -> TaxRate:
	return TaxRate(tax_type, "tenant", f"{tax_type} {percent}", Decimal(percent), "Active", True, False)


def item(code: str, account_code: str | None = None, tax_type: str | None = None) -> Item:
	return Item(f"id-{code}", "tenant", code, code, None, None, account_code, tax_type, True, None)


CHART = Chart(
	base_currency="NZD",
	today=TODAY,
	accounts={"200": account("200", "GST"), "260": account("260", "ZERO")},
	tax_rates={name: rate(name, percent) for name, percent in (("GST", "15"), ("ZERO", "0"), ("VAT", "20"))},
	items={
		"SRV": item("SRV", "260", "VAT"),
		"OLD": item("OLD", "999", "GONE"),
		"BARE": item("BARE"),
	},
	currencies=("NZD", "USD", "EUR"),
	branding_themes={"theme-1": "Standard", "theme-2": "Other"},
	sales_account="200",
)
PRESET = Preset(due_days=30, status="Draft", line_amount_types=EXCLUSIVE, with_items=True)
JANE = NewContact("City Agency", "Jane", "Doe", "jane@example.com", "+64 9 555 0101", city="Auckland")
SOURCE = Source("Website relaunch", Decimal("1250.00"), "EUR", JANE)
SERVER = Product("SRV", "Server", "A server", Decimal("120.00"))


def line(price: Any = 100, quantity: Any = 1, **more: Any) -> SourceLine:
	return SourceLine("Server", Decimal(quantity), Decimal(price), **more)


def started(
	source: Source = SOURCE, chart: Chart = CHART, customer: Customer | None = None, **preset: Any
) -> Draft:
	return start(source, "tenant", customer, chart, PRESET._replace(**preset)).draft


def with_lines(*lines: SourceLine, **more: Any) -> Source:
	return replace(SOURCE, lines=lines, **more)


def one_line(source_line: SourceLine, chart: Chart = CHART, **more: Any) -> Line:
	[made] = started(with_lines(source_line, **more), chart).lines
	return made


def filled(
	source: Source = SOURCE, chart: Chart = CHART, left: Decimal | None = None, **changes: Any
) -> Filled:
	"""The form that the record starts with, with these of its fields changed; "lines__0__quantity" is a path."""
	values = copy.deepcopy(texts_of(started(source, chart)))
	for path, value in changes.items():
		*way, name = path.split("__")
		inner: Any = values
		for step in way:
			inner = inner[int(step)] if isinstance(inner, list) else inner[step]
		inner[name] = value
	return read(values, "tenant", source, chart, left)


def problems(given: Filled) -> list[tuple[str, Code]]:
	return [(each.field, each.code) for each in given.problems]


# What it starts with (R10-R15)


def test_the_contact_is_the_organization_of_the_record() -> None:
	assert (started().contact_id, started().contact) == (None, JANE)


def test_the_xero_contact_that_the_record_is_linked_to_wins_over_its_own_name() -> None:
	draft = started(customer=Customer("id-1", "City Agency Ltd"))
	assert (draft.contact_id, draft.contact) == ("id-1", JANE._replace(name="City Agency Ltd"))


def test_a_name_that_xero_would_refuse_for_its_blanks_is_put_right() -> None:
	assert started(replace(SOURCE, contact=NewContact(" City \t Agency\n"))).contact.name == "City Agency"


def test_it_is_dated_today_and_due_30_days_later() -> None:
	assert (started().date, started().due_date) == (TODAY, date(2026, 12, 21))


@pytest.mark.parametrize(
	("customer", "due_days", "due"),
	[
		(Customer("id-1", "City", 20, "OFFOLLOWINGMONTH"), 0, date(2026, 12, 20)),
		(Customer("id-1", "City", 20, "OFFOLLOWINGMONTH"), 7, date(2026, 11, 28)),
		(Customer("id-1", "City"), 0, TODAY),
		(None, 0, TODAY),
	],
)
def test_without_days_of_the_settings_the_contacts_own_terms_count(
	customer: Customer | None, due_days: int, due: date
) -> None:
	assert started(customer=customer, due_days=due_days).due_date == due


def test_a_record_that_is_itself_an_invoice_brings_its_dates_and_its_number() -> None:
	own = replace(SOURCE, date=date(2026, 11, 1), due_date=date(2026, 11, 8), reference=" PO\n 778 ")
	draft = started(own)
	assert (draft.date, draft.due_date, draft.reference) == (date(2026, 11, 1), date(2026, 11, 8), "PO 778")


def test_the_reference_is_left_to_the_person() -> None:
	assert started().reference is None


def test_a_record_without_products_makes_one_line_of_its_name_and_amount() -> None:
	assert started().lines == (Line("Website relaunch", Decimal(1), Decimal("1250.00"), "200", "GST"),)


def test_a_record_without_an_amount_starts_at_zero_which_cannot_be_sent() -> None:
	given = start(replace(SOURCE, amount=None), "tenant", None, CHART, PRESET)
	assert given.draft.lines[0].unit_amount == 0
	assert problems(given) == [("", Code.NOTHING_TO_BILL)]


def test_a_company_alone_has_a_line_that_is_still_to_be_described() -> None:
	given = start(Source("", None, None, JANE), "tenant", None, CHART, PRESET)
	assert ("lines.0.description", Code.MISSING_VALUE) in problems(given)


def test_the_currency_is_the_records_own_else_the_organisations() -> None:
	assert started().currency == "EUR"
	assert started(replace(SOURCE, currency=None)).currency == "NZD"


def test_the_settings_and_the_organisation_say_the_rest() -> None:
	draft = started(
		chart=replace(CHART, branding_theme="theme-2"), status="Submitted", line_amount_types=INCLUSIVE
	)
	assert (draft.branding_theme, draft.status, draft.line_amount_types) == (
		"theme-2",
		"Submitted",
		INCLUSIVE,
	)


def test_a_record_that_says_how_its_tax_is_counted_is_taken_at_its_word() -> None:
	assert started(replace(SOURCE, line_amount_types=INCLUSIVE)).line_amount_types == INCLUSIVE


# Its lines (R92, R93)


def test_a_line_has_the_full_list_price_and_its_discount_in_percent() -> None:
	made = one_line(line("99.99", 3, discount_rate=Decimal("12.5"), net_amount=Decimal("262.47")))
	assert (made.quantity, made.unit_amount, made.discount_rate) == (3, Decimal("99.9900"), Decimal("12.50"))


def test_a_discount_that_no_rate_expresses_is_in_the_price() -> None:
	"""A rate of two places moves this amount by five cents at least."""
	made = one_line(line("100000", 1, net_amount=Decimal("66666.67")))
	assert (made.unit_amount, made.discount_rate) == (Decimal("66666.6700"), None)


def test_a_credit_note_has_net_prices_no_discount_and_no_due_date() -> None:
	source = with_lines(
		line(100, 2, discount_rate=Decimal(10), net_amount=Decimal(180)), document_type=CREDIT_NOTE
	)
	draft = started(source)
	[made] = draft.lines
	assert (draft.due_date, made.unit_amount, made.discount_rate) == (None, Decimal("90.0000"), None)


def test_what_only_a_sum_can_say_keeps_its_pieces_in_the_words() -> None:
	made = one_line(line("0.33333", 3, net_amount=Decimal("1.00")))
	assert pricing.price(started(with_lines(line("0.33333", 3, net_amount=Decimal("1.00")))), {}).total == 1
	assert made.description == ("3 × Server" if made.quantity == 1 else "Server")


def test_the_product_of_a_line_becomes_its_item() -> None:
	draft = started(with_lines(line(product=SERVER), line(), line(product=SERVER)))
	assert [each.item_code for each in draft.lines] == ["SRV", None, "SRV"]
	assert draft.products == (SERVER,)


def test_without_items_a_product_is_only_words() -> None:
	draft = started(with_lines(line(product=SERVER)), with_items=False)
	assert (draft.lines[0].item_code, draft.products) == (None, ())


@pytest.mark.parametrize(
	("product", "expected"),
	[(SERVER, "260"), (Product("OLD", "Old"), "200"), (Product("BARE", "Bare"), "200"), (None, "200")],
)
def test_the_account_is_the_items_else_the_organisations(product: Product | None, expected: str) -> None:
	assert one_line(line(product=product)).account_code == expected


# Which tax (R102)


@pytest.mark.parametrize(
	("product", "default", "expected"),
	[
		(SERVER, "ZERO", "VAT"),
		(Product("OLD", "Old"), "ZERO", "ZERO"),
		(None, "ZERO", "ZERO"),
		(None, None, "GST"),
		(Product("BARE", "Bare"), None, "GST"),
	],
)
def test_the_tax_is_the_items_else_the_default_else_the_accounts(
	product: Product | None, default: str | None, expected: str
) -> None:
	assert one_line(line(product=product), replace(CHART, default_tax=default)).tax_type == expected


@pytest.mark.parametrize(("percent", "expected"), [("15", "GST"), ("20.0", "VAT"), ("0", "ZERO")])
def test_the_records_own_rate_wins(percent: str, expected: str) -> None:
	assert one_line(line(product=SERVER, tax_rate=Decimal(percent))).tax_type == expected


def test_a_rate_that_xero_does_not_have_is_told_with_its_line() -> None:
	given = start(with_lines(line(), line(tax_rate=Decimal("7.00"))), "tenant", None, CHART, PRESET)
	[problem] = given.problems
	assert (problem.field, problem.code, problem.values) == (
		"lines.1.tax_type",
		Code.NO_TAX_RATE,
		{"rate": "7"},
	)


def test_of_two_taxes_of_one_rate_the_preferred_one_is_taken_and_nobody_guesses() -> None:
	two = replace(CHART, tax_rates={**CHART.tax_rates, "GST2": rate("GST2", "15")}, sales_account=None)
	source = with_lines(line(tax_rate=Decimal(15)))
	assert one_line(source.lines[0], replace(two, default_tax="GST2")).tax_type == "GST2"
	assert problems(start(source, "tenant", None, two, PRESET)) == [("lines.0.tax_type", Code.NO_TAX_RATE)]


def test_without_tax_no_line_has_any_and_no_rate_is_missed() -> None:
	given = start(
		with_lines(line(tax_rate=Decimal(7)), line_amount_types=NO_TAX), "tenant", None, CHART, PRESET
	)
	assert (given.draft.lines[0].tax_type, given.problems) == (None, ())


def test_a_record_with_a_total_is_met_to_the_cent() -> None:
	"""Three lines of 15 % come to 11.44 line by line, and to 11.45 on the record's sum."""
	prices = ("25.06", "25.61", "25.63")
	source = with_lines(*(line(price, tax_rate=Decimal(15)) for price in prices), total=Decimal("87.75"))
	assert pricing.price(started(source), CHART.tax_rates).total == Decimal("87.75")


# Back from the form

words = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F), min_size=1, max_size=20)
maybe = st.none() | words
percents = st.none() | st.decimals(0, 100, places=2)
products = st.none() | st.builds(Product, st.sampled_from(["SRV", "BARE", "NEW"]), words, maybe)
source_lines = st.builds(
	SourceLine,
	words,
	st.decimals("0.0001", 999, places=4),
	st.decimals("0.0001", 9999, places=4),
	percents,
	product=products,
)
sources = st.builds(
	Source,
	words,
	st.none() | st.decimals("0.01", 99999, places=2),
	st.none() | st.sampled_from(["NZD", "EUR"]),
	st.builds(NewContact, words, *[maybe] * 9),
	st.lists(source_lines, max_size=4).map(tuple),
	document_type=st.sampled_from(["Invoice", "Credit Note"]),
	line_amount_types=st.none() | st.sampled_from([EXCLUSIVE, INCLUSIVE, NO_TAX]),
	reference=maybe,
	total=st.none() | st.decimals("0.01", 9999, places=2),
)


@given(sources, st.booleans(), st.none() | st.just(Customer("id-1", "City Agency Ltd")))
def test_the_form_as_it_starts_makes_the_draft_that_it_shows(
	source: Source, with_items: bool, customer: Customer | None
) -> None:
	began = started(source, customer=customer, with_items=with_items)
	again = read(texts_of(began), "tenant", source, CHART).draft
	assert again == began


@given(sources)
def test_a_form_that_is_read_and_shown_again_stays_as_it_is(source: Source) -> None:
	shown = texts_of(started(source))
	assert texts_of(read(shown, "tenant", source, CHART).draft) == shown


def test_every_field_that_a_person_changed_is_in_the_draft() -> None:
	draft = filled(
		contact_id="id-9",
		contact_name=" Harbour   Ltd ",
		contact__phone="5551234",
		date="2026-11-01",
		due_date="2026-11-08",
		reference=" PO\n9\t x ",
		currency="usd",
		branding_theme="theme-2",
		line_amount_types=INCLUSIVE,
		status="Submitted",
		lines__0__description="First instalment",
		lines__0__quantity="2.5",
		lines__0__unit_amount="400.1234",
		lines__0__discount_rate="10",
		lines__0__account_code="260",
		lines__0__tax_type="VAT",
		lines__0__item_code="SRV",
	).draft
	assert draft == Draft(
		"tenant",
		"id-9",
		JANE._replace(name="Harbour Ltd", phone="5551234"),
		date(2026, 11, 1),
		date(2026, 11, 8),
		"PO 9 x",
		"USD",
		(Line("First instalment", Decimal("2.5"), Decimal("400.1234"), "260", "VAT", "SRV", Decimal(10)),),
		line_amount_types=INCLUSIVE,
		branding_theme="theme-2",
		status="Submitted",
	)


def test_lines_are_added_and_taken_away() -> None:
	values = texts_of(started())
	values["lines"].append({**values["lines"][0], "description": "Hosting"})
	assert [each.description for each in read(values, "tenant", SOURCE, CHART).draft.lines] == [
		"Website relaunch",
		"Hosting",
	]
	values["lines"].clear()
	assert problems(read(values, "tenant", SOURCE, CHART)) == [("lines", Code.MISSING_VALUE)]


def test_a_product_that_is_taken_off_its_line_is_not_made_an_item() -> None:
	source = with_lines(line(product=SERVER))
	assert filled(source, lines__0__item_code="").draft.products == ()
	assert filled(source).draft.products == (SERVER,)


# What Xero takes where a line says nothing


@pytest.mark.parametrize(
	("item_code", "account_code", "taken"),
	[
		("", "", (None, None)),
		("", "200", ("200", "GST")),
		("SRV", "", ("260", "VAT")),
		("SRV", "200", ("200", "VAT")),
		("BARE", "200", ("200", "GST")),
		("OLD", "", (None, None)),
	],
)
def test_an_empty_account_and_tax_are_those_that_xero_takes(
	item_code: str, account_code: str, taken: tuple[str | None, str | None]
) -> None:
	given = filled(lines__0__item_code=item_code, lines__0__account_code=account_code, lines__0__tax_type="")
	[made] = given.draft.lines
	assert (made.account_code, made.tax_type) == taken
	assert given.problems == ()


def test_no_tax_is_filled_in_where_none_is_charged() -> None:
	[made] = filled(line_amount_types=NO_TAX, lines__0__tax_type="").draft.lines
	assert made.tax_type is None


# What is wrong with it


@pytest.mark.parametrize("typed", ["", "   ", None])
@pytest.mark.parametrize(
	"path",
	["contact_name", "date", "due_date", "currency"]
	+ [f"lines__0__{name}" for name in ("description", "quantity", "unit_amount")],
)
def test_a_field_that_a_document_needs_is_asked_for_by_its_path(path: str, typed: str | None) -> None:
	assert (path.replace("__", "."), Code.MISSING_VALUE) in problems(filled(**{path: typed}))


@pytest.mark.parametrize(
	("path", "typed"),
	[
		("contact_name", "City <b>Agency"),
		("contact_name", "x" * 256),
		("contact__city", "x" * 256),
		("contact__email_address", "jane"),
		("reference", "x" * 256),
		("currency", "EURO"),
		("currency", "€€€"),
		("currency", "GBP"),
		("date", "21.11.2026"),
		("date", "2026-02-30"),
		("date", "2026-11-21 10:00:00"),
		("due_date", "2025-02-29"),
		("due_date", "2026-11-20"),
		("branding_theme", "theme-9"),
		("line_amount_types", "Net"),
		("status", "Paid"),
		("lines__0__description", "x" * 4001),
		("lines__0__quantity", "two"),
		("lines__0__quantity", "1.00001"),
		("lines__0__quantity", "NaN"),
		("lines__0__unit_amount", "Infinity"),
		("lines__0__unit_amount", "1e30"),
		("lines__0__unit_amount", "1e-30"),
		("lines__0__unit_amount", "9" * 41),
		("lines__0__discount_rate", "100.01"),
		("lines__0__discount_rate", "-1"),
		("lines__0__discount_rate", "12.345"),
		("lines__0__discount_amount", "1250.01"),
		("lines__0__account_code", "999"),
		("lines__0__tax_type", "GONE"),
		("lines__0__item_code", "XYZ"),
	],
)
def test_a_value_that_cannot_be_is_told_with_its_path(path: str, typed: str) -> None:
	given = problems(filled(**{path: typed}))
	assert (path.replace("__", "."), Code.INVALID_VALUE) in given
	assert {field for field, _ in given} == {path.replace("__", ".")}


def test_a_problem_does_not_repeat_pages_of_text() -> None:
	[problem] = filled(lines__0__description="x" * 100_000).problems
	assert len(problem.values["value"]) < 100


@pytest.mark.parametrize(
	"values",
	[
		{},
		{"lines": "none"},
		{"lines": [None, 7, "x", {}]},
		{"contact": [], "part": "all", "lines": [{"quantity": {"a": 1}}]},
		{"contact_name": {"a": 1}, "date": 7},
	],
)
def test_a_form_that_is_none_has_problems_and_raises_nothing(values: TextValues) -> None:
	assert ("contact_name", Code.MISSING_VALUE) in problems(read(values, "tenant", SOURCE, CHART))


json = st.recursive(
	st.none()
	| st.booleans()
	| st.integers()
	| st.text(max_size=12)
	| st.sampled_from(["1e999999", "-0", "2026-13-01"]),
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
	max_leaves=5,
)
paths = st.sampled_from([*texts_of(started()), "lines"])
fields = st.sampled_from([*texts_of(started())["lines"][0]])


@given(st.dictionaries(paths, json), st.dictionaries(fields, json), json)
def test_nothing_that_is_sent_instead_of_a_form_raises(
	top: TextValues, of_line: TextValues, part: object
) -> None:
	values = {**texts_of(started()), "lines": [of_line], "part": {"kind": part, "value": part}, **top}
	assert isinstance(read(values, "tenant", SOURCE, CHART, Decimal(1)), Filled)


def test_a_credit_note_has_no_discount_whatever_the_form_says() -> None:
	source = with_lines(line(100), document_type=CREDIT_NOTE)
	given = filled(source, lines__0__discount_rate="10", due_date="2026-12-01")
	assert (given.draft.lines[0].discount_rate, given.draft.due_date) == (None, None)


# Parts (B16)

PARTS_OF = with_lines(line(600), line(400, tax_rate=Decimal(0)), amount=Decimal(1000))


def part(
	kind: str, value: str = "", left: Decimal | None = None, source: Source = PARTS_OF, **changes: Any
) -> Filled:
	return filled(source, left=left, part={"kind": kind, "value": value}, **changes)


def amounts(given: Filled) -> list[Decimal]:
	return [each.unit_amount for each in given.draft.lines]


def test_a_percentage_bills_this_share_of_every_tax() -> None:
	given = part("percent", "30")
	assert [(each.tax_type, each.unit_amount) for each in given.draft.lines] == [
		("GST", Decimal("180.00")),
		("ZERO", Decimal("120.00")),
	]
	assert {each.description for each in given.draft.lines} == {"Website relaunch (30 %)"}
	assert given.problems == ()


def test_an_amount_is_divided_as_the_lines_are() -> None:
	assert amounts(part("amount", "100.01")) == [Decimal("60.01"), Decimal("40.00")]


@pytest.mark.parametrize(
	("left", "expected"), [("250", ["150.00", "100.00"]), ("1000", ["600.00", "400.00"])]
)
def test_the_rest_is_what_of_the_sale_is_not_invoiced_yet(left: str, expected: list[str]) -> None:
	assert amounts(part("rest", left=Decimal(left))) == [Decimal(each) for each in expected]


@pytest.mark.parametrize("left", [None, Decimal(0), Decimal(-5)])
def test_where_nothing_is_left_it_is_said(left: Decimal | None) -> None:
	assert problems(part("rest", left=left)) == [("part.kind", Code.NOTHING_LEFT)]


@pytest.mark.parametrize(
	("kind", "value", "problem"),
	[
		("percent", "", ("part.value", Code.MISSING_VALUE)),
		("percent", "0", ("part.value", Code.INVALID_VALUE)),
		("percent", "101", ("part.value", Code.INVALID_VALUE)),
		("percent", "a third", ("part.value", Code.INVALID_VALUE)),
		("amount", "-1", ("part.value", Code.INVALID_VALUE)),
		("half", "", ("part.kind", Code.INVALID_VALUE)),
	],
)
def test_a_part_that_cannot_be_is_told(kind: str, value: str, problem: tuple[str, Code]) -> None:
	assert problems(part(kind, value)) == [problem]


def test_a_part_names_no_item_and_makes_none() -> None:
	given = part("percent", "50", source=with_lines(line(100, product=SERVER)))
	assert (given.draft.lines[0].item_code, given.draft.products) == (None, ())


def test_a_part_is_of_the_lines_as_they_were_edited() -> None:
	assert amounts(part("percent", "10", lines__0__unit_amount="1000")) == [
		Decimal("100.00"),
		Decimal("40.00"),
	]


@given(
	st.lists(source_lines, min_size=1, max_size=4).map(tuple),
	st.sampled_from([EXCLUSIVE, INCLUSIVE, NO_TAX]),
	st.lists(st.integers(1, 60), min_size=2, max_size=4).filter(lambda shares: sum(shares) <= 100),
)
def test_parts_never_come_to_more_than_a_cent_each_off_their_share(
	lines: tuple[SourceLine, ...], mode: str, shares: list[int]
) -> None:
	source = Source("Relaunch", None, "NZD", JANE, lines, line_amount_types=mode)
	whole = sum(each.amount for each in pricing.price(started(source), CHART.tax_rates).lines)
	for share in shares:
		billed = sum(amounts(part("percent", str(share), source=source)), Decimal(0))
		assert abs(billed - whole * share / 100) <= Decimal("0.005")


# A contact of its own

CONTACT = {
	"name": "  Acme   Widgets ",
	"first_name": "Jane",
	"email_address": "jane@acme.example",
	"city": "Wellington",
}


def test_a_filled_in_form_becomes_a_new_contact() -> None:
	assert contact_from({**CONTACT, "last_name": "", "phone": None}) == NewContact(
		"Acme Widgets", "Jane", None, "jane@acme.example", city="Wellington"
	)


@pytest.mark.parametrize(
	("change", "code", "field"),
	[
		({"name": " "}, Code.MISSING_VALUE, "name"),
		({"name": "Acme <b>"}, Code.INVALID_VALUE, "name"),
		({"name": "x" * 256}, Code.INVALID_VALUE, "name"),
		({"city": "x" * 256}, Code.INVALID_VALUE, "city"),
		({"email_address": "jane"}, Code.INVALID_VALUE, "email_address"),
		({"email_address": "jané@acme.example"}, Code.INVALID_VALUE, "email_address"),
		({"email_address": "jane @acme.example"}, Code.INVALID_VALUE, "email_address"),
	],
)
def test_a_contact_that_xero_would_refuse_is_refused_with_the_fields_name(
	change: dict[str, str], code: Code, field: str
) -> None:
	with pytest.raises(NeedsPerson) as caught:
		contact_from({**CONTACT, **change})
	assert (caught.value.code, caught.value.values["field"]) == (code, field)
