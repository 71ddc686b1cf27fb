"""What Xero makes of a draft, and how a record's lines are said: Xero's examples, and properties of any line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xero_connector.core import pricing
from xero_connector.core.drafting import CREDIT_NOTE, INVOICE, Draft, Line, NewContact, SourceLine
from xero_connector.core.model import TaxRate
from xero_connector.core.money import rounded

RATES = {
	name: TaxRate(name, "Demo", f"{name} tax", Decimal(percent), "Active", True, False)
	for name, percent in {"GST": "15.0000", "VAT": "20.0000", "ZERO": "0.0000", "QST": "15.4738"}.items()
}
CENT = Decimal("0.01")

quantities = st.decimals("0.0001", 9999, places=4)
prices = st.decimals("0.0001", 99999, places=4)
amounts = st.decimals("0.01", 999999, places=2)
percents = st.decimals(0, 100, places=2)


def line(
	unit_amount: str, tax_type: str | None = "GST", quantity: str = "1", account: str = "200", **more: str
) -> Line:
	numbers = {name: Decimal(value) for name, value in more.items()}
	return Line("Work", Decimal(quantity), Decimal(unit_amount), account, tax_type, **numbers)


def draft(*lines: Line, line_amount_types: str = "Exclusive") -> Draft:
	day = date(2026, 11, 22)
	contact = NewContact("Somebody")
	return Draft("Demo", None, contact, day, day, None, "NZD", lines, line_amount_types=line_amount_types)


def totals(*lines: Line, line_amount_types: str = "Exclusive") -> tuple[str, str, str, str]:
	"""Sub total, discount, tax and total, as text."""
	priced = pricing.price(draft(*lines, line_amount_types=line_amount_types), RATES)
	return str(priced.sub_total), str(priced.discount), str(priced.tax), str(priced.total)


def total(lines: tuple[Line, ...]) -> Decimal:
	return pricing.price(draft(*lines, line_amount_types="NoTax"), RATES).total


# What Xero makes of a draft


def test_tax_is_rounded_for_each_line_and_then_summed() -> None:
	"""Xero's own example ("Rounding in Xero"): 15 % of three lines is 11.44, of their total 11.45."""
	assert totals(line("25.06"), line("25.61"), line("25.63")) == ("76.30", "0.00", "11.44", "87.74")


@pytest.mark.parametrize(
	("given_line", "mode", "expected"),
	[
		(line("22.50", discount_rate="15"), "Exclusive", ("19.13", "3.37", "2.87", "22.00")),
		(line("300", discount_amount="100"), "Exclusive", ("200.01", "99.99", "30.00", "230.01")),
		(line("115"), "Inclusive", ("100.00", "0.00", "15.00", "115.00")),
		(line("115"), "NoTax", ("115.00", "0.00", "0.00", "115.00")),
		(line("115", "ZERO"), "Exclusive", ("115.00", "0.00", "0.00", "115.00")),
		(line("115", None), "Inclusive", ("115.00", "0.00", "0.00", "115.00")),
		(line("100", "QST"), "Exclusive", ("100.00", "0.00", "15.47", "115.47")),
		(line("1.2345", quantity="100"), "Exclusive", ("123.45", "0.00", "18.52", "141.97")),
		(line("-22.50", quantity="1"), "Exclusive", ("-22.50", "0.00", "-3.38", "-25.88")),
		(line("100", tax_amount="14.99"), "Exclusive", ("100.00", "0.00", "14.99", "114.99")),
		(line("100", tax_amount="14.99"), "Inclusive", ("85.01", "0.00", "14.99", "100.00")),
		(line("100", "ZERO", tax_amount="14.99"), "Exclusive", ("100.00", "0.00", "0.00", "100.00")),
		(line("0", discount_amount="5"), "Exclusive", ("0.00", "0.00", "0.00", "0.00")),
	],
)
def test_a_line_is_priced_as_xero_prices_it(
	given_line: Line, mode: str, expected: tuple[str, str, str, str]
) -> None:
	assert totals(given_line, line_amount_types=mode) == expected


def test_taxes_are_told_by_rate_in_the_order_of_the_lines() -> None:
	lines = (line("10", "ZERO"), line("20", "VAT"), line("10"), line("5", "VAT"), line("1", None))
	assert pricing.price(draft(*lines), RATES).taxes == (
		("ZERO", "ZERO tax", Decimal(0), Decimal("0.00")),
		("VAT", "VAT tax", Decimal(20), Decimal("5.00")),
		("GST", "GST tax", Decimal(15), Decimal("1.50")),
	)
	assert pricing.price(draft(*lines, line_amount_types="NoTax"), RATES).taxes == ()


def test_a_tax_type_that_nobody_knows_counts_as_no_tax_until_it_is_mended() -> None:
	priced = pricing.price(draft(line("10", "GONE"), line("10")), RATES)
	assert [each.tax_type for each in priced.lines] == [None, "GST"]
	assert priced.total == Decimal("21.50")


def test_a_draft_without_lines_comes_to_nothing() -> None:
	assert totals() == ("0.00", "0.00", "0.00", "0.00")


# How a record's line is said


def source(
	quantity: str, unit_amount: str, discount_rate: str | None = None, net_amount: str | None = None
) -> SourceLine:
	rate, net = (Decimal(value) if value else None for value in (discount_rate, net_amount))
	return SourceLine("Work", Decimal(quantity), Decimal(unit_amount), rate, net)


@pytest.mark.parametrize(
	("record", "quantity", "unit_amount", "discount_rate"),
	[
		(source("2", "100"), "2", "100", None),
		(source("2", "100", "10"), "2", "100", "10"),
		(source("2", "100", None, "180"), "2", "100", "10"),
		# an additional discount on top of the line's own
		(source("2", "100", "10", "171"), "2", "100", "14.5"),
		# three places that two say as well, and that they do not
		(source("1", "100", "33.333"), "1", "100", "33.33"),
		(source("1", "10000", "33.333"), "1", "6666.70", None),
		(source("1", "300", None, "200"), "1", "200", None),
		(source("3", "100", None, "200"), "3", "66.6667", None),
		(source("1", "100", "100"), "1", "100", "100"),
		# dearer than the list price, or a line that takes something off
		(source("2", "100", None, "220"), "2", "110", None),
		(source("1", "-50", "10"), "1", "-45", None),
		# a discount that changes nothing is still the record's
		(source("1", "0.01", "10"), "1", "0.01", "10"),
		(source("1", "100", "0.001"), "1", "100", None),
		# Xero's own example: too fine a price is one line of the whole amount
		(source("1000", "0.061171"), "1", "61.17", None),
		(source("0.333333333", "300"), "0.3333", "300.03", None),
		(source("0", "100"), "0", "100", None),
		(source("0", "100", None, "5"), "1", "5", None),
		# what the quantity loses is no discount
		(source("0.66667", "200"), "0.6667", "199.985", None),
	],
)
def test_a_line_of_an_invoice_is_said_with_its_list_price_where_that_can_be(
	record: SourceLine, quantity: str, unit_amount: str, discount_rate: str | None
) -> None:
	rate = Decimal(discount_rate) if discount_rate else None
	assert pricing.express(record, INVOICE) == (Decimal(quantity), Decimal(unit_amount), rate)


@pytest.mark.parametrize(
	("record", "quantity", "unit_amount"),
	[
		(source("2", "100"), "2", "100"),
		(source("2", "100", "10"), "2", "90"),
		(source("2", "100", "10", "171"), "2", "85.5"),
		(source("3", "100", None, "200"), "3", "66.6667"),
		(source("1", "100", "100"), "1", "0"),
		(source("7000", "1", None, "1000"), "1", "1000"),
	],
)
def test_a_line_of_a_credit_note_is_said_with_its_net_price(
	record: SourceLine, quantity: str, unit_amount: str
) -> None:
	assert pricing.express(record, CREDIT_NOTE) == (Decimal(quantity), Decimal(unit_amount), None)


def said(record: SourceLine, document_type: str) -> Decimal:
	"""What Xero makes of the line that `record` becomes; refuses what Xero would."""
	wording = pricing.express(record, document_type)
	for value, places in zip(wording, (4, 4, 2), strict=True):
		assert value is None or value == rounded(value, places)
	if wording.discount_rate is not None:
		assert document_type == INVOICE
		assert 0 < wording.discount_rate <= 100
	of_xero = Line("Work", wording.quantity, wording.unit_amount, discount_rate=wording.discount_rate)
	return total((of_xero,))


any_number = st.decimals(-99999, 99999, places=6)


@given(
	any_number,
	any_number,
	st.none() | st.decimals(0, 100, places=6),
	any_number,
	st.sampled_from([INVOICE, CREDIT_NOTE]),
)
def test_xero_makes_of_a_line_what_it_comes_to_on_its_record(
	quantity: Decimal, unit_amount: Decimal, rate: Decimal | None, net: Decimal, document_type: str
) -> None:
	record = SourceLine("Work", quantity, unit_amount, rate, net)
	assert said(record, document_type) == rounded(net)


@given(quantities, prices, percents, st.sampled_from([INVOICE, CREDIT_NOTE]))
def test_without_a_sum_of_its_own_a_line_comes_to_its_price_less_its_discount(
	quantity: Decimal, unit_amount: Decimal, rate: Decimal, document_type: str
) -> None:
	record = SourceLine("Work", quantity, unit_amount, rate)
	assert said(record, document_type) == rounded(quantity * unit_amount * (100 - rate) / 100)


@given(quantities, prices, percents, st.integers(-3, 3))
def test_the_list_price_stays_whenever_a_rate_of_two_places_makes_the_amount(
	quantity: Decimal, unit_amount: Decimal, rate: Decimal, more: int
) -> None:
	net = rounded(quantity * unit_amount * (100 - rate) / 100) + more * CENT
	wording = pricing.express(SourceLine("Work", quantity, unit_amount, None, net), INVOICE)
	kept = wording[:2] == (quantity, unit_amount)
	assert kept == (wording.discount_rate is not None) or net == rounded(quantity * unit_amount)
	if any_rate_makes(net, quantity, unit_amount):
		assert kept


@given(quantities, prices, amounts)
def test_no_discount_amount_makes_what_no_rate_makes(
	quantity: Decimal, unit_amount: Decimal, discount: Decimal
) -> None:
	"""Why a line is never said with one: Xero turns it into a rate."""
	assume(discount <= quantity * unit_amount)
	net = total((Line("Work", quantity, unit_amount, discount_amount=discount),))
	assert any_rate_makes(net, quantity, unit_amount)


def any_rate_makes(net: Decimal, quantity: Decimal, unit_amount: Decimal) -> bool:
	"""Tried out, all 10,001 of them, in whole numbers: a line is gross * (10000 - rate) / 10^10 of 10^-2 each."""
	gross, wanted, half = int(quantity * unit_amount * 10**8), int(net * 100), 10**10 // 2
	return any((gross * (10_000 - rate) + half) // 10**10 == wanted for rate in range(10_001))


# A part of the lines


@pytest.mark.parametrize(
	("lines", "target", "expected"),
	[
		([line("1000")], "300", [("200", "GST", "300")]),
		# alike ones are one, in the order in which they come first
		(
			[line("500", "VAT"), line("100"), line("500", "VAT"), line("100", account="210")],
			"120",
			[("200", "VAT", "100.00"), ("200", "GST", "10.00"), ("210", "GST", "10.00")],
		),
		# a cent that cannot be divided goes to the largest remainder, of equal ones to the first
		([line("1"), line("1", "VAT"), line("1", "ZERO")], "1", [
			("200", "GST", "0.34"), ("200", "VAT", "0.33"), ("200", "ZERO", "0.33"),
		]),
		([line("1"), line("2", "VAT")], "1", [("200", "GST", "0.33"), ("200", "VAT", "0.67")]),
		# discounts count, what is free is left out
		([line("100", discount_rate="50"), line("50", "VAT"), line("9", "ZERO", discount_rate="100")], "10", [
			("200", "GST", "5"), ("200", "VAT", "5"),
		]),
		# what is taken off is taken off in part
		([line("200"), line("-100", "ZERO")], "30", [("200", "GST", "60"), ("200", "ZERO", "-30")]),
		# nothing to go by
		([line("0"), line("0", "VAT")], "50", [("200", "GST", "50")]),
		([], "50", []),
		([line("100")], "0", []),
	],
)  # fmt: skip
def test_a_part_has_a_line_for_each_account_and_tax(
	lines: list[Line], target: str, expected: list[tuple[str, str, str]]
) -> None:
	shares = pricing.share_of(lines, Decimal(target), "30 % of it")
	assert [(each.account_code, each.tax_type, each.unit_amount) for each in shares] == [
		(account, tax_type, Decimal(amount)) for account, tax_type, amount in expected
	]
	assert {(each.description, each.quantity) for each in shares} <= {("30 % of it", Decimal(1))}


some_lines = st.lists(
	st.builds(
		Line,
		st.just("Work"),
		quantities,
		prices,
		st.sampled_from(["200", "210", None]),
		st.sampled_from(["GST", "VAT", "ZERO", None]),
		discount_rate=st.none() | percents,
	),
	min_size=1,
	max_size=8,
)


@given(some_lines, amounts)
def test_the_parts_add_up_to_the_cent_and_none_is_less_than_nothing(
	lines: list[Line], target: Decimal
) -> None:
	shares = pricing.share_of(lines, target, "A part")
	assert total(shares) == target
	assert all(each.unit_amount > 0 for each in shares)
	kinds = [(each.account_code, each.tax_type) for each in shares]
	assert len(set(kinds)) == len(kinds)


@given(some_lines, amounts)
def test_a_part_is_within_a_cent_of_its_proportion(lines: list[Line], target: Decimal) -> None:
	whole = total(tuple(lines))
	assume(whole)
	shares = pricing.share_of(lines, target, "A part")
	for account, tax_type in {(each.account_code, each.tax_type) for each in lines}:
		alike = [each for each in lines if (each.account_code, each.tax_type) == (account, tax_type)]
		part = [each for each in shares if (each.account_code, each.tax_type) == (account, tax_type)]
		assert abs(total(tuple(part)) - target * total(tuple(alike)) / whole) <= CENT


# A total that only roundings of tax miss


def test_the_line_with_the_largest_tax_takes_the_cent_that_xero_rounds_away() -> None:
	record = draft(line("25.06"), line("25.63"), line("25.61"))
	fitted = pricing.fit_tax(record, RATES, Decimal("87.75"))
	assert [each.tax_amount for each in fitted.lines] == [None, Decimal("3.85"), None]
	assert pricing.price(fitted, RATES).total == Decimal("87.75")


@pytest.mark.parametrize(
	("lines", "mode", "wanted"),
	[
		# it fits as it is
		((line("25.06"),), "Exclusive", "28.82"),
		# more than a cent a line is no rounding
		((line("25.06"),), "Exclusive", "28.84"),
		((line("25.06"), line("25.06")), "Exclusive", "57.61"),
		# no tax that could take it
		((line("25.06", "ZERO"),), "Exclusive", "25.07"),
		((line("25.06", None),), "Exclusive", "25.07"),
		((line("25.06"),), "NoTax", "25.07"),
		# with the tax inside, another tax makes no other total
		((line("25.06"),), "Inclusive", "25.07"),
		# the tax would change its sign
		((line("0.07"), *[line("1", "ZERO")] * 2), "Exclusive", "2.05"),
		((), "Exclusive", "0.01"),
	],
)
def test_what_is_no_rounding_of_tax_is_left_alone(lines: tuple[Line, ...], mode: str, wanted: str) -> None:
	record = draft(*lines, line_amount_types=mode)
	assert pricing.fit_tax(record, RATES, Decimal(wanted)) is record


@given(some_lines, st.integers(-9, 9))
def test_a_fitted_draft_has_the_wanted_total_and_one_other_tax(lines: list[Line], cents: int) -> None:
	record = draft(*lines)
	wanted = pricing.price(record, RATES).total + cents * CENT
	fitted = pricing.fit_tax(record, RATES, wanted)
	changed = [
		(before, after) for before, after in zip(record.lines, fitted.lines, strict=True) if before != after
	]
	for before, after in changed:
		assert after == replace(before, tax_amount=after.tax_amount)
		assert after.tax_amount is not None
		assert after.tax_amount >= 0
		assert pricing.price(fitted, RATES).total == wanted
	enough = any(abs(cents) * CENT <= each.tax for each in pricing.price(record, RATES).lines)
	assert len(changed) == (1 if cents and enough and abs(cents) <= len(lines) else 0)
