"""Doubles of what the rules in ``core`` ask of the outside: real classes on its ports, faults included.

``MovingList`` and ``MemoryMirror`` are the two ends of ``core.sync``; ``FaultyBooks`` is the far end of
``core.sending``. They behave as xero-facts says of Xero, not as the code under test expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from xero_connector.core.drafting import Draft, NewContact
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Contact, Document, DocumentType, Endpoint
from xero_connector.core.sync import Cursor, Page, Row

NOON = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)

Answer = TypeVar("Answer")


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


class Fault(Enum):
	"""What may happen to one call."""

	NONE = "answered"
	REFUSED = "Xero says that it cannot be"
	LIMITED = "Xero wants no more calls for now"
	LOST_REQUEST = "the line broke before Xero had the request"
	LOST_ANSWER = "the line broke after Xero had done it"
	KILLED_BEFORE = "the worker died before the request left"
	KILLED_AFTER = "the worker died with the answer on its way"


class FaultyBooks:
	"""``core.sending.Books`` of one organisation, in memory, with one fault a call as planned.

	As in Xero: names of active contacts are unique without regard to case, references are not unique, and an
	idempotency key is remembered for six minutes, its refusals too.
	"""

	REMEMBERED = timedelta(minutes=6)

	def __init__(self, faults: Iterable[Fault] = ()) -> None:
		self.faults = list(faults)
		self.now = NOON
		self.contacts: list[Contact] = []
		self.invoices: list[Document] = []
		self.warnings: tuple[str, ...] = ()
		self.calls: list[str] = []
		self.bodies: list[tuple[Draft | NewContact, str]] = []
		self.elsewhere: Callable[[FaultyBooks], None] = lambda books: None
		self._answers: dict[str, tuple[datetime, Contact | Document | NeedsPerson]] = {}

	def find_contact(self, name: str) -> Contact | None:
		def look() -> Contact | None:
			same = (each for each in self.contacts if each.contact_name.casefold() == name.casefold())
			return next((each for each in same if each.status == "Active"), None)

		found = self._call("find_contact", look)
		# the moment between looking and making, in which somebody else may be faster
		self.elsewhere(self)
		return found

	def create_contact(self, contact: NewContact, idempotency_key: str) -> Contact:
		def make() -> Contact:
			for each in self.contacts:
				if each.status == "Active" and each.contact_name.casefold() == contact.name.casefold():
					return each
			self.contacts.append(a_contact(f"contact-{len(self.contacts) + 1}", contact.name))
			return self.contacts[-1]

		self.bodies.append((contact, idempotency_key))
		return self._call("create_contact", make, idempotency_key)

	def find_invoice(self, reference: str) -> Document | None:
		return self._call(
			"find_invoice",
			lambda: next((each for each in self.invoices if each.reference == reference), None),
		)

	def create_invoice(
		self, draft: Draft, contact_id: str, reference: str, back_link: str, idempotency_key: str
	) -> Document:
		def make() -> Document:
			self.invoices.append(
				a_document(
					f"invoice-{len(self.invoices) + 1}",
					status="Draft",
					contact=contact_id,
					reference=reference,
					url=back_link,
					date=draft.date,
					due_date=draft.due_date,
					currency=draft.currency,
					total=sum((line.quantity * line.unit_amount for line in draft.lines), Decimal("0.00")),
				)
			)
			return self.invoices[-1]

		self.bodies.append((draft, idempotency_key))
		return self._call("create_invoice", make, idempotency_key)

	def _call(self, name: str, act: Callable[[], Answer], key: str | None = None) -> Answer:
		self.calls.append(name)
		fault = self.faults.pop(0) if self.faults else Fault.NONE
		if fault is Fault.KILLED_BEFORE:
			raise Killed
		if fault is Fault.LIMITED:
			raise WillRetry(Code.RATE_LIMITED, retry_after=30)
		if fault is Fault.LOST_REQUEST:
			raise WillRetry(Code.NETWORK)
		answer = self._answer(act, key, refused=fault is Fault.REFUSED)
		if fault is Fault.KILLED_AFTER:
			raise Killed
		if fault is Fault.LOST_ANSWER:
			raise WillRetry(Code.NETWORK, maybe_done=key is not None)
		if isinstance(answer, NeedsPerson):
			raise answer
		return answer

	def _answer(self, act: Callable[[], Answer], key: str | None, *, refused: bool) -> Answer | NeedsPerson:
		"""A key that is still remembered gets its old answer, whatever it was, and nothing is done."""
		if key is None:
			return NeedsPerson(Code.REJECTED) if refused else act()
		given, answer = self._answers.get(key, (self.now - 2 * self.REMEMBERED, None))
		if self.now - given < self.REMEMBERED:
			return answer  # type: ignore[return-value]
		answer = NeedsPerson(Code.REJECTED) if refused else act()
		self._answers[key] = (self.now, answer)  # type: ignore[assignment]
		return answer
