"""What the tab of a record shows: its Xero contacts, whose documents, what they add up to. Reads the mirror."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from xero_connector import bootstrap
from xero_connector.core import documents as rules
from xero_connector.core import money
from xero_connector.site import contacts, documents, links, organisations
from xero_connector.site.documents import Filter, Scope
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import LinkedContact
from xero_connector.site.organisations import State
from xero_connector.xero import deep_links

PAGE_LENGTH = 20


class Tab:
	"""One request's view of a record. `bills` tells whether the person may see bills."""

	def __init__(self, record: Record, *, bills: bool) -> None:
		self.record = record
		self.bills = bills
		self.organisations = organisations.every()
		found = links.contacts_of(record.parties)
		self.organisation = self._organisation(found)
		self.linked: list[LinkedContact] = [
			link for link in found if self.organisation and link.organisation == self.organisation.name
		]
		self.pinned = (
			tuple(links.documents_of(record.party, self.organisation.name)) if self.organisation else ()
		)
		self.hosts = bootstrap.xero_hosts()
		self._summaries: dict[str, rules.Summary] = {}

	def _organisation(self, found: list[LinkedContact]) -> State | None:
		"""That of the first linked contact; else the default one."""
		known = {state.name: state for state in self.organisations}
		if found:
			return known.get(found[0].organisation)
		return self.organisations[0] if self.organisations else None

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

	def scope(self, name: str) -> Scope:
		assert self.organisation
		if name == "record":
			return Scope(self.organisation.name, documents=self.pinned)
		return Scope(self.organisation.name, contacts=tuple(link.contact for link in self.linked))

	def overview(self, scope: str) -> dict[str, Any]:
		assert self.organisation
		sales = documents.daily_sales(self.scope(scope), self.organisation.base_currency, self.today)
		return _overview(self._summary(scope), *rules.sales_of_year(sales, self.today), self.bills)

	def counts(self, scope: str) -> dict[str, dict[str, int]]:
		"""The number of rows of every view, of each kind that the person may see."""
		kinds = ["invoice", "bill"] if self.bills else ["invoice"]
		counts = {kind: dict(self._summary(scope).counts[kind]) for kind in kinds}
		for kind in kinds:
			wanted = Filter(kind, "pinned", pinned=self.pinned)
			counts[kind]["pinned"] = documents.count(self.scope(scope), wanted, self.today)
		return counts

	def _summary(self, scope: str) -> rules.Summary:
		assert self.organisation
		if scope not in self._summaries:
			groups = documents.groups(self.scope(scope), self.today)
			self._summaries[scope] = rules.summarise(groups, self.organisation.base_currency)
		return self._summaries[scope]

	def page(self, wanted: Filter, scope: str, start: int, page_length: int) -> dict[str, Any]:
		"""One page of the list; `wanted` is completed with what is pinned."""
		mine, wanted = self.scope(scope), replace(wanted, pinned=self.pinned)
		return {
			"kind": wanted.kind,
			"view": wanted.view,
			"scope": scope,
			"start": start,
			"page_length": page_length,
			"total": documents.count(mine, wanted, self.today),
			"rows": [self._row(row) for row in documents.rows(mine, wanted, self.today, start, page_length)],
		}

	def _row(self, row: dict[str, Any]) -> dict[str, Any]:
		assert self.organisation
		currency = row["currency"]
		return {
			"id": row["name"],
			"number": row["number"],
			"reference": row["reference"],
			"type": row["document_type"],
			"date": _iso(row["date"]),
			"due_date": _iso(row["due_date"]),
			"status": row["status"],
			"currency": currency,
			"total": money.text(row["total"], currency),
			"amount_due": money.text(row["amount_due"], currency),
			"contact_name": row["contact_name"],
			"url": deep_links.document_url(
				self.hosts,
				self.organisation.short_code,
				row["document_type"],
				row["status"],
				row["name"],
			),
			"pinned": row["name"] in self.pinned,
			"overdue": rules.is_overdue(
				row["document_type"], row["status"], row["amount_due"], row["due_date"], self.today
			),
			"payments": [
				{**paid, "date": _iso(paid["date"]), "amount": money.text(paid["amount"], currency)}
				for paid in row["payments"]
			],
		}

	def record_answer(self) -> dict[str, Any]:
		return {
			"doctype": self.record.kind.doctype,
			"name": self.record.party.name,
			"title": self.record.title,
			"search": self.record.customer.name,
			"view": self.default_view,
			"scope": self.default_scope,
			"scopes": self.scopes,
			"can_draft": self.record.kind.amount is not None,
		}

	def organisation_answer(self) -> dict[str, Any] | None:
		state = self.organisation
		if not state:
			return None
		return {
			"name": state.name,
			"title": state.title,
			"base_currency": state.base_currency,
			"as_of": state.last_sync.isoformat() if state.last_sync else None,
			"needs_reconnect": not state.connected,
			"is_demo": state.is_demo,
		}

	def contacts_answer(self) -> list[dict[str, Any]]:
		assert self.organisation or not self.linked
		rows = {row["id"]: row for row in contacts.by_ids([link.contact for link in self.linked])}
		return [self._contact(link, rows[link.contact]) for link in self.linked if link.contact in rows]

	def _contact(self, link: LinkedContact, row: dict[str, Any]) -> dict[str, Any]:
		assert self.organisation
		own = link.through == self.record.party
		return {
			**row,
			"url": deep_links.contact_url(self.hosts, self.organisation.short_code, link.contact),
			"inherited_from": None if own else link.through._asdict(),
		}


def _overview(summary: rules.Summary, months: dict[str, Any], value: Any, bills: bool) -> dict[str, Any]:
	def text(amount: Any) -> str:
		return money.text(amount, summary.currency)

	return {
		"currency": summary.currency,
		"unpaid": text(summary.unpaid),
		"awaiting_approval": text(summary.awaiting_approval),
		"paid": text(summary.paid),
		"overdue": text(summary.overdue),
		"bills_unpaid": text(summary.bills_unpaid) if bills else None,
		"lifetime": text(summary.lifetime),
		"last_12_months": text(value),
		"ageing": [{"bucket": bucket, "amount": text(amount)} for bucket, amount in summary.ageing.items()],
		"months": [{"month": month, "amount": text(amount)} for month, amount in months.items()],
		"other_currencies": [
			{
				"kind": other.kind,
				"currency": other.currency,
				"count": other.count,
				"unpaid": money.text(other.unpaid, other.currency),
				"total": money.text(other.total, other.currency),
			}
			for other in summary.other_currencies.values()
			if bills or other.kind == "invoice"
		],
	}


def _iso(day: date | None) -> str | None:
	return day.isoformat() if day else None
