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
"""Xero's count of the day is believed for so long: then one call may find out whether a new day has begun."""

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


class Running(NamedTuple):
	"""A call under way. `alone`: no other was at the same time, so that what Xero tells of it is the whole truth."""

	began: float
	alone: bool


@dataclass(frozen=True)
class Budget:
	"""What is known of one organisation's calls.

	`day_left` is what Xero last told less the calls since, `told` when that was; None while nobody knows.
	`most_left` is the most that Xero told in this day of its own, which we first saw at `day_began`. A pause that is
	over stays until a call has come back well: until then one call at a time finds out.
	"""

	calls: tuple[float, ...] = ()
	running: dict[str, Running] = field(default_factory=dict)
	day_left: int | None = None
	told: float = 0.0
	most_left: int = 0
	day_began: float = 0.0
	paused_until: float = 0.0


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
	others = {name: call._replace(alone=False) for name, call in budget.running.items()}
	# whoever asks anew is one: all others wait for what Xero tells that call
	asks = budget.day_left is not None and now - budget.told >= ASK_AGAIN
	return replace(
		budget,
		calls=(*budget.calls, now),
		running={**others, ticket: Running(now, not others)},
		day_left=None if budget.day_left is None else max(0, budget.day_left - 1),
		told=now if asks else budget.told,
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
	call = budget.running.get(ticket)
	budget = replace(budget, running={n: each for n, each in budget.running.items() if n != ticket})
	left = 0 if problem == "day" else limits.day_remaining if limits else None
	if left is not None:
		budget = _told(budget, left, bool(call and call.alone), now)
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
	running = {ticket: Running(*call) for ticket, call in stored.get("running", {}).items()}
	return Budget(**{**stored, "calls": tuple(stored.get("calls", ())), "running": running})


def _by_now(budget: Budget, now: float) -> Budget:
	"""Without what time has settled. What lies far ahead was written by a clock that has been put right."""
	known = budget.day_left if abs(now - budget.told) < DAY else None
	is_over = abs(now - budget.day_began) >= DAY
	return replace(
		budget,
		calls=tuple(call for call in budget.calls if abs(now - call) < MINUTE),
		running={name: call for name, call in budget.running.items() if abs(now - call.began) < LONGEST_CALL},
		day_left=known,
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
	if budget.day_left is None or budget.day_left > kept or now - budget.told >= ASK_AGAIN:
		return None
	return Wait(budget.told + ASK_AGAIN - now, "day")


def _pace(budget: Budget, share: Share, now: float) -> Wait | None:
	if len(budget.calls) >= share.minute:
		makes_room = sorted(budget.calls)[-share.minute]
		return Wait(max(makes_room + MINUTE - now, _LOOK_AGAIN), "minute")
	if len(budget.running) >= share.at_once:
		return Wait(_LOOK_AGAIN, "concurrent")
	return None


def _told(budget: Budget, left: int, alone: bool, now: float) -> Budget:
	"""Replies come back in any order, and each was counted before those that set out after it: so of several at the
	same time only a smaller number is news. A call that was alone tells how it is, and so does a day's fresh count."""
	before = budget.day_left
	is_new_day = before is not None and before < left >= budget.most_left - _WHOLE.at_once
	return replace(
		budget,
		day_left=left if before is None or alone or is_new_day else min(before, left),
		told=now,
		most_left=max(budget.most_left, left),
		day_began=now if is_new_day else budget.day_began or now,
	)
