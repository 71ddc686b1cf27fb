"""The HTTP below the SDK: one request, no retry, no redirect, and the reply as it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError

from xero_connector.xero.failures import Reply, failure_of_line

TIMEOUT = urllib3.Timeout(connect=5, read=60)


class Transport:
	"""Stands in for the `rest_client` of the SDK's ApiClient, for one call.

	The SDK's own sleeps through Retry-After (hours, on the day's limit), sends a PUT again after a timeout,
	has no timeout unless told, turns amounts into floats on the way out and booleans into "True", and puts
	the token where tracebacks print it (xero-facts 7). It also parses a 400 as JSON although Xero answers
	some in plain text. Here a body is bytes, written by us.
	"""

	def __init__(self, pool: urllib3.PoolManager, token: str, sending: bool) -> None:
		self._pool = pool
		self._token = token
		self._sending = sending

	def GET(self, url: str, **request: Any) -> Reply:
		return self._exchange("GET", url, **request)

	def PUT(self, url: str, **request: Any) -> Reply:
		return self._exchange("PUT", url, **request)

	def POST(self, url: str, **request: Any) -> Reply:
		return self._exchange("POST", url, **request)

	def _exchange(
		self,
		method: str,
		url: str,
		query_params: Sequence[tuple[str, Any]] | None = None,
		headers: Mapping[str, str] | None = None,
		body: bytes | None = None,
		**_: Any,
	) -> Reply:
		"""`_` holds what the SDK passes for form posts and for its own decoding."""
		query = urlencode([(name, _plain(value)) for name, value in query_params or ()])
		try:
			response = self._pool.request(
				method,
				f"{url}?{query}" if query else url,
				body=body,
				# gzip: Xero bills by the gigabyte
				headers={
					**(headers or {}),
					"Authorization": f"Bearer {self._token}",
					"Accept-Encoding": "gzip",
				},
				timeout=TIMEOUT,
				retries=False,
			)
		except (HTTPError, ValueError) as error:
			failure = failure_of_line(error, sending=self._sending)
		else:
			return Reply(response.status, response.headers, response.data)
		raise failure


def _plain(value: Any) -> Any:
	return str(value).lower() if isinstance(value, bool) else value
