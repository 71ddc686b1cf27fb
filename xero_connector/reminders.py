"""Reminding the owners of sales and customers of their invoices, before and after they fall due (R110, B13)."""

from __future__ import annotations

import frappe

from xero_connector.site import organisations, reminders, settings
from xero_connector.site.database import commit_step
from xero_connector.site.reminders import Reminder


def send() -> None:
	"""What is to be told today, of the organisations whose figures are kept up to date. Safe to run again: each is
	committed with what it told."""
	stages = settings.load().reminders
	for state in organisations.every():
		if state.connected:
			for reminder in (each for stage in stages for each in reminders.due(state, stage)):
				_tell(reminder)
	_close_settled()


def _tell(reminder: Reminder) -> None:
	"""One that another app's hook refuses holds up none of the others, and is tried again tomorrow."""
	try:
		reminders.add(reminder)
		commit_step()
	except Exception:
		frappe.db.rollback()
		frappe.log_error(
			title="Xero: no reminder", reference_doctype="Xero Invoice", reference_name=reminder.document
		)
		commit_step()


def _close_settled() -> None:
	"""Nobody has to chase what is paid."""
	for name in reminders.settled():
		todo = frappe.get_doc("ToDo", name)
		todo.status = "Closed"
		todo.save(ignore_permissions=True)
		commit_step()
