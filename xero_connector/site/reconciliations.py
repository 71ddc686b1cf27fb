"""Xero Reconciliation: what was compared with Xero when, and each difference that was found.

Comparing ──> Agrees
     └──────> Differs ──> Fixed     everything that differed was read again
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import frappe

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.reconciliation import CurrencySum, Difference, Kind
from xero_connector.site import runs
from xero_connector.site.database import (
	as_decimal,
	commit_step,
	from_column,
	insert_children,
	now_utc,
	to_column,
)
from xero_connector.site.organisations import State

DOCTYPE, ROWS = "Xero Reconciliation", "Xero Reconciliation Row"
COMPARING, AGREES, DIFFERS, FIXED = "Comparing", "Agrees", "Differs", "Fixed"
MOST_KEPT = 1_000
"""Differences that are written down of one comparison; there are more only where something big has gone wrong."""

STAGES = ("Contacts", "Invoices and Bills", "Credit Notes", "Customers that Differ")
"""The steps of the run that compares."""

FIGURES = (
	*("receivable_here", "receivable_in_xero", "payable_here", "payable_in_xero"),
	*("contacts_here", "contacts_in_xero", "invoices_here", "invoices_in_xero"),
	*("credit_notes_here", "credit_notes_in_xero"),
)
_COLUMNS = (
	*("kind", "subject", "xero_id", "title", "contact", "contact_name", "currency", "here", "in_xero"),
	*("differing", "fixed"),
)


@dataclass(frozen=True)
class Reconciliation:
	"""`ended` is when it was known whether the mirror agrees. `run` compares, `fixing` reads again what differed."""

	name: str
	organisation: str
	state: str
	run: str
	fixing: str | None
	started: datetime
	ended: datetime | None
	base_currency: str
	differences: int
	fixed: int
	figures: Mapping[str, Decimal | int]
	currencies: tuple[CurrencySum, ...]
	suspects: tuple[str, ...]

	@property
	def agrees(self) -> bool:
		return self.state in (AGREES, FIXED)


class Row(NamedTuple):
	"""A difference that was written down."""

	name: str
	difference: Difference
	fixed: bool


def ask(organisation: State) -> str:
	"""Write down that an organisation is to be compared, committed; the name of the reconciliation. One that is
	under way goes on instead."""
	under_way = _under_way(organisation.name)
	if under_way:
		return under_way
	run = runs.ask(runs.RECONCILE, DOCTYPE, STAGES, total=len(STAGES))
	row = frappe.new_doc(DOCTYPE)
	row.update(
		{
			"organisation": organisation.name,
			"state": COMPARING,
			"run": run,
			"started_utc": to_column(now_utc()),
			"base_currency": organisation.base_currency,
		}
	)
	row.insert(ignore_permissions=True, ignore_links=True)
	commit_step()
	return str(row.name)


def _under_way(organisation: str) -> str | None:
	table, run = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Xero Run")
	found = (
		frappe.qb.from_(table)
		.join(run)
		.on(run.name == table.run)
		.select(table.name)
		.where((table.organisation == organisation) & (table.state == COMPARING))
		.where(run.state.isin(("Queued", "Running", "Stopping")))
		.run()
	)
	return str(found[0][0]) if found else None


def get(name: str) -> Reconciliation:
	"""Raises NeedsPerson(NOT_FOUND)."""
	return _one({"name": name}, name)


def of_run(run: str) -> Reconciliation:
	"""The one that this run compares. Raises NeedsPerson(NOT_FOUND)."""
	return _one({"run": run}, run)


def _one(filters: dict[str, Any], what: str) -> Reconciliation:
	row = frappe.db.get_value(DOCTYPE, filters, "*", as_dict=True)
	if not row:
		raise NeedsPerson(Code.NOT_FOUND, what=what)
	return _reconciliation(row)


def latest(organisation: str, *, ended: bool = False) -> Reconciliation | None:
	"""The last one of an organisation; with `ended`, the last one that came to its end."""
	filters: dict[str, Any] = {"organisation": organisation}
	if ended:
		filters["state"] = ["!=", COMPARING]
	rows = frappe.get_all(
		DOCTYPE, filters=filters, fields=["*"], order_by="creation desc, name desc", limit=1
	)
	return _reconciliation(rows[0]) if rows else None


def agreement(organisation: str) -> dict[str, Any] | None:
	"""What the home says of the last comparison; None where there was none."""
	last = latest(organisation, ended=True)
	if not last or not last.ended:
		return None
	return {
		"reconciliation": last.name,
		"state": last.state,
		"agrees": last.agrees,
		"as_of": last.ended.isoformat(),
		"differences": last.differences,
		"open": last.differences - last.fixed,
	}


def _reconciliation(row: frappe._dict) -> Reconciliation:
	started = from_column(row.started_utc)
	assert started
	return Reconciliation(
		name=row.name,
		organisation=row.organisation,
		state=row.state,
		run=row.run,
		fixing=row.fixing,
		started=started,
		ended=from_column(row.ended_utc),
		base_currency=row.base_currency or "",
		differences=row.differences or 0,
		fixed=row.fixed or 0,
		figures={name: _figure(name, row[name]) for name in FIGURES},
		currencies=tuple(
			CurrencySum(kind, currency, Decimal(here), Decimal(in_xero))
			for kind, currency, here, in_xero in json.loads(row.currencies or "[]")
		),
		suspects=tuple(json.loads(row.suspects or "[]")),
	)


def _figure(name: str, value: Any) -> Decimal | int:
	return as_decimal(value) if name.startswith(("receivable", "payable")) else int(value or 0)


# What is found


def note(name: str, **values: Any) -> None:
	"""Figures of FIGURES; `suspects`, contacts whose documents are to be looked at; `currencies`, the sums so far. Not
	committed."""
	told = {
		field: json.dumps(value, default=str) if isinstance(value, list) else value
		for field, value in values.items()
	}
	frappe.db.set_value(DOCTYPE, name, told)


def add(name: str, found: Sequence[Difference]) -> None:
	"""Not committed."""
	known = int(frappe.db.get_value(DOCTYPE, name, "differences") or 0)
	kept = found[: max(MOST_KEPT - known, 0)]
	insert_children(
		ROWS,
		DOCTYPE,
		"rows",
		("name", "parent", "idx", *_COLUMNS),
		[
			(frappe.generate_hash(length=16), name, known + number, *_columns(difference))
			for number, difference in enumerate(kept, 1)
		],
	)
	frappe.db.set_value(DOCTYPE, name, "differences", known + len(found))


def _columns(difference: Difference) -> tuple[Any, ...]:
	*values, fields = difference
	return (*values[:3], difference.title[:255], *values[4:], json.dumps(fields) if fields else None, 0)


def finish(name: str) -> None:
	"""Everything was compared. Not committed."""
	differences = int(frappe.db.get_value(DOCTYPE, name, "differences") or 0)
	frappe.db.set_value(
		DOCTYPE,
		name,
		{
			"state": DIFFERS if differences else AGREES,
			"ended_utc": to_column(now_utc()),
			"suspects": None,
		},
	)


def rows(name: str, *, open_only: bool = False, names: Sequence[str] | None = None) -> list[Row]:
	"""In the order in which they were found."""
	filters: dict[str, Any] = {"parent": name, "parenttype": DOCTYPE}
	if open_only:
		filters["fixed"] = 0
	if names is not None:
		filters["name"] = ["in", list(names) or [""]]
	found = frappe.get_all(ROWS, filters=filters, fields=["name", *_COLUMNS], order_by="idx asc")
	return [Row(row.name, _difference(row), bool(row.fixed)) for row in found]


def _difference(row: frappe._dict) -> Difference:
	return Difference(
		Kind(row.kind),
		row.subject,
		row.xero_id,
		row.title or "",
		row.contact,
		row.contact_name or "",
		row.currency or "",
		as_decimal(row.here),
		as_decimal(row.in_xero),
		{name: (here, there) for name, (here, there) in json.loads(row.differing or "{}").items()},
	)


# Fixing


def ask_fix(name: str, chosen: Sequence[str]) -> str:
	"""Write down that these rows are to be read again, committed; the name of the run that does it."""
	run = runs.ask(runs.FIX, ROWS, chosen, total=len(chosen))
	frappe.db.set_value(DOCTYPE, name, "fixing", run)
	commit_step()
	return run


def being_fixed(run: str) -> Reconciliation:
	"""The one whose rows this run reads again. Raises NeedsPerson(NOT_FOUND)."""
	return _one({"fixing": run}, run)


def fixed(name: str, names: Sequence[str]) -> None:
	"""Not committed."""
	for row in sorted(names):
		frappe.db.set_value(ROWS, row, "fixed", 1)
	done = frappe.db.count(ROWS, {"parent": name, "parenttype": DOCTYPE, "fixed": 1})
	frappe.db.set_value(DOCTYPE, name, "fixed", done)
	if done == frappe.db.get_value(DOCTYPE, name, "differences"):
		frappe.db.set_value(DOCTYPE, name, "state", FIXED)


def forget(days: int) -> None:
	"""Drop what is older than this, and keep the last one of each organisation."""
	old = frappe.get_all(
		DOCTYPE,
		filters={"started_utc": ("<", to_column(now_utc() - timedelta(days=days)))},
		fields=["name", "organisation"],
	)
	last = {organisation: latest(organisation) for organisation in {row.organisation for row in old}}
	gone = [row.name for row in old if (kept := last[row.organisation]) and kept.name != row.name]
	if gone:
		frappe.db.delete(ROWS, {"parent": ("in", gone), "parenttype": DOCTYPE})
		frappe.db.delete(DOCTYPE, {"name": ("in", gone)})
