"""The list and the totals that filter it: saved views, kinds, dates, pages, and what is pinned to a sale."""

import re
from typing import Any

from playwright.sync_api import expect

from .conftest import OpenDesk
from .site import Site, Xero
from .test_contact import sandbox_invoices

VIEWS = ("Open", "Unpaid", "Overdue", "Due today", "Paid", "Drafts", "Pinned", "All")
NARROW = {"width": 360, "height": 740}


def test_every_saved_view_shows_as_many_documents_as_it_counts(
	desk: OpenDesk, xero: Xero, linked: str, known: list[dict[str, Any]]
):
	counts = xero.figures(known[0]["id"])["counts"]
	panel = desk("fin@example.com").open_record("Contact", linked)
	for label in VIEWS:
		if label != "Open":
			panel.choose(label)
		told = panel.counted(label)
		expect(panel.rows).to_have_count(min(told, 20))
		if not told:
			expect(panel.root.locator("#rows")).to_contain_text(re.compile(r"^No|^Nothing"))
		if told <= 20:
			# Xero's own counts are without credit notes
			invoices = panel.root.locator("td.type").get_by_text("Invoice", exact=True)
			expect(invoices).to_have_count(counts.get(label.lower().replace(" ", "_"), 0))


def test_the_arrow_keys_walk_the_saved_views(desk: OpenDesk, linked: str):
	panel = desk("fin@example.com").open_record("Contact", linked)
	panel.view("Open").focus()
	with panel.listed():
		panel.page.keyboard.press("ArrowRight")
	expect(panel.view("Unpaid")).to_have_attribute("aria-selected", "true")
	assert panel.has_focus(panel.view("Unpaid"))
	with panel.listed():
		panel.page.keyboard.press("End")
	assert panel.has_focus(panel.view("All"))


def test_each_total_that_filters_shows_its_view_and_pressed_again_the_first_one(
	desk: OpenDesk, linked: str, site: Site
):
	panel = desk("fin@example.com").open_record("Contact", linked)
	for label, view, kind in (
		("Total unpaid", "Unpaid", "Invoices"),
		("Total paid", "Paid", "Invoices"),
		("Overdue", "Overdue", "Invoices"),
		("Bills unpaid", "Unpaid", "Bills"),
	):
		tile = panel.figure(label)
		with panel.listed():
			tile.click()
		expect(tile).to_have_attribute("aria-pressed", "true")
		expect(panel.view(view)).to_have_attribute("aria-selected", "true")
		expect(panel.kind(kind)).to_have_attribute("aria-pressed", "true")
		with panel.listed():
			tile.click()
		expect(tile).to_have_attribute("aria-pressed", "false")
		expect(panel.view("Open")).to_have_attribute("aria-selected", "true")
		expect(panel.kind("Invoices")).to_have_attribute("aria-pressed", "true")
	for label in ("Lifetime value", "Last 12 months"):
		expect(panel.figure(label)).not_to_have_attribute("aria-pressed", re.compile("."))


def test_bills_are_listed_apart_from_invoices(desk: OpenDesk, site: Site, xero: Xero, person: str, link):
	[supplier, *_] = [
		row
		for letter in "aeiou"
		for row in site.contacts(xero.organisation, letter)
		if row["is_supplier"] and float(xero.figures(row["id"])["bills_unpaid"])
	]
	link("Contact", person, supplier["id"])
	panel = desk("fin@example.com").open_record("Contact", person)
	with panel.listed():
		panel.kind("Bills").click()
	panel.choose("All")
	kinds = set(panel.root.locator("td.type").all_inner_texts())
	assert kinds
	assert kinds <= {"Bill", "Supplier credit note"}
	# a bill has neither a PDF nor an online invoice
	expect(panel.root.get_by_role("button", name="PDF, online invoice and notes")).to_have_count(0)


def test_dates_apply_when_asked_for_and_can_be_cleared(
	desk: OpenDesk, xero: Xero, linked: str, known: list[dict[str, Any]]
):
	fin = desk("fin@example.com")
	books = sandbox_invoices(fin.context.new_page(), xero, known[0]["id"])
	days = sorted({row["date"] for row in books})
	first, last = days[len(days) // 3], days[len(days) // 2]
	expected = {row["number"] for row in books if first <= row["date"] <= last and row["status"] != "DELETED"}
	panel = fin.open_record("Contact", linked)
	panel.choose("All")
	form = panel.root.locator("form.dates")
	apply, clear = form.get_by_role("button", name="Apply"), form.get_by_role("button", name="Clear")
	expect(apply).to_be_disabled()
	expect(clear).to_have_count(0)
	form.get_by_label("From").fill(first)
	form.get_by_label("To").fill(last)
	with panel.listed():
		apply.click()
	shown = panel.rows.filter(has=panel.page.get_by_text("Invoice", exact=True))
	assert set(shown.locator("td.number").all_inner_texts()) == expected
	form.get_by_label("To").fill("1999-12-31")
	form.get_by_label("From").fill("")
	with panel.listed():
		apply.click()
	expect(panel.root.locator("#rows")).to_contain_text("Nothing matches this search.")
	with panel.listed():
		clear.click()
	expect(form.get_by_label("To")).to_have_value("")
	expect(panel.rows).to_have_count(20)


def test_the_next_page_joins_the_first(desk: OpenDesk, linked: str):
	panel = desk("fin@example.com", viewport=NARROW).open_record("Contact", linked)
	panel.choose("All")
	total = panel.counted("All")
	assert total > 20
	expect(panel.root).to_contain_text(f"20 of {total}")
	panel.root.get_by_role("button", name="Show more").click()
	expect(panel.rows).to_have_count(min(40, total))
	assert len(set(panel.numbers())) == min(40, total)
	assert panel.overflow() <= 0


def test_a_deal_leads_from_nothing_to_its_customers_documents_and_keeps_what_is_pinned(
	desk: OpenDesk, customer_deal: str, xero: Xero, known: list[dict[str, Any]]
):
	fin = desk("fin@example.com")
	panel = fin.open_record("CRM Deal", customer_deal)
	expect(panel.root).to_contain_text("Nothing is linked to this record yet.")
	with panel.listed():
		panel.root.get_by_role("button", name="Show all of this customer").click()
	expect(panel.scope("All of this customer")).to_have_attribute("aria-pressed", "true")
	assert str(panel.value("Total unpaid")) == xero.figures(known[0]["id"])["unpaid"]
	panel.choose("Paid")
	number = panel.numbers()[0]
	pin = panel.row(number).get_by_role("button", name=f"Pin {number}", exact=True)
	pin.click()
	fin.says("Pinned to this record.")
	unpin = panel.row(number).get_by_role("button", name=f"Unpin {number}")
	expect(unpin).to_have_attribute("aria-pressed", "true")
	panel.choose("Pinned")
	assert panel.numbers() == [number]
	with panel.listed():
		panel.scope("Linked here").click()
	panel.choose("All")
	assert panel.numbers() == [number]
	unpin.click()
	fin.says("Unpinned from this record.")
	expect(panel.root).to_contain_text("Nothing is linked to this record yet.")
