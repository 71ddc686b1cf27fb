"""The embedded site over HTTP: its fences, logging in, jobs."""

from __future__ import annotations

import time
from pathlib import Path

import frappe
import pytest

from devsite import server, worker
from tests import factories

pytestmark = pytest.mark.usefixtures("embedded")


def test_logging_in_by_password(http):
	answer = http.post("/api/method/login", usr="Administrator", pwd="admin")
	assert (answer.status, answer.message) == (200, "Logged In")
	assert http.get("frappe.auth.get_logged_user").message == "Administrator"


def test_a_wrong_password_is_refused(http):
	assert http.post("/api/method/login", usr="Administrator", pwd="wrong").status == 401


def test_a_guest_may_not_ask_for_records(http):
	assert http.get("/api/resource/User").status == 403


def test_a_post_needs_the_token_of_its_session(http):
	name = factories.organization().name
	values = {
		"doctype": "CRM Organization",
		"name": name,
		"fieldname": "website",
		"value": "https://example.com",
	}
	http.login("Administrator")
	assert http.post("frappe.client.set_value", **values).status == 200
	http.token = None
	refused = http.post("frappe.client.set_value", **values)
	assert (refused.status, refused.error) == (400, "CSRFTokenError")


def test_a_request_runs_as_its_user_and_comes_back(http, as_user):
	mine = factories.deal()
	with as_user(["Sales User"]) as name:
		http.login(name)
		assert frappe.session.user == name
		assert http.get(f"/api/resource/CRM Deal/{mine.name}").status == 403
	assert frappe.session.user == "Administrator"
	frappe.db.set_value("CRM Deal", mine.name, "deal_owner", name)
	assert http.get(f"/api/resource/CRM Deal/{mine.name}").status == 200


def test_a_sales_user_lists_only_own_and_assigned_deals(as_user):
	from frappe.desk.form.assign_to import add

	factories.deal()
	with as_user(["Sales User"]) as name:
		own = factories.deal().name
	assigned = factories.deal().name
	add({"doctype": "CRM Deal", "name": assigned, "assign_to": [name]}, ignore_permissions=True)
	with as_user(["Sales User"]):
		assert set(frappe.get_list("CRM Deal", pluck="name")) == {own, assigned}
	for todo in frappe.get_all("ToDo", {"reference_name": assigned}, pluck="name"):
		frappe.delete_doc("ToDo", todo, force=True)


@pytest.mark.parametrize("asked", ["evil.example", "localhost.evil.example", "192.168.1.2:8000", ""])
def test_another_host_name_is_refused(http, asked):
	assert http.request("GET", "frappe.ping", headers={"Host": asked}).status == 421


@pytest.mark.parametrize("asked", ["localhost:8000", "127.0.0.1", "xero.localhost:9", "LOCALHOST"])
def test_loopback_names_are_answered(asked):
	assert server.is_loopback(asked)


def test_a_guest_cannot_make_the_site_import_a_module(http):
	import sys

	sys.modules.pop("antigravity", None)
	answer = http.get("antigravity.fly")
	assert answer.status == 417
	assert "not installed" in answer.text
	assert "antigravity" not in sys.modules


@pytest.mark.parametrize(
	("name", "shown"),
	[("page.html", False), ("drawing.svg", False), ("photo.png", True), ("page.HTML", False)],
)
def test_uploaded_files_are_never_pages(http, name, shown):
	file = Path("public/files") / name
	file.write_text("<script>alert(1)</script>")
	answer = http.get(f"/files/{name}")
	file.unlink()
	assert answer.status == 200
	assert answer.headers["X-Content-Type-Options"] == "nosniff"
	assert answer.headers.get("Content-Disposition", "").startswith("attachment") is not shown


def test_a_file_outside_the_folder_is_not_served(http):
	assert http.get("/files/../../site_config.json").status == 404


def test_the_login_page_shows(http):
	assert "login" in http.request("GET", "/login", headers={"Accept": "text/html"}).text.lower()


def test_desk_runs_no_health_checks_to_draw_its_sidebar(as_user, jobs):
	"""They took 40 seconds for a System Manager, and queued a job."""
	with as_user(["System Manager"]):
		assert frappe.has_permission("System Health Report")
	assert jobs.run_all() == []


def test_queued_jobs_run_when_asked(http, jobs):
	frappe.enqueue("frappe.client.get_count", doctype="User", queue="long")
	frappe.enqueue("frappe.ping", enqueue_after_commit=True)
	assert [(done.method, done.value) for done in jobs.run_all()] == [
		("frappe.ping", "pong"),
		("frappe.client.get_count", frappe.db.count("User")),
	]
	assert jobs.run_all() == []
	assert frappe.session.user == "Administrator"


def test_a_failing_job_tells_why(jobs):
	frappe.enqueue("frappe.client.get", doctype="CRM Deal", name="no such deal")
	(outcome,) = jobs.run_all(check=False)
	assert "DoesNotExistError" in outcome.error
	frappe.enqueue("frappe.client.get", doctype="CRM Deal", name="no such deal")
	with pytest.raises(AssertionError, match="DoesNotExistError"):
		jobs.run_all()
	frappe.db.delete("Error Log")
	frappe.db.commit()


def test_jobs_left_by_one_test_do_not_reach_the_next(jobs):
	assert jobs.run_all() == []


def test_due_jobs_run_in_the_background(host, jobs):
	name = frappe.db.get_value("Scheduled Job Type", {"method": ["like", "%.update_link_count"]})
	frappe.db.set_value("Scheduled Job Type", name, "last_execution", "2020-01-01")
	frappe.db.commit()
	background = worker.Background(tick_seconds=0.2).start()
	try:
		deadline = time.monotonic() + 20
		while frappe.db.get_value("Scheduled Job Type", name, "last_execution").year == 2020:
			assert time.monotonic() < deadline, "the job did not run"
			frappe.db.rollback()
			time.sleep(0.1)
	finally:
		background.stop()
