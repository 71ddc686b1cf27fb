"""Several organisations: the settings' rules by company, currency or territory (B11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from tests import factories
from tests.site.sending import prepare, settings
from tests.xero_world import World
from xero_connector import reading
from xero_connector.patches import make_companies_rules
from xero_connector.site import links
from xero_connector.site.links import Party


@pytest.fixture
def both(xero: World) -> tuple[str, str]:
	"""Two connected organisations, the default one first."""
	names = tuple(each.id for each in xero.sandbox.organisations[:2])
	xero.connect(*names)
	for name in names:
		reading.read_organisation(name)
	return names


def rule(organisation: str, basis: str, value: str) -> dict[str, str]:
	return {"basis": basis, "value": value, "organisation": organisation}


def deal(**values: Any) -> Any:
	made = factories.deal(organization=factories.organization().name, **values)
	frappe.db.commit()
	return made


def in_currency(currency: str):
	"""Frappe CRM asks a service for the rate when somebody saves a deal in another currency."""
	made = deal()
	frappe.db.set_value("CRM Deal", made.name, "currency", currency)
	return frappe.get_doc("CRM Deal", made.name)


def test_a_rule_by_currency_decides_where_a_deal_is_billed(both: tuple[str, str]):
	first, second = both
	settings(organisation_rules=[rule(second, "Currency", "USD")])
	assert prepare(in_currency("USD"))["organisation"] == second
	assert prepare(in_currency("NZD"))["organisation"] == first


def test_a_rule_by_territory_reads_the_deals_own(both: tuple[str, str]):
	factories.require("CRM Deal", "territory")
	factories.require("CRM Territory")
	south = factories.make("CRM Territory", territory_name="Far South")
	settings(organisation_rules=[rule(both[1], "Territory", south.name)])
	assert prepare(deal(territory=south.name))["organisation"] == both[1]
	assert prepare(deal())["organisation"] == both[0]


def test_a_rule_comes_before_where_the_customer_has_a_contact_and_after_what_somebody_chose(
	both: tuple[str, str],
):
	first, second = both
	made = in_currency("USD")
	contact = frappe.get_all("Xero Contact", {"organisation": first, "status": "Active"}, pluck="name")[0]
	links.add(Party(made.doctype, made.name), links.CONTACT, contact, first, links.BY_USER)
	settings(organisation_rules=[rule(second, "Currency", "USD")])
	assert prepare(made)["organisation"] == second
	assert prepare(made, organisation=first)["organisation"] == first


@pytest.mark.parametrize(
	("rules", "message"),
	[
		([("Company", "Nobody's")], "does not exist"),
		([("Territory", "Nowhere")], "does not exist"),
		([("Currency", "QQQ")], "does not exist"),
		([("Currency", "USD"), ("Currency", " usd ")], "a rule for this already"),
	],
)
def test_a_rule_that_can_never_fit_is_refused(both: tuple[str, str], rules, message):
	if rules[0][0] == "Company":
		factories.require("Company")
	with pytest.raises(frappe.ValidationError, match=message):
		settings(organisation_rules=[rule(both[0], *each) for each in rules])


@pytest.mark.parametrize(
	("rates", "message"),
	[
		([("GST", 15), (" gst ", 10)], "already"),
		([("GST", 15), ("Levy", 15)], "already"),
		([("GST", -1)], "between 0 and 100"),
		([("GST", 101)], "between 0 and 100"),
	],
)
def test_own_rates_that_nobody_could_tell_apart_or_charge_are_refused(site: str, rates, message):
	with pytest.raises(frappe.ValidationError, match=message):
		settings(own_rates=[{"title": title, "rate": rate} for title, rate in rates])


def test_names_in_refusals_are_text_and_never_markup(site: str):
	with pytest.raises(frappe.ValidationError) as refused:
		settings(organisation_rules=[rule("any", "Company", "<img src=x onerror=alert(1)>")])
	assert "<img" not in str(refused.value)


@pytest.fixture
def old_column(both: tuple[str, str]) -> Iterator[None]:
	"""The column that sites of before still have; Frappe leaves what a doctype no longer knows."""
	if frappe.db.has_column("Xero Organisation", "company"):
		yield
		return
	frappe.db.commit()
	frappe.db.sql_ddl("alter table `tabXero Organisation` add column `company` varchar(140)")
	frappe.clear_cache()
	yield
	frappe.db.rollback()
	frappe.db.sql_ddl("alter table `tabXero Organisation` drop column `company`")
	frappe.clear_cache()


def test_the_company_of_an_organisation_becomes_a_rule(both: tuple[str, str], old_column: None):
	frappe.db.sql("update `tabXero Organisation` set company = 'Northwind' where name = %s", (both[1],))
	make_companies_rules.execute()
	make_companies_rules.execute()
	rules = frappe.get_doc("Xero Settings").organisation_rules
	assert [(row.basis, row.value, row.organisation) for row in rules] == [("Company", "Northwind", both[1])]
