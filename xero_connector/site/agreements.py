"""What records and their Xero contacts said when they were last of one mind: columns of their ties (B19)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import frappe

from xero_connector.core import merging
from xero_connector.core.merging import Agreed, Values
from xero_connector.site.links import CONTACT, Party


class Tie(NamedTuple):
	"""A record and its Xero contact; `agreed` is None before they have ever been compared, `agreed_hash` the
	fingerprint of our side of it."""

	name: str
	record: Party
	contact: str
	organisation: str
	agreed: Agreed | None
	agreed_hash: str | None


def of_record(record: Party) -> list[Tie]:
	"""With the contacts that Xero still uses, oldest first."""
	rows = frappe.get_all(
		"Xero Link",
		filters={"record_doctype": record.doctype, "record_name": record.name, "xero_doctype": CONTACT},
		fields=["name", "xero_id", "organisation", "agreed", "agreed_hash"],
		order_by="creation asc",
	)
	active = _active([row.xero_id for row in rows])
	return [
		Tie(
			row.name,
			record,
			row.xero_id,
			row.organisation,
			Agreed(**json.loads(row.agreed)) if row.agreed else None,
			row.agreed_hash,
		)
		for row in rows
		if row.xero_id in active
	]


def between(record: Party, contact: str) -> Tie | None:
	return next((tie for tie in of_record(record) if tie.contact == contact), None)


def tied(records: Sequence[Party]) -> list[Party]:
	"""Those of the records that have a Xero contact."""
	if not records:
		return []
	rows = frappe.get_all(
		"Xero Link",
		filters={
			"record_doctype": ["in", sorted({record.doctype for record in records})],
			"record_name": ["in", sorted({record.name for record in records})],
			"xero_doctype": CONTACT,
		},
		fields=["record_doctype", "record_name"],
	)
	known = {Party(row.record_doctype, row.record_name) for row in rows}
	return [record for record in records if record in known]


def keep(tie: Tie, agreed: Agreed) -> None:
	"""Not committed: it belongs to the change that made them agree."""
	values = {
		"agreed": json.dumps(agreed._asdict(), ensure_ascii=False),
		"agreed_hash": merging.fingerprint(agreed.ours),
	}
	frappe.db.set_value("Xero Link", tie.name, values, update_modified=False)


def said_in_xero(contact: str) -> Values:
	"""What the mirror knows of a contact, by field."""
	fields = [field for together in merging.FIELDS.values() for field in together]
	row: dict[str, Any] = frappe.db.get_value("Xero Contact", contact, fields, as_dict=True)
	return {field: row[field] or "" for field in fields}


def _active(contacts: Sequence[str]) -> set[str]:
	"""Neither archived nor merged: nobody changes those."""
	if not contacts:
		return set()
	asked = {"name": ["in", sorted(set(contacts))], "status": "Active", "merged_into": ["is", "not set"]}
	return set(frappe.get_all("Xero Contact", filters=asked, pluck="name"))
