"""What the app adds to a site beside its doctypes: four roles, a tab on every record it knows, fields for what Xero
says of sales, invoices and customers and for an organization's credit limit, and its places in Frappe CRM.

Everything has our module set, so that uninstalling the app removes it (see also uninstall.py).
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from xero_connector.core import documents as rules
from xero_connector.core.policy import ROLES
from xero_connector.site import crm_places, hosts, own_documents, sale_figures
from xero_connector.site.hosts.frappe_crm import CREDIT_LIMIT, ORGANIZATION
from xero_connector.site.hosts.record import RecordType

MODULE = "Xero Connector"
TAB, PANEL = "xero_tab", "xero_panel"

# Read-only, and on submitted documents too; nobody's copy or print has them.
_WRITTEN_BY_US = {"read_only": 1, "allow_on_submit": 1, "no_copy": 1, "print_hide": 1}
_STATES = (rules.CREATED, rules.LIVE, rules.PART_PAID, rules.PAID, rules.CANCELLED)
_OPEN = """{% if (frm.doc.xero_url) { %}
<p><a href="{{ frappe.utils.escape_html(frm.doc.xero_url) }}" target="_blank" rel="noopener">{{ __("Open in Xero") }}</a></p>
{% } else { %}<p></p>{% } %}"""
"""Desk draws it anew with every record that the form shows."""

_OWN_DOCUMENT: list[dict[str, Any]] = [
	{"fieldname": "xero_own", "fieldtype": "Section Break", "depends_on": "xero_status"},
	{
		"fieldname": "xero_status",
		"fieldtype": "Select",
		"label": "Xero Status",
		"options": "\n".join(("", *_STATES)),
		"in_standard_filter": 1,
	},
	{"fieldname": "xero_sent", "fieldtype": "Check", "label": "Sent to Accounts"},
	{"fieldname": "xero_sent_on", "fieldtype": "Datetime", "label": "Sent On"},
	{"fieldname": "xero_own_column", "fieldtype": "Column Break"},
	{"fieldname": "xero_number", "fieldtype": "Data", "label": "Xero Number", "length": 255},
	{"fieldname": "xero_open", "fieldtype": "HTML", "label": "Open in Xero", "options": _OPEN},
	{
		"fieldname": "xero_outstanding",
		"fieldtype": "Currency",
		"label": "Outstanding in Xero",
		"options": "currency",
	},
	{
		"fieldname": "xero_url",
		"fieldtype": "Data",
		"label": "Xero Link",
		"options": "URL",
		"length": 255,
		"hidden": 1,
	},
	{"fieldname": "xero_panel_section", "fieldtype": "Section Break"},
]
_CUSTOMER: list[dict[str, Any]] = [
	{"fieldname": "xero_own", "fieldtype": "Section Break", "depends_on": own_documents.CUSTOMER_REFERENCE},
	{"fieldname": own_documents.CUSTOMER_REFERENCE, "fieldtype": "Data", "label": "Xero Reference"},
	{"fieldname": "xero_panel_section", "fieldtype": "Section Break"},
]
_CREDIT: list[dict[str, Any]] = [
	{"fieldname": "xero_credit", "fieldtype": "Section Break"},
	{
		"fieldname": CREDIT_LIMIT,
		"fieldtype": "Currency",
		"label": "Credit Limit",
		"options": "currency",
		"non_negative": 1,
		"description": "The most that they may owe in Xero; 0 is no limit",
	},
	{"fieldname": "xero_panel_section", "fieldtype": "Section Break"},
]
_SALE = (
	("xero_invoiced", "Currency", "Invoiced in Xero"),
	("xero_paid", "Currency", "Paid in Xero"),
	("xero_sale_column", "Column Break", None),
	("xero_outstanding", "Currency", "Outstanding in Xero"),
	("xero_paid_on", "Date", "Paid in Xero On"),
)


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
	"""A "Xero" tab with the panel's place, at the end of the form of every record type on this site; above it, what
	Xero says of a record that is itself an invoice, and of a customer."""
	create_custom_fields(
		{kind.doctype: _tab_fields(kind) for kind in hosts.installed()}, ignore_validate=True
	)


def _tab_fields(kind: RecordType) -> list[dict[str, Any]]:
	fields = [
		{"fieldname": TAB, "fieldtype": "Tab Break", "label": "Xero"},
		*_own_fields(kind),
		# Frappe CRM cannot do without a label, and hides a read-only field until a script shows it
		{"fieldname": PANEL, "fieldtype": "HTML", "label": "Xero", "read_only": 1},
	]
	ours = {field["fieldname"] for field in fields}
	others = [
		field.fieldname for field in frappe.get_meta(kind.doctype).fields if field.fieldname not in ours
	]
	before = [others[-1], *(field["fieldname"] for field in fields)]
	return [
		{**field, "insert_after": place, "module": MODULE}
		for field, place in zip(fields, before, strict=False)
	]


def _own_fields(kind: RecordType) -> list[dict[str, Any]]:
	if kind.doctype == ORGANIZATION:
		return _CREDIT
	return [{**field, **_WRITTEN_BY_US} for field in _written_fields(kind)]


def _written_fields(kind: RecordType) -> list[dict[str, Any]]:
	if kind.own_document:
		return _OWN_DOCUMENT
	if sale_figures.is_kept_on(kind):
		return _sale_fields(kind.doctype)
	return _CUSTOMER if kind.doctype == own_documents.CUSTOMER else []


def _sale_fields(doctype: str) -> list[dict[str, Any]]:
	currency = sale_figures.currency_field(doctype)
	fields: list[dict[str, Any]] = [
		{"fieldname": name, "fieldtype": fieldtype, "label": label}
		| ({"options": currency} if fieldtype == "Currency" else {})
		for name, fieldtype, label in _SALE
	]
	begin = {
		"fieldname": "xero_sale",
		"fieldtype": "Section Break",
		"depends_on": "xero_invoiced",
		"description": "With tax, less credit notes; documents in the currency of this record",
	}
	return [begin, *fields, {"fieldname": "xero_panel_section", "fieldtype": "Section Break"}]


def _add_roles() -> None:
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)
