"""The records that have a Xero tab. One module for each host; adding a doctype is one entry there.

A host that is not installed costs nothing: its doctypes are simply not there. Another app gives its own by the
hook `xero_record_types`: dotted paths to a `RecordType` or to a sequence of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.site.hosts import contact, erpnext, frappe_crm
from xero_connector.site.hosts.record import Record, RecordType, address
from xero_connector.site.links import Party

_OURS = (*contact.RECORD_TYPES, *frappe_crm.RECORD_TYPES, *erpnext.RECORD_TYPES)


def record_types() -> dict[str, RecordType]:
	"""By doctype; another app's entry for a doctype of ours takes its place."""
	given = [frappe.get_attr(path) for path in frappe.get_hooks("xero_record_types")]
	theirs = [kind for one in given for kind in ([one] if isinstance(one, RecordType) else one)]
	return {kind.doctype: kind for kind in (*_OURS, *theirs)}


def installed() -> list[RecordType]:
	"""The record types whose doctype exists on this site."""
	types = record_types()
	known = frappe.get_all("DocType", filters={"name": ["in", list(types)]}, pluck="name")
	return [types[doctype] for doctype in types if doctype in known]


def is_record_type(doctype: str) -> bool:
	return doctype in record_types() and bool(frappe.db.exists("DocType", doctype, cache=True))


def open_record(doctype: str, name: str) -> Record:
	"""Raises NeedsPerson: NOT_A_RECORD for any other doctype, NOT_FOUND for a missing document."""
	if not is_record_type(doctype):
		raise NeedsPerson(Code.NOT_A_RECORD, doctype=doctype)
	try:
		document = frappe.get_doc(doctype, name)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		raise NeedsPerson(Code.NOT_FOUND, what=name) from None
	return Record(record_types()[doctype], document)


def url_of(record: Party) -> str:
	return address(record_types()[record.doctype], record.name)


def titles_of(records: Sequence[Party]) -> dict[Party, str]:
	"""What people call these records, by a query for each doctype."""
	found: dict[Party, str] = {}
	for doctype in {record.doctype for record in records}:
		names = [record.name for record in records if record.doctype == doctype]
		field = record_types()[doctype].title_field
		for name, title in frappe.get_all(
			doctype, filters={"name": ["in", names]}, fields=["name", field], as_list=True
		):
			found[Party(doctype, name)] = title or name
	return found


def find_record(doctype: str, name: str) -> Record | None:
	"""The record, or None when it has been deleted."""
	try:
		return open_record(doctype, name)
	except NeedsPerson:
		return None
