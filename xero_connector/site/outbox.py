"""What we want Xero to have. A row is committed before anything is sent, and one worker at a time has it.

Queued ──> Sending ──> Sent              sent again, it is Queued anew and changes what it made
              ├──────> Failed            will be tried again at next_attempt_utc
              └──────> Needs Attention   somebody must act; sending it again makes it Queued

There is one row for each invoice of a record, whoever asks for it and however often. A row may be a mark
(`prepare`): then its wish is made of the record by whoever sends it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import frappe

from xero_connector.core import drafting
from xero_connector.core.drafting import Draft, NewContact
from xero_connector.core.errors import Code, WillRetry, XeroConnectorError
from xero_connector.core.merging import XERO, Merged
from xero_connector.core.wishes import Delivered
from xero_connector.site import wishes
from xero_connector.site.database import claim_rows, commit_step, now_utc, to_column
from xero_connector.site.links import Party
from xero_connector.site.wishes import (
	ATTENTION,
	CONTACT,
	CONTACT_UPDATE,
	DOCTYPE,
	DOCUMENT,
	FAILED,
	NOTE,
	QUEUED,
	SENDING,
	SENT,
	VOID,
	Row,
)

_WAITING = (QUEUED, FAILED, ATTENTION)
_LEASE = timedelta(minutes=10)
"""A worker that has been silent for this long is dead: a batch with its time-outs takes less."""
_PACE = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))


# Asking


def ask(record: Party, draft: Draft, back_link: str, *, sequence: int = 1, by_hand: bool = True) -> str:
	"""Write down the wish for one of this record's invoices, committed; the name of its row.

	Asking for what was sent already changes nothing; asking for something else changes the document that was
	made. `by_hand` says that the draft holds more than the record says by itself.
	"""
	key = _document_key(record, sequence)
	values = {
		"organisation": draft.organisation,
		"payload": json.dumps(drafting.to_json(draft)),
		"reference": drafting.xero_reference(draft, record.name, key),
		"back_link": back_link,
		"prepare": 0,
		"marked": 0,
		"by_hand": int(by_hand),
		"sequence": sequence,
	}
	return _ask(record, DOCUMENT, key, values, again=(*_WAITING, SENT))


def ask_contact(record: Party, contact: NewContact, organisation: str) -> str:
	"""Write down the wish for a Xero contact of this record, committed; the name of its row.

	Names are unique in Xero, so there is one row for a name. One that was made once is looked up again, for
	its contact may have been unlinked, or archived in Xero, since.
	"""
	key = drafting.wish_key(frappe.local.site, *record, CONTACT, organisation, contact.name.casefold())
	values = {"organisation": organisation, "payload": json.dumps(contact._asdict())}
	return _ask(record, CONTACT, key, values, again=(ATTENTION, SENT))


def ask_void(record: Party, document_type: str, document: str, organisation: str, reason: str) -> str:
	"""Write down the wish to void a document, committed; the name of its row."""
	key = drafting.wish_key(frappe.local.site, *record, VOID, document)
	payload = json.dumps({"document_type": document_type, "reason": reason})
	values = {"organisation": organisation, "payload": payload, "document": document}
	return _ask(record, VOID, key, values, again=(ATTENTION,))


def ask_note(row: Row, document_type: str, document: str, text: str) -> str:
	"""Write down the wish for a line in the history of the document that `row` made. Not committed."""
	key = drafting.wish_key(frappe.local.site, *row.record, NOTE, row.wish_key, row.revision)
	payload = json.dumps({"document_type": document_type, "text": text})
	values = {
		"organisation": row.organisation,
		"payload": payload,
		"document": document,
		"asked_by": row.asked_by,
		"trace": row.trace,
	}
	known = frappe.db.get_value(DOCTYPE, {"wish_key": key})
	return str(known or _insert(row.record, key, {**values, "action": NOTE}))


def mark(record: Party, *, run: str | None = None, resend: bool = True) -> str | None:
	"""Ask for the record's invoice as the record says it when it is sent. Not committed: it belongs to the
	transaction that it is a part of.

	None when there is nothing to do: without `resend`, a record that has asked for its invoice before; and one
	whose invoice is on its way, or holds more than the record says by itself (`by_hand`, or a second one).
	"""
	known = wishes.of_record(record)
	if not known:
		values = {"prepare": 1, "marked": 1, "by_hand": 0, "sequence": 1, "run": run, "action": DOCUMENT}
		return _insert(record, _document_key(record, 1), values)
	row = known[-1]
	if not resend or len(known) > 1 or row.by_hand or row.state == SENDING:
		return None
	_ask_again(row.name, {"prepare": 1, "marked": 1, "run": run}, (*_WAITING, SENT))
	return row.name


def mark_contact(record: Party, contact: str, organisation: str) -> str:
	"""Ask that this record's Xero contact says what the record says, as both stand when it is sent. Not committed.

	One that is just being sent stays as it is: its sender looks whether there is more.
	"""
	key = drafting.wish_key(frappe.local.site, *record, CONTACT_UPDATE, contact)
	values = {"payload": None, "organisation": organisation, "contact": contact}
	asked = {"wish_key": key}
	name = frappe.db.get_value(DOCTYPE, asked) or _insert(record, key, {**values, "action": CONTACT_UPDATE})
	name = str(name or frappe.db.get_value(DOCTYPE, asked))
	_ask_again(name, values, (FAILED, ATTENTION, SENT))
	return name


def _document_key(record: Party, sequence: int) -> str:
	return drafting.wish_key(frappe.local.site, record.doctype, record.name, sequence)


def _ask(record: Party, action: str, key: str, values: dict[str, Any], again: Sequence[str]) -> str:
	values = {**values, "asked_by": frappe.session.user}
	known = frappe.db.get_value(DOCTYPE, {"wish_key": key})
	name = known or _insert(record, key, {**values, "action": action})
	if known and not _is_as_sent(known, values):
		_ask_again(known, values, again)
	commit_step()
	return str(name or frappe.db.get_value(DOCTYPE, {"wish_key": key}))


def _is_as_sent(name: str, values: dict[str, Any]) -> bool:
	"""Whether Xero has a document exactly so: a double click, or nothing was changed in the form."""
	state, action, sent = frappe.db.get_value(DOCTYPE, name, ["state", "action", "sent_payload"])
	return state == SENT and action == DOCUMENT and bool(sent) and sent == values["payload"]


def _insert(record: Party, key: str, values: dict[str, Any]) -> str | None:
	"""The name of the new row; None when somebody else's click came first, whose wish it is then."""
	row = frappe.new_doc(DOCTYPE)
	row.update(
		{
			"asked_by": frappe.session.user,
			"trace": _trace(values),
			**values,
			"record_doctype": record.doctype,
			"record_name": record.name,
			"state": QUEUED,
			"wish_key": key,
			"revision": 1,
		}
	)
	frappe.db.savepoint("xero_wish")
	try:
		row.insert(ignore_permissions=True, ignore_links=True)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point="xero_wish")
		frappe.clear_last_message()
		return None
	return str(row.name)


def _ask_again(name: str, values: dict[str, Any], again: Sequence[str]) -> None:
	"""Queue a wish anew that is in one of these states, and no other: one that is being sent stays as it is.

	Until the document is known, the reference stays as it was first sent: it is how it is found if Xero has it after
	all. The same wish whose answer was lost keeps its revision, and so its idempotency key; any other is a new one to
	Xero.
	"""
	table = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.update(table)
	state, payload, document = frappe.db.get_value(DOCTYPE, name, ["state", "payload", "document"])
	if state not in (QUEUED, FAILED) or values.get("payload", payload) != payload:
		query = query.set(table.revision, table.revision + 1)
	fixed = {"state": QUEUED, "error_code": None, "error_values": None, "trace": _trace(values)}
	for field, value in {**values, **fixed}.items():
		if field != "reference" or document:
			query = query.set(table[field], value)
	query.where((table.name == name) & table.state.isin(again)).run()


def _trace(values: dict[str, Any]) -> str:
	"""What one click is known by, in the outbox, in every attempt's row of the log, and to who is told of a failure;
	what many records were sent with is their run."""
	return str(values.get("run") or frappe.generate_hash(length=10))


# Sending


def take(names: Sequence[str], claim_token: str) -> list[Row]:
	"""Become the one worker that sends these rows; those of them that are to be sent now, oldest first.

	A row whose worker died while Sending is taken over when its lease has run out.
	"""
	if not names:  # which Frappe would look for in every row
		return []
	now = to_column(now_utc())
	claim_rows(
		DOCTYPE,
		names,
		{"claim": claim_token, "lease_utc": now + _LEASE, "state": SENDING},
		"state = 'Queued' OR (state = 'Failed' AND next_attempt_utc <= %(now)s)"
		" OR (state = 'Sending' AND lease_utc < %(now)s)",
		{"now": now},
		also="`attempts` = COALESCE(`attempts`, 0) + 1, `attempted_utc` = COALESCE(`attempted_utc`, %(now)s)",
	)
	return wishes.rows({"claim": claim_token, "name": ["in", list(names)]})


def renew(rows: Sequence[Row]) -> None:
	"""The worker is alive. Not committed."""
	for row in rows:
		frappe.db.set_value(DOCTYPE, row.name, "lease_utc", to_column(now_utc() + _LEASE))


def prepared(row: Row, draft: Draft, back_link: str) -> Row:
	"""The mark with the wish that was made of its record. Not committed."""
	values = {
		"organisation": draft.organisation,
		"payload": json.dumps(drafting.to_json(draft)),
		"reference": _reference(row, draft),
		"back_link": back_link,
		"prepare": 0,
	}
	frappe.db.set_value(DOCTYPE, row.name, values)
	return wishes.get(row.name)


def prepared_contact(row: Row, merged: Merged) -> Row:
	"""The wish with what is to change in Xero. Not committed."""
	payload = {
		"changes": merged.theirs,
		"overruled": [each for each in merged.overruled if each.where == XERO],
	}
	frappe.db.set_value(DOCTYPE, row.name, "payload", json.dumps(payload))
	return wishes.get(row.name)


def _reference(row: Row, draft: Draft) -> str:
	"""What was sent first is what is looked up, until the document is known."""
	known = None if row.document else row.reference
	return known or drafting.xero_reference(draft, row.record.name, row.wish_key)


def is_unchanged(row: Row) -> bool:
	"""Whether Xero has the document exactly as it is wished for now."""
	return bool(row.document) and row.payload == row.sent_payload


def sent(row: Row, delivered: Delivered, *, has_contact: bool) -> None:
	"""Not committed: what is made of the answer on the site belongs to the same transaction. `has_contact`: the
	record has a Xero contact by now."""
	values: dict[str, object] = {"remarks": " ".join(delivered.remarks)}
	if delivered.document:
		values["document"] = delivered.document.document_id
	if delivered.contact:
		values["contact"] = delivered.contact.contact_id
	payload = _as_delivered(row, delivered) if has_contact else row.payload
	values |= {"payload": payload, "sent_payload": payload, "sent_utc": to_column(now_utc())}
	_finish(row, values, SENT)


def _as_delivered(row: Row, delivered: Delivered) -> str | None:
	"""The wish as it would be written now: the record has its Xero contact by now, and asking for the same again
	is asking for nothing."""
	contact = delivered.document.contact if delivered.document else None
	if row.action != DOCUMENT or not contact or not row.payload:
		return row.payload
	draft = row.draft
	name = delivered.contact.contact_name if delivered.contact else draft.contact.name
	kept = replace(draft, contact_id=contact, contact=draft.contact._replace(name=name))
	return json.dumps(drafting.to_json(kept))


def unchanged(row: Row) -> None:
	"""Not committed."""
	_finish(row, {}, SENT)


def failed(row: Row, failure: XeroConnectorError) -> None:
	"""Not committed."""
	told = dict(failure.values)
	if isinstance(failure, WillRetry) and failure.maybe_done:
		told["maybe_done"] = "yes"
	values: dict[str, object] = {"error_code": failure.code.value, "error_values": json.dumps(told)}
	if not isinstance(failure, WillRetry):
		return _finish(row, values, ATTENTION)
	pace = _PACE[min(max(row.attempts, 1), len(_PACE)) - 1]
	wait = max(pace, timedelta(seconds=failure.retry_after or 0))
	return _finish(row, {**values, "next_attempt_utc": to_column(now_utc() + wait)}, FAILED)


def _finish(row: Row, values: dict[str, object], state: str) -> None:
	fixed: dict[str, object] = {
		"error_code": None,
		"error_values": None,
		**values,
		"state": state,
		"claim": None,
		"lease_utc": None,
	}
	frappe.db.set_value(DOCTYPE, row.name, fixed)


def retry(names: Sequence[str]) -> list[str]:
	"""Queue those of these rows anew that failed or need attention; their names. Not committed."""
	found = frappe.get_all(
		DOCTYPE, filters={"name": ["in", list(names)], "state": ["in", [FAILED, ATTENTION]]}, pluck="name"
	)
	for name in found:
		_ask_again(name, {}, (FAILED, ATTENTION))
	return [str(name) for name in found]


def retryable(action: str, error_code: str, after: str, limit: int) -> list[str]:
	"""Rows that failed or need attention, of one action and for one reason ("": any), in the order of their names and
	`after` one."""
	kind = {name: value for name, value in (("action", action), ("error_code", error_code)) if value}
	filters = {**kind, "state": ["in", [FAILED, ATTENTION]], "name": [">", after]}
	found = frappe.get_all(DOCTYPE, filters=filters, pluck="name", order_by="name asc", limit=limit)
	return [str(name) for name in found]


def retry_held_back(code: Code) -> list[str]:
	"""Queue those anew that this reason kept from being sent; their names. Not committed."""
	held = frappe.get_all(
		DOCTYPE, filters={"state": ATTENTION, "error_code": code.value}, pluck="name", order_by="name asc"
	)
	return retry(held) if held else []


def make_again(organisation: str, tax_types: Collection[str]) -> None:
	"""Documents that wait and name one of these tax types are made of their records again before they are sent; what
	somebody filled in stays. Not committed."""
	waiting = {
		"organisation": organisation,
		"action": DOCUMENT,
		"state": ["in", [QUEUED, FAILED]],
		"by_hand": 0,
		"prepare": 0,
	}
	for row in sorted(wishes.rows(waiting), key=lambda row: row.name):
		if any(line.tax_type in tax_types for line in row.draft.lines):
			frappe.db.set_value(DOCTYPE, row.name, "prepare", 1)


def due(limit: int = 500) -> list[str]:
	"""Rows that should be on their way and are not: waiting ones whose time has come, lost jobs, dead workers."""
	table, now = frappe.qb.DocType(DOCTYPE), to_column(now_utc())
	rows = (
		frappe.qb.from_(table)
		.select(table.name)
		.where(
			(table.state == QUEUED)
			| ((table.state == FAILED) & (table.next_attempt_utc <= now))
			| ((table.state == SENDING) & (table.lease_utc < now))
		)
		.orderby(table.creation)
		.limit(limit)
		.run()
	)
	return [str(name) for (name,) in rows]


def needing_attention() -> int:
	"""How many wishes wait for somebody to act."""
	return int(frappe.db.count(DOCTYPE, {"state": ATTENTION}))


def withdraw(record: Party) -> None:
	"""The record goes or is cancelled: what was not sent will not be; what was made stays as it is in Xero."""
	mine = {"record_doctype": record.doctype, "record_name": record.name, "state": ("in", list(_WAITING))}
	frappe.db.delete(DOCTYPE, {**mine, "document": ("is", "not set")})
	for name in frappe.get_all(DOCTYPE, filters={**mine, "action": DOCUMENT}, pluck="name"):
		frappe.db.set_value(DOCTYPE, name, {"state": SENT, "error_code": None, "error_values": None})
