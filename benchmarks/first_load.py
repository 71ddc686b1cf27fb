"""The job that reads an organisation, from an empty mirror, over HTTP: calls, queries, time and memory."""

from __future__ import annotations

import itertools
import math
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, NamedTuple
from unittest.mock import patch

import frappe
import psutil

from tests.xero_world import World
from xero_connector.site import organisations
from xero_connector.xero.reader import PAGE_SIZE

_SETTINGS_LISTS = 4
"""Organisation, accounts, tax rates and items: a call each."""


class Load(NamedTuple):
	"""`growth_mb` is from the first page, the warm-up, to the most that the process ever held."""

	calls: int
	least_calls: int
	queries_per_page: float
	loaded_per_second: float
	growth_mb: float


class Mark(NamedTuple):
	"""What the job had used when a page was in the mirror."""

	queries: int
	bytes_held: int


def run(world: World) -> Load:
	with _watched() as marks:
		started = time.perf_counter()
		world.read()
		seconds = time.perf_counter() - started
	state = frappe.db.get_value("Xero Organisation", world.organisation, ["sync_state", "error_code"])
	if state != ("Idle", None):
		raise SystemExit(f"The load did not end: {state}")
	return Load(
		calls=len(world.calls()),
		least_calls=_least_calls(),
		queries_per_page=median(mark.queries - last.queries for last, mark in itertools.pairwise(marks)),
		loaded_per_second=frappe.db.count("Xero Invoice") / seconds,
		growth_mb=(_most_ever_held() - marks[0].bytes_held) / 1e6,
	)


@contextmanager
def _watched() -> Iterator[list[Mark]]:
	"""The marks made meanwhile, one after every page."""
	marks: list[Mark] = []
	queries = 0
	database, process = frappe.local.db, psutil.Process()
	sql, note_progress = database.sql, organisations.note_progress

	def counting(*arguments: Any, **options: Any) -> Any:
		nonlocal queries
		queries += 1
		return sql(*arguments, **options)

	def marking(*arguments: Any) -> None:
		note_progress(*arguments)
		marks.append(Mark(queries, process.memory_info().rss))

	with patch.object(database, "sql", counting), patch.object(organisations, "note_progress", marking):
		yield marks


def _most_ever_held() -> int:
	"""Bytes, by the system's own record, which misses nothing; it counts kilobytes, and on macOS bytes."""
	most: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
	return most if sys.platform == "darwin" else most * 1024


def _least_calls() -> int:
	"""ceil(n / 1000) for each list that is read by pages, and the settings lists."""
	notes = frappe.db.count("Xero Invoice", {"document_type": ("like", "%Credit Note")})
	rows = (frappe.db.count("Xero Contact"), frappe.db.count("Xero Invoice") - notes, notes)
	return _SETTINGS_LISTS + sum(max(1, math.ceil(count / PAGE_SIZE)) for count in rows)
