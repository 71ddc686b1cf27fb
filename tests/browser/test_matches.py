"""The review queue in Desk: a Xero contact beside the record that it may be, and what is decided about it."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import OpenDesk
from .site import Site, Xero
from .test_page import Home


@pytest.fixture
def waiting(site: Site, xero: Xero, person: str, known: list[dict[str, Any]]):
	"""A Xero contact that may be `person`."""
	contact = known[-1]
	name = site.make(
		"Xero Match",
		name=contact["id"],
		contact=contact["id"],
		contact_name=contact["name"],
		organisation=xero.organisation,
		state="Waiting",
		score=82,
		record_doctype="Contact",
		record_name=person,
		candidates=json.dumps([["Contact", person, 82, ["similar_name", "postal_code"]]]),
	)
	yield contact
	for link in site.rows("Xero Link", {"record_name": person, "xero_id": contact["id"]}):
		site.delete("Xero Link", link["name"])
	site.delete("Xero Match", name)


def state_of(site: Site, contact: dict[str, Any]) -> str:
	return str(site.rows("Xero Match", {"name": contact["id"]}, "state")[0]["state"])


def test_a_contact_is_reviewed_side_by_side_and_linked(
	desk: OpenDesk, site: Site, waiting: dict[str, Any], person: str
):
	fin = desk("fin@example.com")
	page = fin.page
	fin.open("xero-match")
	expect(page.locator(".list-row", has_text=waiting["name"])).to_be_visible()
	page.get_by_role("button", name="Review", exact=True).click()
	card = page.get_by_role("region", name=waiting["name"])
	expect(card.get_by_role("columnheader", name="In Xero")).to_be_visible()
	head = card.get_by_role("columnheader", name=person)
	expect(head).to_contain_text("82 %")
	expect(head).to_contain_text("similar name, same postcode")
	expect(card.get_by_role("cell", name=waiting["name"], exact=True)).to_be_visible()

	card.get_by_role("button", name=f"Link to {person}").click()
	expect(card).to_have_count(0)
	expect(page.get_by_text("Nothing waits for a decision.")).to_be_visible()
	assert state_of(site, waiting) == "Linked"
	assert site.rows("Xero Link", {"record_name": person, "xero_id": waiting["id"]})


def test_ticked_rows_are_ignored_together(desk: OpenDesk, site: Site, waiting: dict[str, Any]):
	fin = desk("fin@example.com")
	page = fin.page
	fin.open("xero-match")
	page.locator(".list-row", has_text=waiting["name"]).locator("input.list-row-checkbox").check()
	page.get_by_role("button", name="Actions").click()
	page.locator(".dropdown-menu.show").get_by_text("Ignore", exact=True).click()
	expect(page.get_by_text("1 decided.")).to_be_visible()
	assert state_of(site, waiting) == "Ignored"


def test_the_form_shows_the_same_and_decides_as_well(
	desk: OpenDesk, site: Site, waiting: dict[str, Any], person: str
):
	fin = desk("fin@example.com")
	page = fin.page
	fin.open(f"xero-match/{waiting['id']}")
	card = page.get_by_role("region", name=waiting["name"])
	expect(card.get_by_role("columnheader", name=person)).to_be_visible()
	card.get_by_role("button", name="Ignore").click()
	expect(page.get_by_text("Ignored", exact=True).first).to_be_visible()
	assert state_of(site, waiting) == "Ignored"


def test_the_queue_of_an_organisation_is_reached_from_the_page_xero(desk: OpenDesk, waiting: dict[str, Any]):
	home = Home(desk("fin@example.com"))
	home.root.get_by_role("link", name="Open: Review matches").click()
	expect(home.page.locator(".list-row", has_text=waiting["name"])).to_be_visible()
	expect(home.page.get_by_role("button", name="Review", exact=True)).to_be_visible()
