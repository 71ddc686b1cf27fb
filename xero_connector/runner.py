"""What the lists' actions and the tools do, fifty records at a time (R72-R83).

Each step is committed with its results: a run that is stopped or killed goes on there. Sending goes the one way
out: the records' rows of the outbox are marked and worked off, as for anybody else.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import frappe

from xero_connector import bootstrap, outgoing
from xero_connector.core import drafting, sending
from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.site import (
	access,
	documents,
	drafts,
	hosts,
	links,
	organisations,
	outbox,
	own_documents,
	runs,
	wishes,
)
from xero_connector.site.database import commit_step
from xero_connector.site.drafts import CREATE, Sheet
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import Party
from xero_connector.site.runs import Result, Run
from xero_connector.site.wishes import Row

OVER = ("Paid", "Voided", "Deleted")
"""Statuses after which Xero has no news of a document."""


def work(name: str) -> None:
	"""Do a run, or what is left of it, if no other worker is at it."""
	if not runs.begin(name, secrets.token_hex(8)):
		return
	try:
		_ACTIONS[runs.get(name).action](runs.get(name))
	except XeroConnectorError as failure:
		frappe.db.rollback()
		runs.end(name, failure)
	except Exception:
		frappe.db.rollback()
		runs.end(name, NeedsPerson(Code.UNKNOWN))
		raise
	else:
		runs.end(name)


def _steps(run: Run) -> Iterator[tuple[Sequence[str], str]]:
	"""The records that are left, with where the run is after them."""
	start = int(run.position or 0)
	for names in sending.batches(run.names[start:]):
		if runs.stop_requested(run.name):
			return
		start += len(names)
		yield names, str(start)


def _send(run: Run) -> None:
	act = _try if run.dry_run else _send_step
	for names, position in _steps(run):
		runs.step(run, act(run, names), position)


class _Found(NamedTuple):
	"""A record that can be sent, with its sheet; or why not."""

	title: str
	sheet: Sheet | None
	failure: XeroConnectorError | None


def _find(run: Run, name: str) -> _Found:
	"""Raises nothing: a bad record never holds up the good ones (R86)."""
	title = name
	try:
		record = hosts.open_record(run.doctype, name)
		title = record.title
		_check(record)
		sheet = Sheet(record)
		bootstrap.check_open(sheet.state)
		if sheet.obstacle:
			raise sheet.obstacle
		return _Found(title, sheet, None)
	except XeroConnectorError as failure:
		return _Found(title, None, failure)


def _check(record: Record) -> None:
	if not access.may_write(record.document):
		raise NeedsPerson(Code.NOT_ALLOWED)
	if record.document.docstatus == 2:
		raise NeedsPerson(Code.IS_CANCELLED)


def _try(run: Run, names: Sequence[str]) -> list[Result]:
	return [_would(run, name, _find(run, name)) for name in names]


def _would(run: Run, name: str, found: _Found) -> Result:
	"""What sending would do, by what the mirror knows (B2)."""
	record, sheet, failure = Party(run.doctype, name), found.sheet, found.failure
	if sheet and not failure:
		try:
			if sheet.row and (sheet.row.by_hand or len(sheet.rows) > 1):
				raise NeedsPerson(Code.BY_HAND)
			payload = json.dumps(drafting.to_json(drafts.draft_of(sheet)))
		except XeroConnectorError as refused:
			failure = refused
		else:
			unchanged = sheet.row and sheet.row.sent_payload == payload
			outcome = "unchanged" if unchanged else "would_create" if sheet.mode == CREATE else "would_update"
			document = sheet.row.document if sheet.row else None
			return Result(record, found.title, outcome, document=document)
	return Result(record, found.title, _refusal(failure), _told(failure))


_SKIPPED = (
	Code.HAS_PAYMENTS,
	Code.GONE_IN_XERO,
	Code.BY_HAND,
	Code.IS_CANCELLED,
	Code.NOT_ALLOWED,
	Code.NOT_FOUND,
	Code.NO_DRAFT_HERE,
	Code.NOT_TO_UPDATE,
)
"""The record is not for this action; anything else is something to put right."""


def _refusal(failure: XeroConnectorError | None) -> str:
	return "skipped" if failure and failure.code in _SKIPPED else "refused"


def _told(failure: XeroConnectorError | None) -> tuple[str, dict[str, str]] | None:
	return (failure.code.value, dict(failure.values)) if failure else None


def _send_step(run: Run, names: Sequence[str]) -> list[Result]:
	results: dict[str, Result] = {}
	marked: dict[str, tuple[str, str, Row | None]] = {}
	for name in names:
		found = _find(run, name)
		row = outbox.mark(Party(run.doctype, name), run=run.name) if found.sheet else None
		if row and found.sheet:
			marked[row] = (name, found.title, found.sheet.row)
		else:
			failure = found.failure or NeedsPerson(Code.BY_HAND)
			party = Party(run.doctype, name)
			results[name] = Result(party, found.title, _refusal(failure), _told(failure))
	commit_step()
	outgoing.send(list(marked))
	after = wishes.of_names(list(marked))
	for row, (name, title, before) in marked.items():
		results[name] = _became(Party(run.doctype, name), title, before, after[row])
	return [results[name] for name in names]


def _became(record: Party, title: str, before: Row | None, row: Row) -> Result:
	outcome = {wishes.FAILED: "waiting", wishes.ATTENTION: "refused", wishes.SENT: "created"}.get(
		row.state, "queued"
	)
	if outcome == "created" and before and before.document:
		outcome = "unchanged" if row.sent == before.sent else "updated"
	return Result(record, title, outcome, row.failure, row.name, row.document)


def _update(run: Run) -> None:
	for names, position in _steps(run):
		runs.step(run, _update_step(run.doctype, names), position)


def _update_step(doctype: str, names: Sequence[str]) -> list[Result]:
	"""Xero's state of the records' documents, of those that can still change (R77-R80)."""
	open_names = set(own_documents.updatable(names)) if doctype == "Sales Invoice" else set(names)
	mine = {name: _documents_of(Party(doctype, name)) if name in open_names else [] for name in names}
	before = documents.some([document for each in mine.values() for document in each])
	_refresh([row for row in before.values() if row["status"] not in OVER])
	after = documents.some(list(before))
	return [_updated(Party(doctype, name), mine[name], before, after) for name in names]


def _documents_of(record: Party) -> list[str]:
	return [document for found in links.documents_of(record).values() for document in found]


def _refresh(rows: Sequence[dict[str, str]]) -> None:
	by_organisation: dict[str, dict[str, list[str]]] = {}
	for row in rows:
		by_type = by_organisation.setdefault(row["organisation"], {})
		by_type.setdefault(row["document_type"], []).append(row["name"])
	for organisation, by_type in by_organisation.items():
		bootstrap.refresh_documents(organisation, by_type)


def _updated(
	record: Party,
	mine: Sequence[str],
	before: dict[str, dict[str, object]],
	after: dict[str, dict[str, object]],
) -> Result:
	found = hosts.find_record(*record)
	title = found.title if found else record.name
	if not mine:
		return Result(record, title, "skipped", _told(NeedsPerson(Code.NOT_TO_UPDATE)))
	changed = any(before.get(document) != after.get(document) for document in mine)
	return Result(record, title, "updated" if changed else "unchanged", document=mine[-1])


def _update_all(run: Run) -> None:
	"""Every invoice that can still change, and at the end the balances of all customers (R82)."""
	_update(run)
	for state in organisations.every():
		if state.connected and not runs.stop_requested(run.name):
			bootstrap.refresh_balances(state.name, lambda: runs.stop_requested(run.name))


_ACTIONS: dict[str, Callable[[Run], None]] = {
	runs.SEND: _send,
	runs.SEND_ALL: _send,
	runs.UPDATE: _update,
	runs.UPDATE_ALL: _update_all,
}
