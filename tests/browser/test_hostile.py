"""What a tab makes of data that nobody would type in good faith, and of figures that are rarely seen."""

import re
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Route, expect

from .conftest import WINDOW, OpenDesk
from .desk import Desk, Panel
from .site import Connection, Site, Xero

PHONE = {"width": 360, "height": 740}
MARKUP = "<img src=x onerror='window.ran=1'><script>window.ran=1</script>"
ENDLESS = "W" * 200
RIGHT_TO_LEFT = "חשבונית מספר ١٢٣ للعميل \u202e abc"
ROWS = (  # number, currency, total, how the total reads
	("RARE-1", "NZD", "0", "$0.00"),
	("RARE-2", "NZD", "-12.50", "-$12.50"),
	("RARE-3", "JPY", "1234567", "JP¥1,234,567"),
	("RARE-4", "KWD", "1234.567", "KWD\N{NO-BREAK SPACE}1,234.567"),
	("RARE-5", "USD", "99999999999.99", "US$99,999,999,999.99"),
)


@pytest.fixture(scope="module")
def hostile(site: Site, xero: Xero, connection: Connection) -> Iterator[str]:
	"""A Xero contact with markup for a name, and documents of all kinds of totals. Its id."""
	connection.ensure()
	contact = next(row for row in site.contacts(xero.organisation, "o") if row["is_customer"])
	xero.rename(contact["id"], f"{MARKUP} {RIGHT_TO_LEFT} {ENDLESS}"[:255])
	connection.read()
	made = [_document(site, xero.organisation, contact["id"], *row[:3]) for row in ROWS]
	yield contact["id"]
	for name in made:
		site.delete("Xero Invoice", name)
	xero.rename(contact["id"], contact["name"])
	connection.read()


def _document(site: Site, organisation: str, contact: str, number: str, currency: str, total: str) -> str:
	name = str(uuid.uuid4())
	amounts = {"sub_total": total, "tax": 0, "total": total, "amount_due": total}
	reference = {"RARE-1": RIGHT_TO_LEFT, "RARE-2": ENDLESS}.get(number, "")
	dates = {"date": "2026-01-02", "due_date": "2099-01-02", "updated_utc": "2026-01-02 00:00:00"}
	return site.make(
		"Xero Invoice",
		**{"__newname": name, "name": name, "organisation": organisation, "contact": contact},
		**{"document_type": "Invoice", "status": "Authorised", "number": number, "reference": reference},
		**{"currency": currency, "currency_rate": 1, **amounts, **dates},
	)


def ran(desk: Desk) -> bool:
	"""Whether any of the markup above was taken for markup."""
	return bool(desk.page.evaluate("window.ran"))


def is_text(panel: Panel) -> None:
	expect(panel.root.locator("img, script")).to_have_count(0)


def fits(dialog: Locator, width: int) -> None:
	box = dialog.bounding_box()
	assert box
	assert box["x"] >= 0
	assert box["x"] + box["width"] <= width
	assert dialog.evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") <= 0


@pytest.mark.parametrize("window", [PHONE, WINDOW], ids=["phone", "desktop"])
def test_markup_long_words_and_other_scripts_are_shown_as_they_are(
	desk: OpenDesk, site: Site, person: str, hostile: str, link, window: dict[str, int]
):
	link("Contact", person, hostile)
	fin = desk("fin@example.com", viewport=window)
	panel = fin.open_record("Contact", person)
	expect(panel.root.get_by_role("heading", level=2)).to_contain_text(MARKUP)
	panel.choose("All")
	expect(panel.row("RARE-1").locator("td.reference [dir=auto]")).to_have_text(RIGHT_TO_LEFT)
	expect(panel.row("RARE-2").locator("td.reference")).to_have_text(ENDLESS)
	for number, _currency, _total, expected in ROWS:
		expect(panel.row(number).locator("td.total")).to_have_text(re.compile(re.escape(expected) + "$"))
	assert panel.overflow() <= 0
	dialog = panel.open_find()
	dialog.get_by_role("searchbox").fill("RARE")
	expect(dialog.locator(".found li")).to_have_count(len(ROWS))
	fits(dialog, window["width"])
	dialog.get_by_role("button", name="Done").click()
	panel.root.get_by_role("button", name="Unlink").click()
	expect(fin.page.locator(".modal.show")).to_contain_text(MARKUP)
	assert fin.page.locator(".modal.show img").count() == 0
	fin.agree()
	panel.root.get_by_role("searchbox", name="Name or e-mail").fill("window.ran")
	found = panel.root.locator("section.link li").filter(has_text=MARKUP)
	expect(found).to_be_visible()
	assert panel.overflow() <= 0
	found.get_by_role("button", name="Link").click()
	fin.says(re.compile(re.escape(MARKUP)))
	is_text(panel)
	assert not ran(fin)


def test_other_currencies_stand_beside_the_totals_and_not_in_them(
	desk: OpenDesk, person: str, hostile: str, xero: Xero, link
):
	link("Contact", person, hostile)
	panel = desk("fin@example.com").open_record("Contact", person)
	expect(panel.root.locator(".others").first).to_contain_text(re.compile(r"JPY.1,234,567 unpaid \(1\)"))
	expect(panel.root.locator(".others").first).to_contain_text(re.compile(r"KWD.1,234\.567 unpaid \(1\)"))
	# nothing unpaid that is less than nothing: the -12.50 is no invoice of anybody
	assert float(panel.value("Total paid")) == float(xero.figures(hostile)["paid"])


@pytest.mark.parametrize("window", [PHONE, WINDOW], ids=["phone", "desktop"])
def test_eighteen_digits_fit_and_lose_none(desk: OpenDesk, linked: str, window: dict[str, int]):
	fin = desk("fin@example.com", viewport=window)

	def enlarge(route: Route) -> None:
		reply = route.fetch()
		answer = reply.json()
		answer["message"]["overview"] |= {
			"unpaid": "123456789012345678.91",
			"overdue": "-123456789012345678.91",
		}
		for row in answer["message"]["list"]["rows"]:
			row |= {"total": "123456789012345678.91", "amount_due": "123456789012345678.91"}
			row |= {"number": MARKUP, "reference": MARKUP}
		route.fulfill(response=reply, json=answer)

	fin.page.route("**/*panel.get", enlarge)
	panel = fin.open_record("Contact", linked)
	large = "$123,456,789,012,345,678.91"
	expect(panel.figure("Total unpaid")).to_contain_text(large)
	expect(panel.figure("Overdue").locator(".amount")).to_have_text(f"-{large}")
	expect(panel.rows.first.locator("td.total")).to_contain_text(large)
	expect(panel.rows.first.locator("td.number")).to_have_text(MARKUP)
	assert panel.overflow() <= 0
	for element in panel.root.locator(".figure").all():
		assert element.evaluate("node => node.scrollWidth - node.clientWidth") <= 0
	is_text(panel)
	assert not ran(fin)


def test_a_draft_of_4000_characters_and_markup_arrives_in_xero_as_it_was_written(
	desk: OpenDesk, site: Site, connected: Connection, xero: Xero
):
	deal = site.deal("sally@example.com")
	sally = desk("sally@example.com", viewport=PHONE)
	panel = sally.open_record("CRM Deal", deal)
	form = panel.open_draft()
	description = f"{MARKUP} {RIGHT_TO_LEFT}\n{'W' * 4000}"[:4000]
	reference = f"{RIGHT_TO_LEFT} {deal}"
	form.get_by_label("Description of line 1").fill(description)
	form.get_by_label("Reference").fill(reference)
	fits(panel.dialog, PHONE["width"])
	form.get_by_role("button", name="Send to Xero").click()
	expect(panel.dialog).to_contain_text(re.compile(r"Draft invoice INV-\d+ is in Xero"))
	panel.dialog.locator(".foot").get_by_role("button", name="Close").click()
	expect(panel.rows.first.locator("td.reference")).to_contain_text(reference)
	assert panel.overflow() <= 0
	form = panel.open_draft()
	expect(form.get_by_role("button", name="Update in Xero")).to_be_visible()
	fits(panel.dialog, PHONE["width"])
	is_text(panel)
	books = sally.context.new_page()
	books.goto(f"{xero.url}/organisations/{xero.organisation}")
	books.get_by_role("row").filter(has_text=deal).get_by_role("link").first.click()
	expect(books.get_by_text("W" * 3000)).to_be_visible()
	assert not ran(sally)


def test_a_record_with_markup_for_a_name_is_text_in_its_forms(
	desk: OpenDesk, site: Site, connected: Connection
):
	person = site.person()
	name = {"doctype": "Contact", "name": person, "fieldname": "last_name"}
	site.post("frappe.client.set_value", **name, value=f"{MARKUP} {RIGHT_TO_LEFT}")
	fin = desk("fin@example.com", viewport=PHONE)
	panel = fin.open_record("Contact", person)
	panel.root.get_by_role("button", name="Create it in Xero").click()
	last_name = panel.dialog.get_by_label("Last name")
	expect(last_name).to_have_value(re.compile("<img.*חשבונית"))
	fits(panel.dialog, PHONE["width"])
	is_text(panel)
	assert not ran(fin)
