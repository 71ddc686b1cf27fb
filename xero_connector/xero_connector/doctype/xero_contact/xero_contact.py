import frappe
from frappe.model.document import Document


class XeroContact(Document):
	pass


def on_doctype_update() -> None:
	# the contact that a record is (core/matching.py)
	frappe.db.add_index("Xero Contact", ["organisation", "name_key"], "xero_contact_name_key")
	# search by name
	frappe.db.add_index("Xero Contact", ["organisation", "contact_name"], "xero_contact_name")
