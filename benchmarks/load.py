"""A first load of 10,000 and of 100,000 documents: calls to Xero, speed of decode and write, memory.

`QUICK=1` takes 2,000. Each size has a process of its own, so that none finds the other's memory.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from benchmarks import stage
from devsite import databases

Figures = dict[str, float]


class Effort(NamedTuple):
	"""How much is measured: `pages` of the list, each written `rounds` times every way."""

	sizes: tuple[int, ...]
	pages: int
	rounds: int


_FULL = Effort(sizes=(10_000, 100_000), pages=8, rounds=4)
_QUICK = Effort(sizes=(2_000,), pages=1, rounds=8)

# name -> what it says, how it is written, what it should be
_ROWS = {
	"calls": ("calls to Xero", ".0f", ""),
	"least_calls": ("  ceil(n / 1000) a list, and the settings lists", ".0f", ""),
	"queries_per_page": ("queries a page", ".0f", ""),
	"loaded_per_second": ("documents a second, the whole job over HTTP", ",.0f", ""),
	"documents_per_second": ("documents a second, decode and write", ",.0f", "above 1,000: Xero's own"),
	"times_of_bare_upsert": ("  times as long as the bare upsert", ".2f", "at most 2"),
	"times_of_bare_upsert_again": ("  the same when the rows are there already", ".2f", ""),
	"times_faster_than_naive": ("  times faster than the naive way", ".1f", "at least 30"),
	"bare_times_faster_than_naive": ("  of which the bare upsert would reach", ".1f", ""),
	"growth_mb": ("growth in MB", ".0f", "below 100"),
}


def main() -> None:
	effort = _QUICK if os.environ.get("QUICK") else _FULL
	measured = {size: _in_own_process(size, effort) for size in effort.sizes}
	print(f"{databases.kind()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="\n\n")
	print(_table(measured), end="\n\n")
	print(*_named(measured))


def _in_own_process(documents: int, effort: Effort) -> Figures:
	with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
		return process.submit(measure, documents, effort).result()


def measure(documents: int, effort: Effort) -> Figures:
	"""Once in a process."""
	with stage.opened(contacts=documents // 10, documents=documents) as world:
		from benchmarks import first_load, pages  # they need frappe, which is there when a site is open

		load = first_load.run(world)
		speed = pages.compare(pages.recorded(world, effort.pages), effort.rounds)
		return {**load._asdict(), **speed._asdict()}


def _table(measured: dict[int, Figures]) -> str:
	lines = [f"{'documents':48}" + "".join(f"{size:>10,}" for size in measured) + "   goal"]
	for name, (label, form, goal) in _ROWS.items():
		values = "".join(f"{figures[name]:>10{form}}" for figures in measured.values())
		lines.append(f"{label:48}{values}   {goal}".rstrip())
	return "\n".join(lines)


def _named(measured: dict[int, Figures]) -> Iterator[str]:
	for size, figures in measured.items():
		suffix = f"_{size}" if len(measured) > 1 else ""
		for name, (_, form, _) in _ROWS.items():
			yield f"{name}{suffix}={figures[name]:{form.removeprefix(',')}}"


if __name__ == "__main__":
	main()
