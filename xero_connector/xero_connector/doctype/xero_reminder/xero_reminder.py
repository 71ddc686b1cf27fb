from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import get_user_lang

from xero_connector.site import organisations, remarks


class XeroReminder(Document):
	def after_insert(self) -> None:
		"""In the same transaction the owner hears of it: a notification, and a ToDo on their record.

		Neither names an amount: a ToDo stands on the record's timeline, which people read who may not see Xero.
		"""
		language = get_user_lang(self.user)
		invoice = frappe.db.get_value(
			"Xero Invoice",
			self.document,
			["number", "contact_name", "due_date", "organisation"],
			as_dict=True,
		)
		today = organisations.get(invoice.organisation).today
		sentence = frappe.utils.escape_html(_sentence(invoice, today, self._promised_on(), language))
		self._notify(sentence)
		self.db_set("todo", self._ask(sentence, max(today, frappe.utils.getdate(invoice.due_date))))

	def _promised_on(self) -> date | None:
		"""The last day for which payment is promised."""
		days = [each.promised_on for each in remarks.of_documents([self.document]).get(self.document, [])]
		return max(filter(None, days), default=None)

	def _notify(self, sentence: str) -> None:
		notification = frappe.new_doc("Notification Log")
		notification.update(
			{
				"for_user": self.user,
				"type": "Alert",
				"document_type": self.record_doctype,
				"document_name": self.record_name,
				"subject": sentence,
			}
		)
		notification.insert(ignore_permissions=True)

	def _ask(self, sentence: str, day: date) -> str:
		todo = frappe.new_doc("ToDo")
		todo.update(
			{
				"allocated_to": self.user,
				"assigned_by": frappe.session.user,
				"reference_type": self.record_doctype,
				"reference_name": self.record_name,
				"description": sentence,
				"date": day,
			}
		)
		todo.insert(ignore_permissions=True)
		return str(todo.name)


def _sentence(invoice: Any, today: date, promised_on: date | None, language: str) -> str:
	due = frappe.utils.getdate(invoice.due_date)
	told = [invoice.number or "", invoice.contact_name or "", frappe.utils.formatdate(due)]
	if due > today:
		said = _("Invoice {0} of {1} falls due on {2}.", language).format(*told)
	elif due == today:
		said = _("Invoice {0} of {1} is due today.", language).format(*told)
	else:
		said = _("Invoice {0} of {1} was due on {2} and is not paid.", language).format(*told)
	if not promised_on:
		return str(said)
	promised = _("Payment is promised for {0}.", language).format(frappe.utils.formatdate(promised_on))
	return f"{said} {promised}"


def on_doctype_update() -> None:
	frappe.db.add_unique("Xero Reminder", ["document", "stage"], "xero_reminder_stage")
