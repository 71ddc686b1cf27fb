"""What the page /xero shows: how an organisation stands, and which records of one's own have money overdue.

Reads the mirror, with a number of queries that does not depend on what is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from xero_connector import bootstrap
from xero_connector.core import documents as rules
from xero_connector.core import money
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.figures import owed_answer, row_answer
from xero_connector.site import contacts, documents, links, organisations, receivables
from xero_connector.site.documents import Filter, Scope
from xero_connector.site.hosts.record import Record
from xero_connector.site.organisations import State
from xero_connector.site.readable import Readable
from xero_connector.site.search import tied_contacts
from xero_connector.xero import deep_links

PAGE_LENGTH = 10
_MOST_RECORDS = 20
_MOST_CUSTOMERS = 10
_MOST_DOCUMENTS = 20
_OVERDUE = Filter("invoice", "overdue")


class _Owed(NamedTuple):
	contact: str
	currency: str
	count: int
	amount: Decimal


@dataclass
class _Sum:
	"""What one record's Xero contacts owe in one currency."""

	record: Record
	currency: str
	count: int = 0
	amount: Decimal = money.ZERO


class Home:
	"""One request's view of an organisation (by name; the default one without) for the session's user.

	Who may see the `books` sees everybody's documents; others those of the Xero contacts of records that are
	theirs. `bills` tells whether the person may see bills. Raises NeedsPerson(NOT_FOUND).
	"""

	def __init__(self, organisation: str | None = None, *, books: bool, bills: bool) -> None:
		self.books = books
		self.bills = bills
		self.readable = Readable()
		self.organisations = organisations.every()
		self.organisation = self._choose(organisation)

	def _choose(self, wanted: str | None) -> State | None:
		if not wanted:
			return next(iter(self.organisations), None)
		for state in self.organisations:
			if state.name == wanted:
				return state
		raise NeedsPerson(Code.NOT_FOUND, what=wanted)

	@property
	def state(self) -> State:
		"""Of the organisation that is shown; only where there is one."""
		assert self.organisation
		return self.organisation

	@property
	def today(self) -> date:
		return self.state.today

	def organisation_answer(self) -> dict[str, Any]:
		state = self.state
		return {
			"name": state.name,
			"title": state.title,
			"base_currency": state.base_currency,
			"as_of": state.last_sync.isoformat() if state.last_sync else None,
			"needs_reconnect": not state.connected,
			"is_demo": state.is_demo,
			"reading": state.reading,
		}

	def receivables(self) -> dict[str, Any]:
		"""What everybody owes, in base currency. This week is today and the six days after it."""
		summary = receivables.summary(self.state)
		count, amount = receivables.due_this_week(self.state)
		return {
			**owed_answer(summary, self.bills),
			"drafts": summary.counts["invoice"]["drafts"],
			"due_this_week": {
				"count": count,
				"amount": money.text(amount, summary.currency),
				"until": (self.today + receivables.WEEK).isoformat(),
			},
		}

	def overdue(self, start: int = 0, page_length: int = PAGE_LENGTH) -> dict[str, Any]:
		"""Overdue invoices, longest due first; each with the record to open for its customer."""
		scope = Scope(self.state.name) if self.books else self._scope_of_mine
		rows = documents.rows(scope, _OVERDUE, self.today, start, page_length, longest_due=True)
		records = self._records_of(row["contact"] for row in rows)
		if self.books:
			total = documents.count(scope, _OVERDUE, self.today)
		else:
			records = {**self._of_mine, **records}
			total = sum(part.count for parts in self._owed_to_mine.values() for part in parts)
		return {"rows": [self._row(row, records) for row in rows], "total": total}

	def _row(self, row: dict[str, Any], records: dict[str, Record]) -> dict[str, Any]:
		shown = row_answer(row, self.state, bootstrap.xero_hosts())
		return {**shown, "record": _found(records, row["contact"])}

	def mine(self) -> list[dict[str, Any]]:
		"""Records of the session's user with overdue money, the most first; one entry for each currency, the
		base currency's before the others, for amounts of different currencies do not compare."""
		base = self.state.base_currency
		most_first = sorted(self._overdue_of_mine(), key=lambda each: (each.currency != base, -each.amount))
		return [
			{
				**record_answer(each.record),
				"overdue": money.text(each.amount, each.currency),
				"currency": each.currency,
				"count": each.count,
			}
			for each in most_first[:_MOST_RECORDS]
		]

	def _overdue_of_mine(self) -> list[_Sum]:
		sums: dict[tuple[Record, str], _Sum] = {}
		for record, contact in self._mine:
			for part in self._owed_to_mine.get(contact, ()):
				total = sums.setdefault((record, part.currency), _Sum(record, part.currency))
				total.count += part.count
				total.amount += part.amount
		return list(sums.values())

	@cached_property
	def _owed_to_mine(self) -> dict[str, list[_Owed]]:
		"""By Xero contact of the user's records, what is overdue in each currency."""
		owed: dict[str, list[_Owed]] = {}
		for row in documents.balances(self._scope_of_mine, _OVERDUE, self.today, _Owed._fields[:2]):
			owed.setdefault(row[0], []).append(_Owed(*row))
		return owed

	def search(self, text: str) -> dict[str, Any]:
		"""Xero contacts by name or e-mail, and documents by the beginning of number or reference, newest first."""
		name, kinds = self.state.name, tuple(rules.KINDS) if self.bills else ("invoice",)
		seen = None if self.books else self._records_of(tied_contacts(name, text, kinds))
		customers = contacts.search(name, text, _MOST_CUSTOMERS, among=seen)
		scope = Scope(name, contacts=None if seen is None else tuple(seen))
		found = [row for kind in kinds for row in self._numbered(scope, kind, text)]
		newest = sorted(found, key=lambda row: row["date"] or date.min, reverse=True)[:_MOST_DOCUMENTS]
		if seen is None:
			seen = self._records_of([*(row["id"] for row in customers), *(row["contact"] for row in newest)])
		return {
			"customers": [self._customer(row, seen) for row in customers],
			"documents": [self._row(row, seen) for row in newest],
		}

	def _numbered(self, scope: Scope, kind: str, text: str) -> list[dict[str, Any]]:
		wanted = Filter(kind, "all", text, begins=True)
		return documents.rows(scope, wanted, self.today, 0, _MOST_DOCUMENTS)

	def _customer(self, row: dict[str, Any], records: dict[str, Record]) -> dict[str, Any]:
		contact = row["id"]
		return {
			"id": contact,
			"name": row["name"],
			"email": row["email"],
			"url": deep_links.contact_url(bootstrap.xero_hosts(), self.state.short_code, contact),
			"record": _found(records, contact),
		}

	def _records_of(self, xero_contacts: Iterable[str | None]) -> dict[str, Record]:
		"""By Xero contact, the first record tied to it that the session's user may read."""
		tied = links.records_of(sorted({contact for contact in xero_contacts if contact}))
		readable = self.readable.among(party for parties in tied.values() for party in parties)
		found = {
			contact: next((readable[party] for party in parties if party in readable), None)
			for contact, parties in tied.items()
		}
		return {contact: record for contact, record in found.items() if record}

	@cached_property
	def _mine(self) -> list[tuple[Record, str]]:
		"""The records of the session's user with each of their Xero contacts in this organisation, own ones or
		those of the records that they belong to."""
		records = self.readable.mine()
		linked = links.contacts_of_each([record.parties for record in records])
		return [
			(record, link.contact)
			for record, found in zip(records, linked, strict=True)
			for link in found
			if link.organisation == self.state.name
		]

	@property
	def _scope_of_mine(self) -> Scope:
		return Scope(self.state.name, contacts=tuple(sorted(self._of_mine)))

	@cached_property
	def _of_mine(self) -> dict[str, Record]:
		"""By Xero contact, the record of one's own that stands for it."""
		found: dict[str, Record] = {}
		for record, contact in self._mine:
			found.setdefault(contact, record)
		return found


def record_answer(record: Record) -> dict[str, str]:
	return {"doctype": record.kind.doctype, "name": record.party.name, "title": record.title}


def _found(records: dict[str, Record], contact: str) -> dict[str, str] | None:
	return record_answer(records[contact]) if contact in records else None
