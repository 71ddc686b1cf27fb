"""Settings that came after a site had saved its own: a Single that was saved has no default for a new field."""

import frappe


def execute() -> None:
	stored = frappe.db.get_singles_dict("Xero Settings")
	if not stored:
		return
	for field in frappe.get_meta("Xero Settings").fields:
		if field.default and field.fieldname not in stored:
			frappe.db.set_single_value("Xero Settings", field.fieldname, field.default)
