"""What we want Xero to make. A row is committed before anything is sent, and one worker at a time has it.

Queued ──> Sending ──> Sent
              ├──────> Failed            will be tried again at next_attempt_utc
              └──────> Needs Attention   somebody must act; sending the draft again makes it Queued
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import frappe

from xero_connector.core import drafting
from xero_connector.core.drafting import Draft, NewContact
from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.core.sending import ContactWish, Delivered, Wish
from xero_connector.site.database import claim, commit_step, now_utc, to_column
from xero_connector.site.links import Party

_DOCTYPE = "Xero Outbox"
INVOICE, CONTACT = "Create Invoice", "Create Contact"
_LEASE = timedelta(minutes=5)
"""A worker that has been silent for this long is dead: three calls with their time-outs take less."""
_PACE = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))


@dataclass(frozen=True)
class Row:
	"""A wish with its state. `failure` is the code and values of the last attempt's error; `remarks` is what
	Xero said of an invoice that it took with reservations."""

	name: str
	record: Party
	organisation: str
	state: str
	attempts: int
	document: str | None
	contact: str | None
	failure: tuple[str, dict[str, str]] | None
	remarks: str
	owner: str
	wish: Wish | ContactWish


def ask(record: Party, draft: Draft, back_link: str) -> str:
	"""Write down the wish for this record's invoice, committed; the name of its row.

	There is one row for a record however often it is asked for: asking again changes nothing, unless Xero
	had refused it, when the corrected draft takes its place and is queued anew.
	"""
	key = drafting.wish_key(frappe.local.site, record.doctype, record.name, 1)
	values = {
		"organisation": draft.organisation,
		"payload": json.dumps(drafting.to_json(draft)),
		"reference": drafting.xero_reference(draft, record.name, key),
		"back_link": back_link,
		"state": "Queued",
	}
	return _ask(record, INVOICE, key, values, again=("Needs Attention",))


def ask_contact(record: Party, contact: NewContact, organisation: str) -> str:
	"""Write down the wish for a Xero contact of this record, committed; the name of its row.

	Names are unique in Xero, so there is one row for a name. One that was made once is looked up again, for
	its contact may have been unlinked, or archived in Xero, since.
	"""
	key = drafting.wish_key(frappe.local.site, *record, CONTACT, organisation, contact.name.casefold())
	values = {"organisation": organisation, "payload": json.dumps(contact._asdict()), "state": "Queued"}
	return _ask(record, CONTACT, key, values, again=("Needs Attention", "Sent"))


def _ask(record: Party, action: str, key: str, values: dict[str, str], again: Sequence[str]) -> str:
	known = frappe.db.get_value(_DOCTYPE, {"wish_key": key})
	name = str(known or _insert(record, key, {**values, "action": action}))
	_ask_again(name, values, again)
	commit_step()
	return name


def _insert(record: Party, key: str, values: dict[str, str]) -> str:
	row = frappe.new_doc(_DOCTYPE)
	row.update(
		{
			**values,
			"record_doctype": record.doctype,
			"record_name": record.name,
			"wish_key": key,
			"revision": 1,
		}
	)
	frappe.db.savepoint("xero_wish")
	try:
		row.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		# somebody else's click came first: theirs is the wish
		frappe.db.rollback(save_point="xero_wish")
		frappe.clear_last_message()
		commit_step()
		return str(frappe.db.get_value(_DOCTYPE, {"wish_key": key}))
	return str(row.name)


def _ask_again(name: str, values: dict[str, str], again: Sequence[str]) -> None:
	"""Queue a wish anew that is in one of these states, and no other: one that is being sent stays as it is.

	The reference stays as it was first sent: it is how the invoice is found if Xero has it after all.
	"""
	table = frappe.qb.DocType(_DOCTYPE)
	query = frappe.qb.update(table).set(table.revision, table.revision + 1).set(table.error_code, None)
	for field, value in values.items():
		if field != "reference":
			query = query.set(table[field], value)
	query.where((table.name == name) & table.state.isin(again)).run()


def take(name: str, claim_token: str) -> Row | None:
	"""Become the one worker that sends this row; None when it is not to be sent now.

	A row whose worker died while Sending is taken over when its lease has run out.
	"""
	now = to_column(now_utc())
	attempts = int(frappe.db.get_value(_DOCTYPE, name, "attempts") or 0)
	won = claim(
		_DOCTYPE,
		name,
		{"claim": claim_token, "lease_utc": now + _LEASE, "state": "Sending", "attempts": attempts + 1},
		"state = 'Queued' OR (state = 'Failed' AND next_attempt_utc <= %(now)s)"
		" OR (state = 'Sending' AND lease_utc < %(now)s)",
		{"now": now},
	)
	return get(name) if won else None


def get(name: str, record: Party | None = None) -> Row:
	"""With `record`, only a wish of that record is there. Raises NeedsPerson(NOT_FOUND)."""
	row = frappe.db.get_value(_DOCTYPE, name, "*", as_dict=True)
	if not row or record not in (None, Party(row.record_doctype, row.record_name)):
		raise NeedsPerson(Code.NOT_FOUND, what=name)
	return Row(
		name=row.name,
		record=Party(row.record_doctype, row.record_name),
		organisation=row.organisation,
		state=row.state,
		attempts=row.attempts or 0,
		document=row.document,
		contact=row.contact,
		failure=(row.error_code, json.loads(row.error_values or "{}")) if row.error_code else None,
		remarks=row.remarks or "",
		owner=row.owner,
		wish=_wish(row),
	)


def _wish(row: frappe._dict) -> Wish | ContactWish:
	key, payload = f"{row.wish_key}-{row.revision}", json.loads(row.payload)
	if row.action == CONTACT:
		return ContactWish(key, NewContact(**payload))
	return Wish(key, drafting.from_json(payload), row.reference, row.back_link or "", row.attempts or 0)


def of_record(record: Party) -> Row | None:
	"""The wish for the record's invoice, whatever became of it."""
	asked = {"record_doctype": record.doctype, "record_name": record.name, "action": INVOICE}
	name = frappe.db.get_value(_DOCTYPE, asked)
	return get(name) if name else None


def sent(row: Row, delivered: Delivered) -> None:
	"""Not committed: what is made of the answer on the site belongs to the same transaction."""
	document, contact, remarks = delivered
	values = {
		"state": "Sent",
		"document": document.document_id if document else None,
		"contact": contact.contact_id if contact else None,
		"remarks": " ".join(remarks),
	}
	_finish(row, {**values, "error_code": None, "error_values": None})


def failed(row: Row, failure: XeroConnectorError) -> None:
	told = dict(failure.values)
	if isinstance(failure, WillRetry) and failure.maybe_done:
		told["maybe_done"] = "yes"
	values: dict[str, object] = {
		"error_code": failure.code.value,
		"error_values": json.dumps(told),
		"state": "Needs Attention",
	}
	if isinstance(failure, WillRetry):
		pace = _PACE[min(row.attempts, len(_PACE)) - 1]
		wait = max(pace, timedelta(seconds=failure.retry_after or 0))
		values |= {"state": "Failed", "next_attempt_utc": to_column(now_utc() + wait)}
	_finish(row, values)
	commit_step()


def _finish(row: Row, values: dict[str, object]) -> None:
	frappe.db.set_value(_DOCTYPE, row.name, {**values, "claim": None, "lease_utc": None})


def due(limit: int = 100) -> list[str]:
	"""Rows that should be on their way and are not: waiting ones whose time has come, lost jobs, dead workers."""
	table, now = frappe.qb.DocType(_DOCTYPE), to_column(now_utc())
	rows = (
		frappe.qb.from_(table)
		.select(table.name)
		.where(
			(table.state == "Queued")
			| ((table.state == "Failed") & (table.next_attempt_utc <= now))
			| ((table.state == "Sending") & (table.lease_utc < now))
		)
		.orderby(table.creation)
		.limit(limit)
		.run()
	)
	return [str(name) for (name,) in rows]


def withdraw(record: Party) -> None:
	"""The record goes: what was not sent will not be."""
	frappe.db.delete(
		_DOCTYPE,
		{
			"record_doctype": record.doctype,
			"record_name": record.name,
			"state": ("in", ["Queued", "Failed", "Needs Attention"]),
		},
	)
