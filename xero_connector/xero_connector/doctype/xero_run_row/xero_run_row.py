from frappe.model.document import Document


class XeroRunRow(Document):
	pass
