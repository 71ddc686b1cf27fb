"""Frappe's own Contact, which every site has."""

from __future__ import annotations

from typing import Any

import frappe

from xero_connector.core.drafting import NewContact
from xero_connector.site.hosts import erpnext, frappe_crm
from xero_connector.site.hosts.record import RecordType, nothing_sold, parties, with_address
from xero_connector.site.links import Party

_PARTY_DOCTYPES = ("CRM Organization", "Customer", "Supplier")


def _parties(contact: Any) -> list[Party]:
	linked = [
		(link.link_doctype, link.link_name)
		for link in contact.links or []
		if link.link_doctype in _PARTY_DOCTYPES
	]
	company = contact.company_name
	# Frappe CRM keeps the organization's name here, as plain text
	if company and frappe.db.exists("DocType", "CRM Organization"):
		linked.append(("CRM Organization", frappe.db.exists("CRM Organization", company)))
	return parties(*linked)


def billing(contact: Any) -> NewContact:
	"""The company that the person works for, else the person (R10, R21)."""
	person = " ".join(name for name in (contact.first_name, contact.last_name) if name)
	return with_address(
		NewContact(
			name=contact.company_name or person or contact.name,
			first_name=contact.first_name,
			last_name=contact.last_name,
			email_address=contact.email_id,
			phone=contact.phone or contact.mobile_no,
		),
		contact.get("address"),
	)


def _sales(contact: Any) -> list[Party]:
	return [*frappe_crm.sales_of_person(contact), *erpnext.sales_of_person(contact)]


RECORD_TYPES = (RecordType("Contact", "full_name", _parties, billing, nothing_sold, sales=_sales),)
