"""Contacts that come from Xero: what waits for a decision, and bringing them in."""

from typing import Any

import frappe
from frappe import _

from xero_connector import incoming, tasks
from xero_connector.api import tools
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.api.input import one_of, structure
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import access, agreements, hosts, matches, organisations, runs, settings
from xero_connector.site.hosts import details
from xero_connector.site.links import Party
from xero_connector.site.matches import CREATE, LINK, Match, Suggestion

PAGE_LENGTH = 20
MOST_AT_ONCE = 500
"""Contacts that somebody can choose in a list; Frappe's lists show as many."""

_DECISIONS = {decision.lower(): decision for decision in matches.DECISIONS}


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def list_matches(
	organisation: str = "", state: str = matches.WAITING, start: int = 0, match: str = ""
) -> dict[str, Any]:
	"""Xero contacts in this state, each beside the records that it may be, the likeliest first; 20 a page. One alone,
	if `match` names it. Records that are closed to the user are left out, and `closed` counts them."""
	one_of("state", state, matches.STATES)
	if organisation:
		organisations.get(organisation)
	page = matches.page(organisation or None, state, max(start, 0), PAGE_LENGTH)
	found = matches.some([match]) if match else page
	counts = matches.counts(organisation or None)
	return {
		"rows": [_shown(each) for each in found],
		"counts": counts,
		"total": counts[state],
		"fields": list(details.FIELDS),
		"can_create": _may_create(),
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def decide_match(match: str, decision: str, doctype: str = "", name: str = "") -> dict[str, Any]:
	"""`decision` is "link" (to the likeliest record, or to the one named), "create" or "ignore"."""
	wanted = _DECISIONS[one_of("decision", decision, _DECISIONS)]
	found = next(iter(matches.some([match])), None)
	if not found or found.state != matches.WAITING:
		raise NeedsPerson(Code.NOT_FOUND, what=match)
	record = Party(doctype, name) if name else found.record
	if not _is_allowed(wanted, record):
		raise frappe.PermissionError(_("You are not allowed to change this record."))
	return _decided([match], wanted, record if name else None)


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def decide_many(match_names: list[str] | str, decision: str) -> dict[str, Any]:
	"""The same for many, each to its likeliest record; those for which that is not possible or not allowed are left
	alone and counted. More than 50 become a run, whose progress is answered."""
	wanted = _DECISIONS[one_of("decision", decision, _DECISIONS)]
	names = structure("match_names", match_names)
	if not isinstance(names, list) or len(names) > MOST_AT_ONCE:
		raise NeedsPerson(Code.INVALID_VALUE, field="match_names", value=str(match_names)[:40])
	found = matches.some([str(name) for name in names])
	allowed = [each.contact for each in found if _is_allowed(wanted, each.record)]
	return _decided(allowed, wanted, None, asked=len(set(names)))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def import_now(organisation: str, dry_run: int = 0) -> dict[str, Any]:
	"""Bring everything in that the policy wants, as a run whose progress is answered."""
	run = incoming.begin(organisations.get(organisation).name, dry_run=bool(dry_run))
	tasks.enqueue_run(run)
	return tools.answer(runs.get(run))


@frappe.whitelist()
@entry(Right.CONFIGURE)
def import_preview_counts(organisation: str, policy: str = "") -> dict[str, int]:
	"""What would happen: how many contacts would be linked, created, asked about and left out; with another policy
	than the present one, if it is given (B20)."""
	if policy:
		one_of("policy", policy, settings.POLICIES)
	return incoming.preview(organisations.get(organisation).name, policy or None)._asdict()


def _decided(
	contacts: list[str], decision: str, record: Party | None, asked: int | None = None
) -> dict[str, Any]:
	results, work = incoming.decide(contacts, decision, record)
	tasks.follow_up(work)
	failures = [sentence(*result.failure) for result in results if result.failure]
	done = sum(result.outcome not in ("refused", "skipped") for result in results)
	return {
		"done": done,
		"skipped": 0 if work.run else (asked or len(contacts)) - done - len(failures),
		"messages": failures,
		"run": work.run,
	}


def _is_allowed(decision: str, record: Party | None) -> bool:
	if decision == CREATE:
		return _may_create()
	return decision != LINK or bool(record and _is_open(record, access.may_write))


def _may_create() -> bool:
	return bool(frappe.has_permission(details.main_doctype(), "create"))


def _is_open(record: Party, may: Any) -> bool:
	found = hosts.find_record(*record)
	return bool(found and may(found.document))


def _shown(match: Match) -> dict[str, Any]:
	suggestions = match.suggestions or ((Suggestion(match.record, 0, ()),) if match.record else ())
	open_ones = [each for each in suggestions if _is_open(each.record, access.may_read)]
	titles = hosts.titles_of([each.record for each in open_ones])
	return {
		"match": match.contact,
		"state": match.state,
		"organisation": organisations.get(match.organisation).title,
		"contact": dict(agreements.said_in_xero(match.contact)),
		"candidates": [
			{
				"doctype": each.record.doctype,
				"name": each.record.name,
				"title": titles.get(each.record, each.record.name),
				"score": each.score,
				"reasons": each.reasons,
				"values": details.read(each.record),
				"writable": _is_open(each.record, access.may_write),
			}
			for each in open_ones
		],
		"closed": len(suggestions) - len(open_ones),
		"message": sentence(*match.failure) if match.failure else "",
	}
