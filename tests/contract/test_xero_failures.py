"""Each row of the table of failures, with the real error over HTTP, and no secret in what it leaves behind."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.contract.test_xero_client import client_of, hosts_of
from tests.fakes import OpenGate
from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.xero import oauth, transport
from xero_connector.xero.client import Client
from xero_connector.xero.failures import Reply, failure_of, rejection, validation_messages
from xero_sandbox import Sandbox

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)
APP = oauth.App("SANDBOX", "sandbox-secret", "https://crm.example.com/callback")
NOBODY = "00000000-0000-0000-0000-00000000dead"


def read(client: Client) -> bytes:
	return client.get("get_invoices", page=1)


def write(client: Client) -> bytes:
	return client.send("create_contacts", {"Contacts": [{"Name": "A"}]}, "key-1")


def needs_person(call: Callable[[], Any]) -> NeedsPerson:
	with pytest.raises(NeedsPerson) as caught:
		call()
	return caught.value


def will_retry(call: Callable[[], Any]) -> WillRetry:
	with pytest.raises(WillRetry) as caught:
		call()
	return caught.value


# the accounting API


@pytest.mark.parametrize(
	("message", "field"),
	[
		("The contact name A is already assigned to another contact.", "contact_name"),
		("The contact Ada is archived and must be un-archived before it can be used.", "contact_name"),
		("Email address is not valid.", "email_address"),
		("Item code 'ABC' is not valid", "item_code"),
		("Price List Item with Code 'abc' already exists", "item_code"),
		("The TaxType code 'INPUT2' cannot be used with account code '200'.", "tax_type"),
		("Account code must be specified. TaxType must be specified.", "account_code"),
		("Organisation is not subscribed to currency XAF", "currency"),
		("Due date cannot be before the invoice date.", "due_date"),
		("The document date cannot be before the period lock date, currently set at 31 March 2026", "date"),
		("The branding theme could not be found.", "branding_theme"),
		("The discount rate must be between 0 and 100.", "discount_rate"),
		("The line total 10.00 does not match the expected line total 9.00", "unit_amount"),
		("Description is required for each line item.", "description"),
		("The document can not be updated or validated.", None),
	],
)
def test_what_xero_refuses_names_the_field_of_the_form(message: str, field: str | None) -> None:
	assert rejection(message).values.get("field") == field


def test_a_rejected_element_tells_xeros_words_and_the_field(sandbox: Sandbox) -> None:
	body = {
		"ErrorNumber": 10,
		"Type": "ValidationException",
		"Message": "A validation exception occurred",
		"Elements": [
			{
				"LineItems": [{"ValidationErrors": [{"Message": "Account code 'x' is not a valid code."}]}],
				"ValidationErrors": [{"Message": "Line one."}, {"Message": "Line one."}],
			}
		],
	}
	sandbox.fault("status", status=400, body=body)
	failure = needs_person(lambda: write(client_of(sandbox)))
	assert failure.code is Code.REJECTED
	assert failure.values["message"] == "Line one. Account code 'x' is not a valid code."
	assert failure.values["field"] == "account_code"


def test_a_rejection_without_elements_tells_its_message(sandbox: Sandbox) -> None:
	client = client_of(sandbox)
	sandbox.fault("status", status=400, body={"Type": "ValidationException", "Message": "Used before."})
	failure = needs_person(lambda: write(client))
	assert (failure.code, failure.values["message"]) == (Code.REJECTED, "Used before.")
	assert "field" not in failure.values


def test_a_filter_that_xero_cannot_parse_is_our_mistake_and_loud(sandbox: Sandbox) -> None:
	failure = needs_person(lambda: client_of(sandbox).get("get_invoices", where="Bogus==1"))
	assert (failure.code, failure.values["status"]) == (Code.UNKNOWN, "400")
	assert "Bogus" in failure.values["message"]


def test_a_scope_that_was_not_granted_is_named_as_that(sandbox: Sandbox) -> None:
	token = sandbox.grant(scopes="openid offline_access accounting.contacts")["access_token"]
	assert needs_person(lambda: read(client_of(sandbox, lambda: token))).code is Code.MISSING_SCOPE


def test_an_organisation_that_was_disconnected_in_xero_is_gone(sandbox: Sandbox) -> None:
	token = sandbox.grant([sandbox.organisations[1].id])["access_token"]
	failure = needs_person(lambda: read(client_of(sandbox, lambda: token)))
	assert (failure.code, failure.values["status"]) == (Code.ORGANISATION_GONE, "403")


def test_a_token_that_was_revoked_in_xero_ends_the_organisation_too(sandbox: Sandbox) -> None:
	failure = needs_person(lambda: read(client_of(sandbox, lambda: "revoked")))
	assert (failure.code, failure.values["status"]) == (Code.ORGANISATION_GONE, "401")


def test_an_unknown_identifier_is_not_found(sandbox: Sandbox) -> None:
	failure = needs_person(lambda: client_of(sandbox).get("get_contact", contact_id=NOBODY))
	assert failure.code is Code.NOT_FOUND
	assert failure.values["correlation_id"]


@pytest.mark.parametrize(
	("problem", "retry_after"), [("minute", 30), ("day", 66_975), ("appminute", 12), ("concurrent", None)]
)
def test_a_limit_tells_which_one_and_for_how_long(
	sandbox: Sandbox, problem: str, retry_after: int | None
) -> None:
	sandbox.fault("rate_limit", problem=problem, retry_after=retry_after)
	failure = will_retry(lambda: write(client_of(sandbox)))
	assert (failure.code, failure.retry_after, failure.maybe_done) == (Code.RATE_LIMITED, retry_after, False)
	assert failure.values["problem"] == problem


def test_the_minutes_limit_is_met_after_sixty_calls(sandbox: Sandbox) -> None:
	client = client_of(sandbox)
	for _ in range(60):
		client.get("get_organisations")
	failure = will_retry(lambda: client.get("get_organisations"))
	assert failure.code is Code.RATE_LIMITED
	assert 0 < (failure.retry_after or 0) <= 60


def test_an_organisation_that_is_offline_is_tried_again_in_five_minutes(sandbox: Sandbox) -> None:
	sandbox.fault("offline")
	failure = will_retry(lambda: write(client_of(sandbox)))
	assert (failure.code, failure.retry_after, failure.maybe_done) == (Code.UNAVAILABLE, 300, False)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_broken_xero_may_have_done_what_it_was_asked(sandbox: Sandbox, status: int) -> None:
	sandbox.fault("status", times=2, status=status, body="<html>Bad gateway</html>")
	client = client_of(sandbox)
	reading, writing = will_retry(lambda: read(client)), will_retry(lambda: write(client))
	assert reading.code is writing.code is Code.UNAVAILABLE
	assert (reading.maybe_done, writing.maybe_done) == (False, True)


@pytest.mark.parametrize("status", [302, 409, 412, 413, 418])
def test_what_nobody_foresaw_is_loud_and_tells_the_status(sandbox: Sandbox, status: int) -> None:
	sandbox.fault(
		"status", status=status, body="Something new", headers={"Location": "https://evil.example.com"}
	)
	failure = needs_person(lambda: read(client_of(sandbox)))
	assert failure.code is Code.UNKNOWN
	assert (failure.values["status"], failure.values["message"]) == (str(status), "Something new")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_line_that_breaks_leaves_a_write_open(sandbox: Sandbox, kind: str) -> None:
	sandbox.fault(kind, times=2)
	client = client_of(sandbox)
	reading, writing = will_retry(lambda: read(client)), will_retry(lambda: write(client))
	assert reading.code is writing.code is Code.NETWORK
	assert (reading.maybe_done, writing.maybe_done) == (False, True)


def test_an_answer_that_takes_too_long_leaves_a_write_open(
	sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(transport, "TIMEOUT", urllib3.Timeout(connect=1, read=0.1))
	sandbox.fault("delay", seconds=0.4)
	failure = will_retry(lambda: write(client_of(sandbox)))
	assert (failure.code, failure.maybe_done) == (Code.NETWORK, True)
	assert failure.values["problem"] == "ReadTimeoutError"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "https://xero.invalid"])
def test_a_request_that_never_left_was_not_done(sandbox: Sandbox, address: str) -> None:
	hosts = hosts_of(sandbox)._replace(accounting_url=address, token_url=address)
	failure = will_retry(lambda: write(Client(hosts, "tenant", lambda: "token", OpenGate())))
	assert (failure.code, failure.maybe_done) == (Code.NETWORK, False)
	failure = will_retry(lambda: oauth.refresh(hosts, APP, "refresh", NOW))
	assert (failure.code, failure.maybe_done) == (Code.NETWORK, False)


@pytest.mark.parametrize("token", ["a-secret\n", "a-secret€"])
def test_a_token_that_no_header_can_hold_is_loud_and_not_shown(sandbox: Sandbox, token: str) -> None:
	for call in (
		lambda: read(client_of(sandbox, lambda: token)),
		lambda: oauth.tenants(hosts_of(sandbox), token),
	):
		failure = needs_person(call)
		assert failure.code is Code.UNKNOWN
		assert "a-secret" not in "\n".join(told(failure))


def test_an_error_of_the_callers_token_function_can_be_debugged(sandbox: Sandbox) -> None:
	def broken() -> str:
		raise LookupError("no such row")

	with pytest.raises(LookupError) as caught:
		read(client_of(sandbox, broken))
	assert "broken" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


def test_half_an_answer_is_unreadable_and_a_write_was_done(sandbox: Sandbox) -> None:
	sandbox.fault("half_body", times=2)
	client = client_of(sandbox)
	reading, writing = will_retry(lambda: read(client)), will_retry(lambda: write(client))
	assert reading.code is writing.code is Code.UNREADABLE
	assert (reading.maybe_done, writing.maybe_done) == (False, True)


# the identity server


@pytest.mark.parametrize(
	("error", "code"),
	[
		("invalid_grant", Code.RECONNECT),
		("invalid_client", Code.APP_CREDENTIALS),
		("unauthorized_client", Code.APP_CREDENTIALS),
		("invalid_scope", Code.APP_CREDENTIALS),
		("unsupported_grant_type", Code.UNKNOWN),
	],
)
def test_an_error_of_the_token_endpoint_says_who_must_act(sandbox: Sandbox, error: str, code: Code) -> None:
	sandbox.fault("status", "/token", status=400, body={"error": error})
	failure = needs_person(lambda: oauth.refresh(hosts_of(sandbox), APP, "any", NOW))
	assert (failure.code, failure.values["message"]) == (code, error)


def test_a_refresh_token_that_xero_does_not_know_needs_a_new_consent(sandbox: Sandbox) -> None:
	assert needs_person(lambda: oauth.refresh(hosts_of(sandbox), APP, "x", NOW)).code is Code.RECONNECT


def test_a_wrong_secret_is_a_fault_of_the_app_and_not_of_the_connection(sandbox: Sandbox) -> None:
	refresh_token = sandbox.grant()["refresh_token"]
	app = APP._replace(client_secret="wrong")
	failure = needs_person(lambda: oauth.refresh(hosts_of(sandbox), app, refresh_token, NOW))
	assert failure.code is Code.APP_CREDENTIALS


@pytest.mark.parametrize(
	("fault", "code"),
	[
		({"kind": "status", "status": 502}, Code.UNAVAILABLE),
		({"kind": "rate_limit"}, Code.RATE_LIMITED),
		({"kind": "drop_after"}, Code.NETWORK),
		({"kind": "half_body"}, Code.UNREADABLE),
		({"kind": "status", "status": 200, "body": "<html>"}, Code.UNREADABLE),
		({"kind": "status", "status": 200, "body": {"token_type": "Bearer"}}, Code.UNREADABLE),
	],
)
def test_a_token_endpoint_in_trouble_is_asked_again(
	sandbox: Sandbox, fault: dict[str, Any], code: Code
) -> None:
	refresh_token = sandbox.grant()["refresh_token"]
	sandbox.fault(match="/token", **fault)
	assert will_retry(lambda: oauth.refresh(hosts_of(sandbox), APP, refresh_token, NOW)).code is code
	assert oauth.refresh(hosts_of(sandbox), APP, refresh_token, NOW).access_token


# secrets


def told(error: BaseException) -> Iterator[str]:
	"""All that a log with local variables could print of an error, but for the frames of this file."""
	yield f"{error} {error!r} {error.args} {vars(error)}"
	for frame, line in traceback.walk_tb(error.__traceback__):
		if Path(frame.f_code.co_filename) != Path(__file__):
			yield f"{frame.f_code.co_name}:{line} {frame.f_locals!r}"
	for chained in (error.__cause__, error.__context__):
		if chained:
			yield from told(chained)


FAULTS: list[dict[str, Any]] = [
	{"kind": "status", "status": 500},
	{"kind": "status", "status": 400, "body": {"error": "invalid_grant"}},
	{"kind": "drop_before"},
	{"kind": "rate_limit"},
	{"kind": "delay", "seconds": 0.4},
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_no_failure_shows_a_secret(
	sandbox: Sandbox, fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(transport, "TIMEOUT", urllib3.Timeout(connect=1, read=0.1))
	monkeypatch.setattr(oauth, "_TIMEOUT", (1, 0.1))
	grant = sandbox.grant()
	hosts, access, refresh = hosts_of(sandbox), grant["access_token"], grant["refresh_token"]
	calls: dict[str, Callable[[], Any]] = {
		access: lambda: write(client_of(sandbox, lambda: access)),
		refresh: lambda: oauth.refresh(hosts, APP, refresh, NOW),
		APP.client_secret: lambda: oauth.revoke(hosts, APP, refresh),
		"the-code": lambda: oauth.exchange_code(hosts, APP, "the-code", NOW),
		access[:-1]: lambda: oauth.tenants(hosts, access),
		access[:-2]: lambda: oauth.disconnect(hosts, access, "1"),
	}
	for secret, call in calls.items():
		sandbox.fault(**fault)
		with pytest.raises(XeroConnectorError) as caught:
			call()
		text = "\n".join(told(caught.value))
		for hidden in (secret, access, refresh, APP.client_secret):
			assert hidden not in text


def test_the_search_for_secrets_would_find_one(sandbox: Sandbox) -> None:
	unsealed = oauth.refresh.__wrapped__  # type: ignore[attr-defined]
	with pytest.raises(NeedsPerson) as caught:
		unsealed(hosts_of(sandbox), APP, "a-refresh-token", NOW)
	assert "a-refresh-token" in "\n".join(told(caught.value))


class JobTimeout(Exception):
	"""As a worker raises it, at any line."""


def test_an_error_that_is_not_ours_keeps_its_type_and_loses_its_frames(
	sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
	def interrupted(*_: Any, **__: Any) -> Any:
		raise JobTimeout

	monkeypatch.setattr(urllib3.PoolManager, "request", interrupted)
	access = sandbox.grant()["access_token"]
	with pytest.raises(JobTimeout) as caught:
		read(client_of(sandbox, lambda: access))
	assert access not in "\n".join(told(caught.value))


def test_a_failure_inside_a_handler_of_the_caller_tells_of_the_callers_error_only(sandbox: Sandbox) -> None:
	client = client_of(sandbox)
	sandbox.fault("offline")
	try:
		raise KeyError("the caller's")
	except KeyError:
		failure = will_retry(lambda: read(client))
	assert isinstance(failure.__context__, KeyError)
	assert sys.exc_info() == (None, None, None)


# what HTTP does not show


def test_messages_are_found_at_any_depth_and_told_once() -> None:
	inner = {"ValidationErrors": [{"Message": "B"}, {"Message": None}, {}]}
	value = [
		{"ValidationErrors": [{"Message": "A"}, {"Message": "A"}], "Contact": inner, "LineItems": [inner]}
	]
	assert validation_messages(value) == ["A", "B"]


@pytest.mark.parametrize(
	"body", [b"", b"null", b"[1]", b"\xff\xfe", b'{"Elements": null}', json.dumps("x").encode()]
)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 503])
def test_an_error_with_any_body_is_one_of_the_two_kinds(status: int, body: bytes) -> None:
	failure = failure_of(Reply(status, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, body), sending=True)
	assert isinstance(failure, (NeedsPerson, WillRetry))
	assert failure.values["status"] == str(status)
