"""The guided set-up on the settings page (R98-R102, B20)."""

from typing import Any

import frappe

from xero_connector import set_up
from xero_connector.api.guard import entry
from xero_connector.api.webhook import receive
from xero_connector.core.policy import Right


@frappe.whitelist()
@entry(Right.CONFIGURE)
def steps() -> dict[str, Any]:
	"""`steps` in their order, each with its `step` and its `state` ("done", "todo", "later", "choice"); `webhook_url`,
	to be entered in the Xero app."""
	address = f"/api/method/{receive.__module__}.{receive.__name__}"
	return {"steps": set_up.steps(), "webhook_url": frappe.utils.get_url(address)}


@frappe.whitelist()
@entry(Right.CONFIGURE)
def what_would_happen(policy: str) -> dict[str, Any]:
	"""`organisations` with the contacts that this policy would `link`, `create`, put up for `review`, leave out (B20)."""
	return {"organisations": set_up.what_would_happen(policy)}


@frappe.whitelist(methods=["POST"])
@entry(Right.CONFIGURE)
def choose_accounts(
	organisation: str, sales_account: str | None = None, payment_account: str | None = None
) -> dict[str, Any]:
	"""Both as they are to be, none for no account; they must be of the kind and the organisation's own."""
	set_up.choose_accounts(organisation, sales_account, payment_account)
	return {}
