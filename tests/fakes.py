"""Doubles of what the rules in ``core`` ask of the outside: real classes on its ports, faults included.

``MovingList`` and ``MemoryMirror`` are the two ends of ``core.sync``; the far end of ``core.sending`` stands in
``faulty_books``. They behave as xero-facts says of Xero, not as the code under test expects.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from xero_connector.core.model import Contact, Document, DocumentType, Endpoint, Limits
from xero_connector.core.sync import Cursor, Page, Row

NOON = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


def a_document(document_id: str, **changes: object) -> Document:
	"""An authorised invoice of 100.00, nothing paid."""
	amount = Decimal("100.00")
	return Document(
		document_id=document_id,
		organisation="tenant",
		document_type=DocumentType.INVOICE.value,
		number=f"INV-{document_id}",
		reference=None,
		contact="city-agency",
		contact_name="City Agency",
		date=date(2026, 11, 1),
		due_date=date(2026, 12, 1),
		status="Authorised",
		currency="NZD",
		currency_rate=Decimal(1),
		sub_total=amount,
		tax=Decimal("0.00"),
		total=amount,
		amount_due=amount,
		amount_paid=Decimal("0.00"),
		amount_credited=Decimal("0.00"),
		fully_paid_on=None,
		sent_to_contact=False,
		url=None,
		updated_utc=NOON,
		payments=(),
	)._replace(**changes)


def a_contact(contact_id: str, name: str, **changes: object) -> Contact:
	"""An active contact of whom only the name is known."""
	values: dict[str, object] = dict.fromkeys(Contact._fields)
	values |= {
		"contact_id": contact_id,
		"organisation": "tenant",
		"contact_name": name,
		"status": "Active",
		"is_customer": False,
		"is_supplier": False,
		"receivable_outstanding": Decimal("0.00"),
		"receivable_overdue": Decimal("0.00"),
		"payable_outstanding": Decimal("0.00"),
		"payable_overdue": Decimal("0.00"),
		"payment_terms_day": 0,
		"updated_utc": NOON,
	}
	return Contact(**{**values, **changes})  # type: ignore[arg-type]


class Killed(BaseException):
	"""The worker dies here: nothing behind this point runs, and no ``except Exception`` sees it."""


class OpenGate:
	"""``core.quota.Gate`` that lets everything out. ``inside`` are the calls under way, ``told`` what it heard of
	each: limits, seconds to wait, which limit refused it."""

	def __init__(self) -> None:
		self.inside: set[str] = set()
		self.told: list[tuple[Limits | None, int | None, str | None]] = []
		self._tickets = itertools.count()

	def enter(self) -> str:
		ticket = str(next(self._tickets))
		self.inside.add(ticket)
		return ticket

	def leave(self, ticket: str, limits: Limits | None, retry_after: int | None, problem: str | None) -> None:
		self.inside.remove(ticket)
		self.told.append((limits, retry_after, problem))


class MovingList:
	"""One list of Xero in order of change, oldest first: whatever changes gets a new moment, so goes last.

	``before_page`` is called with the number of the answer (0, 1, …) before each one is made, and may change
	the list under the reader.
	"""

	def __init__(self, page_size: int, before_page: Callable[[int], None] = lambda answer: None) -> None:
		self.page_size = page_size
		self.before_page = before_page
		self.now = NOON
		self.rows: dict[str, Document] = {}
		self.asked: list[tuple[datetime | None, int]] = []

	def change(self, document_id: str, after: timedelta = SECOND) -> None:
		"""Create the document, or change it, ``after`` the last change."""
		self.now += after
		self.rows[document_id] = a_document(document_id, updated_utc=self.now)

	def read(self, endpoint: Endpoint, since: datetime | None, page: int) -> Page:
		"""``core.sync.ReadPage``. If-Modified-Since knows whole seconds, and gives the boundary again."""
		self.before_page(len(self.asked))
		self.asked.append((since, page))
		whole = since.replace(microsecond=0) if since else None
		found = sorted(
			(row for row in self.rows.values() if whole is None or row.updated_utc >= whole),
			key=lambda row: (row.updated_utc, row.document_id),
		)
		start = (page - 1) * self.page_size
		pages = -(-len(found) // self.page_size)
		return Page(found[start : start + self.page_size], pages, len(found))


class MemoryMirror:
	"""``core.sync.Mirror``: rows and cursor change together or not at all; an older row never wins.

	``before_save`` and ``after_save`` are called with the number of the save (0, 1, …) and may raise Killed.
	"""

	def __init__(self) -> None:
		self.rows: dict[str, Row] = {}
		self.cursors: dict[Endpoint, Cursor] = {}
		self.saves = 0
		self.before_save: Callable[[int], None] = lambda save: None
		self.after_save: Callable[[int], None] = lambda save: None

	def cursor(self, endpoint: Endpoint) -> Cursor:
		return self.cursors.get(endpoint, Cursor())

	def save(self, endpoint: Endpoint, rows: Sequence[Row], cursor: Cursor) -> None:
		self.saves += 1
		self.before_save(self.saves - 1)
		for row in rows:
			self.receive(row)
		self.cursors[endpoint] = cursor
		self.after_save(self.saves - 1)

	def receive(self, row: Row) -> None:
		"""What a webhook or a click brings, beside the run."""
		known = self.rows.get(row[0])
		if known is None or known.updated_utc <= row.updated_utc:
			self.rows[row[0]] = row
