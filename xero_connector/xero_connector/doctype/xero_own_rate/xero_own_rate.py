from frappe.model.document import Document


class XeroOwnRate(Document):
	"""A tax rate of records that bring none of their own."""
