from frappe.model.document import Document


class XeroAccount(Document):
	pass
