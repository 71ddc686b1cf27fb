"""What a person should know about Xero (B7, B10): which matters there are, how grave each is, and when it is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple


class Kind(str, Enum):
	"""Every matter. Each has one sentence in `health_sentences`."""

	DISCONNECTED = "disconnected"
	"""Xero lets us in no more: the grant has ended, or somebody took the access away."""
	LAPSING = "lapsing"
	CONSENT_LACKS = "consent_lacks"
	READING_FAILS = "reading_fails"
	WEBHOOK_SILENT = "webhook_silent"
	CALLS_LOW = "calls_low"
	MAP_BROKEN = "map_broken"
	BOOKS_DIFFER = "books_differ"
	SENDS_WAIT = "sends_wait"
	MATCHES_WAIT = "matches_wait"


class Level(str, Enum):
	"""How grave it is, in the order in which matters are listed."""

	BAD = "bad"
	WARNING = "warning"
	INFO = "info"


class _Rule(NamedTuple):
	level: Level
	patience: timedelta | None
	"""How long it lasts before it is told, for much heals by itself; None: it is listed alone."""


_AT_ONCE = timedelta(0)
_RULES = {
	Kind.DISCONNECTED: _Rule(Level.BAD, _AT_ONCE),
	Kind.LAPSING: _Rule(Level.WARNING, _AT_ONCE),
	Kind.CONSENT_LACKS: _Rule(Level.WARNING, _AT_ONCE),
	Kind.READING_FAILS: _Rule(Level.BAD, timedelta(hours=1)),
	Kind.WEBHOOK_SILENT: _Rule(Level.WARNING, _AT_ONCE),
	Kind.CALLS_LOW: _Rule(Level.WARNING, _AT_ONCE),
	Kind.MAP_BROKEN: _Rule(Level.BAD, _AT_ONCE),
	Kind.BOOKS_DIFFER: _Rule(Level.WARNING, _AT_ONCE),
	Kind.SENDS_WAIT: _Rule(Level.WARNING, _AT_ONCE),
	Kind.MATCHES_WAIT: _Rule(Level.INFO, None),
}

_LAPSE_STAGES = (timedelta(days=10), timedelta(days=3))
_LOW = 0.1


class Matter(NamedTuple):
	"""`organisation` is its name, None where the matter is the whole site's. `values` are texts for the sentence.
	`stage` grows when it becomes graver and is to be told once more."""

	kind: Kind
	organisation: str | None
	values: Mapping[str, str] = {}
	stage: int = 1

	@property
	def key(self) -> str:
		"""The same for as long as it is the same matter."""
		return f"{self.kind.value}-{self.organisation or 'site'}"

	@property
	def level(self) -> Level:
		is_late = self.kind is Kind.LAPSING and self.stage == len(_LAPSE_STAGES)
		return Level.BAD if is_late else _RULES[self.kind].level


def in_order(matters: list[Matter]) -> list[Matter]:
	"""The gravest first."""
	return sorted(matters, key=lambda matter: list(Level).index(matter.level))


def is_to_tell(matter: Matter, since: datetime, told: int, now: datetime) -> bool:
	"""Whether the managers are told now. `told` is the stage at which they were, 0: never."""
	patience = _RULES[matter.kind].patience
	return patience is not None and matter.stage > told and now - since >= patience


def lapse_stage(expires: datetime, now: datetime) -> int:
	"""How near the end of a grant is that nobody uses: 1 in its last ten days, 2 in its last three, else 0."""
	return sum(expires - now <= ahead for ahead in _LAPSE_STAGES)


def is_low(calls_left: int, day_limit: int) -> bool:
	"""A tenth of the day's calls, which is what polls leave to clicks and webhooks."""
	return calls_left <= day_limit * _LOW
