"""Tying records to Xero contacts and documents."""

from typing import Any

import frappe
from frappe import _

from xero_connector import bootstrap, reading, tasks
from xero_connector.api import guard, tools
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.api.input import day, one_of, structure
from xero_connector.core import documents as rules
from xero_connector.core import forms, matching
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import (
	access,
	contacts,
	documents,
	links,
	organisations,
	outbox,
	own_documents,
	sale_figures,
	wishes,
)
from xero_connector.site.documents import Filter, Scope
from xero_connector.site.hosts.record import Record
from xero_connector.tab import Tab

MOST_FOUND, LEAST_ASKED = 50, 3


@frappe.whitelist()
@entry(Right.LINK)
def search_contacts(organisation: str, text: str = "", in_xero: int = 0) -> dict[str, Any]:
	"""Active Xero contacts whose name or e-mail contains `text`, from the mirror; at most 20.

	With `in_xero`, for at least three letters, Xero is asked first, and the mirror then has what it found.
	"""
	state, text = organisations.get(organisation), text.strip()
	if in_xero and len(text) >= LEAST_ASKED:
		reading.search_contacts(state.name, text)
	return {"contacts": contacts.search(state.name, text)}


@frappe.whitelist()
@entry(Right.LINK, record="read")
def suggest(record: Record, organisation: str) -> dict[str, Any]:
	"""The Xero contacts that this record may be: at most five, best first, each with `score` and `reasons`."""
	facts = record.facts
	found = contacts.candidates(organisations.get(organisation).name, facts)
	matches = matching.best(facts, found)
	rows = {row["id"]: row for row in contacts.by_ids([match.contact_id for match in matches])}
	return {
		"contacts": [
			{**_shown(rows[match.contact_id]), "score": match.score, "reasons": match.reasons}
			for match in matches
		]
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.LINK, record="write")
def link_contact(record: Record, organisation: str, contact_id: str) -> dict[str, Any]:
	_check(links.CONTACT, contact_id, organisation)
	_check_not_of_others(contact_id)
	links.add(record.party, links.CONTACT, contact_id, organisation, links.BY_USER)
	return {}


@frappe.whitelist(methods=["POST"])
@entry(Right.LINK, record="write")
def unlink_contact(record: Record, organisation: str, contact_id: str) -> dict[str, Any]:
	links.remove(record.party, links.CONTACT, contact_id)
	return {}


@frappe.whitelist()
@entry(Right.DRAFT, record="write")
def prepare_contact(record: Record, organisation: str) -> dict[str, Any]:
	"""The form of a new Xero contact, filled in from the record; `existing` has the name already."""
	state = organisations.get(organisation)
	obstacle = bootstrap.obstacle_to(state)
	return {
		"values": record.customer._asdict(),
		"existing": contacts.named(state.name, record.customer.name),
		"problems": [sentence(obstacle.value, {})] if obstacle else [],
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.DRAFT, record="write")
def create_contact(record: Record, organisation: str, values: dict[str, Any] | str) -> dict[str, Any]:
	"""Ask for a Xero contact with the fields of `prepare_contact`, which a job makes and links (R109, R130).

	Xero's names are unique: one that is taken is refused here, and a contact that somebody makes meanwhile
	is the one that gets linked.
	"""
	state = organisations.get(organisation)
	bootstrap.check_open(state)
	contact = forms.contact_from(structure("values", values))
	if contacts.named(state.name, contact.name):
		raise NeedsPerson(Code.NAME_TAKEN, name=contact.name)
	row = outbox.ask_contact(record.party, contact, state.name)
	tasks.enqueue_send([row])
	return _progress(wishes.get(row))


@frappe.whitelist()
@entry(Right.DRAFT, record="write")
def contact_progress(record: Record, outbox: str) -> dict[str, Any]:
	"""How far the row of the outbox is that `create_contact` answered with."""
	return _progress(wishes.get(outbox, record.party))


@frappe.whitelist()
@entry(Right.LINK, record="read")
def find_documents(
	record: Record,
	organisation: str,
	kind: str = "invoice",
	text: str = "",
	from_date: str | None = None,
	to_date: str | None = None,
) -> dict[str, Any]:
	"""Invoices or bills to link, by number or reference and date (R131); newest first, at most 50.

	Who may not see the whole organisation's books finds those of the record's own Xero contacts; `limited`
	says so. In the whole organisation, number or reference must begin with `text`.
	"""
	if kind == "bill":
		guard.require(Right.SEE_BILLS)
	one_of("kind", kind, rules.KINDS)
	tab = Tab(record, organisation, bills=access.may(Right.SEE_BILLS))
	everywhere = access.may(Right.SEE_BOOKS)
	scope = Scope(organisation) if everywhere else tab.scope("customer")
	wanted = Filter(
		kind,
		"all",
		text.strip() or None,
		day("from_date", from_date),
		day("to_date", to_date),
		begins=everywhere,
	)
	rows = documents.rows(scope, wanted, tab.today, 0, MOST_FOUND)
	return {"rows": tab.rows(rows), "limited": not everywhere}


@frappe.whitelist(methods=["POST"])
@entry(Right.LINK, record="write")
def link_document(record: Record, organisation: str, document_id: str) -> dict[str, Any]:
	"""Pin an invoice or bill to the record."""
	_check(links.DOCUMENT, document_id, organisation)
	guard.document_of(record, document_id)
	links.add(record.party, links.DOCUMENT, document_id, organisation, links.BY_USER)
	_say_on(record)
	return {}


@frappe.whitelist(methods=["POST"])
@entry(Right.LINK, record="write")
def unlink_document(record: Record, organisation: str, document_id: str) -> dict[str, Any]:
	links.remove(record.party, links.DOCUMENT, document_id)
	_say_on(record)
	return {}


def _say_on(record: Record) -> None:
	"""A sale says what it has brought, and a record that is itself an invoice how the document stands that is
	linked to it."""
	sale_figures.refresh([record.party])
	if record.kind.own_document:
		own_documents.refresh([record.party.name], bootstrap.document_address)


def _check(doctype: str, xero_id: str, organisation: str) -> None:
	if not frappe.db.exists(doctype, {"name": xero_id, "organisation": organisation}):
		raise NeedsPerson(Code.NOT_FOUND, what=xero_id)


def _check_not_of_others(contact_id: str) -> None:
	if not access.may_take(contact_id):
		frappe.throw(
			_(
				"This Xero contact belongs to a record that you may not see. Ask somebody in finance to link it."
			),
			frappe.PermissionError,
		)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
	return {name: value for name, value in row.items() if name != "refreshed"}


def _progress(row: wishes.Row) -> dict[str, Any]:
	[contact] = contacts.by_ids([row.contact]) if row.contact else [None]
	return {
		"outbox": row.name,
		"state": row.state,
		"message": tools.told_of(row) or _message(row),
		"contact": {"id": contact["id"], "name": contact["name"]} if contact else None,
	}


def _message(row: wishes.Row) -> str:
	return str(
		_("The contact is in Xero.") if row.state == "Sent" else _("The contact is on its way to Xero.")
	)
