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
