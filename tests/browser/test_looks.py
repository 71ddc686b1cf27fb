"""The tab where space or light are short."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from .conftest import WINDOW, OpenDesk
from .site import Connection, Site

PHONE = {"width": 390, "height": 844}


def brightness(element: Locator, what: str) -> float:
	"""0 is black, 255 white; of what is behind the element where it lets most of that through itself."""
	css: str = element.evaluate(
		"""(node, what) => {
			const parent = (one) => one.parentElement ?? one.getRootNode().host;
			const opacity = (colour) => Number(colour.match(/[,/] ?([\\d.]+)\\)$/)?.[1] ?? 1);
			const isSolid = (colour) => !/^rgba|\\//.test(colour) || opacity(colour) > 0.5;
			for (let one = node; one; one = parent(one)) {
				const colour = getComputedStyle(one)[what];
				if (isSolid(colour)) return colour;
			}
			return "rgb(255, 255, 255)";
		}""",
		what,
	)
	numbers = [float(part) for part in re.findall(r"[\d.]+", css)][:3]
	scale = 255 if css.startswith("color(") else 1
	return sum(numbers) * scale / 3


@pytest.fixture(params=["Contact", "CRM Deal"])
def record(request: pytest.FixtureRequest, site: Site, connected: Connection, known, link) -> tuple[str, str]:
	"""A record with many documents."""
	doctype: str = request.param
	if doctype == "Contact":
		name = site.person()
		link(doctype, name, known[0]["id"])
		return doctype, name
	name = site.deal("sally@example.com")
	[deal] = site.rows("CRM Deal", {"name": name}, "organization")
	link("CRM Organization", deal["organization"], known[0]["id"])
	return doctype, name


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("window", [PHONE, WINDOW], ids=["phone", "desktop"])
def test_the_tab_fits_its_window_and_can_be_read(
	desk: OpenDesk, record: tuple[str, str], window: dict[str, Any], theme: str
):
	fin = desk("fin@example.com", viewport=window)
	panel = fin.open_record(*record)
	fin.page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
	if record[0] == "CRM Deal":
		with panel.listed():
			panel.scope("All of this customer").click()
	else:
		panel.choose("All")
	panel.root.locator("button.disclosure").first.click()
	expect(panel.root.locator("tr.payments")).to_be_visible()
	assert panel.overflow() <= 0
	for element in (
		panel.root.locator("h2").first,
		panel.figure("Total paid").locator(".amount"),
		panel.root.locator("td.number").first,
	):
		text, ground = brightness(element, "color"), brightness(element, "backgroundColor")
		assert abs(text - ground) > 110, f"{text:.0f} on {ground:.0f}"
		assert (ground < 128) == (theme == "dark")


def test_the_draft_form_fits_a_phone(desk: OpenDesk, site: Site, connected: Connection):
	fin = desk("fin@example.com", viewport=PHONE)
	panel = fin.open_record("CRM Deal", site.deal("sally@example.com"))
	form = panel.open_draft()
	box = panel.dialog.bounding_box()
	assert box
	assert box["x"] >= 0
	assert box["x"] + box["width"] <= PHONE["width"]
	assert form.evaluate("form => form.scrollWidth - form.clientWidth") <= 0
	expect(form.get_by_role("button", name="Send to Xero")).to_be_in_viewport()


@pytest.mark.parametrize("window", [PHONE, WINDOW], ids=["phone", "desktop"])
def test_a_row_under_the_pointer_is_one_surface(
	desk: OpenDesk, person: str, known, link, window: dict[str, Any]
):
	"""Laid out as a card, a row has its shade once and not again in each cell."""
	link("Contact", person, known[0]["id"])
	panel = desk("fin@example.com", viewport=window).open_record("Contact", person)
	panel.choose("All")
	row = panel.rows.first
	row.hover()
	clear = "rgba(0, 0, 0, 0)"
	grounds = row.locator("td").evaluate_all(
		"cells => cells.map(cell => getComputedStyle(cell).backgroundColor)"
	)
	assert set(grounds) == {clear}
	expect(row).not_to_have_css("background-color", clear)
