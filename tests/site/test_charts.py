"""What an organisation offers to the lines of its documents, as its mirror holds it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import frappe
import pytest

from tests.xero_world import World
from xero_connector import reading
from xero_connector.core.drafting import Chart
from xero_connector.site import charts, organisations


def books(xero: World):
	return xero.sandbox.organisations[0]


def chart(xero: World) -> Chart:
	return charts.of(organisations.get(xero.organisation))


def test_accounts_are_the_active_ones_of_revenue_that_have_a_code(xero: World):
	xero.read()
	assert list(chart(xero).accounts) == ["200", "210", "230", "260", "270"]
	account = chart(xero).accounts["210"]
	assert (account.account_name, account.tax_type, account.status) == ("Consulting", "OUTPUT2", "Active")
	assert account.account_id in {row["AccountID"] for row in books(xero).accounts}
	assert chart(xero).sales_account == "200"


def test_tax_rates_are_the_active_ones_that_apply_to_revenue(xero: World):
	xero.read()
	rates = chart(xero).tax_rates
	assert set(rates) == {"OUTPUT2", "ZERORATED", "NONE", "TAX001"}
	assert (rates["TAX001"].effective_rate, rates["TAX001"].tax_name) == (
		Decimal("17.5"),
		"Tourism Levy and GST",
	)


def test_items_are_those_that_are_sold_by_code_with_their_price(xero: World):
	bought, given = books(xero).items[0], books(xero).items[1]
	bought["IsSold"] = False
	del given["SalesDetails"]["UnitPrice"]
	xero.read()
	items = chart(xero).items
	assert set(items) == {row["Code"] for row in books(xero).items} - {bought["Code"]}
	cable = items["CABLE-M"]
	assert (cable.unit_price, cable.account_code, cable.tax_type) == (Decimal("1.2345"), "200", "OUTPUT2")
	assert cable.item_id in {row["ItemID"] for row in books(xero).items}
	assert items[given["Code"]].unit_price is None


def test_currencies_and_branding_themes_are_the_organisations(xero: World):
	xero.read()
	mine = chart(xero)
	assert (mine.base_currency, mine.currencies) == ("NZD", ("NZD", "USD", "AUD"))
	assert list(mine.branding_themes.values()) == ["Standard", "Very orange invoice!"]
	assert list(mine.branding_themes) == [row["BrandingThemeID"] for row in books(xero).branding_themes]


@pytest.mark.parametrize(
	("period", "year", "expected"),
	[
		(None, None, None),
		(date(2026, 3, 31), None, date(2026, 3, 31)),
		(date(2026, 3, 31), date(2026, 6, 30), date(2026, 6, 30)),
		(date(2026, 9, 30), date(2026, 6, 30), date(2026, 9, 30)),
	],
)
def test_the_later_lock_date_counts(xero: World, period, year, expected):
	books(xero).profile |= {"PeriodLockDate": period, "EndOfYearLockDate": year}
	xero.read()
	assert chart(xero).locked_until == expected
	assert organisations.get(xero.organisation).locked_until == expected


def test_the_organisations_defaults_are_those_of_its_chart_while_they_can_be_used(xero: World):
	xero.read()
	row = frappe.get_doc("Xero Organisation", xero.organisation)
	row.default_tax = frappe.db.get_value(
		"Xero Tax Rate", {"organisation": xero.organisation, "tax_type": "OUTPUT2"}
	)
	row.branding_theme = books(xero).branding_themes[1]["BrandingThemeID"]
	row.save()
	mine = chart(xero)
	assert (mine.default_tax, mine.branding_theme) == ("OUTPUT2", row.branding_theme)
	gone = replace(
		organisations.get(xero.organisation),
		default_tax=f"{xero.organisation}-OUTPUT",
		branding_theme="gone",
		sales_account="gone",
	)
	archived = charts.of(gone)
	assert (archived.default_tax, archived.branding_theme, archived.sales_account) == (None, None, None)


def test_nothing_of_another_organisation_is_offered_or_taken_as_a_default(xero: World):
	second = xero.sandbox.organisations[1]
	xero.connect(second.id)
	xero.read()
	reading.read_organisation(second.id)
	mine, theirs = chart(xero), charts.of(organisations.get(second.id))
	assert not set(mine.branding_themes) & set(theirs.branding_themes)
	assert "RROUTPUT" in theirs.tax_rates
	assert "RROUTPUT" not in mine.tax_rates
	foreign = {
		"branding_theme": next(iter(theirs.branding_themes)),
		"default_tax": frappe.db.get_value(
			"Xero Tax Rate", {"organisation": second.id, "tax_type": "RROUTPUT"}
		),
	}
	for field, value in foreign.items():
		row = frappe.get_doc("Xero Organisation", xero.organisation)
		row.set(field, value)
		with pytest.raises(frappe.ValidationError, match="another organisation"):
			row.save()
