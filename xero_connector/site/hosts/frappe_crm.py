"""Frappe CRM: leads, deals and organizations."""

from __future__ import annotations

from typing import Any

import frappe

from xero_connector.core import money
from xero_connector.core.credit import Limit
from xero_connector.core.drafting import NewContact, Source, SourceLine
from xero_connector.site.database import as_decimal
from xero_connector.site.hosts.record import (
	Record,
	RecordType,
	Sale,
	decimal,
	first_value,
	live_sales,
	nothing_sold,
	parties,
	primary,
	products,
	with_address,
)
from xero_connector.site.links import Party

ORGANIZATION, CREDIT_LIMIT = "CRM Organization", "xero_credit_limit"
"""Frappe CRM has no limit of its own: the field is ours (`install.py`)."""


def _deal_contact(deal: Any) -> str | None:
	row = primary(deal.get("contacts"))
	return (row.contact if row else None) or deal.get("contact")


def _deal_parties(deal: Any) -> list[Party]:
	return parties(("CRM Organization", deal.organization), ("Contact", _deal_contact(deal)))


def _deal_billing(deal: Any) -> NewContact:
	"""The organization, else the person (R10); the person's details come from the deal's own contact."""
	person = _person(_deal_contact(deal)) or NewContact(
		"", deal.get("first_name"), deal.get("last_name"), deal.get("email"), deal.get("mobile_no")
	)
	full_name = " ".join(name for name in (person.first_name, person.last_name) if name)
	name = deal.organization or deal.get("organization_name") or full_name or deal.name
	address = deal.organization and frappe.db.get_value("CRM Organization", deal.organization, "address")
	return with_address(person._replace(name=name), address)


def _person(contact: str | None) -> NewContact | None:
	found = contact and frappe.db.get_value(
		"Contact", contact, ["first_name", "last_name", "email_id", "phone", "mobile_no"]
	)
	if not found:
		return None
	first_name, last_name, email, phone, mobile = found
	return NewContact("", first_name, last_name, email, phone or mobile)


def _deal_value_fields() -> list[str]:
	"""The deal's value, else what its products come to. Releases before 1.42 have neither, and show their
	users the annual revenue as the deal's amount."""
	meta = frappe.get_meta("CRM Deal")
	known = [name for name in ("deal_value", "net_total", "total") if meta.has_field(name)]
	return known or ["annual_revenue"]


def _deal_source(record: Record) -> Source:
	deal = record.document
	return Source(
		record.title,
		decimal(first_value(deal, _deal_value_fields())),
		deal.get("currency"),
		record.customer,
		lines=_product_lines(deal.get("products") or []),
		territory=deal.get("territory"),
	)


def _product_lines(rows: list[Any]) -> tuple[SourceLine, ...]:
	"""The CRM's page works the amounts out; a deal that an interface has made has none."""
	known = products("CRM Product", "product_name", (row.product_code for row in rows))
	return tuple(
		SourceLine(
			row.product_name,
			as_decimal(row.qty),
			as_decimal(row.rate),
			discount_rate=decimal(row.discount_percentage),
			net_amount=money.rounded(as_decimal(row.net_amount)) if row.net_amount else None,
			product=known.get(row.product_code),
		)
		for row in rows
	)


def _has_types() -> bool:
	"""Statuses have a type from 1.51 on; before that, those that the CRM brings are called so."""
	return bool(frappe.get_meta("CRM Deal Status").has_field("type"))


def _won_statuses() -> list[str]:
	if not _has_types():
		return ["Won"]
	return list(frappe.get_all("CRM Deal Status", filters={"type": "Won"}, pluck="name"))


def _live_statuses() -> list[str]:
	lost = "type" if _has_types() else "name"
	return list(frappe.get_all("CRM Deal Status", filters={lost: ["!=", "Lost"]}, pluck="name"))


_SALE = Sale(_won_statuses, _live_statuses, _deal_value_fields, "closed_date")


def sales_of_person(contact: Any) -> list[Party]:
	deals = frappe.get_all(
		"CRM Contacts", filters={"contact": contact.name, "parenttype": "CRM Deal"}, pluck="parent"
	)
	return live_sales("CRM Deal", _SALE, {"name": ["in", deals]}) if deals else []


def _organization_billing(organization: Any) -> NewContact:
	return with_address(NewContact(organization.name), organization.get("address"))


def _credit_limit(organization: str, company: str | None) -> Limit | None:
	amount, currency = frappe.db.get_value(ORGANIZATION, organization, [CREDIT_LIMIT, "currency"])
	return Limit(as_decimal(amount), currency or None) if amount else None


def _lead_billing(lead: Any) -> NewContact:
	person = " ".join(name for name in (lead.first_name, lead.get("last_name")) if name)
	return NewContact(
		name=lead.get("organization") or person or lead.name,
		first_name=lead.first_name,
		last_name=lead.get("last_name"),
		email_address=lead.get("email"),
		phone=lead.get("phone") or lead.get("mobile_no"),
	)


RECORD_TYPES = (
	RecordType(
		"CRM Deal",
		"organization",
		_deal_parties,
		_deal_billing,
		_deal_source,
		about_one_sale=True,
		route="/crm/deals/{0}",
		owner_field="deal_owner",
		sale=_SALE,
	),
	RecordType(
		"CRM Organization",
		"organization_name",
		lambda organization: [],
		_organization_billing,
		nothing_sold,
		route="/crm/organizations/{0}",
		sales=lambda organization: live_sales("CRM Deal", _SALE, {"organization": organization.name}),
		credit_limit=_credit_limit,
	),
	RecordType(
		"CRM Lead",
		"lead_name",
		lambda lead: [],
		_lead_billing,
		nothing_sold,
		route="/crm/leads/{0}",
		owner_field="lead_owner",
		sales=lambda lead: live_sales("CRM Deal", _SALE, {"lead": lead.name}),
	),
)
