"""Nothing calls out on its own."""

from __future__ import annotations

from typing import Any

# scheduled jobs of the engine that ask servers of its makers
PHONING_JOBS = frozenset(
	{
		"frappe.desk.doctype.changelog_feed.changelog_feed.fetch_changelog_feed",
		"frappe.utils.change_log.check_for_update",
		"frappe.utils.telemetry.pulse.client.send_queued_events",
	}
)


def mend() -> None:
	_ask_no_gravatar()
	_drop_phoning_jobs()
	_skip_health_checks()


def _ask_no_gravatar() -> None:
	"""Saving a Contact or User asked gravatar.com for a picture of the e-mail address."""
	import sys

	def has_gravatar(email: str) -> str:
		return ""

	for name in ("frappe.utils", "frappe.core.doctype.user.user", "frappe.contacts.doctype.contact.contact"):
		if name in sys.modules:
			sys.modules[name].has_gravatar = has_gravatar  # type: ignore[attr-defined]


def _drop_phoning_jobs() -> None:
	from frappe import hooks

	def kept(jobs: Any) -> Any:
		if isinstance(jobs, dict):
			return {when: kept(names) for when, names in jobs.items()}
		return [name for name in jobs if name not in PHONING_JOBS]

	hooks.scheduler_events = {when: kept(jobs) for when, jobs in hooks.scheduler_events.items()}


def _skip_health_checks() -> None:
	"""Opening Desk ran every check of the System Health Report for a System Manager: 40 s on SQLite.

	Its sidebar asks whether the report may be read, and reading it is running it, a queued job included.
	"""
	import frappe
	from frappe.desk.doctype.system_health_report.system_health_report import SystemHealthReport
	from frappe.model.document import Document

	def load_from_db(self: Any) -> None:
		super(Document, self).__init__({})
		frappe.only_for("System Manager")

	SystemHealthReport.load_from_db = load_from_db
