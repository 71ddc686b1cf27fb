from frappe.model.document import Document


class XeroAllowedUser(Document):
	pass
