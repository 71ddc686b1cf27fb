"""Which of Xero's tax rates a rate of the record is (R102)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xero_connector.core import taxes
from xero_connector.core.model import TaxRate


def rate(tax_type: str, percent: str, status: str = "Active", for_sales: bool = True) -> TaxRate:
	return TaxRate(
		tax_type, "Demo", f"{tax_type} {percent}", Decimal(percent), status, for_sales, not for_sales
	)


RATES = [
	rate("OUTPUT2", "15.0000"),
	rate("INPUT2", "15.0000", for_sales=False),
	rate("OUTPUT", "12.5000", "Archived"),
	rate("WITHDRAWN", "3.0000", "Deleted"),
	rate("COMPOUND", "15.4738"),
	rate("ZERORATED", "0.0000"),
	rate("NONE", "0.0000"),
]


@pytest.mark.parametrize(
	("percent", "preferred", "expected"),
	[
		("15", [], "OUTPUT2"),
		("15", [None, "ZERORATED"], "OUTPUT2"),
		("15.0", ["INPUT2"], "OUTPUT2"),
		("15.4738", [], "COMPOUND"),
		("0", ["OUTPUT2", "NONE", "ZERORATED"], "NONE"),
		("0", [None, "ZERORATED"], "ZERORATED"),
	],
)
def test_a_rate_of_the_record_is_the_rate_for_sales_of_exactly_that_per_cent(
	percent: str, preferred: list[str | None], expected: str
) -> None:
	assert taxes.by_rate(Decimal(percent), RATES, preferred) == expected


@pytest.mark.parametrize("percent", ["14.9999", "15.4737", "20", "-15", "12.5", "3"])
def test_a_rate_that_xero_has_not_or_uses_no_more_is_none_even_if_preferred(percent: str) -> None:
	preferred = [each.tax_type for each in RATES]
	assert taxes.by_rate(Decimal(percent), RATES, preferred) is None


def test_of_two_rates_alike_without_a_preference_nobody_can_tell() -> None:
	assert taxes.by_rate(Decimal(0), RATES, [None, "OUTPUT2"]) is None
