"""A site's queue, run when a test says so."""

from __future__ import annotations

from devsite import worker

from .hosts import Host, away


class Jobs:
	def __init__(self, host: Host) -> None:
		self.host = host

	def run_all(self, check: bool = True) -> list[worker.Outcome]:
		"""Commit, run every queued job of the site and those they queue, and come back.

		``check``: a job that fails fails the test; without it, its ``error`` holds the traceback.
		"""
		with away(self.host):
			self.host.connect()
			outcomes = worker.drain()
		for outcome in outcomes:
			if check and outcome.error:
				raise AssertionError(f"{outcome.method} failed:\n{outcome.error}")
		return outcomes

	def clear(self) -> None:
		import frappe

		for queue in worker.queues():
			for job in queue.jobs:
				if job.kwargs.get("site") == frappe.local.site:
					worker.forget(job, queue)
