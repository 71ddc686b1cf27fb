"""Reading one list of Xero into the mirror: first load, delta and resumption by the same loop.

Xero pages by number, over a list that moves while it is read: a row that changes goes to the end and every
row behind it moves up, so that the next number would skip one. Therefore a page is asked for by the moment
at which the last one ended (its second is read twice), and not by number; numbers are only for more rows in
one second than a page holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from xero_connector.core.model import Contact, Document, Endpoint

OVERLAP = timedelta(seconds=60)
"""How far a delta reaches back behind what was read: a change can become visible after its own time stamp."""

Row = Contact | Document


@dataclass(frozen=True)
class Cursor:
	"""How far one endpoint was read.

	`since` is the newest change of the last complete run (None: never complete). `reached` is the newest
	change that the run under way has met (None: none under way), and `page` the page of what changed from
	there on.
	"""

	since: datetime | None = None
	reached: datetime | None = None
	page: int = 1

	@property
	def window(self) -> datetime | None:
		"""What to ask Xero for: changes from this whole second on; None for everything."""
		start = self.reached or (self.since - OVERLAP if self.since else None)
		return start.replace(microsecond=0) if start else None

	def after(self, page: Page) -> Cursor:
		"""Where the next page begins; the cursor of a complete run when this page was the last."""
		newest = max([row.updated_utc for row in page.rows], default=self.reached or self.since)
		if self.page >= page.page_count:
			return Cursor(since=newest)
		further = Cursor(self.since, newest)
		return further if further.window != self.window else Cursor(self.since, self.reached, self.page + 1)


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


ReadPage = Callable[[Endpoint, datetime | None, int], Page]


@dataclass
class Run:
	"""One run: who reads, who keeps, who may stop it and who is told."""

	read: ReadPage
	mirror: Mirror
	stop: Callable[[], bool]
	progress: Callable[[Endpoint, int, int], None]

	def take(self, endpoint: Endpoint) -> bool:
		"""Read everything that is new. False when it was stopped before the end; the cursor keeps the place.

		`progress` gets, after each page, the rows of this run done and those there are. Raises what `read`
		raises.
		"""
		done = 0
		while not self.stop():
			cursor = self.mirror.cursor(endpoint)
			page = self.read(endpoint, cursor.window, cursor.page)
			following = cursor.after(page)
			self.mirror.save(endpoint, page.rows, following)
			done += len(page.rows)
			complete = cursor.page >= page.page_count
			self.progress(endpoint, done, done if complete else max(done, done + _left(cursor, page)))
			if complete:
				return True
		return False


def _left(cursor: Cursor, page: Page) -> int:
	"""Rows of the window behind this page; all pages but the last are equally long."""
	return page.item_count - cursor.page * len(page.rows)
