"""Reading one list of Xero into the mirror: first load, delta and resumption by the same loop.

Xero pages by number over a list that moves. The list is asked for in order of change, oldest first, so that
whatever changes meanwhile moves to its end and is met again. What moves up a page behind our back is found
by counting: when the last page is in, the mirror must hold at least as many rows as Xero says there are;
if not, the window is read once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from xero_connector.core.errors import Code, WillRetry
from xero_connector.core.model import Contact, Document, Endpoint

OVERLAP = timedelta(seconds=60)
"""How far a delta reaches back behind what was read: If-Modified-Since knows only whole seconds, and a
change can become visible a little after its own time stamp."""

MAX_PASSES = 3

Row = Contact | Document


@dataclass(frozen=True)
class Cursor:
	"""How far one endpoint was read.

	`since` is the newest change of the last complete run (None: never complete). `page` is the next page of
	the run under way and `newest` the newest change that it has met.
	"""

	since: datetime | None = None
	page: int = 1
	newest: datetime | None = None

	@property
	def window(self) -> datetime | None:
		"""What the run asks Xero for: changes from here on; None for everything."""
		return self.since - OVERLAP if self.since else None


class Page(NamedTuple):
	"""One page of a list, with Xero's own count of pages and rows in the whole window."""

	rows: Sequence[Row]
	page_count: int
	item_count: int


class Mirror(Protocol):
	"""The site's copy of one organisation (`site.mirror`; a fake in the unit tests)."""

	def cursor(self, endpoint: Endpoint) -> Cursor: ...

	def save(self, endpoint: Endpoint, rows: Sequence[Row], cursor: Cursor) -> None:
		"""Rows and cursor in one transaction: a killed run resumes where it stopped."""

	def count(self, endpoint: Endpoint, since: datetime | None) -> int:
		"""Rows of the endpoint that changed at or after `since`."""


ReadPage = Callable[[Endpoint, datetime | None, int], Page]


@dataclass
class Run:
	"""One run over one endpoint: who reads, who keeps, who may stop it and who is told."""

	read: ReadPage
	mirror: Mirror
	stop: Callable[[], bool]
	progress: Callable[[Endpoint, int, int], None]

	def take(self, endpoint: Endpoint) -> bool:
		"""Read everything that is new. False when it was stopped before the end; the cursor keeps the place.

		`progress` gets rows done and rows in all after each page. Raises what `read` raises, and
		WillRetry(MOVING) when the list changes faster than it can be read.
		"""
		for _ in range(MAX_PASSES):
			item_count = self._pass(endpoint)
			if item_count is None:
				return False
			cursor = self.mirror.cursor(endpoint)
			if self.mirror.count(endpoint, cursor.window) >= item_count:
				self.mirror.save(endpoint, (), Cursor(since=cursor.newest or cursor.since))
				return True
		raise WillRetry(Code.MOVING, endpoint=endpoint.value)

	def _pass(self, endpoint: Endpoint) -> int | None:
		"""Page by page to the end of the window; Xero's count of its rows, or None when stopped."""
		while not self.stop():
			cursor = self.mirror.cursor(endpoint)
			page = self.read(endpoint, cursor.window, cursor.page)
			last = cursor.page >= page.page_count
			self.mirror.save(endpoint, page.rows, _after(cursor, page, last))
			# by pages, so that a run that was resumed does not begin at nought again
			self.progress(endpoint, page.item_count * cursor.page // max(page.page_count, 1), page.item_count)
			if last:
				return page.item_count
		return None


def _after(cursor: Cursor, page: Page, last: bool) -> Cursor:
	moments = [row.updated_utc for row in page.rows]
	newest = max([*moments, cursor.newest] if cursor.newest else moments, default=None)
	return replace(cursor, newest=newest, page=1 if last else cursor.page + 1)
