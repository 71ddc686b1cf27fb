"""ERPNext: customers, suppliers, opportunities, projects and sales invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from xero_connector.core.drafting import NewContact
from xero_connector.site.hosts.record import RecordType, Sale, decimal, first_value, parties, with_address
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


def _opportunity_amount(opportunity: Any) -> tuple[Decimal | None, str | None]:
	return decimal(first_value(opportunity, _OPPORTUNITY_VALUE_FIELDS)), opportunity.get("currency")


def _project_amount(project: Any) -> tuple[Decimal | None, str | None]:
	"""What was sold, else what was worked and is billable."""
	value = project.get("total_sales_amount") or project.get("total_billable_amount")
	company = project.get("company")
	return decimal(value), company and frappe.get_cached_value("Company", company, "default_currency")


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
		owner_field="account_manager",
	),
	RecordType("Supplier", "supplier_name", lambda supplier: [], _supplier_billing),
	RecordType(
		"Opportunity",
		"customer_name",
		_opportunity_parties,
		_opportunity_billing,
		_opportunity_amount,
		about_one_sale=True,
		owner_field="opportunity_owner",
		sale=Sale(lambda: ["Converted"], lambda: _OPPORTUNITY_VALUE_FIELDS),
	),
	RecordType(
		"Project",
		"project_name",
		_of_customer,
		_billing_of_customer,
		_project_amount,
		about_one_sale=True,
	),
	RecordType("Sales Invoice", "name", _of_customer, _billing_of_customer, about_one_sale=True),
)
