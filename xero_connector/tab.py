"""What the tab of a record shows: its Xero contacts, whose documents, what they add up to. Reads the mirror."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xero_connector import bootstrap, credit
from xero_connector.core import documents as rules
from xero_connector.core import money
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.figures import owed_answer, row_answer
from xero_connector.site import contacts, documents, hosts, links, organisations, own_documents, remarks
from xero_connector.site.database import site_zone
from xero_connector.site.documents import Filter, Scope
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import LinkedContact
from xero_connector.site.organisations import State
from xero_connector.xero import deep_links

PAGE_LENGTH = 20


class Tab:
	"""One request's view of a record, in one organisation. `bills` tells whether the person may see bills.

	`organisation` is the wanted one's name; without it, the one where the record has a Xero contact or a
	linked document, else the default one. Raises NeedsPerson(NOT_FOUND) for an unknown one.
	"""

	def __init__(self, record: Record, organisation: str | None = None, *, bills: bool) -> None:
		self.record = record
		self.bills = bills
		self.organisations = organisations.every()
		self._found = links.contacts_of(record.parties)
		self._pinned = links.documents_of(record.party)
		self.organisation = self._choose(organisation)
		name = self.organisation.name if self.organisation else ""
		self.linked: list[LinkedContact] = [link for link in self._found if link.organisation == name]
		self.pinned = tuple(self._pinned.get(name, ()))
		self._rows = {row["id"]: row for row in contacts.by_ids([link.contact for link in self.linked])}
		self._summaries: dict[str, rules.Summary] = {}
		self._groups: dict[str, list[rules.Group]] = {}
		self._counts: dict[str, dict[str, dict[str, int]]] = {}

	def _choose(self, wanted: str | None) -> State | None:
		known = {state.name: state for state in self.organisations}
		if wanted:
			if wanted not in known:
				raise NeedsPerson(Code.NOT_FOUND, what=wanted)
			return known[wanted]
		mine = [*(link.organisation for link in self._found), *self._pinned, *known]
		return next((known[name] for name in mine if name in known), None)

	@property
	def state(self) -> str:
		if not self.organisation:
			return "not_connected"
		return "linked" if self.linked or self.pinned else "no_contact"

	@property
	def today(self) -> date:
		assert self.organisation
		return self.organisation.today

	@property
	def scopes(self) -> list[str]:
		return ["record", "customer"] if self.record.kind.about_one_sale else ["customer"]

	@property
	def default_scope(self) -> str:
		return self.scopes[0]

	@property
	def default_view(self) -> str:
		"""Open (R36), but everything where the list holds only what is linked to one sale."""
		return "all" if self.record.kind.about_one_sale else "open"

	@property
	def version(self) -> str:
		"""Changes whenever a job brought news."""
		news = self.organisation.news if self.organisation else None
		return news.isoformat() if news else ""

	@property
	def as_of(self) -> datetime | None:
		"""How old the oldest of the figures may be: everything is read together, or these contacts alone."""
		assert self.organisation
		read = [self._rows[link.contact]["refreshed"] for link in self.linked if link.contact in self._rows]
		refreshed = min(read) if read and all(read) else None
		return max(filter(None, (self.organisation.last_sync, refreshed)), default=None)

	def scope(self, name: str) -> Scope:
		assert self.organisation
		if name == "record":
			return Scope(self.organisation.name, documents=self.pinned)
		return Scope(self.organisation.name, contacts=tuple(link.contact for link in self.linked))

	def everyone_involved(self) -> list[str]:
		"""The Xero contacts whose documents the tab can show: the record's, and those of what is pinned."""
		of_pinned = documents.contacts_of(self.pinned)
		return sorted({link.contact for link in self.linked} | set(of_pinned))

	def overview(self, scope: str) -> dict[str, Any]:
		assert self.organisation
		sales = documents.daily_sales(self.scope(scope), self.organisation.base_currency, self.today)
		totals = _overview(self._summary(scope), *rules.sales_of_year(sales, self.today), self.bills)
		return {**totals, "sale": self._sale() if scope == "record" else None}

	def _sale(self) -> dict[str, Any] | None:
		"""How much of the deal is invoiced (B16): what is linked to it, against its value, both without tax."""
		assert self.organisation
		source = self.record.source
		if not source or not source.amount or self.record.kind.own_document:
			return None
		currency = source.currency or self.organisation.base_currency
		sale = rules.invoiced(self._grouped("record"), currency)
		return {
			"value": money.text(source.amount, currency),
			"currency": currency,
			"invoiced": money.text(sale.invoiced, currency),
			"drafted": money.text(sale.drafted, currency),
			"left": money.text(source.amount - sale.invoiced - sale.drafted, currency),
			"others": sale.others,
		}

	def credit(self) -> dict[str, Any] | None:
		"""How the record's customer stands; None where no Xero contact says who that is."""
		if not self.organisation or not self.linked:
			return None
		contacts = [link.contact for link in self.linked]
		return credit.answer(self.record, self.organisation, contacts, self._unbilled())

	def _unbilled(self) -> Decimal | None:
		"""What of a sale that is not lost comes on top of what the customer owes, in base currency."""
		sale = self._sale()
		assert self.organisation
		is_lost = self.record.kind.sale and not self.record.is_live
		if not sale or is_lost or sale["currency"] != self.organisation.base_currency:
			return None
		return Decimal(sale["value"]) - Decimal(sale["invoiced"])

	def counts(self, scope: str) -> dict[str, dict[str, int]]:
		"""The number of rows of every view, of each kind that the person may see."""
		if scope not in self._counts:
			pinned = documents.count_by_kind(self.scope(scope), self.pinned)
			counts = self._summary(scope).counts
			kinds = ["invoice", "bill"] if self.bills else ["invoice"]
			self._counts[scope] = {kind: {**counts[kind], "pinned": pinned[kind]} for kind in kinds}
		return self._counts[scope]

	def _summary(self, scope: str) -> rules.Summary:
		assert self.organisation
		if scope not in self._summaries:
			self._summaries[scope] = rules.summarise(self._grouped(scope), self.organisation.base_currency)
		return self._summaries[scope]

	def _grouped(self, scope: str) -> list[rules.Group]:
		if scope not in self._groups:
			self._groups[scope] = documents.groups(self.scope(scope), self.today)
		return self._groups[scope]

	def page(self, wanted: Filter, scope: str, start: int, page_length: int) -> dict[str, Any]:
		"""One page of the list; `wanted` is completed with what is pinned."""
		mine, wanted = self.scope(scope), replace(wanted, pinned=self.pinned)
		whole_view = self.counts(scope)[wanted.kind][wanted.view]
		return {
			"kind": wanted.kind,
			"view": wanted.view,
			"scope": scope,
			"start": start,
			"page_length": page_length,
			"total": documents.count(mine, wanted, self.today) if wanted.narrowed else whole_view,
			"rows": self.rows(documents.rows(mine, wanted, self.today, start, page_length)),
		}

	def rows(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
		assert self.organisation
		xero = bootstrap.xero_hosts()
		noted = remarks.of_documents([row["name"] for row in found])
		return [
			{
				**row_answer(row, self.organisation, xero),
				"pinned": row["name"] in self.pinned,
				"remarks": [credit.remark_answer(each, self.today) for each in noted.get(row["name"], ())],
			}
			for row in found
		]

	def record_answer(self) -> dict[str, Any]:
		return {
			"doctype": self.record.kind.doctype,
			"name": self.record.party.name,
			"title": self.record.title,
			"search": self.record.customer.name,
			"view": self.default_view,
			"scope": self.default_scope,
			"scopes": self.scopes,
			"can_draft": self.record.kind.source is not None,
			"is_live": self.record.is_live,
			"is_document": self.record.kind.own_document,
			"sales": self._sales(),
			"own_document": self._own_document(),
		}

	def _sales(self) -> list[dict[str, str]]:
		"""The open and won sales of a person or company."""
		titles = hosts.titles_of(self.record.sales)
		return [{**sale._asdict(), "title": titles[sale]} for sale in self.record.sales if sale in titles]

	def _own_document(self) -> dict[str, Any] | None:
		"""What Xero says of a record that is itself an invoice."""
		if not self.record.kind.own_document:
			return None
		own = own_documents.of(self.record.party.name, bootstrap.document_address)
		if not own:
			return None
		return {
			"state": own.state,
			"outstanding": money.text(own.outstanding, self.record.document.currency),
			"currency": self.record.document.currency,
			"sent_on": own.sent_on.replace(tzinfo=site_zone()).isoformat() if own.sent_on else None,
			"number": own.number,
			"url": own.url,
			"cancelled_here": self.record.document.docstatus == 2,
		}

	def organisation_answer(self, state: State) -> dict[str, Any]:
		as_of = self.as_of
		return {
			"name": state.name,
			"title": state.title,
			"base_currency": state.base_currency,
			"as_of": as_of.isoformat() if as_of else None,
			"needs_reconnect": not state.connected,
			"is_demo": state.is_demo,
			"reading": state.reading,
		}

	def organisations_answer(self) -> list[dict[str, Any]]:
		mine = {link.organisation for link in self._found} | set(self._pinned)
		return [
			{
				"name": state.name,
				"title": state.title,
				"linked": state.name in mine,
				"connected": state.connected,
			}
			for state in self.organisations
		]

	def contacts_answer(self) -> list[dict[str, Any]]:
		return [
			self._contact(link, self._rows[link.contact])
			for link in self.linked
			if link.contact in self._rows
		]

	def _contact(self, link: LinkedContact, row: dict[str, Any]) -> dict[str, Any]:
		assert self.organisation
		own = link.through == self.record.party
		url = deep_links.contact_url(bootstrap.xero_hosts(), self.organisation.short_code, link.contact)
		shown = {name: value for name, value in row.items() if name != "refreshed"}
		return {**shown, "url": url, "inherited_from": None if own else link.through._asdict()}


def _overview(summary: rules.Summary, months: dict[str, Any], value: Any, bills: bool) -> dict[str, Any]:
	def text(amount: Any) -> str:
		return money.text(amount, summary.currency)

	return {
		**owed_answer(summary, bills),
		"paid": text(summary.paid),
		"lifetime": text(summary.lifetime),
		"last_12_months": text(value),
		"months": [{"month": month, "amount": text(amount)} for month, amount in months.items()],
	}
