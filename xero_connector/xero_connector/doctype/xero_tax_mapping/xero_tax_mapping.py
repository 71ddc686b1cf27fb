from frappe.model.document import Document


class XeroTaxMapping(Document):
	"""One of our tax rates and the one of Xero's that it is."""
