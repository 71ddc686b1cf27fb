"""The mirror's tables: pages of contacts and documents in, in bulk, each with its cursor.

Rows are keyed by Xero's own id, so that reading something twice changes nothing; a row that is older than
what the mirror has (an answer that came late) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import frappe

from xero_connector.core import matching
from xero_connector.core.model import Account, BrandingTheme, Contact, Document, Endpoint, Item, TaxRate
from xero_connector.core.money import ZERO
from xero_connector.core.sync import Cursor, Row
from xero_connector.site.database import commit_step, insert_children, site_zone, to_column, upsert

_KEY_LENGTH = 255
_DOCUMENT_COLUMNS = ("name", *Document._fields[1:-1])
_CONTACT_COLUMNS = ("name", *Contact._fields[1:-1], "name_key", "email_key", "phone_key", "updated_utc")
_ITEM_COLUMNS = ("name", *Item._fields[1:])
TABLES: dict[Endpoint, tuple[str, tuple[str, ...]]] = {
	Endpoint.CONTACTS: ("Xero Contact", ()),
	Endpoint.INVOICES: ("Xero Invoice", ("Invoice", "Bill")),
	Endpoint.CREDIT_NOTES: ("Xero Invoice", ("Credit Note", "Supplier Credit Note")),
}
_GONE: dict[str, dict[str, object]] = {
	"Xero Contact": {"status": "Archived"},
	"Xero Invoice": {"status": "Deleted", "amount_due": 0},
}
_PAYMENT_COLUMNS = ("name", "parent", "idx", "payment_id", "kind", "date", "amount", "reference")


class SiteMirror:
	"""`core.sync.Mirror` of one organisation, on the site's tables; `cursors` is the column that keeps its place."""

	def __init__(self, organisation: str, cursors: str = "cursors") -> None:
		self.organisation = organisation
		self._column = cursors

	def cursor(self, endpoint: Endpoint) -> Cursor:
		stored = self._cursors().get(endpoint.value, {})
		return Cursor(
			_moment(stored.get("since")), _moment(stored.get("reached")), int(stored.get("page", 1))
		)

	def save(self, endpoint: Endpoint, rows: Sequence[Row], cursor: Cursor) -> None:
		# what the mirror has is looked up as it is now, not as it was before the call to Xero
		commit_step()
		save_rows(endpoint, rows)
		stored = {
			"since": cursor.since.isoformat() if cursor.since else None,
			"reached": cursor.reached.isoformat() if cursor.reached else None,
			"page": cursor.page,
		}
		frappe.db.set_value(
			"Xero Organisation",
			self.organisation,
			self._column,
			json.dumps({**self._cursors(), endpoint.value: stored}),
			update_modified=False,
		)
		commit_step()

	def _cursors(self) -> dict[str, dict[str, Any]]:
		return json.loads(frappe.db.get_value("Xero Organisation", self.organisation, self._column) or "{}")


def save_contacts(contacts: Sequence[Contact]) -> None:
	rows = [(*contact[:-1], *_keys(contact), to_column(contact.updated_utc)) for contact in contacts]
	rows = _not_older("Xero Contact", rows)
	upsert("Xero Contact", _CONTACT_COLUMNS, rows)
	_rename_on_documents([row[0] for row in rows])


def _rename_on_documents(contacts: Sequence[str]) -> None:
	"""Documents carry their contact's name, which changes in Xero without a change of theirs."""
	if not contacts:
		return
	# read first: nearly always there is none, and then nothing is locked
	renamed = frappe.db.sql(
		"SELECT DISTINCT c.`name`, c.`contact_name` FROM `tabXero Contact` c"
		" JOIN `tabXero Invoice` d ON d.`contact` = c.`name`"
		" WHERE c.`name` IN %(contacts)s AND d.`contact_name` <> c.`contact_name`",
		{"contacts": list(contacts)},
	)
	for contact, name in renamed:
		frappe.db.set_value("Xero Invoice", {"contact": contact}, "contact_name", name, update_modified=False)


def _keys(contact: Contact) -> tuple[str, str, str]:
	"""What a record's contact is looked up by (core/matching.py); a key may be longer than its text ("&"
	becomes "and"), and is cut to its column."""
	phone = matching.phone_key(contact.phone) or matching.phone_key(contact.mobile)
	name, email = matching.name_key(contact.contact_name), matching.email_key(contact.email_address)
	return name[:_KEY_LENGTH], email[:_KEY_LENGTH], phone


def save_documents(documents: Sequence[Document]) -> None:
	"""Documents with their payments, which are replaced as a whole: a reversed payment disappears."""
	rows = [(*document[:-2], to_column(document.updated_utc)) for document in documents]
	rows = _not_older("Xero Invoice", rows)
	upsert("Xero Invoice", _DOCUMENT_COLUMNS, rows)
	saved = {row[0] for row in rows}
	_replace_payments([document for document in documents if document.document_id in saved])


def save_rows(endpoint: Endpoint, rows: Sequence[Row]) -> None:
	if endpoint is Endpoint.CONTACTS:
		save_contacts(rows)  # type: ignore[arg-type]
	else:
		save_documents(rows)  # type: ignore[arg-type]


def not_read_since(organisation: str, endpoint: Endpoint, moment: datetime) -> list[str]:
	"""Rows that Xero has not told of since then (aware)."""
	doctype, kinds = TABLES[endpoint]
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.organisation == organisation)
	if kinds:
		query = query.where(table.document_type.isin(kinds) & (table.status != _GONE[doctype]["status"]))
	else:
		query = query.where(table.status == "Active")
	before = moment.astimezone(site_zone()).replace(tzinfo=None)
	return [str(name) for (name,) in query.where(table.modified < before).orderby(table.name).run()]


def doubt(endpoint: Endpoint, ids: Sequence[str]) -> None:
	"""Whatever Xero tells of these rows next counts, however old they claim to be. Not committed."""
	if ids:
		doctype, _kinds = TABLES[endpoint]
		named = {"name": ["in", sorted(ids)]}
		frappe.db.set_value(doctype, named, "updated_utc", None, update_modified=False)


def mark_gone(endpoint: Endpoint, ids: Sequence[str]) -> None:
	"""What Xero does not know any more, though it hardly ever forgets: nobody owes it. Not committed."""
	if ids:
		doctype, _kinds = TABLES[endpoint]
		frappe.db.set_value(doctype, {"name": ["in", sorted(ids)]}, _GONE[doctype])


def save_accounts(organisation: str, accounts: Sequence[Account]) -> None:
	_save_list("Xero Account", ("name", *Account._fields[1:]), organisation, accounts)


def save_items(organisation: str, items: Sequence[Item]) -> None:
	_save_list("Xero Item", _ITEM_COLUMNS, organisation, _item_rows(items))


def keep_items(items: Sequence[Item]) -> None:
	"""Some items that have just been made or changed, beside those that the mirror has. Not committed."""
	upsert("Xero Item", _ITEM_COLUMNS, _item_rows(items))


def _item_rows(items: Sequence[Item]) -> list[Item]:
	return [
		item._replace(
			# a column of money knows no "none"
			unit_price=item.unit_price or ZERO,
			updated_utc=to_column(item.updated_utc) if item.updated_utc else None,
		)
		for item in items
	]


def save_tax_rates(organisation: str, rates: Sequence[TaxRate]) -> None:
	"""Tax types repeat between organisations, so the organisation is part of the name."""
	rows = [(f"{organisation}-{rate.tax_type}", *rate) for rate in rates]
	_save_list("Xero Tax Rate", ("name", *TaxRate._fields), organisation, rows)


def save_branding_themes(organisation: str, themes: Sequence[BrandingTheme]) -> None:
	_save_list("Xero Branding Theme", ("name", *BrandingTheme._fields[1:]), organisation, themes)


def _save_list(doctype: str, columns: Sequence[str], organisation: str, rows: Sequence[Any]) -> None:
	"""A settings list comes whole, so what is no longer in it goes."""
	upsert(doctype, columns, rows)
	gone = set(frappe.get_all(doctype, {"organisation": organisation}, pluck="name")) - {r[0] for r in rows}
	if gone:
		frappe.db.delete(doctype, {"name": ("in", list(gone))})
	commit_step()


def _not_older(doctype: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
	"""Without what is older than its row in the mirror, and each name once: the newest."""
	newest: dict[str, tuple[Any, ...]] = {}
	for row in rows:
		known = newest.get(row[0])
		if known is None or known[-1] <= row[-1]:
			newest[row[0]] = row
	if not newest:
		return []
	# As text: the query builder takes longer to write a thousand names than the database to find them. And
	# without a lock: locking names that are not there yet locks the gaps in which another worker inserts.
	stored = frappe.db.sql(
		f"SELECT `name`, `updated_utc` FROM `tab{doctype}` WHERE `name` IN %(names)s", {"names": list(newest)}
	)
	for name, updated in stored:
		if updated and frappe.utils.get_datetime(updated) > newest[name][-1]:
			del newest[name]
	return list(newest.values())


def _replace_payments(documents: Sequence[Document]) -> None:
	if not documents:
		return
	known = frappe.db.sql(
		"SELECT `name` FROM `tabXero Payment` WHERE `parent` IN %(parents)s AND `parenttype` = 'Xero Invoice'",
		{"parents": [document.document_id for document in documents]},
	)
	if known:
		# by name, which locks these rows alone and not the gaps between parents
		frappe.db.sql(
			"DELETE FROM `tabXero Payment` WHERE `name` IN %(names)s", {"names": [name for (name,) in known]}
		)
	insert_children(
		"Xero Payment",
		"Xero Invoice",
		"payments",
		_PAYMENT_COLUMNS,
		[
			(f"{document.document_id}-{number}", document.document_id, number, *payment)
			for document in documents
			for number, payment in enumerate(document.payments, 1)
		],
	)


def _moment(stored: str | None) -> datetime | None:
	return datetime.fromisoformat(stored) if stored else None
