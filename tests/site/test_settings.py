"""Xero Settings: what they allow to whom, and their defaults on sites that saved them before."""

import frappe
import pytest

from xero_connector.core.policy import Right
from xero_connector.patches import fill_in_defaults
from xero_connector.site import access, settings


def choose(**values: str) -> None:
	stored = frappe.get_doc("Xero Settings")
	stored.update(values)
	stored.save()


def rights_of(user: str) -> set[str]:
	return {right.value for right in Right if access.may(right, user)}


@pytest.mark.parametrize(
	("role", "finance_only"),
	[("Xero Sales", {"see", "link"}), ("Xero Finance", {"see", "link", "draft", "send"})],
)
def test_a_preset_decides_whether_who_sells_may_draft(site, as_user, role, finance_only):
	with as_user([role]) as user:
		pass
	assert "draft" in rights_of(user)
	choose(drafting="Finance Only")
	assert rights_of(user) - {"see_bills", "see_books"} == finance_only


@pytest.mark.parametrize("role", ["Xero Manager", "Xero Finance", "Xero Sales"])
def test_view_only_refuses_all_writing_to_everybody_and_leaves_linking(site, as_user, role):
	with as_user([role]) as user:
		pass
	before = rights_of(user)
	choose(mode="View Only")
	assert before - rights_of(user) == before & {"draft", "send"}
	assert "link" in rights_of(user)


def test_settings_that_nobody_ever_saved_are_the_defaults(site):
	frappe.db.delete("Singles", {"doctype": "Xero Settings"})
	frappe.clear_document_cache("Xero Settings", "Xero Settings")
	stored = settings.load()
	assert (stored.mode, stored.view_only, stored.sales_may_draft) == ("Link and Draft", False, True)
	assert (stored.initial_status, stored.auto_send, stored.due_days) == ("Draft", "Off", 30)


def test_a_site_from_before_these_settings_has_their_defaults_after_the_migration(site):
	frappe.get_doc("Xero Settings").update({"enabled": 0, "due_days": 14}).save()
	before = ("enabled", "due_days", "show_bills")
	frappe.db.delete("Singles", {"doctype": "Xero Settings", "field": ("not in", before)})
	frappe.clear_document_cache("Xero Settings", "Xero Settings")
	fill_in_defaults.execute()
	settings = frappe.get_doc("Xero Settings")
	assert (settings.enabled, settings.due_days) == (0, 14)
	assert (settings.mode, settings.drafting, settings.auto_send) == (
		"Link and Draft",
		"Sales May Draft",
		"Off",
	)
	assert (settings.initial_status, settings.line_amount_types) == ("Draft", "Exclusive")
	assert (settings.item_policy, settings.person_policy) == ("Create and Update", "Never")
	settings.save()


def test_a_site_that_never_saved_its_settings_is_left_to_their_defaults(site):
	frappe.db.delete("Singles", {"doctype": "Xero Settings"})
	fill_in_defaults.execute()
	assert not frappe.db.exists("Singles", {"doctype": "Xero Settings"})
	assert frappe.get_doc("Xero Settings").mode == "Link and Draft"
