"""Which invoices somebody is to be reminded of, and what became of reminders: a row for each document and stage."""

from __future__ import annotations

from dataclasses import dataclass

import frappe

from xero_connector.core.documents import VIEWS
from xero_connector.core.model import DocumentType
from xero_connector.core.policy import Right
from xero_connector.core.reminders import due_between
from xero_connector.site import access, hosts, links
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import Party
from xero_connector.site.organisations import State

_DOCTYPE = "Xero Reminder"


@dataclass(frozen=True)
class Reminder:
	"""`stage` is in days from the due date; `record` is `user`'s, and the invoice is shown there."""

	document: str
	stage: int
	user: str
	record: Record


def due(organisation: State, stage: int) -> list[Reminder]:
	"""What is to be told today, in the order of documents; nothing that its owner may not see, and nothing twice."""
	rows = _documents(organisation, stage)
	tied = links.records_of([each for row in rows for each in row if each])
	found = []
	for document, contact in rows:
		parties = [*tied.get(document, ()), *tied.get(contact, ())]
		record = next(filter(None, map(_told, parties)), None)
		if record:
			found.append(Reminder(document, stage, record.owner, record))
	return found


def add(reminder: Reminder) -> bool:
	"""False when another worker was quicker: the database keeps a document and stage single."""
	row = frappe.new_doc(_DOCTYPE)
	row.update(
		{
			"document": reminder.document,
			"stage": reminder.stage,
			"user": reminder.user,
			"record_doctype": reminder.record.kind.doctype,
			"record_name": reminder.record.party.name,
		}
	)
	frappe.db.savepoint("xero_reminder")
	try:
		row.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point="xero_reminder")
		frappe.clear_last_message()
		return False
	return True


def settled() -> list[str]:
	"""The open ToDos of reminders whose invoice is not owed any more."""
	reminder, todo, invoice = map(frappe.qb.DocType, (_DOCTYPE, "ToDo", links.DOCUMENT))
	view = VIEWS["unpaid"]
	rows = (
		frappe.qb.from_(todo)
		.join(reminder)
		.on(reminder.todo == todo.name)
		.join(invoice)
		.on(invoice.name == reminder.document)
		.select(todo.name)
		.where(todo.status == "Open")
		.where((invoice.amount_due == 0) | invoice.status.notin(view.statuses))
		.orderby(todo.name)
		.run()
	)
	return [str(name) for (name,) in rows]


def _documents(organisation: State, stage: int) -> list[tuple[str, str]]:
	"""Id and Xero contact of the approved invoices with a balance that nobody was told of at this stage."""
	first, last = due_between(stage, organisation.today)
	reminder, invoice = frappe.qb.DocType(_DOCTYPE), frappe.qb.DocType(links.DOCUMENT)
	told = frappe.qb.from_(reminder).select(reminder.document).where(reminder.stage == stage)
	rows: list[tuple[str, str]] = (
		frappe.qb.from_(invoice)
		.select(invoice.name, invoice.contact)
		.where((invoice.organisation == organisation.name) & (invoice.amount_due > 0))
		.where(invoice.document_type == DocumentType.INVOICE.value)
		.where(invoice.status.isin(VIEWS["unpaid"].statuses))
		.where((invoice.due_date >= first) & (invoice.due_date <= last))
		.where(invoice.name.notin(told))
		.orderby(invoice.name)
		.run()
	)
	return rows


def _told(party: Party) -> Record | None:
	"""The record, if it has an owner who is told of its invoices: a sale's or a customer's, and not whoever typed an
	invoice."""
	record = hosts.find_record(*party)
	if not record or record.kind.own_document:
		return None
	user = record.owner
	is_there = frappe.db.get_value("User", user, "enabled")
	return (
		record
		if is_there and access.may(Right.SEE, user) and access.may_read(record.document, user)
		else None
	)
