"""What goes to Xero as an invoice or credit note: what a record offers (`Source`), what is sent (`Draft`), and
what the organisation has to offer for it (`Chart`). The form between them is in `forms`, its sums in `pricing`."""

from __future__ import annotations

import datetime as dt
import hashlib
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from xero_connector.core.model import Account, DocumentType, Item, TaxRate
from xero_connector.core.taxes import Mapped, TaxName

MAX_REFERENCE = 255
_CODE_LENGTH = 6
EXCLUSIVE, INCLUSIVE, NO_TAX = LINE_AMOUNT_TYPES = ("Exclusive", "Inclusive", "NoTax")
DRAFT, SUBMITTED, AUTHORISED = STATUSES = ("Draft", "Submitted", "Authorised")
"""What a document may be made as (C3); the setting `initial_status` has the same words."""

INVOICE, CREDIT_NOTE = DocumentType.INVOICE.value, DocumentType.CREDIT_NOTE.value


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


class Product(NamedTuple):
	"""A product of the record, as Xero keeps it as an Item; `unit_price` is its list price, None for none."""

	code: str
	name: str
	description: str | None = None
	unit_price: Decimal | None = None


@dataclass(frozen=True)
class SourceLine:
	"""A line of a record. `unit_amount` is the full list price (R92); the discount is `discount_rate` (percent)
	or whatever makes `net_amount`, which is what the line comes to on the record after every discount, in the
	tax mode of the record. `tax_rate` (percent) is None where the record says nothing of tax; `tax_name` is the
	template that it comes from, where there is one."""

	description: str
	quantity: Decimal
	unit_amount: Decimal
	discount_rate: Decimal | None = None
	net_amount: Decimal | None = None
	product: Product | None = None
	tax_rate: Decimal | None = None
	tax_name: TaxName | None = None


@dataclass(frozen=True)
class Source:
	"""What a record offers to an invoice. `contact.name` is the organization's name, else the person's (R10).

	`amount` is the value of the sale without tax; with no `lines` it makes the one line (R14, R15). What stands
	below `lines` only a record knows that is itself an invoice: its dates, its own number, its total with tax.
	`company` and `territory` choose the organisation where there are several.
	"""

	title: str
	amount: Decimal | None
	currency: str | None
	contact: NewContact
	lines: tuple[SourceLine, ...] = ()
	document_type: str = INVOICE
	line_amount_types: str | None = None
	date: dt.date | None = None
	due_date: dt.date | None = None
	reference: str | None = None
	total: Decimal | None = None
	company: str | None = None
	territory: str | None = None


@dataclass(frozen=True)
class Line:
	"""A line as Xero gets it: quantity and price with at most 4 places. `discount_rate` (percent, 2 places) or
	`discount_amount`, never both, and on invoices only. `tax_amount` only where Xero's own sum would miss the
	record's by a rounding."""

	description: str
	quantity: Decimal
	unit_amount: Decimal
	account_code: str | None = None
	tax_type: str | None = None
	item_code: str | None = None
	discount_rate: Decimal | None = None
	discount_amount: Decimal | None = None
	tax_amount: Decimal | None = None


@dataclass(frozen=True)
class Draft:
	"""One invoice or credit note. `contact_id` is a Xero contact; without one, `contact` is found by name or
	created. `products` are those of `lines`; `status` one of STATUSES; `branding_theme` Xero's id."""

	organisation: str
	contact_id: str | None
	contact: NewContact
	date: dt.date
	due_date: dt.date | None
	reference: str | None
	currency: str
	lines: tuple[Line, ...]
	document_type: str = INVOICE
	line_amount_types: str = EXCLUSIVE
	branding_theme: str | None = None
	status: str = DRAFT
	products: tuple[Product, ...] = ()


@dataclass(frozen=True)
class Chart:
	"""What an organisation offers to the lines of its documents, from the mirror.

	`accounts` and `items` by code, `tax_rates` by tax type: those that can be used on sales, active ones.
	`default_tax` is used where neither record, item nor account say one, `tax_map` says which tax type a rate of ours
	is. Nothing dated up to `locked_until` can be changed.
	"""

	base_currency: str
	today: dt.date
	accounts: Mapping[str, Account] = field(default_factory=dict)
	tax_rates: Mapping[str, TaxRate] = field(default_factory=dict)
	tax_map: Mapping[TaxName, Mapped] = field(default_factory=dict)
	items: Mapping[str, Item] = field(default_factory=dict)
	currencies: tuple[str, ...] = ()
	branding_themes: Mapping[str, str] = field(default_factory=dict)
	sales_account: str | None = None
	default_tax: str | None = None
	branding_theme: str | None = None
	locked_until: dt.date | None = None


class Part(NamedTuple):
	"""How much of a sale is billed (B16): `kind` is one of PARTS; `value` is a percentage or an amount."""

	kind: str = "all"
	value: Decimal | None = None


PARTS = ("all", "percent", "amount", "rest")


def wish_key(site: str, doctype: str, name: str, *what: object) -> str:
	"""Names one wish for ever: `what` of this record of this site, such as 1 for its first invoice."""
	return hashlib.sha256("\n".join((site, doctype, name, *map(str, what))).encode()).hexdigest()


def xero_reference(draft: Draft, record_name: str, key: str) -> str:
	"""What the document carries in Xero's Reference, so that it can be found again after a lost answer.

	The person's own reference or else the record's name, and a short code of the wish, which makes it one
	of a kind: "PO 778 · 7F3KQA".
	"""
	code = b32encode(bytes.fromhex(key)).decode()[:_CODE_LENGTH]
	own = (draft.reference or record_name)[: MAX_REFERENCE - _CODE_LENGTH - 3]
	return f"{own} · {code}"


def status_for(setting: str, may_authorise: bool) -> str:
	"""What a document is made as: approving one takes somebody who may (C3)."""
	return DRAFT if setting == AUTHORISED and not may_authorise else setting


def to_json(draft: Draft) -> dict[str, Any]:
	"""For the outbox: plain values, amounts and dates as text. Equal drafts have the same."""
	return {
		**asdict(draft),
		"contact": draft.contact._asdict(),
		"date": draft.date.isoformat(),
		"due_date": draft.due_date.isoformat() if draft.due_date else None,
		"lines": [_texts(asdict(line)) for line in draft.lines],
		"products": [_texts(product._asdict()) for product in draft.products],
	}


def from_json(stored: dict[str, Any]) -> Draft:
	due = stored["due_date"]
	return Draft(
		**{
			**stored,
			"contact": NewContact(**stored["contact"]),
			"date": dt.date.fromisoformat(stored["date"]),
			"due_date": dt.date.fromisoformat(due) if due else None,
			"lines": tuple(Line(**_numbers(line, _LINE_NUMBERS)) for line in stored["lines"]),
			"products": tuple(Product(**_numbers(each, ("unit_price",))) for each in stored["products"]),
		}
	)


_LINE_NUMBERS = ("quantity", "unit_amount", "discount_rate", "discount_amount", "tax_amount")


def _texts(values: dict[str, Any]) -> dict[str, Any]:
	return {name: _text(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def _text(number: Decimal) -> str:
	"""The same for the same number, be it typed as 100 or worked out as 100.0000."""
	return f"{number.normalize():f}"


def _numbers(stored: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
	numbers = {name: Decimal(stored[name]) for name in names if stored.get(name) is not None}
	return {**stored, **numbers}
