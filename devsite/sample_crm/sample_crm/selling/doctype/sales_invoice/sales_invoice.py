from __future__ import annotations

from frappe.model.document import Document
from frappe.utils import flt, getdate

from sample_crm.totals import price_invoice


class SalesInvoice(Document):
	def validate(self) -> None:
		price_invoice(self)
		self.party_account_currency = self.currency
		self.outstanding_amount = self.rounded_total
		self.status = "Draft"

	def on_submit(self) -> None:
		self.db_set("status", self._submitted_status())

	def _submitted_status(self) -> str:
		if self.is_return:
			return "Return"
		if flt(self.outstanding_amount) <= 0:
			return "Paid"
		is_late = self.due_date and getdate(self.due_date) < getdate()
		return "Overdue" if is_late else "Unpaid"

	def on_cancel(self) -> None:
		self.db_set("status", "Cancelled")
