"""The tab's answer for one Xero contact by plain SQL: the fewest statements that bring its rows and sums.

What no wrapper around the database can beat, and a second opinion on what the tab says.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe

_GROUPS = """
	SELECT document_type, status, currency,
		CASE WHEN due_date > %(today)s THEN 'later' WHEN due_date = %(today)s THEN 'today' ELSE 'overdue' END,
		amount_due > 0, COUNT(*), SUM(total), SUM(amount_due), SUM(amount_paid)
	FROM `tabXero Invoice` WHERE contact = %(contact)s GROUP BY 1, 2, 3, 4, 5
"""
_SALES = """
	SELECT date, document_type, SUM(total) FROM `tabXero Invoice`
	WHERE contact = %(contact)s AND document_type IN ('Invoice', 'Credit Note')
		AND status IN ('Authorised', 'Paid') AND currency = %(currency)s AND date >= %(chart_start)s
	GROUP BY date, document_type
"""
_ROWS = """
	SELECT name, document_type, number, reference, contact_name, date, due_date, status, currency, total,
		amount_due
	FROM `tabXero Invoice` WHERE contact = %(contact)s AND {where}
	ORDER BY date DESC, name DESC LIMIT 20 OFFSET %(start)s
"""
_COUNT = "SELECT COUNT(*) FROM `tabXero Invoice` WHERE contact = %(contact)s AND {where}"
_PAYMENTS = """
	SELECT parent, date, amount, kind, reference FROM `tabXero Payment`
	WHERE parent IN %(parents)s ORDER BY parent, date, idx
"""
_OWED = "document_type = 'Invoice' AND status = 'Authorised' AND amount_due > 0 AND due_date {} %(today)s"
_WHERE = {
	"open": _OWED.format(">"),
	"overdue": _OWED.format("<"),
	"all": "document_type IN ('Invoice', 'Credit Note') AND status <> 'Deleted'",
}


@dataclass(frozen=True)
class Answer:
	"""Rows as the database gave them; the sums of sales only of the whole tab, `found` only of a search."""

	groups: list[tuple[Any, ...]]
	sales: list[tuple[Any, ...]]
	rows: list[tuple[Any, ...]]
	payments: list[tuple[Any, ...]]
	found: int | None


@dataclass(frozen=True)
class Question:
	"""What the tab is asked. `whole`: all of it, not the list alone."""

	contact: str
	today: date
	currency: str
	view: str = "open"
	search: str | None = None
	start: int = 0
	whole: bool = False

	def ask(self) -> Answer:
		values: dict[str, Any] = {
			"contact": self.contact,
			"today": self.today,
			"currency": self.currency,
			"start": self.start,
			"pattern": f"%{self.search}%",
			"chart_start": (self.today - timedelta(days=365)).replace(day=1),
		}
		where = _WHERE[self.view]
		if self.search:
			where += " AND (number LIKE %(pattern)s OR reference LIKE %(pattern)s)"
		rows = _sql(_ROWS.format(where=where), values)
		parents = [row[0] for row in rows] or [""]
		return Answer(
			groups=_sql(_GROUPS, values),
			sales=_sql(_SALES, values) if self.whole else [],
			rows=rows,
			payments=_sql(_PAYMENTS, {"parents": parents}),
			found=_sql(_COUNT.format(where=where), values)[0][0] if self.search else None,
		)

	def check(self, bare: Answer, answer: dict[str, Any]) -> None:
		"""Raises AssertionError where the tab says something else."""
		shown = answer["list"] if self.whole else answer
		counts = answer["counts"]["invoice"] if self.whole else answer["counts"]
		assert [row["id"] for row in shown["rows"]] == [row[0] for row in bare.rows]
		paid = Counter(row[0] for row in bare.payments)
		assert {row["id"]: len(row["payments"]) for row in shown["rows"] if row["payments"]} == dict(paid)
		expected = {view: sum(g[5] for g in bare.groups if _shows(view, g)) for view in _WHERE}
		assert {view: counts[view] for view in _WHERE} == expected
		assert shown["total"] == (expected[self.view] if bare.found is None else bare.found)
		if self.whole:
			self._check_overview(bare, answer["overview"])

	def _check_overview(self, bare: Answer, overview: dict[str, Any]) -> None:
		base = [g for g in bare.groups if g[2] == self.currency]
		invoices = [g for g in base if g[0] == "Invoice"]
		notes = [g for g in base if g[0] == "Credit Note"]
		settled = ("Authorised", "Paid")
		expected = {
			"unpaid": _sum(g[7] for g in invoices if g[1] in ("Authorised", "Submitted")),
			"overdue": _sum(g[7] for g in invoices if g[1] == "Authorised" and g[3] == "overdue"),
			"paid": _sum(g[8] for g in invoices if g[1] in settled),
			"lifetime": _sum(g[6] for g in invoices if g[1] in settled)
			- _sum(g[6] for g in notes if g[1] in settled),
			"last_12_months": _sum(
				-total if kind == "Credit Note" else total
				for day, kind, total in bare.sales
				if self.today - timedelta(days=365) < frappe.utils.getdate(day) <= self.today
			),
		}
		assert {name: Decimal(overview[name]) for name in expected} == expected


def _sql(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
	return list(frappe.db.sql(query, values))


def _shows(view: str, group: tuple[Any, ...]) -> bool:
	kind, status, _, due, has_balance = group[:5]
	if view == "all":
		return kind in ("Invoice", "Credit Note") and status != "Deleted"
	wanted = {"open": "later", "overdue": "overdue"}[view]
	return kind == "Invoice" and status == "Authorised" and bool(has_balance) and due == wanted


def _sum(amounts: Any) -> Decimal:
	return sum((Decimal(str(amount)) for amount in amounts), Decimal(0)).quantize(Decimal("0.01"))
