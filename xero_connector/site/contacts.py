"""Looking up Xero contacts in the mirror."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import frappe

from xero_connector.core import matching
from xero_connector.core.matching import Candidate, Facts
from xero_connector.site.database import from_column, to_column
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
_CANDIDATES = 200
"""Of one look-up: more that share a key tell nothing."""

# what matching looks at (core/matching.py)
_FACTS = [
	"name",
	"contact_name",
	"first_name",
	"last_name",
	"email_address",
	"phone",
	"mobile",
	"postal_code",
	"contact_number",
	"account_number",
	"tax_number",
]


def search(
	organisation: str, text: str, limit: int = 20, *, among: Collection[str] | None = None
) -> list[dict[str, Any]]:
	"""Active contacts whose name or e-mail contains `text`; of those in `among`, if it is given."""
	chosen = {"name": ["in", sorted(among)]} if among is not None else {}
	return list(
		map(
			_booleans,
			frappe.get_all(
				"Xero Contact",
				filters={"organisation": organisation, "status": "Active", **chosen},
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
	"""Like `search`, with `refreshed`: when the contact's documents were last read by themselves (aware, UTC)."""
	if not ids:  # which Frappe would look for in every row
		return []
	found = frappe.get_all(
		"Xero Contact", filters={"name": ["in", list(ids)]}, fields=[*_FIELDS, "refreshed_utc as refreshed"]
	)
	return [{**_booleans(row), "refreshed": from_column(row.refreshed)} for row in found]


def named(organisation: str, name: str) -> dict[str, Any] | None:
	"""The active contact of this name, if there is one; Xero's names are unique, whatever their case."""
	key = matching.name_key(name)
	found = frappe.get_all(
		"Xero Contact",
		filters={"organisation": organisation, "status": "Active", "name_key": key},
		fields=_FIELDS,
	)
	wanted = name.strip().casefold()
	return next((_booleans(row) for row in found if row["name"].casefold() == wanted), None)


def customer(contact: str) -> tuple[str, str, int | None, str | None]:
	"""Id, name and terms of payment (day and type, as Xero has them) of a contact in the mirror."""
	fields = ["name", "contact_name", "payment_terms_day", "payment_terms_type"]
	name, title, day, kind = frappe.db.get_value("Xero Contact", contact, fields)
	return name, title, day or None, kind or None


def person_of(contact: str) -> tuple[str | None, str | None, str | None]:
	"""First name, last name and e-mail of a contact in the mirror, None for each that it has not."""
	fields = ["first_name", "last_name", "email_address"]
	first, last, email = frappe.db.get_value("Xero Contact", contact, fields) or (None, None, None)
	return first or None, last or None, email or None


def is_archived(organisation: str, name: str) -> bool:
	"""Whether a contact of this name was archived in Xero, or merged into another."""
	asked = {"organisation": organisation, "name_key": matching.name_key(name), "status": ["!=", "Active"]}
	found = frappe.get_all("Xero Contact", filters=asked, pluck="contact_name")
	return name.strip().casefold() in {each.casefold() for each in found}


def refreshed(ids: Sequence[str], moment: datetime) -> None:
	for contact in ids:
		frappe.db.set_value(
			"Xero Contact", contact, "refreshed_utc", to_column(moment), update_modified=False
		)


def candidates(organisation: str, facts: Facts) -> list[Candidate]:
	"""Active contacts that share a key with a record, or begin like its name; each look-up by an index."""
	table = frappe.qb.DocType("Xero Contact")
	keys = matching.keys_of(facts)
	looks = [table[column] == value for column, value in keys.equal]
	looks += [table.name_key.like(like(start, begins=True)) for start in keys.beginnings]
	found: dict[str, Candidate] = {}
	for look in looks:
		rows = (
			frappe.qb.from_(table)
			.select(*_FACTS)
			.where((table.organisation == organisation) & (table.status == "Active") & look)
			.limit(_CANDIDATES)
			.run()
		)
		found.update({row[0]: Candidate(*row) for row in rows})
	return list(found.values())


def _booleans(row: dict[str, Any]) -> dict[str, Any]:
	return {**row, "is_customer": bool(row["is_customer"]), "is_supplier": bool(row["is_supplier"])}
