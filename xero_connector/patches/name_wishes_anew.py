"""Wishes have other names and shapes since documents can be changed, and not only made."""

import frappe


def execute() -> None:
	"""What was sent stays known as the record's invoice; what was not is made of the record when it is sent."""
	frappe.db.set_value(
		"Xero Outbox",
		{"action": "Create Invoice", "state": "Sent"},
		{"action": "Document", "sequence": 1, "by_hand": 1, "payload": None},
		update_modified=False,
	)
	frappe.db.set_value(
		"Xero Outbox",
		{"action": "Create Invoice"},
		{"action": "Document", "sequence": 1, "prepare": 1, "payload": None},
		update_modified=False,
	)
	frappe.db.set_value(
		"Xero Outbox", {"action": "Create Contact"}, "action", "Contact", update_modified=False
	)
