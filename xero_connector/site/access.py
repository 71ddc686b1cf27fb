"""Who sees money: our roles and the record's own permission, asked together and only here."""

from __future__ import annotations

import frappe

from xero_connector.core import policy
from xero_connector.core.policy import Right


def may(right: Right, *, show_bills: bool = False) -> bool:
	"""Whether the session's user holds `right`, by role."""
	return policy.holds(frappe.get_roles(), right, show_bills=show_bills)


def may_read(doctype: str, name: str) -> bool:
	return bool(frappe.has_permission(doctype, "read", doc=name))


def may_write(doctype: str, name: str) -> bool:
	return bool(frappe.has_permission(doctype, "write", doc=name))
