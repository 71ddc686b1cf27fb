"""What the tests of sending share: the form and its request, what waits, and what Xero has afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest

from tests.xero_world import World
from xero_connector import tasks
from xero_connector.api import drafts, tools
from xero_connector.site import links
from xero_connector.site.links import Party
from xero_sandbox.contact_writes import new_contact

Form = dict[str, Any]


def settings(**values: Any) -> None:
	frappe.get_doc("Xero Settings").update(values).save()
	frappe.db.commit()


# the form


def prepare(record: Any, **asked: Any) -> dict[str, Any]:
	return drafts.prepare(doctype=record.doctype, name=record.name, **asked)


def changed(values: Form, **changes: Any) -> Form:
	"""The form's values with these changes; what is said of a line is said of the first."""
	first = {name: changes.pop(name) for name in list(changes) if name in values["lines"][0]}
	values["lines"][0].update(first)
	return {**values, **changes}


def form(record: Any, *, sequence: int | None = None, **changes: Any) -> Form:
	"""That of the last invoice, or of the one with this number."""
	return changed(prepare(record, sequence=sequence)["values"], **changes)


def preview(record: Any, **changes: Any) -> dict[str, Any]:
	return drafts.preview(doctype=record.doctype, name=record.name, values=form(record, **changes))


def send(record: Any, **changes: Any) -> dict[str, Any]:
	return send_form(record, form(record, **changes))


def send_form(record: Any, values: Form) -> dict[str, Any]:
	answer = drafts.send(doctype=record.doctype, name=record.name, values=values)
	frappe.db.commit()  # as the request does
	return answer


def progress(record: Any, row: str) -> dict[str, Any]:
	return drafts.progress(doctype=record.doctype, name=record.name, outbox=row)


def delivered(xero: World, record: Any, **changes: Any) -> dict[str, Any]:
	"""What became of the form that was sent: the outcome after the jobs."""
	row = send(record, **changes)["outbox"]
	xero.jobs.run_all()
	return progress(record, row)


def refused(act: Callable[[], Any]) -> tuple[str, str | None]:
	"""The code and the field of what the request is refused with."""
	for name in ("xero_error", "xero_field"):
		frappe.local.response.pop(name, None)
	frappe.db.commit()  # what the test made is there before the request, which is rolled back
	with pytest.raises((frappe.ValidationError, frappe.DoesNotExistError)):
		act()
	frappe.db.rollback()
	return frappe.local.response["xero_error"], frappe.local.response.get("xero_field")


# runs


def worked(xero: World, run: dict[str, Any]) -> dict[str, Any]:
	"""The answer about a run after the jobs."""
	frappe.db.commit()
	xero.jobs.run_all()
	return tools.progress(run=run["run"])


def outcomes(run: dict[str, Any]) -> dict[str, str]:
	return {row["name"]: row["outcome"] for row in run["rows"]}


# what waits


def wishes_for(record: Any, action: str = "Document") -> list[Any]:
	"""The record's rows of the outbox, the first invoice first."""
	filters = {"record_doctype": record.doctype, "record_name": record.name, "action": action}
	return frappe.get_all("Xero Outbox", filters=filters, fields=["*"], order_by="sequence, creation")


def wish(record: Any) -> Any:
	[row] = wishes_for(record)
	return row


def try_again(xero: World) -> None:
	"""The time that failed rows wait for has come."""
	frappe.db.sql("update `tabXero Outbox` set next_attempt_utc = '2000-01-01 00:00:00'")
	tasks.send_due()
	frappe.db.commit()
	xero.jobs.run_all()


def notes_on(record: Any) -> list[str]:
	filters = {"reference_doctype": record.doctype, "reference_name": record.name, "comment_type": "Comment"}
	return frappe.get_all("Comment", filters=filters, pluck="content")


# Xero


def made(xero: World, kind: str = "invoices") -> list[Any]:
	"""The documents that Xero has of us, oldest first; `kind` may be "credit_notes"."""
	return [row for row in getattr(xero.sandbox.organisations[0], kind) if "·" in (row.reference or "")]


def history(xero: World, document: Any) -> list[str]:
	"""The notes that we wrote into a document's history."""
	rows = xero.sandbox.organisations[0].history[document.id]
	return [row.details for row in rows if row.changes == "Note"]


def active_contact(xero: World) -> Any:
	return next(row for row in xero.sandbox.organisations[0].contacts if row.status == "ACTIVE")


def add_contact(xero: World, name: str, **fields: Any) -> Any:
	"""Somebody makes a contact in Xero; `fields` in Xero's names."""
	row = new_contact(name)
	row.fields |= fields
	with xero.sandbox.lock:
		xero.sandbox.changed(xero.sandbox.organisations[0], row, created=True)
	return row


def link(record: Any, contact: Any, xero: World, doctype: str = links.CONTACT) -> None:
	"""Tie a record to a Xero contact (or document) that the mirror has."""
	links.add(Party(record.doctype, record.name), doctype, contact.id, xero.organisation, links.BY_USER)
	frappe.db.commit()


def calls(xero: World, act: Callable[[], Any]) -> list[str]:
	"""The accounting requests that Xero gets while `act` runs, as "PUT Invoices"."""
	before = len(xero.sandbox.requests)
	act()
	return [
		f"{each.method} {each.path.removeprefix('/api.xro/2.0/')}"
		for each in xero.sandbox.requests[before:]
		if each.path.startswith("/api.xro/")
	]
