"""A sender that is killed anywhere, and the one that takes up what it left: each document once, and all of them."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from typing import Any

import frappe
import pytest

from devsite import databases, testing
from devsite.testing import away
from tests import factories
from tests.site import sending
from tests.xero_world import World, world
from xero_connector import outgoing
from xero_connector.site import links, outbox
from xero_connector.site.links import Party
from xero_connector.xero.client import Client
from xero_sandbox.books import Table
from xero_sandbox.idempotency import Keys

DOCUMENTS, CUSTOMERS, PRODUCTS = 60, 20, 10
POINTS = {"sqlite": 200, "mariadb": 40}
SEED = 7

_LEFT = ("Xero Outbox", "Xero Log", "Xero Link", "Xero Contact", "Xero Invoice", "Xero Item")
"""What a batch writes on the site, and nothing else in these tests does."""


class Reaper:
	"""The moments at which a worker could die: before and after each statement to the database, and each request
	to Xero. At the one that is told, it does."""

	def __init__(self, at: int | None) -> None:
		self.at, self.moments = at, 0

	def watch(self) -> None:
		frappe.local.db.sql = self._around(frappe.local.db.sql)
		Client._once = self._around(Client._once)  # type: ignore[method-assign]

	def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
		def call(*arguments: Any, **options: Any) -> Any:
			self._pass()
			answer = function(*arguments, **options)
			self._pass()
			return answer

		return call

	def _pass(self) -> None:
		if self.moments == self.at:
			os.kill(os.getpid(), signal.SIGKILL)
		self.moments += 1


class Batch:
	"""Sixty deals of twenty new customers with ten new products, asked for again and again as if for the first time:
	most of them by the dialog, every fifth only marked."""

	def __init__(self, xero: World) -> None:
		self.xero, self.books = xero, xero.sandbox.organisations[0]
		self.deals = self._deals()
		for number, deal in enumerate(self.deals):
			if number % 5:
				sending.send(deal)
			else:
				outbox.mark(Party(deal.doctype, deal.name))
		frappe.db.commit()
		xero.jobs.clear()
		self._contacts, self._items = list(self.books.contacts), list(self.books.items)
		self._kept = {name: frappe.db.sql(f"select * from `tab{name}`", as_dict=True) for name in _LEFT}

	def _deals(self) -> list[Any]:
		customers = [factories.organization().name for _ in range(CUSTOMERS)]
		products = [factories.crm_product() for _ in range(PRODUCTS)]
		return [
			factories.deal(
				organization=customers[number % CUSTOMERS],
				products=[
					factories.product_row(product_code=each.name, product_name=each.product_name)
					for each in (products[number % PRODUCTS], products[number // PRODUCTS])
				],
			)
			for number in range(DOCUMENTS)
		]

	def begin(self) -> None:
		"""Nothing is sent, neither side knows of anything."""
		for name, rows in self._kept.items():
			frappe.db.sql(f"delete from `tab{name}`")
			if rows:
				frappe.db.bulk_insert(name, list(rows[0]), [tuple(row.values()) for row in rows])
		frappe.db.delete("Comment", {"reference_doctype": "CRM Deal"})
		frappe.db.delete("Xero Call Budget")
		frappe.db.commit()
		with self.xero.sandbox.lock:
			self.books.contacts, self.books.invoices = Table(self._contacts), Table()
			self.books.items[:] = self._items
			self.books.index_documents()
			self.xero.sandbox.keys = Keys()
			self.xero.sandbox.requests.clear()

	def let_time_pass(self) -> None:
		"""So much that the lease of a dead worker and its call have run out, and that Xero knows its idempotency keys no
		more."""
		frappe.db.sql("update `tabXero Outbox` set lease_utc = '2000-01-01 00:00:00' where state = 'Sending'")
		frappe.db.delete("Xero Call Budget")
		frappe.db.commit()
		self.xero.sandbox.keys = Keys()

	def check(self) -> None:
		"""Each once, on both sides, and tied together."""
		states = Counter(frappe.get_all("Xero Outbox", pluck="state"))
		assert states == {"Sent": DOCUMENTS}
		rows = {row.record_name: row for row in frappe.get_all("Xero Outbox", fields=["*"])}
		in_xero = {invoice.reference: invoice.id for invoice in self.books.invoices}
		assert len(self.books.invoices) == len(in_xero) == DOCUMENTS
		assert {row.reference: row.document for row in rows.values()} == in_xero
		tied = frappe.get_all(
			"Xero Link", {"xero_doctype": links.DOCUMENT}, ["record_name", "xero_id"], as_list=True
		)
		assert sorted(tied) == sorted((name, row.document) for name, row in rows.items())
		assert set(frappe.get_all("Xero Invoice", pluck="name")) == set(in_xero.values())
		names = [contact.name for contact in self.books.contacts]
		assert len(names) == len(set(names)) == len(self._contacts) + CUSTOMERS
		codes = [item["Code"] for item in self.books.items]
		assert len(codes) == len(set(codes)) == len(self._items) + PRODUCTS
		notes = Counter(
			frappe.get_all(
				"Comment",
				{"reference_doctype": "CRM Deal", "comment_type": "Comment"},
				pluck="reference_name",
			)
		)
		assert notes == dict.fromkeys(rows, 1)


def worker(host: testing.Host, work: Callable[[], object], dies_at: int | None = None) -> int | None:
	"""A process of its own, as a job has one, that does this: how many moments it lived through, None for one that
	was killed."""
	fork = multiprocessing.get_context("fork")
	lived = fork.SimpleQueue()

	def run() -> None:
		# no exit handlers of the parent's: a pytest that ends here would tidy up its site
		status = 1
		try:
			host.connect()
			frappe.set_user("Administrator")
			reaper = Reaper(dies_at)
			reaper.watch()
			work()
			lived.put(reaper.moments)
			status = 0
		finally:
			os._exit(status)

	process = fork.Process(target=run)
	process.start()
	process.join()
	assert process.exitcode in (0, -signal.SIGKILL), "the worker failed"
	return lived.get() if process.exitcode == 0 else None


def first_worker() -> None:
	outgoing.send([row.name for row in frappe.get_all("Xero Outbox", order_by="creation, name")])


def next_worker() -> None:
	"""As the scheduler does when the lease of a dead one has run out."""
	while due := outbox.due():
		outgoing.send(due)


@pytest.fixture
def xero(site, host, jobs):
	with world(host, jobs, contacts=1, documents=0, organisations=1, minute=None, day=None) as beside:
		beside.connect()
		beside.read()
		yield beside


def test_a_sender_that_is_killed_anywhere_leaves_nothing_undone_and_nothing_done_twice(xero: World, host):
	batch = Batch(xero)
	moments = []
	for _ in range(2):  # the first one fills the site's caches
		batch.begin()
		with away(host):
			moments.append(worker(host, first_worker))
		batch.check()
	count = POINTS[databases.kind()] if host.embedded else POINTS["mariadb"]
	points = random.Random(SEED).sample(range(min(moments)), count)
	for point in points:
		batch.begin()
		with away(host):
			assert worker(host, first_worker, dies_at=point) is None, f"not killed at {point}"
		batch.let_time_pass()
		with away(host):
			worker(host, next_worker)
		batch.check()
	print(f"killed at {count} of {min(moments)} points on {databases.kind()}")
