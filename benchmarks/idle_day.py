"""What a day costs in calls to Xero: without a change, and with 2,000 of them, with webhooks and without.

The site's and Xero's clocks are put forward together, a minute at a time; in each the scheduler does what is due and
the jobs run. Xero allows 1,000 calls a day, as on its free tier. `QUICK=1` leaves out the days with changes.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import random
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks import stage
from devsite import databases

DAY = 24 * 60
CHANGES, SESSION = 2_000, 20
STARTER = 1_000
_OPENS, _HOURS = 8, 10

Case = tuple[str, bool]
"""How changes are spread over the day, and whether webhooks tell of them."""

IDLE, SESSIONS, EVEN = "idle", "sessions", "even"
_QUICK: tuple[Case, ...] = ((IDLE, True), (IDLE, False))
_FULL: tuple[Case, ...] = (*_QUICK, (SESSIONS, True), (SESSIONS, False), (EVEN, True), (EVEN, False))

_ROWS = {
	"calls": "calls to Xero",
	"refused": "  refused by its limits",
	"unseen": "changes not in the mirror at the end",
	"median_seconds": "seconds until a change is seen, half of them",
	"p95_seconds": "  95 of 100",
	"most_seconds": "  at most",
}


def main() -> None:
	cases = _QUICK if os.environ.get("QUICK") else _FULL
	measured = {case: _in_own_process(*case) for case in cases}
	print(f"{databases.kind()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="\n\n")
	print(_table(measured), end="\n\n")
	print(*_named(measured))


def _in_own_process(spread: str, with_webhooks: bool) -> dict[str, int]:
	with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
		return process.submit(measure, spread, with_webhooks).result()


def minutes_of(spread: str) -> list[int]:
	"""In which minute of the day each change is made: in sessions of SESSION within office hours, or evenly."""
	if spread == IDLE:
		return []
	if spread == EVEN:
		return [number * DAY // CHANGES for number in range(CHANGES)]
	dice = random.Random(5)
	starts = [60 * _OPENS + dice.randrange(60 * _HOURS) for _ in range(CHANGES // SESSION)]
	return sorted(start for start in starts for _ in range(SESSION))


def measure(spread: str, with_webhooks: bool) -> dict[str, int]:
	"""Once in a process."""
	with stage.beside(contacts=200, documents=CHANGES + 500, day=STARTER) as world:
		from tests.xero_day import day

		world.read()
		begun = len(world.sandbox.requests)
		with day(world, with_webhooks=with_webhooks) as lived:
			seen = _Seen(world, minutes_of(spread))
			lived.live(DAY, seen.minute)
		seen.look(DAY)
		calls = [call for call in world.sandbox.requests[begun:] if call.path.startswith("/api.xro/")]
		return {
			"calls": len(calls),
			"refused": sum(call.status == 429 for call in calls),
			**seen.figures(),
		}


class _Seen:
	"""Makes the changes, and finds out in which minute the mirror has each."""

	def __init__(self, world: Any, minutes: list[int]) -> None:
		self._world = world
		self._left = list(reversed(minutes))
		books = world.sandbox.organisations[0]
		self._invoices = [row for row in books.invoices if row.type == "ACCREC"]
		self._waiting: dict[str, tuple[int, str]] = {}
		self._waits: list[int] = []

	def minute(self, minute: int) -> None:
		self.look(minute)
		while self._left and self._left[-1] <= minute:
			number = len(self._left)
			self._left.pop()
			invoice = self._invoices[number % len(self._invoices)]
			reference = f"change {number}"
			self._world.sandbox.edit_invoice(invoice.id, reference=reference)
			self._waiting[invoice.id] = (minute, reference)

	def look(self, minute: int) -> None:
		"""What the last minute's jobs have brought; what comes with its own minute has waited for less than one."""
		import frappe

		frappe.db.commit()
		for invoice, (made, reference) in list(self._waiting.items()):
			if frappe.db.get_value("Xero Invoice", invoice, "reference") == reference:
				self._waits.append(60 * (minute - 1 - made))
				del self._waiting[invoice]

	def figures(self) -> dict[str, int]:
		waits = sorted(self._waits) or [0]
		return {
			"unseen": len(self._waiting) + len(self._left),
			"median_seconds": waits[len(waits) // 2],
			"p95_seconds": waits[len(waits) * 95 // 100],
			"most_seconds": waits[-1],
		}


def _name(case: Case) -> str:
	spread, with_webhooks = case
	return f"{spread}_{'webhooks' if with_webhooks else 'polls'}"


def _table(measured: dict[Case, dict[str, int]]) -> str:
	lines = [" " * 46 + "".join(f"{_name(case):>20}" for case in measured)]
	for name, title in _ROWS.items():
		lines.append(f"{title:<46}" + "".join(f"{figures[name]:>20,}" for figures in measured.values()))
	return "\n".join(lines)


def _named(measured: dict[Case, dict[str, int]]) -> list[str]:
	names = {case: ("calls", "refused") if case[0] == IDLE else tuple(_ROWS) for case in measured}
	return [
		f"{name}_{_name(case)}={figures[name]}" for case, figures in measured.items() for name in names[case]
	]


if __name__ == "__main__":
	main()
