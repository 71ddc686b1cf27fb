"""What people note on an invoice that is owed: that it is promised for a day, or disputed. Xero hears nothing of it.

Who noted it and when are Frappe's own columns; what is withdrawn stays and is no longer shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.site.database import as_date, as_decimal, site_zone

_DOCTYPE = "Xero Remark"


@dataclass(frozen=True)
class Remark:
	"""`amount` is what is promised, None for all of it; it and `amount_due`, what is owed now, are in the document's
	`currency`. `noted` is aware."""

	name: str
	document: str
	number: str | None
	kind: str
	promised_on: date | None
	amount: Decimal | None
	amount_due: Decimal
	currency: str
	text: str
	user: str
	noted: datetime


def add(
	document: str, kind: str, promised_on: date | None, amount: Decimal | None, currency: str, text: str
) -> str:
	"""Its name. `document` is the id of a document of the mirror."""
	row = frappe.new_doc(_DOCTYPE)
	row.update(
		{
			"document": document,
			"kind": kind,
			"promised_on": promised_on,
			"amount": amount,
			"currency": currency,
			"text": text,
		}
	)
	row.insert(ignore_permissions=True)
	return str(row.name)


def document_of(remark: str) -> str:
	"""The id of the document. Raises NeedsPerson(NOT_FOUND) for what is not there or withdrawn."""
	found = frappe.db.get_value(_DOCTYPE, {"name": remark, "withdrawn": 0}, "document")
	if not found:
		raise NeedsPerson(Code.NOT_FOUND, what=remark)
	return str(found)


def withdraw(remark: str) -> None:
	frappe.db.set_value(_DOCTYPE, remark, "withdrawn", 1)


def of_documents(documents: Sequence[str]) -> dict[str, list[Remark]]:
	"""By document, what is noted on it as long as money is owed, oldest first."""
	found: dict[str, list[Remark]] = {}
	for remark in _open(lambda invoice: invoice.name.isin(tuple(documents) or ("",))):
		found.setdefault(remark.document, []).append(remark)
	return found


def of_contacts(contacts: Sequence[str]) -> list[Remark]:
	"""What is noted on the documents of these Xero contacts as long as money is owed, oldest first."""
	return _open(lambda invoice: invoice.contact.isin(tuple(contacts) or ("",)))


def _open(whose: Any) -> list[Remark]:
	remark, invoice = frappe.qb.DocType(_DOCTYPE), frappe.qb.DocType("Xero Invoice")
	rows = (
		frappe.qb.from_(invoice)
		.join(remark)
		.on(remark.document == invoice.name)
		.select(
			remark.name,
			remark.document,
			invoice.number,
			remark.kind,
			remark.promised_on,
			remark.amount,
			invoice.amount_due,
			remark.currency,
			remark.text,
			remark.owner.as_("user"),
			remark.creation.as_("noted"),
		)
		.where(whose(invoice) & (remark.withdrawn == 0) & (invoice.amount_due > 0))
		.orderby(remark.creation)
		.run(as_dict=True)
	)
	return [
		Remark(
			**{
				**row,
				"promised_on": as_date(row.promised_on),
				"amount": as_decimal(row.amount) if row.amount else None,
				"amount_due": as_decimal(row.amount_due),
				"text": row.text or "",
				"noted": frappe.utils.get_datetime(row.noted).replace(tzinfo=site_zone()),
			}
		)
		for row in rows
	]
