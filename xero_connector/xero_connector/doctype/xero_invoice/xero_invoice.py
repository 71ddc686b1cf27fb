import frappe
from frappe.model.document import Document

_SUMMED = ("sub_total", "total", "amount_due", "amount_paid")


class XeroInvoice(Document):
	pass


def on_doctype_update() -> None:
	"""Few and wide: every index costs the first load, and one that holds all that is asked for spares the rows.
	`name` stands where lists are ordered by it."""
	# a customer's documents, newest first, with all that sums and counts need (the tab)
	_add("contact", "date", "name", "document_type", "status", "currency", "due_date", *_SUMMED)
	# everybody's: what is owed, longest due first, with the same (the home, the cards)
	_add("organisation", "status", "document_type", "due_date", "name", "currency", *_SUMMED)
	# the newest; and those whose number or reference begins with what was typed
	_add("organisation", "date", "name")
	_add("organisation", "document_type", "number")
	_add("organisation", "document_type", "reference")


def _add(*columns: str) -> None:
	frappe.db.add_index("Xero Invoice", list(columns), f"xero_invoice_{columns[0]}_{columns[-1]}")
