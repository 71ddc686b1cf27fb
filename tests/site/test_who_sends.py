"""What a document is made as, and who may make it: the settings' word and the role together (C1, C3, C7)."""

import json

import frappe
import pytest

from tests import factories
from tests.site.sending import (
	delivered,
	form,
	made,
	outcomes,
	prepare,
	preview,
	refused,
	send,
	settings,
	wish,
)
from tests.xero_world import World
from xero_connector import tasks
from xero_connector.api import drafts, panel, tools

SALES, FINANCE = ("Xero Sales", "Sales Manager"), ("Xero Finance", "Sales Manager")


@pytest.fixture
def deal(site):
	return factories.deal(organization=factories.organization().name, value=100)


def as_they_send(as_user, roles, deal) -> str:
	"""The status that the form offers to somebody with these roles, who sends it as it is."""
	with as_user(list(roles)):
		status = form(deal)["status"]
		send(deal)
	return status


@pytest.mark.parametrize(
	("setting", "roles", "status"),
	[
		("Draft", SALES, "DRAFT"),
		("Draft", FINANCE, "DRAFT"),
		("Submitted", SALES, "SUBMITTED"),
		("Submitted", FINANCE, "SUBMITTED"),
		("Authorised", SALES, "DRAFT"),
		("Authorised", FINANCE, "AUTHORISED"),
	],
)
def test_it_is_made_as_the_setting_says_and_approved_only_by_finance(
	ready: World, deal, as_user, setting, roles, status
):
	settings(initial_status=setting)
	assert as_they_send(as_user, roles, deal).upper() == status
	ready.jobs.run_all()
	assert made(ready)[0].status == status


@pytest.mark.parametrize(("roles", "status"), [(SALES, "DRAFT"), (FINANCE, "AUTHORISED")])
def test_what_is_sent_by_itself_has_the_status_of_who_made_it_so(ready: World, as_user, roles, status):
	"""Whoever wins the deal; not the worker that sends it."""
	settings(initial_status="Authorised", auto_send="On Won")
	with as_user(list(roles)):
		deal = factories.deal(organization=factories.organization().name, value=100, status="Won")
	frappe.db.commit()
	ready.jobs.clear()
	tasks.send_due()
	frappe.db.commit()
	ready.jobs.run_all()
	assert wish(deal).state == "Sent"
	assert made(ready)[0].status == status


def test_who_sells_is_not_offered_to_approve_and_cannot(ready: World, deal, as_user):
	with as_user(list(SALES)):
		assert prepare(deal)["choices"]["statuses"] == ["Draft", "Submitted"]
		[problem] = preview(deal, status="Authorised")["problems"]
		assert problem["field"] == "status"
		assert refused(lambda: send(deal, status="Authorised")) == ("invalid_value", "status")
	with as_user(list(FINANCE)):
		assert prepare(deal)["choices"]["statuses"] == ["Draft", "Submitted", "Authorised"]


def test_an_approved_one_needs_an_account_on_every_line(ready: World, deal):
	assert refused(lambda: send(deal, status="Authorised", account_code="", tax_type=""))[1] == (
		"lines.0.account_code"
	)
	assert delivered(ready, deal, status="Draft", account_code="", tax_type="")["state"] == "Sent"


# presets


def asking(deal, row: str) -> dict[str, dict]:
	"""A call of every kind that writes in Xero, by its function."""
	record = {"doctype": deal.doctype, "name": deal.name}
	many = {"doctype": deal.doctype, "names": [deal.name]}
	values = json.dumps(form(deal))
	return {
		"drafts.prepare": record,
		"drafts.preview": {**record, "values": values},
		"drafts.send": {**record, "values": values},
		"drafts.send_many": many,
		"drafts.update_many": many,
		"tools.update_all_balances": {},
		"tools.retry": {"outbox": row},
		"tools.retry_many": {"outboxes": [row]},
		"documents.void": {**record, "document_id": "none", "reason": "Wrong"},
		"links.prepare_contact": {**record, "organisation": "none"},
		"links.create_contact": {**record, "organisation": "none", "values": "{}"},
	}


def statuses(http, user: str, asked: dict[str, dict]) -> dict[str, int]:
	browser = http.login(user)
	return {
		name: browser.post(f"xero_connector.api.{name}", **arguments).status
		for name, arguments in asked.items()
	}


@pytest.mark.parametrize("roles", [SALES, FINANCE, ("Xero Manager", "Sales Manager")])
def test_in_view_only_nobody_writes_anything_in_xero(ready: World, deal, http, users, roles):
	row = send(deal)["outbox"]
	ready.jobs.clear()
	asked = asking(deal, row)
	settings(mode="View Only")
	answered = statuses(http, users.with_roles(list(roles)), asked)
	assert answered == dict.fromkeys(asked, 403)
	assert frappe.db.count("Xero Outbox") == 1
	assert frappe.db.count("Xero Run") == 0


def test_what_waited_when_view_only_was_chosen_is_not_sent(ready: World, deal):
	row = send(deal)["outbox"]
	settings(mode="View Only")
	ready.jobs.run_all()
	assert made(ready) == []
	assert frappe.db.get_value("Xero Outbox", row, ["state", "error_code"]) == (
		"Needs Attention",
		"view_only",
	)
	settings(mode="Link and Draft")
	tools.retry(outbox=row)
	ready.jobs.run_all()
	assert len(made(ready)) == 1


def test_a_run_that_waited_when_view_only_was_chosen_sends_nothing(ready: World, deal):
	run = drafts.send_many(doctype=deal.doctype, names=[deal.name])
	settings(mode="View Only")
	ready.jobs.run_all()
	assert made(ready) == []
	settings(mode="Link and Draft")
	assert outcomes(tools.progress(run=run["run"])) == {deal.name: "refused"}


def test_where_drafts_are_finance_s_who_sells_makes_none(ready: World, deal, http, users):
	asked = {name: values for name, values in asking(deal, "none").items() if name.startswith("drafts.")}
	settings(drafting="Finance Only")
	assert statuses(http, users.with_roles(SALES), asked) == dict.fromkeys(asked, 403)
	assert set(statuses(http, users.with_roles(FINANCE), asked).values()) == {200}
	settings(drafting="Sales May Draft")
	for name in ("drafts.prepare", "drafts.preview", "drafts.send"):
		assert statuses(http, users.with_roles(SALES), {name: asked[name]}) == {name: 200}


def test_what_the_panel_offers_is_what_is_allowed(ready: World, deal, as_user):
	def offered(roles) -> tuple[bool, bool, bool]:
		with as_user(list(roles)):
			shown = panel.get(doctype=deal.doctype, name=deal.name)
			return shown["can"]["draft"], shown["can"]["send"], shown["record"]["can_draft"]

	assert offered(SALES) == (True, False, True)
	assert offered(FINANCE) == (True, True, True)
	assert offered(("Xero Viewer", "Sales Manager"))[:2] == (False, False)
	settings(drafting="Finance Only")
	assert offered(SALES)[:2] == (False, False)
	settings(mode="View Only")
	assert offered(FINANCE)[:2] == (False, False)
