import frappe
from frappe import _
from frappe.model.document import Document

from xero_connector import tasks
from xero_connector.site import tax_maps
from xero_connector.xero import oauth

_HIGHEST_RATE = 100
_NAMED_BY = {
	"Company": ("Company",),
	"Currency": ("Currency",),
	"Territory": ("Territory", "CRM Territory"),
}
"""The doctypes whose documents a rule's value may be."""


class XeroSettings(Document):
	def validate(self) -> None:
		# pasted from a web page, both often come with spaces around them
		self.client_id = (self.client_id or "").strip()
		self.client_secret = (self.client_secret or "").strip()
		self._check_scopes()
		self._check_rules()
		self._check_rates()

	def on_change(self) -> None:
		# a rate that is mapped may have changed; on_update would still read the settings as they were
		tax_maps.check_all()
		if self.has_value_changed("show_on_sales"):
			tasks.enqueue_sale_figures()

	def _check_scopes(self) -> None:
		scopes = (self.scopes or "").split()
		if scopes and self.mode != "View Only" and not oauth.allow_writing(scopes):
			frappe.throw(
				_(
					"These scopes allow reading alone. Leave them empty, add {0}, or choose the mode View Only."
				).format("accounting.contacts, accounting.invoices"),
				title=_("Scopes"),
			)

	def _check_rules(self) -> None:
		"""A rule that can never fit is a mistake that nobody would see."""
		seen = set()
		for rule in self.organisation_rules or ():
			rule.value = (rule.value or "").strip()
			key = (rule.basis, rule.value.casefold())
			if key in seen:
				self._refuse(rule, _("There is a rule for this already."))
			seen.add(key)
			if not _is_known(rule.basis, rule.value):
				self._refuse(rule, _("{0} {1} does not exist.").format(_(rule.basis), rule.value))

	def _check_rates(self) -> None:
		titles, percents = set(), set()
		for rate in self.own_rates or ():
			rate.title = (rate.title or "").strip()
			if not 0 <= (rate.rate or 0) <= _HIGHEST_RATE:
				self._refuse(rate, _("The rate must be between 0 and 100 %."))
			if rate.title.casefold() in titles or (rate.rate or 0) in percents:
				self._refuse(rate, _("There is a rate of this name or percent already."))
			titles.add(rate.title.casefold())
			percents.add(rate.rate or 0)

	def _refuse(self, row: Document, reason: str) -> None:
		table = _(self.meta.get_label(row.parentfield))
		where = _("{0}, row {1}: {2}").format(table, row.idx, reason)
		frappe.throw(frappe.utils.escape_html(where), title=table)


def _is_known(basis: str, value: str) -> bool:
	"""Territories are those of ERPNext or of Frappe CRM, whatever of them there is."""
	installed = [doctype for doctype in _NAMED_BY[basis] if frappe.db.exists("DocType", doctype, cache=True)]
	return not installed or any(frappe.db.exists(doctype, value) for doctype in installed)
