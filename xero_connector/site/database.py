"""The few things that Frappe's ORM does not do for a mirror: bulk upserts, committed steps, typed columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import frappe

_CHUNK_VALUES = 5_000
"""Values in one statement. Larger ones are no faster, and Python's SQLite keeps its last 128 statements, which
at 30,000 values each came to 100 MB."""

_PLACES = 9
"""Of the decimal columns that Frappe makes of amounts and quantities."""


def now_utc() -> datetime:
	return datetime.now(timezone.utc)


def to_column(moment: datetime) -> datetime:
	"""A moment as the columns named `…_utc` hold it: UTC without a zone."""
	return moment.astimezone(timezone.utc).replace(tzinfo=None)


def from_column(moment: datetime | str | None) -> datetime | None:
	"""The aware moment of a column named `…_utc`."""
	stored = frappe.utils.get_datetime(moment) if moment else None
	return stored.replace(tzinfo=timezone.utc) if stored else None


def site_zone() -> ZoneInfo:
	"""The zone of columns that Frappe itself fills, such as `creation`."""
	return ZoneInfo(frappe.utils.get_system_timezone())


def as_decimal(amount: Any) -> Decimal:
	"""MariaDB keeps nine places of an amount, SQLite a float, of which the same nine count: what lies exactly
	between two cents is then rounded alike. None is nothing."""
	return Decimal(str(round(amount, _PLACES) if isinstance(amount, float) else amount or 0))


def as_date(day: Any) -> date | None:
	"""MariaDB answers dates, SQLite their text."""
	return frappe.utils.getdate(day) if day else None  # type: ignore[no-any-return]


def commit_step() -> None:
	"""End the transaction where a step must outlive whatever comes next: a token saved before it is used, a
	wish written before it is sent, a page kept with its cursor. Callers finish what belongs together first.
	"""
	frappe.db.commit()  # nosemgrep: the step must be durable before the next call to Xero


def hold_row(doctype: str, name: str) -> None:
	"""Keep a row to ourselves until the next commit; commits what was written before.

	An UPDATE holds the row on every database, SQLite included; and because it opens a transaction of its own, what is
	read after it is what the last holder committed.
	"""
	commit_step()
	row = frappe.qb.DocType(doctype)
	frappe.qb.update(row).set(row.modified, frappe.utils.now()).where(row.name == name).run()


def again_after_deadlock(step: Callable[[], None], attempts: int = 3) -> None:
	"""Do the whole of a transaction, and do it once more where the database gave it up in favour of another
	worker's; what it is made of must still be there then."""
	for left in reversed(range(attempts)):
		try:
			return step()
		except frappe.QueryDeadlockError:
			frappe.db.rollback()
			if not left:
				raise
	return None


def claim(doctype: str, name: str, values: dict[str, Any], condition: str, arguments: dict[str, Any]) -> bool:
	"""`claim_rows` of one row; whether it was won."""
	claim_rows(doctype, [name], values, condition, arguments)
	field, token = next((k, v) for k, v in values.items() if k.endswith("claim"))
	return bool(frappe.db.get_value(doctype, name, field) == token)


def claim_rows(
	doctype: str,
	names: Sequence[str],
	values: dict[str, Any],
	condition: str,
	arguments: dict[str, Any],
	also: str | None = None,
) -> None:
	"""Take rows for this worker: one UPDATE that only one of many can win, committed.

	`values` must hold a `claim` column unique to the caller, which tells who won. `condition`, and `also` for
	further assignments, are SQL over the row's columns with `%(…)s` for `arguments`; never made from input.
	"""
	if not names:  # an empty list is no SQL
		return
	assignments = [f"`{column}` = %(set_{column})s" for column in values] + ([also] if also else [])
	frappe.db.sql(
		f"UPDATE `tab{doctype}` SET {', '.join(assignments)} WHERE `name` IN %(rows)s AND ({condition})",
		{**{f"set_{column}": value for column, value in values.items()}, **arguments, "rows": list(names)},
	)
	commit_step()


def upsert(doctype: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
	"""Insert `rows` or, where the name is known, overwrite `columns`; `columns[0]` must be the name.

	Runs no controller and no hook: only for tables that nobody edits by hand. In the order of their names, so that
	two workers with the same rows wait for each other and do not lock each other out.
	"""
	_insert(doctype, columns, rows, update=[*columns[1:], "modified", "modified_by"])


def insert_missing(doctype: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
	"""The same, but a row whose name is known stays as it is."""
	# no row is changed by being given the name it has, and the databases have no common word for "nothing"
	_insert(doctype, columns, rows, update=columns[:1])


def _insert(
	doctype: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], update: Sequence[str]
) -> None:
	now, user = frappe.utils.now(), frappe.session.user
	created = ("creation", "owner", "modified", "modified_by")
	statement = (
		f"INSERT INTO `tab{doctype}` ({_names([*columns, *created])}) VALUES {{rows}} {_on_conflict(update)}"
	)
	ordered = sorted(rows, key=lambda row: str(row[0]))
	_in_chunks(statement, [(*row, now, user, now, user) for row in ordered])


def insert_children(
	doctype: str, parent_doctype: str, field: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
	"""Child rows in bulk; `columns` must begin with name, parent and idx."""
	now, user = frappe.utils.now(), frappe.session.user
	fixed = ("parenttype", "parentfield", "creation", "owner", "modified", "modified_by")
	statement = f"INSERT INTO `tab{doctype}` ({_names([*columns, *fixed])}) VALUES {{rows}}"
	_in_chunks(statement, [(*row, parent_doctype, field, now, user, now, user) for row in rows])


def _names(columns: Iterable[str]) -> str:
	return ", ".join(f"`{column}`" for column in columns)


def _on_conflict(columns: Sequence[str]) -> str:
	if frappe.db.db_type == "mariadb":
		return "ON DUPLICATE KEY UPDATE " + ", ".join(f"`{c}` = VALUES(`{c}`)" for c in columns)
	return "ON CONFLICT (`name`) DO UPDATE SET " + ", ".join(f"`{c}` = excluded.`{c}`" for c in columns)


def _in_chunks(statement: str, rows: Sequence[Sequence[Any]]) -> None:
	if not rows:
		return
	width = len(rows[0])
	size = max(1, _CHUNK_VALUES // width)
	placeholders = f"({', '.join(['%s'] * width)})"
	for start in range(0, len(rows), size):
		chunk = rows[start : start + size]
		query = statement.format(rows=", ".join([placeholders] * len(chunk)))
		frappe.db.sql(query, [value for row in chunk for value in row])
