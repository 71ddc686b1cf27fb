"""Books in Xero's JSON: numbers as plain decimals, moments as /Date(ms+0000)/, empty fields left out."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

from markupsafe import escape

from . import rounding
from .books import Allocation, Contact, Document, Json, Line, Note, Organisation, Payment
from .clock import day_to_ms

# what a list carries: without page, with page, with summaryOnly, or a single element
LIST, PAGE, SUMMARY, SINGLE = "list", "page", "summary", "single"
_NUMBER = re.compile(rb'"\\u0000#([^"]*)"')


def encode(value: Any) -> bytes:
	"""The C encoder with decimals as marked strings, of which the quotes are taken off: ten times as fast
	as an encoder in Python, and exact, unlike floats."""
	text = json.dumps(value, default=_mark, ensure_ascii=False, separators=(",", ":"))
	return _NUMBER.sub(rb"\1", text.encode())


def _mark(value: Any) -> str:
	if isinstance(value, Decimal):
		return f"\0#{value:f}"
	raise TypeError(f"{type(value).__name__} has no JSON form here")


def moment(ms: int) -> str:
	return f"/Date({ms}+0000)/"


def day(value: date) -> str:
	return f"/Date({day_to_ms(value)}+0000)/"


def iso(ms: int) -> str:
	return datetime.fromtimestamp(ms // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _dates(prefix: str, value: date | None) -> Json:
	if value is None:
		return {}
	return {f"{prefix}String": f"{value.isoformat()}T00:00:00", prefix: day(value)}


def _present(**fields: Any) -> Json:
	return {name: value for name, value in fields.items() if value is not None}


def _updated(ms: int) -> Json:
	return {"UpdatedDateUTC": moment(ms), "UpdatedDateUTCString": iso(ms)}


def contact_summary(contact: Contact) -> Json:
	return {
		"ContactID": contact.id,
		"Name": contact.name,
		"Addresses": [],
		"Phones": [],
		"ContactGroups": [],
		"ContactPersons": [],
		"HasValidationErrors": False,
	}


CONTACT_LIST: tuple[str, ...] = (
	"FirstName",
	"LastName",
	"EmailAddress",
	"BankAccountDetails",
	"AccountNumber",
	"TaxNumber",
)
CONTACT_LIST += ("CompanyNumber", "DefaultCurrency", "AccountsReceivableTaxType", "AccountsPayableTaxType")
CONTACT_PAGE: tuple[str, ...] = (
	"ContactPersons",
	"PaymentTerms",
	"Website",
	"SalesDefaultAccountCode",
	"PurchasesDefaultAccountCode",
)
CONTACT_PAGE += ("SalesDefaultLineAmountType", "PurchasesDefaultLineAmountType")


def contact_of_document(contact: Contact) -> Json:
	"""What a single document carries of its contact."""
	head = _present(
		ContactID=contact.id, ContactNumber=contact.number, ContactStatus=contact.status, Name=contact.name
	)
	chosen = {
		name: contact.fields[name]
		for name in (*CONTACT_LIST, "Addresses", "Phones")
		if name in contact.fields
	}
	return (
		head
		| chosen
		| {"UpdatedDateUTC": moment(contact.updated), "ContactGroups": [], "ContactPersons": []}
		| {"IsSupplier": contact.is_supplier, "IsCustomer": contact.is_customer, "HasValidationErrors": False}
	)


def contact(row: Contact, variant: str, groups: list[Json], balances: Json | None) -> Json:
	body = _present(ContactID=row.id, ContactNumber=row.number, ContactStatus=row.status, Name=row.name)
	body |= {name: row.fields[name] for name in CONTACT_LIST if name in row.fields}
	body["UpdatedDateUTC"] = moment(row.updated)
	if variant == SUMMARY:
		return body | {"HasValidationErrors": False}
	body |= {name: row.fields[name] for name in ("Addresses", "Phones") if name in row.fields}
	body |= {"IsSupplier": row.is_supplier, "IsCustomer": row.is_customer}
	if variant == LIST:
		return body | {"HasValidationErrors": False}
	body |= _present(MergedToContactID=row.merged_to)
	body |= {name: row.fields[name] for name in CONTACT_PAGE if name in row.fields}
	body |= {"ContactGroups": groups, "SalesTrackingCategories": [], "PurchasesTrackingCategories": []}
	if balances:
		body["Balances"] = balances
	return body | {"HasAttachments": False, "HasValidationErrors": False}


def line(row: Line, organisation: Organisation, unitdp: int) -> Json:
	unit = rounding.round4(row.unit_amount) if unitdp == 4 else rounding.round2(row.unit_amount)
	body = _present(
		Description=row.description,
		UnitAmount=unit,
		TaxType=row.tax_type,
		TaxAmount=row.tax_amount,
		LineAmount=row.line_amount,
		AccountCode=row.account_code,
		ItemCode=row.item_code,
		DiscountRate=row.discount_rate,
		DiscountAmount=row.discount_amount,
	)
	if row.item_code and (item := organisation.item(row.item_code)):
		body["Item"] = {"ItemID": item["ItemID"], "Name": item.get("Name", ""), "Code": item["Code"]}
	if row.account_code and (account := organisation.account(row.account_code)):
		body["AccountID"] = account["AccountID"]
	return body | {"Tracking": row.tracking, "Quantity": row.quantity, "LineItemID": row.id}


def payment_in_document(row: Payment) -> Json:
	body = {"PaymentID": row.id, "Date": day(row.date), "Amount": row.amount}
	body |= _present(Reference=row.reference)
	return body | {"CurrencyRate": row.rate, "HasAccount": False, "HasValidationErrors": False}


ID_FIELDS = {
	"ACCREC": "InvoiceID",
	"ACCPAY": "InvoiceID",
	"ACCRECCREDIT": "CreditNoteID",
	"ACCPAYCREDIT": "CreditNoteID",
}


def id_field(row: Document) -> str:
	return ID_FIELDS.get(row.type) or ("PrepaymentID" if "PREPAYMENT" in row.type else "OverpaymentID")


def _common(row: Document, organisation: Organisation, variant: str, unitdp: int) -> Json:
	full = variant == SINGLE
	body: Json = {"Contact": contact_of_document(row.contact) if full else contact_summary(row.contact)}
	body |= _dates("Date", row.date) | _dates("DueDate", row.due_date)
	body |= {"Status": row.status, "LineAmountTypes": row.line_amount_types}
	if variant in (PAGE, SINGLE):
		body["LineItems"] = [line(item, organisation, unitdp) for item in row.lines]
	body |= {"SubTotal": row.sub_total, "TotalTax": row.total_tax, "Total": row.total}
	body |= _updated(row.updated) | {"CurrencyCode": row.currency, "CurrencyRate": row.rate}
	if row.fully_paid_on and row.status == "PAID" and id_field(row) in ("InvoiceID", "CreditNoteID"):
		body["FullyPaidOnDate"] = day(row.fully_paid_on)
	if variant != SUMMARY:
		body["HasAttachments"] = False
	theme = None if id_field(row) == "OverpaymentID" else row.branding_theme_id
	return body | _present(Reference=row.reference, BrandingThemeID=theme)


def invoice(row: Document, organisation: Organisation, variant: str, unitdp: int = 2) -> Json:
	body: Json = {"Type": row.type, "InvoiceID": row.id} | _present(InvoiceNumber=row.number, Url=row.url)
	body |= _common(row, organisation, variant, unitdp)
	if variant in (PAGE, SINGLE):
		live = [payment for payment in row.payments if payment.status == "AUTHORISED"]
		body["Payments"] = [payment_in_document(payment) for payment in live]
		body |= _credits(row)
	if row.total_discount:
		body["TotalDiscount"] = row.total_discount
	body |= {
		"AmountDue": row.amount_due,
		"AmountPaid": row.amount_paid,
		"AmountCredited": row.amount_credited,
	}
	body |= _dates("ExpectedPaymentDate", row.expected_payment_date)
	body |= _dates("PlannedPaymentDate", row.planned_payment_date)
	discounted = any(item.discount_rate or item.discount_amount for item in row.lines)
	return body | {"SentToContact": row.sent_to_contact, "IsDiscounted": discounted, "HasErrors": False}


def _credits(row: Document) -> Json:
	"""What was credited against an invoice, under the name of its kind."""
	found: Json = {"CreditNotes": [], "Prepayments": [], "Overpayments": []}
	for allocation in row.allocations:
		source, key = allocation.source, id_field(allocation.source)
		entry = {
			key: source.id,
			"ID": source.id,
			"AppliedAmount": allocation.amount,
			"DateString": f"{allocation.date.isoformat()}T00:00:00",
		}
		entry |= {"Date": day(allocation.date), "Total": source.total, "LineItems": []}
		if key == "CreditNoteID":
			entry["CreditNoteNumber"] = source.number
		found[key[:-2] + "s"].append(entry)
	return found


def credit(row: Document, organisation: Organisation, variant: str, unitdp: int = 2) -> Json:
	"""A credit note, prepayment or overpayment."""
	key = id_field(row)
	body: Json = {key: row.id, "Type": row.type}
	if key == "CreditNoteID":
		body |= _present(CreditNoteNumber=row.number) | {"SentToContact": row.sent_to_contact}
	body |= _common(row, organisation, variant, unitdp)
	if variant in (PAGE, SINGLE):
		body["Allocations"] = [allocation_of(entry) for entry in row.allocations]
		body["Payments"] = []
	body["RemainingCredit"] = row.amount_due
	return body | ({"HasErrors": False} if key == "CreditNoteID" else {})


def allocation_of(row: Allocation) -> Json:
	target = {"InvoiceID": row.target.id} | _present(InvoiceNumber=row.target.number)
	return {
		"AllocationID": row.id,
		"Amount": row.amount,
		"Date": day(row.date),
		"Invoice": target,
		"IsDeleted": False,
	}


def payment(row: Payment, organisation: Organisation, variant: str = PAGE) -> Json:
	document = row.document
	account = organisation.account(identity=row.account_id) or {"AccountID": row.account_id}
	sale = document.type == "ACCREC"
	amount = row.amount if row.rate == 1 else rounding.round2(row.amount / row.rate)
	body: Json = {"PaymentID": row.id, "Date": day(row.date), "BankAmount": amount, "Amount": row.amount}
	body |= _present(Reference=row.reference) | {"CurrencyRate": row.rate}
	body |= {"PaymentType": "ACCRECPAYMENT" if sale else "ACCPAYPAYMENT", "Status": row.status}
	body |= {"UpdatedDateUTC": moment(row.updated), "HasAccount": True, "IsReconciled": row.is_reconciled}
	body["Account"] = {key: account[key] for key in ("AccountID", "Code") if key in account}
	person = {"ContactID": document.contact.id, "Name": document.contact.name, "HasValidationErrors": False}
	body["Invoice"] = {"Type": document.type, "InvoiceID": document.id} | _present(
		InvoiceNumber=document.number
	)
	body["Invoice"] |= {
		"Contact": person,
		"CurrencyCode": document.currency,
		"IsDiscounted": False,
		"HasErrors": False,
	}
	return body | {"HasValidationErrors": False}


def note(row: Note) -> Json:
	body = {"Changes": row.changes, "DateUTCString": iso(row.moment)[:-1], "DateUTC": moment(row.moment)}
	return body | {"User": row.user, "Details": row.details}


def settings(row: Json) -> Json:
	"""A settings element: moments from ms, and what is only ours left out."""
	body = {key: value for key, value in row.items() if key != "members"}
	for key in ("UpdatedDateUTC", "CreatedDateUTC"):
		if key in body:
			body[key] = moment(body[key])
	for key in ("PeriodLockDate", "EndOfYearLockDate"):
		if isinstance(body.get(key), date):
			body[key] = day(body[key])
	return body


def to_xml(name: str, value: Any) -> str:
	"""What Xero sends to who does not ask for JSON: enough of it to make a forgotten Accept header fail."""

	if isinstance(value, dict):
		inner = "".join(to_xml(key, item) for key, item in value.items())
	elif isinstance(value, list):
		inner = "".join(to_xml(name.rstrip("s"), item) for item in value)
	else:
		inner = "" if value is None else str(escape(str(value)))
	return f"<{name}>{inner}</{name}>"
