"""Deals with products, and what it takes to send them."""

from __future__ import annotations

import time
from collections import Counter
from random import Random
from typing import Any
from unittest.mock import patch

import frappe

from benchmarks.send import most_calls
from tests import factories
from tests.xero_world import World
from xero_connector import runner, tasks
from xero_connector.site import outbox, runs
from xero_connector.site.links import Party

_LINES = 5
"""Of a deal."""


def deals(count: int, customers: int, items: int) -> list[Any]:
	"""Each of one of the customers, with some of the items; who has which is chance, the same in every run."""
	pick = Random(7)
	organizations = [factories.organization().name for _ in range(customers)]
	products = [factories.crm_product() for _ in range(items)]
	made = [
		factories.deal(
			organization=pick.choice(organizations),
			products=[
				factories.product_row(product_code=each.name, product_name=each.product_name)
				for each in pick.sample(products, _LINES)
			],
		)
		for _ in range(count)
	]
	frappe.db.commit()
	return made


def measured(world: World, sales: list[Any], *, by_list: bool) -> dict[str, float]:
	"""Sent in this process: by the jobs of as many waiting rows, or as a run over the records. Raises
	AssertionError unless Xero has an invoice of each."""
	rows = [] if by_list else [outbox.mark(Party(sale.doctype, sale.name)) for sale in sales]
	frappe.db.commit()
	world.jobs.clear()  # a new site has jobs of its own
	before = _calls(world)
	# the jobs connect anew, so that all connections are watched
	database = type(frappe.local.db)
	with patch.object(database, "sql", side_effect=database.sql, autospec=True) as sql:
		started = time.perf_counter()
		if by_list:
			_run(sales)
		else:
			tasks.enqueue_send(rows)
			world.jobs.run_all()
		seconds = time.perf_counter() - started
	_check(sales)
	customers = len({sale.organization for sale in sales})
	items = len({row.product_code for sale in sales for row in sale.products})
	return {
		"calls": _calls(world) - before,
		"most_calls": most_calls(len(sales), customers, items),
		"seconds": seconds,
		"documents_per_second": len(sales) / seconds,
		"queries_per_document": sql.call_count / len(sales),
	}


def _calls(world: World) -> int:
	return sum(len(world.calls(method=method)) for method in ("GET", "PUT", "POST"))


def _run(sales: list[Any]) -> None:
	run = runs.ask(runs.SEND, "CRM Deal", [sale.name for sale in sales], total=len(sales))
	runner.work(run)


def _check(sales: list[Any]) -> None:
	frappe.db.rollback()
	states = Counter(frappe.get_all("Xero Outbox", {"action": "Document"}, pluck="state"))
	assert states == {"Sent": len(sales)}, states
