"""What Frappe does not remove by itself: our places in Frappe CRM, roles with their use, scheduled jobs, tokens,
settings and notifications."""

from __future__ import annotations

import frappe

from xero_connector.core.policy import ROLES
from xero_connector.install import MODULE
from xero_connector.site import crm_places


def before_uninstall() -> None:
	crm_places.remove()
	for role in ROLES:
		frappe.db.delete("Has Role", {"role": role})
		frappe.db.delete("Custom DocPerm", {"role": role})
		frappe.delete_doc_if_exists("Role", role, force=True)
	for job in frappe.get_all("Scheduled Job Type", {"method": ["like", "xero_connector.%"]}, pluck="name"):
		frappe.delete_doc("Scheduled Job Type", job, force=True)
	ours = frappe.get_all("DocType", {"module": MODULE}, pluck="name")
	frappe.db.delete("Notification Log", {"document_type": ("in", ours)})
	frappe.db.delete("__Auth", {"doctype": ("in", ours)})
	frappe.db.delete("Singles", {"doctype": ("in", ours)})
