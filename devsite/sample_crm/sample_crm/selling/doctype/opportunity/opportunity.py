from __future__ import annotations

import frappe
from frappe.model.document import Document

from sample_crm.totals import price_items


class Opportunity(Document):
	def validate(self) -> None:
		price_items(self)
		if self.items and not self.opportunity_amount:
			self.opportunity_amount = self.total
		if self.opportunity_from == "Customer":
			self.customer_name = frappe.db.get_value("Customer", self.party_name, "customer_name")
