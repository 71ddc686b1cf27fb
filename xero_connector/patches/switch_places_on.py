"""Sites from before there were switches for the places: a Single that was saved has no default for a new field."""

import frappe


def execute() -> None:
	for switch in ("show_in_apps", "crm_main_tab"):
		frappe.db.set_single_value("Xero Settings", switch, 1)
