"""What we wish for in Xero, and what has become of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from xero_connector.core.drafting import Draft, NewContact
from xero_connector.core.errors import XeroConnectorError
from xero_connector.core.model import Contact, Document


@dataclass(frozen=True)
class Wish:
	"""A row of the outbox as the sender sees it. `attempts` counts this one; `since` is when the first began.

	`idempotency_key` changes whenever somebody sends the wish again, because Xero answers a known key with its
	old answer.
	"""

	name: str
	idempotency_key: str
	attempts: int
	since: dt.datetime


@dataclass(frozen=True)
class DocumentWish(Wish):
	"""An invoice or credit note: to be made, or if it was (`document_id`), to be changed to this draft.

	`revised` says that the draft is not the one that was first asked for: what an earlier attempt may have made is
	then changed, and not only found.
	"""

	draft: Draft
	reference: str
	back_link: str
	document_id: str | None = None
	revised: bool = False


@dataclass(frozen=True)
class ContactWish(Wish):
	contact: NewContact


@dataclass(frozen=True)
class ContactUpdateWish(Wish):
	"""Fields of a Xero contact that are to be as the record says (see core/merging.py)."""

	contact_id: str
	changes: Mapping[str, str]


@dataclass(frozen=True)
class NoteWish(Wish):
	"""A line in the history of a document in Xero (B21)."""

	document_type: str
	document_id: str
	text: str


@dataclass(frozen=True)
class VoidWish(Wish):
	document_type: str
	document_id: str
	reason: str


@dataclass(frozen=True)
class Delivered:
	"""`contact` is the one that was found or created, None when the wish named one, which the mirror has already."""

	document: Document | None = None
	contact: Contact | None = None
	remarks: tuple[str, ...] = ()


Outcome = Delivered | XeroConnectorError
Settled = tuple[Wish, Outcome]
