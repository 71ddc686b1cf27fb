"""Reading a list of Xero that moves while it is read: nothing is missed, and any stop can be gone on from.

Rows lie an hour apart, so that a page of two brings one new row besides the one that it begins with.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import NOON, SECOND, Killed, MemoryMirror, MovingList, a_contact
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Endpoint
from xero_connector.core.sync import Cursor, Page, Run

LIST = Endpoint.INVOICES
HOUR = timedelta(hours=1)


class Side:
	"""Xero's list, the mirror, and runs from one to the other."""

	def __init__(self, rows: int = 0, page_size: int = 2, apart: timedelta = HOUR) -> None:
		self.xero = MovingList(page_size)
		self.mirror = MemoryMirror()
		self.progress: list[tuple[int, int]] = []
		for number in range(rows):
			self.xero.change(f"row-{number}", apart)

	def run(self, stop: Callable[[], bool] = lambda: False) -> bool:
		run = Run(
			self.xero.read, self.mirror, stop, lambda _, done, total: self.progress.append((done, total))
		)
		return run.take(LIST)

	@property
	def pages(self) -> list[int]:
		return [page for _, page in self.xero.asked]

	@property
	def window(self) -> datetime | None:
		"""From where on the last page was asked for."""
		return self.xero.asked[-1][0]

	def assert_equal(self) -> None:
		assert self.mirror.rows == self.xero.rows


def after(answers: int) -> Callable[[], bool]:
	"""Stops before the page that follows so many."""
	asked = iter(range(answers))
	return lambda: next(asked, None) is None


def at(**changes: Callable[[], None]) -> Callable[[int], None]:
	"""Calls ``page_3=…`` before the third answer is made."""
	return lambda answer: changes.get(f"page_{answer + 1}", lambda: None)()


def kill(at_save: int) -> Callable[[int], None]:
	def hook(save: int) -> None:
		if save == at_save:
			raise Killed

	return hook


# A list that keeps still


@pytest.mark.parametrize(("rows", "calls"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 3), (20, 19)])
def test_a_first_load_reads_page_after_page_each_from_the_last_row_of_the_one_before(
	rows: int, calls: int
) -> None:
	side = Side(rows)
	assert side.run() is True
	side.assert_equal()
	assert side.xero.asked == [(None, 1), *((NOON + (n + 2) * HOUR, 1) for n in range(calls - 1))]


def test_a_page_of_a_thousand_costs_one_row_read_twice() -> None:
	side = Side(2998, page_size=1000, apart=SECOND)
	side.run()
	side.assert_equal()
	assert len(side.pages) == 3


def test_a_page_is_as_long_as_xero_makes_it() -> None:
	side = Side(7, page_size=1000)
	side.run()
	assert side.pages == [1]


def test_a_complete_run_leaves_a_cursor_at_the_newest_change() -> None:
	side = Side(5)
	side.run()
	assert side.mirror.cursor(LIST) == Cursor(since=NOON + 5 * HOUR)


def test_an_empty_list_leaves_nothing_to_go_on_from() -> None:
	side = Side(0)
	assert side.run() is True
	assert side.mirror.cursor(LIST) == Cursor()


def test_a_delta_reads_only_what_changed_since_and_a_minute_before() -> None:
	side = Side(9)
	side.run()
	side.xero.asked.clear()
	side.xero.change("row-3", HOUR)
	assert side.run() is True
	side.assert_equal()
	assert side.xero.asked == [(NOON + 9 * HOUR - 60 * SECOND, 1)]


def test_a_delta_asks_for_the_whole_second_in_which_its_window_begins() -> None:
	"""If-Modified-Since has no fractions: what was asked for and what was answered must be the same."""
	side = Side(1, apart=timedelta(milliseconds=200))
	side.xero.change("b", timedelta(seconds=60, milliseconds=300))
	side.run()
	side.run()
	assert side.window == NOON
	side.assert_equal()


def test_a_delta_without_news_keeps_its_place() -> None:
	side = Side(3)
	side.run()
	before = side.mirror.cursor(LIST)
	assert side.run() is True
	assert side.mirror.cursor(LIST) == before


def test_a_window_with_nothing_in_it_keeps_its_place() -> None:
	"""The row that was the newest may have left the list."""
	side = Side(3)
	side.run()
	del side.xero.rows["row-2"]
	assert side.run() is True
	assert side.mirror.cursor(LIST) == Cursor(since=NOON + 3 * HOUR)


def test_a_change_that_shows_up_a_little_after_its_own_time_is_read() -> None:
	side = Side(3)
	side.run()
	late = side.xero.rows["row-0"]._replace(updated_utc=side.xero.now - 59 * SECOND, status="Paid")
	side.xero.rows["row-0"] = late
	side.run()
	assert side.mirror.rows["row-0"] == late


def test_two_changes_in_the_second_of_the_last_one_are_both_read() -> None:
	side = Side(3)
	side.run()
	side.xero.change("row-0", timedelta(0))
	side.xero.change("new", timedelta(0))
	side.run()
	side.assert_equal()


def test_each_endpoint_has_a_place_of_its_own() -> None:
	side = Side(3)
	side.run()
	contacts = [a_contact("contact-1", "City Agency", updated_utc=NOON - HOUR)]
	asked: list[tuple[Endpoint, datetime | None]] = []

	def read(endpoint: Endpoint, since: datetime | None, page: int) -> Page:
		asked.append((endpoint, since))
		return Page(contacts, 1, 1)

	assert Run(read, side.mirror, lambda: False, lambda *_: None).take(Endpoint.CONTACTS)
	assert asked == [(Endpoint.CONTACTS, None)]
	assert side.mirror.cursor(Endpoint.CONTACTS).since == NOON - HOUR
	assert side.mirror.cursor(LIST).since == NOON + 3 * HOUR


def test_progress_grows_with_each_page_to_all_there_is() -> None:
	side = Side(7, page_size=4)
	side.run()
	assert side.progress == [(4, 7), (8, 8)]


def test_progress_of_an_empty_list_is_nothing_of_nothing() -> None:
	side = Side(0)
	side.run()
	assert side.progress == [(0, 0)]


# A list that moves


def test_a_row_that_changes_after_it_was_read_is_read_again_at_the_end() -> None:
	side = Side(6)
	side.xero.before_page = at(page_3=lambda: side.xero.change("row-0"))
	assert side.run() is True
	side.assert_equal()


def test_a_row_that_moves_up_behind_our_back_is_not_missed() -> None:
	"""row-0 goes to the end, so that by numbers row-2 would slip from page 2 to page 1, which was read."""
	side = Side(6)
	side.xero.before_page = at(page_2=lambda: side.xero.change("row-0"))
	assert side.run() is True
	side.assert_equal()


def test_the_row_that_a_page_begins_with_may_move_as_well() -> None:
	side = Side(6)
	side.xero.before_page = at(page_2=lambda: side.xero.change("row-1"))
	assert side.run() is True
	side.assert_equal()


def test_a_change_of_a_known_row_is_not_missed_in_a_delta_that_moves() -> None:
	side = Side(6)
	side.run()
	for number in range(6):
		side.xero.change(f"row-{number}", HOUR)
	side.xero.before_page = lambda answer: side.xero.change("row-0") if answer % 2 else None
	for _ in range(3):
		side.run(stop=after(4))
	side.xero.before_page = at()
	side.run()
	side.assert_equal()


def test_more_rows_in_one_second_than_a_page_holds_are_read_by_number() -> None:
	side = Side(0)
	for number in range(7):
		side.xero.change(f"row-{number}", timedelta(0))
	assert side.run() is True
	side.assert_equal()


def test_more_rows_in_the_first_second_of_a_delta_than_a_page_holds_are_read_in_one_run() -> None:
	side = Side(0)
	for number in range(7):
		side.xero.change(f"row-{number}", timedelta(0))
	side.mirror.cursors[LIST] = Cursor(since=NOON + 60 * SECOND)
	assert side.run() is True
	side.assert_equal()


def test_rows_that_come_while_we_read_are_read_in_the_same_run() -> None:
	side = Side(4)
	side.xero.before_page = at(page_2=lambda: [side.xero.change(f"new-{number}") for number in range(5)])
	assert side.run() is True
	side.assert_equal()


def shuffle(side: Side) -> Callable[[int], None]:
	"""The oldest row goes to the end before every second page."""

	def hook(answer: int) -> None:
		if answer % 2:
			side.xero.change(min(side.xero.rows.values(), key=lambda row: row.updated_utc).document_id)

	return hook


def test_a_busy_list_is_complete_in_one_run() -> None:
	side = Side(8)
	side.xero.before_page = shuffle(side)
	assert side.run() is True
	side.assert_equal()


# Stopped, killed, refused


@pytest.mark.parametrize("pages", [0, 1, 2, 3])
def test_a_run_that_is_stopped_goes_on_where_it_was(pages: int) -> None:
	side = Side(8)
	assert side.run(stop=after(pages)) is False
	assert len(side.pages) == pages
	side.xero.asked.clear()
	assert side.run() is True
	assert len(side.pages) == 7 - pages
	side.assert_equal()


@pytest.mark.parametrize("save", range(7))
def test_a_worker_killed_before_a_page_was_kept_reads_that_page_again(save: int) -> None:
	side = Side(8)
	side.mirror.before_save = kill(save)
	with pytest.raises(Killed):
		side.run()
	side.mirror.before_save = kill(-1)
	asked = side.xero.asked[-1]
	side.xero.asked.clear()
	assert side.run() is True
	assert side.xero.asked[0] == asked
	side.assert_equal()


@pytest.mark.parametrize("save", range(6))
def test_a_worker_killed_after_a_page_was_kept_goes_on_with_the_next(save: int) -> None:
	side = Side(8)
	side.mirror.after_save = kill(save)
	with pytest.raises(Killed):
		side.run()
	side.mirror.after_save = kill(-1)
	asked = len(side.xero.asked)
	assert side.run() is True
	assert len(side.xero.asked) - asked == 7 - (save + 1)
	side.assert_equal()
	assert side.mirror.cursor(LIST) == Cursor(since=NOON + 8 * HOUR)


@pytest.mark.parametrize(
	"failure", [WillRetry(Code.RATE_LIMITED, retry_after=40), NeedsPerson(Code.RECONNECT)]
)
def test_what_reading_raises_comes_through_and_the_place_is_kept(failure: Exception) -> None:
	side = Side(8)

	def broken() -> None:
		raise failure

	side.xero.before_page = at(page_3=broken)
	with pytest.raises(type(failure)) as raised:
		side.run()
	assert raised.value is failure
	assert side.mirror.cursor(LIST).since is None
	assert len(side.mirror.rows) == 3


# Any interleaving

ROWS = 7
row_numbers = st.integers(0, ROWS + 2)  # some that are there, some that come
moves = st.dictionaries(
	st.integers(0, 24),
	st.lists(st.tuples(row_numbers, st.integers(1, 90)), min_size=1, max_size=3),
	max_size=12,
)
"""Before which answer of Xero which rows change, so many seconds after the last change."""


class Interleaving:
	"""A list that changes as planned while runs are stopped and killed as planned."""

	def __init__(self, plan: dict[int, list[tuple[int, int]]], page_size: int, known: bool) -> None:
		self.side = Side(ROWS, page_size)
		if known:
			assert self.side.run()
			for number in range(ROWS):
				self.side.xero.change(f"row-{number}", HOUR)
		self.first = len(self.side.xero.asked)
		self.plan = plan
		self.seen: set[str] = set()
		self.side.xero.before_page = self.move

	def move(self, answer: int) -> None:
		for number, seconds in self.plan.get(answer - self.first, ()):
			self.side.xero.change(f"row-{number}", seconds * SECOND)
		self.seen = set(self.side.xero.rows)

	def complete(self, stop: Callable[[], bool] = lambda: False) -> bool:
		with suppress(WillRetry, Killed):
			return self.side.run(stop)
		return False


@settings(max_examples=400)
@given(plan=moves, page_size=st.integers(2, 4), known=st.booleans())
def test_a_run_that_calls_itself_complete_has_every_row_that_xero_had(
	plan: dict[int, list[tuple[int, int]]], page_size: int, known: bool
) -> None:
	world = Interleaving(plan, page_size, known)
	if world.complete():
		assert world.seen <= set(world.side.mirror.rows)
		world.side.assert_equal()


@settings(max_examples=400)
@given(
	plan=moves,
	page_size=st.integers(2, 4),
	known=st.booleans(),
	stops=st.lists(st.integers(0, 4), max_size=5),
	kills=st.sets(st.tuples(st.booleans(), st.integers(0, 24)), max_size=4),
)
def test_nothing_is_missed_however_the_list_moves_and_whenever_the_worker_dies(
	plan: dict[int, list[tuple[int, int]]],
	page_size: int,
	known: bool,
	stops: list[int],
	kills: set[tuple[bool, int]],
) -> None:
	world = Interleaving(plan, page_size, known)
	mirror, first = world.side.mirror, world.side.mirror.saves
	left = set(kills)

	def killer(after_save: bool) -> Callable[[int], None]:
		def hook(save: int) -> None:
			if (after_save, save - first) in left:
				left.discard((after_save, save - first))
				raise Killed

		return hook

	mirror.before_save, mirror.after_save = killer(False), killer(True)
	for pages in stops:
		world.complete(after(pages))
	for _ in range(40):
		world.complete()
	assert world.complete(), "the list keeps still by now, yet no run ends"
	world.side.assert_equal()


@given(plan=moves, page_size=st.integers(2, 4))
def test_reading_a_window_twice_changes_nothing(
	plan: dict[int, list[tuple[int, int]]], page_size: int
) -> None:
	world = Interleaving(plan, page_size, known=False)
	for _ in range(40):
		world.complete()
	before, place = dict(world.side.mirror.rows), world.side.mirror.cursor(LIST)
	assert world.complete()
	assert (world.side.mirror.rows, world.side.mirror.cursor(LIST)) == (before, place)
