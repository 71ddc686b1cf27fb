"""An open tab while the world goes on: news from Xero, a site that fails, a reader without a network."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import OpenDesk
from .site import Connection, Site, Xero

OUTAGE = "ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_NETWORK"


@pytest.fixture
def unpaid_invoice(site: Site, known: list[dict[str, Any]]) -> dict[str, Any]:
	"""An invoice of the first of `known` that can be paid in Xero."""
	mine = {"contact": known[0]["id"], "status": "Authorised", "document_type": "Invoice", "currency": "NZD"}
	return site.rows("Xero Invoice", mine, "name", "number", "amount_due")[0]


def test_refresh_brings_a_payment_that_was_made_in_xero(
	desk: OpenDesk, linked: str, xero: Xero, known: list[dict[str, Any]], unpaid_invoice: dict[str, Any]
):
	panel = desk("sally@example.com").open_record("Contact", linked)
	before = panel.value("Total unpaid")
	xero.pay(unpaid_invoice["name"])
	panel.root.get_by_role("button", name="Refresh").click()
	expect(panel.root).to_contain_text("Reading Xero…")
	expect(panel.root.get_by_role("button", name="Refresh")).to_be_enabled()
	assert str(panel.value("Total unpaid")) == xero.figures(known[0]["id"])["unpaid"]
	assert panel.value("Total unpaid") < before
	with panel.listed():
		panel.root.get_by_role("searchbox", name="Search by number").fill(unpaid_invoice["number"])
	panel.choose("Paid")
	expect(panel.row(unpaid_invoice["number"])).to_contain_text("Paid")


def test_news_appear_within_a_minute_without_a_click(
	desk: OpenDesk,
	linked: str,
	xero: Xero,
	connected: Connection,
	known: list[dict[str, Any]],
	unpaid_invoice: dict[str, Any],
):
	sally = desk("sally@example.com")
	sally.page.clock.install()
	panel = sally.open_record("Contact", linked)
	panel.choose("Overdue")
	before = panel.figure("Total unpaid").locator(".amount").inner_text()
	xero.pay(unpaid_invoice["name"])
	connected.read()
	sally.page.clock.fast_forward(61_000)
	expect(panel.figure("Total unpaid").locator(".amount")).not_to_have_text(before)
	assert str(panel.value("Total unpaid")) == xero.figures(known[0]["id"])["unpaid"]
	# what the reader has chosen stays
	expect(panel.view("Overdue")).to_have_attribute("aria-selected", "true")


def test_an_event_of_the_site_about_this_contact_brings_its_news_and_no_other_does(
	desk: OpenDesk, linked: str, customer_deal: str, xero: Xero, known: list[dict[str, Any]]
):
	sally = desk("sally@example.com")
	sally.open_record("CRM Deal", customer_deal)
	# the demo has no socket server: the events are sent from here
	sally.page.evaluate(
		"frappe.realtime.on = (name, handler) => name === 'xero_updated' && (window.send = handler)"
	)
	sally.route_to("Contact", linked)
	sally.open_tab()
	asked: list[str] = []
	sally.page.on("request", lambda request: "panel.get" in request.url and asked.append(request.url))
	send = "([organisation, contacts]) => send({organisation, contacts})"
	sally.page.evaluate(send, [xero.organisation, ["somebody-else"]])
	sally.page.evaluate(send, ["another-organisation", None])
	with sally.page.expect_response("**/*panel.get"):
		sally.page.evaluate(send, [xero.organisation, [known[0]["id"]]])
	assert len(asked) == 1


def test_a_site_that_fails_is_asked_again(desk: OpenDesk, linked: str):
	fin = desk("fin@example.com")
	fin.expect_problem("500 .*panel")
	fin.page.route("**/*panel.get", lambda route: route.fulfill(status=500, json={}), times=1)
	fin.open(f"contact/{linked}")
	panel = fin.open_tab()
	expect(panel.root).to_contain_text("The Xero tab could not be loaded")
	expect(panel.root).to_contain_text("Something went wrong on the site.")
	panel.root.get_by_role("button", name="Try again").click()
	expect(panel.rows.first).to_be_visible()

	fin.page.route("**/*panel.list_documents", lambda route: route.fulfill(status=500, json={}), times=1)
	panel.view("All").click()
	with panel.listed():
		panel.root.locator("#rows").get_by_role("button", name="Try again").click()
	expect(panel.rows).to_have_count(20)


def test_who_loses_the_network_keeps_the_figures_and_finds_the_way_back(desk: OpenDesk, linked: str):
	sally = desk("sally@example.com")
	sally.expect_problem(OUTAGE)
	panel = sally.open_record("Contact", linked)
	before = panel.figures()
	sally.context.set_offline(True)
	banner = panel.root.get_by_role("alert")
	expect(banner).to_contain_text(re.compile(r"You are offline\. What is shown here is from .*\d"))
	panel.view("All").click()
	expect(panel.root.locator("#rows")).to_contain_text("The site could not be reached.")
	assert panel.figures() == before
	sally.context.set_offline(False)
	expect(banner).to_have_count(0)
	with panel.listed():
		panel.root.locator("#rows").get_by_role("button", name="Try again").click()
	expect(panel.rows).to_have_count(20)


def test_a_tab_that_opens_without_the_site_fills_itself_when_the_site_is_back(desk: OpenDesk, linked: str):
	sally = desk("sally@example.com")
	sally.expect_problem(OUTAGE)
	sally.page.route("**/*panel.get", lambda route: route.abort("internetdisconnected"))
	sally.open(f"contact/{linked}")
	panel = sally.open_tab()
	expect(panel.root).to_contain_text("You are offline")
	sally.page.unroute_all()
	sally.page.evaluate("dispatchEvent(new Event('online'))")
	expect(panel.rows.first).to_be_visible()
