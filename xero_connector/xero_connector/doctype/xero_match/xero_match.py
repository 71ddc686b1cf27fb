from frappe.model.document import Document


class XeroMatch(Document):
	pass
