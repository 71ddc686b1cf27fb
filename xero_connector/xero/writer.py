"""Putting contacts and draft invoices into an organisation, and finding those that are there already."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from xero_connector.core.drafting import MAX_REFERENCE, Draft, Line, NewContact
from xero_connector.core.errors import NeedsPerson
from xero_connector.core.model import Contact, Document
from xero_connector.xero import rows, wire
from xero_connector.xero.client import Client
from xero_connector.xero.failures import rejection
from xero_connector.xero.reader import UNIT_DECIMALS

# what Xero answers in the place of an id when it has created nothing, sometimes with 200
_ZERO_ID = "00000000-0000-0000-0000-000000000000"

_NAME_TAKEN = "already assigned to another contact"


class Writer:
	"""`core.sending.Books` of one organisation; `organisation` is the name of the mirror's row.

	Raises as `failures` tells; WillRetry.maybe_done when a create may have taken effect. `warnings` holds what
	Xero remarked on the last invoice that it created, such as an account that it left out.
	"""

	def __init__(self, client: Client, organisation: str) -> None:
		self._client = client
		self._organisation = organisation
		self.warnings: tuple[str, ...] = ()

	def find_contact(self, name: str) -> Contact | None:
		"""The active contact of this name. Xero ignores accents as well as case, we only case."""
		asked = _equal({"Name": name}, name)
		reply = wire.decode(wire.Contacts, self._client.get("get_contacts", page=1, **asked))
		for row in reply.contacts or ():
			if row.contact_status == "ACTIVE" and (row.name or "").casefold() == name.casefold():
				return rows.contact(row, self._organisation)
		return None

	def create_contact(self, contact: NewContact, idempotency_key: str) -> Contact:
		"""A new contact; if somebody was faster with the name, theirs. Never changes one that exists.

		PUT, because POST silently updates whichever contact has the name (xero-facts 4).
		"""
		body = {"Contacts": [_contact_body(contact)]}
		try:
			answer = self._client.send("create_contacts", body, idempotency_key, summarize_errors=True)
		except NeedsPerson as error:
			theirs = (
				self.find_contact(contact.name) if _NAME_TAKEN in error.values.get("message", "") else None
			)
			if theirs is None:
				raise
			return theirs
		row = next(iter(wire.decode(wire.Contacts, answer, sending=True).contacts or ()), wire.Contact())
		_check_created(row.contact_id, row.validation_errors)
		return rows.contact(row, self._organisation)

	def find_invoice(self, reference: str) -> Document | None:
		asked = _equal({"Type": "ACCREC", "Reference": reference}, reference)
		reply = wire.decode(
			wire.Invoices, self._client.get("get_invoices", page=1, unitdp=UNIT_DECIMALS, **asked)
		)
		for row in reply.invoices or ():
			if row.type == "ACCREC" and row.reference == reference:
				return rows.document_from_invoice(row, self._organisation)
		return None

	def create_invoice(
		self, draft: Draft, contact_id: str, reference: str, back_link: str, idempotency_key: str
	) -> Document:
		"""A draft with prices without tax. `back_link` becomes Xero's "Go to" link, if it is a web address.

		Raises ValueError for a reference longer than Xero takes: cut short, it would never be found again.
		"""
		if len(reference) > MAX_REFERENCE:
			raise ValueError(f"a reference has at most {MAX_REFERENCE} characters")
		body = {"Invoices": [_invoice_body(draft, contact_id, reference, back_link)]}
		answer = self._client.send(
			"create_invoices", body, idempotency_key, summarize_errors=True, unitdp=UNIT_DECIMALS
		)
		row = next(iter(wire.decode(wire.Invoices, answer, sending=True).invoices or ()), wire.Invoice())
		_check_created(row.invoice_id, [*(row.validation_errors or ()), *(row.warnings or ())])
		self.warnings = _texts(row.warnings)
		return rows.document_from_invoice(row, self._organisation)


def _equal(values: dict[str, str], free_text: str) -> dict[str, Any]:
	"""Parameters that find at least the rows with these values.

	Nobody has found how Xero's filter escapes a quotation mark (XeroAPI/Xero-Java#347: each way tried is a
	"Syntax error"), so a text that holds one is searched for instead; the caller compares exactly anyway.
	"""
	if any(mark in free_text for mark in '"\\'):
		return {"search_term": free_text, "page_size": 1000}
	return {"where": " AND ".join(f'{field}=="{value}"' for field, value in values.items())}


def _contact_body(contact: NewContact) -> dict[str, Any]:
	address = _filled(
		AddressLine1=contact.address_line,
		City=contact.city,
		Region=contact.region,
		PostalCode=contact.postal_code,
		Country=contact.country,
	)
	return _filled(
		Name=contact.name,
		FirstName=contact.first_name,
		LastName=contact.last_name,
		EmailAddress=contact.email_address,
		# whole: which part of it is the area nobody can tell
		Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": contact.phone}] if contact.phone else None,
		# the address that Xero prints on documents
		Addresses=[{"AddressType": "POBOX", **address}] if address else None,
	)


def _invoice_body(draft: Draft, contact_id: str, reference: str, back_link: str) -> dict[str, Any]:
	return _filled(
		Type="ACCREC",
		Status="DRAFT",
		# the id alone: with a name Xero would rename the contact
		Contact={"ContactID": contact_id},
		Date=draft.date.isoformat(),
		DueDate=draft.due_date.isoformat(),
		LineAmountTypes="Exclusive",
		Reference=reference,
		CurrencyCode=draft.currency,
		Url=back_link if _is_web_address(back_link) else None,
		LineItems=[_line_body(line) for line in draft.lines],
	)


def _line_body(line: Line) -> dict[str, Any]:
	return _filled(
		Description=line.description,
		Quantity=line.quantity,
		UnitAmount=line.unit_amount,
		AccountCode=line.account_code,
	)


def _filled(**fields: Any) -> dict[str, Any]:
	return {name: value for name, value in fields.items() if value not in (None, "")}


def _is_web_address(text: str) -> bool:
	"""Xero rejects the whole invoice for a Url that is not absolute."""
	parts = urlsplit(text)
	return parts.scheme in ("https", "http") and bool(parts.hostname)


def _check_created(identifier: str | None, messages: list[wire.Message] | None) -> None:
	if not identifier or identifier == _ZERO_ID:
		raise rejection(" ".join(_texts(messages)))


def _texts(messages: list[wire.Message] | None) -> tuple[str, ...]:
	return tuple(each.message for each in messages or () if each.message)
