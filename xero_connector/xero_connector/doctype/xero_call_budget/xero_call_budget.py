from frappe.model.document import Document


class XeroCallBudget(Document):
	"""What is left of an organisation's calls; see site/budget.py."""
