from frappe.model.document import Document


class XeroRemark(Document):
	pass
