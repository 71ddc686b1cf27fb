"""One document of the tab: its PDF and its online invoice, fetched from Xero when asked for and not kept (B15)."""

from typing import Any

import frappe

from xero_connector import bootstrap
from xero_connector.api import guard
from xero_connector.api.guard import entry
from xero_connector.core import documents as rules
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site.hosts.record import Record


@frappe.whitelist()
@entry(Right.SEE, record="read")
def pdf(record: Record, document_id: str) -> None:
	"""Xero's own PDF, as a download."""
	found = guard.document_of(record, document_id)
	if not rules.has_pdf(found.document_type, found.status):
		raise NeedsPerson(Code.NOT_FOR_DRAFTS)
	content = bootstrap.pdf(found.organisation, found.name, found.document_type)
	frappe.local.response.update(
		{
			"type": "download",
			"filename": f"{found.number or found.document_type}.pdf",
			"filecontent": content,
			"content_type": "application/pdf",
		}
	)


@frappe.whitelist()
@entry(Right.SEE, record="read")
def online_invoice(record: Record, document_id: str) -> dict[str, Any]:
	"""`url`: where the customer sees the invoice and can pay it."""
	found = guard.document_of(record, document_id)
	if not rules.has_online_invoice(found.document_type, found.status):
		raise NeedsPerson(Code.NOT_FOR_DRAFTS)
	return {"url": bootstrap.online_invoice(found.organisation, found.name)}
