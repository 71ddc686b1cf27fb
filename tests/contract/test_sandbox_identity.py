"""The sandbox's OAuth: consent, codes, rotation with grace, revocation, connections."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from xero_sandbox import Sandbox

from .conftest import Api, Got

BASIC = {"Authorization": "Basic " + base64.b64encode(b"SANDBOX:sandbox-secret").decode()}
REDIRECT = "http://localhost:8000/callback"
SCOPES = (
	"openid profile email offline_access accounting.contacts accounting.invoices accounting.settings.read"
)
ASKED = {
	"response_type": "code",
	"client_id": "SANDBOX",
	"redirect_uri": REDIRECT,
	"scope": SCOPES,
	"state": "s1",
}


def back(got: Got) -> dict[str, str]:
	"""The query of the redirect to the app."""
	assert got.status == 302, got.body
	assert got.headers["Location"].startswith(REDIRECT)
	return {name: values[0] for name, values in parse_qs(urlsplit(got.headers["Location"]).query).items()}


def consent(api: Api, tenants: list[str], **more: str) -> dict[str, str]:
	return back(api.form("/identity/connect/authorize", **(ASKED | more), tenant=tenants, action="allow"))


def token(api: Api, headers: dict[str, str] | None = None, **form: str) -> Got:
	return api.form("/identity/connect/token", BASIC if headers is None else headers, **form)


def connect(api: Api, tenants: list[str] | None = None, **more: str) -> dict[str, Any]:
	chosen = tenants or [api.sandbox.organisations[0].id]
	code = consent(api, chosen, **more)["code"]
	return token(api, grant_type="authorization_code", code=code, redirect_uri=REDIRECT).json()


def refresh(api: Api, refresh_token: str) -> Got:
	return token(api, grant_type="refresh_token", refresh_token=refresh_token)


def claims(jwt: str) -> dict[str, Any]:
	part = jwt.split(".")[1]
	return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_the_consent_page_names_app_scopes_and_organisations_with_the_first_one_checked(api: Api) -> None:
	page = api.get("/identity/connect/authorize", **ASKED).body.decode()
	assert "SANDBOX" in page
	assert "View and manage your contacts" in page
	assert "Demo Company (NZ)" in page
	boxes = re.findall(r'<input type="checkbox" name="tenant" value="[^"]+"( checked)?>', page)
	assert boxes == [" checked", ""]
	assert 'id="allow"' in page
	assert "Cancel" in page


def test_the_consent_page_escapes_what_it_shows(api: Api) -> None:
	page = api.get("/identity/connect/authorize", **(ASKED | {"state": '"><script>'})).body.decode()
	assert "<script>" not in page


def test_allowing_comes_back_with_a_code_and_the_state(api: Api) -> None:
	answer = consent(api, [api.sandbox.organisations[0].id])
	assert answer["state"] == "s1"
	assert answer["code"]


def test_cancelling_comes_back_as_access_denied(api: Api) -> None:
	got = api.form("/identity/connect/authorize", **ASKED, action="cancel")
	assert back(got) == {"error": "access_denied", "state": "s1"}


def test_allowing_without_an_organisation_shows_the_page_again(api: Api) -> None:
	got = api.form("/identity/connect/authorize", **ASKED, action="allow")
	assert got.status == 200
	assert b"Choose at least one organisation" in got.body


@pytest.mark.parametrize(
	"uri", ["http://127.0.0.1:8000/cb", "http://example.com/cb", "ftp://localhost/cb", "localhost/cb", ""]
)
def test_a_redirect_uri_of_another_form_is_refused_without_redirect(api: Api, uri: str) -> None:
	got = api.get("/identity/connect/authorize", **(ASKED | {"redirect_uri": uri}))
	assert got.status == 400
	assert "Location" not in got.headers


@pytest.mark.parametrize(
	"uri", ["https://crm.example/cb", "http://localhost/cb", "http://site.localhost:8000/cb"]
)
def test_https_and_localhost_are_good_redirect_uris(api: Api, uri: str) -> None:
	assert api.get("/identity/connect/authorize", **(ASKED | {"redirect_uri": uri})).status == 200


def test_an_unknown_client_is_refused_without_redirect(api: Api) -> None:
	assert api.get("/identity/connect/authorize", **(ASKED | {"client_id": "OTHER"})).status == 400


@pytest.mark.parametrize(
	"scope", ["openid accounting.everything", "accounting.transactions", "accounting.reports.read"]
)
def test_unknown_and_broad_scopes_are_invalid(api: Api, scope: str) -> None:
	got = api.get("/identity/connect/authorize", **(ASKED | {"scope": scope}))
	assert back(got)["error"] == "invalid_scope"


def test_an_older_app_may_still_ask_for_broad_scopes() -> None:
	box = Sandbox(contacts=2, documents=2, legacy_scopes=True)
	with box.serve():
		api = Api(box, box.organisations[0].id, "")
		assert (
			api.get("/identity/connect/authorize", **(ASKED | {"scope": "accounting.transactions"})).status
			== 200
		)
		api.token = box.grant(scopes="accounting.transactions")["access_token"]
		assert api.get("Invoices", page=1).status == 200


def test_a_code_becomes_a_token_set_with_xeros_claims(api: Api) -> None:
	got = connect(api)
	assert got["token_type"] == "Bearer"
	assert got["expires_in"] == 1800
	assert got["scope"] == SCOPES
	access, identity = claims(got["access_token"]), claims(got["id_token"])
	assert access["scope"] == SCOPES.split()
	assert access["exp"] - access["iat"] == 1800
	for name in ("sub", "client_id", "xero_userid", "authentication_event_id", "global_session_id", "jti"):
		assert access[name]
	assert identity["email"] == "fran@example.com"
	assert (identity["given_name"], identity["family_name"]) == ("Fran", "Finance")
	assert identity["exp"] - identity["iat"] == 300


def test_without_offline_access_there_is_no_refresh_token(api: Api) -> None:
	assert "refresh_token" not in connect(api, scope="openid accounting.contacts")


def test_a_code_works_once_for_five_minutes_and_its_own_redirect_uri(api: Api) -> None:
	tenants = [api.sandbox.organisations[0].id]
	code = consent(api, tenants)["code"]
	form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
	assert token(api, **form, code=code).status == 200
	assert token(api, **form, code=code).json() == {"error": "invalid_grant"}
	other = consent(api, tenants)["code"]
	assert token(api, **(form | {"redirect_uri": "https://evil.example"}), code=other).json() == {
		"error": "invalid_grant"
	}
	late = consent(api, tenants)["code"]
	api.sandbox.advance(301)
	assert token(api, **form, code=late).json() == {"error": "invalid_grant"}


def test_a_wrong_secret_is_invalid_client(api: Api) -> None:
	wrong = {"Authorization": "Basic " + base64.b64encode(b"SANDBOX:guess").decode()}
	got = token(api, wrong, grant_type="refresh_token", refresh_token="x")
	assert (got.status, got.json()) == (400, {"error": "invalid_client"})


def test_pkce_needs_the_verifier_and_no_secret(api: Api) -> None:
	verifier = "v" * 43
	digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
	pkce = {"code_challenge": digest, "code_challenge_method": "S256"}
	form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "client_id": "SANDBOX"}
	tenants = [api.sandbox.organisations[0].id]
	wrong = token(api, {}, **form, code=consent(api, tenants, **pkce)["code"], code_verifier="w" * 43)
	assert wrong.json() == {"error": "invalid_grant"}
	right = token(api, {}, **form, code=consent(api, tenants, **pkce)["code"], code_verifier=verifier)
	assert right.status == 200
	again = token(
		api, {}, grant_type="refresh_token", client_id="SANDBOX", refresh_token=right.json()["refresh_token"]
	)
	assert again.status == 200


def test_a_secretless_client_without_pkce_gets_nothing(api: Api) -> None:
	code = consent(api, [api.sandbox.organisations[0].id])["code"]
	form = {
		"grant_type": "authorization_code",
		"redirect_uri": REDIRECT,
		"client_id": "SANDBOX",
		"code": code,
	}
	assert token(api, {}, **form).json() == {"error": "invalid_grant"}


def test_refreshing_rotates_the_token_and_the_old_one_lives_on_for_a_grace(api: Api) -> None:
	first = connect(api)["refresh_token"]
	second = refresh(api, first).json()["refresh_token"]
	assert second != first
	api.sandbox.advance(29 * 60)
	assert refresh(api, first).status == 200
	api.sandbox.advance(2 * 60)
	assert refresh(api, first).json() == {"error": "invalid_grant"}
	assert refresh(api, second).status == 200


def test_a_refresh_token_dies_after_sixty_days(api: Api) -> None:
	old = connect(api)["refresh_token"]
	api.sandbox.advance(60 * 86_400 + 1)
	assert refresh(api, old).json() == {"error": "invalid_grant"}


def test_an_access_token_expires_after_half_an_hour(api: Api) -> None:
	api.sandbox.advance(1801)
	got = api.get("Organisation")
	assert got.status == 401
	assert got.json()["Detail"] == "TokenExpired: token expired"


def test_expiring_tokens_by_hand_leaves_refreshing(api: Api) -> None:
	tokens = connect(api)
	api.token = tokens["access_token"]
	api.sandbox.expire_access_tokens()
	assert api.get("Organisation").status == 401
	api.token = refresh(api, tokens["refresh_token"]).json()["access_token"]
	assert api.get("Organisation").status == 200


def test_revoking_ends_the_tokens_and_all_connections(api: Api) -> None:
	tokens = connect(api, [row.id for row in api.sandbox.organisations])
	got = api.form("/identity/connect/revocation", BASIC, token=tokens["refresh_token"])
	assert (got.status, got.body) == (200, b"")
	assert refresh(api, tokens["refresh_token"]).json() == {"error": "invalid_grant"}
	api.token = tokens["access_token"]
	assert api.get("/connections").status == 401


def test_connections_list_all_organisations_and_filter_by_the_consent(api: Api) -> None:
	one, two = (row.id for row in api.sandbox.organisations)
	api.sandbox.identity.apps["SANDBOX"].connections.clear()
	connect(api, [one])
	api.token = connect(api, [two])["access_token"]
	rows = api.get("/connections").json()
	assert {row["tenantId"] for row in rows} == {one, two}
	event = claims(api.token)["authentication_event_id"]
	filtered = api.get("/Connections", authEventId=event).json()
	assert [row["tenantId"] for row in filtered] == [two]
	assert filtered[0]["tenantType"] == "ORGANISATION"


def test_deleting_a_connection_closes_just_that_organisation(api: Api) -> None:
	row = next(row for row in api.get("/connections").json() if row["tenantId"] == api.tenant)
	assert api.call("DELETE", f"/connections/{row['id']}").status == 204
	assert api.call("DELETE", f"/connections/{row['id']}").status == 404
	got = api.get("Organisation")
	assert got.status == 403
	assert (got.json()["Title"], got.json()["Detail"]) == ("Forbidden", "AuthenticationUnsuccessful")
	api.tenant = api.sandbox.organisations[1].id
	assert api.get("Organisation").status == 200


def test_no_token_no_tenant_and_a_stranger_token_are_refused(api: Api) -> None:
	assert api.get("Organisation", {"Authorization": ""}).status == 401
	assert api.get("Organisation", {"Authorization": "Bearer made.up.token"}).status == 401
	assert api.get("Organisation", {"xero-tenant-id": ""}).status == 403


@pytest.mark.parametrize(
	("scope", "method", "path", "status"),
	[
		("accounting.contacts.read", "GET", "Contacts", 200),
		("accounting.contacts.read", "PUT", "Contacts", 401),
		("accounting.contacts", "GET", "Invoices", 401),
		("accounting.invoices.read", "GET", "Items", 200),
		("accounting.settings.read", "GET", "Items", 200),
		("accounting.invoices", "GET", "Payments", 401),
		("accounting.payments.read", "GET", "Overpayments", 200),
		("accounting.payments.read", "PUT", "Payments", 401),
		("openid", "GET", "Organisation", 401),
	],
)
def test_a_scope_opens_only_what_it_names(api: Api, scope: str, method: str, path: str, status: int) -> None:
	api.token = api.sandbox.grant(scopes=scope)["access_token"]
	got = api.call(method, path, {} if method == "PUT" else None)
	assert got.status == status
	if status == 401:
		assert "insufficent_scope" in got.headers["WWW-Authenticate"]


def test_userinfo_and_discovery_answer(api: Api) -> None:
	assert api.get("/identity/connect/userinfo").json()["email"] == "fran@example.com"
	found = api.get("/identity/.well-known/openid-configuration").json()
	assert found["token_endpoint"] == f"{api.sandbox.url}/identity/connect/token"
