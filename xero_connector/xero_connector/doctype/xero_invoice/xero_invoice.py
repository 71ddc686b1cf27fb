import frappe
from frappe.model.document import Document


class XeroInvoice(Document):
	pass


def on_doctype_update() -> None:
	# a customer's documents by date (the tab), and an organisation's by change (reading)
	frappe.db.add_index("Xero Invoice", ["contact", "date"], "xero_invoice_contact_date")
	frappe.db.add_index("Xero Invoice", ["organisation", "updated_utc"], "xero_invoice_changed")
	# everybody's: what is owed, longest due first; and the newest
	frappe.db.add_index(
		"Xero Invoice", ["organisation", "status", "document_type", "due_date"], "xero_invoice_owed"
	)
	frappe.db.add_index("Xero Invoice", ["organisation", "date"], "xero_invoice_newest")
