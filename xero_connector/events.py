"""What the hosts' documents tell us. Saving a record never waits for Xero, and never fails because of us."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from xero_connector import tasks, two_way
from xero_connector.site import hosts, links, outbox, own_documents, sale_figures, settings, tax_maps
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import Party

_ON_WON = ("On Won", "On Won and On Submit")
_ON_SUBMIT = ("On Submit", "On Won and On Submit")
_NOT_BY_PEOPLE = ("in_import", "in_install", "in_migrate", "in_patch")
"""Flags of Frappe: years of won deals that come from elsewhere have their invoices."""
_NO_CHANGE = ("in_install", "in_migrate", "in_patch")
"""While these are set, what is saved is not news of anybody."""
_WRITTEN_BY_US = {
	own_documents.CUSTOMER: (own_documents.CUSTOMER_REFERENCE,),
	own_documents.SALES_INVOICE: own_documents.FIELDS,
}
"""The fields of a doctype that only we write; those of a sale on any other."""


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
	_quietly(document, lambda won: _mark_if_just_won(won) if _wants(_ON_WON) else [])


def mark_submitted(document: Any, method: str | None = None) -> None:
	_quietly(document, lambda submitted: _mark(submitted) if _wants(_ON_SUBMIT) else [])


def mark_contacts(document: Any, method: str | None = None, *renamed: Any) -> None:
	"""A customer, or a person or address of one, was saved or renamed: its Xero contact follows (B19)."""
	_quietly(document, two_way.changed, unless=_NO_CHANGE)


def keep_own_fields(document: Any, method: str | None = None) -> None:
	"""What Xero says of a document is written beside its forms: a form that was opened before does not take it
	back, and an amended or copied one starts without."""
	before = document.get_doc_before_save()
	for field in _WRITTEN_BY_US.get(document.doctype, sale_figures.FIELDS):
		document.set(field, before.get(field) if before else None)


def check_taxes(document: Any, method: str | None = None) -> None:
	"""A template that is mapped to one of Xero's tax rates may have another percent now; the next reading looks again
	where this cannot."""
	frappe.db.savepoint("xero_taxes")
	try:
		tax_maps.check_all()
	except Exception:
		frappe.db.rollback(save_point="xero_taxes")
		frappe.log_error(title="Xero: tax map not checked")


def _wants(moments: tuple[str, ...]) -> bool:
	stored = settings.load()
	return stored.enabled and not stored.view_only and stored.auto_send in moments


def _mark(document: Any, *, resend: bool = True) -> list[str]:
	name = outbox.mark(Party(document.doctype, document.name), resend=resend)
	return [name] if name else []


def _mark_if_just_won(document: Any) -> list[str]:
	record = Record(hosts.record_types()[document.doctype], document)
	return _mark(document, resend=False) if record.is_won and not _was_won(record) else []


def _was_won(record: Record) -> bool:
	"""Before this change. Deleting is a change too, of which Frappe does not say what was before."""
	document = record.document
	before = document.get_doc_before_save()
	if before:
		return Record(record.kind, before).is_won
	# Frappe CRM sets a field of a deal that it is only about to insert
	return not (document.flags.in_insert and frappe.db.exists(document.doctype, document.name))


def _quietly(
	document: Any, mark: Callable[[Any], list[str]], unless: tuple[str, ...] = _NOT_BY_PEOPLE
) -> None:
	"""Mark what is to be sent in the document's own transaction: `mark` gives the rows of the outbox; the sending is
	a job's, after the commit. Whatever goes wrong is in the Error Log and not in the way."""
	if any(frappe.flags.get(flag) for flag in unless):
		return
	frappe.db.savepoint("xero_mark")
	try:
		if names := mark(document):
			tasks.enqueue_send(names)
	except Exception:
		# raises where the database has given up the whole transaction: then the document is not saved either
		frappe.db.rollback(save_point="xero_mark")
		frappe.log_error(
			title="Xero: not sent by itself",
			reference_doctype=document.doctype,
			reference_name=document.name,
		)
