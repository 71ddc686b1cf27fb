"""What Xero says of a sale, written on the record so that lists can be filtered by it (B18): Frappe CRM's deal,
ERPNext's opportunity and project. The columns are custom fields (`install.py`); writing them changes nothing else on
the record, not even when it was last modified.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from xero_connector.core.sales import INVOICED, Figures, Part, figures
from xero_connector.site import hosts, links
from xero_connector.site.database import as_date, as_decimal
from xero_connector.site.hosts.record import RecordType
from xero_connector.site.links import Party

FIELDS = ("xero_invoiced", "xero_paid", "xero_outstanding", "xero_paid_on")
"""In the order of `core.sales.Figures`."""


def is_kept_on(kind: RecordType) -> bool:
	"""Whether records of this type have the columns; what is itself an invoice says more (`site.own_documents`)."""
	return kind.about_one_sale and not kind.own_document


def show(document_ids: Sequence[str]) -> None:
	"""Write on the sales that are linked to these Xero documents what they have brought. Not committed."""
	linked = links.records_of(document_ids).values()
	refresh([party for parties in linked for party in parties])


def refresh(records: Sequence[Party]) -> None:
	"""Write on those of `records` that are sales what they have brought; one that is linked to nothing any more has
	brought nothing. Not committed."""
	types = hosts.record_types()
	for doctype in sorted({record.doctype for record in records}):
		kind = types.get(doctype)
		if kind and is_kept_on(kind) and frappe.get_meta(doctype).has_field(FIELDS[0]):
			_write(doctype, sorted({record.name for record in records if record.doctype == doctype}))


def refresh_all() -> None:
	"""Every sale that is linked to a document: for sites from before there were these columns. Not committed."""
	rows = frappe.get_all(
		"Xero Link", {"xero_doctype": links.DOCUMENT}, ["record_doctype", "record_name"], as_list=True
	)
	refresh([Party(doctype, name) for doctype, name in rows])


def currency_field(doctype: str) -> str:
	"""Where a Currency field of this doctype finds its currency, as its `options` say it."""
	has_own = frappe.get_meta(doctype).has_field("currency")
	return "currency" if has_own else "Company:company:default_currency"


def _write(doctype: str, names: Sequence[str]) -> None:
	linked = _linked(doctype, names)
	for row in _rows(doctype, names):
		parts = linked.get(row.name, [])
		found = figures([part for part, _ in parts], _currency(row) or next((base for _, base in parts), ""))
		if found != _written(row):
			values = dict(zip(FIELDS, found, strict=True))
			frappe.db.set_value(doctype, row.name, values, update_modified=False)


def _rows(doctype: str, names: Sequence[str]) -> list[Any]:
	meta = frappe.get_meta(doctype)
	columns = [name for name in ("currency", "company") if meta.has_field(name)]
	found: list[Any] = frappe.get_all(
		doctype,
		filters={"name": ["in", list(names)]},
		fields=["name", *columns, *FIELDS],
		order_by="name asc",
	)
	return found


def _currency(row: Any) -> str | None:
	"""The sale's own; None for that of the organisation's books."""
	if "currency" in row or not row.get("company"):
		return row.get("currency") or None
	return frappe.get_cached_value("Company", row.company, "default_currency")  # type: ignore[no-any-return]


def _written(row: Any) -> Figures:
	invoiced, paid, outstanding = (as_decimal(row[name]) for name in FIELDS[:3])
	return Figures(invoiced, paid, outstanding, as_date(row[FIELDS[3]]))


def _linked(doctype: str, names: Sequence[str]) -> dict[str, list[tuple[Part, str]]]:
	"""By record, the documents that are linked to it, each with the base currency of its organisation."""
	link, invoice = frappe.qb.DocType("Xero Link"), frappe.qb.DocType(links.DOCUMENT)
	organisation = frappe.qb.DocType("Xero Organisation")
	rows = (
		frappe.qb.from_(link)
		.join(invoice)
		.on(invoice.name == link.xero_id)
		.join(organisation)
		.on(organisation.name == invoice.organisation)
		.select(link.record_name, organisation.base_currency, *[invoice[name] for name in Part._fields])
		.where((link.record_doctype == doctype) & (link.xero_doctype == links.DOCUMENT))
		.where(link.record_name.isin(tuple(names)) & invoice.status.isin(INVOICED))
		.orderby(link.creation)
		.run(as_dict=True)
	)
	found: dict[str, list[tuple[Part, str]]] = {}
	for row in rows:
		amounts = {name: as_decimal(row[name]) for name in ("total", "amount_due", "amount_paid")}
		part = Part(
			row.document_type, row.status, row.currency, fully_paid_on=as_date(row.fully_paid_on), **amounts
		)
		found.setdefault(row.record_name, []).append((part, row.base_currency))
	return found
