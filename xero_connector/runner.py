"""What the lists' actions and the tools do, 250 records at a time (R72-R83).

Each step is committed with its results: a run that is stopped or killed goes on there. Sending goes the one way
out: the records' rows of the outbox are marked and worked off, as for anybody else.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple, TypeVar

import frappe

from xero_connector import bootstrap, incoming, outgoing, reading, reconciling
from xero_connector.core import drafting, sending
from xero_connector.core.documents import KINDS
from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.csv_import import CsvImporter
from xero_connector.importer import Importer
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
	run = runs.get(name)
	# it may be somebody else's job that takes it up: what is closed to who asked stays closed
	frappe.set_user(run.asked_by)
	try:
		_ACTIONS[run.action](run)
	except XeroConnectorError as failure:
		frappe.db.rollback()
		runs.end(name, failure)
	except Exception:
		frappe.db.rollback()
		runs.end(name, NeedsPerson(Code.UNKNOWN))
		raise
	else:
		runs.end(name)


def _steps(run: Run, together: int = 0) -> Iterator[Sequence[str]]:
	"""The records that are left, until somebody stops it."""
	for names in sending.batches(run.names[run.done :], together or sending.TOGETHER):
		if runs.stop_requested(run.name):
			return
		yield names


def _send(run: Run) -> None:
	act = _try if run.dry_run else _send_step
	for names in _steps(run):
		runs.step(run, act(run, names))


class _Found(NamedTuple):
	"""A record that can be sent, with its sheet; or why not."""

	title: str
	sheet: Sheet | None
	failure: XeroConnectorError | None


def _find(run: Run, name: str) -> _Found:
	title = name

	def find() -> Sheet:
		nonlocal title
		record = _open(run.doctype, name)
		title = record.title
		if record.document.docstatus == 2:
			raise NeedsPerson(Code.IS_CANCELLED)
		sheet = Sheet(record)
		bootstrap.check_open(sheet.state)
		if sheet.obstacle:
			raise sheet.obstacle
		return sheet

	found = _or_failure(run, name, find)
	return _Found(title, None, found) if isinstance(found, XeroConnectorError) else _Found(title, found, None)


Answer = TypeVar("Answer")


def _or_failure(run: Run, name: str, ask: Callable[[], Answer]) -> Answer | XeroConnectorError:
	"""Raises nothing: a bad record never holds up the good ones (R86). One that cannot be read at all is in the
	Error Log."""
	try:
		return ask()
	except XeroConnectorError as failure:
		return failure
	except Exception:
		frappe.log_error(
			title="Xero: no invoice of a record", reference_doctype=run.doctype, reference_name=name
		)
		return NeedsPerson(Code.UNKNOWN)


def _open(doctype: str, name: str) -> Record:
	"""Raises NeedsPerson: NOT_FOUND, NOT_ALLOWED for a record that is closed to who asks."""
	record = hosts.open_record(doctype, name)
	if not access.may_write(record.document):
		raise NeedsPerson(Code.NOT_ALLOWED)
	return record


def _try(run: Run, names: Sequence[str]) -> list[Result]:
	return [_would(run, name, _find(run, name)) for name in names]


def _would(run: Run, name: str, found: _Found) -> Result:
	"""What sending would do, by what the mirror knows (B2)."""
	record, sheet = Party(run.doctype, name), found.sheet
	told = found.failure or (sheet and _or_failure(run, name, lambda: _outcome(sheet)))
	if not sheet or isinstance(told, XeroConnectorError):
		failure = told if isinstance(told, XeroConnectorError) else None
		return Result(record, found.title, _refusal(failure), _told(failure))
	return Result(record, found.title, str(told), document=sheet.row.document if sheet.row else None)


def _outcome(sheet: Sheet) -> str:
	row = sheet.row
	if row and (row.by_hand or len(sheet.rows) > 1):
		raise NeedsPerson(Code.BY_HAND)
	payload = json.dumps(drafting.to_json(drafts.draft_of(sheet)))
	if row and row.sent_payload == payload:
		return "unchanged"
	return "would_create" if sheet.mode == CREATE else "would_update"


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
			results[name] = _left_alone(Party(run.doctype, name), found)
	commit_step()
	outgoing.send(list(marked))
	after = wishes.of_names(list(marked))
	for row, (name, title, before) in marked.items():
		results[name] = _became(Party(run.doctype, name), title, before, after[row])
	return [results[name] for name in names]


def _left_alone(record: Party, found: _Found) -> Result:
	row = found.sheet.row if found.sheet else None
	if row and row.state == wishes.SENDING and not row.by_hand:
		return Result(record, found.title, "queued", None, row.name, row.document)
	failure = found.failure or NeedsPerson(Code.BY_HAND)
	return Result(record, found.title, _refusal(failure), _told(failure))


def _became(record: Party, title: str, before: Row | None, row: Row) -> Result:
	outcome = {wishes.FAILED: "waiting", wishes.ATTENTION: "refused", wishes.SENT: "created"}.get(
		row.state, "queued"
	)
	if outcome == "created" and before and before.document:
		outcome = "unchanged" if row.sent == before.sent else "updated"
	return Result(record, title, outcome, row.failure, row.name, row.document)


def _update(run: Run) -> None:
	for names in _steps(run):
		runs.step(run, _update_step(run, names))


def _update_step(run: Run, names: Sequence[str]) -> list[Result]:
	"""Xero's state of the records' documents, of those that can still change (R77-R80). What a tool updates are
	all there are; what somebody chose must be open to them."""
	titles = _titles(run.doctype, names)
	asked = [name for name in names if name in titles or run.action == runs.UPDATE_ALL]
	wanted = own_documents.updatable(asked) if run.doctype == "Sales Invoice" else asked
	mine = {name: _documents_of(Party(run.doctype, name)) for name in wanted}
	before = documents.some([document for each in mine.values() for document in each])
	shut = _shut({row["organisation"] for row in before.values()})
	_refresh(
		[row for row in before.values() if row["status"] not in OVER and row["organisation"] not in shut]
	)
	after = documents.some(list(before))
	changed = {document for document in before if before[document] != after.get(document)}
	obstacles = {
		name: shut[row["organisation"]] for name, row in before.items() if row["organisation"] in shut
	}
	return [
		_updated(Party(run.doctype, name), titles.get(name), mine.get(name, ()), changed, obstacles)
		if name in asked
		else Result(Party(run.doctype, name), name, "skipped", _told(NeedsPerson(Code.NOT_ALLOWED)))
		for name in names
	]


def _titles(doctype: str, names: Sequence[str]) -> dict[str, str]:
	"""What those of the records are called that are open to who asks."""
	found = [hosts.find_record(doctype, name) for name in names]
	return {each.party.name: each.title for each in found if each and access.may_write(each.document)}


def _documents_of(record: Party) -> list[str]:
	"""Sales documents that are linked to it; a bill may be as well."""
	linked = [document for found in links.documents_of(record).values() for document in found]
	known = documents.some(linked)
	return [each for each in linked if each in known and known[each]["document_type"] in KINDS["invoice"]]


def _refresh(rows: Sequence[dict[str, str]]) -> None:
	by_organisation: dict[str, dict[str, list[str]]] = {}
	for row in rows:
		by_type = by_organisation.setdefault(row["organisation"], {})
		by_type.setdefault(row["document_type"], []).append(row["name"])
	for organisation, by_type in by_organisation.items():
		reading.refresh_documents(organisation, by_type)


def _shut(names: Set[str]) -> dict[str, Code]:
	"""Those of the organisations that cannot be asked, and why: the others are not held up."""
	found = {name: bootstrap.obstacle_to(organisations.get(name)) for name in names}
	return {name: obstacle for name, obstacle in found.items() if obstacle}


def _updated(
	record: Party, title: str | None, mine: Sequence[str], changed: Set[str], obstacles: Mapping[str, Code]
) -> Result:
	title = title or record.name
	if not mine or mine[-1] in obstacles:
		code = obstacles[mine[-1]] if mine else Code.NOT_TO_UPDATE
		return Result(record, title, "skipped", _told(NeedsPerson(code)))
	outcome = "unchanged" if changed.isdisjoint(mine) else "updated"
	return Result(record, title, outcome, document=mine[-1])


def _update_all(run: Run) -> None:
	"""Every invoice that can still change, and at the end the balances of all customers (R82)."""
	_update(run)
	for state in organisations.every():
		if state.connected and not runs.stop_requested(run.name):
			reading.refresh_balances(state.name, lambda: runs.stop_requested(run.name))


def _import_contacts(run: Run) -> None:
	importer = Importer(dry_run=run.dry_run)
	for names in _steps(run, incoming.MOST_AT_ONCE):
		runs.step(run, importer.step(names))
		outgoing.send(importer.wishes)
		importer.wishes.clear()


def _import_csv(run: Run) -> None:
	importer = CsvImporter(run)
	for lines in _steps(run):
		importer.step(lines)
		outgoing.send(importer.wishes)
		importer.wishes.clear()


_ACTIONS: dict[str, Callable[[Run], None]] = {
	runs.SEND: _send,
	runs.SEND_ALL: _send,
	runs.UPDATE: _update,
	runs.UPDATE_ALL: _update_all,
	runs.IMPORT_CONTACTS: _import_contacts,
	runs.IMPORT_CSV: _import_csv,
	runs.RECONCILE: reconciling.compare,
	runs.FIX: reconciling.fix,
}
