"""The one way out: how what we wish for gets into Xero once, although anything may break on the way.

Wishes go together, in the order contact → items → document, so that fifty invoices cost about as many calls as
one. Xero answers for each element of a batch by itself, and so does this: a wish that is refused leaves the others
alone, a product that is refused holds back every document that uses it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from xero_connector.core.books import BATCH, Books, ContactChange, Current, CurrentLine, Made, Order
from xero_connector.core.drafting import STATUSES, Line, NewContact
from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.core.model import Contact, Document
from xero_connector.core.wishes import (
	ContactUpdateWish,
	ContactWish,
	Delivered,
	DocumentWish,
	NoteWish,
	Outcome,
	Settled,
	VoidWish,
	Wish,
)

TOGETHER = 250
"""Wishes of one delivery: the more there are, the more share a call for their contacts and their products; the
fewer, the sooner somebody sees what became of the first."""

_CLOCKS_APART = dt.timedelta(hours=1)
"""Ours says when a wish was first sent, Xero's when a document was made: what is not found is made again."""


def deliver(wishes: Sequence[Wish], books: Books) -> Iterator[list[Settled]]:
	"""Make what is wished for, each once; what became of the wishes, as soon as it is known, every wish in one
	of the lists.

	Xero remembers an idempotency key for six minutes, which covers a repeated request but not a job that runs again
	later; so any attempt after the first looks a document up by its reference before creating it. Contacts need no
	such thing: names are unique among Xero's active contacts, and a second attempt finds what the first created.
	"""
	return _Delivery(wishes, books).run()


@dataclass
class _Delivery:
	wishes: Sequence[Wish]
	books: Books
	contacts: dict[str, Contact] = field(default_factory=dict)
	"""By wish: found or created in this delivery."""
	remarks: dict[str, tuple[str, ...]] = field(default_factory=dict)

	def __post_init__(self) -> None:
		self.open = {wish.name: wish for wish in self.wishes}

	def run(self) -> Iterator[list[Settled]]:
		stages = (self._alone, self._contact_updates, self._made_before, self._contacts, self._persons)
		for stage in (*stages, self._items, self._updates, self._creations):
			try:
				yield from stage()
			except XeroConnectorError as failure:
				# what stops one call stops those that would follow
				yield [self._settle(wish, _spared(failure)) for wish in list(self.open.values())]
				return

	def _documents(self) -> list[DocumentWish]:
		return [wish for wish in self.open.values() if isinstance(wish, DocumentWish)]

	def _settle(self, wish: Wish, outcome: Outcome) -> Settled:
		del self.open[wish.name]
		return wish, outcome

	def _delivered(self, wish: DocumentWish, document: Document, remarks: tuple[str, ...] = ()) -> Settled:
		remarks = (*self.remarks.get(wish.name, ()), *remarks)
		return self._settle(wish, Delivered(document, self.contacts.get(wish.name), remarks))

	def _alone(self) -> Iterator[list[Settled]]:
		"""What has no part in a batch."""
		for wish in list(self.open.values()):
			if isinstance(wish, (DocumentWish, ContactUpdateWish)):
				continue
			try:
				yield [self._settle(wish, _ALONE[type(wish)](wish, self.books))]
			except XeroConnectorError as failure:
				yield [self._settle(wish, failure)]
				if isinstance(failure, WillRetry):
					raise

	def _contact_updates(self) -> Iterator[list[Settled]]:
		updates = [wish for wish in self.open.values() if isinstance(wish, ContactUpdateWish)]
		for wishes in batches(updates):
			changes = [ContactChange(wish.contact_id, wish.changes) for wish in wishes]
			results = self.books.update_contacts(changes, _key(wishes, "contact-update"))
			yield [
				self._settle(wish, each if isinstance(each, NeedsPerson) else Delivered(contact=each))
				for wish, each in zip(wishes, results, strict=True)
			]

	def _made_before(self) -> Iterator[list[Settled]]:
		again = [wish for wish in self._documents() if wish.attempts > 1 and not wish.document_id]
		for document_type, wishes in _by_type(again):
			since = min(wish.since for wish in wishes) - _CLOCKS_APART
			found = self.books.find_documents(document_type, [wish.reference for wish in wishes], since)
			made = [wish for wish in wishes if wish.reference in found]
			self._find_contacts(made)
			for wish in made:
				if wish.revised:
					self.open[wish.name] = replace(wish, document_id=found[wish.reference].document_id)
			yield [self._delivered(wish, found[wish.reference]) for wish in made if not wish.revised]

	def _find_contacts(self, wishes: Iterable[DocumentWish]) -> dict[str, list[DocumentWish]]:
		"""Keeps the contacts that Xero has; the wishes of each name that it has not."""
		by_name = _grouped(
			(_name(wish), wish)
			for wish in wishes
			if not wish.draft.contact_id and wish.name not in self.contacts
		)
		if not by_name:
			return {}
		found = self.books.find_contacts([group[0].draft.contact.name for group in by_name.values()])
		for name, contact in found.items():
			self.contacts.update({wish.name: contact for wish in by_name.pop(name, [])})
		return by_name

	def _contacts(self) -> Iterator[list[Settled]]:
		missing = self._find_contacts(self._documents())
		for groups in batches(list(missing.values())):
			firsts = [group[0] for group in groups]
			new = [wish.draft.contact for wish in firsts]
			made = self.books.create_contacts(new, _key(firsts, "contact"))
			for group, contact in zip(groups, made, strict=True):
				if isinstance(contact, NeedsPerson):
					yield [self._settle(wish, _of_contact(contact)) for wish in group]
				else:
					self.contacts.update({wish.name: contact for wish in group})
					# a contact that has just been made is what its person says
					self.remarks.update({wish.name: () for wish in group})

	def _persons(self) -> Iterator[list[Settled]]:
		kept: dict[tuple[str, NewContact], str | None] = {}
		for wish in self._documents():
			if wish.name in self.remarks:
				continue
			whose = (self._contact_id(wish), wish.draft.contact)
			if whose not in kept:
				kept[whose] = self._keep_person(wish)
			if remark := kept[whose]:
				self.remarks[wish.name] = (remark,)
		yield []

	def _keep_person(self, wish: DocumentWish) -> str | None:
		key = f"{wish.idempotency_key}-person"
		try:
			return self.books.keep_person(self._contact_id(wish), wish.draft.contact, key)
		except NeedsPerson as refused:
			return refused.values.get("message") or str(refused)

	def _contact_id(self, wish: DocumentWish) -> str:
		return wish.draft.contact_id or self.contacts[wish.name].contact_id

	def _items(self) -> Iterator[list[Settled]]:
		products = {product.code: product for wish in self._documents() for product in wish.draft.products}
		if not products:
			return
		key = _key(self._documents(), "items")
		results = self.books.save_items(list(products.values()), key)
		refused = {
			code: result
			for code, result in zip(products, results, strict=True)
			if isinstance(result, NeedsPerson)
		}
		yield [
			self._settle(wish, _bad_products(wish, refused))
			for wish in self._documents()
			if any(product.code in refused for product in wish.draft.products)
		]

	def _updates(self) -> Iterator[list[Settled]]:
		for document_type, wishes in _by_type([wish for wish in self._documents() if wish.document_id]):
			ids = [str(wish.document_id) for wish in wishes]
			known = self.books.current(document_type, ids)
			refused = {
				wish.name: error for wish in wishes if (error := _obstacle(known.get(str(wish.document_id))))
			}
			yield [self._settle(wish, refused[wish.name]) for wish in wishes if wish.name in refused]
			orders = [
				self._change(wish, known[str(wish.document_id)])
				for wish in wishes
				if wish.name not in refused
			]
			rest = [wish for wish in wishes if wish.name not in refused]
			yield from self._send(rest, orders, self.books.update_documents, "update")

	def _change(self, wish: DocumentWish, current: Current) -> Order:
		ranks = [status.upper() for status in STATUSES]
		has, wants = current.document.status.upper(), wish.draft.status.upper()
		raised = has in ranks and ranks.index(wants) > ranks.index(has)
		return Order(
			wish.draft,
			self._contact_id(wish),
			wish.reference,
			wish.back_link,
			wish.document_id,
			kept_lines(wish.draft.lines, current.lines),
			wants if raised else None,
		)

	def _creations(self) -> Iterator[list[Settled]]:
		wishes = self._documents()
		orders = [
			Order(
				wish.draft,
				self._contact_id(wish),
				wish.reference,
				wish.back_link,
				status=wish.draft.status.upper(),
			)
			for wish in wishes
		]
		yield from self._send(wishes, orders, self.books.create_documents, "document")

	def _send(
		self,
		wishes: Sequence[DocumentWish],
		orders: Sequence[Order],
		call: Callable[[str, Sequence[Order], str], Sequence[Made | NeedsPerson]],
		what: str,
	) -> Iterator[list[Settled]]:
		pairs = list(zip(wishes, orders, strict=True))
		for document_type, of_type in _by_type(wishes):
			names = {wish.name for wish in of_type}
			for chunk in batches([pair for pair in pairs if pair[0].name in names]):
				yield from self._send_chunk(document_type, chunk, call, what)

	def _send_chunk(
		self,
		document_type: str,
		chunk: Sequence[tuple[DocumentWish, Order]],
		call: Callable[[str, Sequence[Order], str], Sequence[Made | NeedsPerson]],
		what: str,
	) -> Iterator[list[Settled]]:
		wishes, orders = [wish for wish, _ in chunk], [order for _, order in chunk]
		try:
			results = call(document_type, orders, _key(wishes, what))
		except XeroConnectorError as failure:
			if len(chunk) > 1 and failure.code in (Code.REJECTED, Code.UNKNOWN):
				# one of them spoils the whole request: each by itself
				for one in chunk:
					yield from self._send_chunk(document_type, [one], call, what)
				return
			yield [self._settle(wish, failure) for wish in wishes]
			if failure.code in (Code.REJECTED, Code.UNKNOWN):
				return
			raise
		yield [
			self._settle(wish, result)
			if isinstance(result, NeedsPerson)
			else self._delivered(wish, result.document, result.remarks)
			for wish, result in zip(wishes, results, strict=True)
		]


def kept_lines(lines: Sequence[Line], current: Sequence[CurrentLine]) -> tuple[str | None, ...]:
	"""For each line the id of the one in Xero that it goes on as (C11): the same item and words first, then in
	their order; None for a new one. What stays unnamed, Xero deletes, and so a line that loses its item or its
	discount is a new one."""
	left = list(current)
	kept: list[str | None] = [None] * len(lines)
	for same in (
		lambda line, there: (line.item_code, line.description) == (there.item_code, there.description),
		lambda line, there: line.item_code == there.item_code,
		lambda line, there: True,
	):
		for number, line in enumerate(lines):
			fits = (there for there in left if same(line, there) and all(getattr(line, f) for f in there.has))
			found = None if kept[number] else next(fits, None)
			if found:
				kept[number] = found.line_id
				left.remove(found)
	return tuple(kept)


def _contact_alone(wish: ContactWish, books: Books) -> Delivered:
	found = books.find_contacts([wish.contact.name]).get(wish.contact.name.casefold())
	[made] = [found] if found else books.create_contacts([wish.contact], f"{wish.idempotency_key}-contact")
	if isinstance(made, NeedsPerson):
		raise made
	return Delivered(contact=made)


def _note(wish: NoteWish, books: Books) -> Delivered:
	_write_down(wish, wish.document_type, wish.document_id, wish.text, books)
	return Delivered()


def _write_down(wish: Wish, document_type: str, document_id: str, text: str, books: Books) -> None:
	if wish.attempts == 1 or text not in books.notes(document_type, document_id):
		books.add_note(document_type, document_id, text, f"{wish.idempotency_key}-note")


def _void(wish: VoidWish, books: Books) -> Delivered:
	"""Drafts are deleted and approved documents voided; the reason goes into the history first."""
	known = books.current(wish.document_type, [wish.document_id]).get(wish.document_id)
	if known and known.document.status in _OVER:
		return Delivered(known.document)
	obstacle = _obstacle(known)
	if obstacle or not known:
		raise obstacle or NeedsPerson(Code.GONE_IN_XERO)
	document = known.document
	_write_down(wish, wish.document_type, wish.document_id, wish.reason, books)
	status = "VOIDED" if document.status == "Authorised" else "DELETED"
	return Delivered(books.void(wish.document_type, wish.document_id, status, f"{wish.idempotency_key}-void"))


_ALONE: dict[type[Wish], Callable[..., Delivered]] = {
	ContactWish: _contact_alone,
	NoteWish: _note,
	VoidWish: _void,
}


_OVER = ("Voided", "Deleted")


def _obstacle(current: Current | None) -> NeedsPerson | None:
	"""Why a document may not be changed any more (R75, C11)."""
	if not current or current.document.status in _OVER:
		return NeedsPerson(Code.GONE_IN_XERO)
	document = current.document
	if document.amount_paid or document.amount_credited or document.status == "Paid":
		return NeedsPerson(Code.HAS_PAYMENTS, number=document.number or "")
	return None


def _of_contact(refused: NeedsPerson) -> NeedsPerson:
	"""What Xero has against a new contact, with the field's path in the form of a document."""
	field = refused.values.get("field")
	if field not in NewContact._fields:
		return refused
	return NeedsPerson(refused.code, **{**refused.values, "field": f"contact.{field}"})


def _bad_products(wish: DocumentWish, refused: dict[str, NeedsPerson]) -> NeedsPerson:
	codes = [product.code for product in wish.draft.products if product.code in refused]
	number = next(n for n, line in enumerate(wish.draft.lines) if line.item_code in codes)
	message = refused[codes[0]].values.get("message", "")
	return NeedsPerson(
		Code.BAD_PRODUCT, products=", ".join(codes), message=message, field=f"lines.{number}.item_code"
	)


def _spared(failure: XeroConnectorError) -> XeroConnectorError:
	"""The same failure for wishes of which nothing had been sent."""
	if isinstance(failure, WillRetry):
		return WillRetry(failure.code, retry_after=failure.retry_after, maybe_done=False, **failure.values)
	return failure


def _name(wish: DocumentWish) -> str:
	return wish.draft.contact.name.casefold()


def _by_type(wishes: Iterable[DocumentWish]) -> list[tuple[str, list[DocumentWish]]]:
	return list(_grouped((wish.draft.document_type, wish) for wish in wishes).items())


def _key(wishes: Sequence[Wish], what: str) -> str:
	"""One request's idempotency key: the same wishes in the same revisions have the same."""
	if len(wishes) == 1:
		return f"{wishes[0].idempotency_key}-{what}"
	joined = "\n".join(wish.idempotency_key for wish in wishes)
	return f"{hashlib.sha256(joined.encode()).hexdigest()}-{what}"


_Each = TypeVar("_Each")


def _grouped(pairs: Iterable[tuple[str, _Each]]) -> dict[str, list[_Each]]:
	found: dict[str, list[_Each]] = {}
	for key, each in pairs:
		found.setdefault(key, []).append(each)
	return found


def batches(each: Sequence[_Each], size: int = BATCH) -> Iterator[Sequence[_Each]]:
	"""As many at a time as go to Xero in one call, or `size`."""
	for start in range(0, len(each), size):
		yield each[start : start + size]
