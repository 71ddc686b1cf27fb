from frappe.model.document import Document


class XeroBrandingTheme(Document):
	pass
