from __future__ import annotations

from frappe.model.document import Document

from sample_crm.totals import price_products


class CRMLead(Document):
	def validate(self) -> None:
		self.lead_name = " ".join(filter(None, (self.first_name, self.middle_name, self.last_name)))
		price_products(self)
