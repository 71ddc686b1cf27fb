"""One budget of calls for all workers: nobody calls into a limit, clicks go first, nobody sleeps through a refusal."""

import time
from collections import Counter
from types import SimpleNamespace

import frappe
import pytest

from devsite import testing
from devsite.testing import away
from tests import factories
from tests.site import sending
from tests.site.test_kill import worker
from tests.site.test_parallel import PROCESSES, at_once
from tests.xero_world import World
from xero_connector import bootstrap, outgoing, reading
from xero_connector.core import quota
from xero_connector.core.errors import Code, WillRetry
from xero_connector.core.model import Endpoint
from xero_connector.core.quota import DAY, LONGEST_CALL, SHARES, Priority
from xero_connector.site import budget, organisations, outbox
from xero_connector.site.budget import SiteBudget
from xero_connector.site.links import Party

TRIES = 20


def attempts(xero: World, priorities: list[Priority]) -> list[str]:
	"""What became of so many calls of this process: "made", or what held them back."""
	found = []
	for each in priorities:
		try:
			bootstrap.client(xero.organisation, priority=each).get("get_organisations")
			found.append("made")
		except WillRetry as held:
			found.append(held.values["problem"])
	return found


def ask(xero: World, priority: Priority = Priority.CLICK) -> str:
	return attempts(xero, [priority])[0]


def statuses(xero: World) -> Counter:
	return Counter(request.status for request in xero.calls())


@pytest.fixture
def no_sleep(monkeypatch):
	def sleep(seconds: float) -> None:
		raise AssertionError(f"slept {seconds} s")

	monkeypatch.setattr(budget, "time", SimpleNamespace(sleep=sleep))


@pytest.fixture
def impatient(monkeypatch):
	"""Jobs that wait no longer for a turn than a click does."""
	for priority, share in SHARES.items():
		monkeypatch.setitem(quota.SHARES, priority, share._replace(patience=SHARES[Priority.CLICK].patience))


def test_sixteen_processes_share_one_budget_and_xero_refuses_none(xero: World, host, impatient):
	"""Of all priorities, a fifth of a second each, as many as go: what Xero counts is what was let out."""
	xero.sandbox.fault("delay", times=None, seconds=0.1)
	kinds = [*Priority, *reversed(Priority)]
	with xero.clock() as later:
		for minute in (1, 2):
			found = Counter(
				what
				for each in at_once(
					host, lambda: attempts(xero, [*kinds, *[Priority.CLICK] * TRIES]), PROCESSES
				)
				for what in each
			)
			assert found["made"] == 55
			assert statuses(xero) == {200: minute * 55}
			later(60)


def test_sixteen_processes_stop_at_the_last_call_of_the_day(xero: World, host, impatient):
	xero.sandbox.limits.set(day=30)
	found = at_once(host, lambda: attempts(xero, [Priority.CLICK] * TRIES), PROCESSES)
	assert sum(each.count("made") for each in found) == 30
	assert statuses(xero) == {200: 30}
	assert budget.meter(xero.organisation).day_left == 0


def test_retry_after_holds_for_every_process_and_nobody_sleeps_through_it(xero: World, host, no_sleep):
	xero.sandbox.fault("rate_limit", problem="minute", retry_after=120)
	with xero.clock() as later:
		assert ask(xero) == "minute"
		before, began = len(xero.calls()), time.perf_counter()
		assert at_once(host, lambda: ask(xero), PROCESSES) == ["pause"] * PROCESSES
		assert time.perf_counter() - began < 20
		assert len(xero.calls()) == before
		with pytest.raises(WillRetry) as held:
			reading.pdf(xero.organisation, "any", "Invoice")
		assert held.value.code is Code.RATE_LIMITED
		assert 100 < held.value.retry_after <= 120
		later(121)
		assert ask(xero) == "made"


def test_a_day_of_refusals_costs_one_call_for_each_time_that_xero_says(xero: World, no_sleep):
	xero.sandbox.fault("rate_limit", "api.xro", times=None, problem="minute", retry_after=3600)
	deal = factories.deal(organization=factories.organization().name, value=10)
	hours, quarters = 24, 4
	with xero.clock() as later:
		row = outbox.mark(Party(deal.doctype, deal.name))
		frappe.db.commit()
		for _ in range(hours * quarters):
			xero.read()
			outgoing.send(outbox.due())
			later(3600 / quarters)
		assert statuses(xero) == {429: hours}
		xero.sandbox.faults.clear()
		later(3600)
		xero.read()
		outgoing.send(outbox.due())
	assert frappe.db.get_value("Xero Outbox", row, "state") == "Sent"
	assert organisations.get(xero.organisation).problem is None
	books = xero.sandbox.organisations[0]
	assert frappe.db.count("Xero Invoice") == len(list(books.invoices)) + len(list(books.credit_notes))


@pytest.mark.parametrize(
	("left", "goes"),
	[
		(300, ["load", "poll", "list", "webhook", "click"]),
		(150, ["poll", "list", "webhook", "click"]),
		(80, ["list", "webhook", "click"]),
		(40, ["click"]),
	],
)
def test_the_fewer_calls_the_day_has_left_the_less_may_use_them(xero: World, left, goes):
	"""Of 1,000; a deed that may not is refused without a call."""
	xero.read()
	books = xero.sandbox.organisations[0]
	contact, invoice = next(iter(books.contacts)).id, next(iter(books.invoices)).id

	def load() -> None:
		frappe.db.set_value("Xero Organisation", xero.organisation, {"polls": None, "cursors": None})
		xero.read()
		assert not organisations.get(xero.organisation).problem

	def poll() -> None:
		xero.read()
		assert not organisations.get(xero.organisation).problem

	deeds = {
		"load": load,
		"poll": poll,
		"list": lambda: reading.refresh_documents(xero.organisation, {"Invoice": [invoice]}),
		"webhook": lambda: reading.bring(xero.organisation, Endpoint.CONTACTS, [contact]),
		"click": lambda: reading.search_contacts(xero.organisation, "a"),
	}
	frappe.db.delete("Xero Call Budget")
	xero.sandbox.limits.reset()
	xero.sandbox.limits.set(day=left)
	assert ask(xero) == "made"
	gone = []
	for deed, act in reversed(deeds.items()):
		before = len(xero.calls())
		try:
			act()
		except (AssertionError, WillRetry):
			assert len(xero.calls()) == before
		else:
			gone.insert(0, deed)
	assert gone == goes


@pytest.mark.parametrize("count", [1, 2])
def test_what_somebody_sends_from_the_form_goes_where_a_list_must_wait(ready: World, count):
	listed = [factories.deal(organization=factories.organization().name, value=10) for _ in range(count)]
	single = factories.deal(organization=factories.organization().name, value=10)
	frappe.db.delete("Xero Call Budget")
	ready.sandbox.limits.reset()
	ready.sandbox.limits.set(day=40)
	assert ask(ready) == "made"
	rows = [outbox.mark(Party(deal.doctype, deal.name)) for deal in listed]
	frappe.db.commit()
	outgoing.send(rows)
	assert [sending.wish(deal).state for deal in listed] == ["Failed"] * count
	assert [sending.wish(deal).error_code for deal in listed] == [Code.RATE_LIMITED.value] * count
	assert sending.delivered(ready, single)["state"] == "Sent"


@pytest.fixture
def slept(xero: World, monkeypatch):
	"""How long was slept, without sleeping: the clocks are put forward instead."""
	with xero.clock() as later:
		naps: list[float] = []

		def sleep(seconds: float) -> None:
			naps.append(seconds)
			later(seconds)

		monkeypatch.setattr(budget, "time", SimpleNamespace(sleep=sleep))
		yield naps


def test_a_job_waits_for_its_turn_in_the_minute(xero: World, slept):
	assert attempts(xero, [Priority.POLL] * 46) == ["made"] * 46
	assert 50 < sum(slept) <= 60
	assert set(statuses(xero)) == {200}


def test_a_click_that_would_wait_long_is_told_when_to_come_back_at_once(xero: World, slept):
	assert attempts(xero, [Priority.CLICK] * 56) == ["made"] * 55 + ["minute"]
	with pytest.raises(WillRetry) as held:
		SiteBudget(xero.organisation, Priority.CLICK).enter()
	assert 50 < held.value.retry_after <= 60
	assert slept == []


def test_a_dead_workers_calls_make_room_in_the_end(xero: World, host: testing.Host, slept):
	def die() -> None:
		for _ in range(5):
			SiteBudget(xero.organisation, Priority.CLICK).enter()

	with away(host):
		worker(host, die)
	assert ask(xero) == "concurrent"
	assert 2 < sum(slept) <= 3, "a click waits so long"
	later = LONGEST_CALL - sum(slept)
	budget.time.sleep(later)
	assert ask(xero) == "made"


def test_organisations_have_budgets_of_their_own(xero: World):
	xero.connect(*(books.id for books in xero.sandbox.organisations))
	second = xero.sandbox.organisations[1].id
	xero.sandbox.fault("rate_limit", problem="day", retry_after=int(DAY))
	assert ask(xero) == "day"
	bootstrap.client(second).get("get_organisations")
	assert budget.meter(xero.organisation).paused_until is not None
	assert budget.meter(second)[:4] == (4999, 5000, 54, None)


def test_an_organisation_that_was_never_asked_has_its_whole_tier_left(xero: World):
	assert budget.meter(xero.organisation)[:4] == (1000, 1000, 55, None)
	sending.settings(call_tier="Paid")
	assert budget.meter(xero.organisation).day_left == 5000
