import frappe
from frappe.model.document import Document

from xero_connector.site import links, matches
from xero_connector.site.links import Party


class XeroLink(Document):
	def after_insert(self) -> None:
		"""Who is tied to a record need not be decided about any more."""
		if self.xero_doctype == links.CONTACT:
			matches.settled_elsewhere(self.xero_id, Party(self.record_doctype, self.record_name))


def on_doctype_update() -> None:
	frappe.db.add_unique("Xero Link", ["record_doctype", "record_name", "xero_id"], "xero_link_pair")
