"""Credit control on a deal: what its customer owes too long, their limit, and a promise noted on an invoice."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import WINDOW, OpenDesk
from .site import Site

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def limited(site: Site, customer_deal: str) -> str:
	"""The deal, whose customer may owe next to nothing."""
	[deal] = site.rows("CRM Deal", {"name": customer_deal}, "organization")
	where = {"doctype": "CRM Organization", "name": deal["organization"]}
	site.post("frappe.client.set_value", **where, fieldname={"xero_credit_limit": 1, "currency": "NZD"})
	return customer_deal


@pytest.mark.parametrize("window", [PHONE, WINDOW], ids=["phone", "desktop"])
def test_a_promise_is_noted_seen_and_withdrawn(
	desk: OpenDesk, limited: str, known: list[dict[str, Any]], window: dict[str, int]
):
	panel = desk("sally@example.com", viewport=window).open_record("CRM Deal", limited)
	banner = panel.root.get_by_role("region", name="Credit of this customer")
	overdue = float(known[0]["figures"]["overdue"])
	expect(banner).to_contain_text(f"${overdue:,.2f} is overdue")
	expect(banner).to_contain_text("with the rest of this sale")
	expect(banner).to_contain_text("over the credit limit of $1.00.")
	assert panel.overflow() <= 0

	with panel.listed():
		panel.scope("All of this customer").click()
	panel.choose("Overdue")
	number = panel.numbers()[0]
	panel.unfold(panel.row(number))
	panel.root.get_by_role("button", name="Note a promise to pay").click()
	day = date.today() + timedelta(days=400)
	panel.dialog.get_by_label("Promised for").fill(day.isoformat())
	panel.dialog.get_by_label("Note").fill("By bank")
	assert panel.dialog.evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") <= 0
	panel.dialog.get_by_role("button", name="Save").click()
	expect(panel.dialog).to_have_count(0)
	promise = re.compile(rf"Promised for {day.day} \w+ {day.year}")
	expect(panel.row(number)).to_contain_text(promise)
	line = banner.get_by_role("listitem").filter(has_text=promise)
	expect(line).to_contain_text(f"{number}By banknoted by Sally Seller")
	assert panel.overflow() <= 0

	line.get_by_role("button", name=f"Withdraw: {number}").click()
	expect(line).to_have_count(0)
	expect(panel.row(number)).not_to_contain_text("Promised")
