"""Xero Settings in Desk: connecting through Xero's consent page, and taking the connection back."""

import json
import re
from datetime import datetime, timedelta, timezone

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
	page.get_by_role("button", name="Copy: Redirect URI").click()
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
	expect(card).to_contain_text(re.compile(r"\d+ of \d+ calls left today"))
	assert connection.organisations[0]["sync_state"] == "Idle"


def test_the_set_up_says_what_is_to_be_done_and_does_it(desk: OpenDesk, connected: Connection, site: Site):
	fin = desk("fin@example.com")
	page = fin.page
	organisation = connected.organisations[0]["name"]
	site.post("xero_connector.api.setup.choose_accounts", organisation=organisation)
	fin.open_settings()
	expect(page.locator("[data-demo]")).to_contain_text("Demo Company (NZ) is a Demo Company of Xero")
	step = page.locator('[data-step="accounts"]')
	expect(step).to_have_attribute("data-state", "todo")
	step.get_by_label("Sales account").select_option(label="200 Sales")
	expect(step.get_by_label("Sales account").locator("option:checked")).to_have_text("200 Sales")
	step.get_by_label("Payment account").select_option(index=1)
	expect(step).to_have_attribute("data-state", "done")
	row = site.rows("Xero Organisation", {"name": organisation}, "sales_account", "payment_account")[0]
	assert all(row.values())


def test_what_a_contact_policy_would_do_is_counted_before_it_is_chosen(desk: OpenDesk, connected: Connection):
	fin = desk("fin@example.com")
	fin.open_settings()
	set_up = fin.page.locator("[data-set-up]")
	if set_up.get_attribute("open") is None:  # all done by the tests before
		set_up.locator("summary").click()
	step = set_up.locator('[data-step="contacts"]')
	step.get_by_role("button", name="What would happen?").click()
	for policy in ("Auto Import Customers", "Auto Import All"):
		expect(step).to_contain_text(re.compile(rf"{policy}, Demo Company \(NZ\): \d+ linked, \d+ made"))
	step.get_by_role("button", name="Choose contacts").click()
	expect(fin.page.locator('[data-fieldname="contact_policy"] select')).to_be_in_viewport()


def test_what_needs_a_person_is_listed_until_it_is_cured(desk: OpenDesk, connected: Connection, site: Site):
	fin = desk("fin@example.com")
	[grant] = site.rows("Xero Connection", {}, "name", "refresh_expires_utc")
	soon = {"doctype": "Xero Connection", "name": grant["name"], "fieldname": "refresh_expires_utc"}
	try:
		tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
		site.post("frappe.client.set_value", **soon, value=f"{tomorrow:%Y-%m-%d %H:%M:%S}")
		fin.open_settings()
		matter = fin.page.locator('[data-matter="lapsing"]')
		expect(matter).to_contain_text("Demo Company (NZ): The connection ends in")
		expect(matter.get_by_role("button", name="Reconnect")).to_be_visible()
	finally:
		site.post("frappe.client.set_value", **soon, value=grant["refresh_expires_utc"])
	fin.page.reload()
	expect(fin.page.locator("#xero-redirect-uri")).to_be_visible()
	expect(matter).to_have_count(0)


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
	copy = fin.page.get_by_role("button", name="Copy: Redirect URI").bounding_box()
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
