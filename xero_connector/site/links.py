"""What ties records to Xero: a contact that is theirs, a document that is about them.

Many to many; a database index keeps each pair single, so two clicks at once make one row.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import frappe

CONTACT, DOCUMENT = "Xero Contact", "Xero Invoice"
BY_USER, CREATED = "Linked by user", "Created here"
MATCHED, IMPORTED = "Matched", "Imported"


class Party(NamedTuple):
	"""A record, by doctype and name."""

	doctype: str
	name: str


class LinkedContact(NamedTuple):
	"""A Xero contact and the record through which it was found. `merged` is the contact that the link names, when
	Xero has merged that one into this one since."""

	contact: str
	organisation: str
	through: Party
	merged: str | None = None


def add(record: Party, xero_doctype: str, xero_id: str, organisation: str, origin: str) -> None:
	"""Linking what is linked already changes nothing."""
	row = frappe.new_doc("Xero Link")
	row.update(
		{
			"record_doctype": record.doctype,
			"record_name": record.name,
			"organisation": organisation,
			"xero_doctype": xero_doctype,
			"xero_id": xero_id,
			"origin": origin,
		}
	)
	frappe.db.savepoint("xero_link")
	try:
		row.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point="xero_link")
		frappe.clear_last_message()


def remove(record: Party, xero_doctype: str, xero_id: str) -> None:
	"""Only the tie goes; nothing changes in Xero."""
	frappe.db.delete(
		"Xero Link",
		{
			"record_doctype": record.doctype,
			"record_name": record.name,
			"xero_doctype": xero_doctype,
			"xero_id": xero_id,
		},
	)


def contacts_of(parties: Sequence[Party]) -> list[LinkedContact]:
	"""In each organisation, the Xero contacts of the nearest of `parties` that has any there, nearest first.

	A contact that was merged in Xero stands for the one it was merged into, unless that is tied as well.
	"""
	return contacts_of_each([parties])[0]


def contacts_of_each(families: Sequence[Sequence[Party]]) -> list[list[LinkedContact]]:
	"""`contacts_of` for each of many records' parties, in one query."""
	tied = _contacts_tied_to({party for parties in families for party in parties})
	return [_nearest(parties, tied) for parties in families]


def _contacts_tied_to(parties: Collection[Party]) -> dict[Party, list[LinkedContact]]:
	"""By party, oldest tie first."""
	if not parties:
		return {}
	link, contact = frappe.qb.DocType("Xero Link"), frappe.qb.DocType(CONTACT)
	rows = (
		frappe.qb.from_(link)
		.join(contact)
		.on(contact.name == link.xero_id)
		.select(
			link.record_doctype, link.record_name, contact.name, contact.merged_into, contact.organisation
		)
		.where(link.xero_doctype == CONTACT)
		.where(link.record_doctype.isin(sorted({party.doctype for party in parties})))
		.where(link.record_name.isin(sorted({party.name for party in parties})))
		.orderby(link.creation)
		.run()
	)
	found: dict[Party, list[LinkedContact]] = {}
	for doctype, record, name, merged, organisation in rows:
		party = Party(doctype, record)
		found.setdefault(party, []).append(
			LinkedContact(merged or name, organisation, party, name if merged else None)
		)
	return found


def _nearest(parties: Sequence[Party], tied: dict[Party, list[LinkedContact]]) -> list[LinkedContact]:
	nearest: dict[str, Party] = {}
	found: dict[str, LinkedContact] = {}
	for party in parties:
		for link in tied.get(party, ()):
			if nearest.setdefault(link.organisation, party) != party:
				continue
			if link.contact not in found or not link.merged:
				found[link.contact] = link
	return list(found.values())


def records_of(xero_ids: Sequence[str]) -> dict[str, list[Party]]:
	"""The records that are tied to each of these Xero contacts or documents, oldest tie first."""
	if not xero_ids:  # which Frappe would look for in every row
		return {}
	found: dict[str, list[Party]] = {}
	for row in frappe.get_all(
		"Xero Link",
		filters={"xero_id": ["in", list(xero_ids)]},
		fields=["xero_id", "record_doctype", "record_name"],
		order_by="creation asc",
	):
		found.setdefault(row.xero_id, []).append(Party(row.record_doctype, row.record_name))
	return found


def documents_of(record: Party) -> dict[str, list[str]]:
	"""Ids of the documents that are linked to (pinned on) this record itself, by organisation."""
	found: dict[str, list[str]] = {}
	for row in frappe.get_all(
		"Xero Link",
		filters={
			"record_doctype": record.doctype,
			"record_name": record.name,
			"xero_doctype": DOCUMENT,
		},
		fields=["organisation", "xero_id"],
		order_by="creation asc",
	):
		found.setdefault(row.organisation, []).append(row.xero_id)
	return found


def follow_merges(organisation: str) -> None:
	"""Ties to contacts that Xero has merged into others become ties to those; a record may have had both."""
	link, contact, heir = (frappe.qb.DocType(each) for each in ("Xero Link", CONTACT, CONTACT))
	heir = heir.as_("heir")
	merged = (
		frappe.qb.from_(link)
		.join(contact)
		.on(contact.name == link.xero_id)
		.join(heir)
		.on(heir.name == contact.merged_into)
		.select(link.name, link.record_doctype, link.record_name, link.origin, heir.name)
		.where(contact.organisation == organisation)
		.orderby(link.name)
		.run()
	)
	for name, doctype, record, origin, into in merged:
		frappe.db.delete("Xero Link", {"name": name})
		add(Party(doctype, record), CONTACT, into, organisation, origin)


def forget(record: Party) -> None:
	"""All ties of a record that goes."""
	frappe.db.delete("Xero Link", {"record_doctype": record.doctype, "record_name": record.name})
