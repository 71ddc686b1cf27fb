"""The guided set-up: what each step says as the site is configured, connected, read and mapped."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from tests.xero_world import World, world

STEPS = "xero_connector.api.setup.steps"
CHOOSE = "xero_connector.api.setup.choose_accounts"
WOULD = "xero_connector.api.setup.what_would_happen"


def steps(http) -> dict[str, dict[str, Any]]:
	found = http.login("Administrator").get(STEPS).message["steps"]
	return {step.pop("step"): step for step in found}


def states(http) -> dict[str, str]:
	return {name: step["state"] for name, step in steps(http).items()}


def accounts(http) -> dict[str, Any]:
	return steps(http)["accounts"]["organisations"][0]


def test_the_steps_follow_each_other(site, host, jobs, http):
	assert states(http) == {
		"app": "todo",
		"connect": "later",
		"read": "later",
		"accounts": "later",
		"taxes": "later",
		"contacts": "later",
		"webhook": "later",
	}
	with world(host, jobs) as xero:
		xero.configure()
		assert (states(http)["app"], states(http)["connect"]) == ("done", "todo")
		xero.connect()
		after = states(http)
		assert (after["connect"], after["read"], after["accounts"]) == ("done", "todo", "later")
		xero.read()
		assert states(http)["read"] == "done"
		assert states(http)["accounts"] == "todo", "a payment account is still to be chosen"


def test_an_app_without_a_secret_is_one_when_its_kind_has_none(site, http):
	settings = frappe.get_doc("Xero Settings")
	settings.update({"enabled": 1, "client_id": "SANDBOX"})
	settings.save()
	assert states(http)["app"] == "todo"
	settings.app_type = "PKCE"
	settings.save()
	assert states(http)["app"] == "done"


def test_the_accounts_that_may_be_chosen_are_offered_and_kept(ready: World, http):
	offered = accounts(http)
	labels = [each["label"] for each in offered["sales_accounts"]]
	assert "200 Sales" in labels
	assert offered["payment_accounts"]
	chosen = {
		"sales_account": next(e["value"] for e in offered["sales_accounts"] if e["label"] != "200 Sales"),
		"payment_account": offered["payment_accounts"][0]["value"],
	}
	assert http.post(CHOOSE, organisation=ready.organisation, **chosen).status == 200
	kept = accounts(http)
	assert {name: kept[name] for name in chosen} == chosen
	assert kept["state"] == "done"
	assert http.post(CHOOSE, organisation=ready.organisation).status == 200
	assert accounts(http)["sales_account"] is None


def test_where_no_account_takes_payments_the_sales_account_is_enough(ready: World, http):
	frappe.db.set_value(
		"Xero Account",
		{"organisation": ready.organisation},
		{"account_type": "CURRENT", "payments_enabled": 0},
	)
	found = accounts(http)
	assert (found["payment_accounts"], found["state"]) == ([], "done")


@pytest.mark.parametrize("account", ["none", "another organisation's", "an expense"])
def test_an_account_that_does_not_fit_is_refused_and_nothing_changed(ready: World, http, account):
	before = accounts(http)["sales_account"]
	expense = frappe.db.get_value("Xero Account", {"account_class": "EXPENSE"})
	wanted = expense if account == "an expense" else account
	assert http.post(CHOOSE, organisation=ready.organisation, sales_account=wanted).status == 417
	assert accounts(http)["sales_account"] == before
	assert http.post(CHOOSE, organisation="nowhere").status == 404


def test_rates_of_ones_own_are_to_be_mapped(ready: World, http):
	if states(http)["taxes"] != "choice":
		pytest.skip("this site has tax templates of its own")
	settings = frappe.get_doc("Xero Settings")
	settings.append("own_rates", {"title": "GST", "rate": 15})
	settings.save()
	found = steps(http)["taxes"]
	assert (found["state"], found["organisations"][0]["open"]) == ("todo", 1)


def test_a_demo_company_is_said(ready: World, http):
	assert steps(http)["connect"]["demo"] == ["Demo Company (NZ)"]
	frappe.db.set_value("Xero Organisation", ready.organisation, "is_demo", 0)
	assert steps(http)["connect"]["demo"] == []


def test_a_webhook_is_a_choice_and_then_awaited(ready: World, http):
	assert states(http)["webhook"] == "choice"
	settings = frappe.get_doc("Xero Settings")
	settings.webhook_key = "a-key"
	settings.save()
	assert states(http)["webhook"] == "todo"
	assert http.get(STEPS).message["webhook_url"].endswith("/api/method/xero_connector.api.webhook.receive")


def test_what_would_happen_is_counted_and_not_done(ready: World, http):
	http.login("Administrator")
	before = frappe.db.count("Contact"), frappe.db.count("Xero Link")
	[customers] = http.get(WOULD, policy="Auto Import Customers").message["organisations"]
	[every] = http.get(WOULD, policy="Auto Import All").message["organisations"]
	assert set(customers) == {"name", "title", "link", "create", "review", "left_out"}
	assert customers["create"] > 0
	assert every["left_out"] <= customers["left_out"]
	assert (frappe.db.count("Contact"), frappe.db.count("Xero Link")) == before
	assert not frappe.db.count("Xero Match")
	assert http.get(WOULD, policy="Manual Link").status == 417


def test_the_steps_of_the_organisation_that_is_behind_count(ready: World, http):
	second = ready.sandbox.organisations[1].id
	ready.connect(second)
	found = steps(http)["read"]
	assert found["state"] == "todo"
	assert {one["name"]: one["state"] for one in found["organisations"]} == {
		ready.organisation: "done",
		second: "todo",
	}
