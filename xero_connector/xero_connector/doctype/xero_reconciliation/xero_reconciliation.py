from frappe.model.document import Document

from xero_connector.site import reconciliations


class XeroReconciliation(Document):
	@staticmethod
	def clear_old_logs(days: int = 90) -> None:
		"""For Log Settings, where an administrator says for how many days they are kept."""
		reconciliations.forget(days)
