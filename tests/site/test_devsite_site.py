"""The embedded site: what was mended in the engine stays mended."""

from __future__ import annotations

import datetime
import threading
import uuid

import frappe
import pytest

from tests import factories

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.fixture
def sqlite(site):
	"""For what is SQLite's alone: DEVSITE_DB can name another."""
	if frappe.db.db_type != "sqlite":
		pytest.skip("is about SQLite")


def test_values_are_bound_not_pasted(site):
	text = """it's 100% "quoted" \\ and ? too"""
	query = "select %(text)s as text, %(none)s as none, %(none)s is null as absent, '100%%' as percent"
	row = frappe.db.sql(query, {"text": text, "none": None}, as_dict=True)[0]
	assert row == {"text": text, "none": None, "absent": 1, "percent": "100%"}


def test_a_list_becomes_placeholders(site):
	names = frappe.db.sql(
		"select name from tabUser where name in %s and enabled=%s order by name",
		[("Guest", "Administrator"), 1],
	)
	assert list(names) == [("Administrator",), ("Guest",)]


def test_rows_are_upserted_in_bulk(sqlite):
	rows = [(uuid.uuid4().hex, f"key {number}", str(number)) for number in range(2000)]
	marks = ", ".join(["(%s, %s, %s)"] * len(rows))
	query = (
		f"insert into `tabDefaultValue` (name, defkey, defvalue) values {marks}"
		" on conflict(name) do update set defvalue=excluded.defvalue || ' again'"
	)
	values = [value for row in rows for value in row]
	frappe.db.sql(query, values)
	frappe.db.sql(query, values)
	count = frappe.db.sql("select count(*) from `tabDefaultValue` where defvalue like '% again'")[0][0]
	frappe.db.rollback()
	assert count == 2000


def test_moments_and_numbers_come_back_as_on_mariadb(site):
	deal = factories.deal(products=[factories.product_row(rate=10.5, discount_percentage=10)])
	row = frappe.db.get_value("CRM Deal", deal.name, ["creation", "net_total", "docstatus"], as_dict=True)
	assert isinstance(row.creation, datetime.datetime)
	assert (row.net_total, row.docstatus) == (18.9, 0)


def test_a_data_field_has_its_length(site):
	with pytest.raises(frappe.CharacterLengthExceededError):
		factories.organization(organization_name="x" * 141)


def test_altering_a_table_keeps_its_keys(sqlite):
	from frappe.custom.doctype.custom_field.custom_field import create_custom_field

	before = {row.name for row in frappe.db.sql("pragma index_list(`tabCRM Deal`)", as_dict=True)}
	field = {
		"fieldname": "devsite_probe",
		"fieldtype": "Data",
		"label": "Probe",
		"search_index": 1,
		"default": "x",
	}
	create_custom_field("CRM Deal", field)
	try:
		after = {row.name for row in frappe.db.sql("pragma index_list(`tabCRM Deal`)", as_dict=True)}
		key = [row.name for row in frappe.db.sql("pragma table_info(`tabCRM Deal`)", as_dict=True) if row.pk]
		deal = factories.deal()
		with pytest.raises(frappe.DuplicateEntryError):
			frappe.get_doc({**deal.as_dict(), "__islocal": 1}).insert(set_name=deal.name)
	finally:
		frappe.db.rollback()
		frappe.delete_doc("Custom Field", "CRM Deal-devsite_probe", force=True)
		frappe.db.commit()
	assert key == ["name"]
	assert after == before | {"tabCRM Deal_devsite_probe_index"}


def in_thread(work):
	"""Run with an own connection in another thread; its result or exception here."""
	box = {}

	def run():
		frappe.init(force=True)
		frappe.connect()
		try:
			box["value"] = work()
		except Exception as error:
			box["error"] = error
		finally:
			frappe.destroy()

	thread = threading.Thread(target=run)
	thread.start()
	return thread, box


def test_a_commit_of_one_thread_is_seen_by_another(sqlite):
	name = factories.organization().name
	frappe.db.commit()

	def rename():
		frappe.db.set_value("CRM Organization", name, "website", "https://example.com")
		frappe.db.commit()

	frappe.db.get_value("CRM Organization", name, "website")
	thread, box = in_thread(rename)
	thread.join()
	assert box == {"value": None}
	assert frappe.db.get_value("CRM Organization", name, "website") == "https://example.com"
	# a reader that writes after someone else wrote: failed at once with "database is locked" before the mend
	frappe.db.set_value("CRM Organization", name, "website", "https://example.org")
	frappe.db.commit()


def test_threads_that_count_under_a_lock_lose_nothing(site):
	name = factories.organization(annual_revenue=0).name
	frappe.db.commit()

	def add():
		for _ in range(10):
			value = frappe.db.get_value("CRM Organization", name, "annual_revenue", for_update=True)
			frappe.db.set_value("CRM Organization", name, "annual_revenue", value + 1)
			frappe.db.commit()

	started = [in_thread(add) for _ in range(4)]
	for thread, _ in started:
		thread.join()
	assert [box for _, box in started] == [{"value": None}] * 4
	assert frappe.db.get_value("CRM Organization", name, "annual_revenue") == 40


def test_a_password_can_be_read_after_another_request(site, http):
	from frappe.utils.password import get_decrypted_password, set_encrypted_password

	set_encrypted_password("User", "Guest", "s3cret", "devsite_probe")
	http.get("frappe.ping")
	assert get_decrypted_password("User", "Guest", "devsite_probe") == "s3cret"
	frappe.db.delete("__Auth", {"fieldname": "devsite_probe"})
	frappe.db.commit()


def test_no_scheduled_job_calls_the_makers(site):
	methods = frappe.get_all("Scheduled Job Type", pluck="method")
	assert methods
	assert not [
		name for name in methods if "changelog" in name or "change_log" in name or "telemetry" in name
	]


def test_saving_a_contact_asks_no_gravatar(site, monkeypatch):
	import requests

	monkeypatch.setattr(requests, "get", lambda *_, **__: pytest.fail("went to the network"))
	assert factories.contact(email="someone@example.com").image in (None, "")


def test_removing_an_app_leaves_nothing_of_it(sqlite):
	"""Takes the sample away and puts it back."""
	from frappe.installer import install_app, remove_app

	kept = set(frappe.db.get_tables(cached=False))
	icons = frappe.db.count("Desktop Icon", {"app": "frappe"})
	remove_app("sample_crm", yes=True)
	try:
		assert frappe.get_installed_apps() == [
			app for app in frappe.get_installed_apps() if app != "sample_crm"
		]
		assert not frappe.get_all("DocType", {"module": ["in", ["FCRM", "Selling"]]})
		assert not frappe.get_all("Module Def", {"app_name": "sample_crm"})
		tables = set(frappe.db.get_tables(cached=False))
		assert not [name for name in tables if name.startswith("tabCRM ")]
		assert frappe.db.count("Desktop Icon", {"app": "frappe"}) == icons
	finally:
		install_app("sample_crm")
		frappe.db.commit()
	assert set(frappe.db.get_tables(cached=False)) == kept
