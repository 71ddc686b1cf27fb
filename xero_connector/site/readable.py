"""Which records the session's user may read, and which of those are theirs; Frappe's permissions decide."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import frappe

from xero_connector.site import hosts
from xero_connector.site.documents import like
from xero_connector.site.hosts.record import Record, RecordType
from xero_connector.site.links import Party

_NEWEST = 200
"""Records of one type that are looked at: whoever has more of them has the old ones behind them."""


class Readable:
	"""The records that the session's user may read, of all record types. They have only the columns that tie
	them to others in place of a document, and no rows of child tables."""

	@cached_property
	def types(self) -> list[RecordType]:
		return [kind for kind in hosts.installed() if frappe.has_permission(kind.doctype, "read")]

	def mine(self) -> list[Record]:
		"""The newest that the user owns or is assigned to; one query for each type."""
		user = frappe.session.user
		assigned = ["_assign", "like", like(f'"{user}"')]
		return [
			record
			for kind in self.types
			for record in _listed(kind, _NEWEST, or_filters=[[_owner_field(kind), "=", user], assigned])
		]

	def among(self, parties: Iterable[Party]) -> dict[Party, Record]:
		"""Those of `parties`; one query for each type among them."""
		names: dict[str, set[str]] = {}
		for party in parties:
			names.setdefault(party.doctype, set()).add(party.name)
		return {
			record.party: record
			for kind in (self.types if names else ())
			if (wanted := names.get(kind.doctype))
			for record in _listed(kind, len(wanted), filters={"name": ["in", sorted(wanted)]})
		}


def _listed(kind: RecordType, limit: int, **conditions: Any) -> list[Record]:
	rows = frappe.get_list(
		kind.doctype, fields=_columns(kind), order_by="creation desc", limit=limit, **conditions
	)
	return [Record(kind, row) for row in rows]


def _columns(kind: RecordType) -> list[str]:
	"""Name, title, and whatever names another document."""
	fields: list[Any] = frappe.get_meta(kind.doctype).fields
	ties = [field.fieldname for field in fields if field.fieldtype in ("Link", "Dynamic Link")]
	return list(dict.fromkeys(["name", kind.title_field, *ties]))


def _owner_field(kind: RecordType) -> str:
	"""Not every release of a host has the field."""
	return kind.owner_field if frappe.get_meta(kind.doctype).has_field(kind.owner_field) else "owner"
