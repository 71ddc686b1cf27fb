import frappe
from frappe import _
from frappe.model.document import Document

from xero_connector.core import accounts


class XeroOrganisation(Document):
	def validate(self) -> None:
		if self.sales_account:
			self._check_sales_account()
		if self.payment_account:
			self._check_payment_account()
		if self.default_tax:
			self._check_default_tax()
		if self.branding_theme:
			organisation = frappe.db.get_value("Xero Branding Theme", self.branding_theme, "organisation")
			if organisation != self.name:
				frappe.throw(_("The branding theme belongs to another organisation."))

	def _check_sales_account(self) -> None:
		organisation, *kind = frappe.db.get_value(
			"Xero Account", self.sales_account, ["organisation", "account_class", "code"]
		)
		if organisation != self.name:
			frappe.throw(_("The sales account belongs to another organisation."))
		if not accounts.takes_sales(*kind):
			frappe.throw(_("The sales account must be a revenue account with a code."))

	def _check_payment_account(self) -> None:
		organisation, kind, enabled = frappe.db.get_value(
			"Xero Account", self.payment_account, ["organisation", "account_type", "payments_enabled"]
		)
		if organisation != self.name:
			frappe.throw(_("The payment account belongs to another organisation."))
		if not accounts.takes_payments(kind, bool(enabled)):
			frappe.throw(
				_("Choose a bank account, or enable payments for this account in Xero's chart of accounts.")
			)

	def _check_default_tax(self) -> None:
		organisation, for_sales = frappe.db.get_value(
			"Xero Tax Rate", self.default_tax, ["organisation", "applies_to_revenue"]
		)
		if organisation != self.name:
			frappe.throw(_("The default tax belongs to another organisation."))
		if not for_sales:
			frappe.throw(_("The default tax must be one that applies to revenue."))

	def on_update(self) -> None:
		if self.is_default:
			frappe.db.set_value(
				"Xero Organisation", {"name": ["!=", self.name], "is_default": 1}, "is_default", 0
			)
