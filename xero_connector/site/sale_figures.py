"""What Xero says of a sale, written on the record so that lists can be filtered by it (B18): Frappe CRM's deal,
ERPNext's opportunity and project. The columns are custom fields (`install.py`); writing them changes nothing else on
the record, not even when it was last modified.

They hold something only while the settings say so, for whoever may read the record sees them, with a right to see Xero
or without one (B6). A column's own permission level could not tell: Frappe asks for level 0 of the same role.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import frappe

from xero_connector.core.sales import INVOICED, Figures, Part, figures
from xero_connector.core.sending import batches
from xero_connector.site import hosts, links, settings
from xero_connector.site.database import again_after_deadlock, as_date, as_decimal, commit_step
from xero_connector.site.hosts.record import RecordType
from xero_connector.site.links import Party

FIELDS = ("xero_invoiced", "xero_paid", "xero_outstanding", "xero_paid_on")
"""In the order of `core.sales.Figures`."""

_STEP = 200
"""Records that are written between two commits."""


def is_kept_on(kind: RecordType) -> bool:
	"""Whether records of this type have the columns; what is itself an invoice says more (`site.own_documents`)."""
	return kind.about_one_sale and not kind.own_document


def show(document_ids: Sequence[str]) -> None:
	"""Write on the sales that are linked to these Xero documents what they have brought. Not committed."""
	linked = links.records_of(document_ids).values()
	refresh([party for parties in linked for party in parties])


def refresh(records: Sequence[Party]) -> None:
	"""Write on those of `records` that are sales what they have brought; one that is linked to nothing any more has
	brought nothing, and while it is switched off none has. Not committed."""
	types = hosts.record_types()
	for doctype in sorted({record.doctype for record in records}):
		kind = types.get(doctype)
		if kind and _has_columns(kind):
			_write(doctype, sorted({record.name for record in records if record.doctype == doctype}))


def refresh_all() -> None:
	"""Every sale, after it was switched on or off. Committed step by step, and each step asks anew which it is."""
	for doctype in [kind.doctype for kind in hosts.installed() if _has_columns(kind)]:
		for names in batches(_concerned(doctype), _STEP):
			again_after_deadlock(partial(_refresh_step, doctype, names))


def currency_field(doctype: str) -> str:
	"""Where a Currency field of this doctype finds its currency, as its `options` say it."""
	has_own = frappe.get_meta(doctype).has_field("currency")
	return "currency" if has_own else "Company:company:default_currency"


def _has_columns(kind: RecordType) -> bool:
	return is_kept_on(kind) and frappe.get_meta(kind.doctype).has_field(FIELDS[0])


def _concerned(doctype: str) -> list[str]:
	"""Those that are linked to a document, and those that say something."""
	linked = {"record_doctype": doctype, "xero_doctype": links.DOCUMENT}
	filled = [[name, "!=", 0] for name in FIELDS[:3]] + [[FIELDS[3], "is", "set"]]
	names = {
		*frappe.get_all("Xero Link", linked, pluck="record_name"),
		*frappe.get_all(doctype, or_filters=filled, pluck="name"),
	}
	return sorted(names)


def _refresh_step(doctype: str, names: Sequence[str]) -> None:
	_write(doctype, names)
	commit_step()


def _write(doctype: str, names: Sequence[str]) -> None:
	linked = _linked(doctype, names) if settings.shows_on_sales() else {}
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
