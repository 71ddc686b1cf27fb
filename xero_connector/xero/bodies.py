"""Xero's JSON of what we send: contacts, items, documents; what is None or empty is left out of it.

A document that Xero would take wrongly without a word is a NeedsPerson(INVALID_VALUE) here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from xero_connector.core.books import ContactChange, Order
from xero_connector.core.drafting import MAX_REFERENCE, Line, NewContact, Product
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.xero import wire

Json = dict[str, Any]

_ITEM_NAME, _ITEM_DESCRIPTION = 50, 4000
"""Characters that Xero takes; an item is known by its code, which is never cut."""


_CONTACT = {
	"contact_name": "Name",
	"first_name": "FirstName",
	"last_name": "LastName",
	"email_address": "EmailAddress",
	"tax_number": "TaxNumber",
	"account_number": "AccountNumber",
}
_ADDRESS = {
	"address_line": "AddressLine1",
	"city": "City",
	"region": "Region",
	"postal_code": "PostalCode",
	"country": "Country",
}
_NO_PHONE = {"PhoneCountryCode": "", "PhoneAreaCode": ""}
_NO_LINES = dict.fromkeys(("AddressLine2", "AddressLine3", "AddressLine4"), "")


def contact(new: NewContact) -> Json:
	address = _filled(**{name: getattr(new, field) for field, name in _ADDRESS.items()})
	return _filled(
		Name=new.name,
		**person(new),
		# whole: which part of it is the area nobody can tell
		Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": new.phone}] if new.phone else None,
		# the address that Xero prints on documents
		Addresses=[{"AddressType": "POBOX", **address}] if address else None,
	)


def contact_change(change: ContactChange) -> Json:
	"""What is left out of a contact keeps its value, so what a phone or an address had before is emptied."""
	values = change.values
	told = {name: values[field] for field, name in _CONTACT.items() if field in values}
	if "Name" in told:
		told["Name"] = " ".join(told["Name"].split())
	phones = [
		{"PhoneType": kind, **_NO_PHONE, "PhoneNumber": values[field]}
		for field, kind in (("phone", "DEFAULT"), ("mobile", "MOBILE"))
		if field in values
	]
	address = {name: values[field] for field, name in _ADDRESS.items() if field in values}
	return _filled(
		ContactID=change.contact_id,
		**told,
		Phones=phones or None,
		Addresses=[{"AddressType": "POBOX", **_NO_LINES, **address}] if address else None,
	)


def person(of: NewContact) -> Json:
	"""The primary person of a contact, or one of its ContactPersons (R89)."""
	return _filled(FirstName=of.first_name, LastName=of.last_name, EmailAddress=of.email_address)


def known_person(known: wire.ContactPerson) -> Json:
	"""As it was read, because Xero replaces the list as a whole."""
	return _filled(
		FirstName=known.first_name,
		LastName=known.last_name,
		EmailAddress=known.email_address,
		IncludeInEmails=known.include_in_emails,
	)


def item(product: Product) -> Json:
	price = product.unit_price
	return _filled(
		Code=product.code,
		Name=product.name[:_ITEM_NAME],
		Description=(product.description or "")[:_ITEM_DESCRIPTION],
		# one that so far was only bought could not stand on a sales invoice
		IsSold=True,
		SalesDetails=None if price is None else {"UnitPrice": price},
	)


def invoice(order: Order) -> Json:
	"""`back_link` becomes Xero's "Go to" link, if it is a web address: Xero rejects the whole invoice for another."""
	return _filled(
		**_document(order, "InvoiceID", "ACCREC"),
		Url=order.back_link if _is_web_address(order.back_link) else None,
	)


def credit_note(order: Order) -> Json:
	"""With net prices: for a discount Xero answers as if all was well, and creates nothing (R93, xero-facts 4)."""
	for number, line in enumerate(order.draft.lines):
		if discount := line.discount_rate or line.discount_amount:
			raise NeedsPerson(Code.INVALID_VALUE, field=f"lines.{number}.discount_rate", value=str(discount))
	return _document(order, "CreditNoteID", "ACCRECCREDIT")


def _document(order: Order, id_field: str, kind: str) -> Json:
	draft = order.draft
	if len(order.reference) > MAX_REFERENCE:
		# cut short, it would never be found again
		raise NeedsPerson(Code.INVALID_VALUE, field="reference", value=order.reference)
	return _filled(
		**{id_field: order.document_id},
		Type=kind,
		Status=order.status,
		# the id alone: with a name Xero would rename the contact
		Contact={"ContactID": order.contact_id},
		Date=draft.date.isoformat(),
		DueDate=draft.due_date.isoformat() if draft.due_date else None,
		LineAmountTypes=draft.line_amount_types,
		Reference=order.reference,
		CurrencyCode=draft.currency,
		BrandingThemeID=draft.branding_theme,
		LineItems=_lines(draft.lines, order.line_ids),
	)


def _lines(lines: Sequence[Line], ids: Sequence[str | None]) -> list[Json]:
	"""Of an update, Xero deletes the lines that are not named by their id."""
	known = ids or [None] * len(lines)
	return [_line(line, line_id) for line, line_id in zip(lines, known, strict=True)]


def _line(line: Line, line_id: str | None) -> Json:
	return _filled(
		LineItemID=line_id,
		Description=line.description,
		Quantity=line.quantity,
		UnitAmount=line.unit_amount,
		ItemCode=line.item_code,
		AccountCode=line.account_code,
		TaxType=line.tax_type,
		TaxAmount=line.tax_amount,
		# never 0: Xero takes it for a discount that was meant, and refuses or miscounts
		DiscountRate=line.discount_rate or None,
		DiscountAmount=line.discount_amount or None,
	)


def _filled(**fields: Any) -> Json:
	return {name: value for name, value in fields.items() if value not in (None, "")}


def _is_web_address(text: str) -> bool:
	parts = urlsplit(text)
	return parts.scheme in ("https", "http") and bool(parts.hostname)
