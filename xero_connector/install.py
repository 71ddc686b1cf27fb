"""What the app adds to a site beside its doctypes: four roles, a tab on every record it knows, and its places in
Frappe CRM.

Everything has our module set, so that uninstalling the app removes it (see also uninstall.py).
"""

from __future__ import annotations

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from xero_connector.core.policy import ROLES
from xero_connector.site import crm_places, hosts

MODULE = "Xero Connector"
TAB, PANEL = "xero_tab", "xero_panel"


def after_install() -> None:
	_add_roles()
	add_tabs()
	crm_places.sync()


def after_migrate() -> None:
	_add_roles()
	add_tabs()
	crm_places.sync()


def after_app_install(app_name: str) -> None:
	"""A CRM that comes after us gets its tabs too."""
	add_tabs()
	crm_places.sync()


def add_tabs() -> None:
	"""A "Xero" tab with the panel's place, at the end of the form of every record type on this site."""
	create_custom_fields(
		{kind.doctype: _tab_fields(kind.doctype) for kind in hosts.installed()}, ignore_validate=True
	)


def _tab_fields(doctype: str) -> list[dict[str, str]]:
	others = [
		field.fieldname for field in frappe.get_meta(doctype).fields if field.fieldname not in (TAB, PANEL)
	]
	return [
		{
			"fieldname": TAB,
			"fieldtype": "Tab Break",
			"label": "Xero",
			"insert_after": others[-1],
			"module": MODULE,
		},
		{
			"fieldname": PANEL,
			"fieldtype": "HTML",
			# Frappe CRM cannot do without a label, and hides a read-only field until a script shows it
			"label": "Xero",
			"read_only": 1,
			"insert_after": TAB,
			"module": MODULE,
		},
	]


def _add_roles() -> None:
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)
