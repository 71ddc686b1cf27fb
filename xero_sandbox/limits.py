"""Calls a minute, a day and at once, for each organisation; calls a minute for the app. Fixed windows."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from .clock import Clock
from .errors import Refusal

MINUTE, DAY = 60.0, 86_400.0
DEFAULTS: dict[str, int | None] = {"minute": 60, "day": 5000, "concurrent": 5, "app_minute": 10_000}


@dataclass
class Window:
	"""Opens with the first call after the last one closed, so that organisations reset at different times."""

	length: float
	opened: float = -math.inf
	used: int = 0

	def left(self, now: float, limit: int) -> int:
		if now - self.opened >= self.length:
			self.opened, self.used = now, 0
		return limit - self.used

	def seconds_left(self, now: float) -> int:
		return max(1, math.ceil(self.opened + self.length - now))


class Limits:
	"""`set(minute=None)` switches a limit off; its header then always tells the full default."""

	def __init__(self, clock: Clock, **limits: int | None) -> None:
		self._clock = clock
		self._lock = threading.Lock()
		self._limits = DEFAULTS | limits
		self.reset()

	def reset(self) -> None:
		self._windows: dict[tuple[str, str], Window] = {}
		self._running: dict[str, int] = {}

	def set(self, **limits: int | None) -> None:
		unknown = set(limits) - set(DEFAULTS)
		if unknown:
			raise ValueError(f"unknown limits {sorted(unknown)}; there are {sorted(DEFAULTS)}")
		self._limits |= limits

	def enter(self, tenant: str, client_id: str) -> dict[str, str]:
		"""Count a call and give the headers, or refuse with 429. Refused calls are not counted."""
		with self._lock:
			now = self._clock.seconds()
			concurrent = self._limits["concurrent"]
			if concurrent is not None and self._running.get(tenant, 0) >= concurrent:
				raise self._refusal("concurrent", tenant, client_id, now, None)
			for name, window in self._of(tenant, client_id):
				limit = self._limits[name]
				if limit is not None and window.left(now, limit) <= 0:
					raise self._refusal(name, tenant, client_id, now, window.seconds_left(now))
			for _, window in self._of(tenant, client_id):
				window.used += 1
			self._running[tenant] = self._running.get(tenant, 0) + 1
			return self._headers(tenant, client_id, now)

	def leave(self, tenant: str) -> None:
		with self._lock:
			# a reset meanwhile has forgotten the call
			self._running[tenant] = max(0, self._running.get(tenant, 0) - 1)

	def _of(self, tenant: str, client_id: str) -> list[tuple[str, Window]]:
		kinds = [("minute", tenant, MINUTE), ("day", tenant, DAY), ("app_minute", client_id, MINUTE)]
		return [
			(name, self._windows.setdefault((name, owner), Window(length))) for name, owner, length in kinds
		]

	def _headers(self, tenant: str, client_id: str, now: float) -> dict[str, str]:
		left = {name: self._left(name, window, now) for name, window in self._of(tenant, client_id)}
		return {
			"X-DayLimit-Remaining": left["day"],
			"X-MinLimit-Remaining": left["minute"],
			"X-AppMinLimit-Remaining": left["app_minute"],
		}

	def _left(self, name: str, window: Window, now: float) -> str:
		limit = self._limits[name]
		return str(DEFAULTS[name] if limit is None else max(0, window.left(now, limit)))

	def _refusal(
		self, name: str, tenant: str, client_id: str, now: float, retry_after: int | None
	) -> Refusal:
		headers = self._headers(tenant, client_id, now) | {"X-Rate-Limit-Problem": name.replace("_", "")}
		if retry_after is not None:
			headers["Retry-After"] = str(retry_after)
		return Refusal(429, "", headers)
