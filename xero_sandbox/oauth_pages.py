"""The HTTP side of identity: consent page, token, revocation, discovery, connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from . import html, render
from .calls import Answer
from .errors import unauthorized
from .identity import USER
from .scopes import KNOWN, WORDS

if TYPE_CHECKING:
	from werkzeug.wrappers import Request

	from .sandbox import Sandbox

ASKED: tuple[str, ...] = ("client_id", "redirect_uri", "scope", "state", "response_type", "nonce")
ASKED += ("code_challenge", "code_challenge_method")


def authorize(sandbox: Sandbox, request: Request) -> Answer:
	problem = _problem(sandbox, request.args)
	return problem or _consent_page(sandbox, request.args)


def consent(sandbox: Sandbox, request: Request) -> Answer:
	form = _form(request)
	problem = _problem(sandbox, form)
	if problem:
		return problem
	if form.get("action") != "allow":
		return _back(form, error="access_denied")
	tenants = form.getlist("tenant")
	known = {organisation.id for organisation in sandbox.organisations}
	if not tenants or not known.issuperset(tenants):
		return _consent_page(sandbox, form, "Choose at least one organisation.")
	return _back(form, code=sandbox.identity.issue_code(form, tenants))


def _problem(sandbox: Sandbox, args: Any) -> Answer | None:
	if sentence := sandbox.identity.authorize_problem(args):
		text = html.page("Sorry, something went wrong", Markup("<p>{}</p>").format(sentence))
		return html.answer(text, 400)
	if error := sandbox.identity.authorize_error(args):
		return _back(args, error=error)
	return None


def _back(args: Any, **result: str) -> Answer:
	if args.get("state"):
		result["state"] = args["state"]
	if "code" in result:
		result["scope"] = args["scope"]
	join = "&" if "?" in args["redirect_uri"] else "?"
	return Answer(302, b"", "text/html", {"Location": args["redirect_uri"] + join + urlencode(result)})


BOX = Markup(
	'<label class="row"><input type="checkbox" name="tenant" value="{}"{}> {} <small>{}</small></label>'
)


def _consent_page(sandbox: Sandbox, args: Any, notice: str = "") -> Answer:
	hidden = Markup("").join(
		Markup('<input type="hidden" name="{}" value="{}">').format(name, args[name])
		for name in ASKED
		if name in args
	)
	boxes = Markup("").join(
		BOX.format(row.id, Markup(" checked") if number == 0 else "", row.name, row.base_currency)
		for number, row in enumerate(sandbox.organisations)
	)
	asked = (
		Markup("<li>{} <small>{}</small></li>").format(WORDS[name], name) for name in args["scope"].split()
	)
	body = Markup(
		"<p>The app <b>{}</b> wants access to Xero as <b>{}</b> ({}). It asks to:</p><ul>{}</ul>"
		'<form method="post" action="/identity/connect/authorize">{}<fieldset><legend>Organisations</legend>{}</fieldset>'
		'<p class="notice">{}</p><button id="allow" name="action" value="allow">Allow access</button> '
		'<button id="cancel" class="plain" name="action" value="cancel">Cancel</button></form>'
	).format(args["client_id"], USER["name"], USER["email"], Markup("").join(asked), hidden, boxes, notice)
	return html.answer(html.page("Allow access to your organisation data", body))


def _form(request: Request) -> MultiDict[str, str]:
	return request.form


def _basic(request: Request) -> tuple[str, str] | None:
	given = request.authorization
	return (given.username or "", given.password or "") if given and given.type == "basic" else None


def token(sandbox: Sandbox, request: Request) -> Answer:
	return _json(sandbox.identity.token(_form(request), _basic(request)), {"Cache-Control": "no-store"})


def revocation(sandbox: Sandbox, request: Request) -> Answer:
	sandbox.identity.revoke(_form(request), _basic(request))
	return Answer()


def discovery(sandbox: Sandbox, request: Request) -> Answer:
	base = request.host_url.rstrip("/")
	return _json(
		{
			"issuer": "https://identity.xero.com",
			"authorization_endpoint": f"{base}/identity/connect/authorize",
			"token_endpoint": f"{base}/identity/connect/token",
			"userinfo_endpoint": f"{base}/identity/connect/userinfo",
			"revocation_endpoint": f"{base}/identity/connect/revocation",
			"scopes_supported": sorted(KNOWN),
			"response_types_supported": ["code"],
			"grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
			"code_challenge_methods_supported": ["S256"],
			"id_token_signing_alg_values_supported": ["HS256"],
			"subject_types_supported": ["public"],
		}
	)


def userinfo(sandbox: Sandbox, request: Request) -> Answer:
	scopes = sandbox.identity.check(request.headers.get("Authorization")).scopes
	if "openid" not in scopes:
		raise unauthorized("AuthorizationUnsuccessful", 'Bearer error="insufficent_scope"')
	claims = {"sub": USER["xero_userid"].replace("-", ""), "xero_userid": USER["xero_userid"]}
	if "profile" in scopes:
		claims |= {key: value for key, value in USER.items() if key not in ("email", "xero_userid")}
	return _json(claims | ({"email": USER["email"]} if "email" in scopes else {}))


def connections(sandbox: Sandbox, request: Request) -> Answer:
	access = sandbox.identity.check(request.headers.get("Authorization"))
	return _json(sandbox.identity.connections(access, request.args.get("authEventId")))


def disconnect(sandbox: Sandbox, request: Request, identity: str) -> Answer:
	access = sandbox.identity.check(request.headers.get("Authorization"))
	sandbox.identity.disconnect(access, identity.lower())
	return Answer(204)


def _json(value: Any, headers: dict[str, str] | None = None) -> Answer:
	return Answer(body=render.encode(value), headers=headers or {})


ROUTES: list[tuple[str, str, Callable[..., Answer]]] = [
	("GET", "/identity/connect/authorize", authorize),
	("POST", "/identity/connect/authorize", consent),
	("POST", "/identity/connect/token", token),
	("POST", "/identity/connect/revocation", revocation),
	("GET", "/identity/.well-known/openid-configuration", discovery),
	("GET", "/identity/connect/userinfo", userinfo),
	("GET", "/connections", connections),
	("GET", "/Connections", connections),
	("DELETE", "/connections/<identity>", disconnect),
	("DELETE", "/Connections/<identity>", disconnect),
]
