"""Map Taxes: what is suggested, what is refused, and what becomes of documents when a pair no longer holds (R63, R101,
R102, B17)."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest

from tests import factories
from tests.site.sending import made, refused, settings, try_again, wish
from tests.xero_world import World
from xero_connector.api import drafts, taxes
from xero_connector.site import organisations, tax_maps

OWN = "Xero Own Rate"
SALES, ITEM = "Sales Taxes and Charges Template", "Item Tax Template"


@pytest.fixture
def books(ready: World) -> World:
	settings(own_rates=[{"title": "GST", "rate": 15}, {"title": "Odd", "rate": 7}])
	return ready


def suggested(xero: World) -> dict[str, dict[str, Any]]:
	return {row["our_name"]: row for row in taxes.suggest(organisation=xero.organisation)["rows"]}


def save(xero: World, *rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
	answer = taxes.save_map(organisation=xero.organisation, rows=list(rows))
	frappe.db.commit()
	return {row["our_name"]: row for row in answer["rows"]}


def chosen(name: str, tax_type: str, reason: str = "", doctype: str = OWN) -> dict[str, Any]:
	return {"our_doctype": doctype, "our_name": name, "tax_type": tax_type, "reason": reason}


def in_xero(xero: World, tax_type: str) -> dict[str, Any]:
	return next(row for row in xero.sandbox.organisations[0].tax_rates if row["TaxType"] == tax_type)


def read_lists(xero: World) -> None:
	"""The next day's reading, which brings accounts and tax rates too."""
	organisations.lists_wanted(xero.organisation)
	frappe.db.commit()
	xero.read()


def log() -> list[Any]:
	fields = ["user", "organisation", "outcome", "request"]
	return frappe.get_all("Xero Log", {"action": "Tax Map"}, fields, order_by="creation, name")


# what is suggested and kept


def test_equal_rates_are_suggested_beside_those_that_sales_can_have(books: World):
	answer = taxes.suggest(organisation=books.organisation)
	rows = {row["our_name"]: row for row in answer["rows"]}
	assert (rows["GST"]["state"], rows["GST"]["tax_type"], rows["GST"]["xero_rate"]) == (
		"suggested",
		"OUTPUT2",
		"15",
	)
	assert (rows["Odd"]["state"], rows["Odd"]["tax_type"]) == ("none", "")
	assert {each["value"]: each["rate"] for each in answer["rates"]} == {
		"OUTPUT2": "15",
		"ZERORATED": "0",
		"NONE": "0",
		"TAX001": "17.5",
	}
	assert tax_maps.tax_map(books.organisation, {}) == {}


def test_what_is_saved_is_mapped_and_logged_with_who_decided(books: World, as_user):
	with as_user(["Xero Manager"]) as manager:
		rows = save(books, chosen("GST", "OUTPUT2"))
	assert (rows["GST"]["state"], rows["GST"]["tax_type"], rows["GST"]["our_rate"]) == (
		"mapped",
		"OUTPUT2",
		"15",
	)
	[entry] = log()
	assert (entry.user, entry.organisation, entry.outcome) == (manager, books.organisation, "Decided")
	assert json.loads(entry.request)[0]["tax_type"] == "OUTPUT2"
	stored = frappe.get_doc("Xero Organisation", books.organisation).tax_map
	assert [(row.our_name, row.decided_by) for row in stored] == [("GST", manager)]


def test_saving_the_same_again_keeps_who_decided_and_logs_nothing(books: World, as_user):
	with as_user(["Xero Manager"]) as manager:
		save(books, chosen("GST", "OUTPUT2"))
	save(books, chosen("GST", "OUTPUT2"))
	assert len(log()) == 1
	stored = frappe.get_doc("Xero Organisation", books.organisation).tax_map
	assert [row.decided_by for row in stored] == [manager]


def test_rates_that_are_not_named_keep_their_pairs_and_nothing_chosen_takes_one_away(books: World):
	save(books, chosen("GST", "OUTPUT2"))
	rows = save(books, chosen("Odd", "TAX001", "agreed"))
	assert [rows[name]["state"] for name in ("GST", "Odd")] == ["mapped", "mapped"]
	assert save(books, chosen("GST", ""))["GST"]["state"] == "suggested"
	assert json.loads(log()[-1].request) == [{"rate": [OWN, "GST"], "tax_type": None}]


def test_a_form_of_the_organisation_that_was_opened_before_does_not_take_the_map_back(books: World):
	opened = frappe.get_doc("Xero Organisation", books.organisation)
	save(books, chosen("GST", "OUTPUT2"))
	with pytest.raises(frappe.TimestampMismatchError):
		opened.save()


# what is refused


def test_rates_that_differ_are_refused_and_nothing_is_changed(books: World):
	rows = [chosen("GST", "OUTPUT2"), chosen("Odd", "OUTPUT2")]
	code, field = refused(lambda: taxes.save_map(organisation=books.organisation, rows=rows))
	assert (code, field) == ("tax_rates_differ", "rows.1.reason")
	assert suggested(books)["GST"]["state"] == "suggested"
	assert log() == []


def test_a_reason_lets_a_xero_manager_override_and_stands_in_the_log(books: World, as_user):
	with as_user(["Xero Manager"]):
		assert taxes.suggest(organisation=books.organisation)["may_override"]
		rows = save(books, chosen("Odd", "TAX001", "levy is in the price"))
	assert (rows["Odd"]["state"], rows["Odd"]["reason"]) == ("mapped", "levy is in the price")
	assert json.loads(log()[0].request)[0]["reason"] == "levy is in the price"


def test_who_only_configures_cannot_override_but_can_leave_an_override_as_it_is(books: World, as_user):
	override = chosen("Odd", "TAX001", "levy is in the price")
	with as_user(["System Manager"]):
		assert not taxes.suggest(organisation=books.organisation)["may_override"]
		with pytest.raises(frappe.PermissionError):
			save(books, override)
	frappe.db.rollback()
	with as_user(["Xero Manager"]):
		save(books, override)
	with as_user(["System Manager"]):
		rows = save(books, override, chosen("GST", "OUTPUT2"))
	assert rows["Odd"]["state"] == rows["GST"]["state"] == "mapped"


@pytest.mark.parametrize(
	("rows", "expected"),
	[
		([chosen("GST", "INPUT2", "please")], ("invalid_value", "rows.0.tax_type")),
		([chosen("Nobody's", "OUTPUT2")], ("invalid_value", "rows.0.our_name")),
		([chosen("GST", "OUTPUT2", doctype="User")], ("invalid_value", "rows.0.our_name")),
		("no rows", ("invalid_value", "rows")),
		({"our_name": "GST"}, ("invalid_value", "rows")),
		(["GST"], ("invalid_value", "rows")),
	],
)
def test_what_cannot_be_meant_is_refused_with_its_row(books: World, rows: Any, expected: tuple[str, str]):
	assert refused(lambda: taxes.save_map(organisation=books.organisation, rows=rows)) == expected


# when a pair no longer holds


def archived(rate: dict[str, Any]) -> None:
	rate["Status"] = "ARCHIVED"


def dearer(rate: dict[str, Any]) -> None:
	rate["EffectiveRate"] = rate["DisplayTaxRate"] = 16


def for_purchases(rate: dict[str, Any]) -> None:
	rate["CanApplyToRevenue"] = False


@pytest.mark.parametrize(
	("change", "trouble"), [(archived, "Gone"), (dearer, "Changed"), (for_purchases, "Unfit")]
)
def test_what_changed_in_xero_is_marked_and_never_mapped_anew(books: World, change, trouble):
	save(books, chosen("GST", "OUTPUT2"))
	assert tax_maps.broken(books.organisation) == []
	change(in_xero(books, "OUTPUT2"))
	read_lists(books)
	row = suggested(books)["GST"]
	assert (row["state"], row["tax_type"], row["trouble"]) == ("mapped", "OUTPUT2", trouble)
	assert ("tax", "GST", trouble) in tax_maps.broken(books.organisation)
	stored = frappe.get_doc("Xero Organisation", books.organisation).tax_map
	assert [each.trouble for each in stored] == [trouble]


def test_a_rate_here_that_changes_is_marked_at_once(books: World):
	save(books, chosen("GST", "OUTPUT2"))
	settings(own_rates=[{"title": "GST", "rate": 16}])
	assert suggested(books)["GST"]["trouble"] == "Changed"
	settings(own_rates=[{"title": "GST", "rate": 15}])
	assert suggested(books)["GST"]["trouble"] == ""


def test_one_pair_in_trouble_keeps_nobody_from_mapping_another(books: World):
	save(books, chosen("GST", "OUTPUT2"))
	archived(in_xero(books, "OUTPUT2"))
	read_lists(books)
	rows = save(books, chosen("GST", "OUTPUT2"), chosen("Odd", "TAX001", "agreed"))
	assert (rows["GST"]["trouble"], rows["Odd"]["state"]) == ("Gone", "mapped")


def test_accounts_and_the_default_tax_that_are_of_no_use_any_more_are_told(books: World):
	chart = books.sandbox.organisations[0].accounts
	by_code = {row.get("Code"): row for row in chart}
	organisation = frappe.get_doc("Xero Organisation", books.organisation)
	organisation.payment_account = by_code["200"]["AccountID"]
	with pytest.raises(frappe.ValidationError, match="enable payments"):
		organisation.save()
	organisation.reload()
	bank = next(row for row in chart if row["Type"] == "BANK")
	organisation.payment_account = bank["AccountID"]
	organisation.default_tax = f"{books.organisation}-OUTPUT2"
	organisation.save()
	assert tax_maps.broken(books.organisation) == []
	bank["Status"] = "ARCHIVED"
	by_code["200"]["Class"] = "EXPENSE"
	archived(in_xero(books, "OUTPUT2"))
	read_lists(books)
	found = {(each.kind, each.trouble) for each in tax_maps.broken(books.organisation)}
	assert found == {("sales_account", "Unfit"), ("payment_account", "Gone"), ("default_tax", "Gone")}


# documents

TEMPLATE = "Sales GST"


@pytest.fixture
def template(books: World) -> Any:
	"""ERPNext's template of 15 %, in an organisation that has two rates of 15 %."""
	factories.require(SALES)
	twin = {**in_xero(books, "OUTPUT2"), "TaxType": "TAX015", "Name": "GST of the islands"}
	books.sandbox.organisations[0].tax_rates.append(twin)
	read_lists(books)
	made_here = factories.make(
		SALES, title=TEMPLATE, company=factories.company(), taxes=[factories.tax_row(15)]
	)
	frappe.db.commit()
	settings(auto_send="On Submit")
	return made_here


def submitted(xero: World, template: Any, rate: float = 15, **line: Any) -> Any:
	taxed = [factories.tax_row(rate)]
	items = [factories.item_row(**line)]
	invoice = factories.sales_invoice(items=items, taxes=taxed, taxes_and_charges=template.name)
	invoice.submit()
	frappe.db.commit()
	xero.jobs.run_all()
	return invoice


def test_a_template_of_erpnext_is_offered_with_the_percent_of_its_taxes(books: World, template: Any):
	assert suggested(books)[template.name]["our_rate"] == "15"
	frappe.db.set_value(SALES, template.name, "disabled", 1)
	assert template.name not in suggested(books)


def test_an_invoice_takes_the_tax_that_its_template_is_mapped_to(books: World, template: Any):
	save(books, chosen(template.name, "TAX015", doctype=SALES))
	submitted(books, template)
	[document] = made(books)
	assert [line.tax_type for line in document.lines] == ["TAX015"]


def test_the_item_tax_template_of_a_line_comes_first(books: World, template: Any):
	factories.require("Sales Invoice Item", "item_tax_template")
	account = factories.tax_account()
	reduced = factories.make(
		ITEM, title="No GST", company=factories.company(), taxes=[{"tax_type": account, "tax_rate": 0}]
	)
	save(
		books,
		chosen(template.name, "TAX015", doctype=SALES),
		chosen(reduced.name, "ZERORATED", doctype=ITEM),
	)
	line = {"item_tax_template": reduced.name, "item_tax_rate": json.dumps({account: 0})}
	submitted(books, template, **line)
	[document] = made(books)
	assert [each.tax_type for each in document.lines] == ["ZERORATED"]


def test_an_invoice_without_a_template_takes_what_the_own_rate_of_its_percent_is_mapped_to(
	books: World, template: Any
):
	save(books, chosen("GST", "TAX015"))
	invoice = factories.sales_invoice(taxes=[factories.tax_row(15)])
	invoice.submit()
	frappe.db.commit()
	books.jobs.run_all()
	[document] = made(books)
	assert [line.tax_type for line in document.lines] == ["TAX015"]


def held_back(xero: World, template: Any) -> Any:
	"""An invoice that was submitted after Xero's rate had changed."""
	save(xero, chosen(template.name, "TAX015", doctype=SALES))
	dearer(in_xero(xero, "TAX015"))
	read_lists(xero)
	invoice = submitted(xero, template)
	assert made(xero) == []
	return invoice


def test_what_names_a_pair_in_trouble_waits_with_a_clear_message_until_the_map_is_mended(
	books: World, template: Any
):
	invoice = held_back(books, template)
	row = wish(invoice)
	assert (row.state, row.error_code) == ("Needs Attention", "tax_map_broken")
	assert json.loads(row.error_values)["name"] == template.name
	prepared = drafts.prepare(doctype=invoice.doctype, name=invoice.name)["values"]
	preview = drafts.preview(doctype=invoice.doctype, name=invoice.name, values=prepared)
	[problem] = preview["problems"]
	assert problem["field"] == "lines.0.tax_type"
	assert template.name in problem["message"]
	assert "Map Taxes" in problem["message"]
	save(books, chosen(template.name, "OUTPUT2", doctype=SALES))
	books.jobs.run_all()
	[document] = made(books)
	assert [line.tax_type for line in document.lines] == ["OUTPUT2"]


def test_what_xero_takes_back_lets_the_documents_go_on_by_themselves(books: World, template: Any):
	held_back(books, template)
	in_xero(books, "TAX015").update({"EffectiveRate": 15, "DisplayTaxRate": 15})
	read_lists(books)
	try_again(books)
	[document] = made(books)
	assert [line.tax_type for line in document.lines] == ["TAX015"]


def test_what_waited_for_xero_when_the_rate_changed_is_held_back_too(books: World, template: Any):
	save(books, chosen(template.name, "TAX015", doctype=SALES))
	books.sandbox.fault("offline", match="PUT .", times=1)
	invoice = submitted(books, template)
	assert (wish(invoice).state, wish(invoice).prepare) == ("Failed", 0)
	dearer(in_xero(books, "TAX015"))
	read_lists(books)
	try_again(books)
	assert (wish(invoice).error_code, made(books)) == ("tax_map_broken", [])
	save(books, chosen(template.name, "OUTPUT2", doctype=SALES))
	books.jobs.run_all()
	[document] = made(books)
	assert [line.tax_type for line in document.lines] == ["OUTPUT2"]


def test_a_template_that_changes_here_holds_its_documents_back_at_once(books: World, template: Any):
	save(books, chosen(template.name, "TAX015", doctype=SALES))
	template.reload()
	template.taxes[0].rate = 17.5
	template.save()
	frappe.db.commit()
	invoice = submitted(books, template, rate=17.5)
	assert (wish(invoice).error_code, made(books)) == ("tax_map_broken", [])


def test_a_template_is_saved_whatever_goes_wrong_with_the_map(books: World, template: Any, monkeypatch):
	def fail() -> None:
		raise RuntimeError("no map")

	monkeypatch.setattr(tax_maps, "check_all", fail)
	template.reload()
	template.taxes[0].rate = 17.5
	template.save()
	assert frappe.db.get_value("Error Log", {"method": "Xero: tax map not checked"})
	assert suggested(books)[template.name]["our_rate"] == "17.5"
