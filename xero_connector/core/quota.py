"""Who may call Xero now, and how long everybody else waits (B7).

Xero counts an organisation's calls in minutes and days of its own, whose beginnings we do not know: 60 a minute, five
at once, 1,000 or 5,000 a day by the app's tier (xero-facts 2). 55 in *any* minute and five under way never are more
than 60 in one of Xero's: those that set out in it, and those that were under way when it began.

Moments are seconds since 1970.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from enum import IntEnum
from typing import Any, NamedTuple, Protocol

from xero_connector.core.model import Limits

MINUTE, DAY = 60.0, 86_400.0

LONGEST_CALL = 90.0
"""Seconds after which a call that nobody has ended was a dead process's: more than its time-outs come to."""

ASK_AGAIN = 3600.0
"""Xero's word that the day's calls are used up is believed for so long: then one call may find out whether a new day has
begun."""

_PAUSES = {"concurrent": 5, "day": 3600}
_PAUSE = 60
"""After a refusal that does not say how long, in seconds."""

_LOOK_AGAIN = 0.2


class Priority(IntEnum):
	"""What a call is for: somebody waits for it, a webhook or a list asked for it, the clock did, or a first load."""

	CLICK = 0
	EVENT = 1
	POLL = 2
	BACKFILL = 3


class Share(NamedTuple):
	"""What a priority may use up: with so many calls in the last minute or under way, whoever made them, it waits its
	turn, and with so small a part of the day's calls left it stops. The rest is kept for those before it.

	`patience` is how long a process may wait in place, in seconds; never for a pause, nor for another day.
	"""

	minute: int
	at_once: int
	day_kept: float
	patience: float


SHARES = {
	Priority.CLICK: Share(55, 5, 0.0, 3),
	Priority.EVENT: Share(50, 4, 0.05, 60),
	Priority.POLL: Share(45, 3, 0.1, 60),
	Priority.BACKFILL: Share(40, 2, 0.2, 60),
}
_WHOLE = SHARES[Priority.CLICK]


class Gate(Protocol):
	"""What every call passes on its way out and back."""

	def enter(self) -> str:
		"""A ticket for one call. Raises WillRetry(RATE_LIMITED) with `retry_after` when it may not go now."""

	def leave(self, ticket: str, limits: Limits | None, retry_after: int | None, problem: str | None) -> None:
		"""The call has ended. `limits` is what Xero told, None when nothing came back. `problem` is which limit Xero
		refused the call by (minute, day, concurrent, appminute; None: it did not), for `retry_after` seconds if it
		said so."""


@dataclass(frozen=True)
class Budget:
	"""What is known of one organisation's calls.

	`calls` is when those of the last minute set out, `running` when each call under way did, by ticket. `told_left` is
	Xero's newest count of what is left of its day, which came back at `told`; None while nobody knows. `most_left` is
	the most that Xero told in that day, which we first saw at `day_began`. `lost` is when calls were given up of which
	nothing came back, and of which no later call has told yet. A pause that is over stays until a call has come back
	well: until then one call at a time finds out.
	"""

	calls: tuple[float, ...] = ()
	running: dict[str, float] = field(default_factory=dict)
	lost: tuple[float, ...] = ()
	told_left: int | None = None
	told: float = 0.0
	most_left: int = 0
	day_began: float = 0.0
	paused_until: float = 0.0

	@property
	def day_left(self) -> int | None:
		"""At least so many: all calls under way and lost may have been counted or not."""
		if self.told_left is None:
			return None
		return max(0, self.told_left - len(self.running) - len(self.lost))


class Wait(NamedTuple):
	"""`problem` is what holds the call back, in Xero's words of a refusal; "pause" is a refusal of before."""

	seconds: float
	problem: str

	@property
	def is_pace(self) -> bool:
		"""Whether it is only about not being too quick: worth waiting for in place."""
		return self.problem in ("minute", "concurrent")


class Meter(NamedTuple):
	"""What is left, by now. `paused_until` is a moment, None when calls may be made; `day_ahead` is the part (0 to 1)
	of Xero's day that is still to come, as far as we have seen when it began."""

	day_left: int
	day_limit: int
	minute_left: int
	paused_until: float | None
	day_ahead: float

	@property
	def share_left(self) -> float:
		"""The part of the day's calls that is left, 0 to 1."""
		return self.day_left / self.day_limit


def enter(budget: Budget, priority: Priority, ticket: str, tier: int, now: float) -> Budget | Wait:
	"""The budget with this call under way, or what it waits for. `tier` is how many calls a day the app was said to
	have; Xero's own word counts more."""
	budget = _by_now(budget, now)
	share = SHARES[priority]
	wait = _pause(budget, now) or _day(budget, share, tier, now) or _pace(budget, share, now)
	if wait:
		return wait
	return replace(
		budget,
		calls=(*budget.calls, now),
		running={**budget.running, ticket: now},
		day_began=budget.day_began or now,
	)


def leave(
	budget: Budget,
	ticket: str,
	limits: Limits | None,
	retry_after: int | None,
	problem: str | None,
	now: float,
) -> Budget:
	"""The budget after a call, as `Gate.leave` was told of it."""
	budget = _by_now(budget, now)
	began = budget.running.get(ticket, 0.0)
	budget = replace(budget, running={name: at for name, at in budget.running.items() if name != ticket})
	left = 0 if problem == "day" else limits.day_remaining if limits else None
	if left is not None:
		budget = _told(budget, left, began, now)
	elif problem is None:
		# it may have been counted; if not, the reply to a later call says so
		budget = replace(budget, lost=(*budget.lost, now))
	if problem is not None:
		pause = retry_after or _PAUSES.get(problem, _PAUSE)
		return replace(budget, paused_until=max(budget.paused_until, now + pause))
	is_well = limits is not None and budget.paused_until <= now
	return replace(budget, paused_until=0.0) if is_well else budget


def meter(budget: Budget, tier: int, now: float) -> Meter:
	budget = _by_now(budget, now)
	limit = _day_limit(budget, tier)
	return Meter(
		day_left=limit if budget.day_left is None else budget.day_left,
		day_limit=limit,
		minute_left=max(0, _WHOLE.minute - len(budget.calls)),
		paused_until=budget.paused_until if budget.paused_until > now else None,
		day_ahead=max(0.0, 1 - (now - budget.day_began) / DAY) if budget.day_began else 1.0,
	)


def to_json(budget: Budget) -> dict[str, Any]:
	return asdict(budget)


def from_json(stored: dict[str, Any]) -> Budget:
	moments = {name: tuple(stored.get(name, ())) for name in ("calls", "lost")}
	return Budget(**{**stored, **moments})


def _by_now(budget: Budget, now: float) -> Budget:
	"""Without what time has settled. What lies far ahead was written by a clock that has been put right."""
	is_known = abs(now - budget.told) < DAY
	is_over = abs(now - budget.day_began) >= DAY
	return replace(
		budget,
		calls=tuple(call for call in budget.calls if abs(now - call) < MINUTE),
		running={name: began for name, began in budget.running.items() if abs(now - began) < LONGEST_CALL},
		lost=tuple(end for end in budget.lost if abs(now - end) < DAY),
		told_left=budget.told_left if is_known else None,
		most_left=0 if is_over else budget.most_left,
		day_began=now if is_over and budget.day_began else budget.day_began,
		paused_until=min(budget.paused_until, now + DAY),
	)


def _day_limit(budget: Budget, tier: int) -> int:
	"""The tier's, or more where Xero told of more: of what is left after a call, that call is missing."""
	return max(tier, budget.most_left + 1)


def _pause(budget: Budget, now: float) -> Wait | None:
	if budget.paused_until > now:
		return Wait(budget.paused_until - now, "pause")
	if budget.paused_until and budget.running:
		return Wait(_LOOK_AGAIN, "concurrent")
	return None


def _day(budget: Budget, share: Share, tier: int, now: float) -> Wait | None:
	kept = math.ceil(share.day_kept * _day_limit(budget, tier))
	if budget.day_left is None or budget.day_left > kept:
		return None
	# a pause that is over was Xero's own word for when to come back
	if now - budget.told < ASK_AGAIN and not budget.paused_until:
		return Wait(budget.told + ASK_AGAIN - now, "day")
	return Wait(_LOOK_AGAIN, "concurrent") if budget.running else None


def _pace(budget: Budget, share: Share, now: float) -> Wait | None:
	if len(budget.calls) >= share.minute:
		makes_room = sorted(budget.calls)[-share.minute]
		return Wait(max(makes_room + MINUTE - now, _LOOK_AGAIN), "minute")
	if len(budget.running) >= share.at_once:
		return Wait(_LOOK_AGAIN, "concurrent")
	return None


def _told(budget: Budget, left: int, began: float, now: float) -> Budget:
	"""Replies come back in any order, but within a day Xero only counts down: a smaller number is newer. A greater one
	is newer only from a call that set out when the one we have was here already; then the day is another one, or
	a call of which nothing came back was not counted."""
	budget = replace(budget, lost=tuple(end for end in budget.lost if end > began))
	before = budget.told_left
	if before is not None and left > before and began <= budget.told:
		return budget
	is_new_day = before is not None and before < left >= budget.most_left - _WHOLE.at_once
	return replace(
		budget,
		told_left=left,
		told=now,
		most_left=max(budget.most_left, left),
		day_began=now if is_new_day else budget.day_began or now,
	)
