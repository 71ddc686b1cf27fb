"""What Xero says of a record that is itself an invoice or credit note, written on it (R77-R80): ERPNext's Sales
Invoice and its return. The columns are custom fields (`install.py`); writing them changes nothing else on the
record, not even when it was last modified.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe.query_builder import Case
from frappe.utils.html_utils import sanitize_html

from xero_connector.core.documents import CANCELLED, PAID, own_state
from xero_connector.core.drafting import CREDIT_NOTE, INVOICE
from xero_connector.core.money import ZERO
from xero_connector.site import links
from xero_connector.site.database import as_decimal
from xero_connector.site.links import Party

SALES_INVOICE, CUSTOMER = "Sales Invoice", "Customer"
CUSTOMER_REFERENCE = "xero_reference"

AddressOf = Callable[[str | None, str, str, str], str]
"""The address of a document in Xero, of the organisation's short code, document type, status and id."""


class Own(NamedTuple):
	"""What is written, in the order of FIELDS. `outstanding` is in the currency of the document and has the sign
	of the record's own amounts: below 0 on a return. `sent_on` is in the site's time."""

	state: str = ""
	sent: bool = False
	sent_on: datetime | None = None
	number: str = ""
	url: str = ""
	outstanding: Decimal = ZERO


FIELDS = ("xero_status", "xero_sent", "xero_sent_on", "xero_number", "xero_url", "xero_outstanding")
_NOTHING = Own()


def show(document_ids: Sequence[str], address_of: AddressOf) -> None:
	"""Write on the sales invoices that are linked to these Xero documents how they stand. Not committed."""
	linked = [party for parties in links.records_of(document_ids).values() for party in parties]
	refresh(sorted({party.name for party in linked if party.doctype == SALES_INVOICE}), address_of)


def refresh(names: Sequence[str], address_of: AddressOf) -> None:
	"""Write on these sales invoices how they stand, and on their customers which Xero contact is theirs; one that
	is linked to nothing any more says so. Not committed."""
	if names:
		rows = _linked(names)
		_write(names, _by_mirror(rows, address_of))
		_refer(rows)


def of(sales_invoice: str, address_of: AddressOf) -> Own | None:
	"""How its document stands by the mirror; None where it has none in Xero."""
	return _by_mirror(_linked([sales_invoice]), address_of).get(sales_invoice)


def updatable(names: Sequence[str] | None = None) -> list[str]:
	"""The sales invoices (among `names`) that Update from Xero is for: sent, not paid, not cancelled (R78)."""
	among = {} if names is None else {"name": ["in", list(names)]}
	return frappe.get_all(  # type: ignore[no-any-return]
		SALES_INVOICE,
		filters={
			**among,
			"docstatus": ["<", 2],
			"xero_sent": 1,
			"xero_status": ["not in", [PAID, CANCELLED]],
		},
		order_by="name",
		pluck="name",
	)


def live_invoices() -> list[str]:
	"""Submitted sales invoices and returns of which nothing is paid here (R81), by name."""
	table = frappe.qb.DocType(SALES_INVOICE)
	in_own_currency = table.party_account_currency == table.currency
	total = Case().when(table.rounded_total != 0, table.rounded_total).else_(table.grand_total)
	base_total = (
		Case().when(table.base_rounded_total != 0, table.base_rounded_total).else_(table.base_grand_total)
	)
	rows = (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.docstatus == 1) & table.status.notin(("Paid", "Draft")))
		.where(table.outstanding_amount == Case().when(in_own_currency, total).else_(base_total))
		.orderby(table.name)
		.run()
	)
	return [str(name) for (name,) in rows]


def _write(names: Sequence[str], wanted: dict[str, Own]) -> None:
	for row in frappe.get_all(SALES_INVOICE, filters={"name": ["in", names]}, fields=["name", *FIELDS]):
		own = wanted.get(row.name, _NOTHING)
		if own != _written(row):
			values = dict(zip(FIELDS, own, strict=True))
			frappe.db.set_value(SALES_INVOICE, row.name, values, update_modified=False)


def _written(row: Any) -> Own:
	return Own(
		row.xero_status or "",
		bool(row.xero_sent),
		frappe.utils.get_datetime(row.xero_sent_on) if row.xero_sent_on else None,
		row.xero_number or "",
		row.xero_url or "",
		as_decimal(row.xero_outstanding),
	)


def _by_mirror(rows: Sequence[Any], address_of: AddressOf) -> dict[str, Own]:
	"""By record, one of the documents that are linked to it: a cancelled one only when there is no other, one that
	was made here before one that somebody linked, the newest."""
	found: dict[str, Own] = {}
	for row in sorted(rows, key=_rank):
		amount_due = as_decimal(row.amount_due)
		found[row.record] = Own(
			own_state(row.status, as_decimal(row.total), amount_due),
			True,
			frappe.utils.get_datetime(row.creation),
			# nothing else cleans what is not saved by a form
			sanitize_html(row.number or ""),
			address_of(row.short_code, row.document_type, row.status, row.document),
			-amount_due if row.is_return else amount_due,
		)
	return found


def _rank(row: Any) -> tuple[bool, bool, Any]:
	is_cancelled = own_state(row.status, ZERO, ZERO) == CANCELLED
	return not is_cancelled, row.origin == links.CREATED, frappe.utils.get_datetime(row.creation)


def _linked(names: Sequence[str]) -> list[Any]:
	"""The sales documents that are linked to these sales invoices; to a return, its credit notes."""
	link, invoice = frappe.qb.DocType("Xero Link"), frappe.qb.DocType(links.DOCUMENT)
	organisation, record = frappe.qb.DocType("Xero Organisation"), frappe.qb.DocType(SALES_INVOICE)
	own_type = Case().when(record.is_return == 1, CREDIT_NOTE).else_(INVOICE)
	rows: list[Any] = (
		frappe.qb.from_(link)
		.join(invoice)
		.on(invoice.name == link.xero_id)
		.join(organisation)
		.on(organisation.name == invoice.organisation)
		.join(record)
		.on(record.name == link.record_name)
		.select(
			record.name.as_("record"),
			record.is_return,
			record.customer,
			link.origin,
			link.creation,
			invoice.name.as_("document"),
			invoice.organisation,
			invoice.contact,
			invoice.document_type,
			invoice.number,
			invoice.status,
			invoice.total,
			invoice.amount_due,
			organisation.short_code,
		)
		.where((link.record_doctype == SALES_INVOICE) & (link.xero_doctype == links.DOCUMENT))
		.where(link.record_name.isin(tuple(names)) & (invoice.document_type == own_type))
		.run(as_dict=True)
	)
	return rows


def _refer(rows: Sequence[Any]) -> None:
	"""The customer gets the Xero contact of the invoice, where there is none yet in that organisation. A contact
	that is somebody else's here is not tied to the customer by writing them an invoice."""
	billed = {row.customer: row for row in sorted(rows, key=_rank) if row.contact}
	families = [[Party(CUSTOMER, customer)] for customer in billed]
	linked = dict(zip(billed, links.contacts_of_each(families), strict=True))
	filters = {"name": ["in", list(billed)]}
	for customer, shown in frappe.get_all(
		CUSTOMER, filters=filters, fields=["name", CUSTOMER_REFERENCE], as_list=True
	):
		row = billed[customer]
		there = [each.contact for each in linked[customer] if each.organisation == row.organisation]
		if not there and not links.records_of([row.contact]):
			links.add(Party(CUSTOMER, customer), links.CONTACT, row.contact, row.organisation, links.CREATED)
		known = {each.contact for each in linked[customer]} or {row.contact}
		if shown not in known:
			reference = next(iter(there), row.contact)
			frappe.db.set_value(CUSTOMER, customer, CUSTOMER_REFERENCE, reference, update_modified=False)
