"""One request to the accounting API, and the answer to it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import query, render
from .books import Json, Organisation
from .errors import Refusal, malformed

if TYPE_CHECKING:
	from werkzeug.wrappers import Request

	from .sandbox import Sandbox

JSON_TYPE = "application/json; charset=utf-8"
MAX_BODY = 10 * 1024 * 1024


@dataclass
class Answer:
	status: int = 200
	body: bytes = b""
	content_type: str = JSON_TYPE
	headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
	sandbox: Sandbox
	organisation: Organisation
	request: Request
	data: bytes
	client_id: str

	@property
	def args(self) -> Any:
		return self.request.args

	@property
	def unitdp(self) -> int:
		return 4 if self.args.get("unitdp") == "4" else 2

	@property
	def since(self) -> int | None:
		return query.modified_since(self.request.headers.get("If-Modified-Since"))

	@property
	def now(self) -> int:
		return self.sandbox.clock.milliseconds()

	@property
	def today(self) -> date:
		return self.sandbox.clock.today(self.organisation.timezone)

	def json(self) -> Any:
		if len(self.data) > MAX_BODY:
			raise Refusal(413, "Request Entity Too Large")
		try:
			return json.loads(self.data, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
		except ValueError as error:
			raise malformed(
				f"The string '{self.data[:40].decode(errors='replace')}' is not a valid JSON object."
			) from error

	def elements(self, key: str) -> list[Json]:
		"""The body's elements: {key: […]}, a bare list or a single object."""
		body = self.json()
		found = body.get(key, [body]) if isinstance(body, dict) else body
		if not isinstance(found, list) or not found or not all(isinstance(item, dict) for item in found):
			raise malformed(f"No {key} were found in the body of the request")
		return found


def _no_constant(name: str) -> Any:
	raise ValueError(name)


def collection(
	call: Call, key: str, encoded: list[bytes], pagination: dict[str, int] | None = None
) -> Answer:
	"""Xero's envelope around elements that are JSON already."""
	head: Json = {"Id": str(uuid.uuid4()), "Status": "OK", "ProviderName": "xero_sandbox"}
	head["DateTimeUTC"] = f"/Date({call.now})/"
	if pagination:
		head["pagination"] = pagination
	body = b'%s,"%s":[%s]}' % (render.encode(head)[:-1], key.encode(), b",".join(encoded))
	return Answer(body=body)


def elements(call: Call, key: str, rows: list[Json], pagination: dict[str, int] | None = None) -> Answer:
	return collection(call, key, [render.encode(row) for row in rows], pagination)
