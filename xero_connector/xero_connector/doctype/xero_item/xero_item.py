from frappe.model.document import Document


class XeroItem(Document):
	pass
