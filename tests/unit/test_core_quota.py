"""Who may call now: never too much for Xero, whoever calls; clicks before the rest; no call into a refusal."""

from __future__ import annotations

import heapq
import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xero_connector.core import quota
from xero_connector.core.model import Limits
from xero_connector.core.quota import ASK_AGAIN, DAY, LONGEST_CALL, Budget, Meter, Priority, Wait
from xero_connector.xero.quota import answered
from xero_sandbox import limits
from xero_sandbox.errors import Refusal

PAID, STARTER = 5000, 1000


class Traffic:
	"""One organisation's calls, out by a budget and in at Xero's own counters; time goes on when told to."""

	def __init__(self, tier: int = PAID, **xero: int) -> None:
		self.now, self.tier = 1_800_000_000.0, tier
		self.xero = limits.Limits(self, **xero)  # type: ignore[arg-type]
		self.budget = Budget()
		self.refused: list[str] = []
		self.made = 0
		self._tickets = itertools.count()
		self._events: list[tuple[float, int, str, float]] = []

	def seconds(self) -> float:
		"""For the counters, whose clock this is."""
		return self.now

	def go_on(self, seconds: float) -> None:
		until = self.now + seconds
		while self._events and self._events[0][0] <= until:
			self.now, number, what, then = heapq.heappop(self._events)
			self._arrive(number, then) if what == "arrive" else self._return(number, then)
		self.now = until

	def ask(
		self, priority: Priority = Priority.CLICK, way: float = 0.0, work: float = 0.0, is_lost: bool = False
	) -> Wait | None:
		"""Send a call that is on its way for so long, and that Xero works on for so long; or what it waits for."""
		number = next(self._tickets)
		answer = quota.enter(self.budget, priority, str(number), self.tier, self.now)
		if isinstance(answer, Wait):
			return answer
		# as it is kept between two processes
		self.budget = quota.from_json(json.loads(json.dumps(quota.to_json(answer))))
		heapq.heappush(self._events, (self.now + way, number, "arrive", -1.0 if is_lost else work))
		self.go_on(0)
		return None

	def meter(self) -> Meter:
		return quota.meter(self.budget, self.tier, self.now)

	def use_up(self, count: int) -> None:
		for _ in range(count):
			wait = self.ask()
			assert not wait or wait.is_pace
			self.go_on(wait.seconds if wait else 0.1)
			assert not wait or not self.ask()

	def _arrive(self, number: int, work: float) -> None:
		self.made += 1
		try:
			headers, status = self.xero.enter("tenant", "app"), 200
		except Refusal as refusal:
			headers, status = refusal.headers, 429
			self.refused.append(headers["X-Rate-Limit-Problem"])
			self._leave(number, status, headers)
			return
		self._headers = {**getattr(self, "_headers", {}), number: headers}
		heapq.heappush(self._events, (self.now + abs(work), number, "return", work))

	def _return(self, number: int, work: float) -> None:
		self.xero.leave("tenant")
		headers = self._headers.pop(number)
		if work < 0:
			self.budget = quota.leave(self.budget, str(number), None, None, None, self.now)
		else:
			self._leave(number, 200, headers)

	def _leave(self, number: int, status: int, headers: dict[str, str]) -> None:
		self.budget = quota.leave(self.budget, str(number), *answered(status, headers), self.now)


_CALLS = st.lists(
	st.tuples(
		st.sampled_from([0.0, 0.0, 0.01, 0.3, 2.0, 20.0]),
		st.sampled_from(Priority),
		st.sampled_from([0.0, 0.05, 0.4, 3.0]),
		st.sampled_from([0.0, 0.1, 1.0, 9.0, 50.0]),
		st.sampled_from([False] * 5 + [True]),
	),
	min_size=30,
	max_size=300,
)


@settings(max_examples=150, deadline=None)
@given(calls=_CALLS, day=st.integers(7, 200))
def test_however_calls_come_and_go_xero_never_counts_too_many(calls, day) -> None:
	traffic = Traffic(tier=1, day=day)
	for gap, priority, way, work, is_lost in calls:
		traffic.go_on(gap)
		wait = traffic.ask(priority, way, work, is_lost)
		if wait and wait.is_pace:
			traffic.go_on(wait.seconds)
			traffic.ask(priority, way, work)
	traffic.go_on(LONGEST_CALL)
	assert traffic.refused == []


def test_all_calls_at_the_end_of_one_of_xeros_minutes_leave_room_for_the_next() -> None:
	"""The worst case: what was under way when a minute of Xero's began counts in it as well."""
	traffic = Traffic()
	traffic.ask()
	traffic.go_on(59.9)
	for _ in range(1000):
		wait = traffic.ask(way=0.5, work=0.01)
		traffic.go_on(min(wait.seconds, 0.1) if wait else 0.0)
	assert traffic.refused == []
	assert traffic.made > 100


def test_a_process_that_waits_as_long_as_it_is_told_goes_next() -> None:
	traffic = Traffic()
	traffic.use_up(55)
	wait = traffic.ask()
	assert wait
	assert wait.is_pace
	traffic.go_on(wait.seconds)
	assert traffic.ask() is None


def test_calls_of_each_kind_leave_room_in_the_minute_for_those_before_it() -> None:
	traffic = Traffic()
	gone = []
	for priority in reversed(Priority):
		while not (wait := traffic.ask(priority)):
			traffic.go_on(0.1)
		assert wait.problem == "minute"
		gone.append(traffic.made)
	assert gone == [40, 45, 50, 55]


def test_a_click_goes_while_the_others_places_are_taken() -> None:
	traffic = Traffic()
	while not traffic.ask(Priority.POLL, work=30):
		pass
	assert traffic.ask(Priority.POLL, work=30) == Wait(0.2, "concurrent")
	assert traffic.ask(Priority.CLICK, work=30) is None


def test_a_first_load_stops_before_a_poll_and_clicks_have_the_rest_of_the_day() -> None:
	traffic = Traffic(tier=STARTER, day=STARTER)
	stopped = {}
	for priority in reversed(Priority):
		while not (wait := traffic.ask(priority)) or wait.is_pace:
			traffic.go_on(wait.seconds if wait else 0.1)
		stopped[priority] = traffic.meter().day_left
		assert wait.problem == "day"
	assert stopped == {
		Priority.BACKFILL: 200,
		Priority.POLL: 100,
		Priority.EVENT: 50,
		Priority.CLICK: 0,
	}
	assert traffic.refused == []


def test_nothing_is_asked_for_while_retry_after_runs_and_one_finds_out_when_it_is_over() -> None:
	traffic = Traffic()
	traffic.ask(work=1)
	traffic.budget = quota.leave(traffic.budget, "0", Limits(None, None, None), 600, "minute", traffic.now)
	traffic.go_on(599)
	assert traffic.ask() == Wait(1, "pause")
	assert traffic.meter().paused_until == traffic.now + 1
	traffic.go_on(1)
	assert traffic.ask(work=5) is None
	assert traffic.ask() == Wait(0.2, "concurrent")
	traffic.go_on(5)
	assert [traffic.ask(work=1) for _ in range(3)] == [None] * 3
	assert traffic.meter().paused_until is None


def test_a_pause_is_not_shortened_by_a_later_refusal_nor_ended_by_a_call_of_before() -> None:
	budget = Budget()
	for ticket in ("a", "b", "c"):
		entered = quota.enter(budget, Priority.CLICK, ticket, PAID, 1000.0)
		assert isinstance(entered, Budget)
		budget = entered
	budget = quota.leave(budget, "a", Limits(10, 0, 0), 300, "minute", 1001.0)
	budget = quota.leave(budget, "b", Limits(10, 0, 0), None, "concurrent", 1002.0)
	budget = quota.leave(budget, "c", Limits(10, 0, 0), None, None, 1003.0)
	assert quota.enter(budget, Priority.CLICK, "d", PAID, 1004.0) == Wait(297, "pause")


@pytest.mark.parametrize(
	("problem", "retry_after", "pause"),
	[
		("minute", 17, 17),
		("day", 66_975, 66_975),
		("concurrent", None, 5),
		("minute", None, 60),
		("day", None, 3600),
		("unnamed", None, 60),
		("day", 10**9, DAY),
	],
)
def test_a_refusal_holds_everybody_for_as_long_as_xero_said_or_its_limit_takes(
	problem, retry_after, pause
) -> None:
	budget = quota.leave(Budget(), "gone", Limits(None, None, None), retry_after, problem, 1000.0)
	assert quota.enter(budget, Priority.CLICK, "next", PAID, 1000.0) == Wait(pause, "pause")


def test_a_call_of_which_nothing_came_back_does_not_end_a_pause() -> None:
	budget = quota.leave(Budget(), "a", Limits(None, None, None), 60, "minute", 1000.0)
	budget = quota.leave(budget, "b", None, None, None, 1070.0)
	tried = quota.enter(budget, Priority.CLICK, "c", PAID, 1070.0)
	assert isinstance(tried, Budget)
	assert quota.enter(tried, Priority.CLICK, "d", PAID, 1070.0) == Wait(0.2, "concurrent")


def test_a_used_up_day_is_asked_about_once_an_hour_until_the_next_has_begun() -> None:
	traffic = Traffic(tier=STARTER, day=30)
	traffic.use_up(30)
	assert traffic.meter().day_left == 0
	wait = traffic.ask()
	assert wait
	assert wait.problem == "day"
	traffic.go_on(ASK_AGAIN)
	assert traffic.ask(way=1) is None
	assert traffic.ask(way=1) == Wait(0.2, "concurrent")
	traffic.go_on(1)
	assert traffic.refused == ["day"]
	wait = traffic.ask()
	assert wait
	assert wait.problem == "pause"
	traffic.go_on(wait.seconds)
	assert traffic.ask() is None
	assert traffic.meter().day_left == 29


def test_after_the_days_limit_xeros_own_word_counts_for_when_to_come_back() -> None:
	traffic = Traffic(tier=STARTER)
	traffic.ask()
	traffic.budget = quota.leave(traffic.budget, "", Limits(None, None, None), 30, "day", traffic.now)
	assert traffic.meter().day_left == 0
	traffic.go_on(30)
	assert traffic.ask(Priority.BACKFILL) is None
	assert traffic.meter().day_left == PAID - 2


def test_a_call_of_which_nothing_came_back_may_have_been_the_last_of_the_day() -> None:
	traffic = Traffic(day=30)
	traffic.use_up(29)
	traffic.ask(is_lost=True, work=1)
	traffic.go_on(1)
	assert traffic.ask().problem == "day"
	assert traffic.refused == []


def test_the_answer_to_an_earlier_call_says_nothing_of_a_lost_one() -> None:
	traffic = Traffic(day=30)
	traffic.use_up(28)
	traffic.ask(work=9)
	traffic.ask(is_lost=True, work=1)
	traffic.go_on(10)
	assert traffic.ask().problem == "day"
	assert traffic.refused == []


def test_a_lost_call_that_was_not_counted_is_there_again_and_makes_no_new_day() -> None:
	traffic = Traffic()
	traffic.use_up(50)
	traffic.go_on(6 * 3600)
	traffic.budget = quota.leave(traffic.budget, "lost", None, None, None, traffic.now)
	assert traffic.meter().day_left == 4949
	traffic.budget = quota.leave(traffic.budget, "lost too", None, None, None, traffic.now)
	traffic.ask()
	assert traffic.meter().day_left == 4949
	assert traffic.meter().day_ahead == pytest.approx(0.75, abs=0.01)


def test_an_app_that_has_come_to_a_smaller_tier_has_its_limit_the_next_day() -> None:
	traffic = Traffic(tier=STARTER)
	traffic.ask()
	assert traffic.meter().day_limit == PAID
	traffic.go_on(DAY)
	traffic.xero.set(day=STARTER)
	traffic.ask()
	assert (traffic.meter().day_left, traffic.meter().day_limit) == (999, 1000)


def test_jobs_go_on_when_a_click_has_found_that_a_new_day_has_begun() -> None:
	traffic = Traffic(tier=STARTER, day=STARTER)
	traffic.use_up(930)
	clicks = 0
	while (wait := traffic.ask(Priority.POLL)) and clicks < 70:
		assert wait.problem == "day"
		traffic.go_on(0.5 * ASK_AGAIN)
		traffic.ask()
		clicks += 1
	assert 40 < clicks < 49
	assert traffic.meter().day_left == 998
	assert traffic.meter().day_ahead == 1.0
	assert traffic.refused == []


def test_replies_out_of_order_do_not_give_calls_back() -> None:
	budget = Budget()
	for ticket in ("early", "late"):
		entered = quota.enter(budget, Priority.CLICK, ticket, PAID, 1000.0)
		assert isinstance(entered, Budget)
		budget = entered
	budget = quota.leave(budget, "late", Limits(9, 50, 100), None, None, 1001.0)
	budget = quota.leave(budget, "early", Limits(10, 51, 100), None, None, 1002.0)
	assert quota.meter(budget, PAID, 1003.0).day_left == 9


def test_a_dead_processs_call_gives_its_place_free_when_no_call_can_take_so_long() -> None:
	traffic = Traffic(concurrent=100)
	for _ in range(5):
		traffic.ask(work=10 * LONGEST_CALL)
	traffic.go_on(LONGEST_CALL - 1)
	assert traffic.ask() == Wait(0.2, "concurrent")
	traffic.go_on(1)
	assert traffic.ask() is None


def test_a_clock_that_was_put_back_holds_nobody_up_for_long() -> None:
	traffic = Traffic()
	traffic.use_up(55)
	traffic.ask(work=10)
	assert isinstance(quota.enter(traffic.budget, Priority.CLICK, "next", PAID, traffic.now - 7200), Budget)


def test_the_meter_tells_what_is_left() -> None:
	traffic = Traffic(tier=STARTER)
	assert traffic.meter() == Meter(1000, 1000, 55, None, 1.0)
	traffic.use_up(10)
	traffic.go_on(6 * 3600)
	meter = traffic.meter()
	assert meter[:4] == (4990, 5000, 55, None), "Xero's own word counts more than the tier"
	assert meter.day_ahead == pytest.approx(0.75, abs=0.01)
	assert meter.share_left == 0.998
	traffic.ask()
	assert traffic.meter().minute_left == 54
	traffic.go_on(2 * DAY)
	assert traffic.meter().day_left == traffic.meter().day_limit
