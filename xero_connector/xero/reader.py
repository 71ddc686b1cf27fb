"""Reading an organisation: the lists that the mirror keeps, a page a call, and the small settings lists whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import (
	Account,
	BrandingTheme,
	Contact,
	Document,
	DocumentType,
	Endpoint,
	Item,
	Organisation,
	TaxRate,
)
from xero_connector.core.sync import Cursor, Page, Row
from xero_connector.xero import rows, wire
from xero_connector.xero.client import Client

PAGE_SIZE = 1000
"""The largest that Xero gives (its default is 100): calls a day are scarce."""

SEARCH_SIZE = 20
"""Contacts that a search gives: who finds more types more letters."""

IDS_A_CALL = 40
"""More make an address that Xero refuses (XeroAPI/Xero-OpenAPI#534)."""

UNIT_DECIMALS = 4
"""Without it Xero rounds unit amounts to 2 decimals, in answers and in what it stores."""

# What changes while we read moves to the end of the list and is met again.
_ORDER = "UpdatedDateUTC ASC"


class Reader:
	"""`organisation` is the name of the mirror's row that everything read belongs to.

	Everything here raises as `failures` tells, and WillRetry(UNREADABLE) for an answer that is no JSON.
	"""

	def __init__(self, client: Client, organisation: str, page_size: int = PAGE_SIZE) -> None:
		self._client = client
		self._organisation = organisation
		self._page_size = page_size

	def page(self, endpoint: Endpoint, since: datetime | None, page: int) -> Page:
		"""Rows that changed at or after `since` (aware; None: all), oldest change first; `page` from 1.

		Archived contacts and deleted documents come with them.
		"""
		asked: dict[str, Any] = {"page": page, "page_size": self._page_size, "order": _ORDER}
		if since:
			asked["if_modified_since"] = _seconds(since)
		found, pagination = _LISTS[endpoint](self, asked)
		if pagination is None or pagination.page_count is None or pagination.item_count is None:
			return Page(
				found, page + (len(found) == self._page_size), (page - 1) * self._page_size + len(found)
			)
		return Page(found, pagination.page_count, pagination.item_count)

	def changes(self, endpoint: Endpoint, since: datetime | None) -> Iterator[Row]:
		"""Rows that changed since (None: all), and some from before: the clocks of Xero and ours differ. By time and
		not by page numbers, so that none is skipped (core/sync.py); one can come twice."""
		for page in self.pages(endpoint, since):
			yield from page

	def pages(self, endpoint: Endpoint, since: datetime | None) -> Iterator[Sequence[Row]]:
		"""The same, a call at a time."""
		cursor = Cursor(since)
		while True:
			page = self.page(endpoint, cursor.window, cursor.page)
			yield page.rows
			if cursor.page >= page.page_count:
				return
			cursor = cursor.after(page)

	def documents_of(
		self, endpoint: Endpoint, contacts: Sequence[str], since: datetime | None
	) -> list[Document]:
		"""Invoices or credit notes of these contacts that changed at or after `since`: one call for each
		thousand, so nearly always one."""
		found: list[Document] = []
		for page in itertools.count(1):
			asked: dict[str, Any] = {"page": page, "page_size": self._page_size, "order": _ORDER}
			if since:
				asked["if_modified_since"] = _seconds(since)
			# only invoices have a parameter for it
			if endpoint is Endpoint.INVOICES:
				asked["contact_i_ds"] = list(contacts)
			else:
				asked["where"] = " OR ".join(f'Contact.ContactID==guid("{each}")' for each in contacts)
			rows, _pagination = _LISTS[endpoint](self, asked)
			found += rows  # type: ignore[arg-type]
			if len(rows) < self._page_size:
				break
		return found

	def by_ids(self, endpoint: Endpoint, ids: Sequence[str]) -> list[Row]:
		"""These rows, archived and deleted ones too; those that Xero does not know are not among them. A call for
		each IDS_A_CALL."""
		found: list[Row] = []
		for start in range(0, len(ids), IDS_A_CALL):
			chunk = list(ids[start : start + IDS_A_CALL])
			asked: dict[str, Any] = {"page": 1, "page_size": IDS_A_CALL}
			# credit notes have no parameter for it
			if endpoint is Endpoint.CREDIT_NOTES:
				asked["where"] = " OR ".join(f'CreditNoteID==guid("{each}")' for each in chunk)
			else:
				asked["i_ds"] = chunk
			rows, _pagination = _LISTS[endpoint](self, asked)
			found += rows
		return found

	def count(self, endpoint: Endpoint) -> int:
		"""How many rows of a list Xero has that are not deleted, in one call."""
		alive = _ALIVE.get(endpoint, {})
		_rows, pagination = _LISTS[endpoint](self, {"page": 1, "page_size": 1, **alive})
		return (pagination.item_count or 0) if pagination else 0

	def search_contacts(self, text: str) -> list[Contact]:
		"""Active contacts with `text` in name, person, number or e-mail address: SEARCH_SIZE at most."""
		body = self._client.get("get_contacts", search_term=text, page=1, page_size=SEARCH_SIZE)
		found = wire.decode(wire.Contacts, body).contacts or ()
		return [rows.contact(each, self._organisation) for each in found]

	def pdf(self, document_type: str, document_id: str) -> bytes:
		"""A sales invoice or sales credit note as Xero prints it."""
		operation, parameter = _PDF[document_type]
		return self._client.get(operation, **{parameter: document_id})

	def online_invoice(self, invoice_id: str) -> str:
		"""The address of the page where the customer sees an approved invoice."""
		reply = wire.decode(
			wire.OnlineInvoices, self._client.get("get_online_invoice", invoice_id=invoice_id)
		)
		address = next(
			(each.online_invoice_url for each in reply.online_invoices or () if each.online_invoice_url), None
		)
		if not address:
			raise NeedsPerson(Code.NOT_FOUND, what=invoice_id)
		return address

	def _contacts(self, asked: dict[str, Any]) -> tuple[list[Row], wire.Pagination | None]:
		body = self._client.get("get_contacts", include_archived=True, **asked)
		reply = wire.decode(wire.Contacts, body)
		return [rows.contact(each, self._organisation) for each in reply.contacts or ()], reply.pagination

	def _invoices(self, asked: dict[str, Any]) -> tuple[list[Row], wire.Pagination | None]:
		body = self._client.get("get_invoices", unitdp=UNIT_DECIMALS, **asked)
		reply = wire.decode(wire.Invoices, body)
		invoices = reply.invoices or ()
		return [rows.document_from_invoice(each, self._organisation) for each in invoices], reply.pagination

	def _credit_notes(self, asked: dict[str, Any]) -> tuple[list[Row], wire.Pagination | None]:
		body = self._client.get("get_credit_notes", unitdp=UNIT_DECIMALS, **asked)
		reply = wire.decode(wire.CreditNotes, body)
		notes = reply.credit_notes or ()
		return [rows.document_from_credit_note(each, self._organisation) for each in notes], reply.pagination

	def organisation(self) -> Organisation:
		reply = wire.decode(wire.Organisations, self._client.get("get_organisations"))
		if not reply.organisations:
			raise NeedsPerson(Code.NOT_FOUND, organisation=self._organisation)
		return rows.organisation(reply.organisations[0], self._organisation)

	def accounts(self) -> list[Account]:
		reply = wire.decode(wire.Accounts, self._client.get("get_accounts"))
		return [rows.account(each, self._organisation) for each in reply.accounts or ()]

	def tax_rates(self) -> list[TaxRate]:
		reply = wire.decode(wire.TaxRates, self._client.get("get_tax_rates"))
		return [rows.tax_rate(each, self._organisation) for each in reply.tax_rates or ()]

	def items(self) -> list[Item]:
		reply = wire.decode(wire.Items, self._client.get("get_items", unitdp=UNIT_DECIMALS))
		return [rows.item(each, self._organisation) for each in reply.items or ()]

	def branding_themes(self) -> list[BrandingTheme]:
		reply = wire.decode(wire.BrandingThemes, self._client.get("get_branding_themes"))
		return [rows.branding_theme(each, self._organisation) for each in reply.branding_themes or ()]

	def currencies(self) -> list[str]:
		"""The codes of those that documents may be in."""
		reply = wire.decode(wire.Currencies, self._client.get("get_currencies"))
		return [each.code for each in reply.currencies or () if each.code]


def _seconds(since: datetime) -> str:
	"""A header of whole seconds in UTC; Xero ignores it as a parameter, and an offset in it."""
	return since.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


_PDF = {
	DocumentType.INVOICE.value: ("get_invoice_as_pdf", "invoice_id"),
	DocumentType.CREDIT_NOTE.value: ("get_credit_note_as_pdf", "credit_note_id"),
}

_ALIVE: dict[Endpoint, dict[str, Any]] = {
	Endpoint.INVOICES: {"statuses": ["DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED"]},
	# credit notes have no parameter for it
	Endpoint.CREDIT_NOTES: {"where": 'Status!="DELETED"'},
}

_LISTS = {
	Endpoint.CONTACTS: Reader._contacts,
	Endpoint.INVOICES: Reader._invoices,
	Endpoint.CREDIT_NOTES: Reader._credit_notes,
}
