import frappe
from frappe.model.document import Document

_SUMMED = (
	"document_type",
	"status",
	"currency",
	"due_date",
	"date",
	"sub_total",
	"total",
	"amount_due",
	"amount_paid",
)


class XeroInvoice(Document):
	pass


def on_doctype_update() -> None:
	# a customer's documents by date (the tab's list); and all that its sums and counts need, so that these
	# read no row
	frappe.db.add_index("Xero Invoice", ["contact", "date"], "xero_invoice_contact_date")
	frappe.db.add_index("Xero Invoice", ["contact", *_SUMMED], "xero_invoice_sums")
	# everybody's: what is owed, longest due first; and the newest
	frappe.db.add_index(
		"Xero Invoice", ["organisation", "status", "document_type", "due_date"], "xero_invoice_owed"
	)
	frappe.db.add_index("Xero Invoice", ["organisation", "date"], "xero_invoice_newest")
