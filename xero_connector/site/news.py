"""Telling open tabs that the mirror has moved on: an event for those with a socket, a moment for those who ask."""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from xero_connector.site import access
from xero_connector.site.database import commit_step, now_utc, to_column


def tell(organisation: str, contacts: Sequence[str] | None = None) -> None:
	"""Something to show has come, or could not be brought; None: about any contact.

	The moment is kept on the organisation (`panel.version` compares it). The event "xero_updated" goes to
	everybody who may see Xero and to nobody else; it holds no figures.
	"""
	frappe.db.set_value(
		"Xero Organisation", organisation, "news_utc", to_column(now_utc()), update_modified=False
	)
	commit_step()
	message = {"organisation": organisation, "contacts": list(contacts) if contacts is not None else None}
	for user in access.who_may_see():
		frappe.publish_realtime("xero_updated", message, user=user)
