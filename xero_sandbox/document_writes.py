"""PUT and POST of invoices, bills and credit notes: from the request's element to a document that Xero accepts."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from . import acts, charts, fields, render
from .batch import Plan, write
from .books import NIL, Document, Json, Organisation, clear_amounts, settle
from .calls import Answer, Call
from .contact_writes import by_name, new_contact
from .document_rules import edit_errors, rule_errors
from .errors import not_found
from .line_rules import Findings, build_line
from .lists import document_json, find_invoice
from .seed_documents import total_up


@dataclass(frozen=True)
class Kind:
	"""What differs between invoices and credit notes."""

	key: str
	id_field: str
	number_field: str
	types: tuple[str, ...]
	numbered: str


INVOICES = Kind("Invoices", "InvoiceID", "InvoiceNumber", ("ACCREC", "ACCPAY"), "ACCREC")
CREDITS = Kind(
	"CreditNotes", "CreditNoteID", "CreditNoteNumber", ("ACCRECCREDIT", "ACCPAYCREDIT"), "ACCRECCREDIT"
)


def _put(kind: Kind) -> Callable[[Call], Answer]:
	return lambda call: _write(call, kind, create_only=True)


def _post(kind: Kind) -> Callable[[Call], Answer]:
	return lambda call: _write(call, kind, create_only=False)


def _post_one(kind: Kind) -> Callable[[Call, str], Answer]:
	def answer(call: Call, identity: str) -> Answer:
		row = _find(call.organisation, kind, identity)
		if row is None:
			raise not_found()
		element = call.elements(kind.key)[0] | {kind.id_field: row.id}
		return write(call, kind.key, kind.id_field, [_plan(call, kind, element, False, set())])

	return answer


def _write(call: Call, kind: Kind, create_only: bool) -> Answer:
	taken: set[str] = set()
	plans = [_plan(call, kind, element, create_only, taken) for element in call.elements(kind.key)]
	return write(call, kind.key, kind.id_field, plans)


def _find(books: Organisation, kind: Kind, identity: str) -> Document | None:
	return books.credit_notes.get(identity) if kind is CREDITS else find_invoice(books, identity)


def _existing(books: Organisation, kind: Kind, element: Json) -> Document | None:
	"""What a POST changes: by id, else by number where numbers are unique."""
	identity = fields.text(element, kind.id_field)
	table = books.credit_notes if kind is CREDITS else books.invoices
	if identity and identity != NIL:
		return table.get(identity)
	number = fields.text(element, kind.number_field)
	return _numbered(books, kind, number) if number else None


def _numbered(books: Organisation, kind: Kind, number: str) -> Document | None:
	table = books.credit_notes if kind is CREDITS else books.invoices
	rows = (
		row for row in table if row.number == number and row.type == kind.numbered and row.status != "DELETED"
	)
	return next(rows, None)


def _plan(call: Call, kind: Kind, element: Json, create_only: bool, taken: set[str]) -> Plan:
	books = call.organisation
	found = _existing(books, kind, element)
	if found and create_only:
		plan = Plan(element)
		plan.errors.append(f"{'Invoice' if kind is INVOICES else 'Credit Note'} # must be unique.")
		return plan
	plan = Plan(element, existing=found.id if found else None)
	if found is None and element.get(kind.id_field) not in (None, NIL):
		plan.errors.append(f"The document with this {kind.id_field} could not be found")
		return plan
	candidate = copy.copy(found) if found else _blank(call, kind, element, plan)
	if candidate is None:
		return plan
	if kind is CREDITS and _has_discount(element):
		# Xero answers as if all was well and creates nothing
		plan.commit = lambda: dict(element) | {kind.id_field: NIL}
		return plan
	findings = Findings(plan.errors, plan.warnings)
	_fill(call, kind, candidate, element, found, findings)
	plan.errors += rule_errors(books, candidate, found)
	plan.errors += edit_errors(candidate, found) if found else []
	plan.errors += _number_errors(books, kind, candidate, found, taken)
	plan.commit = lambda: _save(call, kind, candidate, found)
	return plan


def _blank(call: Call, kind: Kind, element: Json, plan: Plan) -> Document | None:
	what = fields.text(element, "Type")
	if what not in kind.types:
		plan.errors.append(f"Type '{what}' is not valid: use one of {', '.join(kind.types)}.")
		return None
	contact = _contact(call.organisation, fields.inner(element, "Contact"), plan)
	if contact is None:
		return None
	books = call.organisation
	theme = books.branding_themes[0]["BrandingThemeID"] if what in ("ACCREC", "ACCRECCREDIT") else None
	return Document(
		id=str(uuid.uuid4()),
		type=what,
		contact=contact,
		date=call.today,
		status="DRAFT",
		updated=0,
		currency=str(contact.fields.get("DefaultCurrency") or books.base_currency),
		branding_theme_id=theme,
		created_by=call.client_id,
	)


def _contact(books: Organisation, element: Json, plan: Plan) -> Any:
	"""By id or number; by name, which creates a contact when there is none."""
	identity, number = fields.text(element, "ContactID"), fields.text(element, "ContactNumber")
	name = fields.text(element, "Name")
	if not (identity or number or name):
		plan.errors.append("A Contact must be specified for this type of transaction")
		return None
	if identity:
		found = books.contacts.get(identity)
	else:
		found = next((row for row in books.contacts if number and row.number == number), None) or by_name(
			books, name
		)
	if found is None and not identity and name:
		return new_contact(name)
	if found is None:
		plan.errors.append("The Contact with this ContactID could not be found")
	elif found.status != "ACTIVE":
		plan.errors.append(
			f"The contact {found.name} is archived and must be un-archived before it can be used."
		)
	return found


def _has_discount(element: Json) -> bool:
	lines = fields.listing(element, "LineItems") or []
	return any(line.get(name) is not None for line in lines for name in ("DiscountRate", "DiscountAmount"))


# attribute, field, reader
SIMPLE: list[tuple[str, str, Callable[[Json, str], Any]]] = [
	("date", "Date", fields.day),
	("due_date", "DueDate", fields.day),
	("line_amount_types", "LineAmountTypes", fields.text),
	("currency", "CurrencyCode", fields.text),
	("rate", "CurrencyRate", fields.number),
	("status", "Status", fields.text),
	("url", "Url", fields.text),
	("branding_theme_id", "BrandingThemeID", fields.text),
	("sent_to_contact", "SentToContact", fields.flag),
	("expected_payment_date", "ExpectedPaymentDate", fields.day),
	("planned_payment_date", "PlannedPaymentDate", fields.day),
]


def _fill(
	call: Call, kind: Kind, document: Document, element: Json, found: Document | None, findings: Findings
) -> None:
	for attribute, name, read in SIMPLE:
		if (value := read(element, name)) is not None:
			setattr(document, attribute, value)
	if (number := fields.text(element, kind.number_field)) is not None:
		document.number = number
	# a bill's reference is its number
	if document.type != "ACCPAY" and (reference := fields.text(element, "Reference")) is not None:
		document.reference = reference
	if found and "Contact" in element:
		plan = Plan(element)
		document.contact = (
			_contact(call.organisation, fields.inner(element, "Contact"), plan) or found.contact
		)
		findings.errors += plan.errors
	_rate(call.organisation, document, element, found)
	_lines(call, document, element, found, findings)
	if document.url and urlsplit(document.url).scheme not in ("http", "https"):
		findings.errors.append("Url must be a valid absolute address.")


def _rate(books: Organisation, document: Document, element: Json, found: Document | None) -> None:
	"""Omitted: the rate of the day, or 1 for the base currency."""
	base = books.base_currency
	if element.get("CurrencyRate") is not None or (found and found.currency == document.currency):
		document.rate = document.rate.quantize(Decimal("0.000001"))
	elif document.currency == base:
		document.rate = Decimal("1.000000")
	else:
		document.rate = charts.RATES.get((base, document.currency), Decimal("1.000000"))


def _lines(call: Call, document: Document, element: Json, found: Document | None, findings: Findings) -> None:
	"""LineItems replace the set; those with the LineItemID of an old one keep what is not said. None: as it was."""
	given = fields.listing(element, "LineItems")
	if given is None and found is None:
		given = []
	if given is None and not _recalculate(document, found):
		return
	old = {line.id: line for line in found.lines} if found else {}
	elements = _as_they_are(document, found) if given is None else given
	document.lines = [
		build_line(
			call.organisation, document, row, call.unitdp, old.get(str(row.get("LineItemID"))), findings
		)
		for row in elements
	]
	total_up(document)


def _as_they_are(document: Document, found: Document | None) -> list[Json]:
	"""The lines unsaid; a tax amount set by hand stays unless LineAmountTypes makes another."""
	same = found is not None and document.line_amount_types == found.line_amount_types
	return [
		{"LineItemID": line.id} | ({"TaxAmount": line.tax_amount} if same else {}) for line in document.lines
	]


def _recalculate(document: Document, found: Document | None) -> bool:
	"""Approval checks the lines again, and another LineAmountTypes makes another tax."""
	if found is None or document.status in ("VOIDED", "DELETED"):
		return False
	return document.line_amount_types != found.line_amount_types or (
		document.status != found.status and document.status in ("SUBMITTED", "AUTHORISED")
	)


def _number_errors(
	books: Organisation, kind: Kind, candidate: Document, found: Document | None, taken: set[str]
) -> list[str]:
	if (
		not candidate.number
		or candidate.type != kind.numbered
		or (found and found.number == candidate.number)
	):
		return []
	other = _numbered(books, kind, candidate.number)
	clash = (other is not None and other is not found) or candidate.number in taken
	taken.add(candidate.number)
	return ["Invoice # must be unique."] if clash else []


def _save(call: Call, kind: Kind, candidate: Document, found: Document | None) -> Json:
	books = call.organisation
	if candidate.contact.id not in books.contacts:
		known = by_name(books, candidate.contact.name)
		if known:
			candidate.contact = known
		else:
			call.sandbox.changed(books, candidate.contact, created=True)
	if candidate.type == kind.numbered and not candidate.number:
		candidate.number = _next_number(books, kind)
	if candidate.status in ("VOIDED", "DELETED"):
		clear_amounts(candidate)
	else:
		settle(candidate)
	row = _apply(call, candidate, found)
	return document_json(books, row, render.SINGLE, call.unitdp)


def _next_number(books: Organisation, kind: Kind) -> str:
	while True:
		if kind is INVOICES:
			number, books.next_number = f"INV-{books.next_number:04d}", books.next_number + 1
		else:
			number, books.next_credit_number = (
				f"CN-{books.next_credit_number:04d}",
				books.next_credit_number + 1,
			)
		if _numbered(books, kind, number) is None:
			return number


OWN = {"encoded", "updated", "id", "payments", "allocations", "contact"}


def _apply(call: Call, candidate: Document, found: Document | None) -> Document:
	if found is None:
		call.sandbox.changed(call.organisation, candidate, created=True)
		return candidate
	changes = {
		field.name: getattr(candidate, field.name)
		for field in dataclass_fields(Document)
		if field.name not in OWN and getattr(candidate, field.name) != getattr(found, field.name)
	}
	if candidate.contact is not found.contact:
		call.organisation.documents_of[found.contact.id].remove(found)
		found.contact.encoded.clear()
		call.organisation.documents_of[candidate.contact.id].append(found)
		changes["contact"] = candidate.contact
	acts.edit_document(call.sandbox, call.organisation, found, changes)
	return found


ROUTES: list[tuple[str, str, Callable[..., Answer], str]] = []
for _kind in (INVOICES, CREDITS):
	ROUTES.append(("PUT", f"/{_kind.key}", _put(_kind), "invoices"))
	ROUTES.append(("POST", f"/{_kind.key}", _post(_kind), "invoices"))
	ROUTES.append(("POST", f"/{_kind.key}/<identity>", _post_one(_kind), "invoices"))
