"""One document of the tab: its PDF and its online invoice, fetched from Xero when asked for and not kept (B15), and
voiding it."""

from typing import Any

import frappe

from xero_connector import bootstrap, reading, tasks
from xero_connector.api import guard
from xero_connector.api.drafts import outcome
from xero_connector.api.guard import entry
from xero_connector.core import documents as rules
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import organisations, outbox, wishes
from xero_connector.site.hosts.record import Record

MAX_REASON = 2500
"""What Xero takes of a line in a document's history."""


@frappe.whitelist()
@entry(Right.SEE, record="read")
def pdf(record: Record, document_id: str) -> None:
	"""Xero's own PDF, as a download."""
	found = guard.document_of(record, document_id)
	if not rules.has_pdf(found.document_type, found.status):
		raise NeedsPerson(Code.NOT_FOR_DRAFTS)
	content = reading.pdf(found.organisation, found.name, found.document_type)
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
	return {"url": reading.online_invoice(found.organisation, found.name)}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEND, record="write")
def void(record: Record, document_id: str, reason: str) -> dict[str, Any]:
	"""Ask Xero to void an approved sales document, or to delete a draft; the reason goes into its history there.

	It has to be linked to the record or one of its customer's. `void_progress` follows the job.
	"""
	found = guard.document_of(record, document_id, from_books=False)
	if not (reason := reason.strip()):
		raise NeedsPerson(Code.MISSING_VALUE, field="reason")
	if not rules.can_be_voided(found.document_type, found.status):
		raise NeedsPerson(Code.NOT_VOIDABLE, number=found.number or "")
	bootstrap.check_open(organisations.get(found.organisation))
	row = outbox.ask_void(
		record.party, found.document_type, found.name, found.organisation, reason[:MAX_REASON]
	)
	tasks.enqueue_send([row])
	return outcome(wishes.get(row))


@frappe.whitelist()
@entry(Right.SEND, record="write")
def void_progress(record: Record, outbox: str) -> dict[str, Any]:
	"""How far the row of the outbox is that `void` answered with."""
	return outcome(wishes.get(outbox, record.party))
