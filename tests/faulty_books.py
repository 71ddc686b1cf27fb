"""An organisation's books in memory, and everything that can go wrong with a call to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from tests.fakes import NOON, Killed, a_contact, a_document
from xero_connector.core.books import BATCH, ContactChange, Current, CurrentLine, Made, Order
from xero_connector.core.drafting import Line, NewContact, Product
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Contact, Document, Item

Answer = TypeVar("Answer")


class Fault(Enum):
	"""What may happen to one call."""

	NONE = "answered"
	REFUSED = "Xero refuses the request as a whole"
	LIMITED = "Xero wants no more calls for now"
	LOST_REQUEST = "the line broke before Xero had the request"
	LOST_ANSWER = "the line broke after Xero had done it"
	KILLED_BEFORE = "the worker died before the request left"
	KILLED_AFTER = "the worker died with the answer on its way"


class FaultyBooks:
	"""``core.books.Books`` of one organisation, in memory, with one fault a call as planned.

	As in Xero: names of active contacts are unique without regard to case, references are not unique, elements
	of a batch are refused one by one, and an idempotency key is remembered with its answer for six minutes.

	``bad`` holds names of contacts, codes of products and references of documents that are refused, with Xero's
	words; ``spoiling`` references that spoil the whole request. ``ahead`` is how far the site's clock, by which
	wishes are dated, is ahead of Xero's.
	"""

	REMEMBERED = timedelta(minutes=6)

	def __init__(
		self,
		faults: Iterable[Fault] = (),
		bad: Mapping[str, str] | None = None,
		spoiling: Iterable[str] = (),
		ahead: timedelta = timedelta(0),
	) -> None:
		self.faults = list(faults)
		self.bad = dict(bad or {})
		self.spoiling = set(spoiling)
		self.now, self.ahead = NOON, ahead
		self.contacts: list[Contact] = []
		self.documents: dict[str, Document] = {}
		self.lines: dict[str, tuple[CurrentLine, ...]] = {}
		self.items: dict[str, Product] = {}
		self.persons: dict[str, list[NewContact]] = {}
		self.full: set[str] = set()
		self.history: dict[str, list[str]] = {}
		self.warnings: tuple[str, ...] = ()
		self.calls: list[str] = []
		self.bodies: list[tuple[str, Sequence[Any], str]] = []
		"""What each write sent: its name, elements and key."""
		self.elsewhere: Callable[[FaultyBooks], None] = lambda books: None
		self._answers: dict[tuple[str, object], tuple[datetime, Any]] = {}
		self._line_numbers = 0

	def sent(self, call: str) -> list[Sequence[Any]]:
		"""The elements of every such write."""
		return [elements for name, elements, _ in self.bodies if name == call]

	# contacts

	def find_contacts(self, names: Sequence[str]) -> dict[str, Contact]:
		def look() -> dict[str, Contact]:
			found = {name.casefold(): self._active(name) for name in names}
			return {name: contact for name, contact in found.items() if contact}

		answer = self._call("find_contacts", look)
		# the moment between looking and making, in which somebody else may be faster
		self.elsewhere(self)
		return answer

	def create_contacts(
		self, contacts: Sequence[NewContact], idempotency_key: str
	) -> Sequence[Contact | NeedsPerson]:
		assert len(contacts) <= BATCH
		return self._each(
			"create_contacts", contacts, idempotency_key, lambda new: new.name, self._new_contact
		)

	def _new_contact(self, new: NewContact) -> Contact:
		known = self._active(new.name)
		if known:
			return known
		self.contacts.append(a_contact(f"contact-{len(self.contacts) + 1}", new.name))
		self.persons[self.contacts[-1].contact_id] = [new]
		return self.contacts[-1]

	def _active(self, name: str) -> Contact | None:
		same = (each for each in self.contacts if each.contact_name.casefold() == name.casefold())
		return next((each for each in same if each.status == "Active"), None)

	def update_contacts(
		self, changes: Sequence[ContactChange], idempotency_key: str
	) -> Sequence[Contact | NeedsPerson]:
		assert len(changes) <= BATCH
		return self._each(
			"update_contacts", changes, idempotency_key, lambda change: change.contact_id, self._changed
		)

	def _changed(self, change: ContactChange) -> Contact:
		place = next(n for n, each in enumerate(self.contacts) if each.contact_id == change.contact_id)
		self.contacts[place] = self.contacts[place]._replace(**change.values)
		return self.contacts[place]

	def keep_person(self, contact_id: str, person: NewContact, idempotency_key: str) -> str | None:
		"""Adds them (C13), unless the contact is ``full``."""

		def keep() -> str | None:
			if contact_id in self.full:
				return "there are five already"
			self.persons.setdefault(contact_id, []).append(person)
			return None

		return self._write("keep_person", (contact_id, person), idempotency_key, keep)

	# items

	def save_items(self, products: Sequence[Product], idempotency_key: str) -> Sequence[Item | NeedsPerson]:
		return self._each("save_items", products, idempotency_key, lambda each: each.code, self._save_item)

	def _save_item(self, product: Product) -> Item:
		self.items[product.code] = product
		return Item(
			f"item-{product.code}",
			"tenant",
			product.code,
			product.name,
			product.description,
			product.unit_price,
			None,
			None,
			True,
			self.now,
		)

	# documents

	def find_documents(
		self, document_type: str, references: Sequence[str], since: datetime
	) -> dict[str, Document]:
		def look() -> dict[str, Document]:
			return {
				str(each.reference): each
				for each in self.documents.values()
				if each.document_type == document_type
				and each.reference in references
				and each.updated_utc >= since
			}

		return self._call("find_documents", look)

	def create_documents(
		self, document_type: str, orders: Sequence[Order], idempotency_key: str
	) -> Sequence[Made | NeedsPerson]:
		assert len(orders) <= BATCH

		def make(order: Order) -> Made:
			return self._keep(
				f"document-{len(self.documents) + 1}", document_type, order, order.status or "DRAFT"
			)

		return self._documents("create_documents", orders, idempotency_key, make)

	def current(self, document_type: str, document_ids: Sequence[str]) -> dict[str, Current]:
		def look() -> dict[str, Current]:
			known = [self.documents[each] for each in document_ids if each in self.documents]
			return {
				each.document_id: Current(each, self.lines.get(each.document_id, ()))
				for each in known
				if each.document_type == document_type
			}

		return self._call("current", look)

	def update_documents(
		self, document_type: str, orders: Sequence[Order], idempotency_key: str
	) -> Sequence[Made | NeedsPerson]:
		assert len(orders) <= BATCH

		def change(order: Order) -> Made:
			known = self.documents[str(order.document_id)]
			return self._keep(known.document_id, document_type, order, order.status or known.status)

		return self._documents("update_documents", orders, idempotency_key, change)

	def _documents(
		self, name: str, orders: Sequence[Order], key: str, make: Callable[[Order], Made]
	) -> Sequence[Made | NeedsPerson]:
		return self._each(name, orders, key, lambda order: order.reference, make)

	def _keep(self, document_id: str, document_type: str, order: Order, status: str) -> Made:
		total = sum((line.quantity * line.unit_amount for line in order.draft.lines), Decimal("0.00"))
		self.documents[document_id] = a_document(
			document_id,
			document_type=document_type,
			status=status.capitalize(),
			contact=order.contact_id,
			reference=order.reference,
			url=order.back_link,
			date=order.draft.date,
			due_date=order.draft.due_date,
			currency=order.draft.currency,
			total=total,
			amount_due=total,
			updated_utc=self.now,
		)
		known = order.line_ids or [None] * len(order.draft.lines)
		self.lines[document_id] = tuple(
			self._line(line, line_id) for line, line_id in zip(order.draft.lines, known, strict=True)
		)
		return Made(self.documents[document_id], self.warnings)

	def _line(self, line: Line, line_id: str | None) -> CurrentLine:
		self._line_numbers += 1
		fields = ("item_code", "discount_rate", "discount_amount")
		has = frozenset(name for name in fields if getattr(line, name))
		return CurrentLine(line_id or f"line-{self._line_numbers}", line.item_code, line.description, has)

	def void(self, document_type: str, document_id: str, status: str, idempotency_key: str) -> Document:
		def end() -> Document:
			known = self.documents[document_id]
			self.documents[document_id] = known._replace(status=status.capitalize())
			return self.documents[document_id]

		return self._write("void", (document_id, status), idempotency_key, end)

	def notes(self, document_type: str, document_id: str) -> Sequence[str]:
		return self._call("notes", lambda: list(self.history.get(document_id, ())))

	def add_note(self, document_type: str, document_id: str, text: str, idempotency_key: str) -> None:
		notes = self.history.setdefault(document_id, [])
		self._write("add_note", (document_id, text), idempotency_key, lambda: notes.append(text))

	# calls

	def _each(
		self,
		name: str,
		elements: Sequence[Any],
		key: str,
		named: Callable[[Any], str],
		act: Callable[[Any], Answer],
	) -> Sequence[Answer | NeedsPerson]:
		def one(element: Any) -> Answer | NeedsPerson:
			words = self.bad.get(named(element))
			return NeedsPerson(Code.REJECTED, message=words) if words else act(element)

		def do() -> Sequence[Answer | NeedsPerson] | NeedsPerson:
			if self.spoiling & {named(each) for each in elements}:
				return NeedsPerson(Code.REJECTED, message="the request cannot be read")
			return [one(each) for each in elements]

		assert elements, "a call for nothing"
		return self._write(name, tuple(elements), key, do)

	def _write(self, name: str, elements: Sequence[Any], key: str, act: Callable[[], Any]) -> Any:
		assert 0 < len(key) <= 111, "no room for the key"
		self.bodies.append((name, elements, key))
		return self._call(name, act, (key, repr(elements)))

	def _call(self, name: str, act: Callable[[], Any], key: tuple[str, object] | None = None) -> Any:
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

	def _answer(self, act: Callable[[], Any], key: tuple[str, object] | None, *, refused: bool) -> Any:
		"""What is still remembered gets its old answer, whatever it was, and nothing is done."""
		given, known = self._answers.get(key, (None, None)) if key else (None, None)
		if given and self.now - given < self.REMEMBERED:
			return known
		answer = NeedsPerson(Code.REJECTED, message="no") if refused else act()
		if key:
			self._answers[key] = (self.now, answer)
		return answer
