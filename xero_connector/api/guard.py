"""The two questions before every answer: may this user do that at all, and with this record?"""

import frappe
from frappe import _

from xero_connector import bootstrap
from xero_connector.core.documents import KINDS
from xero_connector.core.policy import Right
from xero_connector.site import access, hosts
from xero_connector.site.hosts.record import Record


def require(right: Right) -> None:
	if not bootstrap.may(right):
		frappe.throw(_("You are not allowed to do this."), frappe.PermissionError)


def record(doctype: str, name: str, right: Right, *, change: bool = False) -> Record:
	"""The record, for somebody who holds `right` and may read it (with `change`, also write it).

	Whether it exists is only told to those who could read it if it did.
	"""
	require(right)
	found = hosts.open_record(doctype, name)
	allowed = access.may_write if change else access.may_read
	if not allowed(doctype, name):
		frappe.throw(_("You are not allowed to see this record."), frappe.PermissionError)
	return found


def document(document_id: str) -> None:
	"""A bill is only for those who may see bills."""
	if frappe.db.get_value("Xero Invoice", document_id, "document_type") in KINDS["bill"]:
		require(Right.SEE_BILLS)
