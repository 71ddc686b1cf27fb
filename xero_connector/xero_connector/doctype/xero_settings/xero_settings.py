import frappe
from frappe import _
from frappe.model.document import Document

from xero_connector.xero import oauth


class XeroSettings(Document):
	def validate(self) -> None:
		# pasted from a web page, both often come with spaces around them
		self.client_id = (self.client_id or "").strip()
		self.client_secret = (self.client_secret or "").strip()
		self._check_scopes()

	def _check_scopes(self) -> None:
		scopes = (self.scopes or "").split()
		if scopes and self.mode != "View Only" and not oauth.allow_writing(scopes):
			frappe.throw(
				_(
					"These scopes allow reading alone. Leave them empty, add {0}, or choose the mode View Only."
				).format("accounting.contacts, accounting.invoices"),
				title=_("Scopes"),
			)
