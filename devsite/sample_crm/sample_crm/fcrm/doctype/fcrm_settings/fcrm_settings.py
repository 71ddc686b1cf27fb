from __future__ import annotations

from frappe.model.document import Document


class FCRMSettings(Document):
	pass
