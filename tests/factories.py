"""Documents of the CRMs, for tests: the same on sample_crm and on the real Frappe CRM and ERPNext.

Each builder fills what the doctype demands, takes any field by name, inserts as the Administrator would, and
registers the document so that it is gone after the test. Where the site has no such doctype, the test is
skipped. Names differ from call to call; the seed is fixed for each test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from faker import Faker

fake = Faker()
_register: Callable[[str, str], None] = lambda doctype, name: None  # noqa: E731


def start(register: Callable[[str, str], None], seed: int = 7) -> None:
	"""Begin a test: ``register`` is told of every document made."""
	global _register
	_register = register
	fake.seed_instance(seed)
	fake.unique.clear()


def make(doctype: str, **values: Any) -> Any:
	"""Insert any document; for what has no builder of its own below."""
	import frappe

	require(doctype)
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.flags.ignore_permissions = True
	doc.insert()
	return registered(doc)


def registered(document: Any) -> Any:
	"""The document, which is gone after the test."""
	_register(document.doctype, document.name)
	return document


def require(doctype: str, *fieldnames: str) -> None:
	"""Skip the test unless the site has this doctype, with these fields."""
	import frappe

	if not frappe.db.exists("DocType", doctype):
		pytest.skip(f"this site has no {doctype}")
	missing = [name for name in fieldnames if not frappe.get_meta(doctype).has_field(name)]
	if missing:
		pytest.skip(f"{doctype} of this site has no {', '.join(missing)}")


def require_hidden(document: Any, user: str) -> None:
	"""Skip the test where this user may read the document: releases of the CRM differ in who reads whose deals."""
	import frappe

	if frappe.has_permission(document.doctype, "read", doc=document, user=user):
		pytest.skip(f"on this site such a user reads everybody's {document.doctype}")


def contact(email: str | None = "", phone: str | None = "", **values: Any) -> Any:
	"""A person. ``email`` and ``phone`` are made up unless given; None leaves them out."""
	values.setdefault("first_name", fake.first_name())
	values.setdefault("last_name", fake.unique.last_name())
	email = fake.unique.email(domain="example.com") if email == "" else email
	phone = fake.numerify("+1 555 ### ####") if phone == "" else phone
	if email:
		values.setdefault("email_ids", [{"email_id": email, "is_primary": 1}])
	if phone:
		values.setdefault("phone_nos", [{"phone": phone, "is_primary_phone": 1}])
	return make("Contact", **values)


def link_contact(person: Any, doctype: str, name: str) -> Any:
	"""Tie a contact to a record, as ERPNext does by its Dynamic Links."""
	person.append("links", {"link_doctype": doctype, "link_name": name})
	person.save(ignore_permissions=True)
	return person


def address(doctype: str | None = None, name: str | None = None, **values: Any) -> Any:
	"""An address, of a record if one is named."""
	values.setdefault("address_title", fake.unique.company())
	values.setdefault("address_type", "Billing")
	values.setdefault("address_line1", fake.street_address())
	values.setdefault("city", fake.city())
	values.setdefault("country", "United States")
	if doctype:
		values.setdefault("links", [{"link_doctype": doctype, "link_name": name}])
	return make("Address", **values)


def organization(**values: Any) -> Any:
	values.setdefault("organization_name", fake.unique.company())
	return make("CRM Organization", **values)


def lead(**values: Any) -> Any:
	require("CRM Lead")
	values.setdefault("first_name", fake.first_name())
	values.setdefault("last_name", fake.unique.last_name())
	values.setdefault("email", fake.unique.email(domain="example.com"))
	values.setdefault("organization", fake.unique.company())
	values.setdefault("status", _first("CRM Lead Status"))
	return make("CRM Lead", **values)


def deal(
	organization: Any = None, contact: Any = None, products: Any = None, value: Any = None, **values: Any
) -> Any:
	"""A deal in the site's own currency (another would fetch an exchange rate).

	``organization``: a document, a name, or None for a new one; ``contact``: a document or name that becomes
	the primary contact; ``products``: rows, as of ``product_row``; ``value``: what the deal is worth; ``status``: "Open", "Won" … is taken for a
	type when no status has that name.
	"""
	require("CRM Deal", *(["products"] if products else []))
	values["organization"] = globals()["organization"]().name if organization is None else _name(organization)
	if contact:
		values.setdefault("contacts", [{"contact": _name(contact), "is_primary": 1}])
	if products:
		values["products"] = products
	if value is not None:
		values["deal_value" if _has_field("CRM Deal", "deal_value") else "annual_revenue"] = value
	values.update(
		status=deal_status(values.get("status", "Open")), currency=values.get("currency", currency())
	)
	values.setdefault("exchange_rate", 1)
	return make("CRM Deal", **values)


def product_row(**values: Any) -> dict[str, Any]:
	"""A line of a deal: 2 at 100.00 unless told otherwise."""
	return {"product_name": fake.unique.bs().capitalize()[:60], "qty": 2, "rate": 100, **values}


def crm_product(**values: Any) -> Any:
	values.setdefault("product_code", fake.unique.bothify("??-####").upper())
	values.setdefault("product_name", fake.bs().capitalize()[:60])
	values.setdefault("standard_rate", 100)
	return make("CRM Product", **values)


def deal_status(kind: str) -> str:
	"""A status with this name, or the first one of this type; releases before 1.51 have no types: any one."""
	import frappe

	if frappe.db.exists("CRM Deal Status", kind):
		return kind
	typed = {"type": kind} if frappe.get_meta("CRM Deal Status").has_field("type") else {}
	return frappe.get_all("CRM Deal Status", typed, pluck="name", order_by="position", limit=1)[0]


def customer(**values: Any) -> Any:
	require("Customer")
	values.setdefault("customer_name", fake.unique.company())
	values.setdefault("customer_type", "Company")
	values.setdefault("customer_group", _leaf("Customer Group"))
	values.setdefault("territory", _leaf("Territory"))
	return make("Customer", **values)


def supplier(**values: Any) -> Any:
	require("Supplier")
	values.setdefault("supplier_name", fake.unique.company())
	values.setdefault("supplier_type", "Company")
	values.setdefault("supplier_group", _leaf("Supplier Group"))
	return make("Supplier", **values)


def item(**values: Any) -> Any:
	require("Item")
	values.setdefault("item_code", fake.unique.bothify("ITEM-####"))
	values.setdefault("item_name", fake.bs().capitalize()[:60])
	values.setdefault("stock_uom", "Nos")
	if _has_field("Item", "item_group"):
		values.setdefault("item_group", _leaf("Item Group"))
		values.setdefault("is_stock_item", 0)
	return make("Item", **values)


def opportunity(customer: Any = None, items: Any = None, **values: Any) -> Any:
	"""An opportunity of a customer (a new one unless given); ``items``: rows, as of ``item_row``."""
	require("Opportunity")
	values.setdefault("opportunity_from", "Customer")
	values.setdefault("party_name", _name(customer) or globals()["customer"]().name)
	values.setdefault("company", company())
	values.setdefault("currency", currency())
	values.setdefault("conversion_rate", 1)
	return make("Opportunity", items=items or [], **values)


def item_row(**values: Any) -> dict[str, Any]:
	"""A line of an opportunity or sales invoice: 2 at 100.00 unless told otherwise."""
	values = {"item_name": fake.unique.bs().capitalize()[:60], "qty": 2, "rate": 100, "uom": "Nos", **values}
	values.setdefault("description", values["item_name"])
	return values


def project(customer: Any = None, **values: Any) -> Any:
	require("Project")
	values.setdefault("project_name", fake.unique.catch_phrase())
	values.setdefault("customer", _name(customer) or globals()["customer"]().name)
	values.setdefault("company", company())
	return make("Project", **values)


def sales_invoice(customer: Any = None, items: Any = None, **values: Any) -> Any:
	"""A draft sales invoice of ERPNext with one line unless told otherwise."""
	import frappe

	require("Sales Invoice")
	values.setdefault("customer", _name(customer) or globals()["customer"]().name)
	values.setdefault("company", company())
	values.setdefault("currency", currency())
	values.setdefault("conversion_rate", 1)
	values.setdefault("posting_date", frappe.utils.nowdate())
	if _has_field("Sales Invoice", "disable_rounded_total"):
		values.setdefault("disable_rounded_total", 1)
	rows = items or [item_row()]
	if _has_field("Account", "root_type"):  # ERPNext's own; the sample CRM has but a stand-in
		income = {"company": values["company"], "root_type": "Income", "is_group": 0}
		account = frappe.get_all("Account", income, pluck="name", limit=1)[0]
		rows = [{"income_account": account, **row} for row in rows]
	return make("Sales Invoice", items=rows, **values)


def listed_row(price: float, discount: float = 0, **values: Any) -> dict[str, Any]:
	"""A line of a sales invoice at the price of a price list, less ``discount`` percent of it."""
	return item_row(price_list_rate=price, rate=0, discount_percentage=discount, **values)


def tax_row(rate: float = 10, **values: Any) -> dict[str, Any]:
	"""A row of a sales invoice's taxes: ``rate`` percent of the net total unless told otherwise."""
	values.setdefault("account_head", tax_account())
	values.setdefault("description", "Sales tax")
	return {"charge_type": "On Net Total", "rate": rate, **values}


def tax_account() -> str:
	"""The account that taxes of the company are booked to."""
	import frappe

	require("Account")
	filters = {"company": company(), "account_type": "Tax"}
	if _has_field("Account", "is_group"):
		filters["is_group"] = 0
	return frappe.get_all("Account", filters, pluck="name", order_by="name", limit=1)[0]


def sales_return(invoice: Any, items: Any = None, **values: Any) -> Any:
	"""A draft return of a submitted sales invoice: all of it unless ``items`` are given, quantities below 0."""
	fields = (
		"item_code",
		"item_name",
		"description",
		"uom",
		"price_list_rate",
		"discount_percentage",
		"rate",
	)
	rows = items or [
		{**{field: row.get(field) for field in fields}, "qty": -row.qty} for row in invoice.items
	]
	taxes = [
		{field: row.get(field) for field in ("charge_type", "account_head", "description", "rate")}
		for row in invoice.taxes
	]
	values = {"taxes": taxes, **values}
	return sales_invoice(
		customer=invoice.customer, items=rows, is_return=1, return_against=invoice.name, **values
	)


def company() -> str:
	"""The company that ERPNext's documents belong to."""
	import frappe

	return frappe.defaults.get_global_default("company") or _first("Company")


def currency() -> str:
	"""The currency in which the site's CRM counts."""
	import frappe

	if frappe.db.exists("DocType", "FCRM Settings") and _has_field("FCRM Settings", "currency"):
		return frappe.db.get_single_value("FCRM Settings", "currency") or "USD"
	return frappe.db.get_default("currency") or "USD"


def _name(document: Any) -> str | None:
	return document if document is None or isinstance(document, str) else document.name


def _has_field(doctype: str, fieldname: str) -> bool:
	import frappe

	return frappe.get_meta(doctype).has_field(fieldname)


def _first(doctype: str) -> str:
	import frappe

	order = "position" if _has_field(doctype, "position") else "name"
	names = frappe.get_all(doctype, pluck="name", order_by=order, limit=1)
	if not names:
		pytest.skip(f"this site has no record of {doctype}")
	return names[0]


def _leaf(doctype: str) -> str:
	"""A node that records may use: ERPNext refuses groups."""
	import frappe

	filters = {"is_group": 0} if _has_field(doctype, "is_group") else {"name": ["not like", "All %"]}
	names = frappe.get_all(doctype, filters, pluck="name", order_by="name", limit=1)
	return names[0] if names else _first(doctype)
