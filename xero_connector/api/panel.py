"""The tab. Reads the mirror only: no function here calls Xero."""

from typing import Any

import frappe

from xero_connector import __version__, bootstrap, tasks
from xero_connector.api import guard
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.api.input import day, one_of
from xero_connector.core import documents as rules
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import access, documents, organisations, settings
from xero_connector.site.documents import Filter
from xero_connector.site.hosts.record import Record
from xero_connector.site.organisations import State
from xero_connector.tab import PAGE_LENGTH, Tab

_SETTINGS_PAGE = "/app/xero-settings"


@frappe.whitelist()
@entry(None)
def places() -> dict[str, Any]:
	"""What this user is shown of Xero, and where: what a host asks before it draws."""
	stored = settings.load()
	return {
		"see": access.may(Right.SEE),
		"main_tab": stored.crm_main_tab,
		"version": __version__,
		"draft": access.may(Right.DRAFT),
		"send": access.may(Right.SEND),
		"books": access.may(Right.SEE_BOOKS),
		"configure": access.may(Right.CONFIGURE),
		"connected": stored.enabled and any(state.connected for state in organisations.every()),
		"settings_url": _SETTINGS_PAGE,
	}


@frappe.whitelist()
@entry(Right.SEE, record="read")
def get(record: Record, organisation: str | None = None) -> dict[str, Any]:
	"""Everything that the tab shows first, in one call.

	`organisation` is the one to show of a record that has several; their figures never mix (B11).
	"""
	tab = _tab(record, organisation)
	may_link, may_draft = access.may(Right.LINK), access.may(Right.DRAFT)
	# Frappe's answer costs some queries, so it is asked for only where it matters
	may_change = (may_link or may_draft) and access.may_write(record.document)
	answer = {
		"state": tab.state,
		"can": {
			"connect": access.may(Right.CONFIGURE),
			"link": may_change and may_link,
			"draft": may_change and may_draft,
			"send": may_change and access.may(Right.SEND),
			"bills": tab.bills,
			"books": access.may(Right.SEE_BOOKS),
		},
		"record": tab.record_answer(),
		"today": tab.today.isoformat() if tab.organisation else None,
		"settings_url": _SETTINGS_PAGE,
		"organisation": _organisation(tab),
		"organisations": tab.organisations_answer(),
		"contacts": tab.contacts_answer(),
		"overview": None,
		"credit": tab.credit(),
		"counts": None,
		"list": None,
		"version": tab.version,
	}
	if tab.state == "linked":
		first = Filter("invoice", tab.default_view)
		answer |= {
			"overview": tab.overview(tab.default_scope),
			"counts": tab.counts(tab.default_scope),
			"list": tab.page(first, tab.default_scope, 0, PAGE_LENGTH),
		}
	return answer


@frappe.whitelist()
@entry(Right.SEE, record="read")
def list_documents(
	record: Record,
	kind: str = "invoice",
	view: str = "open",
	search: str | None = None,
	from_date: str | None = None,
	to_date: str | None = None,
	scope: str | None = None,
	start: int = 0,
	page_length: int = PAGE_LENGTH,
	organisation: str | None = None,
	overview: bool = False,
) -> dict[str, Any]:
	"""One page of the list. `scope` is "record" (linked to this record) or "customer" (all of the customer's).

	With `overview` it comes with the totals of that scope, for whoever changes from one to the other.
	"""
	if kind == "bill":
		guard.require(Right.SEE_BILLS)
	one_of("kind", kind, rules.KINDS)
	one_of("view", view, rules.VIEWS)
	tab = _tab(record, organisation)
	scope = scope or tab.default_scope
	one_of("scope", scope, tab.scopes)
	if not tab.organisation:
		raise NeedsPerson(Code.NOT_CONNECTED)
	wanted = Filter(
		kind, view, (search or "").strip() or None, day("from_date", from_date), day("to_date", to_date)
	)
	page = tab.page(wanted, scope, max(start, 0), min(max(page_length, 1), documents.MAX_PAGE))
	totals = {"overview": tab.overview(scope)} if overview else {}
	return {**page, **totals, "counts": tab.counts(scope)[kind]}


@frappe.whitelist()
@entry(Right.SEE, record="read")
def version(record: Record, organisation: str | None = None) -> dict[str, Any]:
	"""A cheap look at whether the tab would show something else now: its `version` has changed then."""
	tab = _tab(record, organisation)
	shown = _organisation(tab) or {}
	return {
		"version": tab.version,
		"as_of": shown.get("as_of"),
		"problem": shown.get("problem"),
		"reading": shown.get("reading", False),
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE, record="read")
def refresh(record: Record, organisation: str | None = None) -> dict[str, Any]:
	"""Read what changed in Xero of this record's documents, as a job; `version` tells when it is there."""
	tab = _tab(record, organisation)
	if not tab.organisation:
		raise NeedsPerson(Code.NOT_CONNECTED)
	bootstrap.check_open(tab.organisation)
	tasks.enqueue_refresh(tab.organisation.name, tab.everyone_involved())
	return {"queued": True}


def _tab(record: Record, organisation: str | None) -> Tab:
	return Tab(record, organisation, bills=access.may(Right.SEE_BILLS))


def _organisation(tab: Tab) -> dict[str, Any] | None:
	if not tab.organisation:
		return None
	return {**tab.organisation_answer(tab.organisation), "problem": problem(tab.organisation)}


def problem(state: State) -> str | None:
	"""What keeps the mirror from being up to date, as a sentence."""
	obstacle = bootstrap.obstacle_to(state)
	if obstacle:
		return sentence(obstacle.value, {})
	return sentence(*state.problem) if state.problem else None
