"""One wish, one invoice: how a draft gets into Xero although anything may break on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from xero_connector.core.drafting import Draft, NewContact
from xero_connector.core.model import Contact, Document


class Books(Protocol):
	"""What sending needs of Xero (`xero.writer`; a fake in the unit tests)."""

	warnings: tuple[str, ...]
	"""What Xero remarked on the last invoice that it created, such as an account that it left out."""

	def find_contact(self, name: str) -> Contact | None:
		"""The active contact of exactly this name; Xero compares without regard to case."""

	def create_contact(self, contact: NewContact, idempotency_key: str) -> Contact: ...

	def find_invoice(self, reference: str) -> Document | None:
		"""A sales invoice with exactly this reference, whatever its status."""

	def create_invoice(
		self, draft: Draft, contact_id: str, reference: str, back_link: str, idempotency_key: str
	) -> Document: ...


@dataclass(frozen=True)
class Wish:
	"""A row of the outbox as the sender sees it.

	`attempts` counts this one. `idempotency_key` changes whenever somebody sends the wish again after Xero
	had rejected it, because Xero answers a known key with its old answer.
	"""

	idempotency_key: str
	draft: Draft
	reference: str
	back_link: str
	attempts: int


@dataclass(frozen=True)
class ContactWish:
	"""A row of the outbox that asks for a contact alone."""

	idempotency_key: str
	contact: NewContact


class Delivered(NamedTuple):
	"""`document` is None when only a contact was asked for. `contact` is the one found or created; None when the wish named one, which the mirror has already.

	`remarks` are Xero's own words about an invoice that it took with reservations.
	"""

	document: Document | None
	contact: Contact | None
	remarks: tuple[str, ...] = ()


def deliver(wish: Wish | ContactWish, books: Books) -> Delivered:
	"""Make what is wished for, once.

	A contact is found by its name, else created: names are unique among Xero's active contacts, so a second
	attempt finds what the first one created.
	"""
	if isinstance(wish, ContactWish):
		return Delivered(None, _contact(wish.contact, wish.idempotency_key, books))
	return _invoice(wish, books)


def _invoice(wish: Wish, books: Books) -> Delivered:
	"""Make the invoice.

	Xero remembers an idempotency key for six minutes, which covers a repeated request but not a job that
	runs again later; so any attempt after the first looks the invoice up by its reference before creating
	it. Raises what `books` raises.
	"""
	known = wish.draft.contact_id
	made = books.find_invoice(wish.reference) if wish.attempts > 1 else None
	if made:
		return Delivered(made, None if known else books.find_contact(wish.draft.contact.name))
	contact = None if known else _contact(wish.draft.contact, wish.idempotency_key, books)
	document = books.create_invoice(
		wish.draft,
		contact.contact_id if contact else str(known),
		wish.reference,
		wish.back_link,
		f"{wish.idempotency_key}-invoice",
	)
	return Delivered(document, contact, books.warnings)


def _contact(contact: NewContact, idempotency_key: str, books: Books) -> Contact:
	return books.find_contact(contact.name) or books.create_contact(contact, f"{idempotency_key}-contact")
