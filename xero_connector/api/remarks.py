"""What people note on an invoice that is owed: a promise to pay, or a dispute (B13).

A remark changes the site alone, as a link does, so it is for those who may link, in the mode View Only too. It stands
on a record of theirs: they must be allowed to change that, and the document must be the record's or its customer's.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from xero_connector.api import guard
from xero_connector.api.guard import entry
from xero_connector.api.input import day, one_of
from xero_connector.core import documents as rules
from xero_connector.core import money
from xero_connector.core.credit import DISPUTE, PROMISE
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import DocumentType
from xero_connector.core.policy import Right
from xero_connector.site import documents, organisations, remarks
from xero_connector.site.hosts.record import Record

MAX_TEXT = 1000


@frappe.whitelist(methods=["POST"])
@entry(Right.LINK, record="write")
def add(
	record: Record,
	document_id: str,
	kind: str,
	promised_on: str | None = None,
	amount: str | None = None,
	text: str = "",
) -> dict[str, Any]:
	"""A promise names its day, and an amount where it is not for all of the balance; a dispute says why."""
	one_of("kind", kind, (PROMISE, DISPUTE))
	found = guard.document_of(record, document_id, from_books=False)
	owed = documents.some([document_id])[document_id]
	if not _is_owed(owed):
		raise NeedsPerson(Code.NOT_OWED, number=found.number or "")
	text = text.strip()[:MAX_TEXT]
	if kind == DISPUTE and not text:
		raise NeedsPerson(Code.MISSING_VALUE, field="text")
	promised = kind == PROMISE
	name = remarks.add(
		document_id,
		kind,
		_promised_on(promised_on, organisations.get(found.organisation).today) if promised else None,
		_promised(amount, owed["amount_due"]) if promised else None,
		owed["currency"],
		text,
	)
	return {"remark": name}


@frappe.whitelist(methods=["POST"])
@entry(Right.LINK, record="write")
def withdraw(record: Record, remark: str) -> dict[str, Any]:
	"""Anybody's who could have noted it; the row stays, with who withdrew it."""
	guard.document_of(record, remarks.document_of(remark), from_books=False)
	remarks.withdraw(remark)
	return {}


def _is_owed(document: dict[str, Any]) -> bool:
	is_invoice = document["document_type"] == DocumentType.INVOICE.value
	return is_invoice and document["status"] in rules.COUNTED and document["amount_due"] > 0


def _promised_on(given: str | None, today: date) -> date:
	promised = day("promised_on", given)
	if not promised:
		raise NeedsPerson(Code.MISSING_VALUE, field="promised_on")
	if promised < today:
		raise NeedsPerson(Code.INVALID_VALUE, field="promised_on", value=promised.isoformat())
	return promised


def _promised(given: str | None, amount_due: Decimal) -> Decimal | None:
	if not (given or "").strip():
		return None
	amount = money.parse(given, "amount")
	if not 0 < amount <= amount_due:
		raise NeedsPerson(Code.INVALID_VALUE, field="amount", value=str(given))
	return amount
