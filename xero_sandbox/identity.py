"""OAuth 2.0 as Xero does it: codes, rotating refresh tokens with a grace, connections of a user to an app.

One grant per app (there is one user, Fran): all organisations she ever allowed, whatever the consent. The app
SANDBOX-CUSTOM is a Custom Connection (developer.xero.com, "Custom Integration"): it gets its tokens by itself, for one
organisation and without a tenant.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .books import Organisation
from .clock import Clock
from .errors import Refusal, forbidden, not_found, unauthorized
from .scopes import BROAD, KNOWN
from .tokens import challenge_of, jwt

CODE_LIFE, ID_LIFE, ACCESS_LIFE = 300, 300, 1800
REFRESH_LIFE, GRACE = 60 * 86_400, 30 * 60
KEY = b"the sandbox signs, nobody has to verify"
USER = {
	"xero_userid": "5a4b6c1e-0d2f-4c63-9a57-0f1e5d1c7a01",
	"given_name": "Fran",
	"family_name": "Finance",
	"name": "Fran Finance",
	"email": "fran@example.com",
	"preferred_username": "fran@example.com",
}
Reply = tuple[int, dict[str, Any] | None]


@dataclass
class App:
	"""`custom` is the organisation of a Custom Connection, which its owner may change."""

	client_id: str
	secret: str
	custom: str | None = None
	connections: dict[str, dict[str, Any]] = field(default_factory=dict)
	scopes: set[str] = field(default_factory=set)


@dataclass
class Code:
	app: App
	redirect_uri: str
	scopes: list[str]
	tenants: list[str]
	expires: float
	challenge: str | None = None
	nonce: str | None = None


@dataclass
class Access:
	app: App
	scopes: list[str]
	expires: float
	event: str


@dataclass
class Refresh:
	app: App
	scopes: list[str]
	event: str
	expires: float
	public: bool = False
	rotated_at: float | None = None


def oauth_error(error: str, status: int = 400) -> Refusal:
	return Refusal(status, {"error": error})


class Identity:
	def __init__(self, clock: Clock, organisations: list[Organisation], legacy_scopes: bool = False) -> None:
		self.clock, self.organisations, self.legacy_scopes = clock, organisations, legacy_scopes
		self.apps = {
			"SANDBOX": App("SANDBOX", "sandbox-secret"),
			"SANDBOX-CUSTOM": App("SANDBOX-CUSTOM", "sandbox-secret", organisations[0].id),
		}
		self.codes: dict[str, Code] = {}
		self.access: dict[str, Access] = {}
		self.refresh: dict[str, Refresh] = {}

	# authorize

	def authorize_problem(self, args: Any) -> str | None:
		"""The sentence to show when it is not safe to redirect back."""
		app = self.apps.get(args.get("client_id", ""))
		if app is None or app.custom:
			return "unauthorized_client: there is no app with this client_id"
		if not allowed_redirect(args.get("redirect_uri", "")):
			return "invalid_request: redirect_uri must be https, or http on localhost"
		return None

	def authorize_error(self, args: Any) -> str | None:
		"""The error code to redirect back with."""
		if args.get("response_type") != "code":
			return "unsupported_response_type"
		if args.get("code_challenge") and args.get("code_challenge_method") != "S256":
			return "invalid_request"
		scopes = args.get("scope", "").split()
		return None if scopes and all(self.scope_allowed(scope) for scope in scopes) else "invalid_scope"

	def scope_allowed(self, scope: str) -> bool:
		"""Apps made since 2 March 2026 are refused the broad scopes."""
		return scope in KNOWN and (self.legacy_scopes or scope not in BROAD)

	def issue_code(self, args: Any, tenants: list[str]) -> str:
		code = secrets.token_urlsafe(32)
		self.codes[code] = Code(
			app=self.apps[args["client_id"]],
			redirect_uri=args["redirect_uri"],
			scopes=args["scope"].split(),
			tenants=tenants,
			expires=self.clock.seconds() + CODE_LIFE,
			challenge=args.get("code_challenge") or None,
			nonce=args.get("nonce") or None,
		)
		return code

	# token

	def token(self, form: Any, basic: tuple[str, str] | None) -> dict[str, Any]:
		handlers = {
			"authorization_code": self._by_code,
			"refresh_token": self._by_refresh,
			"client_credentials": self._by_itself,
		}
		handler = handlers.get(form.get("grant_type", ""))
		if handler is None:
			raise oauth_error("unsupported_grant_type")
		app, public = self._client(form, basic)
		return handler(app, public, form)

	def _client(self, form: Any, basic: tuple[str, str] | None) -> tuple[App, bool]:
		"""(app, whether it came without its secret, as PKCE apps do)."""
		client_id, secret = basic or (form.get("client_id", ""), form.get("client_secret"))
		app = self.apps.get(client_id)
		if app is None or (secret is not None and not secrets.compare_digest(secret, app.secret)):
			raise oauth_error("invalid_client")
		return app, secret is None

	def _by_code(self, app: App, public: bool, form: Any) -> dict[str, Any]:
		code = self.codes.pop(form.get("code", ""), None)
		if code is None or code.app is not app or code.expires < self.clock.seconds():
			raise oauth_error("invalid_grant")
		if code.redirect_uri != form.get("redirect_uri") or not _verified(code, public, form):
			raise oauth_error("invalid_grant")
		return self.connect(app, code.tenants, code.scopes, public, code.nonce)

	def _by_refresh(self, app: App, public: bool, form: Any) -> dict[str, Any]:
		token = self.refresh.get(form.get("refresh_token", ""))
		now = self.clock.seconds()
		if token is None or token.app is not app or token.expires < now or (public and not token.public):
			raise oauth_error("invalid_grant")
		if token.rotated_at is not None and now - token.rotated_at > GRACE:
			raise oauth_error("invalid_grant")
		if token.rotated_at is None:
			token.rotated_at = now
		return self._tokens(token.app, token.scopes, token.event, token.public)

	def _by_itself(self, app: App, public: bool, form: Any) -> dict[str, Any]:
		"""Client credentials: for the scopes of the books alone, for there is no person."""
		if app.custom is None or public:
			raise oauth_error("unauthorized_client")
		scopes = form.get("scope", "").split()
		if not all(scope.startswith("accounting.") and self.scope_allowed(scope) for scope in scopes):
			raise oauth_error("invalid_scope")
		return self._tokens(app, scopes, "", public)

	def connect(
		self, app: App, tenants: list[str], scopes: list[str], public: bool = False, nonce: str | None = None
	) -> dict[str, Any]:
		"""A consent: connections to the tenants (added to those there are) and a token set."""
		event, stamp = str(uuid.uuid4()), self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f0")
		app.scopes |= set(scopes)
		for organisation in self.organisations:
			if organisation.id in tenants:
				connection = app.connections.setdefault(organisation.id, _connection(organisation, stamp))
				connection |= {"authEventId": event, "updatedDateUtc": stamp}
		return self._tokens(app, scopes, event, public, nonce)

	def _tokens(
		self, app: App, scopes: list[str], event: str, public: bool, nonce: str | None = None
	) -> dict[str, Any]:
		now = self.clock.seconds()
		base = {"iss": "https://identity.xero.com", "iat": int(now), "nbf": int(now), "auth_time": int(now)}
		base |= {"sub": USER["xero_userid"].replace("-", ""), "xero_userid": USER["xero_userid"]}
		claims = base | {"aud": "https://identity.xero.com/resources", "client_id": app.client_id}
		claims |= {"exp": int(now) + ACCESS_LIFE, "jti": secrets.token_hex(16), "scope": scopes}
		claims |= {"global_session_id": secrets.token_hex(16), "authentication_event_id": event}
		access = jwt(claims, KEY)
		self.access[access] = Access(app, scopes, now + ACCESS_LIFE, event)
		answer: dict[str, Any] = {"access_token": access, "expires_in": ACCESS_LIFE, "token_type": "Bearer"}
		if "openid" in scopes:
			answer["id_token"] = jwt(_id_claims(base, app, scopes, int(now), nonce), KEY)
		if "offline_access" in scopes:
			refresh = secrets.token_urlsafe(32)
			self.refresh[refresh] = Refresh(app, scopes, event, now + REFRESH_LIFE, public)
			answer["refresh_token"] = refresh
		return answer | {"scope": " ".join(scopes)}

	def revoke(self, form: Any, basic: tuple[str, str] | None) -> None:
		"""Kills the refresh token and, with it, all connections and tokens of this user and app."""
		app, _ = self._client(form, basic)
		token = self.refresh.get(form.get("token", ""))
		if token is None or token.app is not app:
			return
		app.connections.clear()
		app.scopes.clear()
		self.access = {key: row for key, row in self.access.items() if row.app is not app}
		self.refresh = {key: row for key, row in self.refresh.items() if row.app is not app}

	# use

	def check(self, header: str | None) -> Access:
		scheme, _, token = (header or "").partition(" ")
		found = self.access.get(token)
		if scheme.lower() != "bearer" or found is None:
			raise unauthorized()
		if found.expires <= self.clock.seconds():
			raise unauthorized("TokenExpired: token expired")
		return found

	def organisation(self, access: Access, tenant: str | None) -> Organisation:
		if access.app.custom:
			return next(row for row in self.organisations if row.id == access.app.custom)
		if (tenant or "").lower() not in access.app.connections:
			raise forbidden()
		return next(row for row in self.organisations if row.id == (tenant or "").lower())

	def connections(self, access: Access, event: str | None) -> list[dict[str, Any]]:
		if access.app.custom:
			raise forbidden()
		rows = access.app.connections.values()
		return [row for row in rows if event is None or row["authEventId"] == event]

	def disconnect(self, access: Access, identity: str) -> None:
		tenant = next((key for key, row in access.app.connections.items() if row["id"] == identity), None)
		if tenant is None:
			raise not_found()
		del access.app.connections[tenant]

	def expire_access_tokens(self) -> None:
		for access in self.access.values():
			access.expires = min(access.expires, self.clock.seconds() - 1)


def _connection(organisation: Organisation, stamp: str) -> dict[str, Any]:
	return {
		"id": str(uuid.uuid4()),
		"authEventId": "",
		"tenantId": organisation.id,
		"tenantType": "ORGANISATION",
		"tenantName": organisation.name,
		"createdDateUtc": stamp,
		"updatedDateUtc": stamp,
	}


def _id_claims(
	base: dict[str, Any], app: App, scopes: list[str], now: int, nonce: str | None
) -> dict[str, Any]:
	claims = base | {"aud": app.client_id, "exp": now + ID_LIFE, "sid": secrets.token_hex(16)}
	if nonce:
		claims["nonce"] = nonce
	if "profile" in scopes:
		claims |= {key: USER[key] for key in ("given_name", "family_name", "name", "preferred_username")}
	return claims | ({"email": USER["email"]} if "email" in scopes else {})


def _verified(code: Code, public: bool, form: Any) -> bool:
	"""PKCE where it was begun; an app without a secret must have begun it."""
	if code.challenge is None:
		return not public
	verifier = form.get("code_verifier", "")
	return 43 <= len(verifier) <= 128 and challenge_of(verifier) == code.challenge


def allowed_redirect(uri: str) -> bool:
	"""https, or http on `localhost` and, as a leniency of the sandbox, `*.localhost`; 127.0.0.1 is refused."""
	try:
		parts = urlsplit(uri)
	except ValueError:
		return False
	host = parts.hostname or ""
	if parts.scheme == "https":
		return bool(host)
	return parts.scheme == "http" and (host == "localhost" or host.endswith(".localhost"))
