"""The statement of account of a customer (B14): what is open, oldest first, each currency for itself.

On it stand approved invoices with a balance and approved credit notes with credit left. Drafts and what waits
for approval have not been sent to anybody; prepayments and overpayments are not in the mirror until they are
allocated, and then they have lowered a balance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from xero_connector.core.documents import NOT_DUE, OVERDUE_BUCKETS, bucket_of
from xero_connector.core.model import DocumentType
from xero_connector.core.money import ZERO

TYPES = (DocumentType.INVOICE.value, DocumentType.CREDIT_NOTE.value)
STATUS = "Authorised"

AGES = (NOT_DUE, *OVERDUE_BUCKETS)
"""How late an invoice is; without a due date it is never late."""


class Open(NamedTuple):
	"""An open document as the mirror holds it; `balance` of a credit note is the credit that is left."""

	document_type: str
	number: str | None
	reference: str | None
	date: dt.date | None
	due_date: dt.date | None
	currency: str
	total: Decimal
	balance: Decimal


class Line(NamedTuple):
	"""One line of a statement. Amounts of credit notes are negative; `running` is what is owed up to here."""

	document: Open
	total: Decimal
	settled: Decimal
	balance: Decimal
	running: Decimal
	overdue: bool


@dataclass
class Account:
	"""What is open in one currency.

	`ageing` holds invoices by days overdue; `credit`, which is negative, has no age, so that
	`balance` = the sum of `ageing` + `credit`.
	"""

	currency: str
	lines: list[Line] = field(default_factory=list)
	ageing: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(AGES, ZERO))
	credit: Decimal = ZERO
	balance: Decimal = ZERO

	def add(self, document: Open, today: dt.date) -> None:
		sign = -1 if document.document_type == DocumentType.CREDIT_NOTE.value else 1
		total, balance = sign * document.total, sign * document.balance
		bucket = bucket_of(document.due_date, today)
		overdue = sign > 0 and bucket in OVERDUE_BUCKETS
		self.balance += balance
		if sign < 0:
			self.credit += balance
		else:
			self.ageing[bucket if overdue else NOT_DUE] += balance
		self.lines.append(Line(document, total, total - balance, balance, self.balance, overdue))


def accounts(documents: Iterable[Open], today: dt.date) -> list[Account]:
	"""One account for each currency, in the order of their codes; nothing open gives none."""
	by_currency = sorted(documents, key=lambda document: (document.currency, *_age(document)))
	found = []
	for currency, mine in groupby(by_currency, key=lambda document: document.currency):
		account = Account(currency)
		for document in mine:
			account.add(document, today)
		found.append(account)
	return found


def _age(document: Open) -> tuple[dt.date, str]:
	"""Oldest first; what has no date comes last."""
	return document.date or dt.date.max, document.number or ""
