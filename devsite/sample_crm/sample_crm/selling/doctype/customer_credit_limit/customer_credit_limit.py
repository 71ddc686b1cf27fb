from __future__ import annotations

from frappe.model.document import Document


class CustomerCreditLimit(Document):
	pass
