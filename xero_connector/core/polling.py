"""When Xero is asked again for what changed (B7, B8): seldom where webhooks tell, every few minutes where they do not,
and less often while nothing happens or the day's calls run short."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from xero_connector.core.model import Endpoint

OFTEN, SELDOM = timedelta(minutes=5), timedelta(minutes=15)
"""Between two polls of the invoices where no webhook tells: after a change, and after a long quiet."""

WITH_WEBHOOKS = timedelta(hours=1)
"""What a webhook has missed is found after this time."""

FULL_PASS = timedelta(days=7)
"""Xero's lists of changes leave out due dates and sent flags of part-paid documents (xero-facts 0.9)."""

_EARLY = timedelta(seconds=90)
"""Schedulers are not to the second: a poll may come this much before its time rather than a turn later."""

_DOCUMENTS = Endpoint.INVOICES
_SLOWER_WITH_WEBHOOKS, _SLOWER = 4, 2
"""Contacts and credit notes change less, and nobody waits for them: times the invoices' interval."""


class Polled(NamedTuple):
	"""How the polls of one endpoint went: when the last one began, and how many in a row have found nothing."""

	began: datetime | None = None
	quiet: int = 0


def interval(endpoint: Endpoint, quiet: int, *, with_webhooks: bool, day_left: float) -> timedelta:
	"""How long to wait after a poll. `day_left` is the share (0 to 1) of the day's calls that is left."""
	short = 1 if day_left > 0.5 else 2 if day_left > 0.25 else 4
	if with_webhooks:
		return WITH_WEBHOOKS * short * (1 if endpoint is _DOCUMENTS else _SLOWER_WITH_WEBHOOKS)
	usual = min(OFTEN * (1 + quiet), SELDOM)
	return usual * short * (1 if endpoint is _DOCUMENTS else _SLOWER)


def is_due(
	endpoint: Endpoint,
	polled: Polled,
	now: datetime,
	wanted: datetime | None,
	*,
	with_webhooks: bool,
	day_left: float,
) -> bool:
	"""Whether to ask now. `wanted` is when somebody last asked for everything that is new."""
	if not polled.began or (wanted and wanted >= polled.began):
		return True
	wait = interval(endpoint, polled.quiet, with_webhooks=with_webhooks, day_left=day_left)
	return now - polled.began >= wait - _EARLY


def after(polled: Polled, began: datetime, found: bool) -> Polled:
	"""A poll that began at this moment; whether it has found a change."""
	return Polled(began, 0 if found else polled.quiet + 1)
