"""What the tab says about the credit of a record's customer: what is late, the limit, promises and disputes (B13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from xero_connector.core import credit as rules
from xero_connector.core import money
from xero_connector.site import credit, remarks
from xero_connector.site.hosts.record import Record
from xero_connector.site.organisations import State
from xero_connector.site.remarks import Remark


def answer(
	record: Record, organisation: State, contacts: Sequence[str], left: Decimal | None
) -> dict[str, Any]:
	"""Of the record's Xero `contacts` in this organisation; `left` is what of a sale is not invoiced yet, None where
	that is not to be told. Amounts are text in `currency`, the limit's in `limit_currency`."""
	currency = organisation.base_currency
	owed, limit = credit.exposure(contacts, organisation), credit.limit_of(record)
	found = rules.standing(owed, organisation.today, currency, limit, left)
	noted = remarks.of_contacts(contacts)

	def of_kind(kind: str) -> list[dict[str, Any]]:
		return [remark_answer(each, organisation.today) for each in noted if each.kind == kind]

	return {
		"currency": currency,
		"unpaid": money.text(owed.unpaid, currency),
		"overdue": money.text(found.overdue, currency),
		"oldest_days": found.oldest_days,
		"with_this": None if found.with_this is None else money.text(found.with_this, currency),
		"over_limit": money.text(found.over, currency) if found.over else None,
		"near_limit": found.is_near,
		**_limit_answer(limit, currency, found.compared),
		"promises": of_kind(rules.PROMISE),
		"disputes": of_kind(rules.DISPUTE),
	}


def _limit_answer(limit: rules.Limit | None, base_currency: str, compared: bool) -> dict[str, Any]:
	if not limit:
		return {"limit": None, "limit_currency": None, "limit_compared": False}
	currency = limit.currency or base_currency
	return {
		"limit": money.text(limit.amount, currency),
		"limit_currency": currency,
		"limit_compared": compared,
	}


def remark_answer(remark: Remark, today: date) -> dict[str, Any]:
	"""One remark, as the panel shows it above the list and in its row."""
	return {
		"name": remark.name,
		"document": remark.document,
		"number": remark.number,
		"kind": remark.kind,
		"promised_on": remark.promised_on.isoformat() if remark.promised_on else None,
		"amount": money.text(remark.amount, remark.currency) if remark.amount else None,
		"currency": remark.currency,
		"text": remark.text,
		"by": frappe.utils.get_fullname(remark.user),
		"on": remark.noted.isoformat(),
		"broken": rules.is_broken(remark.promised_on, today, remark.amount_due),
	}
