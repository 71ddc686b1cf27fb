"""What a record says of who it is, in the fields of a Xero contact, and how that is changed (R67-R70).

A customer's person and address are documents of their own, which Frappe ties to it. All is written through the
documents' own controllers, as an import: what they refuse is raised, and nobody is sent a mail for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import frappe
from frappe.model.rename_doc import rename_doc

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.site import settings
from xero_connector.site.database import site_zone
from xero_connector.site.hosts.fields import ADDRESS, FIELDS, LONGEST, PERSON, cleaned, two_lines
from xero_connector.site.links import Party

_LONGEST_TITLE = 80
"""Of an address: Frappe counts those of one title in a column of 100, with their type."""
_SUFFIX = 10
"""What Frappe adds to a name that is taken."""
_ADDRESS_FIELDS = {"city": "city", "region": "state", "postal_code": "pincode", "country": "country"}


@dataclass(frozen=True)
class _Kind:
	"""Where a doctype keeps what is not its person's or address's; None: by the field map alone.

	`person` and `address` are its Links to those that count. `is_person`: it is the person itself.
	"""

	title: str
	person: str | None = None
	address: str | None = None
	tax: str | None = None
	is_person: bool = False


_KINDS = {
	"Customer": _Kind("customer_name", "customer_primary_contact", "customer_primary_address", "tax_id"),
	"Supplier": _Kind("supplier_name", "supplier_primary_contact", "supplier_primary_address", "tax_id"),
	"CRM Organization": _Kind("organization_name", address="address"),
	"Contact": _Kind("company_name", address="address", is_person=True),
}
DOCTYPES = tuple(_KINDS)


def has(doctype: str) -> bool:
	"""Whether the site has this doctype, and its records hold such details."""
	return doctype in _KINDS and bool(frappe.db.exists("DocType", doctype, cache=True))


def read(party: Party) -> dict[str, str]:
	"""By field of FIELDS; those that the record has no place for are not there, empty ones are ""."""
	return _Details(frappe.get_doc(*party)).read()


def saved(party: Party) -> datetime:
	"""When the record, its person or its address was saved last (aware)."""
	details = _Details(frappe.get_doc(*party))
	moments = [each.modified for each in (details.main, details.person, details.address) if each]
	return max(map(frappe.utils.get_datetime, moments)).replace(tzinfo=site_zone())


def holdable(party: Party, values: Mapping[str, str | None]) -> dict[str, str]:
	"""`values` as `read` would give them once they were written: what the record has no place for is left out,
	what Frappe refuses (a phone "ask for Jo", a country it does not know) is "", and so is a mobile number that is the
	phone's as well."""
	return _Details(frappe.get_doc(*party)).holdable(cleaned(values))


def write(party: Party, values: Mapping[str, str | None]) -> Party:
	"""Change these fields, as far as they are holdable; who it is then, because a name can be a key.

	Raises NeedsPerson(NAME_TAKEN_HERE) when another record has that name, and what the documents refuse.
	"""
	wanted = cleaned(values)
	with writing():
		main = _named(frappe.get_doc(*party), wanted.get("contact_name", ""))
		details = _Details(main)
		details.write(details.holdable(wanted))
		return Party(main.doctype, main.name)


def create(values: Mapping[str, str | None], *, is_supplier: bool = False) -> list[Party]:
	"""A record for a Xero contact, then its person and address if it has any: ERPNext's Customer or Supplier, else
	Frappe CRM's organization, else a Contact alone. Raises as `write` does."""
	wanted = cleaned(values)
	with writing():
		main = _new(main_doctype(is_supplier=is_supplier), wanted)
		details = _Details(main)
		details.write({field: value for field, value in details.holdable(wanted).items() if value})
	made = [details.main] if details.kind.is_person else [details.main, details.person]
	return [Party(each.doctype, each.name) for each in (*made, details.address) if each]


@contextmanager
def writing() -> Iterator[None]:
	"""While we write ourselves: what is saved then, also by other documents' controllers, is nobody's news.

	As Frappe's own import: no mails, no look at gravatar.com for each e-mail address, no "Name - 1".
	"""
	before = frappe.flags.in_import, frappe.flags.xero_writing
	frappe.flags.in_import = frappe.flags.xero_writing = True
	try:
		yield
	finally:
		frappe.flags.in_import, frappe.flags.xero_writing = before


def is_writing() -> bool:
	return bool(frappe.flags.xero_writing)


def main_doctype(*, is_supplier: bool = False) -> str:
	"""What a new Xero contact becomes on this site."""
	wanted = ("Supplier" if is_supplier else "Customer", "CRM Organization", "Contact")
	return next(doctype for doctype in wanted if has(doctype))


def tax_field(doctype: str) -> str | None:
	"""The field of this doctype that holds the tax number."""
	return _mapped(frappe.get_meta(doctype)).get("tax_number")


def _mapped(meta: Any) -> dict[str, str]:
	"""Which of its own fields a doctype keeps a contact's fields in."""
	rules = ((rule.xero_field, rule.fieldname) for rule in settings.load().field_map)
	mapped = {field: name for field, name in rules if name and meta.has_field(name)}
	tax = _KINDS[meta.name].tax
	return {"tax_number": tax, **mapped} if tax and meta.has_field(tax) else mapped


def _new(doctype: str, values: Mapping[str, str]) -> Any:
	main, kind, name = frappe.new_doc(doctype), _KINDS[doctype], values.get("contact_name", "")
	if kind.is_person:
		main.update({"first_name": values.get("first_name"), "last_name": values.get("last_name")})
		main.company_name = name if name != _full_name(values) else None
	else:
		main.set(kind.title, name)
		if main.meta.has_field(f"{doctype.lower()}_type"):
			is_person = name == _full_name(values)
			main.set(f"{doctype.lower()}_type", "Individual" if is_person else "Company")
	try:
		return _save(main)
	except (frappe.DuplicateEntryError, frappe.UniqueValidationError):
		frappe.clear_last_message()
		raise NeedsPerson(Code.NAME_TAKEN_HERE, name=name) from None


def _named(main: Any, name: str) -> Any:
	"""The record under its new name, where that is its key: Frappe's rename takes along all that points at it."""
	doctype, before = main.doctype, main.name
	if not name or name == before or main.meta.autoname != f"field:{_KINDS[doctype].title}":
		return main
	# on MariaDB a name differs from itself by case alone
	taken = str(frappe.db.exists(doctype, name) or "")
	if taken and taken != before:
		raise NeedsPerson(Code.NAME_TAKEN_HERE, name=name)
	rename_doc(doctype, before, name, force=True, ignore_permissions=True, show_alert=False)
	if doctype == "CRM Organization":
		frappe.db.set_value("Contact", {"company_name": before}, "company_name", name)
	return frappe.get_doc(doctype, name)


def _full_name(values: Mapping[str, str | None]) -> str:
	return " ".join(filter(None, (values.get("first_name"), values.get("last_name"))))


def _save(document: Any) -> Any:
	document.flags.ignore_permissions = True
	return _insert(document) if document.is_new() else document.save()


def _insert(document: Any) -> Any:
	# Frappe calls a person after their company as well, which two long names do not fit into
	parts = [
		document.get("first_name"),
		document.get("last_name"),
		*(r.link_name for r in document.get("links") or ()),
	]
	too_long = document.doctype == "Contact" and len(" ".join(filter(None, parts))) >= LONGEST - _SUFFIX
	# ERPNext commits where a new person has a number: half a record would stay when the rest is refused
	numbers = document.get("phone_nos") or []
	if numbers:
		document.set("phone_nos", [])
	document.insert(set_name=frappe.generate_hash(length=10) if too_long else None)
	if numbers:
		document.set("phone_nos", numbers)
		document.save()
	return document


def _anew(document: Any) -> Any:
	"""As it is stored now: ERPNext's controllers save one of a customer's documents with another."""
	return document if document.is_new() else frappe.get_doc(document.doctype, document.name)


class _Details:
	"""A record with its person and its address."""

	def __init__(self, main: Any) -> None:
		self.main = main
		self.kind = _KINDS[main.doctype]
		self.mapped = _mapped(main.meta)

	@cached_property
	def person(self) -> Any:
		if self.kind.is_person:
			return self.main
		chosen = self.kind.person and self.main.get(self.kind.person)
		name = chosen or _linked("Contact", self.main)
		return frappe.get_doc("Contact", name) if name else None

	@cached_property
	def address(self) -> Any:
		name = self.main.get(self._address_field) or _linked("Address", self.main)
		return frappe.get_doc("Address", name) if name else None

	@property
	def _address_field(self) -> str:
		return self.mapped.get("address") or str(self.kind.address)

	def has_place(self, field: str) -> bool:
		return field in self.mapped or field not in ("tax_number", "account_number")

	def holdable(self, values: Mapping[str, str]) -> dict[str, str]:
		held = {field: value for field, value in values.items() if self.has_place(field)}
		phone = held["phone"] if "phone" in held else self.read()["phone"]
		return {**held, "mobile": ""} if phone and held.get("mobile") == phone else held

	def read(self) -> dict[str, str]:
		values = {"contact_name": self._name(), **_of_person(self.person), **_of_address(self.address)}
		values |= {field: self.main.get(name) for field, name in self.mapped.items() if field in FIELDS}
		return {field: str(values.get(field) or "").strip() for field in FIELDS if self.has_place(field)}

	def _name(self) -> str:
		name = self.main.get(self.kind.title)
		return str(name or (self.main.full_name if self.kind.is_person else "") or "")

	def write(self, values: Mapping[str, str]) -> None:
		now = self.read()
		changed = {field: value for field, value in values.items() if now.get(field) != value}
		own = {name: changed.pop(field) for field, name in self.mapped.items() if field in changed}
		name, is_person = changed.get("contact_name", ""), self.kind.is_person
		person, address = _part(changed, PERSON), _part(changed, ADDRESS)
		if name and not is_person:
			own[self.kind.title] = name
		# what is made beside it is called after it
		self.main.update(own)
		if person and not is_person:
			own |= self._write_person(person)
		if address:
			own |= self._write_address(address)
		if not (own or changed):
			return
		self.main = _anew(self.main)
		self.main.update(own)
		if is_person:
			_fill_person(self.main, person)
		if name and is_person:
			self.main.company_name = name if name != _full_name(_of_person(self.main)) else None
		_save(self.main)

	def _write_person(self, values: Mapping[str, str]) -> dict[str, str]:
		"""The record's own field that names the person."""
		person = _anew(self.person or self._new_person())
		_fill_person(person, values)
		self.person = _save(person)
		return {self.kind.person: person.name} if self.kind.person else {}

	def _new_person(self) -> Any:
		person = frappe.new_doc("Contact")
		person.update({"company_name": self._name(), "is_primary_contact": 1})
		return self._tied(person)

	def _write_address(self, values: Mapping[str, str]) -> dict[str, str]:
		"""The record's own field that names the address."""
		address = _anew(self.address or self._new_address())
		for field, name in _ADDRESS_FIELDS.items():
			if field in values:
				address.set(name, values[field] or None)
		if "address_line" in values:
			address.address_line1, address.address_line2 = two_lines(values["address_line"])
		# Xero knows addresses without a city or a country
		address.flags.ignore_mandatory = True
		self.address = _save(address)
		return {self._address_field: address.name}

	def _new_address(self) -> Any:
		address = frappe.new_doc("Address")
		title = (self._name() or self.main.name)[:_LONGEST_TITLE]
		address.update({"address_title": title, "address_type": "Billing", "is_primary_address": 1})
		address.country = None  # not the site's own, which Frappe proposes
		return self._tied(address)

	def _tied(self, document: Any) -> Any:
		document.append("links", {"link_doctype": self.main.doctype, "link_name": self.main.name})
		return document


def _part(values: Mapping[str, str], fields: Sequence[str]) -> dict[str, str]:
	return {field: values[field] for field in fields if field in values}


def _linked(doctype: str, main: Any) -> str | None:
	"""The Contact or Address of a record: the primary one, else the oldest."""
	names = frappe.get_all(
		"Dynamic Link",
		filters={"parenttype": doctype, "link_doctype": main.doctype, "link_name": main.name},
		pluck="parent",
	)
	if doctype == "Contact" and main.doctype == "CRM Organization":
		# Frappe CRM keeps the organization's name in its contacts, as plain text
		names += frappe.get_all("Contact", filters={"company_name": main.name}, pluck="name")
	if not names:
		return None
	primary = "is_primary_contact" if doctype == "Contact" else "is_primary_address"
	order = f"{primary} desc, creation asc, name asc"
	filters = {"name": ["in", sorted(set(names))]}
	return str(frappe.get_all(doctype, filters=filters, order_by=order, limit=1, pluck="name")[0])


def _of_person(person: Any) -> dict[str, Any]:
	if not person:
		return {}
	return {
		"first_name": person.first_name,
		"last_name": person.last_name,
		"email_address": person.email_id,
		"phone": person.phone,
		# Frappe CRM takes somebody's only number for the mobile one too
		"mobile": person.mobile_no if person.mobile_no != person.phone else "",
	}


def _of_address(address: Any) -> dict[str, Any]:
	if not address:
		return {}
	lines = ", ".join(filter(None, (address.address_line1, address.address_line2)))
	return {"address_line": lines, **{f: address.get(name) for f, name in _ADDRESS_FIELDS.items()}}


def _fill_person(person: Any, values: Mapping[str, str]) -> None:
	for field in ("first_name", "last_name"):
		if field in values:
			person.set(field, values[field])
	if "email_address" in values:
		_put(person, "email_ids", "email_id", "is_primary", values["email_address"])
	for field, flag in (("phone", "is_primary_phone"), ("mobile", "is_primary_mobile_no")):
		if field in values:
			_put(person, "phone_nos", "phone", flag, values[field])


def _put(person: Any, table: str, column: str, flag: str, value: str) -> None:
	"""Make `value` the row of this table that is flagged, in place of the one that was."""
	for row in [row for row in person.get(table) if row.get(flag)]:
		row.set(flag, 0)
		# what is both is the phone
		if not row.get("is_primary_phone"):
			person.remove(row)
	if value:
		same = next((row for row in person.get(table) if row.get(column) == value), None)
		(same or person.append(table, {column: value})).set(flag, 1)
