"""Telling open tabs that the mirror has moved on."""

from __future__ import annotations

import frappe

from xero_connector.core import policy
from xero_connector.core.policy import Right


def tell(organisation: str) -> None:
	"""An event "xero_updated" to everybody who may see Xero, and to nobody else; it holds no figures."""
	users = frappe.get_all(
		"Has Role",
		filters={"parenttype": "User", "role": ["in", list(policy.holders(Right.SEE))]},
		pluck="parent",
		distinct=True,
	)
	for user in users:
		frappe.publish_realtime("xero_updated", {"organisation": organisation}, user=user)
