"""Who sees which deals and leads: managers all, a plain Sales User those they own or are assigned to."""

from __future__ import annotations

from typing import Any

import frappe

SEE_ALL = frozenset({"System Manager", "Sales Manager"})


def deal_conditions(user: str | None = None, doctype: str | None = None) -> str:
	return _conditions("CRM Deal", "deal_owner", user)


def lead_conditions(user: str | None = None, doctype: str | None = None) -> str:
	return _conditions("CRM Lead", "lead_owner", user)


def may_access_deal(doc: Any, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
	return _may_access(doc, "deal_owner", user)


def may_access_lead(doc: Any, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
	return _may_access(doc, "lead_owner", user)


def _sees_all(user: str) -> bool:
	return user == "Administrator" or not SEE_ALL.isdisjoint(frappe.get_roles(user))


def _conditions(doctype: str, owner_field: str, user: str | None) -> str:
	user = user or frappe.session.user
	if _sees_all(user):
		return ""
	name, assigned = frappe.db.escape(user), frappe.db.escape(f'%"{user}"%')
	table = f"`tab{doctype}`"
	return (
		f"({table}.`{owner_field}` = {name} or {table}.`owner` = {name} or {table}.`_assign` like {assigned})"
	)


def _may_access(doc: Any, owner_field: str, user: str | None) -> bool:
	"""Frappe 16 takes anything but True for a refusal, Frappe 15 only False: so always one of the two."""
	user = user or frappe.session.user
	if _sees_all(user) or doc.is_new():
		return True
	assigned = frappe.parse_json(doc.get("_assign") or "[]")
	return user in (doc.get(owner_field), doc.owner) or user in assigned
