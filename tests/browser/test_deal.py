"""A draft invoice from a deal, by a salesperson, as far as Xero."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from .conftest import OpenDesk
from .desk import Desk, Panel
from .site import Connection, Site, Xero

SALLY = "sally@example.com"


def today() -> date:
	"""In the organisation's country, not here."""
	return datetime.now(ZoneInfo("Pacific/Auckland")).date()


def in_sandbox(page: Page, xero: Xero, deal: str) -> list[list[str]]:
	"""Number, type, contact, date, due, reference, total, due amount, status of the deal's documents in Xero."""
	page.goto(f"{xero.url}/organisations/{xero.organisation}")
	rows: Locator = page.locator("table").first.locator("tbody tr").filter(has_text=deal)
	return [row.locator("td").all_inner_texts() for row in rows.all()]


def send(panel: Panel, amount: str) -> None:
	form = panel.open_draft()
	form.get_by_label("Price of line 1").fill(amount)
	form.get_by_role("button", name="Send to Xero").click()
	expect(panel.dialog).to_contain_text(re.compile(r"Draft invoice INV-\d+ is in Xero"))
	panel.dialog.locator(".foot").get_by_role("button", name="Close").click()
	expect(panel.dialog).to_have_count(0)


def test_a_salesperson_drafts_from_her_deal_and_xero_has_it(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero
):
	deal = site.deal(SALLY, value="4200.00")
	[facts] = site.rows("CRM Deal", {"name": deal}, "organization")
	sally = desk(SALLY)
	panel = sally.open_record("CRM Deal", deal)
	first_day = today()
	form = panel.open_draft()
	expect(form.get_by_label("Xero contact")).to_have_value(facts["organization"])
	expect(form.get_by_label("Date", exact=True)).to_have_value(first_day.isoformat())
	expect(form.get_by_label("Due date")).to_have_value((first_day + timedelta(days=30)).isoformat())
	expect(form.get_by_label("Currency")).to_have_value("NZD")
	expect(form.get_by_label("Price of line 1")).to_have_value("4200.00")
	panel.dialog.get_by_role("button", name="Cancel").click()

	send(panel, "1234.56")
	expect(panel.rows).to_have_count(1)
	[number] = panel.numbers()
	expect(panel.row(number)).to_contain_text("Draft")
	expect(panel.view("Drafts")).to_have_attribute("aria-selected", "true")

	books = sally.context.new_page()
	[row] = in_sandbox(books, xero, deal)
	assert (row[0], row[1], row[2], row[8]) == (number, "ACCREC", facts["organization"], "DRAFT")
	assert deal in row[5]
	books.get_by_role("link", name=number, exact=True).click()
	expect(books.locator("dt", has_text="Sub total").locator("+ dd")).to_have_text("1234.56")

	about = {"reference_doctype": "CRM Deal", "reference_name": deal, "comment_type": "Comment"}
	[comment] = site.rows("Comment", about, "content", "comment_email")
	assert re.search(rf'<a href="{re.escape(xero.url)}/go[^"]*"[^>]*>[^<]*{number}', comment["content"])
	assert comment["comment_email"] == SALLY
	panel = sally.open_record("CRM Deal", deal)
	expect(sally.page.locator(".timeline-content").get_by_role("link", name=number)).to_be_visible()

	form = panel.open_draft()
	expect(panel.dialog.get_by_role("heading", name="Update draft invoice")).to_be_visible()
	expect(form.get_by_role("link", name=number)).to_be_visible()
	expect(form.get_by_role("button", name="Update in Xero")).to_be_enabled()


def test_a_salesperson_finds_no_settings_and_no_bills(desk: OpenDesk, site: Site, connected: Connection):
	sally = desk(SALLY)
	panel = sally.open_record("CRM Deal", site.deal(SALLY))
	send(panel, "10.00")
	expect(panel.root).not_to_contain_text("Bills")
	expect(panel.root.locator('a[href*="xero-settings"]')).to_have_count(0)
	sally.expect_problem("403 ")
	sally.open("xero-settings")
	expect(
		sally.page.get_by_text(re.compile("not permitted|permission", re.IGNORECASE)).first
	).to_be_visible()
	expect(sally.page.locator("#xero-redirect-uri")).to_have_count(0)


def test_two_clicks_on_send_make_one_invoice(desk: OpenDesk, site: Site, connected: Connection, xero: Xero):
	deal = site.deal(SALLY)
	sally: Desk = desk(SALLY)
	panel = sally.open_record("CRM Deal", deal)
	form = panel.open_draft()
	form.get_by_role("button", name="Send to Xero").dblclick()
	expect(panel.dialog).to_contain_text(re.compile(r"Draft invoice INV-\d+ is in Xero"))
	assert len(in_sandbox(sally.context.new_page(), xero, deal)) == 1


def test_two_windows_that_send_at_once_make_one_invoice(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero
):
	deal = site.deal(SALLY)
	windows = [desk(SALLY) for _ in range(2)]
	panels = [window.open_record("CRM Deal", deal) for window in windows]
	forms = [panel.open_draft() for panel in panels]
	for form in forms:
		form.get_by_role("button", name="Send to Xero").click(no_wait_after=True)
	for panel in panels:
		expect(panel.dialog).to_contain_text(re.compile(r"Draft invoice INV-\d+ is in Xero"))
	assert len(in_sandbox(windows[0].context.new_page(), xero, deal)) == 1
