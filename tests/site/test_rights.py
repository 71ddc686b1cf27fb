"""Who sees money (B6): every role, every whitelisted function, a record that they may read and one that not.

The functions are those that the app declares (`api.guard.ENTRIES`); one that has no row here fails the walk.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe
import pytest

from devsite import testing
from tests import factories
from tests.xero_world import World
from xero_connector.api import (
	cards,
	connection,
	contacts,
	documents,
	drafts,
	guard,
	health,
	home,
	links,
	panel,
	reconciliation,
	remarks,
	setup,
	statements,
	taxes,
	tools,
	webhook,
)
from xero_connector.core.policy import Right, holds
from xero_connector.site import links as ties
from xero_connector.site import news
from xero_connector.site.links import Party

MODULES = (
	cards,
	connection,
	contacts,
	documents,
	drafts,
	health,
	home,
	links,
	panel,
	reconciliation,
	remarks,
	setup,
	statements,
	taxes,
	tools,
	webhook,
)
ROLES = ("Xero Manager", "Xero Finance", "Xero Sales", "Xero Viewer", "System Manager", None)


class Case(NamedTuple):
	"""A call that is answered with `status` when it is allowed. `arguments` come after doctype and name."""

	arguments: dict[str, Any]
	status: int = 200


class Ground(NamedTuple):
	"""A deal whose customer has invoices and bills; `secrets` are what nobody may see without the right."""

	record: Any
	organisation: str
	contact: Any
	invoice: Any
	secrets: list[str]
	bills: list[str]


@pytest.fixture
def ground(xero: World) -> Ground:
	xero.read()
	books = xero.sandbox.organisations[0]
	of = books.documents_of
	kinds = {("ACCREC", "AUTHORISED"), ("ACCPAY", "AUTHORISED")}
	contact = next(
		c
		for c in books.contacts
		if c.status == "ACTIVE" and kinds <= {(row.type, row.status) for row in of[c.id]}
	)
	invoice = next(row for row in of[contact.id] if (row.type, row.status) == ("ACCREC", "AUTHORISED"))
	deal = factories.deal(organization=factories.organization().name)
	party = Party(deal.doctype, deal.name)
	ties.add(party, ties.CONTACT, contact.id, xero.organisation, ties.BY_USER)
	ties.add(party, ties.DOCUMENT, invoice.id, xero.organisation, ties.BY_USER)
	frappe.db.commit()
	figures = xero.sandbox.figures(xero.organisation, contact.id)
	money = [str(figures[name]) for name in ("unpaid", "lifetime") if float(figures[name])]
	numbers = [row.number for row in of[contact.id] if _is_telling(row.number)]
	bills = [row for row in of[contact.id] if row.type == "ACCPAY"]
	bills = [row.id for row in bills] + [row.number for row in bills if _is_telling(row.number)]
	assert bills
	return Ground(deal, xero.organisation, contact, invoice, [contact.name, *numbers, *money], bills)


def _is_telling(number: str | None) -> bool:
	"""Whether a number found in an answer cannot be there by chance."""
	return bool(number) and len(number) >= 6 and not number.isdigit()


def cases(ground: Ground) -> dict[str, Case]:
	"""One call for each function; what would change the ground asks for something that is not there."""
	here = {"organisation": ground.organisation}
	contact, invoice = {"contact_id": ground.contact.id}, {"document_id": ground.invoice.id}
	nowhere = {"organisation": "nowhere"}
	has_invoices = frappe.db.exists("DocType", "Sales Invoice")
	return {
		"cards.drafts": Case({}),
		"cards.due_this_week": Case({}),
		"cards.overdue": Case({}),
		"cards.unpaid": Case({}),
		"connection.callback": Case({}, 400),
		"connection.disconnect": Case(nowhere, 404),
		"connection.refresh_organisation": Case(nowhere, 404),
		"connection.start": Case({}),
		"connection.status": Case({}),
		"connection.stop_reading": Case(nowhere, 404),
		"contacts.export_csv": Case(here),
		"contacts.import_preview": Case({**nowhere, "file": ""}, 404),
		"contacts.import_result": Case({"run": "none"}, 404),
		"contacts.import_run": Case({**nowhere, "file": "", "mode": "new"}, 404),
		"contacts.decide_many": Case({"match_names": ["none"], "decision": "ignore"}),
		"contacts.decide_match": Case({"match": "none", "decision": "ignore"}, 404),
		"contacts.import_now": Case(nowhere, 404),
		"contacts.matches": Case({}),
		"documents.online_invoice": Case(invoice),
		"documents.pdf": Case(invoice),
		"documents.void": Case({**invoice, "reason": ""}, 417),
		"documents.void_progress": Case({"outbox": "none"}, 404),
		"drafts.prepare": Case({}),
		"drafts.preview": Case({"values": {}}),
		"drafts.progress": Case({"outbox": "none"}, 404),
		"drafts.send": Case({"values": {}}, 417),
		"drafts.send_many": Case({"doctype": "Note", "names": ["none"]}, 403),
		"drafts.update_many": Case({"doctype": "Note", "names": ["none"]}, 403),
		"health.get": Case({}),
		"home.get": Case({}),
		"home.list_overdue": Case({}),
		"home.search": Case({"text": ground.contact.name[:5]}),
		"links.contact_progress": Case({"outbox": "none"}, 404),
		"links.create_contact": Case({**here, "values": {}}, 417),
		"links.find_documents": Case(here),
		"links.link_contact": Case({**here, **contact}),
		"links.link_document": Case({**here, **invoice}),
		"links.prepare_contact": Case(here),
		"links.search_contacts": Case({**here, "text": ground.contact.name[:5]}),
		"links.suggest": Case(here),
		"links.unlink_contact": Case({**here, "contact_id": "none"}),
		"links.unlink_document": Case({**here, "document_id": "none"}),
		"panel.get": Case({}),
		"panel.list_documents": Case({"view": "all", "scope": "customer"}),
		"panel.places": Case({}),
		"panel.refresh": Case({}),
		"panel.version": Case({}),
		"remarks.add": Case({**invoice, "kind": "none"}, 417),
		"remarks.withdraw": Case({"remark": "none"}, 404),
		"reconciliation.fix": Case({"reconciliation": "none", "row": "none"}, 404),
		"reconciliation.fix_all": Case({"reconciliation": "none"}, 404),
		"reconciliation.get": Case({"name": "none"}, 404),
		"reconciliation.latest": Case(here),
		"tools.reconcile": Case(nowhere, 404),
		"setup.choose_accounts": Case(nowhere, 404),
		"setup.steps": Case({}),
		"setup.what_would_happen": Case({"policy": "Manual Link"}, 417),
		"statements.page": Case(contact),
		"statements.pdf": Case(contact),
		"taxes.save_map": Case({**nowhere, "rows": []}, 404),
		"taxes.suggest": Case(here),
		"tools.explain": Case({"outbox": "none"}, 404),
		"tools.progress": Case({"run": "none"}, 404),
		"tools.resume": Case({"run": "none"}, 404),
		"tools.retry": Case({"outbox": "none"}, 404),
		"tools.retry_kind": Case({"error_code": "none"}),
		"tools.retry_many": Case({"outboxes": ["none"]}),
		"tools.send_all_live": Case({"dry_run": 1}, 200 if has_invoices else 403),
		"tools.stop": Case({"run": "none"}, 404),
		"tools.update_all_balances": Case({}),
		"webhook.receive": Case({}, 401),
		"webhook.replay": Case({"events": ["none"]}),
	}


def call(http: testing.Client, path: str, ground: Ground, case: Case) -> testing.Answer:
	record = {"doctype": ground.record.doctype, "name": ground.record.name}
	given = {**(record if guard.ENTRIES[path].record else {}), **case.arguments}
	function = frappe.get_attr(f"xero_connector.api.{path}")
	allowed = frappe.allowed_http_methods_for_whitelisted_func[function]
	ask = http.post if "POST" in allowed else http.get
	return ask(f"xero_connector.api.{path}", **given)


def user_with(as_user, *roles: str) -> str:
	with as_user(list(roles)) as user:
		pass
	frappe.db.commit()
	return user


def test_every_whitelisted_function_declares_its_right():
	ours = {function for function in frappe.whitelisted if function.__module__.startswith("xero_connector.")}
	declared = {frappe.get_attr(f"xero_connector.api.{path}") for path in guard.ENTRIES}
	assert ours == declared
	assert {module.__name__ for module in MODULES} == {function.__module__ for function in ours}


@pytest.mark.parametrize("reads_records", [True, False], ids=["reads the record", "cannot read the record"])
@pytest.mark.parametrize("role", ROLES, ids=str)
def test_a_role_gets_what_its_rights_say_and_nothing_of_anything_else(
	ground: Ground, http, as_user, pdf_printer, role, reads_records
):
	roles = [*([role] if role else []), *(["Sales Manager"] if reads_records else [])]
	http.login(user_with(as_user, *roles))
	expected = cases(ground)
	assert set(expected) == set(guard.ENTRIES)
	for path, (right, record) in guard.ENTRIES.items():
		reply = call(http, path, ground, expected[path])
		may = right is None or holds(roles, right)
		allowed = may and (record is None or reads_records)
		assert reply.status == (expected[path].status if allowed else 403), (path, reply)
		if not allowed:
			assert told(reply, ground.secrets) == [], path
		if not holds(roles, Right.SEE_BILLS):
			assert told(reply, ground.bills) == [], path
		if not (reads_records or holds(roles, Right.SEE_BOOKS)):
			# whoever may link finds contacts by name to link them; money is another thing
			secrets = [each for each in ground.secrets if path != "links.search_contacts" or "." in each]
			assert told(reply, secrets) == [], path


def test_a_guest_gets_nothing_at_all(ground: Ground, http):
	for path, case in cases(ground).items():
		reply = call(http, path, ground, case)
		assert reply.status in (401, 403), (path, reply)
		assert told(reply, ground.secrets) == [], path


def test_who_is_not_on_the_list_of_users_sees_nothing_whatever_their_role(ground: Ground, http, as_user):
	insider = user_with(as_user, "Xero Sales", "Sales Manager")
	outsider = user_with(as_user, "Xero Finance", "Sales Manager")
	settings = frappe.get_doc("Xero Settings")
	settings.append("allowed_users", {"user": insider})
	settings.save()
	frappe.db.commit()
	try:
		http.login(outsider)
		for path, case in cases(ground).items():
			reply = call(http, path, ground, case)
			if guard.ENTRIES[path].right is None:
				assert reply.status == case.status
				assert reply.status == 401 or reply.message["see"] is False
			else:
				assert reply.status == 403, path
			assert told(reply, ground.secrets) == [], path
		for doctype in ("Xero Invoice", "Xero Contact"):
			listed = http.request("GET", f"/api/resource/{doctype}?limit_page_length=100")
			assert told(listed, ground.secrets) == []
			assert listed.json.get("data", []) == []
		one = http.request("GET", f"/api/resource/Xero Invoice/{ground.invoice.id}")
		assert one.status == 403
		http.login(insider)
		assert call(http, "panel.get", ground, Case({})).message["state"] == "linked"
	finally:
		settings.reload()
		settings.allowed_users = []
		settings.save()
		frappe.db.commit()


def test_news_goes_to_those_who_may_see_and_holds_no_figures(ground: Ground, as_user, monkeypatch):
	seller = user_with(as_user, "Xero Sales")
	stranger = user_with(as_user, "Sales Manager")
	told_to = {}
	monkeypatch.setattr(
		frappe,
		"publish_realtime",
		lambda event, message, user=None, **_: told_to.update({user: (event, message)}),
	)
	news.tell(ground.organisation, [ground.contact.id])
	assert told_to[seller] == (
		"xero_updated",
		{"organisation": ground.organisation, "contacts": [ground.contact.id]},
	)
	assert stranger not in told_to
	assert None not in told_to


def test_sales_cannot_take_the_contact_of_a_record_that_is_closed_to_them(ground: Ground, http, as_user):
	factories.require("CRM Lead")
	mine = factories.contact()
	asked = {
		"doctype": "Contact",
		"name": mine.name,
		"organisation": ground.organisation,
		"contact_id": ground.contact.id,
	}
	frappe.db.commit()
	link = "xero_connector.api.links.link_contact"
	# may write contacts, but reads no deal
	http.login(user_with(as_user, "Xero Sales", "Accounts User"))
	if http.get("xero_connector.api.panel.get", doctype="Contact", name=mine.name).status != 200:
		pytest.skip("on this site the role Accounts User reads no contacts")
	reply = http.post(link, **asked)
	assert reply.status == 403, reply
	assert told(reply, ground.secrets) == []
	http.login(user_with(as_user, "Xero Finance", "Accounts User"))
	assert http.post(link, **asked).status == 200


def told(reply: testing.Answer, secrets: list[str]) -> list[str]:
	"""Which of the secrets the answer gives away."""
	body = reply.data.decode("utf-8", "replace")
	return [each for each in secrets if each in body]


@pytest.fixture
def pdf_printer(monkeypatch):
	"""Frappe's PDF generator, which not every machine has: what it makes is tested with the statement."""
	from frappe.utils import pdf

	monkeypatch.setattr(pdf, "get_pdf", lambda html, *_, **__: b"%PDF-1.4")
