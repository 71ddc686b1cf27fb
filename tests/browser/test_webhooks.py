"""What Xero tells by webhook, from Xero over HTTP to the mirror, and having it done again in Desk."""

from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import OpenDesk
from .site import Connection, Site, Xero, await_until

KEY = "a webhook's key"


@pytest.fixture
def key(site: Site, connected: Connection) -> str:
	settings = site.call("frappe.client.get", doctype="Xero Settings", name="Xero Settings")
	site.post("frappe.client.save", doc={**settings, "webhook_key": KEY})
	return KEY


def payable(site: Site, xero: Xero) -> dict[str, Any]:
	"""An invoice of which something is due."""
	asked = {"organisation": xero.organisation, "document_type": "Invoice", "status": "Authorised"}
	return site.rows("Xero Invoice", asked, "name", "number", "amount_due")[0]


def due(site: Site, invoice: str) -> float:
	[found] = site.rows("Xero Invoice", {"name": invoice}, "amount_due")
	return float(found["amount_due"])


def test_what_is_paid_in_xero_shows_here_and_its_event_can_be_replayed(
	desk: OpenDesk, site: Site, xero: Xero, key: str
):
	invoice = payable(site, xero)["name"]
	xero.pay(invoice)
	statuses = xero.deliver(site.url + "/api/method/xero_connector.api.webhook.receive", key)
	assert set(statuses) == {200}
	await_until(lambda: due(site, invoice) == 0, "the payment")

	fin = desk("fin@example.com")
	fin.open(f"xero-webhook-event?resource={invoice}")
	row = fin.page.locator(".list-row-container:visible").filter(has_text="INVOICE")
	expect(row).to_contain_text("Done")
	row.locator(".list-row-checkbox").check()
	fin.page.get_by_role("button", name="Actions").click()
	fin.page.get_by_role("link", name="Replay", exact=True).click()
	fin.says("1 queued to be read again.")
	[event] = site.rows("Xero Webhook Event", {"resource": invoice}, "name")
	await_until(
		lambda: site.rows("Xero Webhook Event", {**event, "state": "Done"}, "name") != [], "the replay"
	)
	fin.open(f"xero-webhook-event/{event['name']}")
	expect(fin.page.get_by_role("button", name="Replay")).to_be_visible()
	expect(fin.page.get_by_text("eventCategory").first).to_be_visible()
