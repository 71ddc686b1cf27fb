"""Jobs over many records: what one is to do, how far it is, and what became of each record.

Queued ──> Running ──> Done | Failed
              └──> Stopping ──> Stopped ──> Queued (resumed where it was)
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import frappe

from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.site.database import claim, commit_step, insert_children, now_utc, to_column
from xero_connector.site.links import Party

_DOCTYPE, _ROWS = "Xero Run", "Xero Run Row"
SEND, UPDATE = "Send", "Update"
SEND_ALL, UPDATE_ALL = "Send All Live Invoices", "Update All Balances"
IMPORT_CONTACTS, IMPORT_CSV = "Import Contacts", "Import CSV"
RECONCILE, FIX = "Reconcile", "Fix Differences"
_LEASE = timedelta(minutes=15)
"""A worker that has been silent for this long is dead: a step of 250 records with its time-outs takes less."""
MOST_SHOWN = 500
_COLUMNS = (
	"record_doctype",
	"record_name",
	"record_title",
	"outcome",
	"error_code",
	"error_values",
	"outbox",
	"document",
)
_QUIET = ("created", "updated", "unchanged", "would_create", "would_update", "queued", "agrees")
"""Outcomes that nobody need look at."""


class Result(NamedTuple):
	"""What became of one record. `failure` is the code and values of its sentence; `outbox` the row that goes on
	telling, while the outcome is "queued" or "waiting"."""

	record: Party
	title: str
	outcome: str
	failure: tuple[str, dict[str, str]] | None = None
	outbox: str | None = None
	document: str | None = None


@dataclass(frozen=True)
class Run:
	"""`names` are its records in their order; the first `done` of them have their results. `options` are what else
	the action asks for."""

	name: str
	action: str
	doctype: str
	names: tuple[str, ...]
	options: dict[str, Any]
	dry_run: bool
	state: str
	total: int
	done: int
	asked_by: str
	failure: tuple[str, dict[str, str]] | None


def ask(
	action: str,
	doctype: str,
	names: Sequence[str] = (),
	*,
	total: int,
	dry_run: bool = False,
	options: Mapping[str, Any] | None = None,
) -> str:
	"""Write down what is to be done, committed; the name of the run."""
	row = frappe.new_doc(_DOCTYPE)
	row.update(
		{
			"action": action,
			"record_doctype": doctype,
			"names": json.dumps(list(names)),
			"options": json.dumps(dict(options)) if options else None,
			"dry_run": int(dry_run),
			"total": total,
			"state": "Queued",
			"asked_by": frappe.session.user,
		}
	)
	row.insert(ignore_permissions=True)
	commit_step()
	return str(row.name)


def get(name: str) -> Run:
	"""Raises NeedsPerson(NOT_FOUND)."""
	row = frappe.db.get_value(_DOCTYPE, name, "*", as_dict=True)
	if not row:
		raise NeedsPerson(Code.NOT_FOUND, what=name)
	return _run(row)


def latest(user: str, limit: int = 5) -> list[Run]:
	"""The last runs that this user asked for."""
	mine = {"asked_by": user}
	rows = frappe.get_all(_DOCTYPE, filters=mine, fields=["*"], order_by="creation desc", limit=limit)
	return list(map(_run, rows))


def _run(row: frappe._dict) -> Run:
	return Run(
		name=row.name,
		action=row.action,
		doctype=row.record_doctype,
		names=tuple(json.loads(row.names or "[]")),
		options=json.loads(row.options or "{}"),
		dry_run=bool(row.dry_run),
		state=row.state,
		total=row.total or 0,
		done=row.done or 0,
		asked_by=row.asked_by,
		failure=_failure(row),
	)


def _failure(row: frappe._dict) -> tuple[str, dict[str, str]] | None:
	return (row.error_code, json.loads(row.error_values or "{}")) if row.error_code else None


def begin(name: str, claim_token: str) -> bool:
	"""Become the one worker of this run; False when another is at it, or there is nothing to do."""
	now = to_column(now_utc())
	return claim(
		_DOCTYPE,
		name,
		{"claim": claim_token, "lease_utc": now + _LEASE, "state": "Running"},
		"state = 'Queued' OR (state IN ('Running', 'Stopping') AND lease_utc < %(now)s)",
		{"now": now},
	)


def step(run: Run, results: Sequence[Result]) -> None:
	"""Keep what became of some records, and how far the run is; committed, so that a killed job goes on there."""
	done = int(frappe.db.get_value(_DOCTYPE, run.name, "done") or 0)
	insert_children(
		_ROWS,
		_DOCTYPE,
		"rows",
		("name", "parent", "idx", *_COLUMNS),
		[
			(frappe.generate_hash(length=16), run.name, done + number, *_columns(result))
			for number, result in enumerate(results, 1)
		],
	)
	values = {
		"done": done + len(results),
		"lease_utc": to_column(now_utc() + _LEASE),
	}
	frappe.db.set_value(_DOCTYPE, run.name, values)
	commit_step()


def _columns(result: Result) -> tuple[Any, ...]:
	code, values = result.failure or (None, {})
	return (
		*result.record,
		result.title[:140],
		result.outcome,
		code,
		json.dumps(values) if values else None,
		result.outbox,
		result.document,
	)


def renew(name: str) -> None:
	"""The worker is alive, in the middle of a step that takes long. Not committed."""
	frappe.db.set_value(_DOCTYPE, name, "lease_utc", to_column(now_utc() + _LEASE))


def state_of_latest(action: str) -> str | None:
	"""How the run of this action stands that was asked for last."""
	latest = {"filters": {"action": action}, "order_by": "creation desc", "limit": 1}
	return next(iter(frappe.get_all(_DOCTYPE, pluck="state", **latest)), None)


def stop_requested(name: str) -> bool:
	return frappe.db.get_value(_DOCTYPE, name, "state") == "Stopping"


def request_stop(name: str) -> None:
	"""It ends after the step under way; one that has not begun ends at once."""
	table = frappe.qb.DocType(_DOCTYPE)
	for state, then in (("Queued", "Stopped"), ("Running", "Stopping")):
		frappe.qb.update(table).set(table.state, then).where(
			(table.name == name) & (table.state == state)
		).run()


def resume(name: str) -> bool:
	"""Queue a stopped or failed run again; whether there was anything to queue."""
	if get(name).state not in ("Stopped", "Failed"):
		return False
	frappe.db.set_value(_DOCTYPE, name, {"state": "Queued", "error_code": None, "error_values": None})
	return True


def end(name: str, failure: XeroConnectorError | None = None) -> None:
	"""Committed."""
	state = "Stopped" if stop_requested(name) else "Done"
	values: dict[str, object] = {"state": state, "claim": None, "lease_utc": None}
	if failure:
		told = {"error_code": failure.code.value, "error_values": json.dumps(failure.values)}
		values |= {"state": "Failed", **told}
	frappe.db.set_value(_DOCTYPE, name, {**values, "ended_utc": to_column(now_utc())})
	commit_step()


def lost() -> list[str]:
	"""Runs that should be at work and are not: lost jobs, dead workers."""
	now, late = to_column(now_utc()), frappe.utils.add_to_date(None, minutes=-5)
	table = frappe.qb.DocType(_DOCTYPE)
	rows = (
		frappe.qb.from_(table)
		.select(table.name)
		.where(
			((table.state == "Queued") & (table.modified < late))
			| (table.state.isin(("Running", "Stopping")) & (table.lease_utc < now))
		)
		.run()
	)
	return [str(name) for (name,) in rows]


def left_out(name: str) -> list[tuple[int, tuple[str, dict[str, str]] | None]]:
	"""The places, from 1, of its records for which nothing was done, each with the reason."""
	rows = frappe.get_all(
		_ROWS,
		filters={"parent": name, "outcome": ["in", ["skipped", "refused"]]},
		fields=["idx", "error_code", "error_values"],
		order_by="idx asc",
	)
	return [(row.idx, _failure(row)) for row in rows]


def results(name: str) -> tuple[list[Result], Counter[str]]:
	"""What became of its records, with trouble first, at most MOST_SHOWN; and how many of each outcome."""
	table = frappe.qb.DocType(_ROWS)
	found = (
		frappe.qb.from_(table)
		.select(*_COLUMNS)
		.where((table.parent == name) & (table.parenttype == _DOCTYPE))
		.orderby(table.outcome.isin(_QUIET))
		.orderby(table.idx)
		.limit(MOST_SHOWN)
		.run(as_dict=True)
	)
	counted = frappe.get_all(_ROWS, filters={"parent": name}, pluck="outcome")
	return [
		Result(
			Party(row.record_doctype, row.record_name),
			row.record_title or row.record_name,
			row.outcome,
			_failure(row),
			row.outbox,
			row.document,
		)
		for row in found
	], Counter(counted)
