"""The page /xero, for people who never open Desk. Reads the mirror only: no function here calls Xero."""

from typing import Any

import frappe

from xero_connector.api import health
from xero_connector.api.guard import entry
from xero_connector.api.panel import problem
from xero_connector.core.policy import Right
from xero_connector.home import Home
from xero_connector.site import access, documents, hosts, matches, reconciliations, runs, settings

SETTINGS_PAGE = "/app/xero-settings"
SHORTEST_SEARCH = 2


def is_shown_in_apps() -> bool:
	"""Whether the session's user finds the page among the apps (R18); Frappe asks for each of its app lists."""
	return settings.load().show_in_apps and access.may(Right.SEE)


@frappe.whitelist()
@entry(Right.SEE)
def get(organisation: str | None = None) -> dict[str, Any]:
	"""Everything that the page shows first, in one call: of the default organisation, or the given one."""
	home = _home(organisation)
	may_send, may_configure = access.may(Right.SEND), access.may(Right.CONFIGURE)
	answer: dict[str, Any] = {
		"can": {"connect": may_configure, "books": home.books},
		"settings_url": SETTINGS_PAGE,
		"organisation": None,
		"organisations": [{"name": state.name, "title": state.title} for state in home.organisations],
		"today": None,
		"receivables": None,
		"agreement": None,
		"health": None,
		"overdue": {"rows": [], "total": 0},
		"mine": [],
		"matches": None,
		"tools": may_send and hosts.is_record_type("Sales Invoice"),
		"runs": [_run(run) for run in runs.latest(frappe.session.user)] if may_send else [],
	}
	if not home.organisation:
		return answer
	return {
		**answer,
		"organisation": {**home.organisation_answer(), "problem": problem(home.organisation)},
		"today": home.today.isoformat(),
		"receivables": home.receivables() if home.books else None,
		"agreement": reconciliations.agreement(home.organisation.name) if home.books else None,
		"health": _health(home.organisation.name) if may_configure else None,
		"overdue": home.overdue(),
		"mine": home.mine(),
		"matches": matches.waiting(home.organisation.name) if home.books else None,
	}


@frappe.whitelist()
@entry(Right.SEE)
def list_overdue(organisation: str | None = None, start: int = 0) -> dict[str, Any]:
	"""The next overdue invoices after the first `start`."""
	home = _home(organisation)
	if not home.organisation:
		return {"rows": [], "total": 0}
	return home.overdue(max(start, 0), documents.MAX_PAGE)


@frappe.whitelist()
@entry(Right.SEE)
def search(text: str, organisation: str | None = None) -> dict[str, Any]:
	"""Customers (at most 10) and documents (at most 20), for a text of at least two characters.

	Who may not see the whole books finds the Xero contacts of records that they may read, and their documents.
	"""
	home, wanted = _home(organisation), text.strip()
	if not home.organisation or len(wanted) < SHORTEST_SEARCH:
		return {"customers": [], "documents": []}
	return home.search(wanted)


def _health(organisation: str) -> dict[str, Any]:
	"""For who can do something about it: what is the matter, and how many calls are left."""
	return {"matters": health.rows(organisation), "calls": health.calls(organisation)}


def _run(run: runs.Run) -> dict[str, Any]:
	"""What is said of a run in a list of them; `tools.progress` tells the rest."""
	return {
		"run": run.name,
		"action": run.action,
		"state": run.state,
		"dry_run": run.dry_run,
		"total": run.total,
		"done": run.done,
	}


def _home(organisation: str | None) -> Home:
	return Home(organisation, books=access.may(Right.SEE_BOOKS), bills=access.may(Right.SEE_BILLS))
