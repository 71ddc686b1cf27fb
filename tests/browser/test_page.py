"""Our own page: the home for people who never open Desk, and a record's panel in full width."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import WINDOW, OpenDesk
from .desk import Desk, Panel, amount
from .site import Connection, Site, Xero
from .test_looks import brightness

NARROW = {"width": 360, "height": 740}
MONEY = re.compile(r"[$£€]|\d[.,]\d\d\b|unpaid|overdue|invoice", re.IGNORECASE)


class Home:
	"""The page /xero of a user."""

	def __init__(self, desk: Desk) -> None:
		self.page: Page = desk.page
		self.page.goto(f"{desk.url}/xero")
		self.root: Locator = self.page.locator(".home")
		expect(self.root).to_have_attribute("aria-busy", "false")

	def value(self, label: str) -> Decimal:
		name = self.page.get_by_text(label, exact=True)
		return amount(self.root.locator(".figure").filter(has=name).locator(".amount").inner_text())

	@property
	def late(self) -> Locator:
		return self.root.locator(".late tbody tr")

	@property
	def search(self) -> Locator:
		return self.root.get_by_role("searchbox", name="Search customers and documents")

	def overflow(self) -> int:
		wide: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
		return wide


@pytest.fixture
def customer(site: Site, connected: Connection, known: list[dict[str, Any]], link) -> dict[str, Any]:
	"""Xero's customer with something overdue, the contact of a deal's organization that belongs to Sally."""
	name = site.deal("sally@example.com")
	[deal] = site.rows("CRM Deal", {"name": name}, "organization")
	link("CRM Organization", deal["organization"], known[0]["id"])
	return {**known[0], "deal": name, "organization": deal["organization"]}


@pytest.fixture
def theme(request: pytest.FixtureRequest, site: Site):
	"""Finance sees everything in this theme, for a while."""
	user = {"doctype": "User", "name": "fin@example.com", "fieldname": "desk_theme"}
	site.post("frappe.client.set_value", **user, value=request.param.title())
	yield request.param
	site.post("frappe.client.set_value", **user, value="Light")


def test_the_home_shows_what_xeros_own_books_say(desk: OpenDesk, xero: Xero, connected: Connection):
	books = xero.figures("")
	home = Home(desk("fin@example.com"))
	for label, name in (("Total unpaid", "unpaid"), ("Overdue", "overdue"), ("Bills unpaid", "bills_unpaid")):
		assert home.value(label) == Decimal(books[name]), label
	expect(home.root.get_by_role("heading", level=1)).to_have_text("Demo Company (NZ)")


def test_all_overdue_invoices_can_be_reached(desk: OpenDesk, xero: Xero, connected: Connection):
	home = Home(desk("fin@example.com"))
	shown = home.late.count()
	home.root.get_by_role("button", name="Show more").click()
	expect(home.late).to_have_count(xero.figures("")["counts"]["overdue"])
	assert shown < home.late.count()
	expect(home.root.get_by_role("button", name="Show more")).to_have_count(0)


def test_sales_reach_the_panel_of_their_deal_from_the_home(desk: OpenDesk, customer: dict[str, Any]):
	sally = desk("sally@example.com")
	home = Home(sally)
	expect(home.root.locator(".figure")).to_have_count(0)
	# one entry for each currency
	home.root.locator(".mine li").filter(has_text=customer["deal"]).first.get_by_role("link").click()
	panel = Panel(sally.page)
	panel.settle()
	expect(sally.page.get_by_role("heading", level=1)).to_have_text(customer["organization"])
	expect(sally.page).to_have_title(f"{customer['organization']} · Xero")
	expect(panel.root.get_by_role("heading", name=customer["name"])).to_be_visible()
	sally.page.get_by_role("link", name="Open in Desk").click()
	expect(sally.page).to_have_url(re.compile(rf"/crm-deal/{customer['deal']}$"))


def test_a_search_is_one_request_and_the_keyboard_reaches_what_it_finds(
	desk: OpenDesk, customer: dict[str, Any]
):
	sally = desk("sally@example.com")
	home, page = Home(sally), sally.page
	asked: list[str] = []
	page.on("request", lambda request: "home.search" in request.url and asked.append(request.url))
	home.search.focus()
	page.keyboard.type(customer["name"][:12])
	found = home.root.locator(".found").get_by_role("link", name=customer["name"])
	expect(found).to_be_visible()
	assert len(asked) == 1
	page.keyboard.press("Tab")
	while not found.evaluate("link => link.getRootNode().activeElement === link"):
		page.keyboard.press("Tab")
	page.keyboard.press("Enter")
	# whichever record was linked to this customer first
	expect(page).to_have_url(re.compile(r"/xero/(CRM%20Organization|Contact)/"))
	expect(Panel(page).root.get_by_role("heading", name=customer["name"])).to_be_visible()


def test_a_link_is_taken_off_only_after_a_yes(desk: OpenDesk, site: Site, known, link, person: str):
	link("Contact", person, known[1]["id"])
	sally = desk("sally@example.com")
	sally.page.goto(f"{sally.url}/xero/Contact/{person}")
	panel, question = Panel(sally.page), sally.page.get_by_role("dialog")
	unlink = panel.root.get_by_role("button", name=re.compile("^Unlink"))
	unlink.click()
	question.get_by_role("button", name="Cancel").click()
	expect(panel.root.get_by_role("heading", name=known[1]["name"])).to_be_visible()
	unlink.click()
	question.get_by_role("button", name="Yes").click()
	expect(panel.root).to_contain_text("No Xero contact is linked to this record")


def test_who_has_no_role_of_ours_reads_why_and_sees_no_figures(
	desk: OpenDesk, site: Site, customer: dict[str, Any]
):
	with site.without_roles("sally@example.com", "Xero Sales"):
		sally = desk("sally@example.com")
		sally.expect_problem("403")
		for path in ("", f"/CRM%20Deal/{customer['deal']}"):
			sally.page.goto(f"{sally.url}/xero{path}")
			expect(sally.page.get_by_role("main")).to_contain_text("You are not allowed to see this")
			assert not MONEY.search(sally.page.locator("body").inner_text())


def test_a_hostile_name_is_text_on_the_page_of_a_record(desk: OpenDesk, site: Site, connected: Connection):
	person = site.person()
	name = '"><img src=x onerror=alert(1)> \u202eabc'
	site.post("frappe.client.set_value", doctype="Contact", name=person, fieldname="last_name", value=name)
	fin = desk("fin@example.com")
	fin.page.goto(f"{fin.url}/xero/Contact/{person}")
	Panel(fin.page).settle()
	expect(fin.page.get_by_role("heading", level=1)).to_contain_text("<img src=")
	assert fin.page.locator("main img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("window", [NARROW, WINDOW], ids=["phone", "desktop"])
def test_the_page_fits_its_window_and_can_be_read(
	desk: OpenDesk, customer: dict[str, Any], window: dict[str, Any], theme: str
):
	fin = desk("fin@example.com", viewport=window)
	home = Home(fin)
	home.search.fill("IN")
	expect(home.root.locator(".found li").first).to_be_visible()
	assert home.overflow() <= 0
	readable(home.root.locator("h1"), theme)
	readable(home.root.locator(".late td.number").first, theme)
	fin.page.goto(f"{fin.url}/xero/CRM%20Organization/{customer['organization']}")
	panel = Panel(fin.page)
	panel.settle()
	assert panel.overflow() <= 0
	readable(fin.page.locator("h1"), theme)
	readable(panel.figure("Total paid").locator(".amount"), theme)


def readable(element: Locator, theme: str) -> None:
	text, ground = brightness(element, "color"), brightness(element, "backgroundColor")
	assert abs(text - ground) > 110, f"{text:.0f} on {ground:.0f}"
	assert (ground < 128) == (theme == "dark")
