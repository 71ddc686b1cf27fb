"""Consent, tokens and connections, against the emulator's identity server."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.contract.test_xero_client import client_of, hosts_of
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import Tenant
from xero_connector.xero import oauth
from xero_sandbox import Sandbox

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
APP = oauth.App("SANDBOX", "sandbox-secret", "https://crm.example.com/api/method/callback")


PKCE = APP._replace(client_secret=None)
CUSTOM = APP._replace(client_id="SANDBOX-CUSTOM")


def consent(
	sandbox: Sandbox, app: oauth.App, tenant_ids: list[str], verifier: str | None = None
) -> dict[str, list[str]]:
	"""What the redirect carries after a person has pressed Allow."""
	page = urlsplit(oauth.authorize_url(hosts_of(sandbox), app, "the state", verifier))
	form = {name: values[0] for name, values in parse_qs(page.query).items()}
	address = page._replace(query="").geturl()
	answer = requests.post(
		address, data={**form, "action": "allow", "tenant": tenant_ids}, allow_redirects=False, timeout=5
	)
	return parse_qs(urlsplit(answer.headers["Location"]).query)


def test_a_consent_gives_tokens_and_tells_who_consented(sandbox: Sandbox) -> None:
	answer = consent(sandbox, APP, [sandbox.organisation().id])
	assert answer["state"] == ["the state"]
	tokens, identity = oauth.exchange_code(hosts_of(sandbox), APP, answer["code"][0], NOW)
	assert tokens.access_expires == NOW + timedelta(minutes=30)
	assert tokens.refresh_expires == NOW + timedelta(days=60)
	assert set(tokens.scopes) == set(oauth.DEFAULT_SCOPES)
	assert (identity.email, identity.name) == ("fran@example.com", "Fran Finance")
	assert identity.user_id == "5a4b6c1e-0d2f-4c63-9a57-0f1e5d1c7a01"
	assert identity.auth_event_id


def test_view_only_asks_for_reading_alone(sandbox: Sandbox) -> None:
	app = APP._replace(scopes=oauth.scopes_for(view_only=True))
	answer = consent(sandbox, app, [sandbox.organisation().id])
	tokens, _ = oauth.exchange_code(hosts_of(sandbox), app, answer["code"][0], NOW)
	books = [scope for scope in tokens.scopes if scope.startswith("accounting.")]
	assert len(books) == 4
	assert all(scope.endswith(".read") for scope in books)
	assert not oauth.allow_writing(tokens.scopes)
	client = client_of(sandbox, lambda: tokens.access_token)
	for operation in ("get_organisations", "get_accounts", "get_items", "get_contacts", "get_invoices"):
		assert client.get(operation)
	with pytest.raises(NeedsPerson) as caught:
		client.send("create_invoices", {"Invoices": []}, "key")
	assert caught.value.code is Code.MISSING_SCOPE


def test_scopes_of_ones_own_are_asked_for_as_they_are_or_for_reading_alone() -> None:
	chosen = ["offline_access", "accounting.transactions", "accounting.settings.read"]
	assert oauth.scopes_for(False, chosen) == tuple(chosen)
	assert oauth.scopes_for(True, chosen) == (
		"offline_access",
		"accounting.transactions.read",
		"accounting.settings.read",
	)


def test_an_older_app_asks_for_the_broad_scopes() -> None:
	legacy = oauth.scopes_for(False, legacy=True)
	assert "accounting.transactions" in legacy
	assert oauth.allow_writing(legacy)
	assert "accounting.transactions.read" in oauth.scopes_for(True, legacy=True)


def test_the_broad_scopes_open_the_books_to_an_older_app() -> None:
	sandbox = Sandbox(legacy_scopes=True)
	with sandbox.serve():
		app = APP._replace(scopes=oauth.scopes_for(False, legacy=True))
		[code] = consent(sandbox, app, [sandbox.organisation().id])["code"]
		tokens, _ = oauth.exchange_code(hosts_of(sandbox), app, code, NOW)
		client = client_of(sandbox, lambda: tokens.access_token)
		for operation in ("get_organisations", "get_accounts", "get_items", "get_contacts", "get_invoices"):
			assert client.get(operation)


def test_an_app_without_a_secret_proves_itself_for_code_refresh_and_end(sandbox: Sandbox) -> None:
	hosts, verifier = hosts_of(sandbox), oauth.new_verifier()
	[code] = consent(sandbox, PKCE, [sandbox.organisation().id], verifier)["code"]
	tokens, identity = oauth.exchange_code(hosts, PKCE, code, NOW, verifier)
	assert identity.email == "fran@example.com"
	renewed = oauth.refresh(hosts, PKCE, tokens.refresh_token or "", NOW)
	assert oauth.tenants(hosts, renewed.access_token)
	oauth.revoke(hosts, PKCE, renewed.refresh_token or "")
	with pytest.raises(NeedsPerson) as caught:
		oauth.refresh(hosts, PKCE, renewed.refresh_token or "", NOW)
	assert caught.value.code is Code.RECONNECT


@pytest.mark.parametrize("other", [None, "another-verifier-that-is-long-enough-to-be-one"])
def test_a_stolen_code_is_worth_nothing_without_the_verifier(sandbox: Sandbox, other: str | None) -> None:
	[code] = consent(sandbox, PKCE, [sandbox.organisation().id], oauth.new_verifier())["code"]
	with pytest.raises(NeedsPerson) as caught:
		oauth.exchange_code(hosts_of(sandbox), PKCE, code, NOW, other)
	assert caught.value.code is Code.RECONNECT


def test_a_custom_connection_gets_tokens_by_itself_for_its_one_organisation(sandbox: Sandbox) -> None:
	hosts = hosts_of(sandbox)
	tokens = oauth.own_tokens(hosts, CUSTOM, NOW)
	assert (tokens.refresh_token, tokens.refresh_expires) == (None, None)
	assert all(scope.startswith("accounting.") for scope in tokens.scopes)
	assert oauth.allow_writing(tokens.scopes)
	own = oauth.own_organisation(hosts, tokens.access_token)
	assert own == Tenant("", sandbox.organisation().id, sandbox.organisation().name)
	client = client_of(sandbox, lambda: tokens.access_token)
	client.tenant_id = ""
	assert client.get("get_invoices")


def test_an_app_that_is_no_custom_connection_gets_no_tokens_by_itself(sandbox: Sandbox) -> None:
	with pytest.raises(NeedsPerson) as caught:
		oauth.own_tokens(hosts_of(sandbox), APP, NOW)
	assert caught.value.code is Code.APP_CREDENTIALS


@pytest.mark.parametrize(
	("uri", "accepted"),
	[
		("https://crm.example.com/callback", True),
		("http://localhost:8000/callback", True),
		("http://crm.localhost/callback", True),
		("http://crm.example.com/callback", False),
		("http://127.0.0.1:8000/callback", False),
	],
)
def test_only_https_or_localhost_is_a_redirect_uri(uri: str, accepted: bool) -> None:
	assert oauth.accepts_redirect(uri) is accepted


@pytest.mark.parametrize(
	("scopes", "allowed"),
	[
		(oauth.DEFAULT_SCOPES, True),
		(("accounting.contacts", "accounting.transactions"), True),
		(("accounting.contacts", "accounting.invoices.read"), False),
		(("accounting.contacts.read", "accounting.invoices"), False),
		((), False),
	],
)
def test_writing_needs_contacts_and_invoices_granular_or_broad(
	scopes: tuple[str, ...], allowed: bool
) -> None:
	assert oauth.allow_writing(scopes) is allowed


def test_a_code_works_once(sandbox: Sandbox) -> None:
	[code] = consent(sandbox, APP, [sandbox.organisation().id])["code"]
	oauth.exchange_code(hosts_of(sandbox), APP, code, NOW)
	with pytest.raises(NeedsPerson) as caught:
		oauth.exchange_code(hosts_of(sandbox), APP, code, NOW)
	assert caught.value.code is Code.RECONNECT


def test_only_the_organisations_of_this_consent_are_listed_for_it(sandbox: Sandbox) -> None:
	first, second = sandbox.organisations[:2]
	sandbox.grant([second.id])
	[code] = consent(sandbox, APP, [first.id])["code"]
	tokens, identity = oauth.exchange_code(hosts_of(sandbox), APP, code, NOW)
	every = oauth.tenants(hosts_of(sandbox), tokens.access_token)
	chosen = oauth.tenants(hosts_of(sandbox), tokens.access_token, identity.auth_event_id)
	assert {tenant.tenant_id for tenant in every} == {first.id, second.id}
	assert [(tenant.tenant_id, tenant.name) for tenant in chosen] == [(first.id, first.name)]


def test_a_practice_is_no_organisation(sandbox: Sandbox) -> None:
	access_token = sandbox.grant()["access_token"]
	rows = [
		{"id": "1", "tenantId": "AA-1", "tenantType": "PRACTICE", "tenantName": "Accountants"},
		{"id": "2", "tenantId": "BB-2", "tenantType": "ORGANISATION", "tenantName": None},
	]
	sandbox.fault("status", "/connections", status=200, body=rows)
	assert oauth.tenants(hosts_of(sandbox), access_token) == [Tenant("2", "bb-2", None)]


def test_a_refresh_gives_new_tokens_and_the_old_one_still_works_for_a_while(sandbox: Sandbox) -> None:
	old = sandbox.grant()["refresh_token"]
	new = oauth.refresh(hosts_of(sandbox), APP, old, NOW)
	assert new.refresh_token != old
	assert oauth.tenants(hosts_of(sandbox), new.access_token)
	sandbox.advance(29 * 60)
	assert oauth.refresh(hosts_of(sandbox), APP, old, NOW).refresh_token != new.refresh_token
	sandbox.advance(2 * 60)
	with pytest.raises(NeedsPerson) as caught:
		oauth.refresh(hosts_of(sandbox), APP, old, NOW)
	assert caught.value.code is Code.RECONNECT


def test_a_grant_that_cannot_be_refreshed_is_refused_at_once(sandbox: Sandbox) -> None:
	app = APP._replace(scopes=("openid", "accounting.contacts"))
	[code] = consent(sandbox, app, [sandbox.organisation().id])["code"]
	with pytest.raises(NeedsPerson) as caught:
		oauth.exchange_code(hosts_of(sandbox), app, code, NOW)
	assert (caught.value.code, caught.value.values) == (Code.MISSING_SCOPE, {"scope": "offline_access"})


def test_without_openid_the_person_has_no_name_but_the_consent_is_known(sandbox: Sandbox) -> None:
	app = APP._replace(scopes=("offline_access", "accounting.contacts"))
	[code] = consent(sandbox, app, [sandbox.organisation().id])["code"]
	_, identity = oauth.exchange_code(hosts_of(sandbox), app, code, NOW)
	assert (identity.email, identity.name) == (None, None)
	assert identity.user_id == "5a4b6c1e-0d2f-4c63-9a57-0f1e5d1c7a01"
	assert identity.auth_event_id


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.bm90IGpzb24.c", "a.W10.c", "a.\xff.c"])
def test_a_token_that_cannot_be_read_tells_nothing_about_the_person(sandbox: Sandbox, token: str) -> None:
	answer = {"access_token": token or "x", "refresh_token": "r", "expires_in": 1800, "id_token": token}
	sandbox.fault("status", "/token", status=200, body=answer)
	_, identity = oauth.exchange_code(hosts_of(sandbox), APP, "code", NOW)
	assert identity == ("", None, None, None)


def test_disconnecting_one_organisation_leaves_the_others(sandbox: Sandbox) -> None:
	access_token = sandbox.grant()["access_token"]
	gone, *left = oauth.tenants(hosts_of(sandbox), access_token)
	oauth.disconnect(hosts_of(sandbox), access_token, gone.connection_id)
	assert oauth.tenants(hosts_of(sandbox), access_token) == left


def test_disconnecting_what_is_gone_already_is_fine(sandbox: Sandbox) -> None:
	access_token = sandbox.grant()["access_token"]
	oauth.disconnect(hosts_of(sandbox), access_token, "0c4cbb5c-0000-0000-0000-000000000000")
	assert [request.status for request in sandbox.requests] == [404]


def test_revoking_ends_the_whole_grant(sandbox: Sandbox) -> None:
	tokens = sandbox.grant()
	oauth.revoke(hosts_of(sandbox), APP, tokens["refresh_token"])
	with pytest.raises(NeedsPerson) as caught:
		oauth.refresh(hosts_of(sandbox), APP, tokens["refresh_token"], NOW)
	assert caught.value.code is Code.RECONNECT


def test_a_netrc_of_the_machine_does_not_overrule_the_token(
	sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
	netrc = tmp_path_factory.mktemp("home") / "netrc"
	netrc.write_text("machine 127.0.0.1 login somebody password else\n")
	netrc.chmod(0o600)
	monkeypatch.setenv("NETRC", str(netrc))
	assert oauth.tenants(hosts_of(sandbox), sandbox.grant()["access_token"])
