"""The guided set-up: what is done, what comes next, and what each step offers to choose from (R98-R102, B20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from xero_connector import incoming
from xero_connector.core import accounts
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.taxes import NONE, SUGGESTED
from xero_connector.site import organisations, settings, tax_maps, webhook_events
from xero_connector.site.organisations import State

DONE, TODO, LATER, CHOICE = "done", "todo", "later", "choice"
"""How a step stands. LATER: something before it comes first; CHOICE: it has a value that is good as it is."""

Answer = dict[str, Any]


def steps() -> list[Answer]:
	"""In their order, each with its name as `step` and its `state`; most tell each connected organisation's too."""
	stored, is_ready = settings.load(), settings.configured()
	states = [state for state in organisations.every() if state.connected]
	demos = [state.title for state in states if state.is_demo]
	contacts = {"policy": stored.contact_policy, "mode": stored.mode}
	return [
		{"step": "app", "state": DONE if is_ready else TODO},
		{"step": "connect", "state": _of(is_ready, bool(states)), "demo": demos},
		{"step": "read", **_of_each(_first_load, states)},
		{"step": "accounts", **_of_each(_accounts, states)},
		{"step": "taxes", **_of_each(_taxes, states)},
		{"step": "contacts", "state": CHOICE if states else LATER, **contacts},
		{"step": "webhook", **_of_each(_webhook, states)},
	]


def what_would_happen(policy: str) -> list[Answer]:
	"""To the contacts of each connected organisation if this were the policy: how many of them would be linked, made,
	asked about and left out. Nothing of it is done."""
	if policy not in settings.IMPORTING:
		raise NeedsPerson(Code.INVALID_VALUE, field="value", value=policy)
	return [
		{"name": state.name, "title": state.title, **incoming.preview(state.name, policy)._asdict()}
		for state in organisations.every()
		if state.connected
	]


def choose_accounts(organisation: str, sales_account: str | None, payment_account: str | None) -> None:
	"""Raises what saving the organisation's own form does."""
	row = frappe.get_doc("Xero Organisation", organisations.get(organisation).name)
	row.update({"sales_account": sales_account or None, "payment_account": payment_account or None})
	row.save()


def _of(is_possible: bool, is_done: bool) -> str:
	return LATER if not is_possible else DONE if is_done else TODO


def _of_each(find: Callable[[State], Answer], states: list[State]) -> Answer:
	"""A step stands as the organisation does that is behind the others."""
	found = [{"name": state.name, "title": state.title, **find(state)} for state in states]
	all_states = {each["state"] for each in found}
	order = (TODO, LATER, DONE, CHOICE)
	return {"state": next((each for each in order if each in all_states), LATER), "organisations": found}


def _accounts(state: State) -> Answer:
	rows = frappe.get_all(
		"Xero Account",
		filters={"organisation": state.name, "status": "Active"},
		fields=["name", "code", "account_name", "account_type", "account_class", "payments_enabled"],
		order_by="code asc, account_name asc",
	)
	payment_account = frappe.db.get_value("Xero Organisation", state.name, "payment_account")
	for_payments = [
		row for row in rows if accounts.takes_payments(row.account_type, bool(row.payments_enabled))
	]
	is_chosen = state.sales_account and (payment_account or not for_payments)
	return {
		"state": _of(bool(rows), bool(is_chosen)),
		"sales_account": state.sales_account,
		"payment_account": payment_account,
		"sales_accounts": [_option(row) for row in rows if accounts.takes_sales(row.account_class, row.code)],
		"payment_accounts": [_option(row) for row in for_payments],
	}


def _option(row: Any) -> Answer:
	return {"value": row.name, "label": " ".join(filter(None, (row.code, row.account_name)))}


def _taxes(state: State) -> Answer:
	suggestions = tax_maps.suggestions(state.name)
	open_ones = sum(each.state in (NONE, SUGGESTED) for each in suggestions)
	broken = sum(each.kind == "tax" for each in tax_maps.broken(state.name))
	done = CHOICE if not suggestions else _of(bool(state.last_sync), not open_ones and not broken)
	return {"state": done, "rates": len(suggestions), "open": open_ones, "broken": broken}


def _webhook(state: State) -> Answer:
	"""Nobody needs it: without, changes are asked for."""
	told = webhook_events.status(state.name)
	last = told["last_utc"]
	found = CHOICE if not told["configured"] else DONE if told["healthy"] else TODO
	return {
		"state": found,
		"configured": told["configured"],
		"last": last.isoformat() if last else None,
		"silent": bool(told["silent_since"]),
	}


def _first_load(state: State) -> Answer:
	return {"state": DONE if state.last_sync else TODO, "reading": state.reading}
