"""What is the matter with Xero: found, told to the Xero Managers once, and gone when it is cured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import frappe
import pytest

from tests.xero_world import World
from xero_connector import health, tasks
from xero_connector.api.health import rows
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.site import organisations, tokens
from xero_connector.site.database import now_utc, to_column

GET = "xero_connector.api.health.get"


@pytest.fixture
def manager(site, as_user) -> Iterator[str]:
	with as_user(["Xero Manager"]) as name:
		pass
	frappe.db.commit()
	yield name
	frappe.db.delete("Notification Log", {"document_type": "Xero Matter"})
	frappe.db.commit()


def told(user: str) -> list[str]:
	return frappe.get_all(
		"Notification Log", {"for_user": user, "document_type": "Xero Matter"}, pluck="subject"
	)


def kinds(organisation: str | None = None) -> list[str]:
	return [matter.kind.value for matter in health.of(organisation)]


def lapse_in(xero: World, days: float) -> None:
	"""The grant ends in so many days unless it is used."""
	connection = frappe.db.get_value("Xero Organisation", xero.organisation, "connection")
	ends = to_column(now_utc() + timedelta(days=days))
	frappe.db.set_value("Xero Connection", connection, "refresh_expires_utc", ends)


def test_all_is_well_after_a_reading(ready: World, manager: str):
	tasks.check_health()
	assert kinds() == []
	assert told(manager) == []


def test_an_ended_grant_is_told_to_every_manager_once_and_gone_after_another_consent(
	ready: World, manager: str
):
	connection = frappe.db.get_value("Xero Organisation", ready.organisation, "connection")
	tokens.need_reconnect(connection)
	tasks.check_health()
	tasks.check_health()
	[said] = told(manager)
	assert said.startswith("Demo Company (NZ): Xero lets this site in no more.")
	assert kinds() == ["disconnected"]
	ready.connect()
	tasks.check_health()
	assert kinds() == []
	assert told(manager) == [], "what is cured is not to be read any more"
	tokens.need_reconnect(connection)
	tasks.check_health()
	assert len(told(manager)) == 1, "it is another matter now"


def test_an_organisation_that_was_disconnected_here_is_no_matter(ready: World):
	organisations.disconnected(ready.organisation)
	assert kinds() == []


def test_access_that_was_taken_away_in_xero_is_a_matter(ready: World):
	organisations.begin_reading(ready.organisation, "claim")
	organisations.reading_failed(ready.organisation, NeedsPerson(Code.ORGANISATION_GONE))
	assert kinds() == ["disconnected"]


def test_a_grant_that_nobody_uses_is_told_ten_days_before_its_end_and_again_three_days(
	ready: World, manager: str
):
	lapse_in(ready, 11)
	tasks.check_health()
	assert told(manager) == []
	lapse_in(ready, 9.5)
	tasks.check_health()
	tasks.check_health()
	[first] = told(manager)
	assert "ends in 9 days" in first
	lapse_in(ready, 2.5)
	tasks.check_health()
	tasks.check_health()
	[second] = told(manager)
	assert "ends in 2 days" in second
	tokens.expire(frappe.db.get_value("Xero Organisation", ready.organisation, "connection"))
	ready.read()
	tasks.check_health()
	assert (kinds(), told(manager)) == ([], []), "reading has used it"


def test_a_custom_connection_does_not_lapse(ready: World):
	connection = frappe.db.get_value("Xero Organisation", ready.organisation, "connection")
	frappe.db.set_value("Xero Connection", connection, "refresh_expires_utc", None)
	assert kinds() == []


def test_reading_that_fails_is_listed_at_once_and_told_after_an_hour(ready: World, manager: str):
	ready.sandbox.fault("status", match="Invoices", times=None, status=503)
	ready.sandbox.fault("status", match="Contacts", times=None, status=503)
	tasks.enqueue_read(ready.organisation)
	ready.read()
	tasks.check_health()
	assert kinds() == ["reading_fails"]
	assert told(manager) == []
	row = f"reading_fails-{ready.organisation}"
	frappe.db.set_value("Xero Matter", row, "since_utc", to_column(now_utc() - timedelta(minutes=61)))
	tasks.check_health()
	assert len(told(manager)) == 1


def test_a_mode_that_writes_where_reading_alone_was_granted_is_a_matter(ready: World):
	connection = frappe.db.get_value("Xero Organisation", ready.organisation, "connection")
	frappe.db.set_value("Xero Connection", connection, "scopes", "offline_access accounting.invoices.read")
	assert kinds() == ["consent_lacks"]


def test_nothing_is_the_matter_with_what_is_switched_off(ready: World):
	tokens.need_reconnect(frappe.db.get_value("Xero Organisation", ready.organisation, "connection"))
	settings = frappe.get_doc("Xero Settings")
	settings.enabled = 0
	settings.save()
	assert kinds() == []


def test_a_grant_lapses_also_while_xero_is_switched_off(ready: World):
	settings = frappe.get_doc("Xero Settings")
	settings.enabled = 0
	settings.save()
	lapse_in(ready, 9)
	assert kinds() == ["lapsing"]


def test_who_wants_no_notifications_gets_none(ready: World, manager: str):
	wanted = frappe.get_doc("Notification Settings", manager)
	wanted.enabled = 0
	wanted.save(ignore_permissions=True)
	try:
		tokens.need_reconnect(frappe.db.get_value("Xero Organisation", ready.organisation, "connection"))
		tasks.check_health()
		assert told(manager) == []
	finally:
		wanted.enabled = 1
		wanted.save(ignore_permissions=True)
		frappe.db.commit()


def test_calls_that_run_low_a_silent_webhook_and_what_waits_are_matters(ready: World, as_user, monkeypatch):
	meter = health.budget.meter(ready.organisation)
	monkeypatch.setattr(health.budget, "meter", lambda name: meter._replace(day_left=meter.day_limit // 10))
	monkeypatch.setattr(health.webhook_events, "status", lambda name: {"silent_since": now_utc()})
	monkeypatch.setattr(health.matches, "waiting", lambda name: 3)
	monkeypatch.setattr(health.outbox, "needing_attention", lambda: 1)
	found = {row["kind"]: row for row in rows()}
	assert set(found) == {"calls_low", "webhook_silent", "sends_wait", "matches_wait"}
	assert found["matches_wait"]["text"] == "3 contacts of Xero wait to be matched."
	assert found["sends_wait"]["text"] == "One record could not be sent and needs attention."
	assert found["sends_wait"]["url"] == "/app/xero-outbox?state=Needs+Attention"
	with as_user(["System Manager"]):
		assert {row["url"] for row in rows()} == {"/app/xero-settings"}, "the lists are closed to them"


def test_an_account_that_xero_archived_is_a_matter_until_another_is_chosen(ready: World, manager: str):
	account = frappe.db.get_value("Xero Organisation", ready.organisation, "sales_account")
	frappe.db.set_value("Xero Account", account, "status", "Archived")
	tasks.check_health()
	[said] = told(manager)
	assert "200 Sales no longer fits Xero" in said
	frappe.db.set_value("Xero Organisation", ready.organisation, "sales_account", None)
	tasks.check_health()
	assert (kinds(), told(manager)) == ([], [])


def test_whoever_was_disabled_or_has_another_role_is_not_told(ready: World, manager: str, as_user):
	with as_user(["Xero Finance"]) as other:
		pass
	frappe.db.set_value("User", manager, "enabled", 0)
	try:
		tokens.need_reconnect(frappe.db.get_value("Xero Organisation", ready.organisation, "connection"))
		tasks.check_health()
		assert told(manager) == told(other) == []
	finally:
		frappe.db.set_value("User", manager, "enabled", 1)
		frappe.db.commit()


def test_a_managers_own_language_is_spoken(ready: World, manager: str):
	frappe.db.set_value("User", manager, "language", "de")
	translated = frappe.get_doc(
		{
			"doctype": "Translation",
			"language": "de",
			"source_text": "Xero lets this site in no more. Connect again; until then nothing new is read or sent.",
			"translated_text": "Xero lässt uns nicht mehr hinein.",
		}
	).insert()
	frappe.db.commit()
	try:
		tokens.need_reconnect(frappe.db.get_value("Xero Organisation", ready.organisation, "connection"))
		tasks.check_health()
		[said] = told(manager)
		assert "lässt uns" in said
		assert frappe.local.lang != "de"
	finally:
		frappe.db.set_value("User", manager, "language", None)
		translated.delete()
		frappe.db.commit()


def test_the_list_tells_since_when_and_where_to_go(ready: World, http):
	tokens.need_reconnect(frappe.db.get_value("Xero Organisation", ready.organisation, "connection"))
	http.login("Administrator")
	[found] = http.get(GET).message["matters"]
	assert (found["kind"], found["level"], found["since"]) == ("disconnected", "bad", None)
	tasks.check_health()
	[found] = http.get(GET, organisation=ready.organisation).message["matters"]
	assert found["since"]
	assert (found["title"], found["url"]) == ("Demo Company (NZ)", "/app/xero-settings")
