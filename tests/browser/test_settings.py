"""Xero Settings in Desk: connecting through Xero's consent page, and taking the connection back."""

import json
import re

from playwright.sync_api import Route, expect

from .conftest import OpenDesk
from .desk import Desk
from .site import Connection, Site, Xero

CALLBACK = "/api/method/xero_connector.api.connection.callback"


def test_an_administrator_connects_through_the_consent_page_and_sees_the_reading_end(
	desk: OpenDesk, connection: Connection
):
	connection.end()
	fin = desk("fin@example.com", permissions=["clipboard-read", "clipboard-write"])
	page = fin.page
	fin.open_settings()
	uri = f"{fin.url}{CALLBACK}"
	expect(page.locator("#xero-redirect-uri")).to_have_text(uri)
	page.get_by_role("button", name="Copy").click()
	expect(page.locator(".desk-alert").first).to_be_visible()
	assert page.evaluate("navigator.clipboard.readText()") == uri

	page.locator('[data-action="connect"], [data-action="reconnect"]').first.click()
	expect(page.get_by_text("Allow access to your organisation data")).to_be_visible()
	page.locator("#allow").click()

	page.wait_for_url("**/xero-settings")
	card = page.locator("[data-organisation]")
	expect(card).to_contain_text("Demo Company (NZ)")
	expect(card).to_contain_text("Connected by Fran Finance, fran@example.com")
	expect(card.get_by_text("Connected", exact=True)).to_be_visible()
	expect(card).to_contain_text(re.compile(r"Read (just now|\d+ minutes? ago)"))
	expect(card).to_contain_text(re.compile(r"\d+ calls left today"))
	assert connection.organisations[0]["sync_state"] == "Idle"


def test_who_cancels_on_the_consent_page_reads_that_nothing_was_allowed(
	desk: OpenDesk, connected: Connection
):
	fin = desk("fin@example.com")
	fin.expect_problem("400 .*connection.callback")
	fin.open_settings()
	fin.page.locator('[data-action="connect"]').click()
	fin.page.locator("#cancel").click()
	expect(fin.page.get_by_text("The connection was not allowed in Xero.")).to_be_visible()
	fin.page.get_by_role("link", name="Back to Xero Settings").click()
	expect(fin.page.locator("[data-organisation]")).to_be_visible()


def test_a_mode_that_writes_asks_for_another_consent_where_only_reading_was_allowed(
	desk: OpenDesk, connection: Connection
):
	connection.end()
	fin = desk("fin@example.com")
	card = fin.page.locator("[data-organisation]")
	problem = card.get_by_role("alert")
	try:
		fin.open_settings()
		choose_mode(fin, "View Only")
		expect(fin.page.get_by_label("Status in Xero")).to_be_hidden()
		allow(fin, "connect")
		expect(card.get_by_text("Connected", exact=True)).to_be_visible()
		expect(problem).to_have_count(0)

		choose_mode(fin, "Link and Draft")
		expect(problem).to_have_text("Connect again to allow writing.")
		expect(card.get_by_role("button", name="Disconnect")).to_be_visible()
		allow(fin, "reconnect")
		expect(card.get_by_text("Connected", exact=True)).to_be_visible()
		expect(problem).to_have_count(0)
	finally:
		fin.open_settings()
		choose_mode(fin, "Link and Draft")
		connection.ensure()


def choose_mode(fin: Desk, mode: str) -> None:
	field = fin.page.locator('[data-fieldname="mode"] select')
	if field.input_value() == mode:
		return
	field.select_option(mode)
	fin.page.get_by_role("button", name="Save").click()
	fin.says("Saved")
	expect(field).to_have_value(mode)


def allow(fin: Desk, action: str) -> None:
	"""Through the consent page and back."""
	fin.page.locator(f'[data-action="{action}"], [data-action="reconnect"]').first.click()
	fin.page.locator("#allow").click()
	fin.page.wait_for_url("**/xero-settings")


def test_the_page_follows_a_reading_that_has_yet_to_begin(desk: OpenDesk, connected: Connection):
	fin = desk("fin@example.com")

	def waiting(route: Route) -> None:
		answer = route.fetch()
		status = answer.json()
		status["message"]["organisations"][0] |= {"last_sync": None, "sync_state": "Idle"}
		route.fulfill(response=answer, body=json.dumps(status))

	fin.page.route("**/*connection.status*", waiting, times=1)
	fin.open_settings()
	card = fin.page.locator("[data-organisation]")
	expect(card).to_contain_text("Not read yet")
	expect(card).to_contain_text(re.compile(r"Read \w"))


def test_nothing_of_the_page_lies_over_its_sidebar(desk: OpenDesk, connected: Connection):
	fin = desk("fin@example.com")
	fin.open_settings()
	column = fin.page.locator(".form-column:has(#xero-redirect-uri)").bounding_box()
	copy = fin.page.get_by_role("button", name="Copy").bounding_box()
	assert column
	assert copy
	assert copy["x"] + copy["width"] <= column["x"] + column["width"]


def test_disconnecting_asks_first_and_leaves_the_tab_readable(
	desk: OpenDesk, connected: Connection, site: Site, xero: Xero, known, link
):
	person = site.person()
	link("Contact", person, known[0]["id"])
	fin = desk("fin@example.com")
	fin.open_settings()
	card = fin.page.locator("[data-organisation]")
	card.get_by_role("button", name="Disconnect").click()
	expect(fin.page.locator(".modal.show")).to_contain_text("Disconnect Demo Company (NZ)?")
	expect(card.get_by_text("Connected", exact=True)).to_be_visible()
	try:
		fin.agree()
		expect(card.get_by_text("Disconnected", exact=True)).to_be_visible()
		expect(card.get_by_role("button", name="Reconnect")).to_be_visible()

		panel = fin.open_record("Contact", person)
		expect(panel.root.get_by_role("alert")).to_contain_text("not connected to Xero")
		expect(panel.root.get_by_role("link", name="Reconnect")).to_be_visible()
		figures = xero.figures(known[0]["id"])
		assert {name: str(value) for name, value in panel.figures().items()} == {
			name: figures[name] for name in ("unpaid", "paid", "overdue")
		}
	finally:
		connected.ensure()
