"""What people do in Xero itself, and the bookkeeping of every change."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .books import Contact, Document, Note, Organisation, Payment, clear_amounts, settle
from .document_rules import approval_errors
from .line_rules import Findings, complete

if TYPE_CHECKING:
	from .sandbox import Sandbox


def changed(sandbox: Sandbox, books: Organisation, row: Any, created: bool, bump: bool) -> None:
	now = sandbox.clock.milliseconds()
	table: Any = _table(books, row)
	if created:
		row.updated = now
		table.add(row)
	elif bump:
		table.touch(row, now)
	row.encoded.clear()
	if isinstance(row, Contact):
		books.forget_encoded(row)
	elif isinstance(row, Document):
		_document_changed(books, row, created)
	if not isinstance(row, Payment):
		what = "Created" if created else "Edited"
		books.history[row.id].append(Note(changes=what, details="Through the API or by a user", moment=now))
		sandbox.events.add(books.id, row, created, now)


def _document_changed(books: Organisation, row: Document, created: bool) -> None:
	if created:
		books.documents_of[row.contact.id].append(row)
	row.contact.encoded.clear()
	if row.is_sale:
		row.contact.is_customer = True
	else:
		row.contact.is_supplier = True


def _table(books: Organisation, row: Any) -> Any:
	if isinstance(row, Contact):
		return books.contacts
	return books.payments if isinstance(row, Payment) else books.table_of(row)


def find_document(sandbox: Sandbox, identity: str) -> tuple[Organisation, Document]:
	for books in sandbox.organisations:
		if row := books.find_document(identity):
			return books, row
	raise KeyError(f"no document {identity}")


def find_contact(sandbox: Sandbox, identity: str) -> tuple[Organisation, Contact]:
	for books in sandbox.organisations:
		if row := books.contacts.get(identity):
			return books, row
	raise KeyError(f"no contact {identity}")


def pay(sandbox: Sandbox, invoice_id: str, amount: Decimal | str | None, day: date | None) -> Payment:
	books, invoice = find_document(sandbox, invoice_id)
	sum_paid = invoice.amount_due if amount is None else Decimal(str(amount))
	if invoice.status != "AUTHORISED" or not 0 < sum_paid <= invoice.amount_due:
		raise ValueError(
			f"{invoice.number} is {invoice.status} with {invoice.amount_due} due: cannot pay {sum_paid}"
		)
	payment = Payment(
		id=str(uuid.uuid4()),
		document=invoice,
		account_id=books.accounts[0]["AccountID"],
		date=day or sandbox.clock.today(books.timezone),
		amount=sum_paid,
		rate=invoice.rate,
		updated=0,
	)
	add_payment(sandbox, books, payment)
	return payment


def add_payment(sandbox: Sandbox, books: Organisation, payment: Payment) -> None:
	payment.document.payments.append(payment)
	settle(payment.document)
	sandbox.changed(books, payment, created=True)
	sandbox.changed(books, payment.document)


def set_status(sandbox: Sandbox, document_id: str, status: str) -> Document:
	books, row = find_document(sandbox, document_id)
	if row.status not in ("DRAFT", "SUBMITTED"):
		raise ValueError(
			f"{row.number} is {row.status}: only a draft or submitted document can be authorised"
		)
	before, row.status = row.status, status
	findings = Findings()
	for line in row.lines:
		complete(row, line, findings)
	if problems := approval_errors(row) + findings.errors:
		row.status = before
		raise ValueError(f"{row.number} cannot be authorised: {' '.join(problems)}")
	settle(row)
	sandbox.changed(books, row)
	return row


def void(sandbox: Sandbox, document_id: str) -> Document:
	books, row = find_document(sandbox, document_id)
	if any(payment.status == "AUTHORISED" for payment in row.payments) or row.allocations:
		raise ValueError(f"{row.number} has payments or allocations: it cannot be voided")
	row.status = "DELETED" if row.status in ("DRAFT", "SUBMITTED") else "VOIDED"
	clear_amounts(row)
	sandbox.changed(books, row)
	return row


def edit_contact(sandbox: Sandbox, contact_id: str, changes: dict[str, Any]) -> None:
	books, row = find_contact(sandbox, contact_id)
	own = {"Name": "name", "ContactStatus": "status", "ContactNumber": "number"}
	for name, value in changes.items():
		if name in own:
			setattr(row, own[name], value)
		else:
			row.fields[name] = value
	sandbox.changed(books, row)


# where a change of these alone on a part-paid document leaves UpdatedDateUTC as it was
FORGOTTEN = {"due_date", "sent_to_contact"}


def edit_invoice(sandbox: Sandbox, invoice_id: str, changes: dict[str, Any]) -> None:
	books, row = find_document(sandbox, invoice_id)
	edit_document(sandbox, books, row, changes)


def edit_document(sandbox: Sandbox, books: Organisation, row: Document, changes: dict[str, Any]) -> None:
	for name, value in changes.items():
		if not hasattr(row, name):
			raise ValueError(f"a document has no {name}")
		setattr(row, name, value)
	forgotten = row.amount_paid > 0 and bool(changes) and set(changes) <= FORGOTTEN
	sandbox.changed(books, row, bump=not forgotten)


def merge_contacts(sandbox: Sandbox, loser: str, winner: str) -> None:
	"""The loser is archived and points to the winner; its documents become the winner's."""
	books, lost = find_contact(sandbox, loser)
	kept = books.contacts[winner.lower()]
	for document in books.documents_of.pop(lost.id, []):
		document.contact = kept
		books.documents_of[kept.id].append(document)
		sandbox.changed(books, document)
	kept.is_customer |= lost.is_customer
	kept.is_supplier |= lost.is_supplier
	lost.status, lost.merged_to = "ARCHIVED", kept.id
	sandbox.changed(books, lost)
	sandbox.changed(books, kept)
