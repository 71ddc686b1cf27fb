"""A site of its own, first without and then with two Xero organisations.

The tests at the top need a site that nobody has connected yet; in another order they are skipped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from devsite import demo as demos

from .conftest import PASSWORDS, OpenDesk
from .site import Connection, Site, Xero

NARROW = {"width": 360, "height": 740}


@dataclass(frozen=True)
class World:
	url: str
	site: Site
	xero: Xero
	connection: Connection


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
	folder: Path = tmp_path_factory.mktemp("organisations") / "site"
	with demos.in_own_process(folder) as (url, sandbox):
		site, xero = Site(url, "Administrator", PASSWORDS["Administrator"]), Xero(sandbox)
		yield World(url, site, xero, Connection(site, xero))
		site.close()


@pytest.fixture
def untouched(world: World) -> World:
	if world.connection.organisations:
		pytest.skip("this site is connected already")
	return world


@pytest.fixture
def both(world: World) -> World:
	world.connection.ensure(*(row["id"] for row in world.xero.organisations))
	return world


def busiest(world: World, organisation: str) -> dict[str, Any]:
	"""The customer with the most paid there, with figures."""
	found = {row["id"]: row for letter in "aeiou" for row in world.site.contacts(organisation, letter)}
	rows = [{**row, "figures": world.xero.figures(row["id"], organisation)} for row in found.values()]
	return max(rows, key=lambda row: Decimal(row["figures"]["paid"]))


def test_a_manager_is_led_from_an_unconnected_tab_to_connecting(desk: OpenDesk, untouched: World):
	fin = desk("fin@example.com", url=untouched.url, viewport=NARROW)
	panel = fin.open_record("Contact", untouched.site.person())
	expect(panel.root).to_contain_text("Xero is not connected")
	assert panel.overflow() <= 0
	panel.root.get_by_role("link", name="Connect").click()
	expect(fin.page.locator("#xero-redirect-uri")).to_be_visible()


def test_everybody_else_reads_who_can_connect(desk: OpenDesk, untouched: World):
	sally = desk("sally@example.com", url=untouched.url)
	for doctype, name in (
		("Contact", untouched.site.person()),
		("CRM Deal", untouched.site.deal("sally@example.com")),
	):
		panel = sally.open_record(doctype, name)
		expect(panel.root).to_contain_text("A Xero Manager can connect it in Xero Settings.")
		expect(panel.root.get_by_role("link")).to_have_count(0)
		expect(panel.root.get_by_role("button")).to_have_count(0)


def test_a_record_of_two_organisations_shows_one_at_a_time(desk: OpenDesk, both: World):
	person = both.site.person()
	homes = {row["name"]: row["id"] for row in both.xero.organisations}
	customers = {title: busiest(both, name) for title, name in homes.items()}
	for title, customer in customers.items():
		both.site.link("Contact", person, homes[title], customer["id"])
	fin = desk("fin@example.com", url=both.url)
	panel = fin.open_record("Contact", person)
	switch = panel.root.get_by_role("combobox", name="Xero organisation")
	options = switch.locator("option")
	assert set(options.all_inner_texts()) == set(homes)
	assert len({customer["figures"]["paid"] for customer in customers.values()}) == 2
	for title in [*homes, *homes]:
		if switch.locator("option:checked").inner_text() != title:
			switch.select_option(label=title)
		customer = customers[title]
		expect(panel.root.get_by_role("heading", level=2)).to_contain_text([customer["name"]])
		panel.settle()
		assert str(panel.value("Total paid")) == customer["figures"]["paid"]
		assert str(panel.value("Total unpaid")) == customer["figures"]["unpaid"]
		panel.choose("All")
		own = both.site.rows("Xero Invoice", {"contact": customer["id"]}, "number")
		assert set(panel.numbers()) <= {row["number"] for row in own}


def test_an_organisation_without_a_link_says_so_and_offers_its_own_contacts(desk: OpenDesk, both: World):
	person = both.site.person()
	first, second = both.xero.organisations
	both.site.link("Contact", person, first["id"], busiest(both, first["id"])["id"])
	panel = desk("fin@example.com", url=both.url, viewport=NARROW).open_record("Contact", person)
	expect(panel.root.locator(".figures")).to_be_visible()
	switch = panel.root.get_by_role("combobox", name="Xero organisation")
	switch.select_option(label=f"{second['name']} (not linked)")
	expect(panel.root).to_contain_text("No Xero contact is linked to this record")
	expect(panel.root.locator(".figures")).to_have_count(0)
	other = busiest(both, second["id"])
	panel.link(other["name"])
	assert str(panel.value("Total paid")) == other["figures"]["paid"]
	assert panel.overflow() <= 0
