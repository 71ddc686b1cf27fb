"""Invoices from records: what the form shows, a preview to the cent, sending one or many, and how far it is."""

from typing import Any

import frappe
from frappe import _

from xero_connector import bootstrap, draft_form, tasks
from xero_connector.api import tools
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.api.input import structure
from xero_connector.core import drafting, money
from xero_connector.core.checks import Problem
from xero_connector.core.drafting import Draft
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import contacts, documents, drafts, outbox, runs, wishes
from xero_connector.site.drafts import Sheet
from xero_connector.site.hosts.record import Record


@frappe.whitelist()
@entry(Right.DRAFT, record="write")
def prepare(record: Record, organisation: str | None = None, sequence: int | None = None) -> dict[str, Any]:
	"""The form, filled in from the record; every field can be edited.

	`organisation` is the one that the tab shows; without it, the one where the record has a Xero contact.
	`sequence` is which of the record's invoices: without it the last one, the next one for another.
	"""
	sheet = Sheet(record, organisation, sequence)
	obstacle = bootstrap.obstacle_to(sheet.state)
	closed = sheet.obstacle
	return {
		**draft_form.prepared(sheet),
		"reason": sentence(closed.code.value, closed.values) if closed else None,
		"problems": [sentence(obstacle.value, {})] if obstacle else [],
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.DRAFT, record="write")
def preview(record: Record, values: dict[str, Any] | str) -> dict[str, Any]:
	"""What Xero will make of the form, with everything that is in the way beside its field (B2); reads the mirror
	only, and changes nothing."""
	sheet, form = _sheet(record, values)
	draft, problems = sheet.read(form)
	return {
		**draft_form.previewed(sheet, draft, _contact(sheet, draft)),
		"problems": [{"field": each.field, "message": _said(each)} for each in problems],
		"questions": [{"code": each.code.value, "message": _said(each)} for each in sheet.questions(draft)],
		"remarks": _remarks(sheet, draft),
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.DRAFT, record="write")
def send(record: Record, values: dict[str, Any] | str) -> dict[str, Any]:
	"""Ask for the invoice, or for a change of the one that was made. Asking twice makes one.

	`values` are those of `prepare`, as text. Xero is asked by a job; `progress` follows it.
	"""
	sheet, form = _sheet(record, values)
	bootstrap.check_open(sheet.state)
	if sheet.obstacle:
		raise sheet.obstacle
	draft, problems = sheet.read(form)
	drafts.raise_first(problems)
	drafts.raise_first(sheet.questions(draft), form.get("confirmed") or ())
	by_hand = drafting.to_json(draft) != drafting.to_json(sheet.start().draft)
	row = outbox.ask(record.party, draft, record.url, sequence=sheet.sequence, by_hand=by_hand)
	tasks.enqueue_send([row])
	return outcome(wishes.get(row))


@frappe.whitelist()
@entry(Right.DRAFT, record="write")
def progress(record: Record, outbox: str) -> dict[str, Any]:
	"""How far the row of the outbox is that `send` answered with."""
	return outcome(wishes.get(outbox, record.party))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEND)
def send_many(doctype: str, names: list[str] | str, dry_run: int = 0) -> dict[str, Any]:
	"""Send what these records say by themselves, as a run (R74, R76); with `dry_run` only tell what would happen."""
	return tools.start(runs.SEND, doctype, names, dry_run=bool(dry_run))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEND)
def update_many(doctype: str, names: list[str] | str) -> dict[str, Any]:
	"""Bring what Xero says of these records' documents, as a run (R77-R80)."""
	return tools.start(runs.UPDATE, doctype, names)


def outcome(row: wishes.Row) -> dict[str, Any]:
	"""How it stands with a wish, as every form shows it."""
	return {
		"outbox": row.name,
		"state": row.state,
		"message": tools.told_of(row) or _message(row),
		"field": row.failure[1].get("field") if row.failure else None,
		"remarks": row.remarks,
		"document": _document(row),
	}


def _sheet(record: Record, values: dict[str, Any] | str) -> tuple[Sheet, dict[str, Any]]:
	form = draft_form.parsed(structure("values", values))
	sequence = form.get("sequence")
	return Sheet(record, str(form.get("organisation") or "") or None, _number(sequence)), form


def _number(sequence: Any) -> int | None:
	if sequence in (None, ""):
		return None
	try:
		return int(sequence)
	except (TypeError, ValueError):
		raise NeedsPerson(Code.INVALID_VALUE, field="sequence", value=str(sequence)[:40]) from None


def _contact(sheet: Sheet, draft: Draft) -> dict[str, Any]:
	"""Which Xero contact it goes to, and what has to happen for that."""
	name = draft.contact.name
	if draft.contact_id:
		return {"action": "use", "id": draft.contact_id, "name": name}
	found = contacts.named(sheet.state.name, name)
	if found:
		return {"action": "find", "id": found["id"], "name": found["name"]}
	return {"action": "create", "id": None, "name": name}


def _said(problem: Problem) -> str:
	return sentence(problem.code.value, {**problem.values, "field": problem.field})


def _remarks(sheet: Sheet, draft: Draft) -> list[str]:
	"""What happens besides, and what somebody may want to look at."""
	remarks = []
	codes = draft_form.items_first(sheet, draft)
	if codes:
		remarks.append(_("Before it, Xero gets these items: {0}.").format(", ".join(codes)))
	missed = draft_form.misses(sheet, draft)
	if missed:
		told = money.text(missed, draft.currency)
		remarks.append(_("Xero's total differs from this record's by {0} {1}.").format(told, draft.currency))
	return [str(remark) for remark in remarks]


def _message(row: wishes.Row) -> str:
	if row.state != wishes.SENT:
		return str(_("It is on its way to Xero."))
	if row.remarks:
		return str(_("It is in Xero, which remarks: {0}").format(row.remarks))
	return str(_("It is in Xero."))


def _document(row: wishes.Row) -> dict[str, Any] | None:
	found = documents.some([row.document]) if row.document else {}
	return draft_form.document(found[row.document]) if row.document in found else None
