"""Amounts: the currency's decimals, rounding half up, and what is no amount."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core import money
from xero_connector.core.errors import Code, NeedsPerson

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=6)


@pytest.mark.parametrize(
	("currency", "digits"),
	[
		("NZD", 2),
		("USD", 2),
		("EUR", 2),
		("JPY", 0),
		("KRW", 0),
		("VND", 0),
		("XPF", 0),
		("KWD", 3),
		("TND", 3),
	],
)
def test_a_currency_has_the_decimals_of_iso_4217(currency: str, digits: int) -> None:
	assert money.decimals(currency) == digits


def test_a_currency_that_nobody_knows_yet_has_two_decimals() -> None:
	assert money.decimals("ZWG") == 2


@pytest.mark.parametrize(
	("amount", "expected"),
	[
		("0.005", "0.01"),
		("0.004999", "0.00"),
		("1.005", "1.01"),
		("2.345", "2.35"),
		("2.355", "2.36"),
		("2.665", "2.67"),
		("-0.005", "-0.01"),
		("10", "10.00"),
	],
)
def test_half_a_cent_is_rounded_away_from_zero(amount: str, expected: str) -> None:
	assert str(money.rounded(Decimal(amount))) == expected


def test_tax_is_the_sum_of_the_rounded_lines_as_xero_prints_it() -> None:
	"""Xero's own example ("Rounding in Xero"): 15 % of three lines is 11.44, of their total 11.45."""
	lines = [Decimal("25.06"), Decimal("25.61"), Decimal("25.63")]
	assert sum(money.rounded(line * Decimal("0.15")) for line in lines) == Decimal("11.44")
	assert money.rounded(sum(lines) * Decimal("0.15")) == Decimal("11.45")


def test_a_unit_amount_can_keep_four_decimals() -> None:
	assert str(money.rounded(Decimal("0.12345"), 4)) == "0.1235"


@given(amounts, st.integers(min_value=0, max_value=4))
def test_rounding_moves_an_amount_by_half_a_unit_at_most(amount: Decimal, digits: int) -> None:
	result = money.rounded(amount, digits)
	assert abs(result - amount) * 10**digits * 2 <= 1
	assert -result.as_tuple().exponent == digits


@given(amounts)
def test_rounding_twice_is_rounding_once(amount: Decimal) -> None:
	assert money.rounded(money.rounded(amount)) == money.rounded(amount)


@pytest.mark.parametrize(
	("amount", "currency", "expected"),
	[
		("1234.5", "NZD", "1234.50"),
		("1E+3", "NZD", "1000.00"),
		("0", "NZD", "0.00"),
		("1E-7", "USD", "0.00"),
		("1234.5", "JPY", "1235"),
		("1E+3", "JPY", "1000"),
		("1.2345", "KWD", "1.235"),
		("-7.005", "EUR", "-7.01"),
		("123456789012.34", "USD", "123456789012.34"),
	],
)
def test_the_api_sends_plain_digits_with_the_currencys_decimals(
	amount: str, currency: str, expected: str
) -> None:
	assert money.text(Decimal(amount), currency) == expected


@given(amounts, st.sampled_from(["NZD", "JPY", "KWD"]))
def test_an_amount_sent_as_text_reads_back_to_the_cent(amount: Decimal, currency: str) -> None:
	digits = {"NZD": 2, "JPY": 0, "KWD": 3}[currency]
	sent = money.text(amount, currency)
	assert money.parse(sent, "amount") == money.rounded(amount, digits)
	assert "e" not in sent.lower()


@pytest.mark.parametrize(
	("typed", "expected"),
	[("12.50", "12.50"), (" 12.5\n", "12.5"), ("-3", "-3"), ("1e3", "1000"), (12.5, "12.5"), (7, "7")],
)
def test_an_amount_that_a_person_typed_or_a_record_holds_is_read_exactly(
	typed: object, expected: str
) -> None:
	assert money.parse(typed, "amount") == Decimal(expected)


def test_a_float_of_a_record_is_read_as_it_is_printed() -> None:
	assert money.parse(0.1, "amount") == Decimal("0.1")


@pytest.mark.parametrize(
	"typed",
	[
		"NaN", "sNaN", "-NaN", "Infinity", "-Infinity", "inf", "", "   ", None, True, "ten", "12 50", "1,000.00",
		"12,50", "$5", "1.2.3", "--5", "0x10", [], float("nan"), float("inf"),
	],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused_and_the_field_named(typed: object) -> None:
	with pytest.raises(NeedsPerson) as refusal:
		money.parse(typed, "amount")
	assert refusal.value.code is Code.INVALID_VALUE
	assert refusal.value.values["field"] == "amount"


@given(st.text())
def test_no_text_at_all_breaks_the_reader_of_amounts(typed: str) -> None:
	try:
		amount = money.parse(typed, "price")
	except NeedsPerson as refusal:
		told = refusal.values
	else:
		assert amount.is_finite()
		return
	assert told == {"field": "price", "value": typed}
