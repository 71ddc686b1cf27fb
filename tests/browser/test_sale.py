"""A deal's bar: how much of what was sold has been invoiced."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import WINDOW, OpenDesk
from .site import Site, Xero

NARROW = {"width": 360, "height": 740}


@pytest.fixture
def invoice(site: Site, known: list[dict[str, Any]]) -> dict[str, Any]:
	"""A paid invoice of the first of `known`."""
	mine = {"contact": known[0]["id"], "status": "Paid", "document_type": "Invoice", "currency": "NZD"}
	return site.rows("Xero Invoice", mine, "name", "number", "sub_total")[0]


@pytest.mark.parametrize("window", [NARROW, WINDOW], ids=["phone", "desktop"])
def test_a_deal_tells_how_much_of_its_value_is_invoiced_and_what_is_left(
	desk: OpenDesk,
	site: Site,
	xero: Xero,
	customer_deal: str,
	invoice: dict[str, Any],
	window: dict[str, int],
):
	worth = float(invoice["sub_total"]) + 1000
	deal = {"doctype": "CRM Deal", "name": customer_deal, "fieldname": "deal_value"}
	site.post("frappe.client.set_value", **deal, value=worth)
	sally = desk("sally@example.com", viewport=window)
	panel = sally.open_record("CRM Deal", customer_deal)
	bar = panel.root.get_by_role("region", name="Invoiced of the deal's value")
	expect(bar.get_by_role("heading")).to_have_text(f"Invoiced $0.00 of ${worth:,.2f}")

	dialog = panel.open_find()
	dialog.get_by_role("searchbox").fill(invoice["number"])
	dialog.get_by_role("button", name=f"Link {invoice['number']}", exact=True).click()
	dialog.get_by_role("button", name="Done").click()
	invoiced = f"${invoice['sub_total']:,.2f}"
	expect(bar.get_by_role("heading")).to_have_text(f"Invoiced {invoiced} of ${worth:,.2f}")
	expect(bar).to_contain_text("$1,000.00 left")
	assert panel.overflow() <= 0

	site.post("frappe.client.set_value", **deal, value=float(invoice["sub_total"]) - 1)
	panel = sally.open_record("CRM Deal", customer_deal)
	expect(bar).to_contain_text("Over by $1.00")
	# whatever the figures are about, the bar is about the deal
	with panel.listed():
		panel.scope("All of this customer").click()
	expect(bar).to_contain_text("Over by $1.00")
	expect(panel.figure("Lifetime value")).to_contain_text(re.compile(r"\d"))
	assert panel.overflow() <= 0
