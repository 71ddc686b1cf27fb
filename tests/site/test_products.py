"""Products of a record as Items of Xero: there before the document that uses them, and changed only when they differ."""

import json
from decimal import Decimal

import frappe
import pytest

from tests import factories
from tests.site.sending import calls, delivered, form, made, preview, refused, send, settings, wish, worked
from tests.xero_world import World
from xero_connector.api import drafts

REFUSAL = {
	"ErrorNumber": 10,
	"Type": "ValidationException",
	"Message": "A validation exception occurred",
	"Elements": [{"ValidationErrors": [{"Message": "Name is not valid."}]}],
}


@pytest.fixture
def product(site):
	factories.require("CRM Deal", "products")
	return factories.crm_product(
		product_code="RACK-1", product_name="Server rack", standard_rate=120, description="Nineteen inch"
	)


def deal_with(*products, **values):
	rows = [
		factories.product_row(product_code=each.name, product_name=each.product_name, qty=1, rate=100)
		for each in products
	]
	return factories.deal(organization=factories.organization().name, products=rows, **values)


def item(xero: World, code: str) -> dict:
	return xero.sandbox.organisations[0].item(code)


def item_calls(xero: World, act) -> list[str]:
	return [call for call in calls(xero, act) if "Items" in call]


def test_a_new_product_is_an_item_before_the_invoice_that_names_it(ready: World, product):
	seen = calls(ready, lambda: delivered(ready, deal_with(product)))
	assert seen.index("POST Items") < seen.index("PUT Invoices")
	stored = item(ready, "RACK-1")
	assert (stored["Name"], stored["Description"]) == ("Server rack", "Nineteen inch")
	assert stored["SalesDetails"]["UnitPrice"] == Decimal(120), "the list price, whatever the deal's is"
	[line] = made(ready)[0].lines
	assert (line.item_code, str(line.line_amount)) == ("RACK-1", "100.00")


def test_a_product_that_xero_has_so_already_costs_no_call(ready: World, product):
	delivered(ready, deal_with(product))
	assert item_calls(ready, lambda: delivered(ready, deal_with(product))) == []
	assert len(made(ready)) == 2


def test_a_product_that_has_changed_is_changed_in_xero(ready: World, product):
	delivered(ready, deal_with(product))
	product.update({"product_name": "Server rack, black", "standard_rate": 130.5}).save()
	delivered(ready, deal_with(product))
	stored = item(ready, "RACK-1")
	assert (stored["Name"], stored["SalesDetails"]["UnitPrice"]) == ("Server rack, black", Decimal("130.5"))


def test_with_the_policy_create_an_item_is_made_and_then_left_alone(ready: World, product):
	settings(item_policy="Create")
	delivered(ready, deal_with(product))
	product.update({"standard_rate": 130}).save()
	assert item_calls(ready, lambda: delivered(ready, deal_with(product))) == []
	assert item(ready, "RACK-1")["SalesDetails"]["UnitPrice"] == Decimal(120)


def test_with_the_policy_never_lines_have_no_items(ready: World, product):
	settings(item_policy="Never")
	assert item_calls(ready, lambda: delivered(ready, deal_with(product))) == []
	[line] = made(ready)[0].lines
	assert (line.item_code, line.description) == (None, "Server rack")
	assert item(ready, "RACK-1") is None


def test_an_item_that_was_chosen_in_the_form_is_used_and_not_changed(ready: World, product):
	deal = deal_with(product)
	seen = item_calls(ready, lambda: delivered(ready, deal, item_code="PMD", description="A day"))
	assert seen == []
	[line] = made(ready)[0].lines
	assert (line.item_code, item(ready, "PMD")["Name"]) == ("PMD", "Project management day")
	assert item(ready, "RACK-1") is None, "nothing names it any more"


def test_account_and_tax_of_a_line_are_its_item_s(ready: World, product):
	values = {"account_code": "230", "tax_type": "ZERORATED"}
	frappe.db.set_value("Xero Item", item(ready, "CABLE-M")["ItemID"], values)
	cable = factories.crm_product(product_code="CABLE-M", product_name="Cable by the metre")
	[line] = form(deal_with(cable))["lines"]
	assert (line["item_code"], line["account_code"], line["tax_type"]) == ("CABLE-M", "230", "ZERORATED")


def test_a_code_that_xero_cannot_hold_is_found_before_anything_is_sent(ready: World, product):
	long = factories.crm_product(product_code="L" * 31)
	deal = deal_with(product, long)
	[problem] = preview(deal)["problems"]
	assert problem["field"] == "lines.1.item_code"
	assert refused(lambda: send(deal)) == ("invalid_value", "lines.1.item_code")
	assert item(ready, "RACK-1") is None


# products that Xero refuses (R85, C12)


def refuse_first_product(xero: World) -> None:
	"""Xero refuses the batch as a whole, and then the first of its products alone."""
	body = json.dumps(REFUSAL)
	xero.sandbox.fault("status", match="POST /api.xro/2.0/Items", times=2, status=400, body=body)


def test_a_product_that_xero_refuses_is_named_at_its_line(ready: World, product):
	body = json.dumps(REFUSAL)
	ready.sandbox.fault("status", match="POST /api.xro/2.0/Items", status=400, body=body)
	deal = deal_with(product)
	outcome = delivered(ready, deal)
	assert (outcome["state"], outcome["field"]) == ("Needs Attention", "lines.0.item_code")
	assert "RACK-1" in outcome["message"]
	assert "Name is not valid." in outcome["message"]
	assert made(ready) == []
	assert delivered(ready, deal, reference="again")["state"] == "Sent"


def test_a_bad_product_holds_back_every_document_that_uses_it_and_no_other(ready: World, product):
	good = factories.crm_product(product_code="GOOD-1")
	deals = {
		"uses it": deal_with(product),
		"uses both": deal_with(product, good),
		"uses the good one": deal_with(good),
		"uses none": factories.deal(organization=factories.organization().name, value=5),
	}
	frappe.db.commit()
	refuse_first_product(ready)
	names = [deal.name for deal in deals.values()]
	run = worked(ready, drafts.send_many(doctype="CRM Deal", names=names))
	became = {row["name"]: row for row in run["rows"]}
	outcomes = {told: became[deal.name]["outcome"] for told, deal in deals.items()}
	assert outcomes == {
		"uses it": "refused",
		"uses both": "refused",
		"uses the good one": "created",
		"uses none": "created",
	}
	for told in ("uses it", "uses both"):
		assert "RACK-1" in became[deals[told].name]["message"]
		assert wish(deals[told]).error_code == "bad_product"
	assert len(made(ready)) == 2
