"""Find & link: any document of Xero that the person may see, tied to a record."""

import re
from typing import Any

from playwright.sync_api import Locator, Response, expect

from .conftest import OpenDesk
from .desk import Panel
from .site import Site, Xero

NARROW = {"width": 360, "height": 740}


def results(dialog: Locator) -> Locator:
	return dialog.locator(".found li")


def search(panel: Panel, text: str) -> None:
	def answers(response: Response) -> bool:
		request = response.request
		return request.url.endswith("find_documents") and request.post_data_json["text"] == text

	with panel.page.expect_response(answers):
		panel.dialog.get_by_role("searchbox").fill(text)
	expect(panel.dialog.locator('.found [aria-busy="true"]')).to_have_count(0)


def number_in_xero(site: Site, xero: Xero, kind: str) -> str:
	"""The number of a document of this type that has one."""
	of_kind = {"organisation": xero.organisation, "document_type": kind, "status": "Authorised"}
	rows = site.rows("Xero Invoice", of_kind, "number", "name")
	return next(str(row["number"]) for row in rows if row["number"])


def test_finance_finds_an_invoice_by_its_number_links_it_and_takes_it_off(
	desk: OpenDesk, site: Site, xero: Xero, customer_deal: str
):
	number = number_in_xero(site, xero, "Invoice")
	panel = desk("fin@example.com").open_record("CRM Deal", customer_deal)
	dialog = panel.open_find()
	expect(dialog.get_by_role("searchbox")).to_be_focused()
	expect(results(dialog)).to_have_count(50)
	expect(dialog).to_contain_text("These are the newest 50. Search to find others.")
	search(panel, number)
	expect(results(dialog)).to_have_count(1)
	dialog.get_by_role("button", name=f"Link {number}", exact=True).click()
	expect(dialog.get_by_role("button", name=f"Unlink {number}")).to_be_visible()
	dialog.get_by_role("button", name="Done").click()
	expect(panel.row(number)).to_be_visible()
	expect(panel.root.get_by_role("button", name="Find & link")).to_be_focused()

	panel.open_find()
	search(panel, number)
	dialog.get_by_role("button", name=f"Unlink {number}").click()
	expect(dialog.get_by_role("button", name=f"Link {number}", exact=True)).to_be_visible()
	panel.page.keyboard.press("Escape")
	expect(dialog).to_have_count(0)
	expect(panel.root).to_contain_text("Nothing is linked to this record yet.")


def test_finance_finds_bills_and_by_dates(desk: OpenDesk, site: Site, xero: Xero, customer_deal: str):
	number = number_in_xero(site, xero, "Bill")
	panel = desk("fin@example.com").open_record("CRM Deal", customer_deal)
	dialog = panel.open_find()
	with panel.page.expect_response("**/*links.find_documents"):
		dialog.get_by_role("button", name="Bills").click()
	search(panel, number)
	expect(results(dialog).first).to_contain_text("Bill")
	search(panel, "no document is called this")
	expect(dialog).to_contain_text("Nothing matches this search.")
	search(panel, "")
	expect(results(dialog).filter(has_text=re.compile("Bill|Supplier credit note"))).to_have_count(50)
	dialog.get_by_label("From").fill("2026-06-01")
	dialog.get_by_label("To").fill("2026-08-31")
	dialog.get_by_role("button", name="Apply").click()
	others = results(dialog).filter(has_not_text=re.compile(r"\b(June?|July?|Aug\w*) 2026"))
	expect(others).to_have_count(0)
	expect(results(dialog).first).to_be_visible()


def test_sales_see_what_their_customer_has_and_no_bills(
	desk: OpenDesk, customer_deal: str, known: list[dict[str, Any]]
):
	panel = desk("sally@example.com", viewport=NARROW).open_record("CRM Deal", customer_deal)
	dialog = panel.open_find()
	expect(dialog).to_contain_text("You see the documents of this record's Xero contacts only.")
	expect(dialog.get_by_role("group", name="Kind of document")).to_have_count(0)
	for row in results(dialog).all():
		expect(row).to_contain_text(known[0]["name"])
	box = dialog.bounding_box()
	assert box
	assert box["x"] >= 0
	assert box["x"] + box["width"] <= NARROW["width"]
	assert dialog.evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") <= 0


def test_a_search_that_fails_can_be_tried_again(desk: OpenDesk, customer_deal: str):
	fin = desk("fin@example.com")
	fin.expect_problem("500 .*find_documents")
	panel = fin.open_record("CRM Deal", customer_deal)
	fin.page.route("**/*links.find_documents", lambda route: route.fulfill(status=500, json={}), times=1)
	panel.root.get_by_role("button", name="Find & link").click()
	dialog = panel.dialog
	expect(dialog.get_by_role("alert")).to_contain_text("Something went wrong on the site.")
	dialog.get_by_role("button", name="Try again").click()
	expect(results(dialog).first).to_be_visible()
