"""What the mirror has, as the values that Xero's answers are made of: for comparing the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Sum

from xero_connector.core.model import Contact, Document, Endpoint
from xero_connector.core.reconciliation import Owed
from xero_connector.core.sync import Row
from xero_connector.site.database import as_date, as_decimal, from_column
from xero_connector.site.mirror import TABLES
from xero_connector.site.organisations import State

_NEVER = datetime.min.replace(tzinfo=timezone.utc)
_MODELS = {"Xero Contact": Contact, "Xero Invoice": Document}
_DOCUMENTS = "Xero Invoice"


def rows(endpoint: Endpoint, ids: Sequence[str]) -> dict[str, Row]:
	"""Those of the ids that the mirror has."""
	doctype, _kinds = TABLES[endpoint]
	return _rows(doctype, {"name": ["in", list(ids)]}) if ids else {}


def documents_of(contacts: Sequence[str]) -> dict[str, Row]:
	"""All documents of these contacts."""
	return _rows(_DOCUMENTS, {"contact": ["in", list(contacts)]}) if contacts else {}


def ids(organisation: str, endpoint: Endpoint) -> set[str]:
	"""Of a whole list."""
	doctype, kinds = TABLES[endpoint]
	filters: dict[str, Any] = {"organisation": organisation}
	if kinds:
		filters["document_type"] = ["in", list(kinds)]
	return set(frappe.get_all(doctype, filters=filters, pluck="name"))


def count(organisation: str, endpoint: Endpoint) -> int:
	"""How many documents of a list are not deleted."""
	_doctype, kinds = TABLES[endpoint]
	table = frappe.qb.DocType(_DOCUMENTS)
	query = frappe.qb.from_(table).select(Count("*")).where(table.organisation == organisation)
	return int(query.where(table.document_type.isin(kinds) & (table.status != "Deleted")).run()[0][0])


def owed(organisation: State, contacts: Sequence[str] | None = None) -> list[Owed]:
	"""What is left to pay of the organisation's approved documents, or of those of some contacts."""
	table = frappe.qb.DocType(_DOCUMENTS)
	is_overdue = Case().when(table.due_date < organisation.today, 1).else_(0)
	group = (table.contact, table.document_type, table.currency, table.currency_rate, is_overdue)
	query = (
		frappe.qb.from_(table)
		.select(*group, Sum(table.amount_due))
		.where((table.organisation == organisation.name) & (table.status == "Authorised"))
		.where(table.amount_due != 0)
		.groupby(*group)
	)
	if contacts is not None:
		query = query.where(table.contact.isin(tuple(contacts) or ("",)))
	return [
		Owed(contact or "", kind, currency, as_decimal(rate), bool(overdue), as_decimal(amount))
		for contact, kind, currency, rate, overdue, amount in query.run()
	]


def _rows(doctype: str, filters: dict[str, Any]) -> dict[str, Row]:
	model = _MODELS[doctype]
	# payments are no column: what they come to is
	columns = ("name", *(name for name in model._fields[1:] if name != "payments"))
	found = frappe.get_all(doctype, filters=filters, fields=list(columns))
	return {row.name: _row(model, row) for row in found}


def _row(model: Any, row: frappe._dict) -> Row:
	values = {name: _VALUES.get(name, _same)(row.get(name)) for name in model._fields}
	values[model._fields[0]] = row.name
	return model(**values)  # type: ignore[no-any-return]


def _same(value: Any) -> Any:
	return value


_VALUES: dict[str, Callable[[Any], Any]] = {
	**dict.fromkeys(("currency_rate", "sub_total", "tax", "total"), as_decimal),
	**dict.fromkeys(("amount_due", "amount_paid", "amount_credited"), as_decimal),
	**dict.fromkeys(("receivable_outstanding", "receivable_overdue"), as_decimal),
	**dict.fromkeys(("payable_outstanding", "payable_overdue"), as_decimal),
	**dict.fromkeys(("sent_to_contact", "is_customer", "is_supplier"), bool),
	**dict.fromkeys(("date", "due_date", "fully_paid_on"), as_date),
	"updated_utc": lambda moment: from_column(moment) or _NEVER,
	"payments": lambda _none: (),
}
"""What a column holds, as the models have it."""
