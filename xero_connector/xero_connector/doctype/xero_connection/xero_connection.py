from frappe.model.document import Document


class XeroConnection(Document):
	pass
