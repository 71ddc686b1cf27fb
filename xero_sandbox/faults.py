"""Faults on demand, for the next requests that match.

kind          parameters (defaults)                      what happens
delay         seconds (1)                                the answer comes late; the call counts as running
drop_before   -                                          the connection closes, nothing was done
drop_after    -                                          the work is done, then the connection closes
rate_limit    problem (minute), retry_after (30)         429 with Xero's headers; retry_after None leaves it out
status        status (500), body (text or JSON), after   that status; after=True does the work first
offline       -                                          503 "The Organisation is offline" as plain text
half_body     -                                          full Content-Length, half of the body, connection closes
unknown_enum  field (Status), value (SOMETHINGNEW), elements (1; None = all)
null_fields   fields ([Status]), elements (1; None = all)
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import render
from .calls import Answer
from .errors import Refusal

KINDS = {
	"delay": {"seconds"},
	"drop_before": set(),
	"drop_after": set(),
	"rate_limit": {"problem", "retry_after"},
	"status": {"status", "body", "after", "headers"},
	"offline": set(),
	"half_body": set(),
	"unknown_enum": {"field", "value", "elements"},
	"null_fields": {"fields", "elements"},
}


@dataclass
class Fault:
	"""`match` is "METHOD regex" or a regex, searched in path?query; `times` None is for ever."""

	kind: str
	match: str = ""
	times: int | None = 1
	params: dict[str, Any] = field(default_factory=dict)

	def fits(self, method: str, target: str) -> bool:
		wanted, _, pattern = self.match.partition(" ")
		if not wanted.isalpha() or not wanted.isupper():
			wanted, pattern = method, self.match
		return wanted == method and re.search(pattern, target) is not None


class Faults:
	def __init__(self) -> None:
		self._lock = threading.Lock()
		self._waiting: list[Fault] = []

	def add(self, kind: str, match: str = "", times: int | None = 1, **params: Any) -> Fault:
		if kind not in KINDS:
			raise ValueError(f"unknown fault {kind!r}; there are {sorted(KINDS)}")
		if unknown := set(params) - KINDS[kind]:
			raise ValueError(f"fault {kind!r} takes {sorted(KINDS[kind])}, not {sorted(unknown)}")
		fault = Fault(kind, match, times, params)
		with self._lock:
			self._waiting.append(fault)
		return fault

	def clear(self) -> None:
		with self._lock:
			self._waiting.clear()

	def take(self, method: str, target: str) -> list[Fault]:
		"""The faults of this request, used up by one."""
		with self._lock:
			found = [fault for fault in self._waiting if fault.fits(method, target)]
			for fault in found:
				if fault.times is not None:
					fault.times -= 1
			self._waiting = [fault for fault in self._waiting if fault.times is None or fault.times > 0]
		return found


def refusal(fault: Fault) -> Refusal | None:
	"""The answer that a fault gives instead of Xero's."""
	params = fault.params
	if fault.kind == "offline":
		return Refusal(503, "The Organisation is offline")
	if fault.kind == "status":
		return Refusal(
			params.get("status", 500), params.get("body", "Internal Server Error"), params.get("headers")
		)
	if fault.kind == "rate_limit":
		headers = {"X-Rate-Limit-Problem": params.get("problem", "minute")}
		if params.get("retry_after", 30) is not None:
			headers["Retry-After"] = str(params.get("retry_after", 30))
		return Refusal(429, "", headers)
	return None


def _unknown_enum(element: dict[str, Any], params: dict[str, Any]) -> None:
	element[params.get("field", "Status")] = params.get("value", "SOMETHINGNEW")


def _null_fields(element: dict[str, Any], params: dict[str, Any]) -> None:
	element.update(dict.fromkeys(params.get("fields", ["Status"])))


CHANGES: dict[str, Callable[[dict[str, Any], dict[str, Any]], None]] = {
	"unknown_enum": _unknown_enum,
	"null_fields": _null_fields,
}


def change(fault: Fault, answer: Answer) -> Answer:
	"""Put the fault into the first (or all) elements of a JSON answer."""
	if fault.kind not in CHANGES or not answer.content_type.startswith("application/json"):
		return answer
	body = json.loads(answer.body, parse_float=Decimal)
	lists = (
		[value for value in body.values() if isinstance(value, list)] if isinstance(body, dict) else [body]
	)
	for element in (lists[0] if lists else [])[: fault.params.get("elements", 1)]:
		CHANGES[fault.kind](element, fault.params)
	return Answer(answer.status, render.encode(body), answer.content_type, answer.headers)
