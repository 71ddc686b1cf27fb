"""What the app needs to know of a host's doctype, and how it asks a document for it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote

import frappe

from xero_connector.core.credit import Limit
from xero_connector.core.drafting import NewContact, Product, Source, SourceLine
from xero_connector.core.matching import Facts
from xero_connector.core.money import ZERO, rounded
from xero_connector.site.links import Party

MOST_SALES = 20
_BLOCK_END = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])>", re.IGNORECASE)


@dataclass(frozen=True)
class Sale:
	"""The columns of a doctype that tell of a sale: `won` are the values of `status` that mean so, `live` those of
	one that is open or won, the first of `value_fields` that is not 0 is its value, `closed_field` is the day of
	winning, where the host keeps it."""

	won: Callable[[], list[str]]
	live: Callable[[], list[str]]
	value_fields: Callable[[], list[str]]
	closed_field: str | None = None


@dataclass(frozen=True)
class RecordType:
	"""One doctype with a tab.

	`parties` are the records whose Xero contacts are also this one's (the deal's organization), nearest
	first. `contact` is who an invoice would go to, `source` what it starts from, None where none can be made.
	`about_one_sale`: the list shows what is linked to the record itself (R129).
	`route` is the record's page in Frappe CRM, with {0} for its name; without one, Desk's form. `owner_field`
	holds the user whose record it is; `sale` is there where a record can be won. `sales` are the open and won
	sales of a person or company that the session's user may read, newest first. `own_document`: the record is
	itself an invoice or credit note, and what Xero says of it is written on it (`site.own_documents`). `credit_limit`
	is how much somebody by this name may owe, to a company of the site where one is asked for; None for no limit.
	"""

	doctype: str
	title_field: str
	parties: Callable[[Any], list[Party]]
	contact: Callable[[Any], NewContact]
	source: Callable[[Record], Source] | None = None
	about_one_sale: bool = False
	route: str | None = None
	owner_field: str = "owner"
	sale: Sale | None = None
	sales: Callable[[Any], list[Party]] | None = None
	own_document: bool = False
	credit_limit: Callable[[str, str | None], Limit | None] | None = None


class Record:
	"""A document of one of the record types."""

	def __init__(self, kind: RecordType, document: Any) -> None:
		self.kind = kind
		self.document = document
		self.party = Party(kind.doctype, document.name)

	@property
	def title(self) -> str:
		return str(self.document.get(self.kind.title_field) or self.document.name)

	@cached_property
	def parties(self) -> list[Party]:
		"""The record itself, then those it inherits from."""
		return list(dict.fromkeys([self.party, *self.kind.parties(self.document)]))

	@cached_property
	def customer(self) -> NewContact:
		"""Who an invoice would go to; its name is the one that Xero may know them by."""
		return self.kind.contact(self.document)

	@property
	def facts(self) -> Facts:
		"""What tells which Xero contact this is."""
		customer = self.customer
		return Facts(
			name=customer.name,
			number=self.party.name,
			email=customer.email_address,
			phone=customer.phone,
			tax_number=self.document.get("tax_id"),
			postal_code=customer.postal_code,
		)

	@cached_property
	def source(self) -> Source | None:
		"""What a draft starts from; None where there are no drafts. A sale that names no value is worth its lines."""
		source = self.kind.source(self) if self.kind.source else None
		if source and source.amount is None and source.lines:
			return replace(source, amount=rounded(sum(map(worth, source.lines), ZERO)))
		return source

	@cached_property
	def sales(self) -> list[Party]:
		return self.kind.sales(self.document) if self.kind.sales else []

	@property
	def owner(self) -> str:
		"""The user whose record it is; who made it, where nobody was named."""
		return str(self.document.get(self.kind.owner_field) or self.document.owner)

	@property
	def is_won(self) -> bool:
		return bool(self.kind.sale) and self.document.get("status") in self.kind.sale.won()

	@property
	def is_live(self) -> bool:
		"""An open or won sale, or whoever has one: where people look for the button (R8)."""
		if self.kind.sale:
			return self.document.get("status") in self.kind.sale.live()
		return bool(self.sales)

	@property
	def url(self) -> str:
		return address(self.kind, self.document.name)


def address(kind: RecordType, name: str) -> str:
	"""Where somebody who comes from Xero lands."""
	if kind.route and "crm" in frappe.get_installed_apps():
		return str(frappe.utils.get_url(kind.route.format(quote(name, safe=""))))
	return str(frappe.utils.get_url_to_form(kind.doctype, name))


def worth(line: SourceLine) -> Decimal:
	"""What a line comes to on its record."""
	if line.net_amount is not None:
		return line.net_amount
	return line.quantity * line.unit_amount * (100 - (line.discount_rate or ZERO)) / 100


def parties(*pairs: tuple[str, Any]) -> list[Party]:
	"""The given (doctype, name) pairs without the empty ones."""
	return [Party(doctype, str(name)) for doctype, name in pairs if name]


def primary(rows: list[Any] | None, flag: str = "is_primary") -> Any:
	"""The row of a child table that is marked primary, else the first; None of an empty one."""
	rows = rows or []
	return next((row for row in rows if row.get(flag)), rows[0] if rows else None)


def decimal(amount: Any) -> Decimal | None:
	return Decimal(str(amount)) if amount else None


def first_value(document: Any, fields: list[str]) -> Any:
	"""What the first of `fields` that is not empty holds."""
	return next((document.get(name) for name in fields if document.get(name)), None)


def nothing_sold(record: Record) -> Source:
	"""Of a person or a company: who is billed, the rest is for the one who writes."""
	document = record.document
	currency = document.get("default_currency") or document.get("currency")
	return Source("", None, currency, record.customer, territory=document.get("territory"))


def live_sales(doctype: str, sale: Sale, filters: dict[str, Any]) -> list[Party]:
	"""The open and won ones among them that the session's user may read, newest first, at most MOST_SALES."""
	if not frappe.db.exists("DocType", doctype, cache=True) or not frappe.has_permission(doctype, "read"):
		return []
	names = frappe.get_list(
		doctype,
		filters={"status": ["in", sale.live()], **filters},
		order_by="creation desc",
		limit=MOST_SALES,
		pluck="name",
	)
	return parties(*((doctype, name) for name in names))


def products(doctype: str, name_field: str, codes: Iterable[str | None]) -> dict[str, Product]:
	"""By code (the document's name), the products of the host that lines of a record name."""
	wanted = sorted({code for code in codes if code})
	if not wanted:
		return {}
	fields = ["name", name_field, "description", "standard_rate"]
	rows = frappe.get_all(doctype, filters={"name": ["in", wanted]}, fields=fields, as_list=True)
	return {
		code: Product(code, name or code, plain(description) or None, decimal(price))
		for code, name, description, price in rows
	}


def plain(text: str | None) -> str:
	"""What a Text Editor holds, without its markup: a line for each of its blocks."""
	bare = html.unescape(frappe.utils.strip_html(_BLOCK_END.sub("\n", text or "")))
	lines = (" ".join(line.split()) for line in bare.splitlines())
	return "\n".join(line for line in lines if line)


def with_address(contact: NewContact, address: str | None) -> NewContact:
	"""The contact with the lines of an Address document (R21)."""
	found = address and frappe.db.get_value(
		"Address", address, ["address_line1", "address_line2", "city", "state", "pincode", "country"]
	)
	if not found:
		return contact
	line1, line2, city, state, pincode, country = found
	return contact._replace(
		address_line=", ".join(line for line in (line1, line2) if line) or None,
		city=city,
		region=state,
		postal_code=pincode,
		country=country,
	)
