"""PUT and POST of contacts: PUT creates only, POST silently updates what has the same id, number or name."""

from __future__ import annotations

import re
import uuid
from typing import Any

from . import fields, render
from .batch import Plan, write
from .books import NIL, Contact, Json, Organisation
from .calls import Answer, Call
from .lists import contact_json, find_contact
from .where import fold

LIMITS = {"Name": 255, "FirstName": 255, "LastName": 255, "EmailAddress": 255}
LIMITS |= dict.fromkeys(("ContactNumber", "AccountNumber", "TaxNumber", "CompanyNumber"), 50)
PHONE_LIMITS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
ADDRESS_LIMITS = dict.fromkeys(("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4"), 500)
ADDRESS_LIMITS |= {"City": 255, "Region": 255, "PostalCode": 50, "Country": 50, "AttentionTo": 255}
TEXTS: tuple[str, ...] = (
	"FirstName",
	"LastName",
	"EmailAddress",
	"AccountNumber",
	"BankAccountDetails",
	"TaxNumber",
	"CompanyNumber",
)
TEXTS += ("DefaultCurrency", "AccountsReceivableTaxType", "AccountsPayableTaxType", "SalesDefaultAccountCode")
TEXTS += ("PurchasesDefaultAccountCode", "SalesDefaultLineAmountType", "PurchasesDefaultLineAmountType")
PHONES, ADDRESSES = ("DEFAULT", "DDI", "FAX", "MOBILE"), ("STREET", "POBOX")
NO_PHONE = {"PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""}
NO_ADDRESS = {"City": "", "Region": "", "PostalCode": "", "Country": ""}
EMAIL = re.compile(r"^[!-~]+@[!-~]+\.[!-~]+$")
PERSONS = 5


def put_contacts(call: Call) -> Answer:
	return _write(call, create_only=True)


def post_contacts(call: Call) -> Answer:
	return _write(call, create_only=False)


def post_contact(call: Call, identity: str) -> Answer:
	row = find_contact(call.organisation, identity)
	element = call.elements("Contacts")[0] | {"ContactID": row.id}
	return write(call, "Contacts", "ContactID", [plan_contact(call, element, False, set())])


def _write(call: Call, create_only: bool) -> Answer:
	taken: set[str] = set()
	plans = [plan_contact(call, element, create_only, taken) for element in call.elements("Contacts")]
	return write(call, "Contacts", "ContactID", plans)


def plan_contact(call: Call, element: Json, create_only: bool, taken: set[str]) -> Plan:
	"""`taken` are the names claimed earlier in the same request."""
	books = call.organisation
	found = _by_id(books, element) if create_only else match(books, element)
	plan = Plan(element, existing=found.id if found else None)
	name = fields.text(element, "Name") or (found.name if found else None)
	if element.get("ContactID") not in (None, NIL) and not found:
		plan.errors.append("The contact could not be found with the ContactID provided")
	plan.errors += _name_errors(name) + _form_errors(element)
	plan.errors += _conflicts(books, element, found, name or "", taken, create_only)
	taken.add(fold(name or ""))
	plan.commit = lambda: _save(call, element, found)
	return plan


def _by_id(books: Organisation, element: Json) -> Contact | None:
	return books.contacts.get(fields.text(element, "ContactID"))


def match(books: Organisation, element: Json) -> Contact | None:
	"""The contact that a POST would change: by id, else number, else name among the active ones."""
	if element.get("ContactID") not in (None, NIL):
		return _by_id(books, element)
	number, name = fields.text(element, "ContactNumber"), fields.text(element, "Name")
	by_number = next((row for row in books.contacts if number and row.number == number), None)
	return by_number or by_name(books, name)


def by_name(books: Organisation, name: str | None) -> Contact | None:
	"""An active one; names that differ in case or accents are the same name."""
	wanted = fold(name or "")
	rows = (row for row in books.contacts if wanted and row.status == "ACTIVE" and fold(row.name) == wanted)
	return next(rows, None)


def _name_errors(name: str | None) -> list[str]:
	if not name or not name.strip():
		return ["The Contact Name must be specified."]
	errors = []
	if "<" in name or ">" in name:
		errors.append("The contact name must not contain the characters < or >.")
	if name != name.strip() or "  " in name:
		errors.append("The contact name must not have leading, trailing or double spaces.")
	return errors


def _form_errors(element: Json) -> list[str]:
	errors = fields.too_long(element, LIMITS)
	email = fields.text(element, "EmailAddress")
	if email and not EMAIL.match(email):
		errors.append(f"Email address {email} is invalid.")
	for phone in fields.listing(element, "Phones") or []:
		errors += fields.too_long(phone, PHONE_LIMITS)
		errors += _kind_error(phone, "PhoneType", (*PHONES, "OFFICE"))
	for address in fields.listing(element, "Addresses") or []:
		errors += fields.too_long(address, ADDRESS_LIMITS)
		errors += _kind_error(address, "AddressType", (*ADDRESSES, "DELIVERY"))
	if len(fields.listing(element, "ContactPersons") or []) > PERSONS:
		errors.append(f"A contact can have at most {PERSONS} contact persons.")
	return errors + _kind_error(element, "ContactStatus", ("ACTIVE", "ARCHIVED", None))


def _kind_error(element: Json, name: str, allowed: tuple[Any, ...]) -> list[str]:
	value = element.get(name)
	return [] if value in allowed else [f"{name} '{value}' is not valid."]


def _conflicts(
	books: Organisation, element: Json, found: Contact | None, name: str, taken: set[str], create_only: bool
) -> list[str]:
	errors = []
	number = fields.text(element, "ContactNumber")
	status = element.get("ContactStatus") or (found.status if found else "ACTIVE")
	other = by_name(books, name)
	clash = other is not None and other is not found
	if status == "ACTIVE" and (clash or fold(name) in taken):
		errors.append(
			f"The contact name {name} is already assigned to another contact. "
			"The contact name must be unique across all active contacts."
		)
	if number and any(row.number == number and row is not found for row in books.contacts):
		errors.append(f"The contact number {number} is already assigned to another contact.")
	if create_only and found:
		errors.append("A contact with this ContactID already exists.")
	return errors


def _save(call: Call, element: Json, found: Contact | None) -> Json:
	row = found or new_contact(str(element["Name"]))
	row.name = fields.text(element, "Name") or row.name
	row.number = fields.text(element, "ContactNumber") or row.number
	row.status = fields.text(element, "ContactStatus") or row.status
	row.fields |= {name: str(element[name]) for name in TEXTS if element.get(name) is not None}
	_merge(row, "Phones", "PhoneType", fields.listing(element, "Phones") or [], NO_PHONE)
	_merge(row, "Addresses", "AddressType", fields.listing(element, "Addresses") or [], NO_ADDRESS)
	persons = fields.listing(element, "ContactPersons")
	if persons is not None:
		row.fields["ContactPersons"] = persons
	if fields.inner(element, "PaymentTerms"):
		row.fields["PaymentTerms"] = element["PaymentTerms"]
	call.sandbox.changed(call.organisation, row, created=found is None)
	return contact_json(call.organisation, row, render.SINGLE, call.today)


def _merge(row: Contact, key: str, kind: str, given: list[Json], blank: Json) -> None:
	"""Kinds not given keep what they have."""
	stored = {entry[kind]: entry for entry in row.fields[key]}
	for entry in given:
		stored[entry[kind]] = blank | {name: value for name, value in entry.items() if value is not None}
	row.fields[key] = list(stored.values())


def new_contact(name: str) -> Contact:
	"""With the addresses and phones that every contact has, blank."""
	return Contact(
		id=str(uuid.uuid4()),
		name=name,
		updated=0,
		fields={
			"EmailAddress": "",
			"BankAccountDetails": "",
			"Addresses": [{"AddressType": kind} | NO_ADDRESS for kind in ADDRESSES],
			"Phones": [{"PhoneType": kind} | NO_PHONE for kind in PHONES],
			"ContactPersons": [],
		},
	)


ROUTES = [
	("PUT", "/Contacts", put_contacts, "contacts"),
	("POST", "/Contacts", post_contacts, "contacts"),
	("POST", "/Contacts/<identity>", post_contact, "contacts"),
]
