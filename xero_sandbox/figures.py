"""What a tab about a contact should say, computed from the books alone: the yardstick for the app's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from . import rounding
from .books import Document, Organisation

OPEN = ("AUTHORISED", "SUBMITTED")
DONE = ("AUTHORISED", "PAID")


def figures(books: Organisation, contact_id: str | None, today: date) -> dict[str, Any]:
	"""Decimals in base currency, documents in other currencies left out; `counts` by view over all currencies."""
	documents = _documents(books, contact_id)
	home = [row for row in documents if row.currency == books.base_currency]
	sales = [row for row in home if row.type == "ACCREC"]
	bills = [row for row in home if row.type == "ACCPAY"]
	credits = [row for row in home if row.type == "ACCRECCREDIT"]
	year = today - timedelta(days=365)
	return {
		"unpaid": _sum(sales, "amount_due", OPEN),
		"paid": _sum(sales, "amount_paid", DONE),
		"overdue": _sum([row for row in sales if _late(row, today)], "amount_due", ("AUTHORISED",)),
		"bills_unpaid": _sum(bills, "amount_due", OPEN),
		"bills_overdue": _sum([row for row in bills if _late(row, today)], "amount_due", ("AUTHORISED",)),
		"lifetime": _sum(sales, "total", DONE) - _sum(credits, "total", DONE),
		"last_12_months": _sum(_since(sales, year), "total", DONE)
		- _sum(_since(credits, year), "total", DONE),
		"other_currencies": sorted({row.currency for row in documents} - {books.base_currency}),
		"counts": counts([row for row in documents if row.type == "ACCREC"], today),
	}


def _documents(books: Organisation, contact_id: str | None) -> list[Document]:
	if contact_id:
		return list(books.documents_of.get(contact_id, []))
	return [*books.invoices, *books.credit_notes]


def _sum(rows: Iterable[Document], name: str, statuses: tuple[str, ...]) -> Decimal:
	return sum((getattr(row, name) for row in rows if row.status in statuses), rounding.ZERO)


def _late(row: Document, today: date) -> bool:
	return row.due_date is not None and row.due_date < today


def _since(rows: list[Document], day: date) -> list[Document]:
	return [row for row in rows if row.date >= day]


def _unpaid(row: Document) -> bool:
	return row.status == "AUTHORISED" and row.amount_due > 0 and row.due_date is not None


VIEWS: dict[str, Callable[[Document, date], bool]] = {
	"open": lambda row, today: _unpaid(row) and row.due_date > today,  # type: ignore[operator]
	"due_today": lambda row, today: _unpaid(row) and row.due_date == today,
	"overdue": lambda row, today: _unpaid(row) and row.due_date < today,  # type: ignore[operator]
	"unpaid": lambda row, today: _unpaid(row),
	"paid": lambda row, today: row.status == "PAID" and row.amount_due == 0,
	"drafts": lambda row, today: row.status == "DRAFT",
	"all": lambda row, today: True,
}


def counts(rows: list[Document], today: date) -> dict[str, int]:
	return {name: sum(1 for row in rows if test(row, today)) for name, test in VIEWS.items()}
