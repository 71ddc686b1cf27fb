"""What the hosts' documents tell us. Saving a record never waits for Xero, and never fails because of us."""

from __future__ import annotations

from typing import Any

import frappe

from xero_connector import tasks
from xero_connector.site import hosts, links, outbox, own_documents, settings
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import Party

_ON_WON = ("On Won", "On Won and On Submit")
_ON_SUBMIT = ("On Submit", "On Won and On Submit")
_NOT_BY_PEOPLE = ("in_import", "in_install", "in_migrate", "in_patch")
"""Flags of Frappe: years of won deals that come from elsewhere have their invoices."""


def forget_record(document: Any, method: str | None = None) -> None:
	"""A deleted record leaves no links and no unsent wishes; nothing is deleted in Xero."""
	record = Party(document.doctype, document.name)
	links.forget(record)
	outbox.withdraw(record)


def withdraw_wishes(document: Any, method: str | None = None) -> None:
	"""A cancelled invoice is not sent any more; what Xero has of it stays there until somebody voids it."""
	outbox.withdraw(Party(document.doctype, document.name))


def mark_won(document: Any, method: str | None = None) -> None:
	"""A sale that has just become won gets its invoice, once; one that has it already keeps it.

	On `on_change`, because ERPNext sets an opportunity's status without saving it.
	"""
	_quietly(document, _ON_WON, _mark_if_just_won)


def mark_submitted(document: Any, method: str | None = None) -> None:
	_quietly(document, _ON_SUBMIT, lambda submitted: outbox.mark(Party(submitted.doctype, submitted.name)))


def keep_own_fields(document: Any, method: str | None = None) -> None:
	"""What Xero says of a document is written beside its forms: a form that was opened before does not take it
	back, and an amended or copied one starts without."""
	own_documents.keep(document)


def _mark_if_just_won(document: Any) -> str | None:
	record = Record(hosts.record_types()[document.doctype], document)
	return outbox.mark(record.party, resend=False) if record.is_won and not _was_won(record) else None


def _was_won(record: Record) -> bool:
	"""Before this change. Deleting is a change too, of which Frappe does not say what was before."""
	document = record.document
	before = document.get_doc_before_save()
	if before:
		return Record(record.kind, before).is_won
	# Frappe CRM sets a field of a deal that it is only about to insert
	return not (document.flags.in_insert and frappe.db.exists(document.doctype, document.name))


def _quietly(document: Any, moments: tuple[str, ...], mark: Any) -> None:
	"""Mark the record in the document's own transaction, where the settings want it; the sending is a job's, after
	the commit. Whatever goes wrong is in the Error Log and not in the way."""
	if any(frappe.flags.get(flag) for flag in _NOT_BY_PEOPLE):
		return
	frappe.db.savepoint("xero_mark")
	try:
		stored = settings.load()
		wanted = stored.enabled and not stored.view_only and stored.auto_send in moments
		name = mark(document) if wanted else None
		if name:
			tasks.enqueue_send([name])
	except Exception:
		# raises where the database has given up the whole transaction: then the document is not saved either
		frappe.db.rollback(save_point="xero_mark")
		frappe.log_error(
			title="Xero: not sent by itself",
			reference_doctype=document.doctype,
			reference_name=document.name,
		)
