from frappe.model.document import Document


class XeroSettings(Document):
	def validate(self) -> None:
		# pasted from a web page, both often come with spaces around them
		self.client_id = (self.client_id or "").strip()
		self.client_secret = (self.client_secret or "").strip()
