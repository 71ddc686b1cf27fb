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


class Delivered(NamedTuple):
	"""`contact` is the one found or created; None when the wish named one, which the mirror has already.

	`remarks` are Xero's own words about an invoice that it took with reservations.
	"""

	document: Document
	contact: Contact | None
	remarks: tuple[str, ...] = ()


def deliver(wish: Wish, books: Books) -> Delivered:
	"""Make the invoice, once.

	Xero remembers an idempotency key for six minutes, which covers a repeated request but not a job that
	runs again later; so any attempt after the first looks the invoice up by its reference before creating
	it. Raises what `books` raises.
	"""
	known = wish.draft.contact_id
	made = books.find_invoice(wish.reference) if wish.attempts > 1 else None
	if made:
		return Delivered(made, None if known else books.find_contact(wish.draft.contact.name))
	contact = None if known else _contact(wish, books)
	document = books.create_invoice(
		wish.draft,
		contact.contact_id if contact else str(known),
		wish.reference,
		wish.back_link,
		f"{wish.idempotency_key}-invoice",
	)
	return Delivered(document, contact, books.warnings)


def _contact(wish: Wish, books: Books) -> Contact:
	"""Found by name, else created. Names are unique among Xero's active contacts, so a second attempt finds
	what the first one created."""
	return books.find_contact(wish.draft.contact.name) or books.create_contact(
		wish.draft.contact, f"{wish.idempotency_key}-contact"
	)
