"""Our customers, suppliers, organizations and people, by what a Xero contact may know them by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

import frappe

from xero_connector.core.matching import Directory, Facts
from xero_connector.site import hosts
from xero_connector.site.hosts import details
from xero_connector.site.links import Party


class _Person(NamedTuple):
	emails: Sequence[str]
	phones: Sequence[str]


def load(doctypes: Sequence[str]) -> Directory[Party]:
	"""Every record of these doctypes (of `details.DOCTYPES`), whoever may see it: some queries, whatever there is.
	A Contact that belongs to somebody else is found as them."""
	people, postal_codes = _people(doctypes), _postal_codes(doctypes)
	owned = {contact for mine in people.values() for contact in mine}
	persons = _persons()
	directory: Directory[Party] = Directory()
	for doctype in doctypes:
		for name, title, tax_number in _records(doctype):
			record = Party(doctype, name)
			if doctype == "Contact" and name in owned:
				continue
			mine = people.get(record, []) if doctype != "Contact" else [name]
			facts = Facts(title or name, name, tax_number=tax_number, postal_code=postal_codes.get(record))
			for email, phone in _reached_at([persons[each] for each in mine if each in persons]):
				directory.add(record, facts._replace(email=email, phone=phone))
	return directory


def _records(doctype: str) -> Iterator[tuple[str, str, str | None]]:
	tax = details.tax_field(doctype)
	fields = ["name", hosts.record_types()[doctype].title_field, *([tax] if tax else [])]
	for name, title, *others in frappe.get_all(doctype, fields=fields, limit=0, as_list=True):
		yield name, title, others[0] if others else None


def _reached_at(people: Sequence[_Person]) -> Iterator[tuple[str | None, str | None]]:
	"""Each e-mail address and each phone once; nothing of nobody."""
	emails = [email for person in people for email in person.emails]
	phones = [phone for person in people for phone in person.phones]
	yield from zip_longest(emails or [None], phones or [None])


def _persons() -> dict[str, _Person]:
	found: dict[str, _Person] = {}
	for child, field, place in (("Contact Email", "email_id", 0), ("Contact Phone", "phone", 1)):
		rows = frappe.get_all(
			child, {"parenttype": "Contact"}, ["parent", field], limit=0, as_list=True, order_by="idx"
		)
		for parent, value in rows:
			person = found.setdefault(parent, _Person([], []))
			person[place].append(value)  # type: ignore[attr-defined]
	return found


def _people(doctypes: Sequence[str]) -> dict[Party, list[str]]:
	"""The Contacts of each record."""
	found: dict[Party, list[str]] = {}
	for contact, record in _tied("Contact", doctypes):
		found.setdefault(record, []).append(contact)
	if "CRM Organization" in doctypes:
		# Frappe CRM keeps the organization's name in its contacts, as plain text
		organization, contact = frappe.qb.DocType("CRM Organization"), frappe.qb.DocType("Contact")
		query = frappe.qb.from_(contact).join(organization).on(organization.name == contact.company_name)
		for name, company in query.select(contact.name, organization.name).run():
			mine = found.setdefault(Party("CRM Organization", company), [])
			if name not in mine:
				mine.append(name)
	return found


def _postal_codes(doctypes: Sequence[str]) -> dict[Party, str]:
	codes = dict(frappe.get_all("Address", {"pincode": ["is", "set"]}, ["name", "pincode"], as_list=True))
	found = {record: codes[address] for address, record in _tied("Address", doctypes) if address in codes}
	if "CRM Organization" in doctypes:
		asked = {"address": ["is", "set"]}
		for name, address in frappe.get_all("CRM Organization", asked, ["name", "address"], as_list=True):
			if address in codes:
				found.setdefault(Party("CRM Organization", name), codes[address])
	return found


def _tied(parenttype: str, doctypes: Sequence[str]) -> list[tuple[str, Party]]:
	"""What Frappe's own links tie to records: (name of the Contact or Address, record)."""
	rows = frappe.get_all(
		"Dynamic Link",
		filters={"parenttype": parenttype, "link_doctype": ["in", list(doctypes)]},
		fields=["parent", "link_doctype", "link_name"],
		limit=0,
		as_list=True,
	)
	return [(parent, Party(doctype, name)) for parent, doctype, name in rows]
