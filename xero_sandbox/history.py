"""History and notes, and the PDF under its own address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import fields, render
from .books import Note, Organisation
from .calls import Answer, Call, elements
from .errors import invalid, not_found
from .identity import USER
from .lists import find_contact, find_invoice
from .pdf import pdf_answer

LONGEST = 2500
# endpoint -> what finds its element, scope family
PLACES: dict[str, tuple[Callable[[Organisation, str], Any], str]] = {
	"Invoices": (find_invoice, "invoices"),
	"Contacts": (find_contact, "contacts"),
	"CreditNotes": (lambda books, identity: books.credit_notes.get(identity), "invoices"),
	"Prepayments": (lambda books, identity: books.prepayments.get(identity), "payments"),
	"Overpayments": (lambda books, identity: books.overpayments.get(identity), "payments"),
	"Payments": (lambda books, identity: books.payments.get(identity), "payments"),
	"Items": (lambda books, identity: books.item(identity), "items"),
}


def _identity(call: Call, find: Callable[[Organisation, str], Any], identity: str) -> str:
	row = find(call.organisation, identity)
	if row is None:
		raise not_found()
	return str(row["ItemID"]) if isinstance(row, dict) else str(row.id)


def _read(find: Callable[[Organisation, str], Any]) -> Callable[[Call, str], Answer]:
	def answer(call: Call, identity: str) -> Answer:
		notes = call.organisation.history[_identity(call, find, identity)]
		return elements(call, "HistoryRecords", [render.note(note) for note in reversed(notes)])

	return answer


def _add(find: Callable[[Organisation, str], Any]) -> Callable[[Call, str], Answer]:
	def answer(call: Call, identity: str) -> Answer:
		key = _identity(call, find, identity)
		texts = [fields.text(element, "Details") or "" for element in call.elements("HistoryRecords")]
		if not all(0 < len(text) <= LONGEST for text in texts):
			raise invalid(f"Details must have 1 to {LONGEST} characters.")
		notes = [Note(changes="Note", details=text, moment=call.now, user=USER["name"]) for text in texts]
		call.organisation.history[key] += notes
		return elements(call, "HistoryRecords", [render.note(note) for note in notes])

	return answer


def _pdf(find: Callable[[Organisation, str], Any]) -> Callable[[Call, str], Answer]:
	def answer(call: Call, identity: str) -> Answer:
		row = find(call.organisation, identity)
		if row is None:
			raise not_found()
		return pdf_answer(row)

	return answer


ROUTES: list[tuple[str, str, Callable[..., Answer], str]] = []
for _name, (_find, _family) in PLACES.items():
	ROUTES.append(("GET", f"/{_name}/<identity>/History", _read(_find), _family))
	ROUTES.append(("PUT", f"/{_name}/<identity>/History", _add(_find), _family))
for _name in ("Invoices", "CreditNotes"):
	ROUTES.append(("GET", f"/{_name}/<identity>/pdf", _pdf(PLACES[_name][0]), "invoices"))
