"""Contacts that come from Xero: what waits for a decision, bringing them in, and lists of them in CSV files."""

import base64
import binascii
from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from xero_connector import csv_import, incoming, tasks
from xero_connector.api import tools
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.api.input import one_of, structure
from xero_connector.core import contact_csv
from xero_connector.core.contact_csv import MODES, NEW, Row, Table
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import access, agreements, contact_files, hosts, organisations, runs
from xero_connector.site import matches as review
from xero_connector.site.hosts import details
from xero_connector.site.hosts.fields import FIELDS
from xero_connector.site.links import Party
from xero_connector.site.matches import CREATE, LINK, Match, Suggestion
from xero_connector.site.runs import Result

PAGE_LENGTH = 20
SHOWN = 50
"""Rows of a preview."""
MOST_AT_ONCE = 500
"""Contacts that somebody can choose in a list; Frappe's lists show as many."""

_DECISIONS = {decision.lower(): decision for decision in review.DECISIONS}


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def matches(
	organisation: str = "", state: str = review.WAITING, start: int = 0, match: str = ""
) -> dict[str, Any]:
	"""Xero contacts in this state, each beside the records that it may be, the likeliest first; 20 a page. One alone,
	if `match` names it. Records that are closed to the user are left out, and `closed` counts them."""
	one_of("state", state, review.STATES)
	if organisation:
		organisations.get(organisation)
	page = review.page(organisation or None, state, max(start, 0), PAGE_LENGTH)
	found = review.some([match]) if match else page
	counts = review.counts(organisation or None)
	return {
		"rows": [_shown(each) for each in found],
		"counts": counts,
		"total": counts[state],
		"fields": list(FIELDS),
		"can_create": _may_create(),
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def decide_match(match: str, decision: str, doctype: str = "", name: str = "") -> dict[str, Any]:
	"""`decision` is "link" (to the likeliest record, or to the one named), "create" or "ignore"."""
	wanted = _DECISIONS[one_of("decision", decision, _DECISIONS)]
	found = next(iter(review.some([match])), None)
	if not found or found.state != review.WAITING:
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
	found = review.some([str(name) for name in names])
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
@entry(Right.SEE_BOOKS)
def export_csv(organisation: str) -> Response:
	"""All contacts of an organisation, with Xero's reference and the record that each is here (R66)."""
	state = organisations.get(organisation)
	headings, rows = contact_files.exported(state.name)
	return _download(f"Xero contacts {state.title} {state.today}", contact_csv.write(headings, rows))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def import_preview(
	organisation: str, file: str, mode: str = NEW, columns: list[str] | str | None = None
) -> dict[str, Any]:
	"""What importing a file (base64) would do: {total, counts by outcome, columns: [{heading, field}], choices:
	[{value, label}] for a column, rows: the first SHOWN [{line, name, outcome, message, record, url}]}.

	`columns` are what its columns are to be taken for, "" for nothing; None: what their headings say.
	"""
	state = organisations.get(organisation)
	_check_may_import(mode)
	table = _table(_content(file), columns)
	found = csv_import.preview(state.name, table, mode, SHOWN)
	columns_as_taken = zip(table.headings, table.fields, strict=True)
	return {
		"total": len(table.rows),
		"counts": dict(found.counts),
		"columns": [{"heading": heading, "field": field} for heading, field in columns_as_taken],
		"choices": [{"value": field, "label": _(label)} for field, label in _columns().items()],
		"rows": [_imported(row, result) for row, result in found.rows],
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def import_run(
	organisation: str, file: str, mode: str, columns: list[str] | str | None = None
) -> dict[str, Any]:
	"""Import the rows of a file (base64) as a run: "new" makes records, "update" changes those that are here (R96)."""
	state = organisations.get(organisation)
	_check_may_import(mode)
	data = _content(file)
	run = csv_import.begin(state.name, data, _table(data, columns), mode)
	tasks.enqueue_run(run)
	return tools.answer(runs.get(run))


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def import_result(run: str) -> Response:
	"""The rows that a run left out, as they were, each with the reason: to put right and import again."""
	found = runs.get(run)
	if found.action != runs.IMPORT_CSV:
		raise NeedsPerson(Code.NOT_FOUND, what=run)
	table = contact_files.kept(run, found.options["fields"])
	rows = {str(row.line): row for row in table.rows}
	width = len(table.headings)
	left_out = [
		[*(*rows[found.names[place - 1]].cells, *[""] * width)[:width], sentence(*failure) if failure else ""]
		for place, failure in runs.left_out(run)
	]
	return _download(f"Not imported {run}", contact_csv.write([*table.headings, _("Reason")], left_out))


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


def _content(file: str) -> bytes:
	try:
		return base64.b64decode(file, validate=True)
	except (binascii.Error, ValueError):
		raise NeedsPerson(Code.INVALID_VALUE, field="file", value=file[:20]) from None


def _table(data: bytes, columns: list[str] | str | None) -> Table:
	if columns is None:
		return contact_csv.read(data)
	chosen, allowed = structure("columns", columns), {"", *_columns()}
	if not isinstance(chosen, list):
		raise NeedsPerson(Code.INVALID_VALUE, field="columns", value=str(columns)[:40])
	return contact_csv.read(data, [one_of("columns", str(each), allowed) for each in chosen])


def _columns() -> dict[str, str]:
	return contact_csv.choices() | contact_files.own_fields()


def _check_may_import(mode: str) -> None:
	"""The one who asks could do the same by hand."""
	needed = "create" if one_of("mode", mode, MODES) == NEW else "write"
	if not frappe.has_permission(details.main_doctype(), needed):
		raise frappe.PermissionError(_("You are not allowed to do this."))


def _imported(row: Row, result: Result) -> dict[str, Any]:
	is_record = hosts.is_record_type(result.record.doctype)
	return {
		"line": row.line,
		"name": result.title,
		"outcome": result.outcome,
		"message": sentence(*result.failure) if result.failure else "",
		"record": result.record.name if is_record else None,
		"url": hosts.url_of(result.record) if is_record else None,
	}


def _download(name: str, content: bytes) -> Response:
	answer = Response(content, content_type="text/csv; charset=utf-8")
	# Frappe's own download spoils names beyond ASCII
	answer.headers.add("Content-Disposition", "attachment", filename=f"{' '.join(name.split())}.csv")
	return answer
