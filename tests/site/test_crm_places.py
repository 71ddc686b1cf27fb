"""Form scripts and layout parts in Frappe CRM: what comes, what a manager decides, and that all of it goes."""

import json
import re

import frappe
import pytest

from tests import factories
from xero_connector import __version__, install
from xero_connector.site import crm_places

NEWEST = (1, 81)
DOCTYPES = ("CRM Deal", "CRM Lead", "CRM Organization", "Contact")

PERSON = {
	"name": "person_section",
	"label": "Person",
	"columns": [{"name": "column_a", "fields": ["email", "phone"]}],
}
MONEY = {
	"name": "money_section",
	"columns": [{"name": "column_b", "fields": ["annual_revenue"]}, {"name": "column_c"}],
}
BANNER = {"name": "contacts_section", "label": "Contacts", "opened": True, "editable": False, "contacts": []}
SECTIONS = [PERSON, MONEY]
TABS = [
	{"name": "tab_a", "label": "People", "sections": [PERSON]},
	{"name": "tab_b", "label": "Money", "sections": [MONEY]},
]


@pytest.fixture(autouse=True)
def crm(site, embedded, monkeypatch):
	"""``crm((1, 55))`` makes it that release. Nothing here commits, so that all of it is rolled back."""
	factories.require("CRM Form Script")

	def is_release(release):
		monkeypatch.setattr(crm_places, "release", lambda: release)

	is_release(NEWEST)
	return is_release


def make_layout(doctype, kind, layout):
	text = layout if isinstance(layout, str) else json.dumps(layout)
	values = {"doctype": "CRM Fields Layout", "dt": doctype, "type": kind, "layout": text}
	return frappe.get_doc(values).insert().name


def shown(name):
	return json.loads(frappe.db.get_value("CRM Fields Layout", name, "layout"))


def rearrange(name, layout):
	"""What the CRM's layout editor does."""
	document = frappe.get_doc("CRM Fields Layout", name)
	document.layout = json.dumps(layout)
	document.save()


def script(doctype):
	return frappe.db.get_value("CRM Form Script", f"Xero – {doctype}", "script")


def places(layout):
	"""(tab, section) of every place where the panel stands."""
	tabs = layout if any("sections" in part for part in layout) else [{"name": None, "sections": layout}]
	return [
		(tab["name"], section["name"])
		for tab in tabs
		for section in tab["sections"]
		for column in section.get("columns", [])
		if "xero_panel" in column.get("fields", [])
	]


def test_every_record_of_the_crm_has_a_standard_script_that_runs(site):
	install.after_migrate()
	rows = frappe.get_all(
		"CRM Form Script", ["dt", "view", "enabled", "is_standard"], {"name": ["like", "Xero – %"]}
	)
	expected = [*((doctype, "Form") for doctype in DOCTYPES), ("CRM Deal", "List")]
	assert sorted((row.dt, row.view) for row in rows) == sorted(expected)
	assert {(row.enabled, row.is_standard) for row in rows} == {(1, 1)}


def test_the_list_of_deals_has_a_script_of_its_own_that_is_kept_up_to_date():
	install.after_migrate()
	[name] = frappe.get_all("CRM Form Script", {"dt": "CRM Deal", "view": "List"}, pluck="name")
	text = frappe.db.get_value("CRM Form Script", name, "script")
	assert "function setupList(" in text, "the CRM stumbles over a list script without it"
	assert f"/assets/xero_connector/crm/index.js?v={__version__}" in text
	assert '"CRM Deal"' in text
	assert "__" not in text, "every place is filled"
	frappe.db.set_value("CRM Form Script", name, "script", "of an older version")
	install.after_migrate()
	assert frappe.db.get_value("CRM Form Script", name, "script") == text


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_script_is_of_its_doctype_and_loads_this_version(doctype):
	install.after_migrate()
	text = script(doctype)
	assert re.findall(r"class\s+(\w+)", text) == [doctype.replace(" ", "")], (
		"the CRM takes every such word for one"
	)
	assert f'DOCTYPE = "{doctype}"' in text
	assert f"/assets/xero_connector/crm/index.js?v={__version__}" in text
	assert "setupForm(" in text, "older releases stumble over a script without it"
	assert "__" not in re.sub(r"\b__newDocument\b", "", text), "every place is filled"


@pytest.mark.parametrize(
	("release", "on_deals"),
	[((1, 36), "setupForm"), ((1, 46), "setupForm"), ((1, 47), "form"), ((2, 0), "form")],
)
def test_the_button_in_the_header_comes_once_in_every_release(crm, release, on_deals):
	crm(release)
	install.after_migrate()
	assert f'HEADER = "{on_deals}"' in script("CRM Deal")
	assert 'HEADER = "setupForm"' in script("Contact")


def test_migrating_brings_the_text_up_to_date_and_leaves_a_script_switched_off():
	install.after_migrate()
	current = script("CRM Deal")
	switched_off = frappe.get_doc("CRM Form Script", "Xero – CRM Deal")
	switched_off.enabled = 0
	switched_off.save()
	frappe.db.set_value("CRM Form Script", switched_off.name, "script", "of an older version")
	install.after_migrate()
	assert script("CRM Deal") == current
	assert frappe.db.get_value("CRM Form Script", switched_off.name, "enabled") == 0


def test_a_layout_without_tabs_becomes_the_first_tab_and_xero_the_second():
	name = make_layout("CRM Lead", "Data Fields", SECTIONS)
	install.after_migrate()
	details, xero = shown(name)
	assert (details["label"], details["sections"]) == ("Details", SECTIONS)
	assert xero["label"] == "Xero"
	assert places(shown(name)) == [("xero_panel_tab", "xero_panel_section")]


def test_one_tab_without_a_name_is_a_layout_without_tabs():
	name = make_layout("CRM Deal", "Data Fields", [{"name": "first_tab", "sections": SECTIONS}])
	install.after_migrate()
	details = shown(name)[0]
	assert (details["label"], details["sections"]) == ("Details", SECTIONS)


def test_a_layout_with_tabs_gets_one_more():
	name = make_layout("CRM Deal", "Data Fields", TABS)
	install.after_migrate()
	assert shown(name)[:-1] == TABS
	assert shown(name)[-1]["label"] == "Xero"


def test_the_tab_is_hidden_until_the_script_has_asked_whether_one_may_see():
	name = make_layout("CRM Deal", "Data Fields", TABS)
	install.after_migrate()
	assert shown(name)[-1]["hidden"] is True
	field = frappe.get_meta("CRM Deal").get_field("xero_panel")
	assert (field.read_only, field.label) == (1, "Xero"), "the side panel hides an empty read-only field"


@pytest.mark.parametrize("doctype", ["Contact", "CRM Organization"])
def test_a_side_panel_gets_a_section_at_its_end(doctype):
	name = make_layout(doctype, "Side Panel", [BANNER, *SECTIONS])
	other = make_layout(doctype, "Quick Entry", SECTIONS)
	install.after_migrate()
	assert shown(name)[:-1] == [BANNER, *SECTIONS]
	assert (shown(name)[-1]["label"], places(shown(name))) == ("Xero", [(None, "xero_panel_section")])
	assert shown(other) == SECTIONS


def test_migrating_again_changes_no_layout():
	name = make_layout("CRM Deal", "Data Fields", SECTIONS)
	install.after_migrate()
	once = shown(name)
	install.after_migrate()
	install.after_app_install("erpnext")
	assert shown(name) == once


def test_a_part_that_a_manager_has_taken_out_stays_out():
	name = make_layout("CRM Deal", "Data Fields", TABS)
	install.after_migrate()
	rearrange(name, TABS)
	install.after_migrate()
	assert shown(name) == TABS


def test_a_part_that_a_manager_has_moved_stays_there():
	name = make_layout("Contact", "Side Panel", SECTIONS)
	install.after_migrate()
	moved = list(reversed(shown(name)))
	rearrange(name, moved)
	install.after_migrate()
	assert shown(name) == moved


def test_a_panel_that_a_manager_has_placed_before_us_is_not_doubled():
	placed = [{**PERSON, "columns": [{"name": "column_a", "fields": ["email", "xero_panel"]}]}]
	name = make_layout("Contact", "Side Panel", placed)
	install.after_migrate()
	assert shown(name) == placed


def test_restored_defaults_get_our_part_again():
	name = make_layout("CRM Deal", "Data Fields", SECTIONS)
	install.after_migrate()
	frappe.delete_doc("CRM Fields Layout", name)
	assert make_layout("CRM Deal", "Data Fields", TABS) == name
	install.after_migrate()
	assert places(shown(name)) == [("xero_panel_tab", "xero_panel_section")]


def test_layouts_are_left_alone_until_the_crm_can_hide_what_is_in_them(crm):
	name = make_layout("CRM Deal", "Data Fields", SECTIONS)
	crm((1, 67))
	install.after_migrate()
	assert shown(name) == SECTIONS
	crm((1, 68))
	install.after_migrate()
	assert len(shown(name)) == 2


@pytest.mark.parametrize("text", ["", "[]", "no layout", '{"name": "x"}', '["x"]', "null"])
def test_what_is_no_layout_stays_as_it_is(text):
	name = make_layout("CRM Deal", "Data Fields", text)
	install.after_migrate()
	crm_places.remove()
	assert (frappe.db.get_value("CRM Fields Layout", name, "layout") or "") == text


@pytest.mark.parametrize(
	("doctype", "kind", "layout"),
	[
		("CRM Lead", "Data Fields", SECTIONS),
		("CRM Deal", "Data Fields", TABS),
		("Contact", "Side Panel", [BANNER, PERSON]),
	],
)
def test_uninstalling_gives_a_layout_back(doctype, kind, layout):
	name = make_layout(doctype, kind, layout)
	install.after_migrate()
	crm_places.remove()
	assert shown(name) == layout


def test_uninstalling_finds_the_panel_where_a_manager_has_put_it():
	name = make_layout("CRM Deal", "Data Fields", SECTIONS)
	install.after_migrate()
	rearrange(
		name, [{**PERSON, "columns": [{"name": "column_a", "fields": ["email", "xero_panel", "phone"]}]}]
	)
	entry = make_layout(
		"Contact", "Quick Entry", [{"name": "s", "columns": [{"name": "c", "fields": ["xero_panel"]}]}]
	)
	crm_places.remove()
	assert shown(name) == [PERSON]
	assert shown(entry) == [{"name": "s", "columns": [{"name": "c", "fields": []}]}]


def test_uninstalling_keeps_what_a_manager_has_put_into_our_parts():
	name = make_layout("CRM Deal", "Data Fields", SECTIONS)
	install.after_migrate()
	details, xero = shown(name)
	xero["sections"].append(MONEY)
	rearrange(name, [{**details, "label": "The deal"}, xero])
	crm_places.remove()
	kept_details, kept = shown(name)
	assert kept_details["label"] == "The deal"
	assert [section["name"] for section in kept["sections"]] == ["money_section"]
	assert "hidden" not in kept, "nobody would show it any more"


def test_uninstalling_unwraps_details_also_when_our_tab_has_gone_before():
	name = make_layout("CRM Lead", "Data Fields", [PERSON])
	install.after_migrate()
	rearrange(name, shown(name)[:1])
	crm_places.remove()
	assert shown(name) == [PERSON]


def test_uninstalling_removes_our_scripts_and_what_we_remember():
	make_layout("CRM Deal", "Data Fields", SECTIONS)
	theirs = {"doctype": "CRM Form Script", "name": "Theirs", "dt": "CRM Deal", "view": "Form", "script": "…"}
	frappe.get_doc(theirs).insert()
	install.after_migrate()
	assert frappe.get_all("DefaultValue", {"defkey": ["like", "xero_%"]})
	crm_places.remove()
	assert frappe.get_all("CRM Form Script", {"dt": ["in", DOCTYPES]}, pluck="name") == ["Theirs"]
	assert not frappe.get_all("DefaultValue", {"defkey": ["like", "xero_%"]})


def test_without_the_crm_nothing_is_asked_of_the_database(monkeypatch):
	monkeypatch.undo()
	assert crm_places.release() is None, "the sample has another name"
	monkeypatch.setattr(frappe.db, "sql", lambda *args, **kwargs: pytest.fail("asked the database"))
	crm_places.sync()


@pytest.mark.parametrize(
	("version", "release"),
	[("1.81.1", (1, 81)), ("2.0.0-dev", (2, 0)), ("1.36.1", (1, 36)), ("1.42.0", (1, 42))],
)
def test_the_release_is_read_from_the_crm(monkeypatch, version, release):
	monkeypatch.undo()
	monkeypatch.setattr(frappe, "get_installed_apps", lambda: ["frappe", "crm"])
	monkeypatch.setattr(frappe, "get_attr", {"crm.__version__": version}.get)
	assert crm_places.release() == release
