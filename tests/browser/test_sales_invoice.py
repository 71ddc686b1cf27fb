"""A sales invoice of ERPNext in Desk: how it stands in Xero, above the panel."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import OpenDesk
from .site import Connection, Site, await_until

FIELDS = ("xero_status", "xero_number", "xero_url")


@pytest.fixture
def sent(site: Site, connected: Connection) -> str:
	"""A sales invoice that Xero has a draft of."""
	[customer, *_] = site.rows("Customer", {})
	[company, *_] = site.rows("Company", {})
	row = {"item_name": "Audit", "description": "Audit", "qty": 2, "rate": 100}
	values = {"customer": customer["name"], "company": company["name"], "currency": "NZD"}
	name = site.make("Sales Invoice", items=[row], conversion_rate=1, **values)
	site.post("xero_connector.api.drafts.send_many", doctype="Sales Invoice", names=[name])
	await_until(lambda: bool(stands(site, name)["xero_status"]), "the sending")
	return name


def stands(site: Site, name: str) -> dict[str, str]:
	[row] = site.rows("Sales Invoice", {"name": name}, *FIELDS)
	return row


def test_the_form_says_how_the_invoice_stands_and_opens_it_in_xero(desk: OpenDesk, site: Site, sent: str):
	fin = desk("fin@example.com")
	fin.open_record("Sales Invoice", sent)
	own = stands(site, sent)
	for field in FIELDS[:2]:
		shown = fin.page.locator(f'.form-column [data-fieldname="{field}"] .control-value')
		expect(shown).to_have_text(own[field])
	link = fin.page.locator('[data-fieldname="xero_open"]').get_by_role("link", name="Open in Xero")
	expect(link).to_have_attribute("href", own["xero_url"])


def test_the_next_invoice_that_the_form_shows_has_no_link_of_the_one_before(
	desk: OpenDesk, site: Site, sent: str
):
	others = site.rows("Sales Invoice", {"xero_status": ["is", "not set"]})
	fin = desk("fin@example.com")
	fin.open_record("Sales Invoice", sent)
	fin.route_to("Sales Invoice", others[0]["name"])
	fin.open_tab()
	expect(
		fin.page.get_by_role("link", name="Open in Xero").and_(
			fin.page.locator("[data-fieldname=xero_open] a")
		)
	).to_have_count(0)


def test_who_may_not_see_xero_gets_no_tab_on_it(desk: OpenDesk, site: Site, sent: str):
	with site.without_roles("fin@example.com", "Xero Finance", "Xero Manager"):
		fin = desk("fin@example.com")
		fin.open(f"sales-invoice/{sent}")
		expect(fin.page.locator(".form-tabs:visible").get_by_role("tab").first).to_be_visible()
		expect(fin.page.locator(".form-tabs:visible").get_by_role("tab", name="Xero")).to_have_count(0)
