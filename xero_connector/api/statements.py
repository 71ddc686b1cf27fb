"""The statement of account of a customer (B14), printed by Frappe's own print.

So the site's letter head, print style and PDF generator apply, and a manager can copy the print format, change
the copy, and make it the default one of Xero Contact.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from werkzeug.wrappers import Response

from xero_connector.api.guard import entry
from xero_connector.core import money
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import DocumentType
from xero_connector.core.policy import Right
from xero_connector.core.statement import Account, Line
from xero_connector.site import contacts, links, organisations, statements
from xero_connector.site.hosts.record import Record

PRINT_FORMAT = "Xero Statement of Account"


@frappe.whitelist()
@entry(Right.SEE, record="read")
def page(record: Record, contact_id: str) -> Response:
	"""The statement as a page that the browser prints."""
	_customer_of(record, contact_id)
	return Response(_printed(contact_id), content_type="text/html; charset=utf-8")


@frappe.whitelist()
@entry(Right.SEE, record="read")
def pdf(record: Record, contact_id: str) -> Response:
	"""The statement as a file to keep or send."""
	customer = _customer_of(record, contact_id)
	try:
		content = _printed(contact_id, as_pdf=True)
	except OSError:
		# the site's PDF generator is a program of its own, which may be missing or broken
		frappe.log_error(title="Statement of account: no PDF")
		raise NeedsPerson(Code.NO_PDF) from None
	today = organisations.get(customer["organisation"]).today
	answer = Response(content, content_type="application/pdf")
	# Frappe's own download spoils names beyond ASCII
	name = " ".join(f"Statement {customer['name']} {today}.pdf".split())
	answer.headers.add("Content-Disposition", "attachment", filename=name)
	return answer


def xero_statement(contact_id: str) -> dict[str, Any]:
	"""For print formats of Xero Contact (a Jinja method, see hooks.py): everything as text in the site's formats.

	{organisation, contact_name, address: [line], as_at, accounts: [{currency, lines: [{date, number,
	reference, due_date, is_credit_note, overdue, total, settled, balance, running}], ageing: [not due,
	1-30, 31-60, 61-90, over 90 days late], credit or None, balance}]}. Xero's texts are not escaped here.
	"""
	found = statements.read(contact_id)
	return {
		"organisation": found.organisation.title,
		"contact_name": found.contact_name,
		"address": list(found.address),
		"as_at": _day(found.organisation.today),
		"accounts": [_account(account) for account in found.accounts],
	}


def _customer_of(record: Record, contact_id: str) -> dict[str, Any]:
	"""The Xero contact, if it is a customer and the record's; else as if there were none."""
	mine = {link.contact for link in links.contacts_of(record.parties)}
	found = contacts.by_ids([contact_id]) if contact_id in mine else []
	if not found or not found[0]["is_customer"]:
		raise NeedsPerson(Code.NOT_FOUND, what=contact_id)
	return found[0]


def _printed(contact_id: str, *, as_pdf: bool = False) -> Any:
	"""Whoever may see the record may see this, without a right on Xero Contact itself."""
	before = frappe.flags.ignore_print_permissions
	frappe.flags.ignore_print_permissions = True
	try:
		# no_letterhead: None leaves it to the Print Settings
		chosen = frappe.get_meta("Xero Contact").default_print_format or PRINT_FORMAT
		return frappe.get_print("Xero Contact", contact_id, chosen, as_pdf=as_pdf, no_letterhead=None)
	finally:
		frappe.flags.ignore_print_permissions = before


def _account(account: Account) -> dict[str, Any]:
	def text(amount: Decimal) -> str:
		return str(frappe.utils.fmt_money(amount, precision=money.decimals(account.currency)))

	return {
		"currency": account.currency,
		"lines": [_line(line, text) for line in account.lines],
		"ageing": [text(amount) for amount in account.ageing.values()],
		"credit": text(account.credit) if account.credit else None,
		"balance": text(account.balance),
	}


def _line(line: Line, text: Any) -> dict[str, Any]:
	document = line.document
	return {
		"date": _day(document.date),
		"number": document.number or "",
		"reference": document.reference or "",
		"due_date": _day(document.due_date),
		"is_credit_note": document.document_type == DocumentType.CREDIT_NOTE.value,
		"overdue": line.overdue,
		**{name: text(getattr(line, name)) for name in ("total", "settled", "balance", "running")},
	}


def _day(day: date | None) -> str:
	return str(frappe.utils.formatdate(day)) if day else ""
