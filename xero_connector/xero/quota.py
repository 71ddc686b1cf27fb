"""What Xero's replies say about the calls that are left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xero_connector.core.model import Limits


class Answered(NamedTuple):
	"""What `core.quota.Gate.leave` is told of a call."""

	limits: Limits | None
	retry_after: int | None
	problem: str | None


NO_ANSWER = Answered(None, None, None)


def answered(status: int, headers: Mapping[str, str]) -> Answered:
	"""Of a reply: only one with the status 429 is a refusal by a limit. `headers` are looked up without regard to
	case."""
	lower = {name.lower(): value for name, value in headers.items()}
	limits = limits_from(lower)
	if status != 429:
		return Answered(limits, None, None)
	retry_after = whole_number(lower.get("retry-after"))
	return Answered(limits, retry_after, lower.get("x-rate-limit-problem") or "unnamed")


def limits_from(headers: Mapping[str, str]) -> Limits:
	"""The three counters of a reply (developer.xero.com, "OAuth 2.0 API limits"): calls left today and this
	minute for the organisation, and this minute for the app over all organisations.

	None where a header is missing or is not a number. `headers` is looked up without regard to case.
	"""
	lower = {name.lower(): value for name, value in headers.items()}
	return Limits(
		day_remaining=whole_number(lower.get("x-daylimit-remaining")),
		minute_remaining=whole_number(lower.get("x-minlimit-remaining")),
		app_minute_remaining=whole_number(lower.get("x-appminlimit-remaining")),
	)


def whole_number(text: str | None) -> int | None:
	"""A header's value as a number; None for anything else, such as a date in Retry-After."""
	try:
		return int(text) if text else None
	except ValueError:
		return None
