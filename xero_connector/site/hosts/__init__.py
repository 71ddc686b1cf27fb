"""The records that have a Xero tab. One module for each host; adding a doctype is one entry there.

A host that is not installed costs nothing: its doctypes are simply not there.
"""

from __future__ import annotations

import frappe

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.site.hosts import contact, erpnext, frappe_crm
from xero_connector.site.hosts.record import Record, RecordType

RECORD_TYPES: dict[str, RecordType] = {
	kind.doctype: kind for kind in (*contact.RECORD_TYPES, *frappe_crm.RECORD_TYPES, *erpnext.RECORD_TYPES)
}


def installed() -> list[RecordType]:
	"""The record types whose doctype exists on this site."""
	known = frappe.get_all("DocType", filters={"name": ["in", list(RECORD_TYPES)]}, pluck="name")
	return [RECORD_TYPES[doctype] for doctype in RECORD_TYPES if doctype in known]


def open_record(doctype: str, name: str) -> Record:
	"""Raises NeedsPerson: NOT_A_RECORD for any other doctype, NOT_FOUND for a missing document."""
	kind = RECORD_TYPES.get(doctype)
	if not kind or not frappe.db.exists("DocType", doctype):
		raise NeedsPerson(Code.NOT_A_RECORD, doctype=doctype)
	if not frappe.db.exists(doctype, name):
		raise NeedsPerson(Code.NOT_FOUND, what=name)
	return Record(kind, frappe.get_doc(doctype, name))


def find_record(doctype: str, name: str) -> Record | None:
	"""The record, or None when it has been deleted."""
	try:
		return open_record(doctype, name)
	except NeedsPerson:
		return None
