"""ERPNext: customers, suppliers, opportunities, projects and sales invoices."""

from __future__ import annotations

from typing import Any

import frappe

from xero_connector.core.credit import Limit
from xero_connector.core.drafting import NewContact, Source, SourceLine
from xero_connector.site.database import as_decimal
from xero_connector.site.hosts import sales_invoice
from xero_connector.site.hosts.record import (
	Record,
	RecordType,
	Sale,
	decimal,
	first_value,
	live_sales,
	nothing_sold,
	parties,
	plain,
	products,
	with_address,
)
from xero_connector.site.links import Party


def _customer_billing(customer: Any) -> NewContact:
	return with_address(
		NewContact(
			name=customer.customer_name,
			email_address=customer.get("email_id"),
			phone=customer.get("mobile_no"),
		),
		customer.get("customer_primary_address"),
	)


def _supplier_billing(supplier: Any) -> NewContact:
	return with_address(NewContact(supplier.supplier_name), supplier.get("supplier_primary_address"))


def _opportunity_parties(opportunity: Any) -> list[Party]:
	return parties(
		(opportunity.opportunity_from, opportunity.party_name), ("Contact", opportunity.get("contact_person"))
	)


def _opportunity_billing(opportunity: Any) -> NewContact:
	return with_address(
		NewContact(
			name=opportunity.get("customer_name") or opportunity.party_name,
			email_address=opportunity.get("contact_email"),
			phone=opportunity.get("contact_mobile"),
		),
		opportunity.get("customer_address"),
	)


_OPPORTUNITY_VALUE_FIELDS = ["opportunity_amount", "total"]


_OPPORTUNITY = Sale(
	lambda: ["Converted"],
	lambda: ["Open", "Quotation", "Replied", "Converted"],
	lambda: _OPPORTUNITY_VALUE_FIELDS,
)


def _opportunity_source(record: Record) -> Source:
	opportunity = record.document
	return Source(
		record.title,
		decimal(first_value(opportunity, _OPPORTUNITY_VALUE_FIELDS)),
		opportunity.get("currency"),
		record.customer,
		lines=_item_lines(opportunity.get("items") or []),
		company=opportunity.get("company"),
		territory=opportunity.get("territory"),
	)


def _item_lines(rows: list[Any]) -> tuple[SourceLine, ...]:
	"""Items of an opportunity know neither discount nor tax."""
	known = products("Item", "item_name", (row.item_code for row in rows))
	return tuple(
		SourceLine(
			plain(row.description) or row.item_name or row.item_code or "",
			as_decimal(row.qty),
			as_decimal(row.rate),
			product=known.get(row.item_code),
		)
		for row in rows
	)


def _project_source(record: Record) -> Source:
	"""What was sold, else what was worked and is billable."""
	project = record.document
	company, customer = project.get("company"), project.get("customer")
	return Source(
		record.title,
		decimal(project.get("total_sales_amount") or project.get("total_billable_amount")),
		company and frappe.get_cached_value("Company", company, "default_currency"),
		record.customer,
		company=company,
		territory=customer and frappe.get_cached_value("Customer", customer, "territory"),
	)


def sales_of_person(contact: Any) -> list[Party]:
	return live_sales("Opportunity", _OPPORTUNITY, {"contact_person": contact.name})


def _sales_of_customer(customer: Any) -> list[Party]:
	return live_sales(
		"Opportunity", _OPPORTUNITY, {"opportunity_from": "Customer", "party_name": customer.name}
	)


def _credit_limit(customer: str, company: str | None) -> Limit | None:
	"""By ERPNext's own order: the customer's, that of their group, the company's."""
	if not company or not frappe.get_meta("Customer").has_field("credit_limits"):
		return None
	group = frappe.get_cached_value("Customer", customer, "customer_group")
	asked = {"company": company, "credit_limit": [">", 0]}
	own = {"parent": customer, "parenttype": "Customer"}
	of_group = {"parent": group, "parenttype": "Customer Group", "bypass_credit_limit_check": 0}
	limits = (
		frappe.db.get_value("Customer Credit Limit", {**asked, **whose}, "credit_limit")
		for whose in (own, of_group)
	)
	found = next(filter(None, limits), None) or _limit_of_company(company)
	if not found:
		return None
	return Limit(as_decimal(found), frappe.get_cached_value("Company", company, "default_currency"))


def _limit_of_company(company: str) -> Any:
	if not frappe.get_meta("Company").has_field("credit_limit"):
		return None
	return frappe.get_cached_value("Company", company, "credit_limit")


def _of_customer(document: Any) -> list[Party]:
	return parties(("Customer", document.get("customer")))


def _billing_of_customer(document: Any) -> NewContact:
	customer = document.get("customer")
	return _customer_billing(frappe.get_doc("Customer", customer)) if customer else NewContact(document.name)


RECORD_TYPES = (
	RecordType(
		"Customer",
		"customer_name",
		lambda customer: [],
		_customer_billing,
		nothing_sold,
		owner_field="account_manager",
		sales=_sales_of_customer,
		credit_limit=_credit_limit,
	),
	RecordType("Supplier", "supplier_name", lambda supplier: [], _supplier_billing),
	RecordType(
		"Opportunity",
		"customer_name",
		_opportunity_parties,
		_opportunity_billing,
		_opportunity_source,
		about_one_sale=True,
		owner_field="opportunity_owner",
		sale=_OPPORTUNITY,
	),
	RecordType(
		"Project",
		"project_name",
		_of_customer,
		_billing_of_customer,
		_project_source,
		about_one_sale=True,
	),
	RecordType(
		"Sales Invoice",
		"name",
		_of_customer,
		_billing_of_customer,
		sales_invoice.source,
		about_one_sale=True,
		own_document=True,
	),
)
