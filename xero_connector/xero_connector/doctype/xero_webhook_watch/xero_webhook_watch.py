from frappe.model.document import Document


class XeroWebhookWatch(Document):
	pass
