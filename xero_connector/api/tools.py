"""What finance does with many records at once, and trying again what failed."""

from typing import Any

import frappe
from frappe import _

from xero_connector import draft_form, reconciling, tasks
from xero_connector.api import reconciliation
from xero_connector.api.answers import sentence, told
from xero_connector.api.guard import entry
from xero_connector.api.input import MOST_AT_ONCE, several
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import (
	access,
	documents,
	hosts,
	journal,
	organisations,
	outbox,
	own_documents,
	reconciliations,
	runs,
	wishes,
)
from xero_connector.site.runs import Result, Run

_INVOICES = "Sales Invoice"


@frappe.whitelist(methods=["POST"])
@entry(Right.SEND)
def send_all_live(dry_run: int = 0) -> dict[str, Any]:
	"""Send every submitted invoice of which nothing is paid, as a run (R81)."""
	_require_invoices()
	return _started(runs.SEND_ALL, _INVOICES, own_documents.live_invoices(), dry_run=bool(dry_run))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEND)
def update_all_balances() -> dict[str, Any]:
	"""Bring what Xero says of every invoice that was sent and can still change, and then the balances of all
	customers, as a run (R82)."""
	if not hosts.is_record_type(_INVOICES):
		return _started(runs.UPDATE_ALL, "Contact", [])
	return _started(runs.UPDATE_ALL, _INVOICES, own_documents.updatable())


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def reconcile(organisation: str) -> dict[str, Any]:
	"""Compare an organisation with Xero, as a run; one that is under way is answered with."""
	reconciling.check_ready(organisation)
	kept = reconciliations.get(reconciliations.ask(organisations.get(organisation)))
	tasks.enqueue_run(kept.run)
	return reconciliation.answer(kept)


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def progress(run: str) -> dict[str, Any]:
	"""How far a run is, and what became of its records."""
	return answer(runs.get(run))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def stop(run: str) -> dict[str, Any]:
	"""Let it end after the step under way; nothing that was sent is taken back."""
	runs.request_stop(runs.get(run).name)
	return answer(runs.get(run))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def resume(run: str) -> dict[str, Any]:
	"""Go on where it was stopped or failed."""
	if runs.resume(runs.get(run).name):
		tasks.enqueue_run(run)
	return answer(runs.get(run))


@frappe.whitelist()
@entry(Right.SEND)
def explain(outbox: str) -> dict[str, Any]:
	"""Why a row of the outbox is not sent, as a sentence; "" where nothing is wrong."""
	return {"message": told_of(wishes.get(outbox))}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEND)
def retry(outbox: str) -> dict[str, Any]:
	"""Send a row of the outbox again that failed or needs attention."""
	if not _retry([wishes.get(outbox).name]):
		raise NeedsPerson(Code.NOT_TO_RETRY)
	return {"queued": True}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEND)
def retry_many(outboxes: list[str] | str) -> dict[str, Any]:
	"""The same for many; those that are not to be tried again are left alone and counted."""
	names = several("outboxes", outboxes)
	queued = _retry(names)
	return {"queued": len(queued), "skipped": len(names) - len(queued)}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEND)
def retry_kind(action: str = "", error_code: str = "", after: str = "") -> dict[str, Any]:
	"""The same for all of one action, or all that failed for one reason: MOST_AT_ONCE in a call. What is answered as
	`after` goes into the next call, until it is ""."""
	if not (action or error_code):
		raise NeedsPerson(Code.MISSING_VALUE, field="kind")
	names = outbox.retryable(action, error_code, after, MOST_AT_ONCE)
	queued = _retry(names)
	further = names[-1] if len(names) == MOST_AT_ONCE else ""
	return {"queued": len(queued), "skipped": len(names) - len(queued), "after": further}


def told_of(row: wishes.Row) -> str:
	"""Why a row of the outbox is not sent, for who is to do something about it; "" where nothing is wrong."""
	return told(*row.failure, row.trace, journal.correlation_of(row.name)) if row.failure else ""


def start(action: str, doctype: str, names: list[str] | str, *, dry_run: bool = False) -> dict[str, Any]:
	"""A run over chosen records, each of which must be open to the one who asks."""
	if not hosts.is_record_type(doctype):
		raise NeedsPerson(Code.NOT_A_RECORD, doctype=doctype)
	if not frappe.has_permission(doctype, "write"):
		raise frappe.PermissionError(_("You are not allowed to see this record."))
	chosen = several("names", names)
	if not chosen:
		raise NeedsPerson(Code.MISSING_VALUE, field="names")
	return _started(action, doctype, chosen, dry_run=dry_run)


def _started(action: str, doctype: str, names: list[str], *, dry_run: bool = False) -> dict[str, Any]:
	run = runs.ask(action, doctype, names, total=len(names), dry_run=dry_run)
	tasks.enqueue_run(run)
	return answer(runs.get(run))


def _retry(names: list[str]) -> list[str]:
	"""Records that are closed to the one who asks keep their rows as they are."""
	rows = wishes.of_names(names).values()
	mine = [
		row.name
		for row in rows
		if (record := hosts.find_record(*row.record)) and access.may_write(record.document)
	]
	queued = outbox.retry(mine)
	if queued:
		tasks.enqueue_send(queued)
	return queued


def _require_invoices() -> None:
	if not hosts.is_record_type(_INVOICES):
		raise NeedsPerson(Code.NOT_A_RECORD, doctype=_INVOICES)


def answer(run: Run) -> dict[str, Any]:
	results, counts = runs.results(run.name)
	shown = documents.some([result.document for result in results if result.document])
	return {
		"run": run.name,
		"action": run.action,
		"state": run.state,
		"dry_run": run.dry_run,
		"total": run.total,
		"done": run.done,
		"message": sentence(*run.failure) if run.failure else "",
		"rows": [_row(result, shown, tells_state=run.action in _ASKING) for result in results],
		"counts": dict(counts),
	}


_ASKING = (runs.UPDATE, runs.UPDATE_ALL)
"""Runs that ask how things stand, and tell so."""


def _row(result: Result, shown: dict[str, dict[str, Any]], *, tells_state: bool) -> dict[str, Any]:
	found = shown.get(result.document or "")
	document = draft_form.document(found) if found else None
	state = document["state"] if document and tells_state else ""
	return {
		"doctype": result.record.doctype,
		"name": result.record.name,
		"title": result.title,
		"url": hosts.url_of(result.record) if hosts.is_record_type(result.record.doctype) else None,
		"outcome": result.outcome,
		"message": sentence(*result.failure) if result.failure else state,
		"number": document["number"] if document else None,
		"xero_url": document["url"] if document else None,
	}
