"""Which of Xero's tax rates a rate of the record is (R102)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xero_connector.core import taxes
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import TaxRate
from xero_connector.core.taxes import Choice, Mapped, OurRate, TaxName


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


# the map

GST = TaxName("Item Tax Template", "GST - NW")
BY_TYPE = {each.tax_type: each for each in RATES}


def ours(percent: str = "15", key: TaxName = GST) -> OurRate:
	return OurRate(key, key.name, Decimal(percent))


def pair(tax_type: str = "OUTPUT2", our: str = "15", theirs: str = "15", **more: str) -> Mapped:
	return Mapped(GST, Decimal(our), tax_type, Decimal(theirs), **more)


def refusal(choice: Choice, rate_here: OurRate, before: Mapped | None = None) -> tuple[Code, str]:
	with pytest.raises(NeedsPerson) as refused:
		taxes.decide(choice, rate_here, before, BY_TYPE)
	return refused.value.code, refused.value.values["field"]


def test_equal_rates_are_suggested_and_mapped_ones_stay_what_they_are() -> None:
	free, odd = TaxName("Xero Own Rate", "Free"), TaxName("Xero Own Rate", "Odd")
	rates_here = [ours(), ours("0", free), ours("7", odd)]
	tax_map = {GST: pair("COMPOUND", theirs="15.4738", reason="so agreed")}
	found = taxes.suggest(rates_here, tax_map, BY_TYPE, [None, "NONE"])
	assert [(each.state, each.tax_type) for each in found] == [
		("mapped", "COMPOUND"),
		("suggested", "NONE"),
		("none", ""),
	]


def test_equal_rates_are_mapped_without_a_reason() -> None:
	assert taxes.decide(Choice(GST, "OUTPUT2", "for fun"), ours(), None, BY_TYPE) == pair()


def test_rates_that_differ_by_a_ten_thousandth_are_refused_without_a_reason() -> None:
	code, field = refusal(Choice(GST, "COMPOUND"), ours("15.4737"))
	assert (code, field) == (Code.TAX_RATES_DIFFER, "reason")


def test_a_reason_maps_rates_that_differ_and_is_kept_with_them() -> None:
	decided = taxes.decide(Choice(GST, "COMPOUND", "rounded here"), ours("15.47"), None, BY_TYPE)
	assert decided == pair("COMPOUND", "15.47", "15.4738", reason="rounded here")
	assert decided.differs


@pytest.mark.parametrize("tax_type", ["INPUT2", "OUTPUT", "WITHDRAWN", "NEVER"])
def test_a_tax_type_that_no_sale_can_have_is_refused_even_with_a_reason(tax_type: str) -> None:
	assert refusal(Choice(GST, tax_type, "please"), ours()) == (Code.INVALID_VALUE, "tax_type")


def test_nothing_chosen_maps_to_nothing() -> None:
	assert taxes.decide(Choice(GST, ""), ours(), pair(), BY_TYPE) is None


@pytest.mark.parametrize(
	("before", "percent"),
	[
		(pair("OUTPUT", our="12.5", theirs="12.5", trouble="Gone"), "12.5"),
		(pair("OUTPUT2", our="12.5", theirs="12.5", trouble="Changed"), "12.5"),
		(pair("COMPOUND", theirs="15.4738", reason="agreed"), "15"),
	],
)
def test_what_cannot_be_decided_anew_stays_as_it_is_with_its_trouble(before: Mapped, percent: str) -> None:
	again = Choice(GST, before.tax_type, before.reason)
	assert taxes.decide(again, ours(percent), before, BY_TYPE) is before


def test_a_pair_in_trouble_whose_rates_are_equal_again_is_as_good_as_new() -> None:
	before = pair("OUTPUT2", our="12.5", theirs="12.5", trouble="Changed")
	assert taxes.decide(Choice(GST, "OUTPUT2"), ours("15"), before, BY_TYPE) == pair()


@pytest.mark.parametrize(
	("of_xero", "percent_here", "expected"),
	[
		(rate("OUTPUT2", "15"), "15", ""),
		(rate("OUTPUT2", "15.0000"), None, ""),
		(rate("OUTPUT2", "17.5"), "15", "Changed"),
		(rate("OUTPUT2", "15"), "17.5", "Changed"),
		(rate("OUTPUT2", "17.5"), "17.5", "Changed"),
		(rate("OUTPUT2", "15", "Archived"), "15", "Gone"),
		(rate("OUTPUT2", "15", "Deleted"), "15", "Gone"),
		(rate("OUTPUT2", "15", for_sales=False), "15", "Unfit"),
		(None, "15", "Gone"),
	],
)
def test_a_pair_holds_as_long_as_both_sides_are_what_they_were(
	of_xero: TaxRate | None, percent_here: str | None, expected: str
) -> None:
	here = ours(percent_here) if percent_here else None
	assert taxes.trouble_of(pair(), here, of_xero) == expected


OWN = TaxName("Xero Own Rate", "GST")


@pytest.mark.parametrize(
	("name", "percent", "trouble", "expected"),
	[
		(GST, "15", "", GST),
		(GST, "10", "", None),
		(GST, "10", "Changed", GST),
		(None, "12", "", OWN),
		(TaxName("Item Tax Template", "other"), "12", "", OWN),
		(None, "15", "", None),
	],
	ids=[
		"by its template",
		"edited on the document",
		"in trouble whatever the percent",
		"by an own rate of that percent",
		"by an own rate where the template is not mapped",
		"a template that the line does not name is no answer",
	],
)
def test_a_lines_tax_is_mapped(
	name: TaxName | None, percent: str, trouble: str, expected: TaxName | None
) -> None:
	own = pair(our="12", theirs="12")._replace(key=OWN)
	tax_map = {GST: pair(trouble=trouble), OWN: own}
	found = taxes.pair_for(name, Decimal(percent), tax_map)
	assert (found.key if found else None) == expected
