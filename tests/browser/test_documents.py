"""What unfolds below a document of the list, the documents of a customer as files, and the way to Xero."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from .conftest import OpenDesk
from .desk import Panel

NARROW = {"width": 360, "height": 740}


def part_paid(panel: Panel) -> Locator:
	"""A row of whose payments some are still to come."""
	panel.choose("All")
	panel.root.get_by_role("button", name="Show more").click()
	expect(panel.root.get_by_role("button", name="Show more")).to_have_count(0)
	for row in panel.rows.filter(has=panel.page.locator("button.disclosure")).all():
		made, planned = re.findall(r"\d+", row.locator("button.disclosure").inner_text())
		if made < planned:
			return row
	raise AssertionError("the customer has no such invoice")


def test_the_payments_of_an_invoice_open_and_close_by_the_keyboard(desk: OpenDesk, linked: str):
	panel = desk("fin@example.com").open_record("Contact", linked)
	row = part_paid(panel)
	toggle = row.locator("button.disclosure")
	expect(toggle).to_have_text(re.compile(r"^\d+ of \d+ paid"))
	made, planned = map(int, re.findall(r"\d+", toggle.inner_text()))
	assert made + 1 == planned
	toggle.focus()
	panel.page.keyboard.press("Enter")
	lines = panel.root.locator("tr.detail.payments li")
	expect(lines).to_have_count(planned)
	expect(lines.last).to_contain_text("Balance due")
	assert lines.last.locator(".sum").inner_text() in row.locator("td.balance").inner_text()
	panel.page.keyboard.press("Escape")
	expect(lines).to_have_count(0)
	assert panel.has_focus(toggle)


def test_a_pdf_is_saved_under_the_invoices_number(desk: OpenDesk, linked: str):
	panel = desk("sally@example.com").open_record("Contact", linked)
	panel.choose("Paid")
	[number, *_] = panel.numbers()
	unfolded = panel.unfold(panel.row(number))
	with panel.page.expect_download() as saving:
		unfolded.get_by_role("button", name="Download PDF").click()
	assert saving.value.suggested_filename == f"{number}.pdf"
	assert Path(saving.value.path()).read_bytes().startswith(b"%PDF")


def test_an_online_invoice_becomes_a_link_that_can_be_copied(desk: OpenDesk, linked: str):
	fin = desk("fin@example.com", permissions=["clipboard-read", "clipboard-write"])
	panel = fin.open_record("Contact", linked)
	panel.choose("Unpaid")
	row = panel.rows.filter(has_text=re.compile("Overdue|Awaiting payment|Part paid")).first
	unfolded = panel.unfold(row)
	unfolded.get_by_role("button", name="Online invoice").click()
	link = unfolded.get_by_role("link", name="Open online invoice")
	expect(link).to_be_focused()
	address = link.get_attribute("href")
	assert address
	assert address.startswith("http")
	expect(link).to_have_attribute("rel", "noopener noreferrer")
	unfolded.get_by_role("button", name="Copy link").click()
	fin.says("The link is copied.")
	assert fin.page.evaluate("navigator.clipboard.readText()") == address
	fin.page.keyboard.press("Escape")
	expect(unfolded).to_have_count(0)


def test_a_draft_says_when_there_will_be_a_pdf(desk: OpenDesk, linked: str):
	panel = desk("fin@example.com", viewport=NARROW).open_record("Contact", linked)
	panel.choose("Drafts")
	unfolded = panel.unfold(panel.rows.first)
	expect(unfolded).to_contain_text("Xero has a PDF and an online invoice once a document is approved.")
	assert panel.overflow() <= 0


def test_what_xero_refuses_is_said_and_the_button_works_again(desk: OpenDesk, linked: str, xero, connected):
	fin = desk("fin@example.com")
	fin.expect_problem("documents.pdf")
	panel = fin.open_record("Contact", linked)
	panel.choose("Paid")
	button = panel.unfold(panel.rows.first).get_by_role("button", name="Download PDF")
	xero.fault("offline", match="Invoices", times=None)
	try:
		button.click()
		fin.says(re.compile("Xero is not available"))
		expect(button).to_be_enabled()
	finally:
		xero.fault("clear")
		connected.read()


def test_the_customer_and_each_document_open_in_xero(desk: OpenDesk, linked: str, known):
	fin = desk("fin@example.com")
	panel = fin.open_record("Contact", linked)
	[number, *_] = panel.numbers()
	for name in (f"View in Xero: {known[0]['name']}", f"View {number} in Xero"):
		link = panel.root.get_by_role("link", name=name)
		expect(link).to_have_attribute("target", "_blank")
		assert "shortcode=" in str(link.get_attribute("href"))
	with fin.context.expect_page() as opened:
		panel.root.get_by_role("link", name=f"View in Xero: {known[0]['name']}").click()
	expect(opened.value.get_by_role("heading", level=1)).to_contain_text(known[0]["name"])


def test_a_statement_opens_as_a_page_to_print(desk: OpenDesk, linked: str, known: list[dict[str, Any]]):
	sally = desk("sally@example.com")
	panel = sally.open_record("Contact", linked)
	button = panel.root.get_by_role("button", name="Statement")
	button.click()
	expect(button).to_have_attribute("aria-expanded", "true")
	sally.page.keyboard.press("Escape")
	expect(button).to_have_attribute("aria-expanded", "false")
	assert panel.has_focus(button)
	button.click()
	with sally.context.expect_page() as opened:
		panel.root.get_by_role("link", name="Printable page").click()
	expect(opened.value.locator("body")).to_contain_text(known[0]["name"])
	expect(opened.value.locator("body")).to_contain_text(re.compile(r"statement", re.IGNORECASE))
	expect(opened.value.locator("table").first).to_be_visible()


@pytest.mark.skipif(not shutil.which("wkhtmltopdf"), reason="Frappe prints PDFs by wkhtmltopdf")
def test_a_statement_is_saved_as_a_pdf(desk: OpenDesk, linked: str):
	panel = desk("fin@example.com").open_record("Contact", linked)
	panel.root.get_by_role("button", name="Statement").click()
	with panel.page.expect_download() as saving:
		panel.root.get_by_role("button", name="Download PDF").click()
	assert saving.value.suggested_filename.endswith(".pdf")
	assert Path(saving.value.path()).read_bytes().startswith(b"%PDF")
	expect(panel.root.get_by_role("button", name="Statement")).to_be_enabled()
