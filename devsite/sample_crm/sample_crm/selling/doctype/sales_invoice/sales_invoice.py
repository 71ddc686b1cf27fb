from __future__ import annotations

from frappe.model.document import Document
from frappe.utils import flt

from sample_crm.totals import price_items


class SalesInvoice(Document):
	def validate(self) -> None:
		price_items(self)
		if self.additional_discount_percentage:
			self.discount_amount = self.total * self.additional_discount_percentage / 100
		self.net_total = self.total - flt(self.discount_amount)
		for tax in self.taxes:
			if tax.charge_type == "On Net Total":
				tax.tax_amount = self.net_total * flt(tax.rate) / 100
		self.total_taxes_and_charges = sum(flt(tax.tax_amount) for tax in self.taxes)
		self.grand_total = self.net_total + self.total_taxes_and_charges
		self.outstanding_amount = self.grand_total
		self.status = "Draft"

	def on_submit(self) -> None:
		self.db_set("status", "Unpaid")

	def on_cancel(self) -> None:
		self.db_set("status", "Cancelled")
