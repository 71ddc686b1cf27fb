"""The form of a draft, in Desk and on the page of our own: preview, problems, parts, another invoice, voiding."""

import re

import pytest
from playwright.sync_api import Locator, expect

from .conftest import OpenDesk
from .desk import Panel
from .site import Connection, Site, Xero
from .test_deal import in_sandbox

FIN, SALLY = "fin@example.com", "sally@example.com"
ARRIVED = re.compile(r"Draft invoice INV-\d+ is in Xero")


def total(form: Locator) -> Locator:
	return form.get_by_role("region", name="Preview").locator("dd.total")


def send(panel: Panel, form: Locator, label: str = "Send to Xero") -> None:
	form.get_by_role("button", name=label).click()
	expect(panel.dialog).to_contain_text(ARRIVED)
	panel.dialog.locator(".foot").get_by_role("button", name="Close").click()


@pytest.mark.parametrize("place", ["desk", "page"])
def test_what_the_preview_says_is_what_xero_makes(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero, place: str
):
	deal = site.deal(SALLY, value="4200.00")
	sally = desk(SALLY)
	if place == "desk":
		panel = sally.open_record("CRM Deal", deal)
	else:
		sally.page.goto(f"{sally.url}/xero/CRM%20Deal/{deal}")
		panel = Panel(sally.page)
	form = panel.open_draft()
	expect(total(form)).to_have_text("$4,830.00")
	form.get_by_label("Quantity of line 1").fill("3")
	form.get_by_label("Price of line 1").fill("33.3333")
	form.get_by_label("Discount % of line 1").fill("12.5")
	expect(total(form)).to_have_text("$100.63")
	form.get_by_role("button", name="Add a line").click()
	form.get_by_label("Description of line 2").fill("Training")
	form.get_by_label("Price of line 2").fill("10.01")
	expect(total(form)).to_have_text("$112.14")
	send(panel, form)
	[row] = in_sandbox(sally.context.new_page(), xero, deal)
	assert row[6] == "112.14 NZD"


def test_a_problem_stands_beside_its_field_until_it_is_mended(
	desk: OpenDesk, site: Site, connected: Connection
):
	panel = desk(SALLY).open_record("CRM Deal", site.deal(SALLY))
	form = panel.open_draft()
	quantity = form.get_by_label("Quantity of line 1")
	quantity.fill("a few")
	expect(quantity).to_have_attribute("aria-invalid", "true")
	expect(quantity).to_have_accessible_description(re.compile("a few"))
	assert panel.has_focus(quantity)
	expect(form.get_by_role("button", name="Send to Xero")).to_be_disabled()
	quantity.fill("0.5")
	expect(total(form)).to_have_text("$2,415.00")
	expect(form.get_by_role("button", name="Send to Xero")).to_be_enabled()


def test_a_part_is_billed_then_the_rest_and_more_only_when_that_is_confirmed(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero
):
	deal = site.deal(SALLY, value="1000.00")
	sally = desk(SALLY)
	panel = sally.open_record("CRM Deal", deal)
	form = panel.open_draft()
	form.get_by_label("Bill", exact=True).select_option("percent")
	form.get_by_label("Percent").fill("30")
	expect(total(form)).to_have_text("$345.00")
	send(panel, form)
	for part in ("the rest", "more"):
		form = panel.open_draft()
		form.get_by_role("button", name="Another invoice").click()
		sally.page.get_by_role("button", name="Yes").click()
		expect(panel.dialog.get_by_role("heading", name="New draft invoice")).to_be_visible()
		if part == "the rest":
			expect(total(form)).to_have_text("$805.00")
		else:
			form.get_by_label("Bill", exact=True).select_option("amount")
			form.get_by_label("Amount (NZD)").fill("50")
			expect(form.get_by_role("checkbox")).to_be_visible()
			expect(form.get_by_role("button", name="Send to Xero")).to_be_disabled()
			form.get_by_role("checkbox").check()
		send(panel, form)
	rows = in_sandbox(sally.context.new_page(), xero, deal)
	assert sorted(row[6] for row in rows) == ["345.00 NZD", "57.50 NZD", "805.00 NZD"]


def test_a_contact_is_found_or_created_with_what_the_form_shows(
	desk: OpenDesk, site: Site, connected: Connection, known
):
	deal = site.deal(SALLY)
	panel = desk(SALLY).open_record("CRM Deal", deal)
	form = panel.open_draft()
	name = form.get_by_label("Xero contact")
	name.fill("")
	name.press_sequentially(known[0]["name"][:6])
	option = form.locator("[role=option]", has_text=known[0]["name"])
	expect(option).to_be_visible()
	option.click()
	expect(name).to_have_value(known[0]["name"])
	expect(form.locator("fieldset.person")).to_have_count(0)
	name.fill(f"Brand New {deal}")
	form.locator("[role=option]", has_text=f"Create “Brand New {deal}” in Xero").click()
	person = form.get_by_role("group", name=f"Create “Brand New {deal}” in Xero")
	person.get_by_label("E-mail").fill("new@example.com")
	send(panel, form)
	expect(panel.root.get_by_role("heading", name=f"Brand New {deal}")).to_be_visible()


def test_a_draft_is_updated_and_then_deleted_with_a_reason(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero
):
	deal = site.deal(SALLY)
	fin = desk(FIN)
	panel = fin.open_record("CRM Deal", deal)
	send(panel, panel.open_draft())
	form = panel.open_draft()
	form.get_by_label("Quantity of line 1").fill("0.5")
	send(panel, form, "Update in Xero")
	panel.unfold(panel.rows.first)
	panel.root.get_by_role("button", name="Void in Xero").click()
	panel.dialog.get_by_role("button", name="Void in Xero").click()
	expect(panel.dialog).to_contain_text("Fill this in.")
	panel.dialog.get_by_label("Reason").fill("Sent twice")
	panel.dialog.get_by_role("button", name="Void in Xero").click()
	expect(panel.dialog).to_contain_text(re.compile(r"INV-\d+ is deleted in Xero"))
	[row] = in_sandbox(fin.context.new_page(), xero, deal)
	assert (row[6], row[8]) == ("2415.00 NZD", "DELETED")
