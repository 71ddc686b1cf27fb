"""Runs queued jobs: of this thread's site now (``drain``), in a thread beside a server, or as a process.

Works on a bench too: it uses nothing of the engine's mends.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rq import SimpleWorker
from rq.exceptions import InvalidJobOperation
from rq.job import Job, JobStatus
from rq.queue import Queue
from rq.timeouts import TimerDeathPenalty

POLL_SECONDS = 0.3
TICK_SECONDS = 30

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
	"""What became of one job: its method's dotted name, what it returned, or the traceback of its failure."""

	method: str
	kwargs: dict[str, Any]
	value: Any = None
	error: str | None = None


class _Worker(SimpleWorker):
	"""Runs a job in this thread; signals, which RQ uses to time out, belong to the main thread only."""

	death_penalty_class = TimerDeathPenalty

	def _install_signal_handlers(self) -> None:
		pass


def drain() -> list[Outcome]:
	"""Run every queued job of the current site, in this thread, until none is left.

	Each job has its own connection and transaction, as with a real worker, and leaves the thread without a
	site: whoever calls this commits before and connects again after it.
	"""
	import frappe

	site = frappe.local.site
	of_site = queues()
	outcomes = []
	while found := next(_waiting(of_site, site), None):
		outcomes.append(_run(*found))
	return outcomes


def queues() -> list[Queue]:
	from frappe.utils.background_jobs import get_queue_list, get_redis_conn

	connection = get_redis_conn()
	return [Queue(name, connection=connection) for name in get_queue_list(build_queue_name=True)]


def forget(job: Job, queue: Queue) -> None:
	"""Take a job off its queue; the same one may stand there twice, or be gone already."""
	queue.remove(job)
	with suppress(InvalidJobOperation):
		job.delete()


def _waiting(found_in: list[Queue], site: str) -> Iterator[tuple[Job, Queue]]:
	"""Jobs of the site in the order a worker takes them; each is off its queue when it is handed out."""
	for queue in found_in:
		for job in queue.jobs:
			if job.kwargs.get("site") == site:
				queue.remove(job)
				yield job, queue


def _run(job: Job, queue: Queue) -> Outcome:
	worker = _Worker([queue], connection=queue.connection)
	worker.log.setLevel(logging.CRITICAL)  # the outcome tells, and Frappe logs a failure
	worker.execute_job(job, queue)
	method = job.kwargs["method"]
	name = method if isinstance(method, str) else f"{method.__module__}.{method.__qualname__}"
	arguments = job.kwargs.get("kwargs") or {}
	result = job.latest_result()
	if job.get_status() == JobStatus.FAILED:
		return Outcome(name, arguments, error=(result and result.exc_string) or "failed")
	return Outcome(name, arguments, value=result and result.return_value)


class Background:
	"""A worker and a scheduler in threads of this process, between ``start`` and ``stop``."""

	def __init__(self, tick_seconds: float = TICK_SECONDS) -> None:
		self.tick_seconds = tick_seconds
		self._stop = threading.Event()
		self._threads = [
			threading.Thread(target=self._work, name="devsite-worker", daemon=True),
			threading.Thread(target=self._tick, name="devsite-ticker", daemon=True),
		]

	def start(self) -> Background:
		for thread in self._threads:
			thread.start()
		return self

	def ask_to_stop(self) -> None:
		self._stop.set()

	def stop(self) -> None:
		"""Waits for the job that runs, but not for ever."""
		self._stop.set()
		for thread in self._threads:
			thread.join(timeout=30)

	def wait(self) -> None:
		"""Until stopped from another thread or by Ctrl-C."""
		while not self._stop.wait(1):
			pass

	def _work(self) -> None:
		waiting: list[Queue] = []
		_guarded(_on_own_connection, lambda: waiting.extend(queues()))
		while not self._stop.wait(POLL_SECONDS):
			if any(queue.count for queue in waiting):
				_guarded(_on_own_connection, drain)

	def _tick(self) -> None:
		from frappe.utils.scheduler import enqueue_events_for_site

		while not self._stop.is_set():
			_guarded(enqueue_events_for_site, None)
			self._stop.wait(self.tick_seconds)


def _on_own_connection(task: Callable[[], Any]) -> None:
	import frappe

	frappe.init(force=True)
	frappe.connect()
	try:
		task()
	finally:
		frappe.destroy()


def _guarded(call: Callable[..., Any], argument: Any) -> None:
	"""A thread that dies silently is worse than a job that is skipped."""
	try:
		call(argument)
	except Exception:
		logger.exception("The background thread goes on after this")


def run_forever(site: Path) -> None:
	"""The process beside a server when the site's queues are on a Redis server."""
	from . import sites

	if not sites.read_config(site).get("redis_queue"):
		raise SystemExit("This site's queues live in its server's process, which runs them itself")
	sites.open_site(site).destroy()
	background = Background().start()
	signal.signal(signal.SIGTERM, lambda *_: background.ask_to_stop())
	with suppress(KeyboardInterrupt):
		background.wait()
	background.stop()
