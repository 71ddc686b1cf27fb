"""What Frappe does not remove by itself: roles with their use, and scheduled jobs."""

from __future__ import annotations

import frappe

from xero_connector.core.policy import ROLES


def before_uninstall() -> None:
	for role in ROLES:
		frappe.db.delete("Has Role", {"role": role})
		frappe.db.delete("Custom DocPerm", {"role": role})
		frappe.delete_doc_if_exists("Role", role, force=True)
	for job in frappe.get_all("Scheduled Job Type", {"method": ["like", "xero_connector.%"]}, pluck="name"):
		frappe.delete_doc("Scheduled Job Type", job, force=True)
