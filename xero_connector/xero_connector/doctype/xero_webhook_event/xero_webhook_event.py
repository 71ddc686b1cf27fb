from frappe.model.document import Document

from xero_connector.site import webhook_queue


class XeroWebhookEvent(Document):
	@staticmethod
	def clear_old_logs(days: int = 31) -> None:
		"""For Log Settings, where an administrator says for how many days events are kept."""
		webhook_queue.forget(days)
