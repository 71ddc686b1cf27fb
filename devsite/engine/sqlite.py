"""SQLite: statements, values and transactions, so that code written for MariaDB runs and means the same."""

from __future__ import annotations

import datetime
import decimal
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

BUSY_TIMEOUT_MS = 30_000

_NAMED = re.compile(r"%\((\w+)\)s|%%")
_POSITIONAL = re.compile(r"%s|%%")
_FOR_UPDATE = re.compile(r"\s+for\s+update\b(\s+(nowait|skip\s+locked))?\s*;?\s*$", re.IGNORECASE)
_INSERT_IGNORE = re.compile(r"^\s*insert\s+ignore\b", re.IGNORECASE)
_READS = ("select", "pragma", "explain", "with")
_TRANSACTION = ("begin", "commit", "rollback", "release", "end")


def mend() -> None:
	_let_pypika_build()
	_bind_values()
	_take_the_write_lock_first()
	_open_connections()


def _let_pypika_build() -> None:
	"""Bug: PyPI's pypika refuses the wrapper class that the engine passes to its SQLite builder."""
	from pypika import dialects, queries

	def init(self: Any, **options: Any) -> None:
		options.setdefault("wrapper_cls", dialects.SQLLiteValueWrapper)
		queries.QueryBuilder.__init__(self, dialect=dialects.Dialects.SQLLITE, **options)
		self._insert_or_replace = False

	def for_update(self: Any, *_: Any, **__: Any) -> Any:
		"""Accepts MariaDB's nowait and skip_locked; ``execute`` turns the clause into the file's lock."""
		return queries.QueryBuilder.for_update(self)

	dialects.SQLLiteQueryBuilder.__init__ = init
	dialects.SQLLiteQueryBuilder.for_update = for_update


def _bind_values() -> None:
	"""Bug: values were pasted into the SQL text ("it's" broke, None became 'None', 100% became 100%%)."""
	from frappe.database.sqlite.database import SQLiteDatabase

	def execute_query(self: Any, query: str, values: Any = None) -> Any:
		query, arguments = bound(query, values)
		query, locked = _FOR_UPDATE.subn("", query)
		query = _INSERT_IGNORE.sub("INSERT OR IGNORE", query)
		if (
			(locked or writes(query))
			and not self._conn.in_transaction
			and not getattr(self, "read_only", False)
		):
			self._cursor.execute("BEGIN IMMEDIATE")
		return self._cursor.execute(query, arguments)

	SQLiteDatabase.execute_query = execute_query


def bound(query: str, values: Any) -> tuple[str, list[Any]]:
	"""The query with ``?`` for ``%s`` and ``%(name)s``, and its arguments in order; lists become ``(?, ?)``.

	Without values the text stays as it is, as with pymysql: a ``%`` needs no doubling then.
	"""
	if not values:
		return query, []
	arguments: list[Any] = []
	if isinstance(values, Mapping):

		def named(match: re.Match[str]) -> str:
			return _placeholder(values[match[1]], arguments) if match[1] else "%"

		return _NAMED.sub(named, query), arguments
	remaining = iter(values)

	def positional(match: re.Match[str]) -> str:
		return "%" if match[0] == "%%" else _placeholder(next(remaining), arguments)

	return _POSITIONAL.sub(positional, query), arguments


def _placeholder(value: Any, arguments: list[Any]) -> str:
	if not isinstance(value, list | tuple | set | frozenset):
		arguments.append(value)
		return "?"
	items = list(value)
	nested = bool(items) and isinstance(items[0], list | tuple)
	text = ", ".join(_placeholder(item, arguments) for item in items)
	return f"(VALUES {text})" if nested else f"({text})"


def writes(query: str) -> bool:
	word = query.lstrip("( \t\r\n").split(None, 1)[0].lower().rstrip(";") if query.strip() else ""
	return word not in _READS and word not in _TRANSACTION


def _take_the_write_lock_first() -> None:
	"""Bug: every transaction began as a reader and became a writer later.

	SQLite fails such an upgrade at once ("database is locked", whatever the timeout) when another connection
	wrote in between: two threads were enough. Here reads stand alone and see what others committed; a
	transaction starts with its first write or ``FOR UPDATE``, takes the file's lock and waits for its turn.
	What differs from MariaDB: no snapshot across reads, and the lock is the whole file's, not a row's.
	"""
	from frappe.database.sqlite.database import SQLiteDatabase

	def begin(self: Any, *, read_only: bool = False) -> None:
		import frappe

		read_only = bool(read_only or frappe.flags.read_only)
		if read_only == bool(getattr(self, "read_only", False)):
			return
		if self._conn:
			self._conn.close()
		self._conn = self.get_connection(read_only=read_only)
		self._cursor = self._conn.cursor()
		self.read_only = read_only

	SQLiteDatabase.begin = begin


def _open_connections() -> None:
	"""Bug: date columns of some tables came back as text, and MariaDB's functions were missing."""
	from frappe.database.sqlite.database import SQLiteDatabase

	_teach_types()
	connect = SQLiteDatabase.create_connection

	def create_connection(self: Any, read_only: bool = False) -> sqlite3.Connection:
		connection = connect(self, read_only)
		_teach_types()  # the engine's own registers its converters anew each time
		connection.isolation_level = None
		return connection

	def get_connection(self: Any, read_only: bool = False) -> sqlite3.Connection:
		connection = self.create_connection(read_only)
		connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
		if not read_only:
			connection.execute("PRAGMA journal_mode=WAL")
			connection.execute("PRAGMA synchronous=NORMAL")
		for name, count, function in functions():
			connection.create_function(name, count, function, deterministic=name != "now")
		return connection

	def set_execution_timeout(self: Any, seconds: int) -> None:
		"""Bug: a statement's time limit was written into the time to wait for a lock."""

	SQLiteDatabase.create_connection = create_connection
	SQLiteDatabase.get_connection = get_connection
	SQLiteDatabase.set_execution_timeout = set_execution_timeout


def _teach_types() -> None:
	def reader(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
		def read(raw: bytes) -> Any:
			try:
				return parse(raw.decode())
			except ValueError:
				return raw.decode()

		return read

	for name in ("timestamp", "datetime"):
		sqlite3.register_converter(name, reader(datetime.datetime.fromisoformat))
	sqlite3.register_converter("date", reader(lambda text: datetime.date.fromisoformat(text[:10])))
	sqlite3.register_converter("time", reader(_duration))
	sqlite3.register_adapter(decimal.Decimal, float)
	sqlite3.register_adapter(datetime.datetime, lambda value: value.isoformat(" "))
	for kind in (datetime.date, datetime.time):
		sqlite3.register_adapter(kind, kind.isoformat)
	sqlite3.register_adapter(datetime.timedelta, str)


def _duration(text: str) -> datetime.timedelta:
	"""A time of day as MariaDB's driver gives it."""
	hours, minutes, seconds = text.split(":")
	return datetime.timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def functions() -> Iterable[tuple[str, int, Callable[..., Any]]]:
	"""What MariaDB has and SQLite lacks: name, number of arguments (-1: any), function."""
	return (
		("regexp", 2, lambda pattern, text: text is not None and re.search(pattern, str(text)) is not None),
		("regexp_replace", 3, lambda text, pattern, new: re.sub(pattern, new, text or "")),
		("char_length", 1, lambda text: None if text is None else len(str(text))),
		("now", 0, lambda: datetime.datetime.now().isoformat(" ")),
		("concat", -1, lambda *parts: None if None in parts else "".join(map(str, parts))),
		("concat_ws", -1, lambda glue, *parts: glue.join(str(part) for part in parts if part is not None)),
		("if", 3, lambda condition, yes, no: yes if condition else no),
		("greatest", -1, lambda *values: None if None in values else max(values)),
		("least", -1, lambda *values: None if None in values else min(values)),
		("year", 1, lambda day: int(str(day)[:4]) if day else None),
		("month", 1, lambda day: int(str(day)[5:7]) if day else None),
		(
			"unix_timestamp",
			1,
			lambda text: datetime.datetime.fromisoformat(text).timestamp() if text else None,
		),
		("timestamp", 2, lambda day, time: f"{day} {time}"),
		("datediff", 2, lambda one, two: (_day(one) - _day(two)).days if one and two else None),
	)


def _day(text: str) -> datetime.date:
	return datetime.date.fromisoformat(str(text)[:10])
