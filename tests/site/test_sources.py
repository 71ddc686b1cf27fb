"""What each record offers to an invoice: lines, prices, discounts and taxes, to the record's own total."""

import json
from datetime import date
from decimal import Decimal

import frappe
import pytest

from tests import factories
from xero_connector.core.drafting import CREDIT_NOTE, EXCLUSIVE, INCLUSIVE, INVOICE, NO_TAX, Product, Source
from xero_connector.site import hosts


def source_of(document) -> Source:
	source = hosts.open_record(document.doctype, document.name).source
	assert source
	return source


def amounts(source: Source) -> list[tuple[str, str, str]]:
	"""(quantity, unit amount, net amount) of each line."""
	return [
		tuple(f"{value.normalize():f}" for value in (line.quantity, line.unit_amount, line.net_amount))
		for line in source.lines
	]


def tax_rates(source: Source) -> list[Decimal | None]:
	return [line.tax_rate for line in source.lines]


def test_a_deal_without_products_offers_its_value(site):
	deal = factories.deal(value=1234.5)
	source = source_of(deal)
	assert (source.title, source.amount, source.currency) == (
		deal.organization,
		Decimal("1234.5"),
		deal.currency,
	)
	assert source.contact.name == deal.organization
	assert (source.lines, source.document_type, source.line_amount_types) == ((), INVOICE, None)
	assert (source.date, source.total, source.reference) == (None, None, None)


def test_a_deal_with_products_offers_a_line_for_each(site):
	factories.require("CRM Deal", "products")
	product = factories.crm_product(
		product_name="Server", standard_rate=120, description="<div><p>Two units</p><p>R&amp;D rack</p></div>"
	)
	rows = [
		factories.product_row(product_code=product.name, product_name="Server, black", qty=2.5, rate=100),
		factories.product_row(product_name="Cable", qty=3, rate=9.99, discount_percentage=12.5),
	]
	server, cable = source_of(factories.deal(products=rows)).lines
	assert (server.description, server.quantity, server.unit_amount) == (
		"Server, black",
		Decimal("2.5"),
		Decimal(100),
	)
	assert server.product == Product(product.name, "Server", "Two units\nR&D rack", Decimal(120))
	assert (cable.product, cable.discount_rate, cable.unit_amount) == (None, Decimal("12.5"), Decimal("9.99"))
	assert cable.tax_rate is None


def test_the_net_amount_of_a_product_is_what_the_deal_shows(site):
	factories.require("CRM Deal", "products")
	row = factories.product_row(
		qty=3, rate=9.99, discount_percentage=12.5, amount=29.97, discount_amount=3.74625, net_amount=26.22375
	)
	[line] = source_of(factories.deal(products=[row])).lines
	assert line.net_amount == Decimal("26.22")


def test_a_deal_whose_amounts_nobody_worked_out_leaves_them_to_the_discount(site, monkeypatch):
	factories.require("CRM Deal", "products")
	deal = factories.deal(products=[factories.product_row(discount_percentage=50)])
	frappe.db.set_value("CRM Products", deal.products[0].name, "net_amount", 0)
	[line] = source_of(deal).lines
	assert (line.discount_rate, line.net_amount) == (Decimal(50), None)


def test_an_opportunity_offers_its_items(site):
	item = factories.item(item_name="Audit", standard_rate=80)
	rows = [
		factories.item_row(
			item_code=item.name, item_name="Audit", description="<p>Security audit</p>", rate=75
		),
		factories.item_row(item_name="Report", description="", qty=1, rate=10.5),
	]
	opportunity = factories.opportunity(items=rows, opportunity_amount=500)
	source = source_of(opportunity)
	assert [line.description for line in source.lines] == ["Security audit", "Report"]
	assert [(line.quantity, line.unit_amount) for line in source.lines] == [(2, 75), (1, Decimal("10.5"))]
	assert source.lines[0].product.code == item.name
	assert source.lines[0].product.unit_price == (Decimal(80) if item.standard_rate else None)
	assert (source.amount, source.company) == (Decimal(500), opportunity.company)


def test_a_project_offers_what_is_billable_in_the_currency_of_its_company(site):
	project = factories.project()
	frappe.db.set_value("Project", project.name, "total_billable_amount", 640)
	source = source_of(project)
	assert (source.title, source.amount, source.lines) == (project.project_name, Decimal(640), ())
	assert source.currency == frappe.db.get_value("Company", project.company, "default_currency")
	assert source.company == project.company


@pytest.mark.parametrize(
	"make", [factories.contact, factories.organization, factories.lead, factories.customer]
)
def test_a_person_or_company_offers_who_is_billed_and_nothing_else(site, make):
	document = make()
	source = source_of(document)
	assert (source.title, source.amount, source.lines) == ("", None, ())
	assert source.contact == hosts.open_record(document.doctype, document.name).customer


def test_an_invoice_of_a_customer_is_in_their_currency(site):
	assert source_of(factories.customer(default_currency="EUR")).currency == "EUR"


def test_a_supplier_offers_nothing(site):
	supplier = factories.supplier()
	assert hosts.open_record("Supplier", supplier.name).source is None


def test_a_sales_invoice_offers_its_list_prices_and_what_its_lines_come_to(site):
	invoice = factories.sales_invoice(
		items=[factories.listed_row(200, 12.5, qty=3), factories.item_row(qty=1, rate=50)],
		taxes=[factories.tax_row(20)],
		po_no="PO 778",
	)
	source = source_of(invoice)
	assert amounts(source) == [("3", "200", "525"), ("1", "50", "50")]
	assert [line.discount_rate for line in source.lines] == [Decimal("12.5"), None]
	assert tax_rates(source) == [20, 20]
	assert (source.line_amount_types, source.document_type) == (EXCLUSIVE, INVOICE)
	assert (source.amount, source.total) == (Decimal(575), Decimal(690))
	assert (source.reference, source.currency, source.company) == (
		"PO 778",
		invoice.currency,
		invoice.company,
	)
	assert source.date == frappe.utils.getdate(invoice.posting_date)
	assert source.due_date == (frappe.utils.getdate(invoice.due_date) if invoice.due_date else None)


def test_a_sales_invoice_without_a_purchase_order_goes_by_its_own_name(site):
	invoice = factories.sales_invoice()
	assert source_of(invoice).reference == invoice.name


def test_a_price_above_the_list_is_no_discount(site):
	invoice = factories.sales_invoice(items=[factories.item_row(price_list_rate=80, rate=100)])
	[line] = source_of(invoice).lines
	assert (line.unit_amount, line.discount_rate, line.net_amount) == (100, None, 200)


def test_a_line_that_is_free_comes_to_nothing(site):
	[line] = source_of(factories.sales_invoice(items=[factories.listed_row(80, 100)])).lines
	assert (line.unit_amount, line.net_amount) == (80, 0)


def test_a_sales_invoice_without_taxes_says_that_there_are_none(site):
	source = source_of(factories.sales_invoice())
	assert (source.line_amount_types, tax_rates(source)) == (NO_TAX, [None])


def test_prices_that_include_tax_stay_so(site):
	invoice = factories.sales_invoice(
		items=[factories.listed_row(60, 10, qty=1), factories.item_row(qty=3, rate=33.33)],
		taxes=[factories.tax_row(20, included_in_print_rate=1)],
	)
	source = source_of(invoice)
	assert source.line_amount_types == INCLUSIVE
	assert amounts(source) == [("1", "60", "54"), ("3", "33.33", "99.99")]
	assert source.total == Decimal("153.99")


@pytest.mark.parametrize("discounted", ["Net Total", "Grand Total"])
def test_a_discount_on_the_whole_is_in_the_net_amounts(site, discounted):
	invoice = factories.sales_invoice(
		items=[factories.item_row(qty=1, rate=100), factories.item_row(qty=3, rate=33.33)],
		taxes=[factories.tax_row(20)],
		apply_discount_on=discounted,
		discount_amount=10,
	)
	source = source_of(invoice)
	assert [line.unit_amount for line in source.lines] == [100, Decimal("33.33")]
	net = sum(line.net_amount for line in source.lines)
	expected = Decimal("227.99" if discounted == "Net Total" else "229.99")
	assert abs(source.total - expected) <= Decimal("0.01")
	assert abs(net * Decimal("1.2") - source.total) < Decimal("0.02")


def test_a_discount_on_the_whole_of_inclusive_prices_loses_no_cent(site):
	invoice = factories.sales_invoice(
		items=[factories.item_row(qty=1, rate=rate) for rate in (9.99, 19.95, 33.33)],
		taxes=[factories.tax_row(19, included_in_print_rate=1)],
		apply_discount_on="Grand Total",
		additional_discount_percentage=7.5,
	)
	source = source_of(invoice)
	assert source.line_amount_types == INCLUSIVE
	assert sum(line.net_amount for line in source.lines) == source.total
	assert source.total == Decimal(str(invoice.grand_total))
	for line in source.lines:
		assert abs(line.net_amount - line.unit_amount * Decimal("0.925")) <= Decimal("0.02")


def test_taxes_on_one_another_add_up(site):
	"""Québec: both on the net; and as it was until 2012, the second on the first."""
	beside = [factories.tax_row(5), factories.tax_row(9.975)]
	on_top = [factories.tax_row(5), factories.tax_row(9.5, charge_type="On Previous Row Total", row_id=1)]
	on_tax = [factories.tax_row(10), factories.tax_row(50, charge_type="On Previous Row Amount", row_id=1)]
	for taxes, expected in [(beside, "14.975"), (on_top, "14.975"), (on_tax, "15")]:
		assert tax_rates(source_of(factories.sales_invoice(taxes=taxes))) == [Decimal(expected)]


def test_an_item_has_its_own_rate_of_tax(site):
	reduced = json.dumps({factories.tax_account(): 7})
	invoice = factories.sales_invoice(
		items=[factories.item_row(), factories.item_row(item_tax_rate=reduced)], taxes=[factories.tax_row(19)]
	)
	source = source_of(invoice)
	assert tax_rates(source) == [19, 7]
	assert source.total == Decimal("452")


def test_freight_is_a_line_with_the_tax_that_counts_on_it(site):
	freight = factories.tax_row(0, charge_type="Actual", tax_amount=30, description="Freight")
	tax = factories.tax_row(10, charge_type="On Previous Row Total", row_id=1)
	source = source_of(factories.sales_invoice(taxes=[freight, tax]))
	goods, charge = source.lines
	assert (charge.description, charge.unit_amount, charge.tax_rate) == ("Freight", 30, 10)
	assert (goods.tax_rate, source.total) == (10, Decimal(253))
	source = source_of(factories.sales_invoice(taxes=[factories.tax_row(10), freight]))
	assert (source.lines[1].tax_rate, source.total) == (0, Decimal(250))


def test_where_only_some_tax_is_in_the_prices_they_go_without_any(site):
	taxes = [factories.tax_row(20, included_in_print_rate=1), factories.tax_row(5)]
	source = source_of(factories.sales_invoice(items=[factories.listed_row(120, qty=1)], taxes=taxes))
	assert source.line_amount_types == EXCLUSIVE
	assert amounts(source) == [("1", "100", "100")]
	assert (tax_rates(source), source.total) == ([25], Decimal(125))


def test_what_the_total_was_rounded_by_is_a_line(site):
	document = factories.sales_invoice(items=[factories.item_row(qty=1, rate=10.02)])
	frappe.db.set_value("Sales Invoice", document.name, "rounded_total", 10)
	source = source_of(document)
	assert [line.net_amount for line in source.lines] == [Decimal("10.02"), Decimal("-0.02")]
	assert source.lines[1].description == "Rounding Adjustment"
	assert source.total == Decimal(10)


def test_a_return_is_a_credit_note_of_positive_amounts(site):
	invoice = factories.sales_invoice(
		items=[factories.listed_row(100, 15, qty=4)],
		taxes=[factories.tax_row(20), factories.tax_row(0, charge_type="Actual", tax_amount=30)],
	)
	invoice.submit()
	returned = factories.sales_return(
		invoice,
		items=[factories.listed_row(100, 15, qty=-2, item_name=invoice.items[0].item_name)],
		taxes=[factories.tax_row(20), factories.tax_row(0, charge_type="Actual", tax_amount=-30)],
	)
	source = source_of(returned)
	assert source.document_type == CREDIT_NOTE
	assert amounts(source) == [("2", "100", "170"), ("1", "30", "30")]
	assert (source.amount, source.total, source.due_date) == (Decimal(170), Decimal(234), None)


def test_what_stands_on_a_form_is_no_markup_on_an_invoice(site):
	row = factories.item_row(
		description="<div class='ql-editor'><p>Set-up &amp; import</p><br><b>Day 1</b></div>"
	)
	[line] = source_of(factories.sales_invoice(items=[row])).lines
	assert line.description == "Set-up & import\nDay 1"


def test_a_date_is_the_invoice_s_own(site):
	invoice = factories.sales_invoice(posting_date="2026-11-02", set_posting_time=1, due_date="2026-12-02")
	source = source_of(invoice)
	assert (source.date, source.due_date) == (date(2026, 11, 2), date(2026, 12, 2))
