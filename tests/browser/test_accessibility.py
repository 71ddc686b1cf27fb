"""axe-core over everything of ours that a person can open: no finding that is serious or critical."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from devsite import paths

from .conftest import WINDOW, OpenDesk
from .desk import Panel
from .site import Connection, Site, Xero

PHONE = {"width": 360, "height": 740}
AXE = paths.ROOT / "tests/js/node_modules/axe-core/axe.min.js"
OURS = "[data-fieldname=xero_panel]"
LOOKS = [
	pytest.param(window, theme, id=f"{name}-{theme}")
	for name, window in (("phone", PHONE), ("desktop", WINDOW))
	for theme in ("light", "dark")
]


class Axe:
	"""Looks at a part of the page, again and again, and keeps what it finds."""

	def __init__(self, page: Page, part: str) -> None:
		self.page, self.part = page, part
		self.found: list[str] = []

	def look(self, state: str) -> None:
		if not self.page.evaluate("Boolean(window.axe)"):
			self.page.add_script_tag(path=str(AXE))
		violations = self.page.evaluate(
			"part => axe.run(part, {resultTypes: ['violations']}).then((answer) => answer.violations)",
			self.part,
		)
		for one in violations:
			if one["impact"] in ("serious", "critical"):
				self.found += [_told(state, one, node) for node in one["nodes"]]


def _told(state: str, violation: dict[str, Any], node: dict[str, Any]) -> str:
	summary = " ".join(node["failureSummary"].split())
	return f"{state}: {violation['impact']} {violation['id']}: {summary}\n    {node['html'][:200]}"


@pytest.fixture
def theme(request: pytest.FixtureRequest, site: Site):
	"""Finance sees everything in it, for a while."""
	user = {"doctype": "User", "name": "fin@example.com", "fieldname": "desk_theme"}
	site.post("frappe.client.set_value", **user, value=request.param.title())
	yield request.param
	site.post("frappe.client.set_value", **user, value="Light")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is one of the packages of tests/js")
@pytest.mark.parametrize(("window", "theme"), LOOKS, indirect=["theme"])
class TestNothingSerious:
	def test_in_the_tab_and_its_dialogs(
		self,
		desk: OpenDesk,
		site: Site,
		known: list[dict[str, Any]],
		customer_deal: str,
		link,
		window: dict[str, int],
		theme: str,
	):
		email = {"email_id": known[0]["email"], "is_primary": 1}
		person = site.person(email_ids=[email])
		fin = desk("fin@example.com", viewport=window, reduced_motion="reduce")
		panel, axe = fin.open_record("Contact", person), Axe(fin.page, OURS)
		expect(fin.page.locator("html")).to_have_attribute("data-theme", theme)
		expect(panel.root.locator(".why").first).to_be_visible()
		axe.look("suggestions")
		_look_at_the_new_contact(panel, axe)
		link("Contact", person, known[0]["id"])
		panel = fin.open_record("Contact", person)
		_look_at_the_list(panel, axe)
		panel = fin.open_record("CRM Deal", customer_deal)
		axe.look("deal")
		_look_at_the_dialogs(panel, axe)
		assert not axe.found, "\n".join(axe.found)

	def test_in_what_goes_wrong(
		self,
		desk: OpenDesk,
		linked: str,
		xero: Xero,
		connected: Connection,
		window: dict[str, int],
		theme: str,
	):
		fin = desk("fin@example.com", viewport=window, reduced_motion="reduce")
		fin.expect_problem("500 .*panel")
		fin.page.route("**/*panel.get", lambda route: route.fulfill(status=500, json={}), times=1)
		fin.open(f"contact/{linked}")
		panel, axe = fin.open_tab(), Axe(fin.page, OURS)
		axe.look("site fails")
		panel.root.get_by_role("button", name="Try again").click()
		expect(panel.rows.first).to_be_visible()
		fin.page.evaluate("dispatchEvent(new Event('offline'))")
		expect(panel.root.get_by_role("alert")).to_be_visible()
		axe.look("offline")
		assert not axe.found, "\n".join(axe.found)

	def test_on_the_page_of_our_own(self, desk: OpenDesk, linked: str, window: dict[str, int], theme: str):
		fin = desk("fin@example.com", viewport=window, reduced_motion="reduce")
		fin.page.goto(f"{fin.url}/xero")
		axe = Axe(fin.page, "html")
		expect(fin.page.locator(".home")).to_have_attribute("aria-busy", "false")
		axe.look("home")
		fin.page.get_by_role("searchbox", name="Search customers and documents").fill("IN")
		expect(fin.page.locator(".found li").first).to_be_visible()
		axe.look("search")
		fin.page.goto(f"{fin.url}/xero/Contact/{linked}")
		panel = Panel(fin.page)
		expect(panel.rows.first).to_be_visible()
		axe.look("record")
		panel.open_find()
		axe.look("find")
		assert not axe.found, "\n".join(axe.found)


def _look_at_the_new_contact(panel: Panel, axe: Axe) -> None:
	panel.root.get_by_role("button", name="Create it in Xero").click()
	form = panel.dialog.locator("form.contact")
	form.get_by_label("Name", exact=True).fill("")
	form.get_by_role("button", name="Create").click()
	expect(form.get_by_text("Fill this in.")).to_be_visible()
	axe.look("new contact")
	form.get_by_role("button", name="Cancel").click()


def _look_at_the_list(panel: Panel, axe: Axe) -> None:
	panel.choose("Unpaid")
	panel.root.locator("button.disclosure").first.click()
	expect(panel.root.locator("tr.detail.payments")).to_be_visible()
	panel.unfold(panel.rows.first)
	panel.root.get_by_role("button", name="Statement").click()
	panel.rows.nth(2).hover()
	axe.look("list")
	with panel.listed():
		panel.kind("Bills").click()
	panel.choose("Pinned")
	axe.look("bills")


def _look_at_the_dialogs(panel: Panel, axe: Axe) -> None:
	# a few of the rows that are all alike, for axe takes its time
	panel.open_find().get_by_role("searchbox").fill("INV-000")
	expect(panel.dialog.locator(".found li")).not_to_have_count(50)
	axe.look("find")
	panel.dialog.get_by_role("button", name="Done").click()
	_look_at_the_draft(panel, axe)


def _look_at_the_draft(panel: Panel, axe: Axe) -> None:
	form = panel.open_draft()
	expect(form.get_by_role("region", name="Preview").locator("dl")).to_be_visible()
	axe.look("draft")
	form.get_by_label("Quantity of line 1").fill("x")
	form.get_by_label("Bill", exact=True).select_option("percent")
	expect(form.locator(".error").first).to_be_visible()
	axe.look("draft with problems")
	form.get_by_label("Quantity of line 1").fill("1")
	form.get_by_label("Bill", exact=True).select_option("all")
	form.get_by_label("Price of line 1").fill("99999")
	form.get_by_label("Xero contact").fill("Nobody in the books")
	expect(form.locator("[role=option]")).to_be_visible()
	expect(form.get_by_role("checkbox")).to_be_visible()
	axe.look("draft with a new contact and a question")
	form.get_by_role("button", name="Cancel").click()
