"""The tab. Reads the mirror only: no function here calls Xero."""

from dataclasses import asdict
from datetime import date
from typing import Any

import frappe

from xero_connector import bootstrap, tasks
from xero_connector.api import guard
from xero_connector.api.answers import answers, sentence
from xero_connector.core import documents as rules
from xero_connector.core import money
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import access, contacts, documents, links, organisations
from xero_connector.site.documents import Filter, Scope
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import LinkedContact
from xero_connector.site.organisations import State
from xero_connector.xero import deep_links

_SETTINGS_PAGE = "/app/xero-settings"
_PAGE = 20


@frappe.whitelist()
@answers
def get(doctype: str, name: str) -> dict[str, Any]:
	"""Everything that the tab shows first, in one call."""
	record = guard.record(doctype, name, Right.SEE)
	view = _View(record)
	answer = {
		"state": view.state,
		"can": {
			"connect": bootstrap.may(Right.CONFIGURE),
			"link": bootstrap.may(Right.LINK) and access.may_write(doctype, name),
			"draft": bootstrap.may(Right.DRAFT) and access.may_write(doctype, name),
			"bills": view.bills,
		},
		"record": view.record_answer(),
		"today": view.today.isoformat() if view.organisation else None,
		"settings_url": _SETTINGS_PAGE,
		"organisation": view.organisation_answer(),
		"organisations": [{"name": state.name, "title": state.title} for state in view.organisations],
		"contacts": view.contacts_answer(),
		"overview": None,
		"counts": None,
		"list": None,
	}
	if view.state == "linked":
		scope = view.default_scope
		summary, sales = view.summary(scope)
		answer |= {
			"overview": _overview(summary, *sales, view.bills),
			"counts": view.counts(summary, scope),
			"list": view.list(Filter("invoice", "open"), scope, 0, _PAGE),
		}
	return answer


@frappe.whitelist()
@answers
def list_documents(
	doctype: str,
	name: str,
	kind: str = "invoice",
	view: str = "open",
	search: str | None = None,
	from_date: str | None = None,
	to_date: str | None = None,
	scope: str | None = None,
	start: int = 0,
	page_length: int = _PAGE,
) -> dict[str, Any]:
	"""One page of the list. `scope` is "record" (linked to this record) or "customer" (all of the customer's)."""
	record = guard.record(doctype, name, Right.SEE)
	if kind == "bill":
		guard.require(Right.SEE_BILLS)
	_one_of("kind", kind, rules.KINDS)
	_one_of("view", view, rules.VIEWS)
	shown = _View(record)
	scope = scope or shown.default_scope
	_one_of("scope", scope, shown.scopes)
	if not shown.organisation:
		raise NeedsPerson(Code.NOT_CONNECTED)
	wanted = Filter(
		kind, view, (search or "").strip() or None, _day("from_date", from_date), _day("to_date", to_date)
	)
	return shown.list(wanted, scope, max(start, 0), min(max(page_length, 1), documents.MAX_PAGE))


@frappe.whitelist(methods=["POST"])
@answers
def refresh(doctype: str, name: str) -> dict[str, Any]:
	"""Read what changed in Xero, as a job; the tab asks again until its "as of" has moved."""
	record = guard.record(doctype, name, Right.SEE)
	state = _View(record).organisation
	if not state or not state.connected:
		raise NeedsPerson(Code.NOT_CONNECTED)
	tasks.enqueue_read(state.name)
	return {"queued": True}


class _View:
	"""What one request knows of a record: its Xero contacts, their organisation, whose documents to show."""

	def __init__(self, record: Record) -> None:
		self.record = record
		self.organisations = organisations.every()
		found = links.contacts_of(record.parties)
		self.organisation = self._organisation(found)
		self.linked: list[LinkedContact] = [
			link for link in found if self.organisation and link.organisation == self.organisation.name
		]
		self.pinned = (
			tuple(links.documents_of(record.party, self.organisation.name)) if self.organisation else ()
		)
		self.bills = bootstrap.may(Right.SEE_BILLS)
		self.hosts = bootstrap.xero_hosts()

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

	def scope(self, name: str) -> Scope:
		assert self.organisation
		if name == "record":
			return Scope(self.organisation.name, documents=self.pinned)
		return Scope(self.organisation.name, contacts=tuple(link.contact for link in self.linked))

	def summary(self, scope: str) -> tuple[rules.Summary, tuple[dict[str, Any], Any]]:
		assert self.organisation
		mine, base = self.scope(scope), self.organisation.base_currency
		summary = rules.summarise(documents.groups(mine, self.today), base)
		return summary, rules.sales_of_year(documents.daily_sales(mine, base, self.today), self.today)

	def counts(self, summary: rules.Summary, scope: str) -> dict[str, dict[str, int]]:
		kinds = ["invoice", "bill"] if self.bills else ["invoice"]
		counts = {kind: dict(summary.counts[kind]) for kind in kinds}
		for kind in kinds:
			wanted = Filter(kind, "pinned", pinned=self.pinned)
			counts[kind]["pinned"] = documents.count(self.scope(scope), wanted, self.today)
		return counts

	def list(self, wanted: Filter, scope: str, start: int, page_length: int) -> dict[str, Any]:
		mine, wanted = self.scope(scope), Filter(**{**asdict(wanted), "pinned": self.pinned})
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
		overdue = row["status"] == "Authorised" and row["amount_due"] > 0 and row["due_date"]
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
			"overdue": bool(overdue and row["due_date"] < self.today),
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
			"problem": self._problem(state),
			"is_demo": state.is_demo,
		}

	def _problem(self, state: State) -> str | None:
		if state.status == "Reconnect":
			return sentence(Code.RECONNECT.value, {})
		if not state.connected:
			return sentence(Code.NOT_CONNECTED.value, {})
		return sentence(*state.problem) if state.problem else None

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
				"currency": other.currency,
				"count": other.count,
				"unpaid": money.text(other.unpaid, other.currency),
				"total": money.text(other.total, other.currency),
			}
			for other in summary.other_currencies.values()
		],
	}


def _one_of(field: str, value: str, allowed: Any) -> None:
	if value not in allowed:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=value)


def _day(field: str, value: str | None) -> date | None:
	try:
		return date.fromisoformat(value) if value else None
	except ValueError:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=str(value)) from None


def _iso(day: date | None) -> str | None:
	return day.isoformat() if day else None
