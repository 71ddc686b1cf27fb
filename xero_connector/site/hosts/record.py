"""What the app needs to know of a host's doctype, and how it asks a document for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote

import frappe

from xero_connector.core.drafting import NewContact, Source
from xero_connector.core.matching import Facts
from xero_connector.site.links import Party


@dataclass(frozen=True)
class Sale:
	"""The columns of a doctype that tell of a won sale: `won` are the values of `status` that mean so, the first
	of `value_fields` that is not 0 is its value, `closed_field` is the day, where the host keeps it."""

	won: Callable[[], list[str]]
	value_fields: Callable[[], list[str]]
	closed_field: str | None = None


@dataclass(frozen=True)
class RecordType:
	"""One doctype with a tab.

	`parties` are the records whose Xero contacts are also this one's (the deal's organization), nearest
	first. `contact` is who an invoice would go to. `amount` gives value and currency where a draft can be
	made from here. `about_one_sale`: the list shows what is linked to the record itself (R129).
	`route` is the record's page in Frappe CRM, with {0} for its name; without one, Desk's form. `owner_field`
	holds the user whose record it is; `sale` is there where a record can be won.
	"""

	doctype: str
	title_field: str
	parties: Callable[[Any], list[Party]]
	contact: Callable[[Any], NewContact]
	amount: Callable[[Any], tuple[Decimal | None, str | None]] | None = None
	about_one_sale: bool = False
	route: str | None = None
	owner_field: str = "owner"
	sale: Sale | None = None


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
		"""What a draft starts from; None where there are no drafts."""
		if not self.kind.amount:
			return None
		amount, currency = self.kind.amount(self.document)
		return Source(self.title, amount, currency, self.customer)

	@property
	def url(self) -> str:
		"""Where somebody who comes from Xero lands."""
		if self.kind.route and "crm" in frappe.get_installed_apps():
			return str(frappe.utils.get_url(self.kind.route.format(quote(self.document.name, safe=""))))
		return str(frappe.utils.get_url_to_form(self.kind.doctype, self.document.name))


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
