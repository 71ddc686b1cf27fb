"""Webhook deliveries at a steady pace, whatever becomes of those before: as Xero sends them."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import NamedTuple
from urllib.parse import urlsplit

from xero_sandbox.webhooks import Event, delivery, sign

RECEIVE = "xero_connector.api.webhook.receive"
NOTHING = "frappe.ping"
"""What Frappe itself needs for a guest's request."""

_AT_ONCE = 64
_TIMEOUT = 5
"""Seconds that Xero waits."""


class Answer(NamedTuple):
	"""`seconds` from the moment at which it should have gone. Status 0: none came in time."""

	status: int
	bytes: int
	cookies: int
	seconds: float


def made(tenant: str, documents: Sequence[str], count: int, first: int, key: str) -> list[tuple[bytes, str]]:
	"""Signed deliveries of one event each, of these documents in turn."""
	xero, now = SimpleNamespace(url="https://api.xero.com"), round(time.time() * 1000)
	events = (
		Event(first + n, tenant, "Invoices", "INVOICE", documents[n % len(documents)], "UPDATE", now)
		for n in range(count)
	)
	bodies = [delivery(xero, [event]) for event in events]  # type: ignore[arg-type]
	return [(body, sign(body, key)) for body in bodies]


def sent(
	url: str, deliveries: Sequence[tuple[bytes, str]], a_second: float, method: str = RECEIVE
) -> list[Answer]:
	"""A delivery that is slow holds up no other one; its own time counts from when it should have gone."""
	path, begin = f"/api/method/{method}", time.perf_counter() + 0.1
	with ThreadPoolExecutor(_AT_ONCE) as threads:
		return list(threads.map(lambda each: _send(url, path, *each), _paced(deliveries, begin, a_second)))


def _paced(
	deliveries: Sequence[tuple[bytes, str]], begin: float, a_second: float
) -> Iterator[tuple[bytes, str, float]]:
	for number, (body, signature) in enumerate(deliveries):
		yield body, signature, begin + number / a_second


def _send(url: str, path: str, body: bytes, signature: str, moment: float) -> Answer:
	time.sleep(max(0, moment - time.perf_counter()))
	headers = {"Content-Type": "application/json", "x-xero-signature": signature, "Host": "localhost"}
	connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT)
	try:
		connection.request("POST", path, body, headers)
		answer = connection.getresponse()
		content, cookies = answer.read(), answer.headers.get_all("Set-Cookie") or ()
		return Answer(answer.status, len(content), len(cookies), time.perf_counter() - moment)
	except OSError:
		return Answer(0, 0, 0, time.perf_counter() - moment)
	finally:
		connection.close()
