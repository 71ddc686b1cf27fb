"""Comparing with Xero in Desk: a difference is named beside both amounts, read again, and gone."""

from playwright.sync_api import expect

from .conftest import OpenDesk
from .site import Connection, Site, Xero, await_until
from .test_page import Home

API = "xero_connector.api.reconciliation"


def compared(site: Site, xero: Xero) -> str:
	name = str(
		site.post("xero_connector.api.tools.reconcile", organisation=xero.organisation)["reconciliation"]
	)
	await_until(lambda: site.call(f"{API}.get", name=name)["as_of"], "the comparison")
	return name


def test_a_difference_made_by_hand_is_found_shown_and_fixed_from_its_form(
	desk: OpenDesk, connected: Connection, site: Site, xero: Xero
):
	invoices = {"document_type": "Invoice", "status": "Authorised", "organisation": xero.organisation}
	found = site.rows("Xero Invoice", invoices, "name", "number", "amount_due", "contact_name", "updated_utc")
	invoice = min(found, key=lambda row: row["updated_utc"])
	wrong = {"fieldname": "amount_due", "value": invoice["amount_due"] + 1}
	site.post("frappe.client.set_value", doctype="Xero Invoice", name=invoice["name"], **wrong)
	fin = desk("fin@example.com")
	fin.open(f"xero-reconciliation/{compared(site, xero)}")
	page = fin.page
	result = page.locator(".xero-reconciliation")
	expect(result.get_by_role("status")).to_contain_text("1 difference from Xero")
	row = result.locator("tr[data-row]")
	expect(row).to_contain_text(invoice["number"])
	expect(row).to_contain_text("Amount Due")
	expect(result.locator("summary")).to_contain_text(invoice["contact_name"])
	row.get_by_role("button", name="Fix").click()
	expect(result.get_by_role("status")).to_contain_text("was read again")
	expect(row).to_contain_text("Read again")

	page.get_by_role("button", name="Compare again").click()
	expect(page.locator(".xero-reconciliation [role=status]")).to_contain_text("Agrees with Xero to the cent")


def test_it_is_started_from_the_page_xero_and_its_form_opens(desk: OpenDesk, connected: Connection):
	home = Home(desk("fin@example.com"))
	home.root.get_by_role("button", name="Start: Compare with Xero").click()
	home.page.wait_for_url("**/xero-reconciliation/*")
	expect(home.page.locator(".xero-reconciliation [role=status]")).to_contain_text("Xero")
