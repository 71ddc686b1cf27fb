"""What a customer owes in all, and how much they may owe: the two sides of credit control (R110, B13)."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Min, Sum

from xero_connector.core.credit import Exposure, Limit
from xero_connector.core.documents import COUNTED, VIEWS
from xero_connector.core.model import DocumentType
from xero_connector.site import hosts
from xero_connector.site.database import as_date, as_decimal
from xero_connector.site.hosts.record import Record
from xero_connector.site.organisations import State


def exposure(contacts: Sequence[str], organisation: State) -> Exposure:
	"""Of these Xero contacts together, in base currency, as the tab's totals count it."""
	table = frappe.qb.DocType("Xero Invoice")
	late = table.status.isin(VIEWS["overdue"].statuses) & (table.due_date < organisation.today)
	unpaid, overdue, oldest = (
		frappe.qb.from_(table)
		.select(
			Sum(table.amount_due),
			Sum(Case().when(late, table.amount_due).else_(0)),
			Min(Case().when(late, table.due_date)),
		)
		.where(table.contact.isin(tuple(contacts) or ("",)))
		.where(table.document_type == DocumentType.INVOICE.value)
		.where(table.status.isin(COUNTED) & (table.amount_due > 0))
		.where(table.currency == organisation.base_currency)
		.run()[0]
	)
	return Exposure(as_decimal(unpaid), as_decimal(overdue), as_date(oldest))


def limit_of(record: Record) -> Limit | None:
	"""Of the nearest of the record's parties that has one."""
	types = hosts.record_types()
	company = record.document.get("company") or frappe.defaults.get_global_default("company")
	for doctype, name in record.parties:
		ask = types[doctype].credit_limit if doctype in types else None
		limit = ask(name, company) if ask else None
		if limit:
			return limit
	return None
