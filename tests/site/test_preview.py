"""The preview: to the cent what Xero makes of a form, which contact it goes to, and what is in the way."""

from decimal import Decimal

import frappe
import pytest

from tests import factories
from tests.site import sending
from tests.site.sending import active_contact, add_contact, delivered, made, preview, refused, send
from tests.xero_world import World

MODES = ("Exclusive", "Inclusive", "NoTax")


@pytest.fixture
def deal(site):
	return factories.deal(organization=factories.organization().name, value=1000)


def a_line(**values) -> dict[str, str]:
	blank = dict.fromkeys(("item_code", "discount_rate", "discount_amount", "account_code", "tax_type"), "")
	return {**blank, "description": "Work", "quantity": "1", "unit_amount": "10", **values}


AWKWARD = [
	a_line(quantity="3", unit_amount="9.99", discount_rate="12.5", account_code="200", tax_type="OUTPUT2"),
	a_line(quantity="1.2345", unit_amount="0.0377", account_code="200", tax_type="TAX001"),
	a_line(quantity="7", unit_amount="14.2857", discount_amount="3.33", account_code="230"),
	a_line(quantity="1", unit_amount="25.06", account_code="200", tax_type="NONE"),
]


def sums(shown: dict) -> dict[str, Decimal]:
	return {name: Decimal(shown[name]) for name in ("sub_total", "discount", "tax", "total")}


def stored(invoice) -> dict[str, Decimal]:
	names = {"sub_total": "sub_total", "discount": "total_discount", "tax": "total_tax", "total": "total"}
	return {name: getattr(invoice, attribute) for name, attribute in names.items()}


def amounts_of(shown: dict) -> list[tuple[Decimal, Decimal]]:
	return [(Decimal(line["amount"]), Decimal(line["tax"])) for line in shown["lines"]]


@pytest.mark.parametrize("mode", MODES)
def test_what_is_shown_is_what_xero_then_has_to_the_cent(ready: World, deal, mode):
	shown = preview(deal, lines=AWKWARD, line_amount_types=mode)
	assert shown["problems"] == []
	delivered(ready, deal, lines=AWKWARD, line_amount_types=mode)
	[invoice] = made(ready)
	assert sums(shown) == stored(invoice)
	assert amounts_of(shown) == [(line.line_amount, line.tax_amount) for line in invoice.lines]


@pytest.mark.parametrize("mode", MODES)
def test_a_deal_with_products_is_shown_and_stored_alike(ready: World, mode):
	factories.require("CRM Deal", "products")
	rows = [
		factories.product_row(qty=3, rate=33.33, discount_percentage=7.77),
		factories.product_row(qty=1.5, rate=19.95),
	]
	deal = factories.deal(products=rows)
	sending.settings(line_amount_types=mode)
	shown = preview(deal)
	delivered(ready, deal)
	[invoice] = made(ready)
	assert sums(shown) == stored(invoice)
	assert invoice.line_amount_types == mode
	in_lines = sum(line.line_amount for line in invoice.lines)
	assert in_lines == Decimal("92.22") + Decimal("29.93"), (
		"as the deal says, in the tax mode of the settings"
	)


def test_taxes_are_told_by_rate(ready: World, deal):
	shown = preview(deal, lines=AWKWARD)
	taxes = {each["label"]: Decimal(each["amount"]) for each in shown["taxes"]}
	assert set(taxes) == {"15% GST on Income", "Tourism Levy and GST", "Zero Rated", "No GST"}
	assert sum(taxes.values()) == Decimal(shown["tax"])
	assert shown["lines"][0]["tax_label"] == "15% GST on Income"


def test_a_preview_changes_nothing_and_never_asks_xero(ready: World, deal):
	tables = frappe.get_all("DocType", {"module": "Xero Connector", "issingle": 0}, pluck="name")
	frappe.db.commit()
	before = {table: frappe.db.count(table) for table in tables}
	for changes in (
		{},
		{"lines": AWKWARD},
		{"contact_name": ""},
		{"part": {"kind": "percent", "value": "30"}},
	):
		assert sending.calls(ready, lambda changes=changes: preview(deal, **changes)) == []
	assert {table: frappe.db.count(table) for table in tables} == before


# the contact


def test_the_contact_that_the_record_has_is_used(ready: World, deal):
	contact = active_contact(ready)
	organization = frappe.get_doc("CRM Organization", deal.organization)
	sending.link(organization, contact, ready)
	shown = preview(deal)["contact"]
	assert shown == {"action": "use", "id": contact.id, "name": contact.name}
	delivered(ready, deal)
	assert made(ready)[0].contact is contact


def test_a_contact_of_the_typed_name_is_found_whatever_its_case(ready: World, deal):
	contact = active_contact(ready)
	shown = preview(deal, contact_name=contact.name.upper())["contact"]
	assert shown == {"action": "find", "id": contact.id, "name": contact.name}


def test_a_name_that_nobody_has_is_said_to_be_created(ready: World, deal):
	shown = preview(deal)["contact"]
	assert shown == {"action": "create", "id": None, "name": deal.organization}
	delivered(ready, deal)
	assert made(ready)[0].contact.name == deal.organization


# problems, each beside its field

PROBLEMS = [
	({"contact_name": ""}, "contact_name"),
	({"contact_name": "<b>Acme</b>"}, "contact_name"),
	({"contact": {"email_address": "müller@example.com"}}, "contact.email_address"),
	({"date": "soon"}, "date"),
	({"due_date": ""}, "due_date"),
	({"due_date": "2001-01-01"}, "due_date"),
	({"currency": "XTS"}, "currency"),
	({"currency": "U$"}, "currency"),
	({"branding_theme": "no such theme"}, "branding_theme"),
	({"line_amount_types": "Sometimes"}, "line_amount_types"),
	({"status": "Paid"}, "status"),
	({"lines": []}, "lines"),
	({"description": ""}, "lines.0.description"),
	({"quantity": "many"}, "lines.0.quantity"),
	({"unit_amount": "1.23456"}, "lines.0.unit_amount"),
	({"discount_rate": "33.333"}, "lines.0.discount_rate"),
	({"discount_rate": "101"}, "lines.0.discount_rate"),
	({"discount_amount": "1000.01"}, "lines.0.discount_amount"),
	({"discount_amount": "-1"}, "lines.0.discount_amount"),
	({"item_code": "NOSUCHITEM"}, "lines.0.item_code"),
	({"item_code": "X" * 31}, "lines.0.item_code"),
	({"account_code": "280"}, "lines.0.account_code"),  # archived
	({"account_code": "400"}, "lines.0.account_code"),  # not for sales
	({"account_code": "", "status": "Authorised"}, "lines.0.account_code"),
	({"tax_type": "INPUT2"}, "lines.0.tax_type"),
	({"unit_amount": "0"}, ""),
	({"unit_amount": "-5"}, ""),
	({"part": {"kind": "percent", "value": "101"}}, "part.value"),
	({"part": {"kind": "amount", "value": ""}}, "part.value"),
	({"part": {"kind": "half", "value": ""}}, "part.kind"),
]


@pytest.mark.parametrize(("changes", "field"), PROBLEMS)
def test_what_is_wrong_is_told_beside_its_field_and_refused(ready: World, deal, changes, field):
	[problem] = preview(deal, **changes)["problems"]
	assert problem["field"] == field
	assert problem["message"]
	_code, refused_field = refused(lambda: send(deal, **changes))
	assert refused_field == (field or None)
	assert sending.wishes_for(deal) == []


def test_everything_that_is_wrong_is_told_at_once_and_the_rest_is_shown(ready: World, deal):
	lines = [a_line(description=""), a_line(account_code="400"), a_line(unit_amount="20")]
	shown = preview(deal, contact_name="", due_date="2001-01-01", lines=lines)
	told = {problem["field"] for problem in shown["problems"]}
	assert told == {"contact_name", "due_date", "lines.0.description", "lines.1.account_code"}
	assert shown["lines"][2]["amount"] == "20.00"


def test_a_line_between_good_ones_is_the_one_that_is_named(ready: World, deal):
	lines = [a_line(), a_line(), a_line(tax_type="OUTPUT")]  # archived in Xero
	[problem] = preview(deal, lines=lines)["problems"]
	assert problem["field"] == "lines.2.tax_type"


def test_a_day_in_a_locked_period_is_told_before_xero_refuses_it(ready: World, deal):
	frappe.db.set_value("Xero Organisation", ready.organisation, "locked_until", "2026-03-31")
	changes = {"date": "2026-03-31", "due_date": "2026-12-31"}
	[problem] = preview(deal, **changes)["problems"]
	assert problem["field"] == "date"
	assert refused(lambda: send(deal, **changes)) == ("period_locked", "date")
	assert preview(deal, **{**changes, "date": "2026-04-01"})["problems"] == []


# questions


def ask(deal, code: str, **changes) -> None:
	"""The preview asks, and nothing is sent before somebody says yes to just that."""
	[question] = preview(deal, **changes)["questions"]
	assert question["code"] == code
	assert question["message"]
	assert refused(lambda: send(deal, **changes))[0] == code
	assert refused(lambda: send(deal, confirmed=["something_else"], **changes))[0] == code
	assert sending.wishes_for(deal) == []
	assert send(deal, confirmed=[code], **changes)["state"] == "Queued"


def test_more_than_the_deal_is_worth_is_asked_about(ready: World, deal):
	assert preview(deal, unit_amount="1000")["questions"] == []
	ask(deal, "over_value", unit_amount="1000.01")


def test_what_is_invoiced_already_counts_against_the_deal_s_value(ready: World, deal):
	delivered(ready, deal, unit_amount="600")
	whole = {"sequence": 2, "part": {"kind": "all", "value": ""}}
	assert preview(deal, unit_amount="400", **whole)["questions"] == []
	[question] = preview(deal, unit_amount="401", **whole)["questions"]
	assert question["code"] == "over_value"
	assert preview(deal, unit_amount="1000")["questions"] == [], (
		"a change of the first does not count it twice"
	)


def test_a_name_that_xero_has_archived_is_asked_about(ready: World):
	contact = add_contact(ready, "Kauri Timber Ltd")
	ready.sandbox.edit_contact(contact.id, ContactStatus="ARCHIVED")
	ready.read()
	deal = factories.deal(organization=factories.organization(organization_name="Kauri Timber Ltd"), value=10)
	ask(deal, "archived_namesake")
	ready.jobs.run_all()
	assert made(ready)[0].contact.id != contact.id


def test_a_contact_that_was_merged_into_another_is_asked_about(ready: World, deal):
	lost, kept = add_contact(ready, "Totara Tools"), add_contact(ready, "Totara Group")
	ready.read()
	sending.link(frappe.get_doc("CRM Organization", deal.organization), lost, ready)
	ready.sandbox.merge_contacts(lost.id, kept.id)
	ready.read()
	[question] = preview(deal)["questions"]
	assert "Totara Tools" in question["message"]
	assert "Totara Group" in question["message"]
	ask(deal, "contact_merged")
	ready.jobs.run_all()
	assert made(ready)[0].contact.id == kept.id
	second = factories.deal(organization=deal.organization, value=5)
	assert preview(second)["questions"] == [], "who said yes once is not asked again"
	assert preview(second)["contact"]["id"] == kept.id
