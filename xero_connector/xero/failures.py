"""Every way in which Xero fails us, and which of the two kinds of failure each is.

`_TABLE` is closed: what no row knows is NeedsPerson(UNKNOWN), loudly, with the status. Sources:
developer.xero.com "HTTP response codes", "OAuth 2.0 API limits", "Token types" (xero-facts 1, 2 and 4).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from http.client import IncompleteRead
from typing import Any, NamedTuple, ParamSpec, TypeVar

from urllib3.exceptions import (
	ConnectTimeoutError,
	DecodeError,
	NameResolutionError,
	NewConnectionError,
	ProxyError,
	SSLError,
)

from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.xero.quota import whole_number

OFFLINE_SECONDS = 300
"""When to try again an organisation that Xero has taken offline, if it does not say."""

_LONGEST = 500


class Reply(NamedTuple):
	"""An HTTP reply. `headers` is looked up without regard to case."""

	status: int
	headers: Mapping[str, str]
	body: bytes


class _Told(NamedTuple):
	"""What a failed reply says. `words` is all of its text in lower case, to be searched."""

	status: int
	words: str
	json: dict[str, Any]
	text: str
	retry_after: int | None
	problem: str | None
	maybe_done: bool
	values: dict[str, str]


def _rejected(told: _Told) -> XeroConnectorError:
	message = " ".join(validation_messages(told.json)) or str(told.json.get("Message") or told.text)
	return rejection(message, **told.values)


def rejection(message: str, **values: str) -> NeedsPerson:
	"""Xero's own words why it refused an element, with the field where they tell it."""
	field = _field_of(message.lower())
	return NeedsPerson(
		Code.REJECTED, message=message[:_LONGEST], **({"field": field} if field else {}), **values
	)


def _field_of(message: str) -> str | None:
	"""The field that is named first; where a word begins, for "updated" is about no date."""
	found = [
		(match.start(), field) for words, field in _FIELDS if (match := re.search(rf"\b{words}", message))
	]
	return min(found, key=lambda each: each[0])[1] if found else None


def _needs(code: Code) -> Callable[[_Told], XeroConnectorError]:
	return lambda told: NeedsPerson(code, **_detail(told), **told.values)


def _retries(code: Code, seconds: int | None = None) -> Callable[[_Told], XeroConnectorError]:
	def make(told: _Told) -> XeroConnectorError:
		retry_after = seconds if told.retry_after is None else told.retry_after
		problem = {"problem": told.problem} if told.problem else {}
		return WillRetry(code, retry_after=retry_after, maybe_done=told.maybe_done, **problem, **told.values)

	return make


def _is_validation(told: _Told) -> bool:
	return told.json.get("Type") == "ValidationException" or any(validation_messages(told.json))


def _says(*texts: str) -> Callable[[_Told], bool]:
	return lambda told: any(text in told.words for text in texts)


def _always(_: _Told) -> bool:
	return True


class _Row(NamedTuple):
	statuses: tuple[int, ...]
	applies: Callable[[_Told], bool]
	make: Callable[[_Told], XeroConnectorError]


_TABLE = (
	# the identity server
	_Row((400, 401), _says("invalid_grant"), _needs(Code.RECONNECT)),
	_Row(
		(400, 401),
		_says("invalid_client", "unauthorized_client", "invalid_scope"),
		_needs(Code.APP_CREDENTIALS),
	),
	# the accounting API
	_Row((400,), _is_validation, _rejected),
	# sic: Xero spells it with one "i"
	_Row((401, 403), _says("insufficent_scope", "insufficient_scope"), _needs(Code.MISSING_SCOPE)),
	# the client has asked once more with the newest token by then: our clock and Xero's disagree
	_Row((401,), _says("tokenexpired"), _retries(Code.UNAVAILABLE, 60)),
	_Row((401, 403), _says("authenticationunsuccessful"), _needs(Code.ORGANISATION_GONE)),
	_Row((404,), _always, _needs(Code.NOT_FOUND)),
	_Row((429,), _always, _retries(Code.RATE_LIMITED)),
	_Row((503,), _always, _retries(Code.UNAVAILABLE, OFFLINE_SECONDS)),
	_Row((500, 502, 504), _always, _retries(Code.UNAVAILABLE)),
)

# words of Xero's sentences, and the field of our forms that they are about
_FIELDS = (
	("contact name", "contact_name"),
	("email", "email_address"),
	("branding theme", "branding_theme"),
	("lineamounttypes", "line_amount_types"),
	("item code", "item_code"),
	("price list item", "item_code"),
	("taxtype", "tax_type"),
	("tax type", "tax_type"),
	("tax rate", "tax_type"),
	("account", "account_code"),
	("currency", "currency"),
	("due date", "due_date"),
	("duedate", "due_date"),
	("date", "date"),
	("reference", "reference"),
	("description", "description"),
	("discount", "discount_rate"),
	("quantity", "quantity"),
	("unit amount", "unit_amount"),
	("line total", "unit_amount"),
	("contact", "contact_name"),
)


def failure_of(reply: Reply, *, sending: bool) -> XeroConnectorError:
	"""The failure that a reply outside 200-299 means.

	`sending` says that the request was to change something, which a broken answer leaves open
	(`maybe_done`). `values` holds the status, and Xero's correlation id for its support.
	"""
	told = _told(reply, sending)
	for row in _TABLE:
		if told.status in row.statuses and row.applies(told):
			return row.make(told)
	return NeedsPerson(Code.UNKNOWN, **_detail(told), **told.values)


def failure_of_line(error: Exception, *, sending: bool) -> XeroConnectorError:
	"""The failure that a broken line means; `error` comes from urllib3, or from requests, which wraps it.

	A ValueError is an address or a header that cannot be sent, which time does not mend. Only the kind of
	`error` is told: its text can hold the address, or the header with the token.
	"""
	if isinstance(error, ValueError):
		return NeedsPerson(Code.UNKNOWN, problem=type(error).__name__)
	half_read = any(isinstance(each, _HALF_READ) for each in _causes(error))
	never_sent = any(isinstance(each, _NEVER_SENT) for each in _causes(error))
	code = Code.UNREADABLE if half_read else Code.NETWORK
	return WillRetry(code, maybe_done=sending and not never_sent, problem=type(error).__name__)


# no byte of the request can have reached Xero
_NEVER_SENT = (ConnectTimeoutError, NameResolutionError, NewConnectionError, ProxyError, SSLError)
_HALF_READ = (DecodeError, IncompleteRead)


def _causes(error: object) -> Iterator[BaseException]:
	"""An error with those that it wraps: both libraries keep them in `args` or `reason`."""
	if isinstance(error, BaseException):
		yield error
		for inner in (*error.args, getattr(error, "reason", None)):
			yield from _causes(inner)


def validation_messages(element: object) -> list[str]:
	"""Every `ValidationErrors[].Message` in a JSON value of Xero, each once, outermost first."""
	return list(dict.fromkeys(_messages(element)))


def _messages(element: object) -> Iterator[str]:
	if isinstance(element, list):
		for each in element:
			yield from _messages(each)
	elif isinstance(element, dict):
		for error in element.get("ValidationErrors") or ():
			if isinstance(error, dict) and error.get("Message"):
				yield str(error["Message"])
		for value in element.values():
			yield from _messages(value)


def _told(reply: Reply, sending: bool) -> _Told:
	headers = {name.lower(): value for name, value in reply.headers.items()}
	text = reply.body.decode("utf-8", "replace").strip()
	values = {"status": str(reply.status)}
	if headers.get("xero-correlation-id"):
		values["correlation_id"] = headers["xero-correlation-id"]
	return _Told(
		status=reply.status,
		words=f"{headers.get('www-authenticate', '')} {text}".lower(),
		json=_object(text),
		text=text,
		retry_after=whole_number(headers.get("retry-after")),
		problem=headers.get("x-rate-limit-problem"),
		# an organisation that is offline, or a limit, answers before anything is done
		maybe_done=sending and reply.status in (500, 502, 504),
		values=values,
	)


def _object(text: str) -> dict[str, Any]:
	try:
		value = json.loads(text)
	except ValueError:
		return {}
	return value if isinstance(value, dict) else {}


def _detail(told: _Told) -> dict[str, str]:
	"""What Xero says, short; it never repeats a token that it was sent."""
	said = told.json
	words = said.get("Detail") or said.get("Message") or said.get("error") or said.get("Title") or told.text
	return {"message": str(words)[:_LONGEST]} if words else {}


_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def sealed(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
	"""Errors leave `function` without its frames, for those hold tokens in their local variables.

	Frappe writes a traceback with the local variables of every frame into its Error Log (frappe-facts 0.8).
	So the error is raised anew from here, once the except block has ended and the arguments are gone, with
	no error chained to it. What is not ours to translate (a job's timeout, a mistake) keeps its type.
	"""

	@functools.wraps(function)
	def call(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
		try:
			return function(*args, **kwargs)
		except Exception as error:
			failure = error
		del args, kwargs
		failure.__cause__ = failure.__context__ = None
		raise failure.with_traceback(None)

	return call
