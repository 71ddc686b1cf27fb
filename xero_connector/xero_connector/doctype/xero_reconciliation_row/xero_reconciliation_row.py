from frappe.model.document import Document


class XeroReconciliationRow(Document):
	pass
