"""Reading the mirror for the tab: groups for the overview, rows for the list. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Sum

from xero_connector.core.documents import (
	KINDS,
	NO_DUE_DATE,
	VIEWS,
	DaySales,
	Group,
	View,
	chart_start,
	due_bounds,
)
from xero_connector.core.model import DocumentType
from xero_connector.site.database import as_date, as_decimal

MAX_PAGE = 100
_LIKE_SPECIAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def like(text: str, *, begins: bool = False) -> str:
	"""The LIKE pattern that finds `text` anywhere or where something `begins` with it, its own wildcards
	taken literally."""
	literal = text.translate(_LIKE_SPECIAL)
	return f"{literal}%" if begins else f"%{literal}%"


@dataclass(frozen=True)
class Scope:
	"""Whose documents: those of Xero contacts of the organisation, or a given set of documents (what is linked
	to a record), or, with neither, everybody's. `statuses` narrows them, which everybody's need to be read in
	time."""

	organisation: str
	contacts: tuple[str, ...] | None = None
	documents: tuple[str, ...] | None = None
	statuses: tuple[str, ...] | None = None

	def condition(self, table: Any) -> Any:
		# a Xero contact's documents are all in its organisation: asked for it as well, a database may read the
		# organisation's documents to find the contact's
		if self.contacts is not None:
			condition = table.contact.isin(self.contacts or ("",))
		else:
			condition = table.organisation == self.organisation
		if self.documents is not None:
			condition &= table.name.isin(self.documents or ("",))
		if self.statuses is not None:
			condition &= table.status.isin(self.statuses)
		return condition


@dataclass(frozen=True)
class Filter:
	"""What the list is narrowed to; `pinned` are the ids that the view "pinned" shows.

	`search` is found anywhere in number or reference; with `begins`, only where they begin with it, which
	an index answers for the documents of a whole organisation.
	"""

	kind: str
	view: str
	search: str | None = None
	from_date: date | None = None
	to_date: date | None = None
	pinned: tuple[str, ...] = ()
	begins: bool = False

	@property
	def narrowed(self) -> bool:
		"""Whether the list may hold less than its view."""
		return any((self.search, self.from_date, self.to_date))


def groups(scope: Scope, today: date) -> list[Group]:
	table = frappe.qb.DocType("Xero Invoice")
	bucket, has_balance = due_bucket(table, today), _has_balance(table)
	rows = (
		frappe.qb.from_(table)
		.select(
			table.document_type,
			table.status,
			table.currency,
			bucket.as_("bucket"),
			has_balance.as_("has_balance"),
			Count("*"),
			Sum(table.sub_total),
			Sum(table.total),
			Sum(table.amount_due),
			Sum(table.amount_paid),
		)
		.where(scope.condition(table))
		.groupby(table.document_type, table.status, table.currency, bucket, has_balance)
		.run()
	)
	return [Group(*row[:4], bool(row[4]), int(row[5]), *map(as_decimal, row[6:])) for row in rows]


def daily_sales(scope: Scope, base_currency: str, today: date) -> list[DaySales]:
	table = frappe.qb.DocType("Xero Invoice")
	rows = (
		frappe.qb.from_(table)
		.select(table.date, table.document_type, Sum(table.total))
		.where(scope.condition(table))
		.where(table.document_type.isin((DocumentType.INVOICE.value, DocumentType.CREDIT_NOTE.value)))
		.where(table.status.isin(("Authorised", "Paid")))
		.where(table.currency == base_currency)
		.where(table.date >= chart_start(today))
		.groupby(table.date, table.document_type)
		.run()
	)
	return [
		DaySales(frappe.utils.getdate(day), document_type, as_decimal(total))
		for day, document_type, total in rows
	]


def count(scope: Scope, wanted: Filter, today: date) -> int:
	table = frappe.qb.DocType("Xero Invoice")
	query = frappe.qb.from_(table).select(Count("*")).where(_condition(table, scope, wanted, today))
	return int(query.run()[0][0])


def count_by_kind(scope: Scope, documents: Sequence[str]) -> dict[str, int]:
	"""How many of `documents` are in scope, of each kind (core.documents.KINDS)."""
	table = frappe.qb.DocType("Xero Invoice")
	found = dict(
		frappe.qb.from_(table)
		.select(table.document_type, Count("*"))
		.where(scope.condition(table) & table.name.isin(tuple(documents) or ("",)))
		.groupby(table.document_type)
		.run()
	)
	return {kind: sum(found.get(each, 0) for each in types) for kind, types in KINDS.items()}


def balances(scope: Scope, wanted: Filter, today: date, by: Sequence[str]) -> list[tuple[Any, ...]]:
	"""The documents of the list added up: the values of the columns `by`, then how many and their balance."""
	table = frappe.qb.DocType("Xero Invoice")
	columns = [table[name] for name in by]
	rows = (
		frappe.qb.from_(table)
		.select(*columns, Count("*"), Sum(table.amount_due))
		.where(_condition(table, scope, wanted, today))
		.groupby(*columns)
		.run()
	)
	return [(*values, int(count), as_decimal(balance)) for *values, count, balance in rows]


def rows(
	scope: Scope, wanted: Filter, today: date, start: int, page_length: int, *, longest_due: bool = False
) -> list[dict[str, Any]]:
	"""Newest first, or those first that are `longest_due`. Each row has the columns of Xero Invoice that the
	list shows, and its `payments`."""
	table = frappe.qb.DocType("Xero Invoice")
	first, order = (table.due_date, frappe.qb.asc) if longest_due else (table.date, frappe.qb.desc)
	found = (
		frappe.qb.from_(table)
		.select(
			table.name,
			table.document_type,
			table.number,
			table.reference,
			table.contact,
			table.contact_name,
			table.date,
			table.due_date,
			table.status,
			table.currency,
			table.total,
			table.amount_due,
		)
		.where(_condition(table, scope, wanted, today))
		.orderby(first, order=order)
		.orderby(table.name, order=order)
		.limit(min(page_length, MAX_PAGE))
		.offset(start)
		.run(as_dict=True)
	)
	payments = _payments([row.name for row in found])
	for row in found:
		row.update(
			payments=payments.get(row.name, []),
			date=as_date(row.date),
			due_date=as_date(row.due_date),
			total=as_decimal(row.total),
			amount_due=as_decimal(row.amount_due),
		)
	return list(found)


_ONE = (
	"name",
	"organisation",
	"document_type",
	"number",
	"status",
	"currency",
	"total",
	"amount_due",
	"amount_paid",
	"amount_credited",
)


def some(documents: Sequence[str]) -> dict[str, dict[str, Any]]:
	"""What the mirror has of these documents, by id: enough to name one and to tell how it stands."""
	if not documents:
		return {}
	found = frappe.get_all("Xero Invoice", filters={"name": ["in", list(documents)]}, fields=list(_ONE))
	for row in found:
		row.update({name: as_decimal(row[name]) for name in _ONE[-4:]})
	return {row.name: row for row in found}


def contacts_of(documents: Sequence[str]) -> list[str]:
	"""The Xero contacts of these documents."""
	if not documents:
		return []
	found = frappe.get_all(
		"Xero Invoice",
		filters={"name": ["in", list(documents)], "contact": ["is", "set"]},
		pluck="contact",
		distinct=True,
	)
	return [str(contact) for contact in found]


def _payments(documents: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
	table = frappe.qb.DocType("Xero Payment")
	rows = (
		frappe.qb.from_(table)
		.select(table.parent, table.date, table.amount, table.kind, table.reference)
		.where((table.parenttype == "Xero Invoice") & table.parent.isin(tuple(documents) or ("",)))
		.orderby(table.parent, table.date, table.idx)
		.run(as_dict=True)
	)
	found: dict[str, list[dict[str, Any]]] = {}
	for row in rows:
		row.update(amount=as_decimal(row.amount), date=as_date(row.date))
		found.setdefault(row.pop("parent"), []).append(row)
	return found


def _condition(table: Any, scope: Scope, wanted: Filter, today: date) -> Any:
	view = VIEWS[wanted.view]
	documents, credit_note = KINDS[wanted.kind]
	types = (documents, credit_note) if view.credit_notes else (documents,)
	condition = scope.condition(table) & table.document_type.isin(types)
	condition &= _view_condition(table, view, today, wanted.pinned)
	if wanted.search:
		pattern = like(wanted.search, begins=wanted.begins)
		condition &= table.number.like(pattern) | table.reference.like(pattern)
	if wanted.from_date:
		condition &= table.date >= wanted.from_date
	if wanted.to_date:
		condition &= table.date <= wanted.to_date
	return condition


def _view_condition(table: Any, view: View, today: date, pinned: tuple[str, ...]) -> Any:
	condition = table.name.isin(pinned or ("",)) if view.pinned else table.name.isnotnull()
	if view.statuses is not None:
		condition &= table.status.isin(view.statuses)
	if view.has_balance is not None:
		condition &= table.amount_due > 0 if view.has_balance else table.amount_due == 0
	if view.buckets is not None:
		condition &= due_bucket(table, today).isin(view.buckets)
	return condition


def due_bucket(table: Any, today: date) -> Any:
	"""`core.documents.bucket_of`, for the database."""
	case = Case().when(table.due_date.isnull(), NO_DUE_DATE)
	*bounds, (oldest, _) = due_bounds(today)
	for name, earliest in bounds:
		case = case.when(table.due_date >= earliest, name)
	return case.else_(oldest)


def _has_balance(table: Any) -> Any:
	return Case().when(table.amount_due > 0, 1).else_(0)
