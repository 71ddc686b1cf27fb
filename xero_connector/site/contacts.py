"""Looking up Xero contacts in the mirror."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe

from xero_connector.site.documents import like

_FIELDS = [
	"name as id",
	"contact_name as name",
	"email_address as email",
	"status",
	"is_customer",
	"is_supplier",
	"organisation",
]


def search(organisation: str, text: str, limit: int = 20) -> list[dict[str, Any]]:
	"""Active contacts whose name or e-mail contains `text`."""
	return list(
		map(
			_booleans,
			frappe.get_all(
				"Xero Contact",
				filters={"organisation": organisation, "status": "Active"},
				or_filters={"contact_name": ["like", like(text)], "email_address": ["like", like(text)]}
				if text
				else None,
				fields=_FIELDS,
				order_by="contact_name asc",
				limit=limit,
			),
		)
	)


def by_ids(ids: Sequence[str]) -> list[dict[str, Any]]:
	found = frappe.get_all("Xero Contact", filters={"name": ["in", list(ids)]}, fields=_FIELDS)
	return list(map(_booleans, found))


def _booleans(row: dict[str, Any]) -> dict[str, Any]:
	return {**row, "is_customer": bool(row["is_customer"]), "is_supplier": bool(row["is_supplier"])}
