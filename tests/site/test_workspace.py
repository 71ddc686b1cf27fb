"""Desk's workspace: its cards and chart, and who gets to see them."""

import json
from decimal import Decimal

import frappe
import pytest

from tests import factories
from tests.xero_world import World
from xero_connector.site import organisations

CARDS = ("unpaid", "overdue", "due_this_week", "drafts")
SEERS = (["Xero Manager"], ["Xero Finance"])
OTHERS = (["Xero Sales"], ["Xero Viewer"], ["System Manager"], ["Sales User"])


@pytest.fixture
def ready(xero: World):
	xero.read()
	# the sandbox's first organisation counts in NZD; Desk knows the currency of the site only
	frappe.db.set_default("currency", "NZD")
	yield xero
	frappe.db.set_default("currency", "USD")


def card(name: str):
	from xero_connector.api import cards

	return getattr(cards, name)()


def sales(xero: World) -> list:
	books = xero.sandbox.organisations[0]
	return [
		d for rows in books.documents_of.values() for d in rows if d.type == "ACCREC" and d.currency == "NZD"
	]


def listed(answer) -> list:
	"""What the list holds that opens when the card is pressed."""
	assert answer["route"] == ["List", "Xero Invoice", "List"]
	fields = ["amount_due", "due_date", "status"]
	return frappe.get_all("Xero Invoice", filters=answer["route_options"], fields=fields)


def shown() -> dict[str, list[str]]:
	"""What the session's user sees of the workspace: nothing at all, or its cards, charts, shortcuts and links."""
	from frappe.desk import desktop

	pages = desktop.get_workspace_sidebar_items()["pages"]
	if "Xero" not in [page and page["name"] for page in pages]:
		return {}
	page = desktop.get_desktop_page(json.dumps({"name": "Xero", "title": "Xero", "public": 1}))
	return {
		"cards": [item.label for item in page["number_cards"]["items"]],
		"charts": [item.label for item in page["charts"]["items"]],
		"shortcuts": [item["label"] for item in page["shortcuts"]["items"]],
		"links": [link["label"] for group in page["cards"]["items"] for link in group["links"]],
	}


def test_the_cards_tell_what_xeros_own_books_say(ready: World):
	documents = sales(ready)
	owed = [d for d in documents if d.status in ("AUTHORISED", "SUBMITTED") and d.amount_due]
	assert Decimal(str(card("unpaid")["value"])) == sum(d.amount_due for d in owed)
	today = organisations.get(ready.organisation).today
	late = [d for d in owed if d.status == "AUTHORISED" and d.due_date < today]
	assert late
	assert Decimal(str(card("overdue")["value"])) == sum(d.amount_due for d in late)
	week = frappe.utils.add_days(today, 6)
	soon = [d for d in owed if d.status == "AUTHORISED" and today <= d.due_date <= week]
	assert Decimal(str(card("due_this_week")["value"])) == sum((d.amount_due for d in soon), Decimal(0))


@pytest.mark.parametrize("name", ["unpaid", "overdue", "due_this_week"])
def test_the_list_behind_a_card_adds_up_to_it(ready: World, name):
	answer = card(name)
	assert answer["fieldtype"] == "Currency"
	amounts = [Decimal(str(row.amount_due)) for row in listed(answer)]
	assert sum(amounts, Decimal(0)) == Decimal(str(answer["value"]))


def test_the_list_behind_the_drafts_is_as_long_as_the_card_says(ready: World):
	answer = card("drafts")
	assert answer["value"] == len(listed(answer)) > 0
	assert answer["fieldtype"] == "Int"


def test_a_card_names_the_currency_when_it_is_not_the_sites(ready: World):
	frappe.db.set_default("currency", "USD")
	assert card("unpaid").endswith(" NZD")


def test_a_card_is_of_the_default_organisation_alone(ready: World):
	assert card("unpaid")["value"] > 0
	frappe.db.set_value("Xero Invoice", {"organisation": ready.organisation}, "organisation", "another")
	assert card("unpaid")["value"] == 0


def test_before_anything_is_connected_the_cards_say_nothing(site):
	assert {name: card(name)["value"] for name in CARDS} == dict.fromkeys(CARDS, 0)


@pytest.mark.parametrize("roles", SEERS, ids=str)
def test_managers_and_finance_see_all_of_the_workspace(ready: World, as_user, roles):
	with as_user(roles):
		page = shown()
	assert page["cards"] == ["Unpaid", "Overdue", "Due This Week", "Drafts"]
	assert page["charts"] == ["Receivables Ageing"]
	assert {"Receivables Ageing", "Won, Not Invoiced", "Invoiced, Not Paid"} <= set(page["links"])
	assert {"Xero Invoices", "Xero Contacts", "Xero Page"} <= set(page["shortcuts"])
	assert {"Xero Log", "Xero Outbox", "Xero Runs"} <= set(page["shortcuts"])
	assert {"Log", "Outbox", "Runs"} <= set(page["links"])
	assert {"Contact Matches", "Reconciliations", "Reminders"} <= set(page["links"])
	assert ("Webhook Events" in page["links"]) == (roles == ["Xero Manager"])
	assert ("Xero Settings" in page["shortcuts"]) == (roles == ["Xero Manager"])


@pytest.mark.parametrize("roles", [roles for roles in OTHERS if roles != ["System Manager"]], ids=str)
def test_others_see_no_workspace(ready: World, as_user, roles):
	with as_user(roles):
		assert shown() == {}


def test_somebody_with_the_role_who_is_not_on_the_list_of_users_sees_neither_cards_nor_chart(
	ready: World, as_user
):
	settings = frappe.get_doc("Xero Settings")
	settings.append("allowed_users", {"user": "Administrator"})
	settings.save()
	try:
		with as_user(["Xero Finance"]):
			page = shown()
	finally:
		settings.set("allowed_users", [])
		settings.save()
	assert (page["cards"], page["charts"]) == ([], [])


@pytest.mark.parametrize("roles", OTHERS, ids=str)
def test_the_cards_refuse_whoever_may_not_see_the_books(ready: World, http, users, roles):
	client = http.login(users.with_roles(roles))
	for name in CARDS:
		answer = client.post(f"xero_connector.api.cards.{name}", filters="[]")
		assert answer.status == 403, name
		assert "value" not in answer.json


def test_finance_gets_the_cards_over_http(ready: World, http, users):
	client = http.login(users.with_roles(["Xero Finance"]))
	for name in CARDS:
		assert "value" in client.post(f"xero_connector.api.cards.{name}", filters="[]").message


def test_other_apps_cards_stay_as_they_were(ready: World, as_user):
	mine = frappe.get_doc(
		{
			"doctype": "Number Card",
			"label": "Users",
			"document_type": "User",
			"function": "Count",
			"is_public": 1,
		}
	)
	with as_user(["System Manager"]):
		assert frappe.has_permission("Number Card", doc=mine)
	with as_user(["Xero Finance"]):
		assert not frappe.has_permission("Number Card", doc=mine)


@pytest.mark.parametrize(
	"doctype",
	["Xero Invoice", "Xero Contact", "Xero Item", "Xero Account", "Xero Tax Rate", "Xero Branding Theme"],
)
def test_desk_is_told_that_texts_of_the_mirror_are_no_html(site, doctype):
	from frappe.desk.form.meta import get_meta

	script = get_meta(doctype).as_dict()["__list_js"]
	assert "function xeroShowTexts" in script
	assert f'xeroShowTexts("{doctype}")' in script


@pytest.mark.parametrize("doctype", ["CRM Deal", "Opportunity", "Sales Invoice"])
def test_the_lists_from_which_records_are_sent_have_our_script_beside_their_own(site, doctype):
	from frappe.desk.form.meta import get_meta

	factories.require(doctype)
	script = get_meta(doctype).as_dict()["__list_js"]
	assert script.count("function xeroExtendList") == 1
	assert f'xeroExtendList("{doctype}")' in script


@pytest.mark.parametrize("doctype", ["Xero Invoice", "Xero Contact"])
def test_links_show_no_titles_that_strangers_write_for_frappe_16s_report_view_takes_them_for_html(
	site, doctype
):
	assert not frappe.get_meta(doctype).show_title_field_in_link


def test_every_link_of_the_workspace_leads_somewhere(site):
	page = frappe.get_doc("Workspace", "Xero")
	named = [(row.link_type, row.link_to) for row in page.links if row.type == "Link"]
	named += [(row.type, row.link_to) for row in page.shortcuts if row.type != "URL"]
	named += [("Number Card", row.number_card_name) for row in page.number_cards]
	named += [("Dashboard Chart", row.chart_name) for row in page.charts]
	assert [pair for pair in named if not frappe.db.exists(*pair)] == []
