"""From a deal to a draft invoice: what the form starts with, and what must hold before it is sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from base64 import b32encode
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from xero_connector.core import money
from xero_connector.core.errors import Code, NeedsPerson

MAX_REFERENCE, MAX_DESCRIPTION, MAX_NAME = 255, 4000, 255
_CODE_LENGTH = 6
_EMAIL = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")  # Xero takes no umlauts here
_TOO_MUCH = Decimal(10) ** 12
"""Nobody's invoice; and what Xero takes ends not far above."""


class NewContact(NamedTuple):
	"""What a new billing contact gets from the record (R21)."""

	name: str
	first_name: str | None = None
	last_name: str | None = None
	email_address: str | None = None
	phone: str | None = None
	address_line: str | None = None
	city: str | None = None
	region: str | None = None
	postal_code: str | None = None
	country: str | None = None


@dataclass(frozen=True)
class Source:
	"""What a record offers to an invoice. `contact.name` is the organization's name, else the person's (R10)."""

	title: str
	amount: Decimal | None
	currency: str | None
	contact: NewContact


@dataclass(frozen=True)
class Line:
	description: str
	quantity: Decimal
	unit_amount: Decimal
	account_code: str | None


@dataclass(frozen=True)
class Draft:
	"""One draft invoice. `contact_id` is a Xero contact; without one, `contact` is found by name or created."""

	organisation: str
	contact_id: str | None
	contact: NewContact
	date: dt.date
	due_date: dt.date
	reference: str | None
	currency: str
	lines: tuple[Line, ...]


class Defaults(NamedTuple):
	"""What the form of a new draft shows (R10-R15); every field can be edited."""

	contact_id: str | None
	contact_name: str
	date: dt.date
	due_date: dt.date
	reference: str
	description: str
	amount: Decimal
	currency: str


def defaults(
	source: Source, linked: tuple[str, str] | None, base_currency: str, today: dt.date, due_days: int
) -> Defaults:
	"""`linked` is the Xero contact (id, name) that the record has, and it wins over the record's own name."""
	return Defaults(
		contact_id=linked[0] if linked else None,
		contact_name=linked[1] if linked else source.contact.name,
		date=today,
		due_date=today + dt.timedelta(days=due_days),
		reference="",
		description=source.title,
		amount=source.amount or money.ZERO,
		currency=source.currency or base_currency,
	)


def draft_from(values: dict[str, Any], organisation: str, account_code: str | None, source: Source) -> Draft:
	"""The draft that a filled-in form asks for; `values` has the fields of `Defaults`, as text.

	Raises NeedsPerson naming the field that is missing or cannot be.
	"""
	name = _contact_name(values, "contact_name")
	issued, due = _day(values, "date"), _day(values, "due_date")
	if due < issued:
		raise NeedsPerson(Code.INVALID_VALUE, field="due_date", value=due.isoformat())
	return Draft(
		organisation=organisation,
		contact_id=values.get("contact_id") or None,
		contact=source.contact._replace(name=name),
		date=issued,
		due_date=due,
		# one line: it is what the invoice is looked up by
		reference=" ".join(_text(values, "reference", MAX_REFERENCE, required=False).split()) or None,
		currency=_currency(values),
		lines=(
			Line(_text(values, "description", MAX_DESCRIPTION), Decimal(1), _amount(values), account_code),
		),
	)


def contact_from(values: dict[str, Any]) -> NewContact:
	"""The contact that a filled-in form asks for; `values` has the fields of `NewContact`, as text.

	Raises NeedsPerson naming the field that is missing or that Xero would refuse.
	"""
	others = [_text(values, name, MAX_NAME, required=False) or None for name in NewContact._fields[1:]]
	contact = NewContact(_contact_name(values, "name"), *others)
	if contact.email_address and not _EMAIL.fullmatch(contact.email_address):
		raise NeedsPerson(Code.INVALID_VALUE, field="email_address", value=contact.email_address)
	return contact


def wish_key(site: str, doctype: str, name: str, *what: object) -> str:
	"""Names one wish for ever: `what` of this record of this site, such as 1 for its first invoice."""
	return hashlib.sha256("\n".join((site, doctype, name, *map(str, what))).encode()).hexdigest()


def xero_reference(draft: Draft, record_name: str, key: str) -> str:
	"""What the invoice carries in Xero's Reference, so that it can be found again after a lost answer.

	The person's own reference or else the record's name, and a short code of the wish, which makes it one
	of a kind: "PO 778 · 7F3KQA".
	"""
	code = b32encode(bytes.fromhex(key)).decode()[:_CODE_LENGTH]
	own = (draft.reference or record_name)[: MAX_REFERENCE - _CODE_LENGTH - 3]
	return f"{own} · {code}"


def to_json(draft: Draft) -> dict[str, Any]:
	"""For the outbox: plain values, amounts and dates as text."""
	return {
		**asdict(draft),
		"contact": draft.contact._asdict(),
		"date": draft.date.isoformat(),
		"due_date": draft.due_date.isoformat(),
		"lines": [
			{**asdict(line), "quantity": str(line.quantity), "unit_amount": str(line.unit_amount)}
			for line in draft.lines
		],
	}


def from_json(stored: dict[str, Any]) -> Draft:
	return Draft(
		**{
			**stored,
			"contact": NewContact(**stored["contact"]),
			"date": dt.date.fromisoformat(stored["date"]),
			"due_date": dt.date.fromisoformat(stored["due_date"]),
			"lines": tuple(
				Line(
					line["description"],
					Decimal(line["quantity"]),
					Decimal(line["unit_amount"]),
					line["account_code"],
				)
				for line in stored["lines"]
			),
		}
	)


def _text(values: dict[str, Any], field: str, longest: int, *, required: bool = True) -> str:
	text = str(values.get(field) or "").strip()
	if required and not text:
		raise NeedsPerson(Code.MISSING_VALUE, field=field)
	if len(text) > longest:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=f"{text[:40]}…")
	return text


def _contact_name(values: dict[str, Any], field: str) -> str:
	"""As Xero takes it: no angle brackets, single blanks."""
	name = _text(values, field, MAX_NAME)
	if any(mark in name for mark in "<>"):
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=name)
	return " ".join(name.split())


def _amount(values: dict[str, Any]) -> Decimal:
	amount = money.parse(values.get("amount"), "amount")
	if abs(amount) >= _TOO_MUCH or money.rounded(amount) <= 0:
		raise NeedsPerson(Code.INVALID_VALUE, field="amount", value=str(values["amount"]))
	return money.rounded(amount)


def _currency(values: dict[str, Any]) -> str:
	currency = _text(values, "currency", 3).upper()
	if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
		raise NeedsPerson(Code.INVALID_VALUE, field="currency", value=currency)
	return currency


def _day(values: dict[str, Any], field: str) -> dt.date:
	text = _text(values, field, 10)
	try:
		return dt.date.fromisoformat(text)
	except ValueError:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=text) from None
