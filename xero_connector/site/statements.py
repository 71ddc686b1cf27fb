"""What a statement of account needs from the mirror, in three queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe

from xero_connector.core import statement
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.statement import Account, Open
from xero_connector.site import organisations
from xero_connector.site.database import as_date, as_decimal
from xero_connector.site.organisations import State

_ADDRESS = ("address_line", "city", "region", "postal_code", "country")


@dataclass(frozen=True)
class Statement:
	"""A customer's open documents as at the organisation's own day. `address` are its lines."""

	organisation: State
	contact_name: str
	address: tuple[str, ...]
	accounts: tuple[Account, ...]


def read(contact_id: str) -> Statement:
	"""Raises NeedsPerson(NOT_FOUND) unless `contact_id` is a Xero contact that is a customer."""
	contact = frappe.db.get_value(
		"Xero Contact", contact_id, ["organisation", "contact_name", "is_customer", *_ADDRESS], as_dict=True
	)
	if not contact or not contact.is_customer:
		raise NeedsPerson(Code.NOT_FOUND, what=contact_id)
	organisation = organisations.get(contact.organisation)
	accounts = statement.accounts(_open_documents(contact_id, organisation.name), organisation.today)
	return Statement(organisation, contact.contact_name, _address(contact), tuple(accounts))


def _address(contact: Any) -> tuple[str, ...]:
	street = (contact.address_line or "").splitlines()
	place = " ".join(part for part in (contact.city, contact.region, contact.postal_code) if part)
	return tuple(line for line in (*street, place, contact.country) if line)


def _open_documents(contact_id: str, organisation: str) -> list[Open]:
	table = frappe.qb.DocType("Xero Invoice")
	rows = (
		frappe.qb.from_(table)
		.select(
			table.document_type,
			table.number,
			table.reference,
			table.date,
			table.due_date,
			table.currency,
			table.total,
			table.amount_due,
		)
		.where((table.organisation == organisation) & (table.contact == contact_id))
		.where(table.document_type.isin(statement.TYPES))
		.where((table.status == statement.STATUS) & (table.amount_due > 0))
		.run()
	)
	return [
		Open(
			kind, number, reference, as_date(day), as_date(due), currency, as_decimal(total), as_decimal(left)
		)
		for kind, number, reference, day, due, currency, total, left in rows
	]
