"""The sandbox as an object: state, time, and everything that a person in Xero could do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date as Day
from datetime import datetime
from decimal import Decimal
from typing import Any

from . import acts, lists, render, scopes, webhooks
from .app import Application, Received
from .books import Document, Organisation, Payment
from .clock import Clock
from .faults import Fault, Faults
from .figures import figures
from .idempotency import Keys
from .identity import Identity
from .limits import Limits
from .query import HIGH_VOLUME
from .seed import seed as seed_books
from .server import Server

REMEMBERED = 20_000


class Sandbox:
	"""with Sandbox(seed=7).serve() as url: …

	`organisations` and all below them are plain objects to look at; change them through the methods, which keep
	UpdatedDateUTC, balances and webhook events right.
	"""

	def __init__(
		self,
		seed: int = 7,
		contacts: int = 50,
		documents: int = 200,
		organisations: int = 2,
		now: datetime | None = None,
		legacy_scopes: bool = False,
		**limits: int | None,
	) -> None:
		self.clock = Clock(now)
		self.lock = threading.RLock()
		self.high_volume = HIGH_VOLUME
		self.legacy_scopes = legacy_scopes
		self._made_of = (seed, contacts, documents, organisations)
		self.limits = Limits(self.clock, **limits)
		self.faults = Faults()
		self.requests: list[Received] = []
		self.url = ""
		self.reset()
		self._application = Application(self)

	def reset(self) -> None:
		"""Fresh books of the same seed; no grants, faults, keys, events or requests. The clock stays."""
		with self.lock:
			self.organisations: list[Organisation] = seed_books(*self._made_of, self.clock)
			self.identity = Identity(self.clock, self.organisations, self.legacy_scopes)
			self.keys = Keys()
			self.events = webhooks.Events()
			self.faults.clear()
			self.limits.reset()
			self.requests.clear()

	@contextmanager
	def serve(self, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
		"""Serves in a thread; yields the base URL."""
		server = Server(self._application, host, port)
		self.url = server.url
		server.start()
		try:
			yield self.url
		finally:
			server.stop()

	def warm(self) -> None:
		"""Encode all that sync reads, so that a benchmark does not measure the sandbox."""
		for books in self.organisations:
			tables = (books.invoices, books.credit_notes, books.prepayments, books.overpayments)
			for row in (row for table in tables for row in table):
				row.encoded[(render.PAGE, 4)] = render.encode(lists.document_json(books, row, render.PAGE, 4))

	def remember(self, received: Received) -> None:
		self.requests.append(received)
		if len(self.requests) > REMEMBERED:
			del self.requests[: REMEMBERED // 2]

	# time, faults, tokens

	def advance(self, seconds: float) -> None:
		self.clock.advance(seconds)

	def fault(self, kind: str, match: str = "", times: int | None = 1, **params: Any) -> Fault:
		"""See faults.py for kinds and parameters."""
		return self.faults.add(kind, match, times, **params)

	def expire_access_tokens(self) -> None:
		self.identity.expire_access_tokens()

	def grant(
		self, tenant_ids: list[str] | None = None, scopes: str | list[str] = scopes.DEFAULT
	) -> dict[str, Any]:
		"""The token reply after a consent to these tenants (default: all), without a browser."""
		asked = scopes.split() if isinstance(scopes, str) else scopes
		with self.lock:
			tenants = tenant_ids or [organisation.id for organisation in self.organisations]
			return self.identity.connect(self.identity.apps["SANDBOX"], tenants, asked)

	# what people do in Xero

	def organisation(self, identity: str | None = None) -> Organisation:
		"""By tenant id; the first one by default."""
		if identity is None:
			return self.organisations[0]
		return next(row for row in self.organisations if row.id == identity)

	def pay(self, invoice_id: str, amount: Decimal | str | None = None, date: Day | None = None) -> Payment:
		"""A payment into the bank account; the whole amount due and today by default."""
		with self.lock:
			return acts.pay(self, invoice_id, amount, date)

	def authorise(self, document_id: str) -> Document:
		with self.lock:
			return acts.set_status(self, document_id, "AUTHORISED")

	def void(self, document_id: str) -> Document:
		"""VOIDED, or DELETED for a draft."""
		with self.lock:
			return acts.void(self, document_id)

	def edit_contact(self, contact_id: str, **changes: Any) -> None:
		"""`changes` in Xero's names: Name, EmailAddress, ContactStatus, Phones …"""
		with self.lock:
			acts.edit_contact(self, contact_id, changes)

	def edit_invoice(self, invoice_id: str, **changes: Any) -> None:
		"""`changes` in the names of `Document`: due_date, reference, sent_to_contact …"""
		with self.lock:
			acts.edit_invoice(self, invoice_id, changes)

	def merge_contacts(self, loser: str, winner: str) -> None:
		with self.lock:
			acts.merge_contacts(self, loser, winner)

	def send_webhooks(self, url: str, key: str, **options: Any) -> list[int]:
		"""Sends what happened since the last time; the HTTP statuses got. Options: see webhooks.send."""
		return webhooks.send(self, url, key, **options)

	def figures(self, organisation_id: str | None = None, contact_id: str | None = None) -> dict[str, Any]:
		with self.lock:
			books = self.organisation(organisation_id)
			return figures(books, contact_id, self.clock.today(books.timezone))

	# bookkeeping of changes

	def changed(self, books: Organisation, row: Any, created: bool = False, bump: bool = True) -> None:
		"""A contact, document or payment changed: new UpdatedDateUTC (unless Xero forgets it), an event."""
		acts.changed(self, books, row, created, bump)
