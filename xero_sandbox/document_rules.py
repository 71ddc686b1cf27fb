"""What Xero refuses about a whole document: statuses, dates, currency, edits of what is paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from .books import Document, Line, Organisation
from .line_rules import STRICT

# from (None: new) -> to; PAID is derived and never set
TRANSITIONS: dict[str | None, set[str]] = {
	None: {"DRAFT", "SUBMITTED", "AUTHORISED"},
	"DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
	"SUBMITTED": {"SUBMITTED", "DRAFT", "AUTHORISED", "DELETED"},
	"AUTHORISED": {"AUTHORISED", "VOIDED"},
	"PAID": {"PAID"},
	"VOIDED": set(),
	"DELETED": set(),
}
LOCKED = "This document cannot be edited as it has a payment or credit note allocated to it."
LINE_AMOUNT_TYPES = ("Exclusive", "Inclusive", "NoTax")
LONGEST = 255


def rule_errors(books: Organisation, document: Document, found: Document | None) -> list[str]:
	before = found.status if found else None
	if before != document.status and document.status == "PAID":
		return ["The status PAID follows from payments and cannot be set."]
	if document.status not in TRANSITIONS.get(before, set()):
		name = "Invoice" if document.type in ("ACCREC", "ACCPAY") else "Credit Note"
		return [f"{name} not of valid status for modification" if found else f"{name} status is not valid"]
	if document.status in ("VOIDED", "DELETED"):
		return []
	errors = [message for wrong, message in _form_rules(books, document) if wrong]
	return (
		errors
		+ (approval_errors(document) if document.status in STRICT else [])
		+ _lock(books, document, found)
	)


def _form_rules(books: Organisation, document: Document) -> list[tuple[bool, str]]:
	codes = {row["Code"] for row in books.currencies}
	themes = {row["BrandingThemeID"] for row in books.branding_themes} | {None}
	too_early = document.due_date is not None and document.due_date < document.date
	return [
		(
			document.line_amount_types not in LINE_AMOUNT_TYPES,
			"LineAmountTypes must be Exclusive, Inclusive or NoTax.",
		),
		(document.currency not in codes, f"Organisation is not subscribed to currency {document.currency}"),
		(document.branding_theme_id not in themes, "The branding theme could not be found."),
		(document.rate <= 0, "CurrencyRate must be greater than zero."),
		(too_early and document.status in STRICT, "Due date cannot be before the invoice date."),
		(len(document.reference or "") > LONGEST, "Reference must not be more than 255 characters long."),
		(len(document.number or "") > LONGEST, "The number must not be more than 255 characters long."),
	]


def approval_errors(document: Document) -> list[str]:
	is_invoice = document.type in ("ACCREC", "ACCPAY")
	rules = [
		(not document.lines, "One or more line items must be specified"),
		(is_invoice and document.due_date is None, "Due Date must be specified."),
		(document.total < 0, "The document total cannot be negative."),
		(document.type == "ACCPAY" and not document.number, "Invoice number must be specified for a bill."),
	]
	return [message for wrong, message in rules if wrong]


def _lock(books: Organisation, document: Document, found: Document | None) -> list[str]:
	days = [books.profile.get(name) for name in ("PeriodLockDate", "EndOfYearLockDate")]
	locks = [day for day in days if isinstance(day, date)]
	earliest = min([document.date, found.date] if found else [document.date])
	if not locks or earliest > max(locks):
		return []
	return [
		f"The document date cannot be before the period lock date, currently set at {max(locks):%d %B %Y}"
	]


# what may not change once a payment or credit is allocated
FROZEN: tuple[Callable[[Document], object], ...] = (
	lambda row: row.date,
	lambda row: row.currency,
	lambda row: row.rate,
	lambda row: row.line_amount_types,
	lambda row: row.type,
	lambda row: [_frozen(line) for line in row.lines],
)


def _frozen(line: Line) -> tuple[object, ...]:
	amounts = (line.quantity, line.unit_amount, line.line_amount, line.tax_amount)
	return (line.id, *amounts, line.tax_type, line.item_code, line.discount_rate, line.discount_amount)


def edit_errors(candidate: Document, found: Document) -> list[str]:
	if not (found.amount_paid or found.amount_credited):
		return []
	if candidate.status == "VOIDED" or any(part(candidate) != part(found) for part in FROZEN):
		return [LOCKED]
	return []
