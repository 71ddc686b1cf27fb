"""The client over HTTP: exact bodies, one request a call, limits told, tokens renewed and never shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.fakes import OpenGate
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Exchange, Limits
from xero_connector.xero.client import Client
from xero_connector.xero.hosts import Hosts, hosts_from
from xero_sandbox import Sandbox


def hosts_of(sandbox: Sandbox) -> Hosts:
	base = sandbox.url
	return hosts_from(
		{
			"authorize_url": f"{base}/identity/connect/authorize",
			"token_url": f"{base}/identity/connect/token",
			"revocation_url": f"{base}/identity/connect/revocation",
			"connections_url": f"{base}/connections",
			"accounting_url": f"{base}/api.xro/2.0",
			"app_url": f"{base}/go",
		}
	)


def client_of(sandbox: Sandbox, token: Callable[[], str] | None = None, **options: Any) -> Client:
	"""Of the sandbox's first organisation, with a grant of its own unless `token` yields one."""
	if token is None:
		access_token: str = sandbox.grant()["access_token"]
		token = lambda: access_token  # noqa: E731
	return Client(hosts_of(sandbox), sandbox.organisation().id, token, **{"gate": OpenGate(), **options})


def test_a_read_gives_the_bytes_as_xero_sent_them(sandbox: Sandbox) -> None:
	body = msgspec.json.decode(client_of(sandbox).get("get_organisations"))
	assert body["Organisations"][0]["Name"] == sandbox.organisation().name


def test_parameters_go_out_as_xero_spells_them(sandbox: Sandbox) -> None:
	client_of(sandbox).get("get_contacts", page=1, page_size=5, include_archived=True, where='Name=="A & B"')
	[request] = sandbox.requests
	assert request.query == {
		"page": "1",
		"pageSize": "5",
		"includeArchived": "true",
		"where": 'Name=="A & B"',
	}
	assert request.headers["Accept"] == "application/json"
	assert request.headers["Accept-Encoding"] == "gzip"
	assert request.headers["Xero-Tenant-Id"] == sandbox.organisation().id


def test_amounts_leave_with_exactly_their_digits(sandbox: Sandbox) -> None:
	amount = Decimal("123456789012345678.9010")
	sandbox.fault("status", "PUT /Invoices", status=500)
	with pytest.raises(WillRetry):
		client_of(sandbox).send("create_invoices", {"Invoices": [{"Total": amount}]}, "key-1", unitdp=4)
	[request] = sandbox.requests
	assert request.body == '{"Invoices":[{"Total":123456789012345678.9010}]}'
	assert request.headers["Idempotency-Key"].startswith("key-1-")
	assert request.headers["Content-Type"] == "application/json"


def test_an_operation_that_also_updates_is_posted(sandbox: Sandbox) -> None:
	contact = next(iter(sandbox.organisation().contacts))
	body = {"Contacts": [{"ContactID": contact.id, "FirstName": "Zoë"}]}
	client_of(sandbox).send("update_or_create_contacts", body, "key-1")
	assert sandbox.requests[-1].method == "POST"
	assert contact.fields["FirstName"] == "Zoë"


def test_a_repeated_request_has_the_same_key_and_another_body_has_another(sandbox: Sandbox) -> None:
	client = client_of(sandbox)
	for name in ("Once", "Once", "Another"):
		client.send("create_contacts", {"Contacts": [{"Name": name}]}, "key" * 37, summarize_errors=False)
	keys = [request.headers["Idempotency-Key"] for request in sandbox.requests]
	assert keys[0] == keys[1] != keys[2]
	assert len(keys[0]) == 128
	names = [row.name for row in sandbox.organisation().contacts]
	assert (names.count("Once"), names.count("Another")) == (1, 1)


@pytest.mark.parametrize("key", ["", "x" * 112])
def test_a_key_that_xero_would_not_take_is_a_mistake(sandbox: Sandbox, key: str) -> None:
	with pytest.raises(ValueError, match="111"):
		client_of(sandbox).send("create_invoices", {}, key)


def test_the_gate_is_told_what_is_left_after_every_reply_and_after_failed_ones_too(sandbox: Sandbox) -> None:
	gate = OpenGate()
	client = client_of(sandbox, gate=gate)
	client.get("get_organisations")
	with pytest.raises(NeedsPerson):
		client.get("get_contact", contact_id="00000000-0000-0000-0000-00000000dead")
	assert gate.told == [(Limits(4999, 59, 9999), None, None), (Limits(4998, 58, 9998), None, None)]


def test_the_gate_is_told_which_limit_refused_a_call_and_for_how_long(sandbox: Sandbox) -> None:
	gate = OpenGate()
	client = client_of(sandbox, gate=gate)
	sandbox.fault("rate_limit", "Organisation", problem="day", retry_after=66975)
	sandbox.fault("rate_limit", "Contacts", problem="concurrent", retry_after=None)
	sandbox.fault("status", "Accounts", status=429)
	for operation in ("get_organisations", "get_contacts", "get_accounts"):
		with pytest.raises(WillRetry):
			client.get(operation)
	assert [told[1:] for told in gate.told] == [(66975, "day"), (None, "concurrent"), (None, "unnamed")]


def test_an_outage_is_no_refusal_by_a_limit(sandbox: Sandbox) -> None:
	gate = OpenGate()
	sandbox.fault("status", status=503, headers={"Retry-After": "600"})
	with pytest.raises(WillRetry):
		client_of(sandbox, gate=gate).get("get_organisations")
	assert [told[1:] for told in gate.told] == [(None, None)]


@pytest.mark.parametrize("fault", ["drop_before", "half_body"])
def test_a_call_that_nothing_comes_back_of_has_left_the_gate_too(sandbox: Sandbox, fault: str) -> None:
	gate = OpenGate()
	sandbox.fault(fault)
	with pytest.raises(WillRetry):
		client_of(sandbox, gate=gate).get("get_organisations")
	assert (gate.inside, gate.told) == (set(), [(None, None, None)])


def test_a_call_without_a_token_has_left_the_gate_too(sandbox: Sandbox) -> None:
	def no_token() -> str:
		raise NeedsPerson(Code.RECONNECT)

	gate = OpenGate()
	with pytest.raises(NeedsPerson):
		client_of(sandbox, no_token, gate=gate).get("get_organisations")
	assert (gate.inside, sandbox.requests) == (set(), [])


def test_what_the_gate_holds_back_is_not_sent_and_needs_no_token(sandbox: Sandbox) -> None:
	class Shut(OpenGate):
		def enter(self) -> str:
			raise WillRetry(Code.RATE_LIMITED, retry_after=40)

	def no_token() -> str:
		raise AssertionError("nobody asked for a token")

	with pytest.raises(WillRetry) as held:
		client_of(sandbox, no_token, gate=Shut()).get("get_organisations")
	assert (held.value.retry_after, held.value.maybe_done) == (40, False)
	assert sandbox.requests == []


def test_every_exchange_is_told_with_what_came_back_and_failed_ones_too(sandbox: Sandbox) -> None:
	heard: list[Exchange] = []
	client = client_of(sandbox, on_call=heard.append)
	body = client.get("get_organisations")
	with pytest.raises(NeedsPerson):
		client.send("create_invoices", {"Invoices": [{}]}, "key-1")
	sandbox.fault("drop_before")
	with pytest.raises(WillRetry):
		client.get("get_contacts")
	read, refused, broken = heard
	assert read[:4] == ("get_organisations", None, 200, body)
	assert read.correlation_id
	assert refused[:3] == ("create_invoices", b'{"Invoices":[{}]}', 400)
	assert b"ValidationException" in refused.answer
	assert refused.milliseconds >= 0
	assert broken[:4] == ("get_contacts", None, 0, b"")
	assert broken.correlation_id is None


def test_a_call_that_is_made_once_more_is_told_twice(sandbox: Sandbox) -> None:
	heard: list[Exchange] = []
	old = sandbox.grant()["access_token"]
	sandbox.expire_access_tokens()
	yielded = iter([old, sandbox.grant()["access_token"]])
	client_of(sandbox, lambda: next(yielded), on_call=heard.append).get("get_organisations")
	assert [exchange.status for exchange in heard] == [401, 200]


def test_what_is_no_text_is_told_without_its_bytes(sandbox: Sandbox) -> None:
	heard: list[Exchange] = []
	client = client_of(sandbox, on_call=heard.append)
	invoice = next(row for row in sandbox.organisation().invoices if row.status == "AUTHORISED")
	assert client.get("get_invoice_as_pdf", invoice_id=invoice.id).startswith(b"%PDF")
	assert heard[0][2:4] == (200, b"")


def test_nothing_is_ever_sent_twice_by_itself(sandbox: Sandbox) -> None:
	sandbox.fault("rate_limit", times=None, retry_after=1)
	client = client_of(sandbox)
	with pytest.raises(WillRetry):
		client.get("get_invoices")
	with pytest.raises(WillRetry):
		client.send("create_invoices", {"Invoices": []}, "key-1")
	assert [request.method for request in sandbox.requests] == ["GET", "PUT"]


def test_a_token_that_expired_on_the_way_is_replaced_once(sandbox: Sandbox) -> None:
	old = sandbox.grant()["access_token"]
	sandbox.expire_access_tokens()
	yielded = iter([old, sandbox.grant()["access_token"]])
	assert client_of(sandbox, lambda: next(yielded)).get("get_organisations")
	assert [request.status for request in sandbox.requests] == [401, 200]


def test_who_keeps_the_tokens_is_told_of_one_that_expired(sandbox: Sandbox) -> None:
	kept = [sandbox.grant()["access_token"]]
	sandbox.expire_access_tokens()
	fresh = sandbox.grant()["access_token"]
	client = client_of(sandbox, lambda: kept[-1], on_expired=lambda: kept.append(fresh))
	assert client.get("get_organisations")


def test_a_token_that_stays_expired_is_not_asked_for_without_end(sandbox: Sandbox) -> None:
	client = client_of(sandbox)
	sandbox.expire_access_tokens()
	with pytest.raises(WillRetry) as caught:
		client.get("get_organisations")
	assert (caught.value.code, caught.value.retry_after) == (Code.UNAVAILABLE, 60)
	assert len(sandbox.requests) == 2


def test_clients_do_not_share_a_token(sandbox: Sandbox) -> None:
	"""The SDK's Configuration is a singleton: a second client once spoke with the first one's token."""
	mine, nobodys = client_of(sandbox), client_of(sandbox, lambda: "nobody's")
	assert mine.get("get_organisations")
	with pytest.raises(NeedsPerson):
		nobodys.get("get_organisations")
	assert mine.get("get_organisations")


def test_threads_may_share_a_client(sandbox: Sandbox) -> None:
	client = client_of(sandbox)
	with ThreadPoolExecutor(4) as threads:
		bodies = list(
			threads.map(lambda page: client.get("get_contacts", page=page, page_size=5), [1, 2, 3, 4])
		)
	pages = [msgspec.json.decode(body)["pagination"]["page"] for body in bodies]
	assert pages == [1, 2, 3, 4]


def test_a_forked_worker_opens_connections_of_its_own(
	sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
	client = client_of(sandbox)
	client.get("get_organisations")
	before = client._connections()
	monkeypatch.setattr(os, "getpid", lambda: -1)
	assert client._connections() is not before
	assert client.get("get_organisations")


def test_the_sdk_is_not_imported_before_it_is_needed() -> None:
	code = "import sys, xero_connector.xero.writer as w; sys.exit('xero_python' in sys.modules)"
	assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0


def test_a_client_shows_its_organisation_and_nothing_else(sandbox: Sandbox) -> None:
	assert repr(client_of(sandbox)) == f"Client({sandbox.organisation().id})"
