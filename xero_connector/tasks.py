"""The jobs: what runs by schedule or in a worker, and how it gets there. All are safe to run twice."""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from xero_connector import outgoing, reading, runner
from xero_connector.core.sending import TOGETHER, batches
from xero_connector.site import organisations, outbox, polls, runs, settings
from xero_connector.site.database import commit_step

MOST_REFRESHED = 20
"""Contacts that one call can name."""


def read_all() -> None:
	"""Every few minutes: each connected organisation of which something is to be asked for now."""
	if not settings.load().enabled:
		return
	for state in organisations.every():
		if state.connected and polls.due(state.name):
			_enqueue_read(state.name)


def send_due() -> None:
	"""Every few minutes: wishes whose time has come, and what a dead worker left behind."""
	if not settings.load().enabled:
		return
	due = outbox.due()
	if due:
		enqueue_send(due)
	for run in runs.lost():
		enqueue_run(run)


def enqueue_read(organisation: str) -> None:
	"""Everything that is new, now; what is being read at this moment is read once more."""
	polls.want(organisation)
	_enqueue_read(organisation)


def _enqueue_read(organisation: str) -> None:
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


def enqueue_send(names: Sequence[str]) -> None:
	"""Rows of the outbox, which their senders cannot take twice; one that is asked for twice is queued once."""
	for batch in batches(names, TOGETHER):
		only = {"job_id": f"xero-send-{batch[0]}", "deduplicate": True} if len(batch) == 1 else {}
		frappe.enqueue(
			"xero_connector.tasks.send",
			queue="short" if len(batch) == 1 else "long",
			enqueue_after_commit=True,
			names=list(batch),
			**only,
		)


def enqueue_run(run: str) -> None:
	frappe.enqueue(
		"xero_connector.tasks.work",
		queue="long",
		timeout=3600,
		job_id=f"xero-run-{run}",
		deduplicate=True,
		enqueue_after_commit=True,
		run=run,
	)


def read_organisation(organisation: str) -> None:
	reading.read_organisation(organisation)


def refresh_contacts(organisation: str, contacts: list[str]) -> None:
	reading.refresh_contacts(organisation, contacts)


def send(names: list[str]) -> None:
	follow = outgoing.send(names)
	if follow:
		enqueue_send(follow)
		commit_step()


def work(run: str) -> None:
	runner.work(run)
