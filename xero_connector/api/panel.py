"""The tab. Reads the mirror only: no function here calls Xero."""

from datetime import date
from typing import Any

import frappe

from xero_connector import bootstrap, tasks
from xero_connector.api import guard
from xero_connector.api.answers import answers, sentence
from xero_connector.core import documents as rules
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import access, documents
from xero_connector.site.documents import Filter
from xero_connector.site.organisations import State
from xero_connector.tab import PAGE_LENGTH, Tab

_SETTINGS_PAGE = "/app/xero-settings"


@frappe.whitelist()
@answers
def get(doctype: str, name: str) -> dict[str, Any]:
	"""Everything that the tab shows first, in one call."""
	tab = _tab(doctype, name)
	may_change = access.may_write(doctype, name)
	answer = {
		"state": tab.state,
		"can": {
			"connect": bootstrap.may(Right.CONFIGURE),
			"link": may_change and bootstrap.may(Right.LINK),
			"draft": may_change and bootstrap.may(Right.DRAFT),
			"bills": tab.bills,
		},
		"record": tab.record_answer(),
		"today": tab.today.isoformat() if tab.organisation else None,
		"settings_url": _SETTINGS_PAGE,
		"organisation": {**(tab.organisation_answer() or {}), "problem": _problem(tab.organisation)}
		if tab.organisation
		else None,
		"organisations": [{"name": state.name, "title": state.title} for state in tab.organisations],
		"contacts": tab.contacts_answer(),
		"overview": None,
		"counts": None,
		"list": None,
	}
	if tab.state == "linked":
		answer |= {
			"overview": tab.overview(tab.default_scope),
			"counts": tab.counts(tab.default_scope),
			"list": tab.page(Filter("invoice", tab.default_view), tab.default_scope, 0, PAGE_LENGTH),
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
	page_length: int = PAGE_LENGTH,
) -> dict[str, Any]:
	"""One page of the list. `scope` is "record" (linked to this record) or "customer" (all of the customer's)."""
	tab = _tab(doctype, name)
	if kind == "bill":
		guard.require(Right.SEE_BILLS)
	_one_of("kind", kind, rules.KINDS)
	_one_of("view", view, rules.VIEWS)
	scope = scope or tab.default_scope
	_one_of("scope", scope, tab.scopes)
	if not tab.organisation:
		raise NeedsPerson(Code.NOT_CONNECTED)
	wanted = Filter(
		kind, view, (search or "").strip() or None, _day("from_date", from_date), _day("to_date", to_date)
	)
	page = tab.page(wanted, scope, max(start, 0), min(max(page_length, 1), documents.MAX_PAGE))
	return {**page, "counts": tab.counts(scope)[kind]}


@frappe.whitelist(methods=["POST"])
@answers
def refresh(doctype: str, name: str) -> dict[str, Any]:
	"""Read what changed in Xero, as a job; the tab asks again until its "as of" has moved."""
	state = _tab(doctype, name).organisation
	obstacle = bootstrap.obstacle_to(state) if state else Code.NOT_CONNECTED
	if obstacle or not state:
		raise NeedsPerson(obstacle or Code.NOT_CONNECTED)
	tasks.enqueue_read(state.name)
	return {"queued": True}


def _tab(doctype: str, name: str) -> Tab:
	return Tab(guard.record(doctype, name, Right.SEE), bills=bootstrap.may(Right.SEE_BILLS))


def _problem(state: State) -> str | None:
	"""What keeps the mirror from being up to date, as a sentence."""
	obstacle = bootstrap.obstacle_to(state)
	if obstacle:
		return sentence(obstacle.value, {})
	return sentence(*state.problem) if state.problem else None


def _one_of(field: str, value: str, allowed: Any) -> None:
	if value not in allowed:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=value)


def _day(field: str, value: str | None) -> date | None:
	try:
		return date.fromisoformat(value) if value else None
	except ValueError:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=str(value)) from None
