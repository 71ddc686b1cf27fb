"""A day of a site beside Xero, minute by minute: what its scheduler does, what Xero tells, what people change there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import frappe
from croniter import croniter
from frappe.utils import now_datetime

from devsite import testing
from tests.xero_world import World
from xero_connector import hooks
from xero_sandbox import webhooks

KEY = "webhook-key-of-the-tests"
# Frappe's own words for times
TIMES = {"hourly": "0 * * * *", "hourly_long": "0 * * * *", "daily": "0 0 * * *", "daily_long": "0 0 * * *"}
RECEIVE = "xero_connector.api.webhook.receive"
MINUTE = 60

Delivery = tuple[bytes, str]
"""The raw body, and its signature."""


class Day:
	"""``live`` lets minutes pass. Webhooks are delivered in their minute where ``with_webhooks``; ``deliver`` does the
	same at once."""

	def __init__(self, world: World, later: Callable[[float], None], with_webhooks: bool) -> None:
		self.world = world
		self.with_webhooks = with_webhooks
		self._later = later
		self._client = testing.Client(world.host)

	def live(self, minutes: int, each: Callable[[int], None] | None = None, step: int = 1) -> None:
		"""``each`` is called in every step of so many minutes, with the number of the minute, before the scheduler has
		its turn; what was due in several minutes of a step is done once."""
		for minute in range(0, minutes, step):
			self._later(MINUTE * step)
			if each:
				each(minute)
			if self.with_webhooks:
				self.deliver()
			self.turn(step)

	def turn(self, minutes: int = 1) -> None:
		"""What the scheduler does in these minutes, and the jobs that this queues."""
		frappe.db.commit()
		now = now_datetime().replace(second=0, microsecond=0)
		gone = [now - timedelta(minutes=minute) for minute in range(minutes)]
		for expression, methods in _schedule():
			if any(croniter.match(expression, minute) for minute in gone):
				for method in methods:
					frappe.get_attr(method)()
					frappe.db.commit()
		self.world.jobs.run_all()

	def deliver(self) -> list[int]:
		"""What Xero has to tell, to the site's endpoint; the statuses of its answers."""
		return [self.post(*delivery) for delivery in self.deliveries()]

	def deliveries(self, size: int = 50) -> list[Delivery]:
		"""What Xero has to tell, signed and taken from its queue: at most `size` events in each."""
		sandbox = self.world.sandbox
		waiting, sandbox.events.waiting = sandbox.events.waiting, []
		parts = [waiting[start : start + size] for start in range(0, len(waiting), size)]
		bodies = [webhooks.delivery(sandbox, part) for part in parts]
		return [(body, webhooks.sign(body, KEY)) for body in bodies]

	def post(self, body: bytes, signature: str) -> int:
		headers = {"x-xero-signature": signature, "Content-Type": "application/json"}
		return self._client.request("POST", RECEIVE, data=body, headers=headers).status

	def jobs(self) -> None:
		self.world.jobs.run_all()


def _schedule() -> list[tuple[str, list[str]]]:
	by_cron = list(hooks.scheduler_events.get("cron", {}).items())
	named = [(TIMES[name], methods) for name, methods in hooks.scheduler_events.items() if name != "cron"]
	return [*by_cron, *named]


@contextmanager
def day(world: World, *, with_webhooks: bool) -> Iterator[Day]:
	"""On a site that is connected and has read everything."""
	if with_webhooks:
		listen()
	with world.clock() as later:
		lived = Day(world, later, with_webhooks)
		if with_webhooks:
			# Xero's intent to receive: how it finds out that somebody listens
			body = webhooks.delivery(world.sandbox, [])
			assert lived.post(body, webhooks.sign(body, KEY)) == 200
		yield lived


def listen() -> None:
	settings: Any = frappe.get_doc("Xero Settings")
	settings.webhook_key = KEY
	settings.save()
	frappe.db.commit()
