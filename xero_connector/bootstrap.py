"""The one place that joins the rules (core), Xero (xero) and the site (site)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import TypeVar

import frappe

from xero_connector.core import sending
from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.core.model import Document, Endpoint
from xero_connector.core.sync import Run
from xero_connector.site import (
	access,
	consent,
	hosts,
	links,
	mirror,
	news,
	organisations,
	outbox,
	settings,
	tokens,
)
from xero_connector.site import contacts as site_contacts
from xero_connector.site.database import commit_step, now_utc
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import Party
from xero_connector.xero import oauth
from xero_connector.xero.client import Client
from xero_connector.xero.hosts import Hosts, hosts_from
from xero_connector.xero.reader import Reader
from xero_connector.xero.writer import Writer

# Contacts first: a document's contact is then in the mirror before the document is.
_ORDER = (Endpoint.CONTACTS, Endpoint.INVOICES, Endpoint.CREDIT_NOTES)


def xero_hosts() -> Hosts:
	return hosts_from(settings.load().hosts)


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
	reader, started = Reader(_client(name), name), now_utc()
	kept = mirror.SiteMirror(name)
	found = [
		document
		for endpoint in (Endpoint.INVOICES, Endpoint.CREDIT_NOTES)
		for document in reader.documents_of(endpoint, contacts, kept.cursor(endpoint).window)
	]
	commit_step()
	mirror.save_documents(found)
	site_contacts.refreshed(contacts, started)
	commit_step()


def pdf(organisation: str, document_id: str, document_type: str) -> bytes:
	"""Xero's PDF of a document. Raises as a call to Xero does."""
	return _asked(organisation, lambda reader: reader.pdf(document_type, document_id))


def online_invoice(organisation: str, document_id: str) -> str:
	"""The address of an invoice's page for the customer. Raises as a call to Xero does."""
	return _asked(organisation, lambda reader: reader.online_invoice(document_id))


Answer = TypeVar("Answer")


def _asked(organisation: str, question: Callable[[Reader], Answer]) -> Answer:
	"""Ask Xero while somebody waits for the answer."""
	organisations.check_pause(organisation)
	try:
		return question(Reader(_client(organisation), organisation))
	except XeroConnectorError as failure:
		organisations.note_pause(organisation, failure)
		commit_step()
		raise


def send_wish(name: str, note: Callable[[outbox.Row, Document], None]) -> None:
	"""Work off one row of the outbox, if it is to be sent now.

	`note` writes down on the record what was made; it belongs to the transaction that marks the row as
	sent, so that a worker that dies before its end leaves a row that is looked up and finished later.
	"""
	row = outbox.take(name, secrets.token_hex(8))
	if not row:
		return
	try:
		organisations.check_pause(row.organisation)
		delivered = sending.deliver(row.wish, Writer(_client(row.organisation), row.organisation))
	except XeroConnectorError as failure:
		frappe.db.rollback()
		organisations.note_pause(row.organisation, failure)
		outbox.failed(row, failure)
		return
	except Exception:
		frappe.db.rollback()
		outbox.failed(row, NeedsPerson(Code.UNKNOWN))
		raise
	commit_step()
	_keep(row, delivered)
	if delivered.document:
		note(row, delivered.document)
	commit_step()
	news.tell(row.organisation, [contact] if (contact := _contact_of(delivered)) else None)


def _keep(row: outbox.Row, delivered: sending.Delivered) -> None:
	"""What was made, in the mirror and linked: the record to its invoice, its customer to the contact."""
	document = delivered.document
	if delivered.contact:
		mirror.save_contacts([delivered.contact])
	if document:
		mirror.save_documents([document])
	outbox.sent(row, delivered)
	record = hosts.find_record(*row.record)
	if not record:
		return
	if document:
		links.add(row.record, links.DOCUMENT, document.document_id, row.organisation, links.CREATED)
	contact = _contact_of(delivered)
	if contact and _is_to_be_linked(contact, row, record):
		links.add(_customer_of(row, record), links.CONTACT, contact, row.organisation, links.CREATED)


def _is_to_be_linked(contact: str, row: outbox.Row, record: Record) -> bool:
	"""A contact that was asked for always; that of an invoice where the record has none yet. But nobody comes to
	see a stranger's money by writing them an invoice."""
	asked_for = isinstance(row.wish, sending.ContactWish)
	linked = [link for link in links.contacts_of(record.parties) if link.organisation == row.organisation]
	return (asked_for or not linked) and access.may_take(contact, row.owner)


def _contact_of(delivered: sending.Delivered) -> str | None:
	if delivered.contact:
		return delivered.contact.contact_id
	return delivered.document.contact if delivered.document else None


def _customer_of(row: outbox.Row, record: Record) -> Party:
	"""Who the Xero contact belongs to: the record's own customer when it went by the customer's name, so that
	the next deal finds it; else the record alone."""
	wished = row.wish.contact if isinstance(row.wish, sending.ContactWish) else row.wish.draft.contact
	is_customer = record.customer.name == wished.name
	return record.parties[1] if is_customer and len(record.parties) > 1 else row.record


def _read(name: str) -> bool:
	reader = Reader(_client(name), name)
	if organisations.lists_due(name):
		_read_lists(reader, name)
	run = Run(
		read=reader.page,
		mirror=mirror.SiteMirror(name),
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


def _client(name: str) -> Client:
	state = organisations.get(name)
	check_open(state)
	connection = str(state.connection)
	return Client(
		xero_hosts(),
		name,
		token=lambda: tokens.access_token(connection, _refresh),
		on_limits=lambda limits: organisations.note_limits(name, limits),
		on_expired=lambda: tokens.expire(connection),
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
