"""When an invoice is due: the settings' days, or the terms of payment that a contact has in Xero."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable


def due_date(
	issued: dt.date, due_days: int, terms_day: int | None = None, terms_type: str | None = None
) -> dt.date:
	"""So many days after the date, else as the contact's terms in Xero say, else the same day."""
	if due_days:
		return issued + dt.timedelta(days=due_days)
	if terms_day and terms_type in _TERMS:
		return max(issued, _TERMS[terms_type](issued, terms_day))
	return issued


def _day_of_month(first: dt.date, day: int) -> dt.date:
	return first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))


def _next_month(day: dt.date) -> dt.date:
	return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


_TERMS: dict[str | None, Callable[[dt.date, int], dt.date]] = {
	"DAYSAFTERBILLDATE": lambda issued, days: issued + dt.timedelta(days=days),
	"DAYSAFTERBILLMONTH": lambda issued, days: _next_month(issued) + dt.timedelta(days=days - 1),
	"OFCURRENTMONTH": lambda issued, day: _day_of_month(issued.replace(day=1), day),
	"OFFOLLOWINGMONTH": lambda issued, day: _day_of_month(_next_month(issued), day),
}
