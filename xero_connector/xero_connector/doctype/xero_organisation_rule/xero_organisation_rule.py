from frappe.model.document import Document


class XeroOrganisationRule(Document):
	"""Records of this company, currency or territory are billed in this organisation."""
