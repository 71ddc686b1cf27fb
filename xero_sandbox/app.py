"""One door for all requests: faults, rights, limits and idempotency in Xero's order, then the endpoint."""

from __future__ import annotations

import functools
import json
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

from . import (
	contact_writes,
	control,
	document_writes,
	faults,
	history,
	lists,
	oauth_pages,
	pages,
	payment_writes,
	render,
	scopes,
	settings,
)
from .calls import Answer, Call
from .errors import Refusal, unauthorized

if TYPE_CHECKING:
	from .sandbox import Sandbox

API = "/api.xro/2.0"
# longer addresses are where lists of IDs were seen to fail
LONGEST_TARGET = 2048
MODULES = (lists, settings, contact_writes, document_writes, payment_writes, history)


@dataclass
class Received:
	"""A request as it came in; what would give access is left out."""

	method: str
	path: str
	query: dict[str, str]
	headers: dict[str, str]
	body: str
	time: datetime
	status: int | None = None


@dataclass
class Reply:
	status: int
	headers: list[tuple[str, str]]
	body: bytes = b""
	dropped: bool = False
	cut: bool = False


@dataclass(frozen=True)
class Endpoint:
	handler: Callable[..., Answer]
	family: str | None = None
	outside: bool = False


def _rules() -> Iterator[Rule]:
	for module in MODULES:
		for method, path, handler, family in module.ROUTES:
			yield Rule(API + path, methods=[method], endpoint=Endpoint(handler, family))
	for outside in (oauth_pages, control, pages):
		for method, path, handler in outside.ROUTES:
			yield Rule(path, methods=[method], endpoint=Endpoint(handler, outside=True))


@functools.cache
def _map() -> Map:
	return Map(_rules(), strict_slashes=False, merge_slashes=False)


class Application:
	def __init__(self, sandbox: Sandbox) -> None:
		self.sandbox = sandbox
		self._routes = _map()

	def handle(self, request: Request, data: bytes) -> Reply:
		received = self._receive(request, data)
		try:
			reply = self._reply(request, data)
		except Exception:
			traceback.print_exc()
			reply = Reply(500, [], b"the sandbox itself failed: see its output")
		received.status = None if reply.dropped else reply.status
		return reply

	def _receive(self, request: Request, data: bytes) -> Received:
		headers = {name: value for name, value in request.headers.items() if name != "Authorization"}
		if "Authorization" in request.headers:
			headers["Authorization"] = request.headers["Authorization"].split(" ")[0] + " (redacted)"
		body = "(redacted)" if request.path.startswith("/identity/") else data.decode(errors="replace")
		now = self.sandbox.clock.now()
		received = Received(request.method, request.path, request.args.to_dict(), headers, body, now)
		if not request.path.startswith("/_sandbox"):
			self.sandbox.remember(received)
		return received

	def _reply(self, request: Request, data: bytes) -> Reply:
		target = request.full_path.rstrip("?")
		taken = (
			[] if request.path.startswith("/_sandbox") else self.sandbox.faults.take(request.method, target)
		)
		kinds = {fault.kind for fault in taken}
		for fault in taken:
			if fault.kind == "delay" and not request.path.startswith(API):
				time.sleep(fault.params.get("seconds", 1))
		if "drop_before" in kinds:
			return Reply(0, [], dropped=True)
		answer = self._answer(request, data, taken)
		if "drop_after" in kinds:
			return Reply(0, [], dropped=True)
		for fault in taken:
			answer = faults.change(fault, answer)
		headers = [("Content-Type", answer.content_type), *answer.headers.items()]
		return Reply(answer.status, headers, answer.body, cut="half_body" in kinds)

	def _answer(self, request: Request, data: bytes, taken: list[faults.Fault]) -> Answer:
		try:
			endpoint, values = self._routes.bind("", path_info=request.path).match(method=request.method)
		except (NotFound, MethodNotAllowed) as error:
			return _from_http(error)
		try:
			if endpoint.outside:
				return self._outside(request, data, endpoint, dict(values), taken)
			return self._accounting(request, data, endpoint, dict(values), taken)
		except Refusal as refusal:
			return from_refusal(refusal)

	def _outside(
		self,
		request: Request,
		data: bytes,
		endpoint: Endpoint,
		values: dict[str, Any],
		taken: list[faults.Fault],
	) -> Answer:
		_raise_faults(taken, after=False)
		request.environ["sandbox.data"] = data
		with self.sandbox.lock if endpoint.handler not in control.UNLOCKED else _nothing():
			answer = endpoint.handler(self.sandbox, request, **values)
		_raise_faults(taken, after=True)
		return answer

	def _accounting(
		self,
		request: Request,
		data: bytes,
		endpoint: Endpoint,
		values: dict[str, Any],
		taken: list[faults.Fault],
	) -> Answer:
		identity = self.sandbox.identity
		access = identity.check(request.headers.get("Authorization"))
		organisation = identity.organisation(access, request.headers.get("xero-tenant-id"))
		if not scopes.opens(access.scopes, endpoint.family or "", request.method != "GET"):
			raise unauthorized("AuthorizationUnsuccessful", 'Bearer error="insufficent_scope"')
		if len(request.full_path) > LONGEST_TARGET:
			raise Refusal(414, "Request-URI Too Long")
		headers = self.sandbox.limits.enter(organisation.id, access.app.client_id)
		try:
			call = Call(self.sandbox, organisation, request, data, access.app.client_id)
			answer = self._limited(call, endpoint, values, taken)
		finally:
			self.sandbox.limits.leave(organisation.id)
		headers["Xero-Correlation-Id"] = str(uuid.uuid4())
		answer = Answer(answer.status, answer.body, answer.content_type, headers | answer.headers)
		return _in_xml(answer) if _wants_xml(request) else answer

	def _limited(
		self, call: Call, endpoint: Endpoint, values: dict[str, Any], taken: list[faults.Fault]
	) -> Answer:
		def act() -> Answer:
			try:
				return endpoint.handler(call, **values)
			except Refusal as refusal:
				return from_refusal(refusal)

		try:
			for fault in taken:
				if fault.kind == "delay":
					time.sleep(fault.params.get("seconds", 1))
			_raise_faults(taken, after=False)
			with self.sandbox.lock:
				answer = self.sandbox.keys.once(call, act)
			_raise_faults(taken, after=True)
		except Refusal as refusal:
			return from_refusal(refusal)
		return answer


@contextmanager
def _nothing() -> Iterator[None]:
	yield


def _raise_faults(taken: list[faults.Fault], after: bool) -> None:
	for fault in taken:
		refusal = faults.refusal(fault)
		if refusal and bool(fault.params.get("after")) == after:
			raise refusal


def from_refusal(refusal: Refusal) -> Answer:
	if isinstance(refusal.body, str):
		return Answer(refusal.status, refusal.body.encode(), "text/plain; charset=utf-8", refusal.headers)
	return Answer(refusal.status, render.encode(refusal.body), headers=refusal.headers)


def _from_http(error: HTTPException) -> Answer:
	return Answer(error.code or 500, (error.description or "").encode(), "text/plain; charset=utf-8")


def _wants_xml(request: Request) -> bool:
	accept = request.headers.get("Accept", "")
	return "json" not in accept and "pdf" not in accept


def _in_xml(answer: Answer) -> Answer:
	"""Xero's default form."""
	if not answer.content_type.startswith("application/json") or not answer.body:
		return answer
	text = render.to_xml("Response", json.loads(answer.body))
	return Answer(answer.status, text.encode(), "text/xml; charset=utf-8", answer.headers)
