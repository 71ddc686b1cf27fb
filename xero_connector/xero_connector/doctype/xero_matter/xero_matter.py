from frappe.model.document import Document


class XeroMatter(Document):
	pass
