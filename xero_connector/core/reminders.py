"""When somebody is reminded of an invoice: so many days before or after it falls due, once each (R110)."""

from __future__ import annotations

from datetime import date, timedelta

CATCH_UP = timedelta(days=2)
"""For how long a reminder that was missed still comes; longer, and an app that is new would tell of years."""


def due_between(stage: int, today: date) -> tuple[date, date]:
	"""The first and last due date of the invoices that `stage` is for: days from the due date, below 0 before it.

	Stages do not meet as long as they are more than `CATCH_UP` apart.
	"""
	last = today - timedelta(days=stage)
	return last - CATCH_UP, last
