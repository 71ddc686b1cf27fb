"""What installing adds to a site, and that uninstalling takes all of it away."""

from pathlib import Path

import frappe
import pytest
from frappe.utils.password import set_encrypted_password

from tests import factories
from xero_connector import hooks, install
from xero_connector.core.matters import Kind, Matter
from xero_connector.core.policy import ROLES
from xero_connector.site import hosts, matters, own_documents, sale_figures


def tab_fields(doctype: str) -> list[str]:
	return [f.fieldname for f in frappe.get_meta(doctype).fields if f.fieldname.startswith("xero_")]


def test_every_record_type_of_this_site_has_a_tab_at_the_end_of_its_form(site):
	kinds = hosts.installed()
	assert "Contact" in [kind.doctype for kind in kinds]
	for kind in kinds:
		fields = [field.fieldname for field in frappe.get_meta(kind.doctype).fields]
		assert fields[fields.index("xero_tab") :] == tab_fields(kind.doctype), kind.doctype
		assert (tab_fields(kind.doctype)[0], fields[-1]) == ("xero_tab", "xero_panel"), kind.doctype


def test_a_tab_holds_the_panel_and_nothing_else_where_xero_says_nothing_of_the_record_itself(site):
	assert tab_fields("Contact") == ["xero_tab", "xero_panel"]


@pytest.mark.parametrize("doctype", ["CRM Deal", "Opportunity", "Project"])
def test_a_sale_says_above_the_panel_what_it_has_brought(site, doctype):
	factories.require(doctype)
	meta = frappe.get_meta(doctype)
	assert {name: meta.get_label(name) for name in sale_figures.FIELDS} == {
		"xero_invoiced": "Invoiced in Xero",
		"xero_paid": "Paid in Xero",
		"xero_outstanding": "Outstanding in Xero",
		"xero_paid_on": "Paid in Xero On",
	}


def test_an_organization_has_a_credit_limit_that_people_write(site):
	factories.require("CRM Organization")
	field = frappe.get_meta("CRM Organization").get_field("xero_credit_limit")
	assert (field.label, field.read_only, field.non_negative) == ("Credit Limit", 0, 1)


def test_a_sales_invoice_says_above_the_panel_how_it_stands_in_xero(site):
	factories.require("Sales Invoice")
	labels = {
		field.fieldname: field.label
		for field in frappe.get_meta("Sales Invoice").fields
		if field.fieldname in (*own_documents.FIELDS, "xero_open") and not field.hidden
	}
	assert labels == {
		"xero_status": "Xero Status",
		"xero_sent": "Sent to Accounts",
		"xero_sent_on": "Sent On",
		"xero_number": "Xero Number",
		"xero_open": "Open in Xero",
		"xero_outstanding": "Outstanding in Xero",
	}


def test_a_customer_says_above_the_panel_which_xero_contact_it_is(site):
	factories.require("Customer")
	assert frappe.get_meta("Customer").get_label("xero_reference") == "Xero Reference"


def test_nobody_writes_copies_or_prints_what_xero_says(site):
	factories.require("Sales Invoice")
	ours = {
		"Sales Invoice": own_documents.FIELDS,
		"Customer": ["xero_reference"],
		"Project": sale_figures.FIELDS,
	}
	for doctype, names in ours.items():
		for name in names:
			field = frappe.get_meta(doctype).get_field(name)
			assert (field.read_only, field.allow_on_submit, field.no_copy, field.print_hide) == (
				1,
				1,
				1,
				1,
			), name


def test_the_custom_fields_are_ours_so_that_they_go_with_the_app(site):
	rows = frappe.get_all(
		"Custom Field", filters={"fieldname": ["like", "xero_%"]}, fields=["fieldname", "module"]
	)
	assert {"xero_tab", "xero_panel"} <= {row.fieldname for row in rows}
	assert {row.module for row in rows} == {"Xero Connector"}


def test_migrating_again_changes_nothing(site):
	before = frappe.get_all("Custom Field", filters={"module": "Xero Connector"}, pluck="name")
	install.after_migrate()
	assert frappe.get_all("Custom Field", filters={"module": "Xero Connector"}, pluck="name") == before


def test_a_crm_that_is_installed_after_us_gets_its_tab(site):
	factories.require("CRM Deal")
	before = tab_fields("CRM Deal")
	for field in before:
		frappe.db.delete("Custom Field", {"dt": "CRM Deal", "fieldname": field})
	frappe.clear_cache(doctype="CRM Deal")
	assert tab_fields("CRM Deal") == []
	install.after_app_install("crm")
	assert tab_fields("CRM Deal") == before
	frappe.db.commit()


def test_every_record_type_of_ours_has_its_events(site):
	assert set(hosts.record_types()) <= set(hooks.doc_events)


def test_the_jobs_are_scheduled(site):
	jobs = frappe.get_all("Scheduled Job Type", {"method": ["like", "xero_connector.%"]}, pluck="method")
	wanted = {job for every in hooks.scheduler_events["cron"].values() for job in every}
	assert set(jobs) == wanted
	for job in jobs:
		assert callable(frappe.get_attr(job))


def test_the_roles_exist(site):
	assert set(frappe.get_all("Role", {"name": ["in", list(ROLES)]}, pluck="name")) == set(ROLES)


def test_uninstalling_leaves_nothing_of_ours(site, embedded, as_user, users):
	"""Takes the app away and puts it back."""
	from frappe.installer import install_app, remove_app

	if frappe.db.db_type != "sqlite":
		pytest.skip("alters tables of a database that other tests share")
	with as_user(["Xero Manager"]) as user:
		pass
	frappe.db.set_single_value("Xero Settings", "client_id", "SANDBOX")
	set_encrypted_password("Xero Connection", "x", "a token", "access_token")
	matters.notify(user, Matter(Kind.CALLS_LOW, None), "Few calls are left.")
	frappe.db.commit()
	remove_app("xero_connector", yes=True)
	try:
		assert "xero_connector" not in frappe.get_installed_apps()
		assert not frappe.get_all("Custom Field", {"fieldname": ["like", "xero_%"]})
		assert not frappe.get_all("Role", {"name": ["like", "Xero %"]})
		assert not frappe.get_all("Has Role", {"role": ["like", "Xero %"]})
		assert not frappe.get_all("Scheduled Job Type", {"method": ["like", "xero_connector.%"]})
		assert not frappe.get_all("DocType", {"name": ["like", "Xero %"]})
		assert not frappe.db.sql("select 1 from `__Auth` where doctype like 'Xero %%'")
		assert not frappe.db.sql("select 1 from `tabSingles` where doctype like 'Xero %%'")
		assert not frappe.get_all("Notification Log", {"document_type": ["like", "Xero %"]})
		assert not [name for name in frappe.db.get_tables(cached=False) if name.startswith("tabXero ")]
		assert frappe.db.exists("User", user), "people stay"
	finally:
		install_app("xero_connector")
		frappe.db.commit()
		# Frappe keeps those of a site without us for as long as a request lives
		frappe.local.doc_events_hooks = None
		# those of our roles went with the app
		users.remove()


def test_a_site_from_before_the_switches_has_them_on_after_the_migration(site):
	switches = ("show_in_apps", "crm_main_tab")
	frappe.db.delete("Singles", {"doctype": "Xero Settings", "field": ("in", switches)})
	frappe.clear_document_cache("Xero Settings", "Xero Settings")
	[patch] = [line for line in patches() if "switch_places_on" in line]
	frappe.get_attr(f"{patch}.execute")()
	settings = frappe.get_doc("Xero Settings")
	assert [settings.get(switch) for switch in switches] == [1, 1]
	frappe.db.commit()


def patches() -> list[str]:
	return Path(frappe.get_app_path("xero_connector", "patches.txt")).read_text().splitlines()
