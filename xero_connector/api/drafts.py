"""A draft invoice from a record: what the form shows, sending it, and how far it is."""

from typing import Any

import frappe
from frappe import _

from xero_connector import bootstrap, tasks
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.core import drafting, money
from xero_connector.core.drafting import Source
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import contacts, links, organisations, settings
from xero_connector.site import outbox as wishes
from xero_connector.site.hosts.record import Record
from xero_connector.site.organisations import State
from xero_connector.xero import deep_links


@frappe.whitelist()
@entry(Right.DRAFT, record="write")
def prepare(record: Record, organisation: str | None = None) -> dict[str, Any]:
	"""The form, filled in from the record; every field can be edited. `existing` is what was sent before.

	`organisation` is the one that the tab shows; without it, the one where the record has a Xero contact.
	"""
	source = _source(record)
	linked, state = _linked(record, organisation)
	start = drafting.defaults(source, linked, state.base_currency, state.today, settings.load().due_days)
	asked = wishes.of_record(record.party)
	obstacle = bootstrap.obstacle_to(state)
	return {
		"organisation": state.name,
		"organisations": [
			{"name": other.name, "title": other.title} for other in organisations.every() if other.connected
		],
		**start._asdict(),
		"date": start.date.isoformat(),
		"due_date": start.due_date.isoformat(),
		"amount": money.text(start.amount, start.currency),
		"account": organisations.sales_account_code(state),
		"existing": _document(asked) if asked else None,
		"problems": [sentence(obstacle.value, {})] if obstacle else [],
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.DRAFT, record="write")
def send(record: Record, values: dict[str, Any] | str) -> dict[str, Any]:
	"""Ask for the invoice. Asking twice makes one: the second answer tells of the first.

	`values` are the fields of `prepare`, as text. The invoice itself is made by a job; `progress` follows it.
	"""
	source = _source(record)
	form = frappe.parse_json(values)
	_contact, organisation = _linked(record, form.get("organisation") or None)
	bootstrap.check_open(organisation)
	_check_contact(form.get("contact_id"), organisation)
	account = organisations.sales_account_code(organisation)
	draft = drafting.draft_from(form, organisation.name, account, source)
	row = wishes.ask(record.party, draft, record.url)
	tasks.enqueue_send(row)
	return _progress(wishes.get(row))


@frappe.whitelist()
@entry(Right.DRAFT, record="write")
def progress(record: Record, outbox: str) -> dict[str, Any]:
	"""How far the row of the outbox is that `send` answered with."""
	return _progress(wishes.get(outbox, record.party))


def _source(record: Record) -> Source:
	if not record.source:
		raise NeedsPerson(Code.NO_DRAFT_HERE)
	return record.source


def _linked(record: Record, organisation: str | None) -> tuple[tuple[str, str] | None, State]:
	"""The record's Xero contact, if any, and the organisation that an invoice would go to."""
	states = {state.name: state for state in organisations.every()}
	if not states:
		raise NeedsPerson(Code.NOT_CONNECTED)
	if organisation:
		states = {organisation: organisations.get(organisation)}
	found = links.contacts_of(record.parties)
	rows = {row["id"]: row for row in contacts.by_ids([link.contact for link in found])}
	for link in found:
		row = rows.get(link.contact)
		if row and row["status"] == "Active" and link.organisation in states:
			return (link.contact, row["name"]), states[link.organisation]
	return None, next(iter(states.values()))


def _check_contact(contact_id: str | None, organisation: State) -> None:
	"""A contact that came with the form must be an active one of the organisation."""
	if not contact_id:
		return
	row = contacts.by_ids([contact_id])
	if not row or row[0]["organisation"] != organisation.name or row[0]["status"] != "Active":
		raise NeedsPerson(Code.INVALID_VALUE, field="contact_name", value=contact_id)


def _progress(row: wishes.Row) -> dict[str, Any]:
	return {
		"outbox": row.name,
		"state": row.state,
		"message": sentence(*row.failure) if row.failure else _message(row),
		"document": _document(row),
	}


def _message(row: wishes.Row) -> str:
	if row.state != "Sent":
		return str(_("The draft is on its way to Xero."))
	if row.remarks:
		return str(_("The draft is in Xero, which remarks: {0}").format(row.remarks))
	return str(_("The draft is in Xero."))


def _document(row: wishes.Row) -> dict[str, Any] | None:
	if not row.document:
		return None
	fields = ["number", "status", "document_type"]
	found = frappe.db.get_value("Xero Invoice", row.document, fields, as_dict=True)
	state = organisations.get(row.organisation)
	return {
		"id": row.document,
		"number": found.number,
		"status": found.status,
		"url": deep_links.document_url(
			bootstrap.xero_hosts(), state.short_code, found.document_type, found.status, row.document
		),
	}
