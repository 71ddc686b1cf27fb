"""The SDK behind one door: its endpoints and parameters, our bytes, our failures."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from typing import Any

import certifi
import msgspec
import urllib3

from xero_connector.core.model import Exchange
from xero_connector.core.quota import Gate
from xero_connector.xero.failures import Reply, failure_of, sealed
from xero_connector.xero.hosts import Hosts
from xero_connector.xero.quota import NO_ANSWER, answered
from xero_connector.xero.transport import Transport

# an amount goes out with exactly its digits; the SDK would make a float of it
_ENCODER = msgspec.json.Encoder(decimal_format="number")

_DIGEST = 16
LONGEST_KEY = 128 - 1 - _DIGEST
"""Xero takes 128 characters."""

_CONCURRENT = 5
"""Calls that Xero lets run at once for one organisation."""


class Client:
	"""Calls to one organisation. Made for one job; threads may share it, and a fork gets its own sockets.

	`token` yields a valid access token at every call. `gate` lets every request out, and is told when it ended with
	what Xero said of the calls that are left. `on_expired` is told when Xero calls a token expired before its time,
	so that `token` yields another one; the call is then made once more. `on_call` is told of every request with what
	came back, also when nothing did.
	"""

	def __init__(
		self,
		hosts: Hosts,
		tenant_id: str,
		token: Callable[[], str],
		gate: Gate,
		on_expired: Callable[[], None] | None = None,
		on_call: Callable[[Exchange], None] | None = None,
	) -> None:
		self.tenant_id = tenant_id
		self._hosts = hosts
		self._token = token
		self._gate = gate
		self._on_expired = on_expired
		self._on_call = on_call
		self._pool_of: tuple[int, urllib3.PoolManager] | None = None

	def __repr__(self) -> str:
		return f"Client({self.tenant_id})"

	def get(self, operation: str, **parameters: Any) -> bytes:
		"""The body of a read. `operation` and `parameters` are those of the SDK's AccountingApi, such as
		"get_invoices" with `page` and `page_size`.

		Raises NeedsPerson and WillRetry as `failures` tells, and what the gate raises where it lets no call out.
		"""
		return self._call(operation, parameters, sending=False)

	def send(
		self, operation: str, body: dict[str, Any], idempotency_key: str, *ids: str, **parameters: Any
	) -> bytes:
		"""The body of the answer to a write. `body` is Xero's JSON as plain values with Decimal amounts; `ids`
		are those that the address names, such as the invoice of a history note.

		`idempotency_key` (1 to LONGEST_KEY characters) makes Xero answer a repeated request with its first answer,
		for six minutes. Xero refuses a known key with another body, such as a batch of which a part was done
		meanwhile: so the key that it gets names the body as well. Raises like `get`; WillRetry.maybe_done tells
		that it may have taken effect.
		"""
		if not 0 < len(idempotency_key) <= LONGEST_KEY:
			raise ValueError(f"an idempotency key has 1 to {LONGEST_KEY} characters")
		encoded = _ENCODER.encode(body)
		key = f"{idempotency_key}-{hashlib.sha256(encoded).hexdigest()[:_DIGEST]}"
		return self._call(operation, {**parameters, "idempotency_key": key}, encoded, ids=ids, sending=True)

	def _call(
		self,
		operation: str,
		parameters: dict[str, Any],
		*body: bytes,
		ids: tuple[str, ...] = (),
		sending: bool,
	) -> bytes:
		reply = self._once(operation, parameters, *body, ids=ids, sending=sending)
		if reply.status == 401 and b"tokenexpired" in reply.body.lower():
			# our clock runs behind Xero's, or the token was replaced meanwhile; nothing was done yet
			if self._on_expired:
				self._on_expired()
			reply = self._once(operation, parameters, *body, ids=ids, sending=sending)
		if not 200 <= reply.status <= 299:
			raise failure_of(reply, sending=sending)
		return reply.body

	def _once(
		self, operation: str, parameters: dict[str, Any], *body: bytes, ids: tuple[str, ...], sending: bool
	) -> Reply:
		# first, so that whoever waits for a turn holds no token meanwhile
		ticket, back = self._gate.enter(), NO_ANSWER
		try:
			# the token is never in a variable of ours; the callbacks are outside of the seal, and so can be debugged
			transport = Transport(self._connections(), self._token(), sending)
			reply = self._heard(transport, operation, parameters, *body, ids=ids)
			back = answered(reply.status, reply.headers)
			return reply
		finally:
			self._gate.leave(ticket, *back)

	def _heard(
		self,
		transport: Transport,
		operation: str,
		parameters: dict[str, Any],
		*body: bytes,
		ids: tuple[str, ...],
	) -> Reply:
		started, reply = time.monotonic(), None
		try:
			reply = _exchange(
				transport, self._hosts.accounting_url, operation, self.tenant_id, *ids, *body, **parameters
			)
			return reply
		finally:
			if self._on_call:
				milliseconds = round(1000 * (time.monotonic() - started))
				self._on_call(_told(operation, body[0] if body else None, reply, milliseconds))

	def _connections(self) -> urllib3.PoolManager:
		if self._pool_of is None or self._pool_of[0] != os.getpid():
			pool = urllib3.PoolManager(maxsize=_CONCURRENT, ca_certs=certifi.where())
			self._pool_of = (os.getpid(), pool)
		return self._pool_of[1]


def _told(operation: str, request: bytes | None, reply: Reply | None, milliseconds: int) -> Exchange:
	if reply is None:
		return Exchange(operation, request, 0, b"", milliseconds, None)
	kind = reply.headers.get("Content-Type", "")
	is_text = kind.startswith("text/") or "json" in kind
	return Exchange(
		operation,
		request,
		reply.status,
		reply.body if is_text else b"",
		milliseconds,
		reply.headers.get("Xero-Correlation-Id"),
	)


@sealed
def _exchange(
	transport: Transport, base_url: str, operation: str, *arguments: Any, **parameters: Any
) -> Reply:
	"""One call of the SDK's AccountingApi, with our transport under it."""
	# here, and not above: the import takes 0.2 s and 22 MB, which only jobs should pay
	from xero_python.accounting import AccountingApi
	from xero_python.api_client import ApiClient
	from xero_python.api_client.configuration import Configuration

	# made for this call (8 microseconds): it keeps the last response, and Configuration is a singleton that
	# would share one token between organisations and threads
	api_client = ApiClient(Configuration(), pool_threads=1)
	api_client.rest_client = transport
	api_client.update_params_for_auth = _no_authorisation
	call = getattr(AccountingApi(api_client, base_url=base_url), operation)
	# told not to decode, the SDK hands the transport's reply through
	reply: Reply = call(*arguments, _preload_content=False, **parameters)
	return reply


def _no_authorisation(headers: Any, querys: Any, auth_settings: Any) -> None:
	"""The transport adds the token itself."""
