"""The fixture `sandbox`: a small Xero of its own for each test, served over HTTP; `api` speaks to it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.contract.openapi import present, query_errors, validate_request_body
from xero_sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
	"""Two organisations, 20 contacts and 60 documents; the base URL is `sandbox.url`."""
	box = Sandbox(seed=7, contacts=20, documents=60)
	with box.serve():
		yield box


@dataclass
class Got:
	status: int
	headers: dict[str, str]
	body: bytes

	def json(self) -> Any:
		return json.loads(self.body, parse_float=Decimal)

	def messages(self) -> list[str]:
		"""Validation messages of a 400."""
		return [
			error["Message"] for element in self.json()["Elements"] for error in element["ValidationErrors"]
		]


@dataclass
class Api:
	"""A plain HTTP client with a token; paths without a leading / are of the accounting API."""

	sandbox: Sandbox
	tenant: str
	token: str
	calls: list[tuple[str, str, int, Any]] = field(default_factory=list)

	def call(
		self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any
	) -> Got:
		target = path if path.startswith("/") else f"/api.xro/2.0/{path}"
		if query:
			target += "?" + urlencode(query)
		sent = {
			"Authorization": f"Bearer {self.token}",
			"xero-tenant-id": self.tenant,
			"Accept": "application/json",
		}
		sent |= headers or {}
		data = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
		connection = http.client.HTTPConnection(urlsplit(self.sandbox.url).netloc, timeout=10)
		try:
			connection.request(method, target, data, sent)
			answer = connection.getresponse()
			return Got(answer.status, dict(answer.getheaders()), answer.read())
		finally:
			connection.close()

	def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Got:
		return self.call("GET", path, None, headers, **query)

	def put(self, path: str, body: Any, headers: dict[str, str] | None = None, **query: Any) -> Got:
		return self.call("PUT", path, body, headers, **query)

	def post(self, path: str, body: Any, headers: dict[str, str] | None = None, **query: Any) -> Got:
		return self.call("POST", path, body, headers, **query)

	def control(self, name: str, **params: Any) -> Got:
		return self.call("POST", f"/_sandbox/{name}", params)

	def form(self, path: str, headers: dict[str, str] | None = None, **values: Any) -> Got:
		"""An HTML form or OAuth request: no bearer token."""
		sent = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": ""} | (headers or {})
		return self.call("POST", path, urlencode(values, doseq=True), sent)


@pytest.fixture
def documented(sandbox: Sandbox) -> Iterator[None]:
	"""What the test has sent is as Xero's OpenAPI file says: bodies, and the names of parameters."""
	yield
	if not present():
		return
	for request in sandbox.requests:
		path = request.path.removeprefix("/api.xro/2.0")
		assert query_errors(path, request.method, set(request.query)) == []
		if request.method != "GET":
			validate_request_body(path, request.method, json.loads(request.body))


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
	"""A client of the first organisation, with all the usual scopes."""
	return Api(sandbox, sandbox.organisations[0].id, sandbox.grant()["access_token"])
