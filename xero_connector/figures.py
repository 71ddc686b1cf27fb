"""Documents and what is owed as every page of ours shows them: amounts as text, days as ISO."""

from __future__ import annotations

from datetime import date
from typing import Any

from xero_connector.core import documents as rules
from xero_connector.core import money
from xero_connector.site.organisations import State
from xero_connector.xero import deep_links
from xero_connector.xero.hosts import Hosts


def row_answer(row: dict[str, Any], organisation: State, hosts: Hosts) -> dict[str, Any]:
	"""`row` is one of `site.documents.rows`; amounts become text in the document's own currency."""
	currency, document_type, status = row["currency"], row["document_type"], row["status"]
	return {
		"id": row["name"],
		"number": row["number"],
		"reference": row["reference"],
		"type": document_type,
		"date": _iso(row["date"]),
		"due_date": _iso(row["due_date"]),
		"status": status,
		"currency": currency,
		"total": money.text(row["total"], currency),
		"amount_due": money.text(row["amount_due"], currency),
		"contact_name": row["contact_name"],
		"url": deep_links.document_url(hosts, organisation.short_code, document_type, status, row["name"]),
		"pdf": rules.has_pdf(document_type, status),
		"online": rules.has_online_invoice(document_type, status),
		"overdue": rules.is_overdue(
			document_type, status, row["amount_due"], row["due_date"], organisation.today
		),
		"payments": [
			{**paid, "date": _iso(paid["date"]), "amount": money.text(paid["amount"], currency)}
			for paid in row["payments"]
		],
	}


def owed_answer(summary: rules.Summary, bills: bool) -> dict[str, Any]:
	"""What is owed, of a record's customer or of everybody; bills only for those who may see them."""

	def text(amount: Any) -> str:
		return money.text(amount, summary.currency)

	return {
		"currency": summary.currency,
		"unpaid": text(summary.unpaid),
		"awaiting_approval": text(summary.awaiting_approval),
		"overdue": text(summary.overdue),
		"bills_unpaid": text(summary.bills_unpaid) if bills else None,
		"ageing": [{"bucket": bucket, "amount": text(amount)} for bucket, amount in summary.ageing.items()],
		"other_currencies": [
			{
				"kind": other.kind,
				"currency": other.currency,
				"count": other.count,
				"unpaid": money.text(other.unpaid, other.currency),
				"total": money.text(other.total, other.currency),
			}
			for other in summary.other_currencies.values()
			if bills or other.kind == "invoice"
		],
	}


def _iso(day: date | None) -> str | None:
	return day.isoformat() if day else None
