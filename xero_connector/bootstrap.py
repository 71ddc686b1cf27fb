"""The one place that joins the rules (core), Xero (xero) and the site (site)."""

from __future__ import annotations

from collections.abc import Callable

import frappe

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import Exchange, Identity, TokenSet
from xero_connector.core.quota import Priority
from xero_connector.site import (
	consent,
	organisations,
	settings,
	tokens,
)
from xero_connector.site.budget import SiteBudget
from xero_connector.site.database import now_utc
from xero_connector.xero import deep_links, oauth
from xero_connector.xero.client import Client
from xero_connector.xero.hosts import Hosts, hosts_from


def xero_hosts() -> Hosts:
	return hosts_from(settings.load().hosts)


def document_address(short_code: str | None, document_type: str, status: str, document_id: str) -> str:
	"""Where a document is seen in Xero."""
	return deep_links.document_url(xero_hosts(), short_code, document_type, status, document_id)


def authorize_url(user: str) -> str:
	"""Where `user` gives Xero's consent. Raises NeedsPerson(NOT_CONFIGURED, REDIRECT_REFUSED)."""
	app = _app()
	if not oauth.accepts_redirect(app.redirect_uri):
		raise NeedsPerson(Code.REDIRECT_REFUSED, uri=app.redirect_uri)
	verifier = None if app.client_secret else oauth.new_verifier()
	return oauth.authorize_url(xero_hosts(), app, consent.begin(user, verifier), verifier)


def connect(user: str, state: str, code: str) -> list[str]:
	"""Turn the code that Xero sent back into a connection; the organisations chosen in this consent.

	Raises NeedsPerson(STATE_MISMATCH, NO_ORGANISATION_CHOSEN) and what the token endpoint answers.
	"""
	verifier = consent.redeem(state, user)
	token_set, identity = oauth.exchange_code(xero_hosts(), _app(), code, now_utc(), verifier)
	chosen = oauth.tenants(xero_hosts(), token_set.access_token, identity.auth_event_id)
	if not chosen:
		raise NeedsPerson(Code.NO_ORGANISATION_CHOSEN)
	connection = tokens.save_grant(identity, token_set)
	every = oauth.tenants(xero_hosts(), token_set.access_token)
	# one grant serves all organisations of a user: those that came with an earlier consent go on with it
	before = {state.name for state in organisations.every() if state.connection == connection}
	mine = [tenant for tenant in every if tenant in chosen or tenant.tenant_id in before]
	organisations.connect(mine, connection)
	return [tenant.tenant_id for tenant in mine]


def needs_consent() -> bool:
	"""Whether connecting leads over Xero's consent page; a Custom Connection was consented to when it was made."""
	return settings.load().app_type != settings.CUSTOM


def connect_own() -> list[str]:
	"""Connect the one organisation of a Custom Connection. Raises what Xero answers."""
	app = _app()
	token_set = oauth.own_tokens(xero_hosts(), app, now_utc())
	tenant = oauth.own_organisation(xero_hosts(), token_set.access_token)
	identity = Identity(user_id=app.client_id, email=None, name=settings.CUSTOM, auth_event_id=None)
	# first, for its tokens open the books of one organisation, whichever asks with them
	_leave_others(tokens.grant_of(identity), tenant.tenant_id)
	organisations.connect([tenant], tokens.save_grant(identity, token_set))
	return [tenant.tenant_id]


def _leave_others(connection: str | None, name: str) -> None:
	for state in organisations.every():
		if connection and state.connection == connection and state.name != name:
			organisations.disconnected(state.name)


def disconnect(name: str) -> None:
	"""End one organisation's connection in Xero and here; the grant goes with its last organisation.

	Raises WillRetry when Xero cannot be reached; nothing has changed then.
	"""
	state = organisations.get(name)
	if state.connection and state.connected:
		_disconnect_in_xero(state)
	unused = organisations.disconnected(name)
	if unused:
		_revoke(unused)
		tokens.forget(unused)


def client(
	name: str,
	on_call: Callable[[Exchange], None] | None = None,
	priority: Priority = Priority.CLICK,
) -> Client:
	"""Calls to one organisation, which wait their turn by `priority`. Raises NeedsPerson with what keeps us from
	making any."""
	state = organisations.get(name)
	check_open(state)
	connection = str(state.connection)
	return Client(
		xero_hosts(),
		# the organisation of a Custom Connection is the only one that its tokens open
		"" if tokens.is_custom(connection) else name,
		token=lambda: tokens.access_token(connection, renewal(connection)),
		gate=SiteBudget(name, priority),
		on_expired=lambda: tokens.expire(connection),
		on_call=on_call,
	)


def _app() -> oauth.App:
	stored = settings.load()
	if not stored.enabled:
		raise NeedsPerson(Code.SWITCHED_OFF)
	if not stored.client_id:
		raise NeedsPerson(Code.NOT_CONFIGURED)
	return oauth.App(
		stored.client_id,
		settings.client_secret() if stored.has_secret else None,
		stored.redirect_uri,
		oauth.scopes_for(stored.view_only, stored.scopes, legacy=stored.scope_set == settings.LEGACY),
	)


def renewal(connection: str) -> Callable[[str | None], TokenSet]:
	"""What gives a grant its next tokens (see `tokens.access_token`)."""

	def renew(refresh_token: str | None) -> TokenSet:
		if refresh_token:
			return oauth.refresh(xero_hosts(), _app(), refresh_token, now_utc())
		if needs_consent():
			raise NeedsPerson(Code.RECONNECT)
		token_set = oauth.own_tokens(xero_hosts(), _app(), now_utc())
		# its owner may have given it another organisation, whose books are not to come into this one's mirror
		tenant = oauth.own_organisation(xero_hosts(), token_set.access_token)
		if frappe.db.get_value("Xero Organisation", tenant.tenant_id, "connection") != connection:
			raise NeedsPerson(Code.RECONNECT)
		return token_set

	return renew


def _disconnect_in_xero(state: organisations.State) -> None:
	connection_id = frappe.db.get_value("Xero Organisation", state.name, "connection_id")
	if not connection_id:  # a Custom Connection ends where it was made
		return
	try:
		token = tokens.access_token(str(state.connection), renewal(str(state.connection)))
		oauth.disconnect(xero_hosts(), token, connection_id)
	except NeedsPerson as failure:
		# the user has taken the access away in Xero already: what is left is to note it here
		if failure.code not in (Code.RECONNECT, Code.ORGANISATION_GONE):
			raise


def _revoke(connection: str) -> None:
	token = tokens.refresh_token(connection)
	if token:
		oauth.revoke(xero_hosts(), _app(), token)


def lacks_consent(state: organisations.State) -> bool:
	"""Whether the mode writes in Xero and what was granted allows reading alone."""
	return not settings.load().view_only and not oauth.allow_writing(tokens.scopes(str(state.connection)))


def obstacle_to(state: organisations.State) -> Code | None:
	"""What keeps us from asking Xero about an organisation, known without asking; None when nothing does."""
	if not settings.load().enabled:
		return Code.SWITCHED_OFF
	if state.connected:
		return None
	return Code.RECONNECT if state.status == "Reconnect" else Code.NOT_CONNECTED


def check_open(state: organisations.State) -> None:
	"""Raises NeedsPerson with the obstacle, if there is one."""
	obstacle = obstacle_to(state)
	if obstacle:
		raise NeedsPerson(obstacle)
