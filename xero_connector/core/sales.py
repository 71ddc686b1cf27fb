"""What a sale has brought: its linked documents added up, for the fields on the record (B18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from xero_connector.core.documents import COUNTED
from xero_connector.core.model import DocumentType
from xero_connector.core.money import ZERO

INVOICED = (*COUNTED, "Paid")
"""Statuses in which a document is more than a draft and not void."""


class Part(NamedTuple):
	"""A document that is linked to a sale. Of a credit note `amount_due` is the credit that is left, `amount_paid`
	what was paid back."""

	document_type: str
	status: str
	currency: str
	total: Decimal
	amount_due: Decimal
	amount_paid: Decimal
	fully_paid_on: date | None


class Figures(NamedTuple):
	"""Amounts with tax. `paid_on` is the day of the last payment once nothing is outstanding any more."""

	invoiced: Decimal = ZERO
	paid: Decimal = ZERO
	outstanding: Decimal = ZERO
	paid_on: date | None = None


def figures(parts: Iterable[Part], currency: str) -> Figures:
	"""Invoices less credit notes in the sale's `currency`; drafts, what is void, bills and other currencies do not
	count (B12)."""
	sums = [ZERO, ZERO, ZERO]
	days: list[date] = []
	for part in parts:
		sign = _SIGNS.get(part.document_type)
		if sign is None or part.status not in INVOICED or part.currency != currency:
			continue
		for place, amount in enumerate((part.total, part.amount_paid, part.amount_due)):
			sums[place] += sign * amount
		if sign > 0 and part.fully_paid_on:
			days.append(part.fully_paid_on)
	invoiced, paid, outstanding = sums
	is_paid = paid > 0 and outstanding <= 0
	return Figures(invoiced, paid, outstanding, max(days, default=None) if is_paid else None)


_SIGNS = {DocumentType.INVOICE.value: 1, DocumentType.CREDIT_NOTE.value: -1}
