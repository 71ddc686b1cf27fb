import frappe
from frappe.model.document import Document


class XeroLink(Document):
	pass


def on_doctype_update() -> None:
	frappe.db.add_unique("Xero Link", ["record_doctype", "record_name", "xero_id"], "xero_link_pair")
