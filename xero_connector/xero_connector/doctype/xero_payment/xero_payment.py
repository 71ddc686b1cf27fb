from frappe.model.document import Document


class XeroPayment(Document):
	pass
