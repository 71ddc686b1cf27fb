"""The one place that joins the rules (core), Xero (xero) and the site (site)."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import frappe

from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.core.model import Endpoint, Exchange
from xero_connector.core.sync import Cursor, Row, Run
from xero_connector.site import (
	consent,
	mirror,
	news,
	organisations,
	own_documents,
	settings,
	tokens,
)
from xero_connector.site import contacts as site_contacts
from xero_connector.site.database import commit_step, now_utc
from xero_connector.xero import deep_links, oauth
from xero_connector.xero.client import Client
from xero_connector.xero.hosts import Hosts, hosts_from
from xero_connector.xero.reader import Reader
from xero_connector.xero.writer import Writer

# Contacts first: a document's contact is then in the mirror before the document is.
_ORDER = (Endpoint.CONTACTS, Endpoint.INVOICES, Endpoint.CREDIT_NOTES)


def xero_hosts() -> Hosts:
	return hosts_from(settings.load().hosts)


def document_address(short_code: str | None, document_type: str, status: str, document_id: str) -> str:
	"""Where a document is seen in Xero."""
	return deep_links.document_url(xero_hosts(), short_code, document_type, status, document_id)


def authorize_url(user: str) -> str:
	"""Where `user` gives Xero's consent. Raises NeedsPerson(NOT_CONFIGURED)."""
	return oauth.authorize_url(xero_hosts(), _app(), consent.begin(user))


def connect(user: str, state: str, code: str) -> list[str]:
	"""Turn the code that Xero sent back into a connection; the organisations chosen in this consent.

	Raises NeedsPerson(STATE_MISMATCH, NO_ORGANISATION_CHOSEN) and what the token endpoint answers.
	"""
	consent.redeem(state, user)
	token_set, identity = oauth.exchange_code(xero_hosts(), _app(), code, now_utc())
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


def read_organisation(name: str) -> None:
	"""Everything new of one organisation into the mirror; the first load is the same thing with more of it.

	One worker at a time; stops between pages when asked to and goes on from there the next time. A failure
	is kept on the organisation, where the settings page and every tab show it.
	"""
	if not organisations.begin_reading(name, secrets.token_hex(8)):
		return
	try:
		organisations.check_pause(name)
		complete = _read(name)
	except XeroConnectorError as failure:
		frappe.db.rollback()
		organisations.reading_failed(name, failure)
	except BaseException:
		frappe.db.rollback()
		organisations.reading_failed(name, NeedsPerson(Code.UNKNOWN))
		raise
	else:
		organisations.end_reading(name, complete=complete)
	finally:
		news.tell(name)


def refresh_contacts(name: str, contacts: Sequence[str]) -> None:
	"""What changed in Xero of these contacts' documents, in two calls; everything else waits for the next
	reading. How it went is told like a reading's end."""
	failure: XeroConnectorError | None = None
	try:
		organisations.check_pause(name)
		_read_documents_of(contacts, name)
	except XeroConnectorError as error:
		frappe.db.rollback()
		failure = error
	organisations.note_refresh(name, failure)
	news.tell(name, contacts)


def _read_documents_of(contacts: Sequence[str], name: str) -> None:
	reader, started = Reader(client(name), name), now_utc()
	kept = mirror.SiteMirror(name)
	found = [
		document
		for endpoint in (Endpoint.INVOICES, Endpoint.CREDIT_NOTES)
		for document in reader.documents_of(endpoint, contacts, kept.cursor(endpoint).window)
	]
	commit_step()
	mirror.save_documents(found)
	_follow([document.document_id for document in found])
	site_contacts.refreshed(contacts, started)
	commit_step()


def _follow(documents: Sequence[str]) -> None:
	"""In the mode Two-way, records that are themselves invoices say at once what Xero says of them (C1, R105)."""
	if settings.load().mode == "Two-way":
		own_documents.show(documents, document_address)


class _FollowedMirror(mirror.SiteMirror):
	"""The mirror, with the records that follow it."""

	def save(self, endpoint: Endpoint, rows: Sequence[Row], cursor: Cursor) -> None:
		super().save(endpoint, rows, cursor)
		if endpoint is not Endpoint.CONTACTS:
			_follow([row[0] for row in rows])
			commit_step()


def pdf(organisation: str, document_id: str, document_type: str) -> bytes:
	"""Xero's PDF of a document. Raises as a call to Xero does."""
	return _asked(organisation, lambda reader: reader.pdf(document_type, document_id))


def online_invoice(organisation: str, document_id: str) -> str:
	"""The address of an invoice's page for the customer. Raises as a call to Xero does."""
	return _asked(organisation, lambda reader: reader.online_invoice(document_id))


def search_contacts(organisation: str, text: str) -> None:
	"""Contacts that Xero finds by this text, into the mirror. Raises as a call to Xero does."""
	mirror.save_contacts(_asked(organisation, lambda reader: reader.search_contacts(text)))
	commit_step()


def refresh_documents(organisation: str, documents: Mapping[str, Sequence[str]]) -> None:
	"""These documents, given by their type, as Xero has them now. Raises as a call to Xero does."""
	organisations.check_pause(organisation)
	writer = Writer(client(organisation), organisation)
	for document_type, ids in documents.items():
		found = writer.current(document_type, ids)
		commit_step()
		mirror.save_documents([current.document for current in found.values()])
		own_documents.show(list(found), document_address)
		commit_step()
	news.tell(organisation)


def refresh_balances(organisation: str, stop: Callable[[], bool]) -> None:
	"""Every contact with its balances, which Xero's list of changes leaves out (xero-facts 0.9); between pages it
	asks whether to `stop`. Raises as a call to Xero does."""
	organisations.check_pause(organisation)
	reader = Reader(client(organisation), organisation)
	for page in itertools.count(1):
		answer = reader.page(Endpoint.CONTACTS, None, page)
		commit_step()
		mirror.save_contacts(answer.rows)  # type: ignore[arg-type]
		commit_step()
		if page >= answer.page_count or stop():
			break
	news.tell(organisation)


Answer = TypeVar("Answer")


def _asked(organisation: str, question: Callable[[Reader], Answer]) -> Answer:
	"""Ask Xero while somebody waits for the answer."""
	organisations.check_pause(organisation)
	try:
		return question(Reader(client(organisation), organisation))
	except XeroConnectorError as failure:
		organisations.note_pause(organisation, failure)
		commit_step()
		raise


def _read(name: str) -> bool:
	reader = Reader(client(name), name)
	if organisations.lists_due(name):
		_read_lists(reader, name)
	run = Run(
		read=reader.page,
		mirror=_FollowedMirror(name),
		stop=lambda: organisations.stop_requested(name),
		progress=lambda endpoint, done, total: organisations.note_progress(name, endpoint, done, total),
	)
	return all(run.take(endpoint) for endpoint in _ORDER)


def _read_lists(reader: Reader, name: str) -> None:
	"""What changes seldom and comes whole: once a day, and whenever somebody presses Refresh in the settings."""
	organisations.describe(reader.organisation())
	mirror.save_accounts(name, reader.accounts())
	mirror.save_tax_rates(name, reader.tax_rates())
	mirror.save_items(name, reader.items())
	mirror.save_branding_themes(name, reader.branding_themes())
	organisations.note_currencies(name, reader.currencies())
	organisations.choose_sales_account(name)
	organisations.lists_read(name)


def client(name: str, on_call: Callable[[Exchange], None] | None = None) -> Client:
	"""Calls to one organisation. Raises NeedsPerson with what keeps us from making any."""
	state = organisations.get(name)
	check_open(state)
	connection = str(state.connection)
	return Client(
		xero_hosts(),
		name,
		token=lambda: tokens.access_token(connection, _refresh),
		on_limits=lambda limits: organisations.note_limits(name, limits),
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
		settings.client_secret(),
		stored.redirect_uri,
		oauth.scopes_for(stored.view_only, stored.scopes),
	)


def _refresh(refresh_token: str) -> tokens.TokenSet:
	return oauth.refresh(xero_hosts(), _app(), refresh_token, now_utc())


def _disconnect_in_xero(state: organisations.State) -> None:
	connection_id = frappe.db.get_value("Xero Organisation", state.name, "connection_id")
	try:
		token = tokens.access_token(str(state.connection), _refresh)
		oauth.disconnect(xero_hosts(), token, connection_id)
	except NeedsPerson as failure:
		# the user has taken the access away in Xero already: what is left is to note it here
		if failure.code not in (Code.RECONNECT, Code.ORGANISATION_GONE):
			raise


def _revoke(connection: str) -> None:
	token = tokens.refresh_token(connection)
	if token:
		oauth.revoke(xero_hosts(), _app(), token)


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
