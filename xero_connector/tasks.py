"""The jobs: what runs by schedule or in a worker, and how it gets there. All are safe to run twice."""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from xero_connector import health, health_sentences, incoming, outgoing, reading, reminders, runner, webhooks
from xero_connector.core.sending import TOGETHER, batches
from xero_connector.site import (
	organisations,
	outbox,
	polls,
	reconciliations,
	runs,
	sale_figures,
	settings,
	webhook_queue,
)
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


def remind() -> None:
	"""Every morning: owners of what is soon due, due, and overdue."""
	if settings.load().enabled:
		reminders.send()


def send_due() -> None:
	"""Every few minutes: wishes whose time has come, and what a dead worker left behind."""
	if not settings.load().enabled:
		return
	due = outbox.due()
	if due:
		enqueue_send(due)
	for run in runs.lost():
		enqueue_run(run)


def work_webhooks() -> None:
	"""Every minute: events that waited for each other or failed, and what was lost on the way."""
	if not settings.load().enabled:
		return
	for organisation in webhook_queue.waiting():
		enqueue_webhooks(organisation)
	if webhooks.repair():
		for state in organisations.every():
			if state.connected:
				enqueue_read(state.name)


def reconcile_all() -> None:
	"""Every night: whether the mirror is what Xero has, of each organisation that is read."""
	if not settings.load().enabled:
		return
	for state in organisations.every():
		if state.connected and not polls.is_first(state.name):
			enqueue_run(reconciliations.get(reconciliations.ask(state)).run)


def check_health() -> None:
	"""Every few minutes: the Xero Managers are told what is the matter, each matter once."""
	health.check(health_sentences.for_user)


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


def enqueue_incoming(organisation: str) -> None:
	"""Contacts have come or changed: they become records, if the policy wants that."""
	if not settings.load().imports:
		return
	frappe.enqueue(
		"xero_connector.tasks.bring_in",
		queue="long",
		timeout=3600,
		job_id=f"xero-incoming-{organisation}",
		deduplicate=True,
		enqueue_after_commit=True,
		organisation=organisation,
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


def enqueue_sale_figures() -> None:
	"""Never taken for one that runs already, which has passed sales that it would have to look at again."""
	frappe.enqueue(
		"xero_connector.tasks.refresh_sale_figures", queue="long", timeout=3600, enqueue_after_commit=True
	)


def enqueue_webhooks(organisation: str) -> None:
	"""One job that has yet to begin sees to all that waits; what comes when it has begun is for the next one. RQ's own
	deduplication would leave that to nobody."""
	if frappe.cache.set(_webhooks_key(organisation), 1, nx=True, ex=60):
		frappe.enqueue(
			"xero_connector.tasks.work_webhook",
			queue="short",
			timeout=1500,
			organisation=organisation,
		)


def _webhooks_key(organisation: str) -> str:
	return frappe.cache.make_key(f"xero-webhooks-{organisation}")  # type: ignore[no-any-return]


def read_organisation(organisation: str) -> None:
	reading.read_organisation(organisation)
	enqueue_incoming(organisation)


def refresh_contacts(organisation: str, contacts: list[str]) -> None:
	reading.refresh_contacts(organisation, contacts)


def send(names: list[str]) -> None:
	while names:
		follow = outgoing.send(names)
		enqueue_send([name for name in follow if name not in names])
		commit_step()
		# what changed while it was sent: a job of its own would be taken for this one
		names = [name for name in follow if name in names]


def work(run: str) -> None:
	runner.work(run)
	done = runs.get(run)
	if done.action == runs.IMPORT_CONTACTS and done.state == "Done":
		# what has come meanwhile waited for its end
		for state in organisations.every():
			enqueue_incoming(state.name)


def refresh_sale_figures() -> None:
	sale_figures.refresh_all()


def bring_in(organisation: str) -> None:
	follow_up(incoming.bring_in(organisation))
	commit_step()


def follow_up(work: incoming.Work) -> None:
	"""Queue what bringing contacts in has led to."""
	if work.run:
		enqueue_run(work.run)
	if work.wishes:
		enqueue_send(work.wishes)


def work_webhook(organisation: str) -> None:
	frappe.cache.delete(_webhooks_key(organisation))
	if not settings.load().enabled:
		return
	if webhooks.work(organisation):
		enqueue_read(organisation)
	enqueue_incoming(organisation)
