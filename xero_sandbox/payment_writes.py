"""Payments and their deletion, allocations of credits, e-mail, online invoice and PDF."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from . import acts, fields, render
from .batch import Plan, write
from .books import Allocation, Document, Json, Organisation, Payment, Table, settle
from .calls import Answer, Call, elements
from .errors import invalid, not_found
from .lists import CREDITS, find_invoice

EMAILED = ("SUBMITTED", "AUTHORISED", "PAID")


def write_payments(call: Call) -> Answer:
	"""POST with a PaymentID and Status DELETED deletes, as POST /Payments/{id} does."""
	given = call.elements("Payments")
	if len(given) == 1 and given[0].get("Status") == "DELETED":
		return delete_payment(call, str(given[0].get("PaymentID")))
	return write(call, "Payments", "PaymentID", [_plan(call, element) for element in given])


def _plan(call: Call, element: Json) -> Plan:
	plan = Plan(element)
	books = call.organisation
	invoice = _invoice(books, element)
	account = _account(books, fields.inner(element, "Account"))
	amount = fields.number(element, "Amount")
	day = fields.day(element, "Date") or call.today
	rules = [
		(invoice is None, "The invoice or credit note to be paid could not be found."),
		(account is None, "Account could not be found."),
		(
			account is not None and not _takes_payments(account),
			"The account must be a bank account or accept payments.",
		),
		(amount is None or amount <= 0, "Payment amount must be greater than zero."),
	]
	if invoice is not None:
		rules += _invoice_rules(invoice, amount)
	plan.errors += [message for wrong, message in rules if wrong]
	plan.commit = lambda: _save(call, element, invoice, account, amount, day)
	return plan


def _invoice_rules(invoice: Document, amount: Any) -> list[tuple[bool, str]]:
	return [
		(invoice.status != "AUTHORISED", "Payments can only be made against Authorised documents."),
		(
			amount is not None and amount > invoice.amount_due,
			"Payment amount exceeds the amount outstanding on this document.",
		),
	]


def _invoice(books: Organisation, element: Json) -> Document | None:
	named = fields.inner(element, "Invoice")
	number = fields.text(named, "InvoiceNumber") or fields.text(element, "InvoiceNumber")
	identity = fields.text(named, "InvoiceID")
	if identity:
		return books.invoices.get(identity)
	return next(
		(row for row in books.invoices if number and row.number == number and row.type == "ACCREC"), None
	)


def _account(books: Organisation, element: Json) -> Json | None:
	return books.account(fields.text(element, "Code"), fields.text(element, "AccountID"))


def _takes_payments(account: Json) -> bool:
	return account["Type"] == "BANK" or bool(account["EnablePaymentsToAccount"])


def _save(call: Call, element: Json, invoice: Any, account: Any, amount: Any, day: Any) -> Json:
	payment = Payment(
		id=str(uuid.uuid4()),
		document=invoice,
		account_id=account["AccountID"],
		date=day,
		amount=amount.quantize(invoice.total),
		rate=fields.number(element, "CurrencyRate") or invoice.rate,
		reference=fields.text(element, "Reference"),
		is_reconciled=bool(fields.flag(element, "IsReconciled")),
		updated=0,
	)
	acts.add_payment(call.sandbox, call.organisation, payment)
	return render.payment(payment, call.organisation)


def delete_payment(call: Call, identity: str) -> Answer:
	payment = call.organisation.payments.get(identity)
	if payment is None:
		raise not_found()
	if call.elements("Payments")[0].get("Status") != "DELETED":
		raise invalid("Only the status of a payment can be changed, to DELETED.")
	if payment.status == "DELETED":
		raise invalid("This payment has already been deleted.")
	payment.status = "DELETED"
	settle(payment.document)
	call.sandbox.changed(call.organisation, payment)
	call.sandbox.changed(call.organisation, payment.document)
	return elements(call, "Payments", [render.payment(payment, call.organisation)])


# allocations


def _allocate(table: Callable[[Organisation], Table[Document]]) -> Callable[[Call, str], Answer]:
	def answer(call: Call, identity: str) -> Answer:
		source = _source(call, table, identity)
		plans = [_plan_allocation(call, source, element) for element in call.elements("Allocations")]
		return write(call, "Allocations", "AllocationID", plans)

	return answer


def _source(call: Call, table: Callable[[Organisation], Table[Document]], identity: str) -> Document:
	source = table(call.organisation).get(identity)
	if source is None:
		raise not_found()
	return source


def _plan_allocation(call: Call, source: Document, element: Json) -> Plan:
	plan = Plan(element)
	target = _invoice(call.organisation, element)
	amount = fields.number(element, "Amount")
	rules = [
		(source.status != "AUTHORISED", "Only Authorised credits can be allocated."),
		(target is None, "The invoice could not be found."),
		(amount is None or amount <= 0, "Amount must be greater than zero."),
		(amount is not None and amount > source.amount_due, "The amount exceeds the remaining credit."),
	]
	if target is not None:
		rules += [
			(target.status != "AUTHORISED", "Credits can only be allocated to Authorised invoices."),
			(target.contact is not source.contact, "The invoice must have the same contact as the credit."),
			(target.currency != source.currency, "The invoice must have the same currency as the credit."),
			(
				target.is_sale != source.is_sale,
				"The invoice and the credit must both be sales or both be purchases.",
			),
			(
				amount is not None and amount > target.amount_due,
				"The amount exceeds the amount due of the invoice.",
			),
		]
	plan.errors += [message for wrong, message in rules if wrong]
	plan.commit = lambda: _save_allocation(call, source, target, amount, element)
	return plan


def _save_allocation(call: Call, source: Document, target: Any, amount: Any, element: Json) -> Json:
	allocation = Allocation(
		id=str(uuid.uuid4()),
		source=source,
		target=target,
		amount=amount.quantize(source.total),
		date=fields.day(element, "Date") or call.today,
	)
	for document in (source, target):
		document.allocations.append(allocation)
		settle(document)
		call.sandbox.changed(call.organisation, document)
	return render.allocation_of(allocation)


def _deallocate(table: Callable[[Organisation], Table[Document]]) -> Callable[[Call, str, str], Answer]:
	def answer(call: Call, identity: str, allocation: str) -> Answer:
		source = _source(call, table, identity)
		found = next((row for row in source.allocations if row.id == allocation.lower()), None)
		if found is None:
			raise not_found()
		for document in (found.source, found.target):
			document.allocations.remove(found)
			settle(document)
			call.sandbox.changed(call.organisation, document)
		return Answer(body=render.encode(render.allocation_of(found) | {"IsDeleted": True}))

	return answer


# what else an invoice can do


def email(call: Call, identity: str) -> Answer:
	"""A demo company may send none."""
	invoice = find_invoice(call.organisation, identity)
	if invoice.type != "ACCREC" or invoice.status not in EMAILED:
		raise invalid("Only sales invoices that are submitted, authorised or paid can be emailed.")
	if call.organisation.profile["IsDemoCompany"]:
		raise invalid("The daily email limit of this organisation (0) has been reached.")
	if not invoice.contact.email:
		raise invalid("The contact has no email address.")
	call.sandbox.edit_invoice(invoice.id, sent_to_contact=True)
	return Answer(204)


def online_invoice(call: Call, identity: str) -> Answer:
	invoice = find_invoice(call.organisation, identity)
	if invoice.type != "ACCREC" or invoice.status == "DRAFT":
		raise not_found()
	return elements(
		call, "OnlineInvoices", [{"OnlineInvoiceUrl": f"https://in.xero.com/{invoice.id.replace('-', '')}"}]
	)


ROUTES: list[tuple[str, str, Callable[..., Answer], str]] = [
	("PUT", "/Payments", write_payments, "payments"),
	("POST", "/Payments", write_payments, "payments"),
	("POST", "/Payments/<identity>", delete_payment, "payments"),
	("POST", "/Invoices/<identity>/Email", email, "invoices"),
	("GET", "/Invoices/<identity>/OnlineInvoice", online_invoice, "invoices"),
]
for _name, _table, _family in CREDITS:
	ROUTES.append(("PUT", f"/{_name}/<identity>/Allocations", _allocate(_table), _family))
	ROUTES.append(("DELETE", f"/{_name}/<identity>/Allocations/<allocation>", _deallocate(_table), _family))
