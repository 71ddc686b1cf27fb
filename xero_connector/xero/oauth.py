"""Xero's OAuth 2.0: consent, tokens, and which organisations they open (developer.xero.com, "OAuth 2.0").

Our own POSTs with `requests`. The SDK has no code exchange, and refreshes without a lock (8 threads, 2
refreshes, and one refresh token is lost); requests-oauthlib refuses an http host, which the emulator on this
machine is, unless a variable of the whole process is set. Tokens reach no error: see `failures.sealed`.

Everything that calls Xero raises NeedsPerson(RECONNECT) when the grant is over, NeedsPerson(APP_CREDENTIALS)
when Xero refuses the app itself, and WillRetry for limits, outages and broken lines, after which the old
refresh token still works (for 30 minutes, even if Xero has sent a new one).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import requests

from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Identity, Tenant, TokenSet
from xero_connector.xero.failures import Reply, failure_of, failure_of_line, sealed
from xero_connector.xero.hosts import Hosts

DEFAULT_SCOPES = (
	"openid",
	"profile",
	"email",
	"offline_access",
	"accounting.contacts",
	"accounting.invoices",
	"accounting.payments.read",
	"accounting.settings.read",
)
"""The granular scopes: apps made since 2 March 2026 are refused the broad ones (developer.xero.com,
"Granular scopes"). They also let items be read and created."""

LEGACY_SCOPES = (
	"openid",
	"profile",
	"email",
	"offline_access",
	"accounting.contacts",
	"accounting.transactions",
	"accounting.settings.read",
)
"""The broad ones of older apps, which Xero takes until September 2027."""

_ACCOUNTING, _READ = "accounting.", ".read"
_WRITES_DOCUMENTS = {"accounting.invoices", "accounting.transactions"}
"""The granular scope and the broad one of older apps."""

REFRESH_LIFETIME = timedelta(days=60)
"""How long Xero keeps an unused refresh token."""

_TIMEOUT = (5, 30)


class App(NamedTuple):
	"""Our app as registered with Xero. `redirect_uri` is exactly one of those registered; without a `client_secret`
	it is a PKCE app."""

	client_id: str
	client_secret: str | None
	redirect_uri: str
	scopes: tuple[str, ...] = DEFAULT_SCOPES

	def __repr__(self) -> str:
		return f"App({self.client_id}, {self.redirect_uri})"


def scopes_for(view_only: bool, chosen: Sequence[str] = (), *, legacy: bool = False) -> tuple[str, ...]:
	"""What to ask Xero for: `chosen` of the settings, if any, else what we need, in the words of `legacy` apps or of
	newer ones; every scope of the books has one that reads alone, which is all that `view_only` asks for."""
	wanted = tuple(chosen) or (LEGACY_SCOPES if legacy else DEFAULT_SCOPES)
	return tuple(map(_reading, wanted)) if view_only else wanted


def _reading(scope: str) -> str:
	writes = scope.startswith(_ACCOUNTING) and not scope.endswith(_READ)
	return f"{scope}{_READ}" if writes else scope


def allow_writing(scopes: Collection[str]) -> bool:
	"""Whether contacts and invoices can be written with these scopes."""
	return "accounting.contacts" in scopes and not _WRITES_DOCUMENTS.isdisjoint(scopes)


def accepts_redirect(uri: str) -> bool:
	"""Whether Xero takes this redirect URI: https, or http on localhost; it refuses 127.0.0.1."""
	parts = urlsplit(uri)
	host = parts.hostname or ""
	return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")


def new_verifier() -> str:
	"""The secret of one consent of a PKCE app (RFC 7636): 43 characters."""
	return secrets.token_urlsafe(32)


def authorize_url(hosts: Hosts, app: App, state: str, verifier: str | None = None) -> str:
	"""Where to send the browser; `state` comes back with the code and must be what this browser was given. A PKCE
	app needs a `verifier`, and the same again for the code."""
	query = {
		"response_type": "code",
		"client_id": app.client_id,
		"redirect_uri": app.redirect_uri,
		"scope": " ".join(app.scopes),
		"state": state,
	}
	if verifier:
		digest = hashlib.sha256(verifier.encode()).digest()
		challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
		query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
	return f"{hosts.authorize_url}?{urlencode(query, quote_via=quote)}"


@sealed
def exchange_code(
	hosts: Hosts, app: App, code: str, now: datetime, verifier: str | None = None
) -> tuple[TokenSet, Identity]:
	"""What a code of the redirect is worth; it works once, for 5 minutes. `now` is aware UTC."""
	form = {"grant_type": "authorization_code", "code": code, "redirect_uri": app.redirect_uri}
	answer = _json(_post(hosts.token_url, app, form | ({"code_verifier": verifier} if verifier else {})))
	return _renewable(_token_set(answer, now)), _identity(answer)


@sealed
def refresh(hosts: Hosts, app: App, refresh_token: str, now: datetime) -> TokenSet:
	"""The next tokens of a grant; both are new. Hold the grant's lock, and save them before use."""
	form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
	return _renewable(_token_set(_json(_post(hosts.token_url, app, form)), now))


@sealed
def own_tokens(hosts: Hosts, app: App, now: datetime) -> TokenSet:
	"""The access token of a Custom Connection, which nobody refreshes: another one is asked for (developer.xero.com,
	"Custom Integration"). It opens one organisation, and not /connections."""
	# the others are about a person, and here is none
	books = [scope for scope in app.scopes if scope.startswith(_ACCOUNTING)]
	form = {"grant_type": "client_credentials", "scope": " ".join(books)}
	return _token_set(_json(_post(hosts.token_url, app, form)), now)


@sealed
def own_organisation(hosts: Hosts, access_token: str) -> Tenant:
	"""The one organisation of a Custom Connection. It has no connection that could be closed from here."""
	reply = _request("GET", f"{hosts.accounting_url}/Organisation", _bearer(access_token))
	answer = _json(_checked(reply, sending=False))
	for row in answer.get("Organisations") or ():
		return Tenant("", row["OrganisationID"].lower(), row.get("Name"))
	raise WillRetry(Code.UNREADABLE, problem="no organisation")


@sealed
def revoke(hosts: Hosts, app: App, refresh_token: str) -> None:
	"""End the grant, with every organisation that this person has connected."""
	_post(hosts.revocation_url, app, {"token": refresh_token})


@sealed
def tenants(hosts: Hosts, access_token: str, auth_event_id: str | None = None) -> list[Tenant]:
	"""The organisations that the person has ever opened to the app; with `auth_event_id`, only those of that
	consent. Practices are left out: they have no books."""
	query = {"authEventId": auth_event_id} if auth_event_id else {}
	reply = _request("GET", hosts.connections_url, _bearer(access_token), params=query)
	return [
		Tenant(row["id"], row["tenantId"].lower(), row.get("tenantName"))
		for row in _json_value(_checked(reply, sending=False), list)
		if row.get("tenantType", "ORGANISATION") == "ORGANISATION"
	]


@sealed
def disconnect(hosts: Hosts, access_token: str, connection_id: str) -> None:
	"""Close one organisation to the app. One that is closed already is fine."""
	reply = _request(
		"DELETE", f"{hosts.connections_url}/{quote(connection_id, safe='')}", _bearer(access_token)
	)
	if reply.status != 404:
		_checked(reply, sending=True)


def _post(url: str, app: App, form: dict[str, str]) -> Reply:
	if app.client_secret is None:
		return _checked(
			_request("POST", url, _nobody, data={**form, "client_id": app.client_id}), sending=True
		)
	credentials = requests.auth.HTTPBasicAuth(app.client_id, app.client_secret)
	return _checked(_request("POST", url, credentials, data=form), sending=True)


_Authorise = Callable[[requests.PreparedRequest], requests.PreparedRequest]


def _bearer(access_token: str) -> _Authorise:
	# as `auth`, because requests lets a .netrc overrule a plain header
	def authorise(request: requests.PreparedRequest) -> requests.PreparedRequest:
		request.headers["Authorization"] = f"Bearer {access_token}"
		return request

	return authorise


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
	# a function, because without one requests would look into a .netrc
	return request


def _request(method: str, url: str, authorise: _Authorise, **content: dict[str, str]) -> Reply:
	try:
		response = requests.request(
			method,
			url,
			auth=authorise,
			headers={"Accept": "application/json"},
			timeout=_TIMEOUT,
			allow_redirects=False,
			**content,  # type: ignore[arg-type]
		)
	except (requests.RequestException, ValueError) as error:
		failure = failure_of_line(error, sending=method != "GET")
	else:
		return Reply(response.status_code, response.headers, response.content)
	raise failure


def _checked(reply: Reply, *, sending: bool) -> Reply:
	if not 200 <= reply.status <= 299:
		raise failure_of(reply, sending=sending)
	return reply


def _json(reply: Reply) -> dict[str, Any]:
	answer: dict[str, Any] = _json_value(reply, dict)
	return answer


def _json_value(reply: Reply, kind: type) -> Any:
	try:
		value = json.loads(reply.body)
	except ValueError:
		value = None
	if not isinstance(value, kind):
		raise WillRetry(Code.UNREADABLE, maybe_done=True, status=str(reply.status))
	return value


def _token_set(answer: dict[str, Any], now: datetime) -> TokenSet:
	if not answer.get("access_token") or not answer.get("expires_in"):
		raise WillRetry(Code.UNREADABLE, maybe_done=True, problem="no access_token")
	refresh_token = answer.get("refresh_token")
	return TokenSet(
		access_token=answer["access_token"],
		refresh_token=refresh_token,
		access_expires=now + timedelta(seconds=int(answer["expires_in"])),
		refresh_expires=now + REFRESH_LIFETIME if refresh_token else None,
		scopes=tuple(str(answer.get("scope") or "").split()),
	)


def _renewable(tokens: TokenSet) -> TokenSet:
	if not tokens.refresh_token:
		# Xero gives one only to those who ask for it
		raise NeedsPerson(Code.MISSING_SCOPE, scope="offline_access")
	return tokens


def _identity(answer: dict[str, Any]) -> Identity:
	"""Who consented. The claims are not verified: they come from the token endpoint itself, over TLS
	(OpenID Connect Core 3.1.3.7, 6)."""
	person, access = _claims(answer.get("id_token")), _claims(answer["access_token"])
	return Identity(
		user_id=str(person.get("xero_userid") or access.get("xero_userid") or ""),
		email=person.get("email"),
		name=person.get("name") or " ".join(filter(None, _names(person))) or None,
		auth_event_id=access.get("authentication_event_id"),
	)


def _names(person: dict[str, Any]) -> tuple[str | None, str | None]:
	return person.get("given_name"), person.get("family_name")


def _claims(token: str | None) -> dict[str, Any]:
	try:
		payload = (token or "").split(".")[1]
		claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
	except (IndexError, ValueError):
		return {}
	return claims if isinstance(claims, dict) else {}
