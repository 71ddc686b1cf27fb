"""What was found of each Xero contact, and what was decided: the review queue (B3), and the memory of the import.

(new) ──> Waiting ──> Linked | Created | Ignored
   └────> Linked | Created
A row is the one that works on its contact, so that no two workers make a record of the same one; and what was decided
is not asked or done again, also after somebody has taken it back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import frappe
from frappe.query_builder import functions

from xero_connector.site import links
from xero_connector.site.database import claim_rows, now_utc, to_column, upsert
from xero_connector.site.links import Party

_DOCTYPE = "Xero Match"
WAITING, LINKED, CREATED, IGNORED = "Waiting", "Linked", "Created", "Ignored"
STATES = (WAITING, LINKED, CREATED, IGNORED)
LINK, CREATE, IGNORE = "Link", "Create", "Ignore"
DECISIONS = (LINK, CREATE, IGNORE)
_LEASE = timedelta(minutes=10)
"""A worker that has been silent for this long with some dozens of contacts is dead."""
_COLUMNS = ("contact_name", "state", "score", "record_doctype", "record_name", "candidates", "decided_by")
_FIELDS = ["name", "organisation", *_COLUMNS, "decision", "error_code", "error_values"]


class Suggestion(NamedTuple):
	"""A record that a contact may be; `reasons` are those of core.matching."""

	record: Party
	score: int
	reasons: tuple[str, ...]


class Match(NamedTuple):
	"""`contact` is the Xero contact, `contact_name` what it was called when it was looked at; `record` what it was
	linked to or made into, or is most likely. `decision` is what somebody wants done that is not done yet."""

	contact: str
	organisation: str
	contact_name: str
	state: str | None
	record: Party | None = None
	suggestions: tuple[Suggestion, ...] = ()
	decision: str | None = None
	decided_by: str | None = None
	failure: tuple[str, dict[str, str]] | None = None


class Wanted(NamedTuple):
	"""The Xero contacts that a policy imports: customers, suppliers, and those that are neither yet."""

	customers: bool
	suppliers: bool
	others: bool


def pending(organisation: str, wanted: Wanted, limit: int | None = None) -> list[str]:
	"""Active contacts that are new or have changed since they were last looked at, and that are wanted or tied to a
	record already; in the order of their ids."""
	contact, match = frappe.qb.DocType(links.CONTACT), frappe.qb.DocType(_DOCTYPE)
	query = (
		frappe.qb.from_(contact)
		.left_join(match)
		.on(match.name == contact.name)
		.select(contact.name)
		.where((contact.organisation == organisation) & (contact.status == "Active"))
		.where(match.seen_utc.isnull() | (match.seen_utc < contact.updated_utc))
		.where(_is_wanted(contact, wanted) | contact.name.isin(_tied()))
		.orderby(contact.name)
	)
	return [name for (name,) in (query.limit(limit) if limit else query).run()]


def left_out(organisation: str, wanted: Wanted) -> int:
	"""How many active contacts the policy does not import, and nobody has tied to a record."""
	contact = frappe.qb.DocType(links.CONTACT)
	query = (
		frappe.qb.from_(contact)
		.select(functions.Count("*"))
		.where((contact.organisation == organisation) & (contact.status == "Active"))
		.where(_is_wanted(contact, wanted).negate() & contact.name.notin(_tied()))
	)
	return int(query.run()[0][0])


def _is_wanted(contact: Any, wanted: Wanted) -> Any:
	is_supplier = (contact.is_supplier == 1) & (contact.is_customer == 0)
	is_other = (contact.is_supplier == 0) & (contact.is_customer == 0)
	kinds = ((wanted.customers, contact.is_customer == 1), (wanted.suppliers, is_supplier))
	chosen = contact.name == ""  # nobody
	for is_chosen, condition in (*kinds, (wanted.others, is_other)):
		chosen = chosen | condition if is_chosen else chosen
	return chosen


def _tied() -> Any:
	link = frappe.qb.DocType("Xero Link")
	return frappe.qb.from_(link).select(link.xero_id).where(link.xero_doctype == links.CONTACT)


def take(contacts: Mapping[str, str], claim: str) -> dict[str, Match]:
	"""Become the one who works on these contacts (each with its organisation), as far as nobody else does; committed.
	What is taken already is taken again by the same `claim`."""
	rows = [(contact, contact, organisation) for contact, organisation in contacts.items()]
	upsert(_DOCTYPE, ("name", "contact", "organisation"), rows)
	now = to_column(now_utc())
	claim_rows(
		_DOCTYPE,
		sorted(contacts),
		{"claim": claim, "lease_utc": now + _LEASE},
		"claim IS NULL OR claim IN ('', %(mine)s) OR lease_utc < %(now)s",
		{"now": now, "mine": claim},
	)
	mine = {"claim": claim, "name": ["in", sorted(contacts)]}
	return {match.contact: match for match in _matches(mine)} if contacts else {}


def keep(found: Sequence[tuple[Match, datetime]]) -> None:
	"""What has become of contacts that were taken, each with the `updated_utc` at which it was looked at. Not
	committed: it belongs to what was linked and created."""
	upsert(
		_DOCTYPE,
		("name", *_COLUMNS, "decision", "error_code", "error_values", "seen_utc", "claim", "lease_utc"),
		[(*_row(match), seen, None, None) for match, seen in found],
	)


def _row(match: Match) -> tuple[Any, ...]:
	code, values = match.failure or (None, {})
	best = max((each.score for each in match.suggestions), default=0)
	return (
		match.contact,
		match.contact_name,
		match.state,
		best,
		*(match.record or (None, None)),
		json.dumps([[*each.record, each.score, each.reasons] for each in match.suggestions]),
		match.decided_by,
		None,
		code,
		json.dumps(values) if values else None,
	)


def decide(contacts: Sequence[str], decision: str, record: Party | None = None) -> list[str]:
	"""Note what the session's user wants done with waiting contacts; those for which that is possible. `record` is
	who to link to, instead of the most likely one of each."""
	table = frappe.qb.DocType(_DOCTYPE)
	matches = [match for match in some(contacts) if match.state == WAITING]
	if decision == LINK and not record:
		matches = [match for match in matches if match.record]
	chosen = sorted(match.contact for match in matches)
	if chosen:
		query = frappe.qb.update(table).set(table.decision, decision)
		query = query.set(table.decided_by, frappe.session.user)
		if record:
			query = query.set(table.record_doctype, record.doctype).set(table.record_name, record.name)
		query.where(table.name.isin(chosen) & (table.state == WAITING)).run()
	return chosen


def settled_elsewhere(contact: str, record: Party) -> None:
	"""Somebody has tied a contact to a record on the record's own page."""
	table = frappe.qb.DocType(_DOCTYPE)
	(
		frappe.qb.update(table)
		.set(table.state, LINKED)
		.set(table.record_doctype, record.doctype)
		.set(table.record_name, record.name)
		.set(table.decided_by, frappe.session.user)
		.where((table.name == contact) & (table.state == WAITING))
		.run()
	)


def forget_gone(organisation: str) -> None:
	"""Nobody need decide about a contact that was archived or merged since."""
	contact = frappe.qb.DocType(links.CONTACT)
	match = frappe.qb.DocType(_DOCTYPE)
	gone = (
		frappe.qb.from_(match)
		.join(contact)
		.on(contact.name == match.name)
		.select(match.name)
		.where((match.organisation == organisation) & (match.state == WAITING))
		.where(contact.status != "Active")
		.orderby(match.name)
		.run()
	)
	for (name,) in gone:
		frappe.db.delete(_DOCTYPE, {"name": name})


def some(contacts: Sequence[str]) -> list[Match]:
	return _matches({"name": ["in", list(contacts)]}) if contacts else []


def page(organisation: str | None, state: str, start: int, length: int) -> list[Match]:
	"""Of one organisation, or of all; the surest first."""
	filters = {"state": state, **({"organisation": organisation} if organisation else {})}
	return _matches(filters, order_by="score desc, contact_name asc, name asc", start=start, limit=length)


def counts(organisation: str | None = None) -> dict[str, int]:
	"""How many there are in each state."""
	table = frappe.qb.DocType(_DOCTYPE)
	query = frappe.qb.from_(table).select(table.state, functions.Count("*")).groupby(table.state)
	if organisation:
		query = query.where(table.organisation == organisation)
	found = dict(query.run())
	return {state: int(found.get(state, 0)) for state in STATES}


def waiting(organisation: str | None = None) -> int:
	"""How many wait for somebody's decision."""
	of_one = {"organisation": organisation} if organisation else {}
	return int(frappe.db.count(_DOCTYPE, {"state": WAITING, **of_one}))


def _matches(filters: dict[str, Any], **page: Any) -> list[Match]:
	rows = frappe.get_all(_DOCTYPE, filters=filters, fields=_FIELDS, **page)
	return [
		Match(
			row.name,
			row.organisation,
			row.contact_name or "",
			row.state or None,
			Party(row.record_doctype, row.record_name) if row.record_name else None,
			tuple(
				Suggestion(Party(doctype, name), score, tuple(reasons))
				for doctype, name, score, reasons in json.loads(row.candidates or "[]")
			),
			row.decision or None,
			row.decided_by,
			(row.error_code, json.loads(row.error_values or "{}")) if row.error_code else None,
		)
		for row in rows
	]
