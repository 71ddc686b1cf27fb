"""The Xero tab of a contact: finding the customer, figures that are Xero's own, the list behind them."""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, Route, expect

from .conftest import OpenDesk
from .desk import Panel, amount
from .site import Connection, Site, Xero

TOTALS = ("unpaid", "paid", "overdue")
MONEY = re.compile(r"[$£€]|\d[.,]\d\d\b|unpaid|overdue|invoice", re.IGNORECASE)


def totals(figures: dict[str, Any]) -> dict[str, Decimal]:
	return {name: Decimal(figures[name]) for name in TOTALS}


def sandbox_invoices(page: Page, xero: Xero, contact: str) -> list[dict[str, str]]:
	"""The invoices of a contact as the sandbox's own page lists them."""
	page.goto(f"{xero.url}/contacts/{contact}")
	names = ("number", "type", "contact", "date", "due", "reference", "total", "left", "status")
	lines = page.locator("tbody tr").evaluate_all(
		"rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText))"
	)
	rows = [dict(zip(names, cells, strict=False)) for cells in lines]
	return [row for row in rows if row["type"] == "ACCREC"]


def test_a_contact_is_found_in_xero_linked_and_shows_xeros_own_totals(
	desk: OpenDesk, person: str, xero: Xero, known
):
	customer = known[0]
	panel = desk("fin@example.com").open_record("Contact", person)
	expect(panel.root).to_contain_text("No Xero contact is linked to this record")
	expect(panel.root).to_contain_text("Nothing in Xero looks like this record")
	panel.link(customer["name"])
	expect(panel.root.get_by_role("heading", name=customer["name"])).to_be_visible()
	assert panel.figures() == totals(xero.figures(customer["id"]))


def test_a_total_filters_the_list_to_the_invoices_behind_it(
	desk: OpenDesk, person: str, xero: Xero, known, link
):
	link("Contact", person, known[0]["id"])
	fin = desk("fin@example.com")
	books = sandbox_invoices(fin.context.new_page(), xero, known[0]["id"])
	left = {
		row["number"]: Decimal(row["left"])
		for row in books
		if row["status"] == "AUTHORISED" and Decimal(row["left"]) > 0
	}
	panel = fin.open_record("Contact", person)
	total = panel.figure("Total unpaid")
	with panel.listed():
		total.click()
	expect(total).to_have_attribute("aria-pressed", "true")
	expect(panel.view("Unpaid")).to_have_attribute("aria-selected", "true")
	shown = zip(panel.numbers(), panel.root.locator("td.balance").all_inner_texts(), strict=True)
	assert {number: amount(balance) for number, balance in shown} == left
	with panel.listed():
		total.click()
	expect(panel.view("Open")).to_have_attribute("aria-selected", "true")


def test_an_invoice_is_found_by_its_number_and_opens_in_xero(desk: OpenDesk, person: str, known, link):
	link("Contact", person, known[0]["id"])
	fin = desk("fin@example.com")
	panel = fin.open_record("Contact", person)
	panel.choose("All")
	number = panel.numbers()[-1]
	with panel.listed():
		panel.root.get_by_role("searchbox", name="Search by number").fill(number)
	expect(panel.rows).to_have_count(1)
	expect(panel.row(number)).to_be_visible()
	with fin.context.expect_page() as opened:
		panel.row(number).get_by_role("link", name=number, exact=True).click()
	expect(opened.value.get_by_role("heading", level=1)).to_contain_text(number)
	expect(opened.value.get_by_text("not the real Xero")).to_be_visible()


def test_the_payments_of_an_invoice_open_with_date_and_amount(desk: OpenDesk, person: str, known, link):
	link("Contact", person, known[0]["id"])
	panel = desk("fin@example.com").open_record("Contact", person)
	panel.choose("Paid")
	row = panel.rows.filter(has=panel.page.locator("button.disclosure")).first
	button = row.locator("button.disclosure")
	expect(button).to_have_attribute("aria-expanded", "false")
	button.click()
	expect(button).to_have_attribute("aria-expanded", "true")
	lines = panel.root.locator("tr.payments li")
	expect(lines).to_have_count(int(button.inner_text().split()[0]))
	for line in lines.all():
		expect(line.locator(".day")).to_have_text(re.compile(r"^\d{1,2} [A-Z][a-z]+ \d{4}$"))
	paid = sum(amount(text) for text in lines.locator(".sum").all_inner_texts())
	assert paid == amount(row.locator("td.total").inner_text())


def test_while_xero_is_down_the_figures_stay_and_refresh_tells_why(
	desk: OpenDesk, person: str, connected: Connection, xero: Xero, known, link
):
	link("Contact", person, known[0]["id"])
	panel = desk("fin@example.com").open_record("Contact", person)
	before = panel.figures()
	xero.fault("offline", match="api.xro", times=None)
	try:
		panel.root.get_by_role("button", name="Refresh").click()
		expect(panel.root.get_by_role("alert")).to_contain_text("Xero is not available at the moment")
		expect(panel.root.get_by_role("button", name="Refresh")).to_be_enabled()
		assert panel.figures() == before == totals(xero.figures(known[0]["id"]))
		expect(panel.root).to_contain_text(re.compile("as of "))
	finally:
		xero.fault("clear")
		connected.read()


def test_who_has_no_xero_role_gets_no_tab_and_sees_nothing_of_money(
	desk: OpenDesk, site: Site, person: str, known, link
):
	link("Contact", person, known[0]["id"])
	with site.without_roles("sally@example.com", "Xero Sales"):
		sally = desk("sally@example.com")
		asked: list[str] = []
		sally.page.on("request", lambda request: asked.append(request.url))
		with sally.page.expect_response("**/*panel.places"):
			sally.open(f"contact/{quote(person)}#xero_tab")
		expect(sally.page.get_by_role("textbox").first).to_be_visible()
		expect(sally.page.get_by_role("tab", name="Xero")).to_have_count(0)
		expect(sally.page.locator("section.panel")).to_have_count(0)
		text = sally.page.locator("body").inner_text()
	assert not MONEY.search(text), text
	assert known[0]["name"] not in text
	assert not [url for url in asked if "panel.get" in url]


def test_the_form_of_another_contact_shows_that_ones_figures(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero, known, link
):
	first, second = site.person(), site.person()
	link("Contact", first, known[0]["id"])
	link("Contact", second, known[1]["id"])
	fin = desk("fin@example.com")
	assert fin.open_record("Contact", first).figures() == totals(xero.figures(known[0]["id"]))
	fin.route_to("Contact", second)
	panel = fin.open_tab()
	expect(panel.root.get_by_role("heading", name=known[1]["name"])).to_be_visible()
	expect(fin.page.locator("section.panel")).to_have_count(1)
	assert panel.figures() == totals(xero.figures(known[1]["id"]))


def test_an_answer_about_the_contact_left_behind_comes_too_late_to_be_shown(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero, known, link
):
	first, second = site.person(), site.person()
	link("Contact", first, known[0]["id"])
	link("Contact", second, known[1]["id"])
	fin = desk("fin@example.com")
	held: list[Route] = []

	def hold(route: Route) -> None:
		if route.request.post_data_json["name"] == first:
			held.append(route)
		else:
			route.continue_()

	fin.page.route("**/*panel.get", hold)
	with fin.page.expect_request("**/*panel.get"):
		fin.open(f"contact/{first}")
	fin.route_to("Contact", second)
	panel = fin.open_tab()
	expect(panel.root.get_by_role("heading", name=known[1]["name"])).to_be_visible()
	with fin.page.expect_event("requestfinished", lambda request: "panel.get" in request.url):
		held[0].continue_()
	_let_the_page_work(panel)
	expect(panel.root.get_by_role("heading", name=known[1]["name"])).to_be_visible()
	assert panel.figures() == totals(xero.figures(known[1]["id"]))


def _let_the_page_work(panel: Panel) -> None:
	"""Two frames: long enough for an answer that is there to be painted."""
	panel.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
