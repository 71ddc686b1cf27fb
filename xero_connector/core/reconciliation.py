"""Whether the mirror is what Xero has: sums against Xero's own balances, and row against row (B4).

Xero goes on changing while it is compared. What changed after the mirror was last read is no difference, it is on its
way: `read_to` is the newest change that the mirror has been told of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from xero_connector.core.model import Contact, Document, DocumentType, Endpoint
from xero_connector.core.money import ZERO, rounded
from xero_connector.core.sync import Row

CONTACT = "Contact"
_DELETED = "Deleted"

_COMPARED: dict[type, tuple[str, ...]] = {
	Contact: ("contact_name", "email_address", "status", "merged_into"),
	Document: (
		"document_type",
		"number",
		"reference",
		"contact",
		"date",
		"due_date",
		"status",
		"currency",
		"currency_rate",
		"sub_total",
		"tax",
		"total",
		"amount_due",
		"amount_paid",
		"amount_credited",
		"fully_paid_on",
		"sent_to_contact",
	),
}


class Kind(str, Enum):
	MISSING = "Missing"
	"""Xero has it, and the mirror does not."""
	EXTRA = "Extra"
	"""The mirror has it, and Xero does not."""
	DIFFERENT = "Different"
	BALANCE = "Balance"
	"""Each document is the same, and yet Xero's balance of the contact is not their sum."""


class Difference(NamedTuple):
	"""`subject` is "Contact" or a document's type; `here` and `in_xero` are what is left to pay, in `currency`. `fields`
	tells of what both have, by name, the two values as text."""

	kind: Kind
	subject: str
	xero_id: str
	title: str
	contact: str | None
	contact_name: str
	currency: str
	here: Decimal
	in_xero: Decimal
	fields: Mapping[str, tuple[str, str]]

	@property
	def endpoint(self) -> Endpoint:
		return endpoint_of(self.subject)


def endpoint_of(subject: str) -> Endpoint:
	"""The list of Xero's that has it."""
	if subject == CONTACT:
		return Endpoint.CONTACTS
	return Endpoint.INVOICES if subject in _OWED else Endpoint.CREDIT_NOTES


# Sums


class Owed(NamedTuple):
	"""The balances of one contact's approved documents that are alike in all of this, in their own currency."""

	contact: str
	document_type: str
	currency: str
	currency_rate: Decimal
	is_overdue: bool
	amount: Decimal


class Balance(NamedTuple):
	"""What a contact owes and is owed, in the organisation's base currency."""

	receivable: Decimal = ZERO
	receivable_overdue: Decimal = ZERO
	payable: Decimal = ZERO
	payable_overdue: Decimal = ZERO


_OWED = {DocumentType.INVOICE.value: 0, DocumentType.BILL.value: 2}
"""The place in Balance of what counts for it; credit notes do not, until they are allocated."""


def balance_of(contact: Contact) -> Balance:
	"""In Xero's own words."""
	return Balance(
		contact.receivable_outstanding,
		contact.receivable_overdue,
		contact.payable_outstanding,
		contact.payable_overdue,
	)


def balances(owed: Iterable[Owed]) -> dict[str, Balance]:
	"""By contact, what the documents come to. As Xero does it: each by its own rate (units for one of the base
	currency, 0 where there is none), rounded once for the contact."""
	sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO] * len(Balance._fields))
	for each in owed:
		if each.document_type not in _OWED:
			continue
		place, amount = _OWED[each.document_type], each.amount / (each.currency_rate or 1)
		sums[each.contact][place] += amount
		if each.is_overdue:
			sums[each.contact][place + 1] += amount
	return {contact: Balance(*map(rounded, amounts)) for contact, amounts in sums.items()}


def owed_on(documents: Iterable[Row]) -> list[Owed]:
	"""The approved ones of some documents; whether they are overdue is not looked at."""
	return [
		Owed(row.contact or "", row.document_type, row.currency, row.currency_rate, False, row.amount_due)
		for row in documents
		if isinstance(row, Document) and row.status == "Authorised"
	]


class CurrencySum(NamedTuple):
	"""What all documents of a type have left to pay in one currency, here and in Xero."""

	document_type: str
	currency: str
	here: Decimal
	in_xero: Decimal


def shifts(found: Iterable[Difference]) -> list[CurrencySum]:
	"""By how much Xero's sums are others because of these differences; nothing is here."""
	return [
		CurrencySum(each.subject, each.currency, ZERO, each.in_xero - each.here)
		for each in found
		if each.endpoint is not Endpoint.CONTACTS
	]


def by_currency(owed: Iterable[Owed], shifted: Iterable[CurrencySum]) -> list[CurrencySum]:
	"""Xero tells no sums by currency; where no difference was found, its sum is ours."""
	sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
	ours = (CurrencySum(each.document_type, each.currency, each.amount, each.amount) for each in owed)
	for each in (*ours, *shifted):
		amounts = sums[each.document_type, each.currency]
		amounts[0] += each.here
		amounts[1] += each.in_xero
	return [CurrencySum(*key, *amounts) for key, amounts in sorted(sums.items())]


# Rows


def differing(
	ours: Mapping[str, Row], theirs: Iterable[Row], read_to: datetime | None
) -> Iterable[Difference]:
	"""What Xero tells of rows and the mirror does not, or tells otherwise."""
	for row in theirs:
		known = ours.get(row[0])
		if known is None:
			if not is_moving(row, read_to) and row.status != _DELETED:
				yield _difference(Kind.MISSING, None, row)
		elif not (is_moving(row, read_to) or is_moving(known, read_to)) and unlike(known, row):
			yield _difference(Kind.DIFFERENT, known, row)


def extra(ours: Mapping[str, Row], read_to: datetime | None) -> Iterable[Difference]:
	"""Rows of the mirror that Xero did not tell of, though it was asked for them."""
	for row in ours.values():
		if not is_moving(row, read_to) and not is_gone(row):
			yield _difference(Kind.EXTRA, row, None)


def is_gone(row: Row) -> bool:
	"""What Xero may not tell of any more."""
	return row.status == _DELETED or (isinstance(row, Contact) and row.status != "Active")


def is_moving(row: Row, read_to: datetime | None) -> bool:
	return read_to is not None and row.updated_utc > read_to


def unlike(ours: Row, theirs: Row) -> dict[str, tuple[str, str]]:
	"""The fields that differ."""
	pairs = {name: (getattr(ours, name), getattr(theirs, name)) for name in _COMPARED[type(theirs)]}
	# a column does not tell "nothing" from "empty"
	return {
		name: (_text(one), _text(other))
		for name, (one, other) in pairs.items()
		if (one or None) != (other or None)
	}


def odd_balance(contact: Contact, documents: Balance, currency: str) -> Difference | None:
	"""Where each document is the same, and the contact's balance is another. What is overdue of it follows from the
	documents and the day, which may have changed in between."""
	told = balance_of(contact)
	for place, name in ((0, "receivable"), (2, "payable")):
		if told[place] != documents[place]:
			here, in_xero = documents[place], told[place]
			return Difference(
				Kind.BALANCE,
				CONTACT,
				contact.contact_id,
				contact.contact_name,
				contact.contact_id,
				contact.contact_name,
				currency,
				here,
				in_xero,
				{name: (_text(here), _text(in_xero))},
			)
	return None


def _difference(kind: Kind, ours: Row | None, theirs: Row | None) -> Difference:
	row = theirs or ours
	assert row is not None
	fields = unlike(ours, theirs) if ours and theirs else {}
	if isinstance(row, Contact):
		name = row.contact_name
		return Difference(kind, CONTACT, row[0], name, row[0], name, "", ZERO, ZERO, fields)
	return Difference(
		kind,
		row.document_type,
		row[0],
		row.number or row.reference or "",
		row.contact,
		row.contact_name or "",
		row.currency,
		_due(ours),
		_due(theirs),
		fields,
	)


def _due(row: Row | None) -> Decimal:
	"""What is left to pay; of drafts nobody pays anything."""
	return row.amount_due if isinstance(row, Document) and row.status == "Authorised" else ZERO


def _text(value: object) -> str:
	return f"{value.normalize():f}" if isinstance(value, Decimal) else "" if value is None else str(value)
