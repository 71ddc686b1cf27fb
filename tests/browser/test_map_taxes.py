"""Map Taxes in Desk: opened from the settings page, after connecting (R101)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .conftest import OpenDesk
from .site import Connection, Site, Xero

RATE = "Browser GST"


def own_rates(site: Site, *rates: dict[str, object]) -> None:
	stored = site.call("frappe.client.get", doctype="Xero Settings", name="Xero Settings")
	site.post("frappe.client.save", doc={**stored, "own_rates": list(rates)})


@pytest.fixture
def own_rate(site: Site, connected: Connection) -> Iterator[None]:
	"""A tax rate of the site's own, as high as Xero's tax on sales."""
	own_rates(site, {"title": RATE, "rate": 15})
	yield
	own_rates(site)


@pytest.mark.usefixtures("own_rate")
def test_the_tax_map_opens_from_the_settings_and_keeps_what_is_chosen(desk: OpenDesk, site: Site, xero: Xero):
	fin = desk("fin@example.com")
	fin.open_settings()
	card = fin.page.locator("[data-organisation]")
	card.get_by_role("button", name="Map Taxes").click()
	dialog = fin.page.locator(".modal.show")
	expect(dialog).to_contain_text("Map Taxes: Demo Company (NZ)")
	row = dialog.locator(f'[data-rate="{RATE}"]')
	expect(row.get_by_role("combobox", name=f"Tax rate in Xero for {RATE}")).to_have_value("OUTPUT2")
	expect(row).to_contain_text("Suggested")
	dialog.get_by_role("button", name="Save").click()
	expect(dialog).to_have_count(0)
	[kept] = [
		each
		for each in site.call("xero_connector.api.taxes.suggest", organisation=xero.organisation)["rows"]
		if each["our_name"] == RATE
	]
	assert (kept["state"], kept["tax_type"]) == ("mapped", "OUTPUT2")
