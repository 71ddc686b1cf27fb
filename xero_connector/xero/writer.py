"""Putting contacts, items and documents into an organisation, and finding those that are there already.

Xero answers a batch element by element (summarizeErrors=false), in the order in which it was sent: so do the
methods here, with a NeedsPerson in the place of what Xero refused, and the field that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xero_connector.core.books import ContactChange, Current, CurrentLine, Made, Order
from xero_connector.core.drafting import NewContact, Product
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import Contact, Document, Item
from xero_connector.core.sync import Row
from xero_connector.xero import bodies, rows, wire
from xero_connector.xero.bodies import Json
from xero_connector.xero.client import Client
from xero_connector.xero.kinds import KINDS, Kind
from xero_connector.xero.reader import IDS_A_CALL, UNIT_DECIMALS, Reader
from xero_connector.xero.results import as_many, each_alone, placed, refusal, texts

_NAME_TAKEN = "already assigned to another contact"

_PERSONS = 5
"""Persons that Xero keeps of a contact, besides its primary one."""


class Writer:
	"""Most of `core.books.Books` of one organisation; `organisation` is the name of the mirror's row.

	`document_type` is "Invoice" or "Credit Note". Raises as `failures` tells, for a whole call; WillRetry.maybe_done
	when a write may have taken effect.
	"""

	def __init__(self, client: Client, organisation: str) -> None:
		self._client = client
		self._organisation = organisation
		self._reader = Reader(client, organisation)

	# contacts

	def find_contacts(self, names: Sequence[str]) -> dict[str, Contact]:
		"""The active contacts of these names, by the name in casefold: a call a name, for Xero's filter knows no OR.
		Xero ignores accents as well as case, we only case."""
		found = {}
		for name in names:
			asked = (
				{"search_term": name, "page_size": 1000} if _has_marks(name) else {"where": f'Name=="{name}"'}
			)
			reply = wire.decode(wire.Contacts, self._client.get("get_contacts", page=1, **asked))
			for row in reply.contacts or ():
				if row.contact_status == "ACTIVE" and (row.name or "").casefold() == name.casefold():
					found[name.casefold()] = rows.contact(row, self._organisation)
		return found

	def create_contacts(
		self, contacts: Sequence[NewContact], idempotency_key: str
	) -> list[Contact | NeedsPerson]:
		"""New contacts, BATCH at most; where somebody was faster with the name, theirs. Never changes one that
		exists: PUT, because POST silently updates whichever contact has the name (xero-facts 4)."""
		made = each_alone(self._create_contacts, contacts, idempotency_key)
		return [
			self._theirs(result, new.name) if isinstance(result, NeedsPerson) else result
			for result, new in zip(made, contacts, strict=True)
		]

	def _create_contacts(self, contacts: Sequence[NewContact], key: str) -> list[Contact | NeedsPerson]:
		body = {"Contacts": [bodies.contact(contact) for contact in contacts]}
		answer = self._client.send("create_contacts", body, key, summarize_errors=False)
		made = as_many(body["Contacts"], wire.decode(wire.Contacts, answer, sending=True).contacts)
		return [refusal(row.contact_id, row) or rows.contact(row, self._organisation) for row in made]

	def _theirs(self, refused: NeedsPerson, name: str) -> Contact | NeedsPerson:
		if _NAME_TAKEN not in refused.values.get("message", ""):
			return refused
		found = self.find_contacts([name]).get(name.casefold())
		return found or NeedsPerson(Code.NAME_TAKEN, field="contact_name", name=name)

	def update_contacts(
		self, changes: Sequence[ContactChange], idempotency_key: str
	) -> list[Contact | NeedsPerson]:
		"""BATCH at most; what is not named of a contact stays as it is. NAME_TAKEN where another has the name."""
		results = each_alone(self._update_contacts, changes, idempotency_key)
		return [
			_name_taken(result, change.values) if isinstance(result, NeedsPerson) else result
			for result, change in zip(results, changes, strict=True)
		]

	def _update_contacts(self, changes: Sequence[ContactChange], key: str) -> list[Contact | NeedsPerson]:
		body = {"Contacts": [bodies.contact_change(change) for change in changes]}
		answer = self._client.send("update_or_create_contacts", body, key, summarize_errors=False)
		changed = as_many(body["Contacts"], wire.decode(wire.Contacts, answer, sending=True).contacts)
		return [refusal(row.contact_id, row) or rows.contact(row, self._organisation) for row in changed]

	def set_person(self, contact_id: str, person: NewContact, idempotency_key: str) -> Contact:
		"""Overwrite the primary person with what is known of `person` (R90)."""
		return self._update_contact(contact_id, bodies.person(person), idempotency_key)

	def add_person(self, contact_id: str, person: NewContact, idempotency_key: str) -> Contact | None:
		"""Add `person` to a contact that does not have them yet; None: Xero keeps five already (C13).

		Who has no primary person gets them as that.
		"""
		answer = self._client.get("get_contact", contact_id=contact_id)
		row = next(iter(wire.decode(wire.WholeContacts, answer).contacts or ()), None)
		if row is None:
			raise NeedsPerson(Code.NOT_FOUND, what=contact_id)
		primary = wire.ContactPerson(row.first_name, row.last_name, row.email_address)
		others = row.contact_persons or []
		if any(_is_same(person, known) for known in (primary, *others)) or not bodies.person(person):
			return rows.contact(row, self._organisation)
		if not bodies.known_person(primary):
			return self.set_person(contact_id, person, idempotency_key)
		if len(others) >= _PERSONS:
			return None
		# the list is replaced as a whole
		persons = [*map(bodies.known_person, others), bodies.person(person)]
		return self._update_contact(contact_id, {"ContactPersons": persons}, idempotency_key)

	def _update_contact(self, contact_id: str, changes: Json, idempotency_key: str) -> Contact:
		body = {"Contacts": [{"ContactID": contact_id, **changes}]}
		answer = self._client.send("update_or_create_contacts", body, idempotency_key, summarize_errors=True)
		[row] = as_many(body["Contacts"], wire.decode(wire.Contacts, answer, sending=True).contacts)
		return rows.contact(row, self._organisation)

	# items

	def save_items(self, products: Sequence[Product], idempotency_key: str) -> Sequence[Item | NeedsPerson]:
		"""Create or update the items with these codes, BATCH at most (R84, R85)."""
		return each_alone(self._save_items, products, idempotency_key)

	def _save_items(self, products: Sequence[Product], key: str) -> list[Item | NeedsPerson]:
		body = {"Items": [bodies.item(product) for product in products]}
		answer = self._client.send(
			"update_or_create_items", body, key, summarize_errors=False, unitdp=UNIT_DECIMALS
		)
		saved = as_many(body["Items"], wire.decode(wire.Items, answer, sending=True).items)
		return [refusal(row.item_id, row) or rows.item(row, self._organisation) for row in saved]

	# documents

	def find_documents(
		self, document_type: str, references: Sequence[str], since: datetime
	) -> dict[str, Document]:
		"""Documents with exactly these references, whatever their status: one is asked for by it, for several all
		that changed since is gone through. Not by Xero's createdByMyApp: after a change of the app's credentials
		it would hide what was made before, and a second one would be made."""
		kind = KINDS[document_type]
		one = len(references) == 1 and not _has_marks(references[0])
		found = (
			self._with_reference(kind, references[0]) if one else self._reader.changes(kind.endpoint, since)
		)
		result: dict[str, Document] = {}
		for row in found:
			if (
				isinstance(row, Document)
				and row.document_type == document_type
				and row.reference in references
			):
				result[str(row.reference)] = row
			if len(result) == len(references):
				break
		return result

	def _with_reference(self, kind: Kind, reference: str) -> Iterator[Row]:
		asked = f'Type=="{kind.xero_type}" AND Reference=="{reference}"'
		answer = self._client.get(f"get_{kind.word}s", page=1, unitdp=UNIT_DECIMALS, where=asked)
		for row in kind.rows_of(wire.decode(kind.reply, answer)):
			yield kind.document(row, self._organisation)

	def current(self, document_type: str, document_ids: Sequence[str]) -> dict[str, Current]:
		"""Documents as they are at this moment, by id; those that are not there are left out."""
		kind = KINDS[document_type]
		found = self._invoices(document_ids) if kind.word == "invoice" else self._credit_notes(document_ids)
		return {
			kind.id_of(row): Current(
				kind.document(row, self._organisation), tuple(map(_current_line, row.line_items or ()))
			)
			for row in found
		}

	def _invoices(self, ids: Sequence[str]) -> Iterator[wire.WholeInvoice]:
		for start in range(0, len(ids), IDS_A_CALL):
			chunk = list(ids[start : start + IDS_A_CALL])
			answer = self._client.get("get_invoices", i_ds=chunk, page=1, unitdp=UNIT_DECIMALS)
			yield from wire.decode(wire.WholeInvoices, answer).invoices or ()

	def _credit_notes(self, ids: Sequence[str]) -> Iterator[wire.WholeCreditNote]:
		"""One by one: they have no parameter for ids."""
		for each in ids:
			try:
				answer = self._client.get("get_credit_note", credit_note_id=each, unitdp=UNIT_DECIMALS)
			except NeedsPerson as failure:
				if failure.code is not Code.NOT_FOUND:
					raise
				continue
			yield from wire.decode(wire.WholeCreditNotes, answer).credit_notes or ()

	def create_documents(
		self, document_type: str, orders: Sequence[Order], idempotency_key: str
	) -> list[Made | NeedsPerson]:
		"""BATCH at most. Drafts may lack accounts and taxes; what Xero left out of one is a remark."""
		kind = KINDS[document_type]
		return self._write(f"create_{kind.word}s", kind, orders, idempotency_key)

	def update_documents(
		self, document_type: str, orders: Sequence[Order], idempotency_key: str
	) -> list[Made | NeedsPerson]:
		"""BATCH at most. Lines that an order does not name by their ids are deleted."""
		kind = KINDS[document_type]
		return self._write(f"update_or_create_{kind.word}s", kind, orders, idempotency_key)

	def _write(
		self, operation: str, kind: Kind, orders: Sequence[Order], idempotency_key: str
	) -> list[Made | NeedsPerson]:
		told = [_element(kind, order) for order in orders]
		elements = [each for each in told if not isinstance(each, NeedsPerson)]
		written = iter(self._send(operation, kind, elements, idempotency_key, summarize_errors=False))
		return [
			each if isinstance(each, NeedsPerson) else self._made(kind, next(written), order)
			for each, order in zip(told, orders, strict=True)
		]

	def _send(
		self, operation: str, kind: Kind, elements: list[Json], idempotency_key: str, **parameters: Any
	) -> Sequence[Any]:
		if not elements:
			return []
		answer = self._client.send(
			operation, {kind.key: elements}, idempotency_key, unitdp=UNIT_DECIMALS, **parameters
		)
		return as_many(elements, kind.rows_of(wire.decode(kind.reply, answer, sending=True)))

	def _made(self, kind: Kind, row: Any, order: Order) -> Made | NeedsPerson:
		refused = refusal(kind.id_of(row), row)
		if refused:
			return placed(refused, order.draft.lines)
		return Made(kind.document(row, self._organisation), texts(row.warnings))

	def void(self, document_type: str, document_id: str, status: str, idempotency_key: str) -> Document:
		"""`status` is VOIDED for what was approved, DELETED for drafts."""
		kind = KINDS[document_type]
		element = {kind.id_field: document_id, "Status": status}
		[row] = self._send(
			f"update_or_create_{kind.word}s", kind, [element], idempotency_key, summarize_errors=True
		)
		return kind.document(row, self._organisation)

	def add_note(self, document_type: str, document_id: str, text: str, idempotency_key: str) -> None:
		"""Into the history, for ever; 2,500 characters at most."""
		body = {"HistoryRecords": [{"Details": text}]}
		word = KINDS[document_type].word
		self._client.send(f"create_{word}_history", body, idempotency_key, document_id)

	def notes(self, document_type: str, document_id: str) -> list[str]:
		word = KINDS[document_type].word
		answer = self._client.get(f"get_{word}_history", **{f"{word}_id": document_id})
		records = wire.decode(wire.HistoryRecords, answer).history_records or ()
		return [record.details for record in records if record.details]


def _name_taken(refused: NeedsPerson, values: Mapping[str, str]) -> NeedsPerson:
	if _NAME_TAKEN not in refused.values.get("message", ""):
		return refused
	return NeedsPerson(Code.NAME_TAKEN, field="contact_name", name=values.get("contact_name", ""))


def _element(kind: Kind, order: Order) -> Json | NeedsPerson:
	try:
		return kind.body(order)
	except NeedsPerson as refused:
		return refused


def _current_line(row: wire.LineItem) -> CurrentLine:
	# Xero may tell of a rate what it comes to as well; the rate is what counts
	discount = "discount_rate" if row.discount_rate else "discount_amount" if row.discount_amount else None
	has = frozenset(filter(None, ("item_code" if row.item_code else None, discount)))
	return CurrentLine(row.line_item_id or "", row.item_code or None, row.description, has)


def _is_same(person: NewContact, known: wire.ContactPerson) -> bool:
	if person.email_address and known.email_address:
		return person.email_address.casefold() == known.email_address.casefold()
	mine, theirs = (person.first_name, person.last_name), (known.first_name, known.last_name)
	return [(each or "").casefold() for each in mine] == [(each or "").casefold() for each in theirs]


def _has_marks(text: str) -> bool:
	"""Whether a text cannot stand in Xero's filter: nobody has found how it escapes a quotation mark
	(XeroAPI/Xero-Java#347: each way tried is a "Syntax error")."""
	return any(mark in text for mark in '"\\')
