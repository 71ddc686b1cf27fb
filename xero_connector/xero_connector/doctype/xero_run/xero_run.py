from frappe.model.document import Document


class XeroRun(Document):
	pass
