"""Idempotency-Key: remembered for 6 minutes from the first call, per app; replays errors too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from .calls import Answer, Call
from .errors import idempotency

LIFETIME = 6 * 60
LONGEST = 128
METHODS = {"POST", "PUT", "PATCH"}


@dataclass
class Remembered:
	until: float
	request: tuple[str, str, str]
	answer: Answer


class Keys:
	def __init__(self) -> None:
		self._seen: dict[tuple[str, str], Remembered] = {}

	def once(self, call: Call, act: Callable[[], Answer]) -> Answer:
		"""The remembered answer to the same request, or that of `act`, which then is remembered."""
		key = call.request.headers.get("Idempotency-Key")
		if not key or call.request.method not in METHODS:
			return act()
		if len(key) > LONGEST:
			raise idempotency(f"The Idempotency-Key is longer than {LONGEST} characters.")
		now = call.sandbox.clock.seconds()
		self._seen = {owner: row for owner, row in self._seen.items() if row.until > now}
		request = _print_of(call)
		found = self._seen.get((call.client_id, key))
		if found is None:
			found = Remembered(now + LIFETIME, request, act())
			self._seen[(call.client_id, key)] = found
		elif found.request != request:
			raise idempotency(f"The idempotency key '{key}' is used with a different request.")
		return found.answer


def _print_of(call: Call) -> tuple[str, str, str]:
	where = f"{call.organisation.id} {call.request.full_path}"
	return call.request.method, where, hashlib.sha256(call.data).hexdigest()
