from frappe.model.document import Document


class XeroFieldMap(Document):
	"""A field that both sides have, and who is right about it."""
