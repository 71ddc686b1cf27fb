"""Which records the session's user may read, and which of those are theirs; Frappe's permissions decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from xero_connector.site import hosts
from xero_connector.site.documents import like
from xero_connector.site.hosts.record import Record, RecordType
from xero_connector.site.links import Party

_NEWEST = 200
"""Records of one type that are looked at: whoever has more of them has the old ones behind them."""


def records() -> list[Record]:
	"""The newest records that the session's user owns or is assigned to; one query for each record type.

	Instead of the document they have only its columns that tie it to others, and no rows of child tables.
	"""
	user = frappe.session.user
	return [
		Record(kind, row)
		for kind in _readable_types()
		for row in frappe.get_list(
			kind.doctype,
			fields=_columns(kind),
			or_filters=[[_owner_field(kind), "=", user], ["_assign", "like", like(f'"{user}"')]],
			order_by="creation desc",
			limit=_NEWEST,
		)
	]


def readable(parties: Iterable[Party]) -> dict[Party, Record]:
	"""Those of `parties` that the session's user may read; one query for each doctype among them."""
	names: dict[str, set[str]] = {}
	for party in parties:
		names.setdefault(party.doctype, set()).add(party.name)
	found = [
		Record(kind, row)
		for kind in (_readable_types() if names else [])
		if kind.doctype in names
		for row in frappe.get_list(
			kind.doctype,
			fields=_columns(kind),
			filters={"name": ["in", sorted(names[kind.doctype])]},
			limit=len(names[kind.doctype]),
		)
	]
	return {record.party: record for record in found}


def _readable_types() -> list[RecordType]:
	return [kind for kind in hosts.installed() if frappe.has_permission(kind.doctype, "read")]


def _columns(kind: RecordType) -> list[str]:
	"""Name, title, and whatever names another document."""
	fields: list[Any] = frappe.get_meta(kind.doctype).fields
	ties = [field.fieldname for field in fields if field.fieldtype in ("Link", "Dynamic Link")]
	return list(dict.fromkeys(["name", kind.title_field, *ties]))


def _owner_field(kind: RecordType) -> str:
	"""Not every release of a host has the field."""
	return kind.owner_field if frappe.get_meta(kind.doctype).has_field(kind.owner_field) else "owner"
