"""100 webhook deliveries a second for a minute, over HTTP to two processes that serve a site: how they are answered,
and what it takes to fetch what they tell of.

`QUICK=1` sends for ten seconds.
"""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks import deliveries, serving, stage
from benchmarks.deliveries import Answer
from devsite import databases

Figures = dict[str, float]

A_SECOND = 100
_SECONDS, _QUICK = 60, 10
PROCESSES = 2
_DOCUMENTS = 500
_KEY = "the key of a benchmark"
_WARM = 50

# name -> what it says, how it is written, what it should be
_ROWS = {
	"deliveries": ("deliveries of one event each", ".0f", ""),
	"a_second": ("  a second", ".1f", ""),
	"ok": ("  answered with 200", ".0f", "all"),
	"with_body": ("  answered with a body", ".0f", "0"),
	"with_cookies": ("  answered with a cookie", ".0f", "0"),
	"p50_ms": ("milliseconds, half of them", ".1f", ""),
	"p99_ms": ("  99 of 100", ".1f", "below 50 on MariaDB and Redis"),
	"most_ms": ("  the slowest", ".1f", "below 5,000: Xero waits no longer"),
	"nothing_p50_ms": ("milliseconds for a request that does nothing, half", ".1f", ""),
	"nothing_p99_ms": ("  99 of 100", ".1f", ""),
	"kept": ("events kept", ".0f", "all"),
	"calls": ("calls to Xero to fetch what they tell of", ".0f", ""),
	"least_calls": ("  a call for every 40 rows", ".0f", ""),
	"seconds_to_fetch": ("seconds, by one worker", ".1f", ""),
}


def main() -> None:
	figures = measure(_QUICK if os.environ.get("QUICK") else _SECONDS)
	redis = "Redis" if os.environ.get("DEVSITE_REDIS") else "no Redis"
	print(
		f"{databases.kind()}, {redis}, Python {platform.python_version()}, {os.cpu_count()} cores", end="\n\n"
	)
	for name, (label, form, goal) in _ROWS.items():
		print(f"{label:52}{figures[name]:>10{form}}   {goal}".rstrip())
	print()
	print(*_named(figures))


def measure(seconds: int) -> Figures:
	"""Once in a process."""
	with stage.opened(contacts=50, documents=_DOCUMENTS) as world:
		import frappe

		world.read()
		documents = frappe.get_all(
			"Xero Invoice", {"document_type": ["in", ["Invoice", "Bill"]]}, pluck="name"
		)
		settings = frappe.get_doc("Xero Settings")
		settings.webhook_key = _KEY
		settings.save()
		frappe.db.commit()
		count = seconds * A_SECOND
		sent = deliveries.made(world.organisation, documents, count + _WARM, first=1, key=_KEY)
		with serving.processes(Path(frappe.get_site_path()), PROCESSES) as url:
			deliveries.sent(url, sent[:_WARM], A_SECOND / 4)
			started = time.perf_counter()
			answers = deliveries.sent(url, sent[_WARM:], A_SECOND)
			took = time.perf_counter() - started
			nothing = deliveries.sent(url, sent[: 5 * A_SECOND], A_SECOND, deliveries.NOTHING)
		frappe.db.rollback()
		kept = frappe.db.count("Xero Webhook Event") - _WARM
		return {
			**answered(answers),
			**{f"nothing_{name}": value for name, value in _times(nothing).items()},
			"a_second": count / took,
			"kept": kept,
			"least_calls": math.ceil(len(documents) / 40),
			**_fetched(world),
		}


def answered(answers: Sequence[Answer]) -> Figures:
	return {
		"deliveries": len(answers),
		"ok": sum(answer.status == 200 for answer in answers),
		"with_body": sum(bool(answer.bytes) for answer in answers),
		"with_cookies": sum(bool(answer.cookies) for answer in answers),
		**_times(answers),
	}


def _times(answers: Sequence[Answer]) -> Figures:
	milliseconds = [answer.seconds * 1000 for answer in answers]
	percentiles = quantiles(milliseconds, n=100, method="inclusive")
	return {"p50_ms": percentiles[49], "p99_ms": percentiles[98], "most_ms": max(milliseconds)}


def _fetched(world: Any) -> Figures:
	"""By the job, in this process. Raises AssertionError unless all is done."""
	import frappe

	from xero_connector import webhooks

	world.jobs.clear()
	calls, started = len(world.calls()), time.perf_counter()
	webhooks.work(world.organisation)
	seconds = time.perf_counter() - started
	left = frappe.get_all("Xero Webhook Event", {"state": ["!=", "Done"]}, ["state", "error_code"], limit=1)
	assert not left, left
	return {"calls": len(world.calls()) - calls, "seconds_to_fetch": seconds}


def _named(figures: Figures) -> Iterator[str]:
	for name, (_label, form, _goal) in _ROWS.items():
		yield f"{name}={figures[name]:{form}}"


if __name__ == "__main__":
	main()
