"""Connecting, disconnecting, and tokens that are refreshed once."""

import frappe
import pytest
import requests

from tests.xero_world import World, world
from xero_connector import bootstrap, reading
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.site import organisations, tokens
from xero_connector.site.database import now_utc

CALLBACK = "xero_connector.api.connection.callback"


@pytest.fixture
def unconnected(site, host, jobs):
	with world(host, jobs) as beside:
		beside.configure()
		yield beside


def organisation(name: str) -> dict:
	return frappe.get_doc("Xero Organisation", name).as_dict()


def test_the_chosen_organisation_and_who_connected_it_are_shown(unconnected: World, http):
	answer = unconnected.consent()
	http.login("Administrator")
	# the consent belongs to the user who began it, here in this process
	reply = http.get(CALLBACK, **answer)
	assert reply.status == 302
	assert reply.headers["Location"].endswith("/app/xero-settings")
	status = http.get("xero_connector.api.connection.status").message
	[shown] = status["organisations"]
	assert shown["title"] == "Demo Company (NZ)"
	assert shown["email"] == "fran@example.com"
	assert shown["connected_by"] == "Fran Finance"
	assert shown["status"] == "Connected"


def test_only_the_organisations_of_this_consent_are_connected(unconnected: World):
	first, second = (books.id for books in unconnected.sandbox.organisations)
	unconnected.connect(second)
	assert frappe.get_all("Xero Organisation", pluck="name") == [second]
	unconnected.connect(first)
	assert set(frappe.get_all("Xero Organisation", pluck="name")) == {first, second}
	assert frappe.db.count("Xero Connection") == 1, "both belong to one Xero user's grant"
	assert organisation(second)["is_default"]
	assert not organisation(first)["is_default"]


def in_mode(mode: str, **values) -> None:
	settings = frappe.get_doc("Xero Settings")
	settings.update({"mode": mode, **values})
	settings.save()
	frappe.db.commit()


def granted() -> list[str]:
	[scopes] = frappe.get_all("Xero Connection", pluck="scopes")
	return [scope for scope in scopes.split() if scope.startswith("accounting.")]


def test_view_only_is_granted_reading_alone_and_reads_everything(unconnected: World):
	unconnected.configure()
	in_mode("View Only")
	answer = unconnected.consent()
	bootstrap.connect("Administrator", answer["state"], answer["code"])
	assert granted()
	assert all(scope.endswith(".read") for scope in granted())
	unconnected.read()
	row = organisation(unconnected.organisation)
	assert (row["status"], row["error_code"]) == ("Connected", None)
	assert frappe.db.count("Xero Invoice")


def test_a_mode_that_writes_asks_for_consent_where_only_reading_was_granted(unconnected: World, http):
	def shown() -> tuple[str | None, bool]:
		status = http.get("xero_connector.api.connection.status").message
		return status["organisations"][0]["problem"], status["organisations"][0]["needs_consent"]

	http.login("Administrator")
	unconnected.configure()
	in_mode("View Only")
	answer = unconnected.consent()
	bootstrap.connect("Administrator", answer["state"], answer["code"])
	assert shown() == (None, False)
	in_mode("Link and Draft")
	assert shown() == ("Connect again to allow writing.", True)
	unconnected.connect()
	assert shown() == (None, False)
	assert "accounting.invoices" in granted()
	in_mode("View Only")
	assert shown() == (None, False)


def test_an_app_without_a_secret_connects_reads_and_renews_its_tokens(unconnected: World):
	in_mode("Link and Draft", app_type="PKCE", client_secret="")
	answer = unconnected.consent()
	bootstrap.connect("Administrator", answer["state"], answer["code"])
	tokens.expire(organisation(unconnected.organisation)["connection"])
	unconnected.read()
	row = organisation(unconnected.organisation)
	assert (row["status"], row["error_code"]) == ("Connected", None)
	assert frappe.db.count("Xero Invoice")
	bootstrap.disconnect(unconnected.organisation)
	assert [r for r in unconnected.sandbox.requests if r.path.endswith("/revocation")]


@pytest.fixture
def custom(unconnected: World, http, jobs) -> World:
	in_mode("Link and Draft", app_type="Custom Connection", client_id="SANDBOX-CUSTOM")
	reply = http.login("Administrator").post("xero_connector.api.connection.start")
	assert reply.message == {"authorize_url": None}
	assert jobs.run_all()
	return unconnected


def test_a_custom_connection_is_there_and_read_at_one_press_without_a_consent_page(custom: World, http):
	[shown] = http.get("xero_connector.api.connection.status").message["organisations"]
	assert (shown["title"], shown["status"]) == ("Demo Company (NZ)", "Connected")
	assert (shown["connected_by"], shown["email"]) == ("Custom Connection", None)
	assert shown["last_sync"]
	assert frappe.db.count("Xero Invoice")


def test_a_custom_connection_gets_another_token_when_its_own_has_ended(custom: World):
	custom.sandbox.expire_access_tokens()
	custom.read()
	row = organisation(custom.organisation)
	assert (row["status"], row["error_code"]) == ("Connected", None)


def test_a_custom_connection_that_was_given_another_organisation_keeps_its_books_apart(custom: World):
	first, second = (books.id for books in custom.sandbox.organisations)
	custom.sandbox.identity.apps["SANDBOX-CUSTOM"].custom = second
	invoices = frappe.db.count("Xero Invoice")
	tokens.expire(organisation(first)["connection"])
	custom.read()
	assert organisation(first)["status"] == "Reconnect"
	assert frappe.db.count("Xero Invoice", {"organisation": first}) == invoices
	assert bootstrap.connect_own() == [second]
	assert organisation(first)["connection"] is None
	assert organisation(second)["status"] == "Connected"


def test_disconnecting_a_custom_connection_asks_nothing_of_xero(custom: World):
	before = len(custom.sandbox.requests)
	bootstrap.disconnect(custom.organisation)
	assert len(custom.sandbox.requests) == before
	assert organisation(custom.organisation)["status"] == "Disconnected"


def test_older_apps_are_asked_for_by_the_broad_scopes(unconnected: World):
	in_mode("Link and Draft", scope_set="Legacy")
	assert "accounting.transactions" in bootstrap.authorize_url("Administrator")
	in_mode("View Only")
	assert "accounting.transactions.read" in bootstrap.authorize_url("Administrator")


def test_an_address_that_xero_would_refuse_is_said_before_anybody_goes_there(
	unconnected: World, http, monkeypatch
):
	monkeypatch.setitem(frappe.conf, "host_name", "http://crm.example.com")
	with pytest.raises(NeedsPerson) as failure:
		bootstrap.authorize_url("Administrator")
	assert failure.value.code is Code.REDIRECT_REFUSED


def test_scopes_of_ones_own_must_fit_the_mode(unconnected: World):
	reading = "offline_access accounting.contacts.read accounting.invoices.read"
	with pytest.raises(frappe.ValidationError, match="reading alone"):
		in_mode("Two-way", scopes=reading)
	in_mode("View Only", scopes=reading)
	in_mode("Link and Draft", scopes="offline_access accounting.contacts accounting.transactions")


def test_a_state_works_once(unconnected: World):
	answer = unconnected.consent()
	bootstrap.connect("Administrator", answer["state"], answer["code"])
	with pytest.raises(NeedsPerson) as failure:
		bootstrap.connect("Administrator", answer["state"], answer["code"])
	assert failure.value.code is Code.STATE_MISMATCH


def test_a_state_is_bound_to_the_user_who_began(unconnected: World, as_user):
	answer = unconnected.consent()
	with as_user(["Xero Manager"]) as manager, pytest.raises(NeedsPerson) as failure:
		bootstrap.connect(manager, answer["state"], answer["code"])
	assert failure.value.code is Code.STATE_MISMATCH
	assert not frappe.db.count("Xero Organisation")


def test_an_invented_state_connects_nothing_and_says_so(unconnected: World, http):
	reply = http.login("Administrator").get(CALLBACK, state="invented", code="whatever")
	assert reply.status == 400
	assert "Press Connect again" in reply.text
	assert not frappe.db.count("Xero Organisation")


def test_a_refused_consent_is_told_and_changes_nothing(unconnected: World, http):
	reply = http.login("Administrator").get(CALLBACK, error="access_denied", state="x")
	assert reply.status == 400
	assert "was not allowed in Xero" in reply.text


@pytest.mark.parametrize(
	"method", ["start", "status", "disconnect", "refresh_organisation", "stop_reading", "callback"]
)
@pytest.mark.parametrize("role", ["Xero Finance", "Xero Sales", "Xero Viewer", "Sales Manager"])
def test_only_xero_manager_and_system_manager_may_configure(xero: World, http, as_user, method, role):
	with as_user([role]) as user:
		pass
	frappe.db.commit()
	http.login(user)
	call = http.get if method in ("callback", "status") else http.post
	reply = call(f"xero_connector.api.connection.{method}", organisation=xero.organisation)
	assert reply.status == 403
	assert "Demo Company" not in reply.text


@pytest.mark.parametrize("role", ["Xero Manager", "System Manager"])
def test_managers_may_configure(xero: World, http, as_user, role):
	with as_user([role]) as user:
		pass
	frappe.db.commit()
	status = http.login(user).get("xero_connector.api.connection.status")
	assert status.status == 200
	assert status.message["books"] is (role == "Xero Manager")


def test_disconnecting_closes_the_connection_in_xero_and_keeps_the_mirror(xero: World, http):
	xero.read()
	contacts = frappe.db.count("Xero Contact")
	reply = http.login("Administrator").post(
		"xero_connector.api.connection.disconnect", organisation=xero.organisation
	)
	assert reply.status == 200, reply
	assert organisation(xero.organisation)["status"] == "Disconnected"
	assert frappe.db.count("Xero Contact") == contacts > 0
	assert [r.path for r in xero.sandbox.requests if r.method == "DELETE"], "the connection is closed in Xero"
	assert [r for r in xero.sandbox.requests if r.path.endswith("/revocation")], "no organisation was left"
	connection = frappe.get_all("Xero Connection", pluck="name")[0]
	assert tokens.refresh_token(connection) is None


def test_disconnecting_one_of_two_keeps_the_grant(xero: World):
	second = xero.sandbox.organisations[1].id
	xero.connect(second)
	bootstrap.disconnect(second)
	assert not [r for r in xero.sandbox.requests if r.path.endswith("/revocation")]
	xero.read()
	assert organisation(xero.organisation)["last_sync_utc"]


def test_nothing_is_noted_when_xero_cannot_be_reached_for_disconnecting(xero: World):
	xero.sandbox.fault("status", match="connections", status=503)
	with pytest.raises(WillRetry):
		bootstrap.disconnect(xero.organisation)
	assert organisation(xero.organisation)["status"] == "Connected"


def test_a_dead_grant_asks_for_reconnecting_and_works_after_it(xero: World):
	connection = organisation(xero.organisation)["connection"]
	requests.post(
		f"{xero.sandbox.url}/identity/connect/revocation",
		data={"token": tokens.refresh_token(connection)},
		auth=("SANDBOX", "sandbox-secret"),
		timeout=10,
	)
	tokens.expire(connection)
	xero.read()
	assert organisation(xero.organisation)["status"] == "Reconnect"
	assert organisation(xero.organisation)["error_code"] == Code.RECONNECT.value
	xero.connect()
	xero.read()
	row = organisation(xero.organisation)
	assert (row["status"], row["error_code"]) == ("Connected", None)


def test_an_outage_of_the_token_endpoint_does_not_kill_the_grant(xero: World):
	connection = organisation(xero.organisation)["connection"]
	tokens.expire(connection)
	xero.sandbox.fault("status", match="connect/token", status=503)
	xero.read()
	assert organisation(xero.organisation)["status"] == "Connected"
	assert frappe.db.get_value("Xero Connection", connection, "status") == "Connected"
	xero.read()
	assert organisation(xero.organisation)["last_sync_utc"]


def test_an_expired_token_is_refreshed_and_the_new_refresh_token_kept(xero: World):
	connection = organisation(xero.organisation)["connection"]
	before = tokens.refresh_token(connection)
	tokens.expire(connection)
	xero.read()
	after = tokens.refresh_token(connection)
	assert after
	assert after != before
	tokens.expire(connection)
	xero.read()
	assert not organisation(xero.organisation)["error_code"]


def test_a_token_that_xero_calls_expired_too_early_is_replaced(xero: World):
	xero.sandbox.expire_access_tokens()
	xero.read()
	row = organisation(xero.organisation)
	assert (row["error_code"], row["sync_state"]) == (None, "Idle")


def test_tokens_are_in_no_column_of_the_connection(xero: World):
	[row] = frappe.db.sql("select * from `tabXero Connection`", as_dict=True)
	secrets = {tokens.refresh_token(row.name), tokens.access_token(row.name, lambda token: None)}
	assert not secrets & {str(value) for value in row.values()}
	stored = frappe.db.sql("select password from `__Auth` where doctype = 'Xero Connection'")
	assert not secrets & {value for (value,) in stored}, "encrypted at rest"


def test_while_retry_after_runs_no_call_is_made(xero: World):
	xero.sandbox.fault("rate_limit", match="Organisation", retry_after=120)
	xero.read()
	row = organisation(xero.organisation)
	assert (row["sync_state"], row["error_code"]) == ("Failed", Code.RATE_LIMITED.value)
	calls = len(xero.sandbox.requests)
	xero.read()
	assert len(xero.sandbox.requests) == calls


def test_the_page_shows_the_calls_that_are_left(xero: World, http):
	xero.read()
	status = http.login("Administrator").get("xero_connector.api.connection.status").message
	[shown] = status["organisations"]
	assert shown["calls"]["day_left"] == 5000 - len(xero.calls())
	assert shown["calls"]["paused_until"] is None


def test_one_worker_reads_an_organisation_at_a_time(xero: World):
	assert organisations.begin_reading(xero.organisation, "first")
	assert not organisations.begin_reading(xero.organisation, "second")
	organisations.end_reading(xero.organisation, now_utc())
	assert organisations.begin_reading(xero.organisation, "third")


def test_without_a_secret_there_is_nothing_to_connect_with(site, http):
	settings = frappe.get_doc("Xero Settings")
	settings.update({"enabled": 1, "client_id": "SANDBOX"})
	settings.save()
	http.login("Administrator")
	assert http.get("xero_connector.api.connection.status").message["configured"] is False
	reply = http.post("xero_connector.api.connection.start")
	assert reply.status == 417
	assert "Enter client ID and secret" in reply.text


def test_the_sales_account_is_a_revenue_account_of_the_same_organisation(xero: World):
	second = xero.sandbox.organisations[1].id
	xero.connect(second)
	xero.read()
	reading.read_organisation(second)
	row = frappe.get_doc("Xero Organisation", xero.organisation)
	accounts = {
		name: frappe.get_all("Xero Account", {"organisation": name, **wanted}, pluck="name", limit=1)[0]
		for name, wanted in ((second, {"code": "200"}), (xero.organisation, {"account_type": "BANK"}))
	}
	for account in accounts.values():
		row.reload()
		row.sales_account = account
		with pytest.raises(frappe.ValidationError, match="sales account"):
			row.save()
	row.reload()
	row.sales_account = frappe.db.get_value(
		"Xero Account", {"organisation": xero.organisation, "code": "210"}
	)
	row.save()


def test_there_is_one_default_organisation(xero: World):
	second = xero.sandbox.organisations[1].id
	xero.connect(second)
	row = frappe.get_doc("Xero Organisation", second)
	row.is_default = 1
	row.save()
	assert frappe.get_all("Xero Organisation", {"is_default": 1}, pluck="name") == [second]
	assert organisations.every()[0].name == second
