"""Limits with their headers, idempotency keys, and every kind of fault."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from xero_sandbox import Sandbox

from .conftest import Api


def test_every_answer_tells_what_is_left(api: Api) -> None:
	first, second = api.get("Organisation").headers, api.get("Organisation").headers
	names = ("X-MinLimit-Remaining", "X-DayLimit-Remaining", "X-AppMinLimit-Remaining")
	assert [int(first[name]) for name in names] == [59, 4999, 9999]
	assert [int(second[name]) for name in names] == [58, 4998, 9998]
	assert first["Xero-Correlation-Id"] != second["Xero-Correlation-Id"]


def test_the_sixty_first_call_of_a_minute_is_refused_until_the_window_ends(api: Api) -> None:
	for _ in range(60):
		assert api.get("Organisation").status == 200
	got = api.get("Organisation")
	assert got.status == 429
	assert got.headers["X-Rate-Limit-Problem"] == "minute"
	wait = int(got.headers["Retry-After"])
	assert 1 <= wait <= 60
	assert got.headers["X-MinLimit-Remaining"] == "0"
	api.sandbox.advance(wait)
	assert api.get("Organisation").status == 200


def test_the_limits_of_two_organisations_are_apart_and_the_apps_is_common(api: Api) -> None:
	api.sandbox.limits.set(minute=1, app_minute=3)
	assert api.get("Organisation").status == 200
	assert api.get("Organisation").status == 429
	api.tenant = api.sandbox.organisations[1].id
	assert api.get("Organisation").status == 200
	api.sandbox.limits.set(minute=None)
	assert api.get("Organisation").status == 200
	got = api.get("Organisation")
	assert (got.status, got.headers["X-Rate-Limit-Problem"]) == (429, "appminute")


def test_the_day_limit_tells_a_long_wait(api: Api) -> None:
	api.control("limits", day=2)
	assert [api.get("Organisation").status for _ in range(3)] == [200, 200, 429]
	got = api.get("Organisation")
	assert got.headers["X-Rate-Limit-Problem"] == "day"
	assert int(got.headers["Retry-After"]) > 80_000
	api.sandbox.advance(86_400)
	api.token = api.sandbox.grant()["access_token"]
	assert api.get("Organisation").status == 200


def test_a_sixth_call_at_once_is_refused_without_retry_after(api: Api) -> None:
	for _ in range(5):
		api.sandbox.limits.enter(api.tenant, "SANDBOX")
	got = api.get("Organisation")
	assert (got.status, got.headers["X-Rate-Limit-Problem"]) == (429, "concurrent")
	assert "Retry-After" not in got.headers
	api.sandbox.limits.leave(api.tenant)
	assert api.get("Organisation").status == 200


def test_limits_can_be_switched_off(api: Api) -> None:
	api.sandbox.limits.set(minute=None, day=None, concurrent=None, app_minute=None)
	assert {api.get("Organisation").headers["X-MinLimit-Remaining"] for _ in range(70)} == {"60"}


# idempotency

NEW = {"Contacts": [{"Name": "Once Ltd"}]}
KEY = {"Idempotency-Key": "key-1"}


def test_the_same_key_and_request_is_answered_without_doing_it_again(api: Api) -> None:
	first, second = api.put("Contacts", NEW, KEY), api.put("Contacts", NEW, KEY)
	assert (first.status, first.body) == (second.status, second.body)
	assert first.status == 200
	assert api.put("Contacts", NEW).status == 400


def test_the_same_key_with_another_body_address_or_method_is_refused(api: Api) -> None:
	api.put("Contacts", NEW, KEY)
	for got in (
		api.put("Contacts", {"Contacts": [{"Name": "Other Ltd"}]}, KEY),
		api.put("Contacts", NEW, KEY, summarizeErrors="false"),
		api.post("Contacts", NEW, KEY),
	):
		assert got.status == 400
		assert "is used with a different request" in got.json()["Message"]


def test_an_error_is_replayed_too(api: Api) -> None:
	taken = {"Contacts": [{"Name": "Taken Ltd"}]}
	made = api.put("Contacts", taken).json()["Contacts"][0]
	assert api.put("Contacts", taken, KEY).status == 400
	api.sandbox.edit_contact(made["ContactID"], Name="Free Ltd")
	assert api.put("Contacts", taken, KEY).status == 400
	assert api.put("Contacts", taken, {"Idempotency-Key": "key-2"}).status == 200


def test_a_key_is_forgotten_after_six_minutes_from_its_first_use(api: Api) -> None:
	body = {"Contacts": [{"Name": "Upserted Ltd"}]}
	first = api.post("Contacts", body, KEY)
	api.sandbox.advance(5 * 60)
	assert api.post("Contacts", body, KEY).body == first.body
	api.sandbox.advance(61)
	assert api.post("Contacts", body, KEY).body != first.body


def test_a_key_of_more_than_128_characters_is_refused_and_a_get_has_none(api: Api) -> None:
	assert api.put("Contacts", NEW, {"Idempotency-Key": "k" * 129}).status == 400
	api.get("Organisation", KEY)
	assert api.put("Contacts", NEW, KEY).status == 200


def test_limits_come_before_idempotency(api: Api) -> None:
	api.put("Contacts", NEW, KEY)
	api.sandbox.limits.set(minute=1)
	assert api.put("Contacts", NEW, KEY).status == 429


# faults


def contacts(sandbox: Sandbox) -> list[str]:
	return [row.name for row in sandbox.organisations[0].contacts]


def test_a_dropped_connection_before_the_effect_leaves_nothing(api: Api) -> None:
	api.sandbox.fault("drop_before", match="PUT /Contacts")
	with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
		api.put("Contacts", NEW)
	assert "Once Ltd" not in contacts(api.sandbox)
	assert api.sandbox.requests[-1].status is None


def test_a_dropped_connection_after_the_effect_leaves_it_and_the_key_replays_it(api: Api) -> None:
	api.sandbox.fault("drop_after", match="PUT /Contacts")
	with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
		api.put("Contacts", NEW, KEY)
	assert contacts(api.sandbox).count("Once Ltd") == 1
	got = api.put("Contacts", NEW, KEY)
	assert got.status == 200
	assert got.json()["Contacts"][0]["Name"] == "Once Ltd"
	assert contacts(api.sandbox).count("Once Ltd") == 1


@pytest.mark.parametrize(("after", "done"), [(False, 0), (True, 1)])
def test_a_server_error_comes_before_or_after_the_effect(api: Api, after: bool, done: int) -> None:
	api.sandbox.fault("status", match="Contacts", status=502, body="Bad Gateway", after=after)
	got = api.put("Contacts", NEW)
	assert (got.status, got.body) == (502, b"Bad Gateway")
	assert contacts(api.sandbox).count("Once Ltd") == done


def test_a_rate_limit_on_demand_has_xeros_headers(api: Api) -> None:
	api.sandbox.fault("rate_limit", problem="day", retry_after=66975)
	got = api.get("Organisation")
	assert (got.status, got.headers["Retry-After"], got.headers["X-Rate-Limit-Problem"]) == (
		429,
		"66975",
		"day",
	)
	assert "X-DayLimit-Remaining" in got.headers
	api.sandbox.fault("rate_limit", problem="concurrent", retry_after=None)
	assert "Retry-After" not in api.get("Organisation").headers


def test_an_organisation_offline_is_plain_text(api: Api) -> None:
	api.sandbox.fault("offline")
	got = api.get("Organisation")
	assert (got.status, got.body) == (503, b"The Organisation is offline")
	assert got.headers["Content-Type"].startswith("text/plain")
	assert api.get("Organisation").status == 200


def test_half_a_body_ends_before_its_announced_length(api: Api) -> None:
	api.sandbox.fault("half_body")
	with pytest.raises(http.client.IncompleteRead) as caught:
		api.get("Invoices", page=1)
	assert len(caught.value.partial) > 0
	assert caught.value.expected


def test_an_unknown_enum_comes_in_the_first_element_or_in_all(api: Api) -> None:
	api.sandbox.fault("unknown_enum", match="Invoices", field="CurrencyCode", value="XCG")
	found = [row["CurrencyCode"] for row in api.get("Invoices", page=1).json()["Invoices"]]
	assert found.count("XCG") == 1
	api.sandbox.fault("unknown_enum", match="Invoices", elements=None)
	assert {row["Status"] for row in api.get("Invoices", page=1).json()["Invoices"]} == {"SOMETHINGNEW"}
	assert "SOMETHINGNEW" not in {row["Status"] for row in api.get("Invoices", page=1).json()["Invoices"]}


def test_null_fields_come_as_null(api: Api) -> None:
	api.sandbox.fault("null_fields", match="Invoices", fields=["DueDate", "LineItems"])
	row = api.get("Invoices", page=1).json()["Invoices"][0]
	assert row["DueDate"] is None
	assert row["LineItems"] is None


def test_a_delay_holds_the_answer_back(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
	held: list[float] = []
	monkeypatch.setattr("xero_sandbox.app.time.sleep", held.append)
	api.sandbox.fault("delay", seconds=30)
	assert api.get("Organisation").status == 200
	assert held == [30]


def test_a_fault_can_hit_the_token_endpoint(api: Api) -> None:
	api.sandbox.fault(
		"status", match="POST /identity/connect/token", status=400, body={"error": "invalid_grant"}
	)
	got = api.form("/identity/connect/token", grant_type="refresh_token")
	assert (got.status, got.json()) == (400, {"error": "invalid_grant"})


def test_a_fault_hits_only_what_matches_and_as_often_as_asked(api: Api) -> None:
	api.control("fault", kind="status", match="GET /Contacts\\?.*page=2", times=2, status=500)
	assert api.get("Contacts", page=1).status == 200
	assert [api.get("Contacts", page=2).status for _ in range(3)] == [500, 500, 200]
	api.control("fault", kind="offline", times=None)
	assert [api.get("Organisation").status for _ in range(3)] == [503] * 3
	api.control("fault", kind="clear")
	assert api.get("Organisation").status == 200


@pytest.mark.parametrize("params", [{"kind": "nonsense"}, {"kind": "delay", "minutes": 5}, {}])
def test_a_fault_that_does_not_exist_is_refused(api: Api, params: dict[str, Any]) -> None:
	assert api.control("fault", **params).status == 400


# control


def test_the_requests_received_are_listed_without_what_gives_access(api: Api) -> None:
	api.put("Contacts", NEW)
	api.form("/identity/connect/token", grant_type="refresh_token", refresh_token="very-secret")
	found = api.get("/_sandbox/requests").json()
	assert [(row["method"], row["path"]) for row in found] == [
		("PUT", "/api.xro/2.0/Contacts"),
		("POST", "/identity/connect/token"),
	]
	assert json.loads(found[0]["body"]) == NEW
	assert found[0]["status"] == 200
	text = json.dumps(found)
	assert api.token not in text
	assert "very-secret" not in text


def test_the_control_endpoint_lists_what_it_can(api: Api) -> None:
	found = api.get("/_sandbox/").json()
	names = [
		"fault",
		"advance",
		"pay",
		"edit_contact",
		"merge_contacts",
		"void",
		"authorise",
		"expire_tokens",
		"grant",
	]
	names += ["webhooks", "reset", "limits"]
	assert set(found["POST"]) >= {f"/_sandbox/{name}" for name in names}
	assert set(found["GET"]) >= {"/_sandbox/requests", "/_sandbox/figures"}


def test_control_does_what_the_methods_do(api: Api) -> None:
	made = api.control("grant", scopes="openid accounting.settings.read").json()
	assert made["scope"] == "openid accounting.settings.read"
	before = api.sandbox.clock.now()
	api.control("advance", seconds=3600)
	assert (api.sandbox.clock.now() - before).total_seconds() >= 3600
	draft = next(
		row for row in api.sandbox.organisations[0].invoices if row.status == "DRAFT" and row.total > 0
	)
	assert api.control("authorise", document_id=draft.id).json() == {"status": "AUTHORISED"}
	paid = api.control("pay", invoice_id=draft.id).json()
	assert (paid["status"], paid["amount_due"]) == ("PAID", "0.00")
	other = next(row for row in api.sandbox.organisations[0].invoices if row.status == "DRAFT")
	assert api.control("void", document_id=other.id).json() == {"status": "DELETED"}
	assert api.control("pay", invoice_id=draft.id).status == 400
	assert api.control("pay", invoice_id="nobody").status == 400
	assert api.control("nonsense").status == 404
	api.control("expire_tokens")
	assert api.get("Organisation").status == 401


def test_reset_gives_the_same_books_again(api: Api) -> None:
	before = [row.id for row in api.sandbox.organisations[0].invoices]
	api.put("Contacts", NEW)
	api.control("reset")
	assert [row.id for row in api.sandbox.organisations[0].invoices] == before
	assert "Once Ltd" not in contacts(api.sandbox)
	assert api.get("Organisation").status == 401


def test_a_plain_id_names_what_control_works_on(api: Api) -> None:
	contact = next(iter(api.sandbox.organisations[0].contacts))
	assert api.control("edit_contact", id=contact.id, FirstName="Changed").status == 200
	assert contact.fields["FirstName"] == "Changed"


def test_the_same_key_sent_at_the_same_moment_by_many_is_done_once(api: Api) -> None:
	api.sandbox.limits.set(concurrent=None)
	with ThreadPoolExecutor(8) as pool:
		bodies = {got.body for got in pool.map(lambda _: api.put("Contacts", NEW, KEY), range(16))}
	assert len(bodies) == 1
	assert contacts(api.sandbox).count("Once Ltd") == 1


def test_many_at_once_never_get_more_than_the_limit_of_a_minute(api: Api) -> None:
	api.sandbox.limits.set(concurrent=None, minute=10)
	with ThreadPoolExecutor(8) as pool:
		statuses = list(pool.map(lambda _: api.get("Organisation").status, range(24)))
	assert statuses.count(200) == 10
	assert statuses.count(429) == 14
