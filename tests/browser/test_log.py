"""What was sent, in Desk: the outbox and the log, and trying again what failed."""

import re
from uuid import uuid4

from playwright.sync_api import expect

from .conftest import OpenDesk
from .desk import Desk
from .site import Connection, Site, Xero, await_until


def stuck(site: Site, xero: Xero, deal: str) -> str:
	"""A row of the outbox that waits for somebody, as one is left that Xero has refused."""
	return site.make(
		"Xero Outbox",
		record_doctype="CRM Deal",
		record_name=deal,
		organisation=xero.organisation,
		action="Document",
		sequence=1,
		prepare=1,
		state="Needs Attention",
		asked_by="fin@example.com",
		wish_key=uuid4().hex,
	)


def state_of(site: Site, row: str) -> str:
	[found] = site.rows("Xero Outbox", {"name": row}, "state")
	return str(found["state"])


def list_row(fin: Desk, name: str):
	return fin.page.locator(".list-row-container:visible").filter(
		has=fin.page.locator(f'[data-name="{name}"]')
	)


def test_a_failed_row_is_sent_again_from_the_list_and_its_attempt_stands_in_the_log(
	desk: OpenDesk, connected: Connection, site: Site, xero: Xero
):
	deal = site.deal("sally@example.com")
	row = stuck(site, xero, deal)
	fin = desk("fin@example.com")
	fin.open("xero-outbox")
	shown = list_row(fin, row)
	expect(shown).to_contain_text("Needs Attention")
	shown.locator(".list-row-checkbox").check()
	fin.page.get_by_role("button", name="Actions").click()
	fin.page.get_by_role("link", name="Retry", exact=True).click()
	fin.says("1 queued for Xero.")
	await_until(lambda: state_of(site, row) == "Sent", "the invoice")

	fin.open(f"xero-log?record_doctype=CRM%20Deal&record_name={deal}&action=Document")
	attempt = fin.page.locator(".list-row:visible")
	expect(attempt).to_contain_text("Sent")
	attempt.get_by_role("link", name=deal).click()
	expect(fin.page.get_by_text("fin@example.com").first).to_be_visible()
	answer = fin.page.locator('.frappe-control[data-fieldname="answer"]')
	expect(answer).to_contain_text("create_invoices")
	expect(fin.page.get_by_role("button", name="Retry", exact=True)).to_have_count(0)


def test_the_form_of_a_row_that_needs_attention_sends_it_again(
	desk: OpenDesk, connected: Connection, site: Site, xero: Xero
):
	row = stuck(site, xero, site.deal("sally@example.com"))
	fin = desk("fin@example.com")
	fin.open(f"xero-outbox/{row}")
	fin.page.get_by_role("button", name="Retry", exact=True).click()
	fin.says("1 queued for Xero.")
	await_until(lambda: state_of(site, row) == "Sent", "the invoice")


def test_all_failed_rows_of_a_list_are_sent_again_after_a_question(
	desk: OpenDesk, connected: Connection, site: Site, xero: Xero
):
	rows = [stuck(site, xero, site.deal("sally@example.com")) for _ in range(2)]
	fin = desk("fin@example.com")
	fin.open("xero-outbox")
	fin.page.get_by_role("button", name="Retry all failed").click()
	expect(fin.page.locator(".modal.show")).to_contain_text(re.compile(r"Send \d+ to Xero again\?"))
	fin.agree()
	fin.says(re.compile(r"\d+ queued for Xero\."))
	await_until(lambda: {state_of(site, row) for row in rows} == {"Sent"}, "the invoices")
