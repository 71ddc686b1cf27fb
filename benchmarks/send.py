"""10, 100 and 1,000 documents to Xero, of 20 customers and with 50 items that it does not have: calls and time.

`QUICK=1` leaves out the 1,000. Each size has a process of its own, and with it books that know nothing of the
others; a hundred go once more as the action of a list does it.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import platform
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from benchmarks import stage
from devsite import databases

Figures = dict[str, float]
Case = tuple[int, str]
"""How many documents, and how they go: WAITING rows of the outbox, or a LIST's action."""

WAITING, LIST = "rows", "list"
_FULL: tuple[Case, ...] = ((10, WAITING), (100, WAITING), (1_000, WAITING), (100, LIST))
_QUICK: tuple[Case, ...] = ((10, WAITING), (100, WAITING), (100, LIST))
CUSTOMERS, ITEMS = 20, 50
_BATCH = 50

# name -> what it says, how it is written
_ROWS = {
	"calls": ("calls to Xero", ".0f"),
	"most_calls": ("  at most: batches of documents, items and customers, and 2", ".0f"),
	"seconds": ("seconds", ".2f"),
	"documents_per_second": ("documents a second, HTTP and log with it", ".0f"),
	"queries_per_document": ("statements to the database a document", ".1f"),
}


def main() -> None:
	measured = {case: _in_own_process(*case) for case in (_QUICK if os.environ.get("QUICK") else _FULL)}
	print(f"{databases.kind()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="\n\n")
	print(_table(measured), end="\n\n")
	print(*_named(measured))


def most_calls(documents: int, customers: int, items: int) -> int:
	"""The least there can be, and two: one to look whether somebody has made the customers meanwhile."""
	return sum(math.ceil(count / _BATCH) for count in (documents, customers, items)) + 2


def _in_own_process(documents: int, how: str) -> Figures:
	with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
		return process.submit(measure, documents, how).result()


def measure(documents: int, how: str) -> Figures:
	"""Once in a process."""
	with stage.opened(contacts=20, documents=100) as world:
		from benchmarks import sales  # they need frappe, which is there when a site is open

		world.read()
		return sales.measured(world, sales.deals(documents, CUSTOMERS, ITEMS), by_list=how == LIST)


def _table(measured: dict[Case, Figures]) -> str:
	heads = "".join(f"{f'{size:,} by {how}':>16}" for size, how in measured)
	lines = [f"{'documents':60}{heads}"]
	for name, (label, form) in _ROWS.items():
		values = "".join(f"{figures[name]:>16{form}}" for figures in measured.values())
		lines.append(f"{label:60}{values}")
	return "\n".join(lines)


def _named(measured: dict[Case, Figures]) -> Iterator[str]:
	for (size, how), figures in measured.items():
		suffix = f"_{how}_{size}" if how == LIST else f"_{size}"
		for name, (_, form) in _ROWS.items():
			yield f"{name}{suffix}={figures[name]:{form}}"


if __name__ == "__main__":
	main()
