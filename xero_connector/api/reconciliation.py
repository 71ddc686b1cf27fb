"""Whether the mirror is what Xero has: comparing now, what was found, and reading again what differs (B4)."""

from typing import Any

import frappe
from frappe import _

from xero_connector import bootstrap, tasks
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.core import money
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import Endpoint
from xero_connector.core.policy import Right
from xero_connector.core.reconciliation import CurrencySum, Difference, Kind
from xero_connector.site import organisations, reconciliations, runs
from xero_connector.site.organisations import State
from xero_connector.site.reconciliations import Reconciliation, Row
from xero_connector.xero import deep_links


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def latest(organisation: str) -> dict[str, Any] | None:
	"""The last one of an organisation, also one that is under way; None where there never was one."""
	found = reconciliations.latest(organisations.get(organisation).name)
	return answer(found) if found else None


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def get(name: str) -> dict[str, Any]:
	"""What was compared and what differed, by customer; how far it is, while it goes on."""
	return answer(reconciliations.get(name))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def fix(reconciliation: str, row: str) -> dict[str, Any]:
	"""Read one thing again that differed, as a run; Xero's word counts."""
	return _fix(reconciliation, [row])


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def fix_all(reconciliation: str) -> dict[str, Any]:
	"""The same for all that are left."""
	return _fix(reconciliation, None)


def _fix(name: str, names: list[str] | None) -> dict[str, Any]:
	kept = reconciliations.get(name)
	bootstrap.check_open(organisations.get(kept.organisation))
	rows = [row.name for row in reconciliations.rows(kept.name, open_only=True, names=names)]
	if not rows:
		raise NeedsPerson(Code.NOTHING_TO_FIX)
	tasks.enqueue_run(reconciliations.ask_fix(kept.name, rows))
	return answer(reconciliations.get(name))


def answer(kept: Reconciliation) -> dict[str, Any]:
	"""Amounts are decimal texts, moments are ISO texts in UTC."""
	organisation, rows = organisations.get(kept.organisation), reconciliations.rows(kept.name)
	return {
		"reconciliation": kept.name,
		"organisation": kept.organisation,
		"title": organisation.title,
		"state": kept.state,
		"agrees": kept.agrees,
		"as_of": kept.ended.isoformat() if kept.ended else None,
		"currency": kept.base_currency,
		"differences": kept.differences,
		"fixed": kept.fixed,
		"kept": len(rows),
		"figures": {
			name: value if isinstance(value, int) else money.text(value, kept.base_currency)
			for name, value in kept.figures.items()
		},
		"currencies": [_currency(each) for each in kept.currencies],
		"customers": _customers(rows, organisation),
		"run": _run(kept.run),
		"fixing": _run(kept.fixing) if kept.fixing else None,
	}


def _run(name: str) -> dict[str, Any]:
	run = runs.get(name)
	return {
		"run": run.name,
		"state": run.state,
		"done": run.done,
		"total": run.total,
		"message": sentence(*run.failure) if run.failure else "",
	}


def _currency(each: CurrencySum) -> dict[str, Any]:
	here, in_xero = (money.text(amount, each.currency) for amount in (each.here, each.in_xero))
	return {**each._asdict(), "here": here, "in_xero": in_xero, "agrees": here == in_xero}


def _customers(rows: list[Row], organisation: State) -> list[dict[str, Any]]:
	"""The differences of each contact together, in the order in which they were found."""
	found: dict[str, dict[str, Any]] = {}
	for row in rows:
		contact = row.difference.contact or ""
		customer: dict[str, Any] = {
			"contact": contact,
			"name": row.difference.contact_name,
			"url": _contact_url(organisation, contact) if contact else None,
			"rows": [],
		}
		found.setdefault(contact, customer)["rows"].append(_row(row, organisation))
	return list(found.values())


def _row(row: Row, organisation: State) -> dict[str, Any]:
	difference = row.difference
	currency = difference.currency or organisation.base_currency
	return {
		"row": row.name,
		"kind": difference.kind.value,
		"subject": difference.subject,
		"title": difference.title,
		"currency": currency,
		"here": money.text(difference.here, currency),
		"in_xero": money.text(difference.in_xero, currency),
		"fixed": row.fixed,
		"fields": _fields(difference),
		"url": _url(difference, organisation) if difference.kind is not Kind.EXTRA else None,
	}


def _fields(difference: Difference) -> list[dict[str, str]]:
	"""Which fields differ; of a balance and of what one side alone has, the amounts say it all."""
	if difference.kind is not Kind.DIFFERENT:
		return []
	is_contact = difference.endpoint is Endpoint.CONTACTS
	meta = frappe.get_meta("Xero Contact" if is_contact else "Xero Invoice")
	return [
		{"label": _(meta.get_label(name)), "here": here, "in_xero": in_xero}
		for name, (here, in_xero) in difference.fields.items()
	]


def _contact_url(organisation: State, contact: str) -> str:
	return deep_links.contact_url(bootstrap.xero_hosts(), organisation.short_code, contact)


def _url(difference: Difference, organisation: State) -> str:
	if difference.endpoint is Endpoint.CONTACTS:
		return _contact_url(organisation, difference.xero_id)
	return bootstrap.document_address(
		organisation.short_code, difference.subject, "Authorised", difference.xero_id
	)
