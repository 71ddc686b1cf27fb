"""What customers owe, by how late it is: by customer, owner or currency, never adding currencies (B14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from xero_connector.core.statement import AGES
from xero_connector.site import receivables
from xero_connector.site.organisations import State
from xero_connector.site.receivables import Aged
from xero_connector.xero_connector.report import figures

GROUPS: dict[str, Callable[[State], list[Aged]]] = {
	"Customer": receivables.by_customer,
	"Owner": receivables.by_owner,
	"Currency": receivables.by_currency,
}
_SHOWN = 10
"""Bars in the chart: the biggest debts."""


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""`filters`: {organisation: name of the Xero Organisation (the default one), group_by: of GROUPS}."""
	figures.require_books()
	wanted = frappe._dict(filters or {})
	group_by = wanted.group_by if wanted.group_by in GROUPS else "Customer"
	organisation = figures.organisation(wanted)
	if not organisation:
		return _columns(group_by), []
	found = GROUPS[group_by](organisation)
	chart = _by_age if group_by == "Currency" else _by_group
	own = [row for row in found if row.currency == organisation.base_currency]
	as_at = _("{0}, as at {1}").format(
		escape_html(organisation.title), frappe.utils.formatdate(organisation.today)
	)
	return (
		_columns(group_by),
		[_row(row) for row in found],
		as_at,
		chart(own, organisation.base_currency) if own else None,
		figures.totals(_("Owed"), ((row.currency, row.total) for row in found)),
	)


def _labels() -> dict[str, str]:
	late = {"1-30": _("1-30 days"), "31-60": _("31-60 days"), "61-90": _("61-90 days")}
	return {"not_due": _("Not due"), **late, "90+": _("Over 90 days")}


def _columns(group_by: str) -> list[figures.Column]:
	return [
		figures.text("group", _(group_by), 240),
		figures.text("currency", _("Currency"), 90),
		*(figures.money(age, label) for age, label in _labels().items()),
		figures.money("total", _("Total")),
	]


def _row(row: Aged) -> dict[str, Any]:
	link = {"group": ["Xero Contact", row.key]} if row.key != row.title else {}
	return {
		"group": row.title or _("Nobody"),
		"currency": row.currency,
		**row.ages,
		"total": row.total,
		"links": link,
	}


def _by_age(rows: list[Aged], currency: str) -> dict[str, Any]:
	"""One bar for each age. Of the base currency alone, as any chart here: bars compare amounts."""
	values = [float(sum(row.ages[age] for row in rows)) for age in AGES]
	return {
		"data": {"labels": list(_labels().values()), "datasets": [{"name": currency, "values": values}]},
		"type": "bar",
		"fieldtype": "Float",
	}


def _by_group(rows: list[Aged], currency: str) -> dict[str, Any]:
	"""A bar for each group, in pieces by age."""
	biggest = sorted(rows, key=lambda row: -row.total)[:_SHOWN]
	pieces = [
		{"name": f"{label} ({currency})", "values": [float(row.ages[age]) for row in biggest]}
		for age, label in _labels().items()
	]
	labels = [_label(row.title or _("Nobody")) for row in biggest]
	return {
		"data": {"labels": labels, "datasets": pieces},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"fieldtype": "Float",
		"colors": ["#6b9ac4", "#f2c14e", "#f29e4e", "#e4632d", "#b3261e"],
	}


def _label(text: str) -> str:
	"""Frappe 15 puts labels into the page as HTML and Frappe 16 as text, so neither escaped nor raw is right."""
	return text.translate({ord("<"): "‹", ord(">"): "›"})
