"""Who sees money: our roles, the list of those who may see Xero, and the record's own permission."""

from __future__ import annotations

from typing import Any

import frappe

from xero_connector.core import policy
from xero_connector.core.policy import Right
from xero_connector.site import hosts, links, settings


def may(right: Right, user: str | None = None) -> bool:
	"""Whether `user` (None: the session's) holds `right`, with the settings that widen or narrow it."""
	stored, user = settings.load(), user or frappe.session.user
	return policy.holds(
		frappe.get_roles(user),
		right,
		show_bills=stored.show_bills,
		allowed=not stored.allowed_users or user in stored.allowed_users,
		sales_may_draft=stored.sales_may_draft,
		view_only=stored.view_only,
	)


def who_may_see() -> list[str]:
	"""Everybody who may see Xero at all; the Administrator has every role without being given one."""
	found = frappe.get_all(
		"Has Role",
		filters={"parenttype": "User", "role": ["in", list(policy.holders(Right.SEE))]},
		pluck="parent",
		distinct=True,
	)
	allowed = settings.load().allowed_users
	return [user for user in {*found, "Administrator"} if not allowed or user in allowed]


def may_read(document: Any, user: str | None = None) -> bool:
	return bool(frappe.has_permission(document.doctype, "read", doc=document, user=user))


def may_write(document: Any) -> bool:
	return bool(frappe.has_permission(document.doctype, "write", doc=document))


def may_take(contact_id: str, user: str | None = None) -> bool:
	"""Whether this Xero contact may become a record's by the will of `user` (None: the session's), who then sees
	its money there: not when it is the contact of records that are all closed to them."""
	if may(Right.SEE_BOOKS, user):
		return True
	tied = links.records_of([contact_id]).get(contact_id, [])
	records = [hosts.find_record(*party) for party in tied]
	return not tied or any(record and may_read(record.document, user) for record in records)


def mirror_permission(
	doc: Any, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool:
	"""Frappe's own pages of the mirror, the outbox and the log ask the role first and then here, for the
	settings; always a plain yes or no, because Frappe 16 takes anything else for a no."""
	if doc.doctype == "Xero Invoice" and doc.document_type in ("Bill", "Supplier Credit Note"):
		return may(Right.SEE_BILLS, user)
	return may(Right.SEE_BOOKS, user)


def mirror_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for lists and reports; whoever sees the books sees bills too."""
	return "" if may(Right.SEE_BOOKS, user) else "1 = 0"
