"""The jobs: what runs by schedule or in a worker, and how it gets there. All are safe to run twice."""

from __future__ import annotations

import frappe
from frappe import _

from xero_connector import bootstrap
from xero_connector.core.model import Document
from xero_connector.site import hosts, organisations, outbox, settings
from xero_connector.xero import deep_links

MOST_REFRESHED = 20
"""Contacts that one call can name."""


def read_all() -> None:
	"""Every few minutes: what changed in Xero, for each connected organisation."""
	if not settings.load().enabled:
		return
	for state in organisations.every():
		if state.connected:
			enqueue_read(state.name)


def send_due() -> None:
	"""Every few minutes: wishes whose time has come, and those that a dead worker left behind."""
	if not settings.load().enabled:
		return
	for name in outbox.due():
		enqueue_send(name)


def enqueue_read(organisation: str) -> None:
	frappe.enqueue(
		"xero_connector.tasks.read_organisation",
		queue="long",
		timeout=3600,
		job_id=f"xero-read-{organisation}",
		deduplicate=True,
		enqueue_after_commit=True,
		organisation=organisation,
	)


def enqueue_refresh(organisation: str, contacts: list[str]) -> None:
	"""Of some contacts only; of none or of many it is the reading of everything that changed."""
	if not 0 < len(contacts) <= MOST_REFRESHED:
		return enqueue_read(organisation)
	frappe.enqueue(
		"xero_connector.tasks.refresh_contacts",
		queue="short",
		job_id=f"xero-refresh-{organisation}-{contacts[0]}",
		deduplicate=True,
		enqueue_after_commit=True,
		organisation=organisation,
		contacts=contacts,
	)
	return None


def enqueue_send(name: str) -> None:
	frappe.enqueue(
		"xero_connector.tasks.send_wish",
		queue="short",
		job_id=f"xero-send-{name}",
		deduplicate=True,
		enqueue_after_commit=True,
		name=name,
	)


def read_organisation(organisation: str) -> None:
	bootstrap.read_organisation(organisation)


def refresh_contacts(organisation: str, contacts: list[str]) -> None:
	bootstrap.refresh_contacts(organisation, contacts)


def send_wish(name: str) -> None:
	bootstrap.send_wish(name, _note)


def _note(row: outbox.Row, document: Document) -> None:
	"""The link in the record's notes (R17), in the name of whoever asked for the invoice."""
	record = hosts.find_record(*row.record)
	if not record:
		return
	state = organisations.get(row.organisation)
	url = deep_links.document_url(
		bootstrap.xero_hosts(),
		state.short_code,
		document.document_type,
		document.status,
		document.document_id,
	)
	text = _("Draft invoice {0} was made in Xero.").format(document.number or document.reference or "")
	record.document.add_comment(
		"Comment",
		f'<a href="{frappe.utils.escape_html(url)}" target="_blank" rel="noopener">'
		f"{frappe.utils.escape_html(text)}</a>",
		comment_email=row.owner,
	)
