from __future__ import annotations

import frappe
from frappe.model.document import Document


class CRMFormScript(Document):
	def validate(self) -> None:
		"""As in Frappe CRM: of a standard script only the switch can be saved."""
		if self.is_standard and not self.is_new() and self.has_value_changed("script"):
			frappe.throw("A standard form script cannot be edited")
