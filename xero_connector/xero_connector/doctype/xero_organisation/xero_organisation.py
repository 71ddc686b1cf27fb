import frappe
from frappe import _
from frappe.model.document import Document


class XeroOrganisation(Document):
	def validate(self) -> None:
		if self.sales_account:
			organisation = frappe.db.get_value("Xero Account", self.sales_account, "organisation")
			if organisation != self.name:
				frappe.throw(_("The sales account belongs to another organisation."))

	def on_update(self) -> None:
		if self.is_default:
			frappe.db.set_value(
				"Xero Organisation", {"name": ["!=", self.name], "is_default": 1}, "is_default", 0
			)
