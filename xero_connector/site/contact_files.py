"""Contacts in CSV files: an organisation's list on its way out, and of a list on its way in whose each row is (R66-R71)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import frappe

from xero_connector.core import contact_csv, money
from xero_connector.core.contact_csv import ALSO_EXPORTED, HEADINGS, NEW, Row, Table
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.site import hosts, links
from xero_connector.site.database import as_decimal
from xero_connector.site.hosts import details
from xero_connector.site.hosts.fields import FIELDS
from xero_connector.site.links import Party

OWN = "own:"
"""Before the name of a record's own field that a column is taken for (R67)."""
_OWN_TYPES = ("Data", "Small Text", "Text", "Long Text", "Select", "Link", "Int", "Float", "Phone", "Date")
_PAGE = 2000
_RUN = "Xero Run"


# on the way out


def exported(organisation: str) -> tuple[list[str], Iterator[list[str]]]:
	"""The headings and a row for each of the organisation's contacts in the mirror, by name."""
	return [*HEADINGS.values(), *ALSO_EXPORTED.values()], _rows(organisation)


def _rows(organisation: str) -> Iterator[list[str]]:
	fields = [field for field in HEADINGS if field in FIELDS]
	for page in _pages(organisation, [*fields, *ALSO_EXPORTED]):
		tied = links.records_of([row.name for row in page])
		for row in page:
			record = next(iter(tied.get(row.name, ())), Party("", ""))
			own = [str(row[field] or "") for field in fields]
			yield [row.name, *own, *record, *(_told(field, row[field]) for field in ALSO_EXPORTED)]


def _pages(organisation: str, fields: list[str]) -> Iterator[list[Any]]:
	start = 0
	while page := frappe.get_all(
		links.CONTACT,
		filters={"organisation": organisation},
		fields=["name", *fields],
		order_by="contact_name asc, name asc",
		limit_start=start,
		limit_page_length=_PAGE,
	):
		yield page
		start += len(page)


def _told(field: str, value: Any) -> str:
	if field.startswith("is_"):
		return "Yes" if value else "No"
	if field.startswith(("receivable_", "payable_")):
		return str(money.rounded(as_decimal(value)))
	return str(value or "")


# on the way in


def own_fields() -> dict[str, str]:
	"""Fields of the records that are made, besides those of every contact, by their name with OWN before it."""
	meta = frappe.get_meta(details.main_doctype())
	return {
		f"{OWN}{field.fieldname}": str(field.label or field.fieldname)
		for field in meta.fields
		if field.fieldtype in _OWN_TYPES and not (field.read_only or field.hidden or field.is_virtual)
	}


def keep(run: str, data: bytes) -> None:
	"""The file that a run works through, for those who may see the run. Not committed."""
	file = frappe.new_doc("File")
	attached = {"attached_to_doctype": _RUN, "attached_to_name": run, "is_private": 1}
	file.update({"file_name": f"{run}.csv", "content": data, **attached})
	file.insert(ignore_permissions=True)


def kept(run: str, fields: Sequence[str]) -> Table:
	"""Raises NeedsPerson(NOT_FOUND) when somebody has deleted the file."""
	name = frappe.db.get_value("File", {"attached_to_doctype": _RUN, "attached_to_name": run})
	if not name:
		raise NeedsPerson(Code.NOT_FOUND, what=f"{run}.csv")
	content = frappe.get_doc("File", name).get_content()
	# Frappe gives what is UTF-8 as text
	return contact_csv.read(content.encode() if isinstance(content, str) else content, fields)


class Found(NamedTuple):
	"""What is known of a row: the record that it is about, or None for a new one; the Xero contact that it names."""

	record: Party | None
	contact: str | None
	failure: NeedsPerson | None = None


class Finder:
	"""Finds the records that some rows are about: by CRM id, Xero's reference, name, name and postcode (R71)."""

	def __init__(self, organisation: str, rows: Sequence[Row], mode: str) -> None:
		self.mode = mode
		self.doctype = details.main_doctype()
		self._contacts = _contacts(organisation, {row.get("contact_id").lower() for row in rows})
		heirs = {contact.merged_into for contact in self._contacts.values()}
		self._contacts |= _contacts(organisation, heirs)
		self._tied = links.records_of(sorted(self._contacts))
		self._named = self._by_name([row.get("contact_name") for row in rows])

	def find(self, row: Row) -> Found:
		"""With what speaks against doing anything with the row in this mode, if something does."""
		try:
			contact = self._contact(row)
			record = self._by_id(row) or self._by_contact(contact) or self._of_name(row)
		except NeedsPerson as failure:
			return Found(None, None, failure)
		return Found(record, contact, self._objection(row, record))

	def phones(self, row: Row, contact: str | None) -> dict[str, str]:
		"""The row's telephone numbers with the zeros that they have in Xero (R69)."""
		known = self._contacts.get(contact or "", {})
		return {
			field: contact_csv.with_zeros(row.get(field), known.get(field) or "")
			for field in ("phone", "mobile")
			if row.get(field)
		}

	def _contact(self, row: Row) -> str | None:
		wanted = row.get("contact_id").lower()
		if not wanted:
			return None
		if wanted not in self._contacts:
			raise NeedsPerson(Code.NOT_FOUND, what=wanted)
		heir = self._contacts[wanted].merged_into
		return str(heir) if heir in self._contacts else wanted

	def _by_id(self, row: Row) -> Party | None:
		if not row.get("record_name"):
			return None
		record = Party(row.get("record_doctype") or self.doctype, row.get("record_name"))
		if not details.has(record.doctype):
			raise NeedsPerson(Code.INVALID_VALUE, field="record_doctype", value=record.doctype)
		if not frappe.db.exists(*record):
			raise NeedsPerson(Code.NOT_FOUND, what=record.name)
		return record

	def _by_contact(self, contact: str | None) -> Party | None:
		tied = [record for record in self._tied.get(contact or "", ()) if details.has(record.doctype)]
		return next((record for record in tied if record.doctype == self.doctype), next(iter(tied), None))

	def _of_name(self, row: Row) -> Party | None:
		name = row.get("contact_name")
		if not name:
			raise NeedsPerson(Code.MISSING_VALUE, field="contact_name")
		named = self._named.get(name.casefold(), [])
		if len(named) < 2 or self.mode == NEW:
			return next(iter(named), None)
		postcode = row.get("postal_code")
		same = [
			each for each in named if contact_csv.same_postcode(details.read(each)["postal_code"], postcode)
		]
		if len(same) != 1:
			raise NeedsPerson(Code.SEVERAL_OF_NAME, name=name)
		return same[0]

	def _objection(self, row: Row, record: Party | None) -> NeedsPerson | None:
		if self.mode == NEW:
			return NeedsPerson(Code.ALREADY_HERE, name=record.name) if record else None
		return None if record else NeedsPerson(Code.NOT_HERE, name=row.get("contact_name"))

	def _by_name(self, names: Sequence[str]) -> dict[str, list[Party]]:
		wanted = sorted({name for name in names if name})
		found: dict[str, list[Party]] = {}
		if not wanted:
			return found
		title = hosts.record_types()[self.doctype].title_field
		rows = frappe.get_all(
			self.doctype,
			filters={title: ["in", wanted]},
			fields=["name", title],
			order_by="creation asc, name asc",
			as_list=True,
		)
		for name, called in rows:
			found.setdefault(called.casefold(), []).append(Party(self.doctype, name))
		return found


def _contacts(organisation: str, ids: Iterable[str | None]) -> dict[str, Any]:
	wanted = sorted(each for each in ids if each)
	if not wanted:
		return {}
	rows = frappe.get_all(
		links.CONTACT,
		filters={"organisation": organisation, "name": ["in", wanted]},
		fields=["name", "merged_into", "phone", "mobile"],
	)
	return {row.name: row for row in rows}
