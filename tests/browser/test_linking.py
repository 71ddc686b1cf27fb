"""From a record without a Xero contact to one that has its own: suggested, searched for, created; and back."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from .conftest import WINDOW, OpenDesk
from .desk import Panel
from .site import Connection, Site

NARROW = {"width": 360, "height": 740}


def looking(panel: Panel) -> Locator:
	"""The part of the panel where a contact is looked for."""
	return panel.root.locator("section.link")


@pytest.mark.parametrize("window", [NARROW, WINDOW], ids=["phone", "desktop"])
def test_a_suggestion_says_how_likely_it_is_and_why_and_is_linked_by_one_click(
	desk: OpenDesk, site: Site, known: list[dict[str, Any]], window: dict[str, int]
):
	customer = known[0]
	email = {"email_id": customer["email"], "is_primary": 1}
	person = site.person(email_ids=[email], company_name=customer["name"])
	fin = desk("fin@example.com", viewport=window)
	panel = fin.open_record("Contact", person)
	found = looking(panel).locator("li").filter(has_text=customer["name"])
	expect(found.locator(".why")).to_contain_text(re.compile(r"likely, \d{2,3}%", re.IGNORECASE))
	expect(found.locator(".why")).to_contain_text("same e-mail")
	expect(found).to_contain_text("Customer")
	assert panel.overflow() <= 0
	found.get_by_role("button", name=f"Link {customer['name']}").click()
	expect(panel.root.get_by_role("heading", name=customer["name"])).to_be_visible()
	fin.says(f"Linked to {customer['name']} in Xero.")
	assert panel.overflow() <= 0


def test_a_search_takes_the_place_of_suggestions_and_says_when_it_finds_nothing(
	desk: OpenDesk, site: Site, known: list[dict[str, Any]]
):
	person = site.person(email_ids=[{"email_id": known[0]["email"], "is_primary": 1}])
	panel = desk("fin@example.com").open_record("Contact", person)
	search = panel.root.get_by_role("searchbox", name="Name or e-mail")
	suggested = looking(panel).locator(".why")
	expect(suggested).not_to_have_count(0)
	search.fill("nobody has this name")
	expect(looking(panel)).to_contain_text("No Xero contact matches “nobody has this name”.")
	search.fill(known[1]["email"])
	expect(looking(panel).get_by_role("button", name=f"Link {known[1]['name']}", exact=True)).to_be_visible()
	expect(suggested).to_have_count(0)
	search.fill("")
	expect(suggested).not_to_have_count(0)


def test_a_contact_is_created_in_xero_from_the_record_by_the_keyboard_alone(desk: OpenDesk, person: str):
	fin = desk("fin@example.com")
	panel = fin.open_record("Contact", person)
	panel.root.get_by_role("button", name="Create it in Xero").focus()
	fin.page.keyboard.press("Enter")
	form = panel.dialog.locator("form.contact")
	expect(form.get_by_label("Name", exact=True)).to_have_value(person)
	expect(form.get_by_label("First name")).to_have_value("Browser")
	assert panel.has_focus(form.get_by_role("button", name="Create"))
	fin.page.keyboard.press("Enter")
	expect(panel.dialog).to_contain_text(f"{person} is in Xero and linked to this record.")
	close = panel.dialog.locator(".foot").get_by_role("button", name="Close")
	expect(close).to_be_focused()
	fin.page.keyboard.press("Enter")
	expect(panel.dialog).to_have_count(0)
	expect(panel.root.get_by_role("heading", name=person)).to_be_visible()
	expect(panel.root).to_contain_text("No open invoices.")


def test_a_name_that_xero_knows_is_offered_for_linking_and_an_empty_one_refused(
	desk: OpenDesk, person: str, known: list[dict[str, Any]]
):
	fin = desk("fin@example.com")
	fin.expect_problem("417 .*create_contact")
	panel = fin.open_record("Contact", person)
	panel.root.get_by_role("button", name="Create it in Xero").click()
	form = panel.dialog.locator("form.contact")
	name = form.get_by_label("Name", exact=True)
	name.fill(" ")
	form.get_by_role("button", name="Create").click()
	expect(name).to_have_attribute("aria-invalid", "true")
	expect(form).to_contain_text("Fill this in.")
	name.fill(known[0]["name"])
	form.get_by_role("button", name="Create").click()
	expect(form.get_by_role("alert")).to_contain_text(known[0]["name"])
	form.get_by_role("button", name="Cancel").click()
	expect(panel.dialog).to_have_count(0)


def test_a_second_contact_is_linked_beside_the_first_and_taken_off_after_a_yes(
	desk: OpenDesk, linked: str, known: list[dict[str, Any]]
):
	first, second = known[0]["name"], known[1]["name"]
	fin = desk("fin@example.com")
	panel = fin.open_record("Contact", linked)
	before = panel.value("Total paid")
	panel.root.get_by_role("button", name="Link another contact").click()
	expect(panel.root.get_by_role("searchbox", name="Name or e-mail")).to_be_focused()
	panel.root.get_by_role("searchbox", name="Name or e-mail").fill(first)
	expect(looking(panel).locator("li").filter(has_text=first).get_by_text("Linked")).to_be_visible()
	panel.link(second)
	heading = panel.root.get_by_role("heading", level=2)
	expect(heading).to_have_count(2)
	assert panel.value("Total paid") > before

	block = panel.root.locator(".contact").filter(has_text=second)
	block.get_by_role("button", name="Unlink").click()
	question = fin.page.locator(".modal.show")
	expect(question).to_contain_text(f"Take {second} off this record? Nothing changes in Xero.")
	question.get_by_role("button", name="No").click()
	expect(heading).to_have_count(2)
	block.get_by_role("button", name="Unlink").click()
	fin.agree()
	expect(heading).to_have_count(1)
	expect(heading).to_contain_text(first)
	assert panel.value("Total paid") == before


def test_who_may_only_look_is_offered_nothing_to_change(
	desk: OpenDesk, site: Site, person: str, known: list[dict[str, Any]], link, connected: Connection
):
	with site.without_roles("sally@example.com", "Xero Sales", but=("Xero Viewer",)):
		sally = desk("sally@example.com")
		panel = sally.open_record("Contact", person)
		expect(panel.root).to_contain_text("Someone with the right to link can choose the Xero contact here.")
		expect(panel.root.get_by_role("searchbox")).to_have_count(0)
		link("Contact", person, known[0]["id"])
		panel = sally.open_record("Contact", person)
		expect(panel.rows.first).to_be_visible()
		for name in ("Unlink", "Link another contact", "Find & link", "New draft invoice", "Pin"):
			expect(panel.root.get_by_role("button", name=re.compile(f"^{name}"))).to_have_count(0)
