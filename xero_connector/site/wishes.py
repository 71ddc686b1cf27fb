"""The rows of the outbox as values: a wish, and how it stands with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe

from xero_connector.core import drafting, merging
from xero_connector.core.drafting import Draft, NewContact
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.merging import Overruled
from xero_connector.core.wishes import (
	ContactUpdateWish,
	ContactWish,
	DocumentWish,
	NoteWish,
	VoidWish,
	Wish,
)
from xero_connector.site.database import from_column, now_utc
from xero_connector.site.links import Party

DOCTYPE = "Xero Outbox"
DOCUMENT, CONTACT, NOTE, VOID = "Document", "Contact", "Note", "Void"
CONTACT_UPDATE = "Contact Update"
QUEUED, SENDING, SENT, FAILED, ATTENTION = "Queued", "Sending", "Sent", "Failed", "Needs Attention"


@dataclass(frozen=True)
class Row:
	"""A wish with its state. `sequence` is which of the record's invoices it is; `prepare` says that the wish is
	yet to be made of the record, `marked` that a list or a setting asked for it and nobody in the form. `failure` is the code and values of the last attempt's error; `remarks` is what
	Xero said of a document that it took with reservations; `trace` names the click that asked for it."""

	name: str
	record: Party
	organisation: str
	action: str
	sequence: int
	state: str
	attempts: int
	revision: int
	prepare: bool
	marked: bool
	by_hand: bool
	document: str | None
	contact: str | None
	failure: tuple[str, dict[str, str]] | None
	remarks: str
	asked_by: str
	run: str | None
	trace: str
	reference: str
	back_link: str
	payload: str | None
	sent_payload: str | None
	sent: datetime | None
	first_attempt: datetime
	wish_key: str

	@property
	def draft(self) -> Draft:
		return drafting.from_json(json.loads(self.payload or "{}"))

	@property
	def changes(self) -> dict[str, str]:
		"""Of a Contact Update: by field, what the Xero contact is to say."""
		return dict(json.loads(self.payload or "{}").get("changes", {}))

	@property
	def overruled(self) -> list[Overruled]:
		"""Of a Contact Update: what others changed in Xero and these changes take the place of."""
		return [Overruled(*each) for each in json.loads(self.payload or "{}").get("overruled", ())]

	@property
	def wish(self) -> Wish:
		return _WISHES[self.action](self, self._common())

	def _common(self) -> dict[str, Any]:
		key = f"{self.wish_key}-{self.revision}"
		return {
			"name": self.name,
			"idempotency_key": key,
			"attempts": self.attempts,
			"since": self.first_attempt,
		}


def _document_wish(row: Row, common: dict[str, Any]) -> DocumentWish:
	return DocumentWish(
		**common,
		draft=row.draft,
		reference=row.reference,
		back_link=row.back_link,
		document_id=row.document,
		revised=row.revision > 1,
	)


def _contact_update_wish(row: Row, common: dict[str, Any]) -> ContactUpdateWish:
	changes = row.changes
	# made anew for each attempt, and Xero answers a known key with its old answer
	common["idempotency_key"] += f"-{merging.fingerprint(changes)[:12]}"
	return ContactUpdateWish(**common, contact_id=row.contact or "", changes=changes)


_WISHES = {
	DOCUMENT: _document_wish,
	CONTACT: lambda row, common: ContactWish(**common, contact=NewContact(**json.loads(row.payload or "{}"))),
	CONTACT_UPDATE: _contact_update_wish,
	NOTE: lambda row, common: NoteWish(**common, document_id=row.document, **json.loads(row.payload or "{}")),
	VOID: lambda row, common: VoidWish(**common, document_id=row.document, **json.loads(row.payload or "{}")),
}


def get(name: str, record: Party | None = None) -> Row:
	"""With `record`, only a wish of that record is there. Raises NeedsPerson(NOT_FOUND)."""
	found = next(iter(rows({"name": name})), None)
	if not found or record not in (None, found.record):
		raise NeedsPerson(Code.NOT_FOUND, what=name)
	return found


def of_record(record: Party) -> list[Row]:
	"""The wishes for the record's invoices, the first one first, whatever became of them."""
	mine = {"record_doctype": record.doctype, "record_name": record.name, "action": DOCUMENT}
	return sorted(rows(mine), key=lambda row: row.sequence)


def of_names(names: Sequence[str]) -> dict[str, Row]:
	return {row.name: row for row in rows({"name": ["in", list(names)]})} if names else {}


def rows(filters: dict[str, Any]) -> list[Row]:
	"""Those that the filters let through, oldest first."""
	found = frappe.get_all(DOCTYPE, filters=filters, fields=["*"], order_by="creation asc, name asc")
	return list(map(_row, found))


def _row(row: frappe._dict) -> Row:
	return Row(
		name=row.name,
		record=Party(row.record_doctype, row.record_name),
		organisation=row.organisation or "",
		action=row.action,
		sequence=row.sequence or 1,
		state=row.state,
		attempts=row.attempts or 0,
		revision=row.revision or 1,
		prepare=bool(row.prepare),
		marked=bool(row.marked),
		by_hand=bool(row.by_hand),
		document=row.document,
		contact=row.contact,
		failure=(row.error_code, json.loads(row.error_values or "{}")) if row.error_code else None,
		remarks=row.remarks or "",
		asked_by=row.asked_by or row.owner,
		run=row.run,
		trace=row.trace or "",
		reference=row.reference or "",
		back_link=row.back_link or "",
		payload=row.payload,
		sent_payload=row.sent_payload,
		sent=from_column(row.sent_utc),
		first_attempt=from_column(row.attempted_utc) or now_utc(),
		wish_key=row.wish_key,
	)
