"""What sending needs of an organisation's books: the port that `xero.writer` fills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from xero_connector.core.drafting import Draft, NewContact, Product
from xero_connector.core.errors import NeedsPerson
from xero_connector.core.model import Contact, Document, Item

BATCH = 50
"""Elements of one write: what Xero recommends (xero-facts 2)."""


class Order(NamedTuple):
	"""A document as Xero is to have it. With `document_id` it is changed: `line_ids` are Xero's ids of the lines
	that stay, a None for each new one, and `status` is only given to raise it."""

	draft: Draft
	contact_id: str
	reference: str
	back_link: str
	document_id: str | None = None
	line_ids: tuple[str | None, ...] = ()
	status: str | None = None


class ContactChange(NamedTuple):
	"""What is to change of a contact: `values` by the names of core.model.Contact's fields, an address as a whole."""

	contact_id: str
	values: Mapping[str, str]


class Made(NamedTuple):
	"""`remarks` are Xero's own words about a document that it took with reservations."""

	document: Document
	remarks: tuple[str, ...] = ()


class CurrentLine(NamedTuple):
	"""`has` names those of the fields item_code, discount_rate and discount_amount that Xero has of it. None of them
	can be taken away: what is left out of a line that stays may stay too."""

	line_id: str
	item_code: str | None
	description: str | None
	has: frozenset[str] = frozenset()


class Current(NamedTuple):
	"""A document as Xero has it at this moment."""

	document: Document
	lines: tuple[CurrentLine, ...]


class Books(Protocol):
	"""What sending needs of an organisation (`xero.writer`, with the mirror in front of it in `bootstrap`).

	A list of results is in the order of what was asked for; an element that Xero refuses is a NeedsPerson in its
	place, anything that concerns the whole call is raised.
	"""

	def find_contacts(self, names: Sequence[str]) -> dict[str, Contact]:
		"""Active contacts of exactly these names, by the name in casefold; Xero compares without regard to case."""

	def create_contacts(
		self, contacts: Sequence[NewContact], idempotency_key: str
	) -> Sequence[Contact | NeedsPerson]: ...

	def update_contacts(
		self, changes: Sequence[ContactChange], idempotency_key: str
	) -> Sequence[Contact | NeedsPerson]: ...

	def keep_person(self, contact_id: str, person: NewContact, idempotency_key: str) -> str | None:
		"""Do with a known contact's person what the policy says (R89, R90, C13); a remark if that cannot be."""

	def save_items(self, products: Sequence[Product], idempotency_key: str) -> Sequence[Item | NeedsPerson]:
		"""Create or update, as far as that is wanted and needed."""

	def find_documents(
		self, document_type: str, references: Sequence[str], since: dt.datetime
	) -> dict[str, Document]:
		"""Documents made by us at or after `since` with exactly these references, whatever their status."""

	def create_documents(
		self, document_type: str, orders: Sequence[Order], idempotency_key: str
	) -> Sequence[Made | NeedsPerson]: ...

	def current(self, document_type: str, document_ids: Sequence[str]) -> dict[str, Current]: ...

	def update_documents(
		self, document_type: str, orders: Sequence[Order], idempotency_key: str
	) -> Sequence[Made | NeedsPerson]: ...

	def void(self, document_type: str, document_id: str, status: str, idempotency_key: str) -> Document: ...

	def notes(self, document_type: str, document_id: str) -> Collection[str]: ...

	def add_note(self, document_type: str, document_id: str, text: str, idempotency_key: str) -> None: ...
