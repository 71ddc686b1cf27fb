"""The number cards of the workspace: figures of the default organisation in its base currency."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import frappe
from frappe.desk.doctype.dashboard_chart import dashboard_chart
from frappe.desk.doctype.number_card import number_card

from xero_connector.api.guard import entry
from xero_connector.core import money
from xero_connector.core.documents import COUNTED
from xero_connector.core.policy import Right
from xero_connector.site import access, organisations, receivables
from xero_connector.site.organisations import State

Card = dict[str, Any] | str


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def unpaid() -> Card:
	return _card(lambda state: _money(receivables.summary(state).unpaid, state, {"status": ["in", COUNTED]}))


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def overdue() -> Card:
	return _card(
		lambda state: _money(
			receivables.summary(state).overdue,
			state,
			{"status": "Authorised", "due_date": ["<", state.today.isoformat()]},
		)
	)


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def due_this_week() -> Card:
	return _card(
		lambda state: _money(
			receivables.due_this_week(state)[1],
			state,
			{"status": "Authorised", "due_date": ["between", [state.today, state.today + receivables.WEEK]]},
		)
	)


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def drafts() -> Card:
	"""How many drafts wait in Xero, in any currency; credit notes too."""
	return _card(
		lambda state: _number(
			receivables.summary(state).counts["invoice"]["drafts"],
			"Int",
			{
				"organisation": state.name,
				"document_type": ["in", ["Invoice", "Credit Note"]],
				"status": "Draft",
			},
		)
	)


def has_permission(doc: Any, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool:
	"""Hides our cards and our chart from those who would only get a refusal.

	Everything else is answered as Frappe's own hook does, because Frappe 15 takes the first answer that a hook
	gives and Frappe 16 takes None for a no.
	"""
	if doc.module == "Xero Connector" and not access.may(Right.SEE_BOOKS, user):
		return False
	frappes = {"Number Card": number_card, "Dashboard Chart": dashboard_chart}[doc.doctype]
	return bool(frappes.has_permission(doc, ptype, user or frappe.session.user))


def _card(figure: Callable[[State], Card]) -> Card:
	"""Of the default organisation; before anything is connected there is nothing."""
	default = next(iter(organisations.every()), None)
	return figure(default) if default else {"value": 0, "fieldtype": "Int"}


def _money(amount: Decimal, state: State, shown: dict[str, Any]) -> Card:
	"""Desk shows a card's amount in the site's currency and knows no other: an organisation of another one
	gets the finished text, which cannot be pressed."""
	currency = state.base_currency
	if currency != frappe.db.get_default("currency"):
		digits = money.decimals(currency)
		return f"{frappe.utils.fmt_money(amount, precision=digits)} {currency}"
	mine = {"organisation": state.name, "currency": currency, "document_type": "Invoice"}
	return _number(float(amount), "Currency", {**mine, "amount_due": [">", 0], **shown})


def _number(value: float, fieldtype: str, shown: dict[str, Any]) -> Card:
	"""`shown` filters the list that pressing the card opens."""
	return {
		"value": value,
		"fieldtype": fieldtype,
		"route": ["List", "Xero Invoice", "List"],
		"route_options": shown,
	}
