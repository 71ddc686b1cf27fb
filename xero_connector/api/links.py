"""Tying records to Xero contacts and documents."""

from typing import Any

import frappe

from xero_connector.api import guard
from xero_connector.api.answers import answers
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import contacts, links, organisations


@frappe.whitelist()
@answers
def search_contacts(organisation: str, text: str = "") -> dict[str, Any]:
	"""Active Xero contacts whose name or e-mail contains `text`, from the mirror; at most 20."""
	guard.require(Right.LINK)
	return {"contacts": contacts.search(organisations.get(organisation).name, text.strip())}


@frappe.whitelist(methods=["POST"])
@answers
def link_contact(doctype: str, name: str, organisation: str, contact_id: str) -> dict[str, Any]:
	record = guard.record(doctype, name, Right.LINK, change=True)
	_check(links.CONTACT, contact_id, organisation)
	links.add(record.party, links.CONTACT, contact_id, organisation, links.BY_USER)
	return {}


@frappe.whitelist(methods=["POST"])
@answers
def unlink_contact(doctype: str, name: str, organisation: str, contact_id: str) -> dict[str, Any]:
	record = guard.record(doctype, name, Right.LINK, change=True)
	links.remove(record.party, links.CONTACT, contact_id)
	return {}


@frappe.whitelist(methods=["POST"])
@answers
def link_document(doctype: str, name: str, organisation: str, document_id: str) -> dict[str, Any]:
	"""Pin an invoice or bill to the record."""
	record = guard.record(doctype, name, Right.LINK, change=True)
	_check(links.DOCUMENT, document_id, organisation)
	guard.document(document_id)
	links.add(record.party, links.DOCUMENT, document_id, organisation, links.BY_USER)
	return {}


@frappe.whitelist(methods=["POST"])
@answers
def unlink_document(doctype: str, name: str, organisation: str, document_id: str) -> dict[str, Any]:
	record = guard.record(doctype, name, Right.LINK, change=True)
	links.remove(record.party, links.DOCUMENT, document_id)
	return {}


def _check(doctype: str, xero_id: str, organisation: str) -> None:
	if not frappe.db.exists(doctype, {"name": xero_id, "organisation": organisation}):
		raise NeedsPerson(Code.NOT_FOUND, what=xero_id)
