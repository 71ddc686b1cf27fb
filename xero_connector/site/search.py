"""Looking through what is tied to records, for those who may see no more than that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe.query_builder import Order

from xero_connector.core.documents import KINDS, VIEWS
from xero_connector.site.documents import like

_MOST = 200
"""Hits of one search that are looked at: who finds too many types more of the word."""


def tied_contacts(organisation: str, text: str, kinds: Sequence[str]) -> set[str]:
	"""Xero contacts tied to any record: those whose name or e-mail contains `text`, and those of the newest
	documents (of `kinds`, as of core.documents.KINDS) whose number or reference begins with it."""
	types = [document_type for kind in kinds for document_type in KINDS[kind]]
	contact = frappe.qb.DocType("Xero Contact")
	named = (
		_tied(contact, contact.name)
		.where((contact.organisation == organisation) & (contact.status == "Active"))
		.where(contact.contact_name.like(like(text)) | contact.email_address.like(like(text)))
		.orderby(contact.contact_name)
	)
	document, begins = frappe.qb.DocType("Xero Invoice"), like(text, begins=True)
	numbered = (
		_tied(document, document.contact)
		.where((document.organisation == organisation) & document.document_type.isin(types))
		.where(document.status.isin(VIEWS["all"].statuses))
		.where(document.number.like(begins) | document.reference.like(begins))
		.orderby(document.date, order=Order.desc)
	)
	return {row[0] for query in (named, numbered) for row in query.limit(_MOST).run()}


def _tied(table: Any, contact: Any) -> Any:
	"""The column `contact` of `table`, where a record is tied to it."""
	link = frappe.qb.DocType("Xero Link")
	return frappe.qb.from_(table).join(link).on(link.xero_id == contact).select(contact)
