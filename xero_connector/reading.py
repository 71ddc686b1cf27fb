"""Reading Xero into the mirror: everything new of an organisation, some contacts' documents, and what somebody
waits for."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import frappe

from xero_connector import bootstrap
from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.core.model import Endpoint
from xero_connector.core.quota import Priority
from xero_connector.core.sync import Cursor, Row, Run
from xero_connector.site import contacts as site_contacts
from xero_connector.site import (
	mirror,
	news,
	organisations,
	own_documents,
	polls,
	sale_figures,
	settings,
	tax_maps,
	webhook_events,
)
from xero_connector.site.database import commit_step, now_utc
from xero_connector.xero.reader import Reader
from xero_connector.xero.writer import Writer


def read_organisation(name: str) -> None:
	"""Everything of one organisation that is to be asked for now (site/polls.py) into the mirror; the first load is
	the same thing with more of it, and once a week the whole of it is read again.

	One worker at a time; stops between pages when asked to and goes on from there the next time. What is asked for
	meanwhile is read before it ends. A failure is kept on the organisation, where the settings page and every tab
	show it.
	"""
	if not polls.due(name) or not organisations.begin_reading(name, secrets.token_hex(8)):
		return
	try:
		complete = _read(name)
	except XeroConnectorError as failure:
		frappe.db.rollback()
		organisations.reading_failed(name, failure)
	except BaseException:
		frappe.db.rollback()
		organisations.reading_failed(name, NeedsPerson(Code.UNKNOWN))
		raise
	else:
		organisations.end_reading(name, polls.as_of(name) if complete else None)
	finally:
		news.tell(name)


def _read(name: str) -> bool:
	"""Whether it came to its end and was not stopped."""
	is_first = polls.is_first(name)
	reader = _reader(name, Priority.BACKFILL if is_first else Priority.POLL)
	if organisations.lists_due(name):
		_read_lists(reader, name)
	while due := polls.due(name):
		for endpoint in due:
			if not _read_changes(reader, name, endpoint):
				return False
	if is_first:
		polls.end_pass(name)
	return not polls.pass_due(name) or _read_again(name)


def _read_changes(reader: Reader, name: str, endpoint: Endpoint) -> bool:
	began, kept = now_utc(), _FollowedMirror(name)
	since = kept.cursor(endpoint).since
	complete = _run(reader, kept).take(endpoint)
	if complete:
		# a delta reaches back a little, and brings again what was read before
		changed = [change for change in kept.changes if since and change[1] > since]
		polls.note(name, endpoint, began, found=bool(changed) or since is None)
		webhook_events.compare(name, changed)
		commit_step()
	return complete


def _read_again(name: str) -> bool:
	"""Everything, whatever its time stamp; what Xero told nothing of meanwhile is asked for by its id."""
	began = polls.begin_pass(name)
	commit_step()
	reader = _reader(name, Priority.BACKFILL)
	for endpoint in Endpoint:
		if not _run(reader, _FollowedMirror(name, "pass_cursors")).take(endpoint):
			return False
	for endpoint in Endpoint:
		_fetch(reader, name, endpoint, mirror.not_read_since(name, endpoint, began))
	polls.end_pass(name)
	commit_step()
	return True


def _run(reader: Reader, kept: _FollowedMirror) -> Run:
	name = kept.organisation
	return Run(
		read=reader.page,
		mirror=kept,
		stop=lambda: organisations.stop_requested(name),
		progress=lambda endpoint, done, total: organisations.note_progress(name, endpoint, done, total),
	)


def bring(organisation: str, endpoint: Endpoint, ids: Sequence[str]) -> None:
	"""These contacts or documents as Xero has them now; what it does not know any more is marked so. Raises as a
	call to Xero does."""
	reader = _reader(organisation, Priority.EVENT)
	_fetch(reader, organisation, endpoint, ids)
	news.tell(organisation)


def _fetch(reader: Reader, organisation: str, endpoint: Endpoint, ids: Sequence[str]) -> None:
	if not ids:
		return
	wanted = sorted(set(ids))
	found = reader.by_ids(endpoint, wanted)
	commit_step()
	mirror.save_rows(endpoint, found)
	mirror.mark_gone(endpoint, sorted(set(wanted) - {row[0] for row in found}))
	if endpoint is not Endpoint.CONTACTS:
		_follow(wanted)
	commit_step()


def refresh_contacts(name: str, contacts: Sequence[str]) -> None:
	"""What changed in Xero of these contacts' documents, in two calls; everything else waits for the next
	reading. How it went is told like a reading's end."""
	failure: XeroConnectorError | None = None
	try:
		_read_documents_of(contacts, name)
	except XeroConnectorError as error:
		frappe.db.rollback()
		failure = error
	organisations.note_refresh(name, failure)
	news.tell(name, contacts)


def _read_documents_of(contacts: Sequence[str], name: str) -> None:
	reader, started = _reader(name, Priority.CLICK), now_utc()
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
	"""Sales say what they have brought (B18); in the mode Two-way, records that are themselves invoices say at once
	what Xero says of them (C1, R105)."""
	sale_figures.show(documents)
	if settings.load().mode == "Two-way":
		own_documents.show(documents, bootstrap.document_address)


class _FollowedMirror(mirror.SiteMirror):
	"""The mirror, with the records that follow it; `changes` are the ids it was told of and when they changed."""

	def __init__(self, organisation: str, cursors: str = "cursors") -> None:
		super().__init__(organisation, cursors)
		self.changes: list[tuple[str, datetime]] = []

	def save(self, endpoint: Endpoint, rows: Sequence[Row], cursor: Cursor) -> None:
		if self.cursor(endpoint).since:
			self.changes += [(row[0], row.updated_utc) for row in rows]
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
	writer = Writer(bootstrap.client(organisation, priority=Priority.EVENT), organisation)
	for document_type, ids in documents.items():
		found = writer.current(document_type, ids)
		commit_step()
		mirror.save_documents([current.document for current in found.values()])
		own_documents.show(list(found), bootstrap.document_address)
		sale_figures.show(list(found))
		commit_step()
	news.tell(organisation)


def refresh_balances(organisation: str, stop: Callable[[], bool]) -> None:
	"""Every contact with its balances, which Xero's list of changes leaves out (xero-facts 0.9); between pages it
	asks whether to `stop`. Raises as a call to Xero does."""
	reader = _reader(organisation, Priority.EVENT)
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
	return question(_reader(organisation, Priority.CLICK))


def _reader(organisation: str, priority: Priority) -> Reader:
	return Reader(bootstrap.client(organisation, priority=priority), organisation)


def _read_lists(reader: Reader, name: str) -> None:
	"""What changes seldom and comes whole: once a day, and whenever somebody presses Refresh in the settings."""
	organisations.describe(reader.organisation())
	mirror.save_accounts(name, reader.accounts())
	mirror.save_tax_rates(name, reader.tax_rates())
	mirror.save_items(name, reader.items())
	mirror.save_branding_themes(name, reader.branding_themes())
	organisations.note_currencies(name, reader.currencies())
	organisations.choose_sales_account(name)
	tax_maps.check(name)
	organisations.lists_read(name)
