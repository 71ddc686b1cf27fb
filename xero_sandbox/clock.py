"""The sandbox's own time, so that a test can live through 60 days in a millisecond."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
EPOCH_DAY = date(1970, 1, 1)
DAY_MS = 86_400_000

# only the zones that seeded organisations use
ZONES = {
	"NEWZEALANDSTANDARDTIME": "Pacific/Auckland",
	"GMTSTANDARDTIME": "Europe/London",
	"AUSEASTERNSTANDARDTIME": "Australia/Sydney",
	"UTC": "UTC",
}


class Clock:
	"""Starts at `now` (aware UTC; the real time by default) and runs on from there."""

	def __init__(self, now: datetime | None = None) -> None:
		self._start = now.astimezone(timezone.utc) if now else datetime.now(timezone.utc)
		self._started = time.monotonic()
		self._ahead = 0.0

	def advance(self, seconds: float) -> None:
		if seconds < 0:
			raise ValueError("the sandbox's clock only goes forward: seconds must not be negative")
		self._ahead += seconds

	def now(self) -> datetime:
		return self._start + timedelta(seconds=time.monotonic() - self._started + self._ahead)

	def milliseconds(self) -> int:
		return to_ms(self.now())

	def seconds(self) -> float:
		return self.now().timestamp()

	def today(self, timezone_name: str = "UTC") -> date:
		"""The calendar day of an organisation; takes Xero's (Windows) name of the time zone."""
		return self.now().astimezone(ZoneInfo(ZONES.get(timezone_name, "UTC"))).date()


def to_ms(moment: datetime) -> int:
	return (moment - EPOCH) // timedelta(milliseconds=1)


def day_to_ms(day: date) -> int:
	return (day - EPOCH_DAY).days * DAY_MS
