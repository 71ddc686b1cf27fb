from frappe.model.document import Document


class XeroTaxRate(Document):
	pass
