"""Sending and updating many at once: from the selected rows of a list, and by the tools."""

import json
import re
from collections.abc import Sequence
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import WINDOW, OpenDesk
from .desk import Desk
from .site import Connection, Site, Xero

FINANCE = "fin@example.com"
NARROW = {"width": 360, "height": 740}


class Run:
	"""What the dialog with a run shows."""

	def __init__(self, page: Page) -> None:
		self.dialog: Locator = page.locator(".modal.show, dialog.job[open]")
		self.root: Locator = self.dialog.locator("section.run")

	def ends(self, sentence: str) -> None:
		expect(self.root.get_by_role("status")).to_have_text(sentence, timeout=60_000)
		expect(self.root).to_have_attribute("aria-busy", "false")

	def row(self, name: str) -> Locator:
		return self.root.locator("tbody tr").filter(has_text=name)

	def press(self, label: str) -> None:
		self.root.get_by_role("button", name=label, exact=True).click()


def select(desk: Desk, doctype: str, names: Sequence[str]) -> None:
	"""The list with these rows alone, all of them ticked."""
	only = quote(json.dumps(["in", ",".join(names)]))
	desk.open(f"{doctype.lower().replace(' ', '-')}/view/list?name={only}")
	rows = desk.page.locator(".list-row:visible")
	expect(rows).to_have_count(len(names))
	# Desk may be about to draw the list a second time, and would forget the ticks
	desk.page.evaluate("() => new Promise((resolve) => frappe.after_ajax(resolve))")
	for box in rows.locator(".list-row-checkbox").all():
		box.check()


def actions(desk: Desk) -> Locator:
	desk.page.locator(".actions-btn-group:visible > button").click()
	return desk.page.locator(".actions-btn-group .dropdown-menu.show")


@contextmanager
def in_currency(site: Site, deal: str, currency: str):
	"""A deal that Xero cannot take as it is."""
	where = {"doctype": "CRM Deal", "name": deal, "fieldname": "currency"}
	site.post("frappe.client.set_value", **where, value=currency)
	yield
	site.post("frappe.client.set_value", **where, value="NZD")


def test_selected_deals_are_tried_then_sent_and_a_bad_one_holds_nobody_up(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero
):
	good, bad = site.deal(FINANCE, value="900.00"), site.deal(FINANCE, value="100.00")
	finance = desk(FINANCE)
	with in_currency(site, bad, "KES"):
		select(finance, "CRM Deal", [good, bad])
		actions(finance).get_by_text("Send to Xero (dry run)").click()
		run = Run(finance.page)
		run.ends("Tried: nothing was sent")
		expect(run.row(good)).to_contain_text("Would be created")
		expect(run.row(bad)).to_contain_text("Needs attention")
		assert not site.rows("Xero Outbox", {"record_name": good}), "nothing was sent"

		run.press("Send these")
		run.ends("Done")
		expect(run.row(good)).to_contain_text("Created")
		expect(run.row(good).get_by_role("link", name=re.compile(r"INV-\d+"))).to_be_visible()
		expect(run.row(bad)).to_contain_text("KES")


def test_a_salesperson_finds_the_list_as_it_was(desk: OpenDesk, site: Site, connected: Connection):
	deal = site.deal("sally@example.com")
	sally = desk("sally@example.com")
	select(sally, "CRM Deal", [deal])
	menu = actions(sally)
	expect(menu.get_by_text("Export")).to_be_visible()
	expect(menu).not_to_contain_text("Xero")


def test_without_a_connection_the_list_leads_finance_to_it(desk: OpenDesk, site: Site, connected: Connection):
	deal = site.deal(FINANCE)
	connected.end()
	finance = desk("Administrator")
	select(finance, "CRM Deal", [deal])
	menu = actions(finance)
	expect(menu).not_to_contain_text("Send to Xero")
	menu.get_by_text("Connect to Xero").click()
	expect(finance.page.locator("#xero-redirect-uri")).to_be_visible()


@pytest.fixture(scope="module")
def live_invoice(site: Site) -> str:
	"""A submitted sales invoice, of which nothing is paid."""
	[invoice, *_] = site.rows("Sales Invoice", {"docstatus": 0, "is_return": 0})
	site.post("frappe.client.submit", doc=site.call("frappe.client.get", doctype="Sales Invoice", **invoice))
	return str(invoice["name"])


@pytest.mark.parametrize("window", [NARROW, WINDOW], ids=["phone", "desktop"])
def test_the_tools_of_the_page_try_first_and_are_found_again(
	desk: OpenDesk, connected: Connection, live_invoice: str, window: dict[str, int]
):
	finance = desk(FINANCE, viewport=window)
	page = finance.page
	page.goto(f"{finance.url}/xero")
	expect(page.locator(".home")).to_have_attribute("aria-busy", "false")
	page.get_by_role("button", name="Start: Send all live invoices").click()
	run = Run(page)
	run.ends("Tried: nothing was sent")
	expect(run.row(live_invoice)).to_contain_text("Would be created")
	assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
	assert run.dialog.evaluate("node => node.getBoundingClientRect().width") <= window["width"]
	assert run.dialog.evaluate("node => node.scrollWidth - node.clientWidth") <= 0
	page.keyboard.press("Escape")
	expect(run.dialog).to_have_count(0)
	page.get_by_role("button", name="Show: Send all live invoices").first.click()
	run.ends("Tried: nothing was sent")
	page.keyboard.press("Escape")


def test_the_list_of_sales_invoices_has_the_tools_in_its_menu(desk: OpenDesk, connected: Connection):
	finance = desk("Administrator")
	finance.page.goto(f"{finance.url}/app/sales-invoice/view/list")
	finance.page.locator(".menu-btn-group:visible > button").click()
	finance.page.get_by_text("Update all invoice balances").click()
	run = Run(finance.page)
	run.ends("There was nothing to do.")


def test_a_deal_that_is_open_has_a_button_that_opens_the_draft(
	desk: OpenDesk, site: Site, connected: Connection
):
	deal = site.deal(FINANCE)
	finance = desk(FINANCE)
	finance.page.goto(f"{finance.url}/app/crm-deal/{deal}")
	finance.page.get_by_role("button", name="Xero", exact=True).click()
	finance.page.get_by_text("New draft invoice").first.click()
	expect(finance.page.locator("dialog[open] form")).to_be_visible()
