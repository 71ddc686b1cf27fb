from __future__ import annotations

import frappe
from frappe.model.document import Document

from sample_crm.totals import price_products


class CRMDeal(Document):
	def before_validate(self) -> None:
		primary = next((row for row in self.contacts if row.is_primary), None)
		if self.contacts and not primary:
			primary = self.contacts[0]
			primary.is_primary = 1
		self.contact = primary.contact if primary else None
		if not self.currency:
			self.currency = frappe.db.get_single_value("FCRM Settings", "currency") or "USD"

	def validate(self) -> None:
		price_products(self)
		if self.products and not self.deal_value:
			self.deal_value = self.net_total
		kind = frappe.get_cached_value("CRM Deal Status", self.status, "type")
		if kind in ("Won", "Lost") and not self.closed_date:
			self.closed_date = frappe.utils.nowdate()
