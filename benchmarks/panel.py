"""The tab of customers with 5, 500 and 20,000 documents, in mirrors of 10,000, 100,000 and 1,000,000.

`QUICK=1` takes 2,000 and 10,000 and customers with 5 and 500. One mirror grows from size to size, so that a
customer's documents are the same in each.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import stage
from devsite import databases

if TYPE_CHECKING:
	from benchmarks.tab_calls import Measured


class Effort(NamedTuple):
	"""How much is measured: a customer with so many documents is there from that size of the mirror on."""

	sizes: tuple[int, ...]
	customers: dict[int, int]
	rounds: int


_FULL = Effort((10_000, 100_000, 1_000_000), {5: 0, 500: 0, 20_000: 100_000}, rounds=40)
_QUICK = Effort((2_000, 10_000), {5: 0, 500: 0}, rounds=20)

Case = tuple[str, int]
"""A call, and how many documents its customer has."""

Figures = dict[Case, dict[int, "Measured"]]
"""By the size of the mirror."""


def main() -> None:
	figures = measure(_QUICK if os.environ.get("QUICK") else _FULL)
	print(f"{databases.kind()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="\n\n")
	print(_table(figures), end="\n\n")
	print(*(f"{name}={value:.2f}" for name, value in _named(figures)))


def measure(effort: Effort) -> Figures:
	figures: Figures = {}
	with stage.empty_site() as site:
		from benchmarks import books as mirror  # they need frappe, which is there when a site is open
		from benchmarks import tab_calls

		books = mirror.Books()
		clock = tab_calls.Clock(site, books, effort.rounds)
		for size in effort.sizes:
			for documents, least in effort.customers.items():
				if size >= least and documents not in books.customers:
					books.add_customer(documents)
			books.grow(size)
			for documents in books.customers:
				for call in tab_calls.CALLS:
					figures.setdefault((call, documents), {})[size] = clock.measure(call, documents)
	return figures


def _table(figures: Figures) -> str:
	sizes = list(dict.fromkeys(size for by_size in figures.values() for size in by_size))
	heads = "".join(f"{size:>16,}" for size in sizes)
	lines = [
		f"{'ms, p50 (p95)':16}{heads}{'growth':>9}{'bare':>8}{'times':>7}{'Frappe':>8}{'times':>7}{'queries':>9}"
	]
	for (call, documents), by_size in figures.items():
		times = "".join(f"{_milliseconds(by_size.get(size)):>16}" for size in sizes)
		growth = f"{_growth(by_size):.2f}" if min(by_size) == sizes[0] else ""
		last = by_size[max(by_size)]
		lines.append(
			f"{call:9}{documents:>7,}{times}{growth:>9}{last.bare.p50:>8.1f}{last.times_bare:>7.1f}"
			f"{last.frappe.p50:>8.1f}{last.times_bare_and_frappe:>7.1f}{_queries(by_size):>9}"
		)
	return "\n".join(lines)


def _queries(by_size: dict[int, Measured]) -> str:
	return "-".join(str(count) for count in sorted({each.tab.queries for each in by_size.values()}))


def _milliseconds(measured: Measured | None) -> str:
	return f"{measured.tab.p50:.1f} ({measured.tab.p95:.1f})" if measured else ""


def _growth(by_size: dict[int, Measured]) -> float:
	"""Times as long in the largest mirror as in the smallest."""
	return by_size[max(by_size)].tab.p50 / by_size[min(by_size)].tab.p50


def _named(figures: Figures) -> Iterator[tuple[str, float]]:
	smallest = min(size for by_size in figures.values() for size in by_size)
	for (call, documents), by_size in figures.items():
		if min(by_size) == smallest:
			yield f"growth_{call}_{documents}", _growth(by_size)
		yield f"times_bare_{call}_{documents}", by_size[max(by_size)].times_bare
		yield f"times_bare_and_frappe_{call}_{documents}", by_size[max(by_size)].times_bare_and_frappe
		yield f"queries_{call}_{documents}", by_size[max(by_size)].tab.queries


if __name__ == "__main__":
	main()
