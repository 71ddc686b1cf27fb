"""The mirror against the sandbox's own books: first load, delta, stop, resume, and what changed in Xero."""

from decimal import Decimal

import frappe
import pytest

from tests.xero_world import World
from xero_connector import bootstrap, tasks
from xero_connector.api import connection
from xero_connector.core.model import Endpoint
from xero_connector.site import mirror, organisations
from xero_connector.xero.reader import Reader


def in_mirror(doctype: str, organisation: str) -> dict[str, dict]:
	return {
		row.name: row
		for row in frappe.get_all(doctype, filters={"organisation": organisation}, fields=["*"], limit=0)
	}


def books(xero: World):
	return xero.sandbox.organisations[0]


def test_every_contact_and_document_of_xero_is_in_the_mirror(xero: World):
	xero.read()
	documents = in_mirror("Xero Invoice", xero.organisation)
	expected = {row.id for table in (books(xero).invoices, books(xero).credit_notes) for row in table}
	assert set(documents) == expected
	assert set(in_mirror("Xero Contact", xero.organisation)) == {row.id for row in books(xero).contacts}


def test_the_money_of_the_mirror_is_that_of_xero_to_the_cent(xero: World):
	xero.read()
	documents = in_mirror("Xero Invoice", xero.organisation)
	for row in books(xero).invoices:
		mine = documents[row.id]
		assert Decimal(str(mine.total)).quantize(Decimal("0.01")) == row.total, row.number
		assert Decimal(str(mine.amount_due)).quantize(Decimal("0.01")) == row.amount_due, row.number


def test_instalments_are_kept_with_date_amount_and_kind(xero: World):
	xero.read()
	paid = [row for row in books(xero).payments if row.document.type in ("ACCREC", "ACCPAY")]
	kept = frappe.get_all(
		"Xero Payment", filters={"kind": "Payment"}, fields=["payment_id", "amount", "date"]
	)
	amounts = {row.payment_id: Decimal(str(row.amount)).quantize(Decimal("0.01")) for row in kept}
	live = [row for row in paid if row.status == "AUTHORISED"]
	assert live
	assert all(amounts[row.id] == row.amount for row in live)


def test_the_settings_lists_are_mirrored_and_a_sales_account_is_chosen(xero: World):
	xero.read()
	assert frappe.db.count("Xero Account", {"organisation": xero.organisation}) == len(books(xero).accounts)
	assert frappe.db.count("Xero Tax Rate", {"organisation": xero.organisation}) == len(books(xero).tax_rates)
	assert frappe.db.count("Xero Item", {"organisation": xero.organisation}) == len(books(xero).items)
	chosen = frappe.db.get_value("Xero Organisation", xero.organisation, "sales_account")
	assert frappe.db.get_value("Xero Account", chosen, "account_type") in ("REVENUE", "SALES")
	[shown] = organisations.overview()
	assert shown["sales_account"].startswith("200 ")


def test_branding_themes_and_currencies_are_mirrored_and_those_that_are_gone_go(xero: World):
	xero.read()
	kept = in_mirror("Xero Branding Theme", xero.organisation)
	assert {row.theme_name for row in kept.values()} == {"Standard", "Very orange invoice!"}
	assert frappe.db.get_value("Xero Organisation", xero.organisation, "currencies") == "NZD USD AUD"
	books(xero).branding_themes.pop()
	organisations.lists_wanted(xero.organisation)
	xero.read()
	kept = in_mirror("Xero Branding Theme", xero.organisation)
	assert [row.theme_name for row in kept.values()] == ["Standard"]


def test_a_contacts_payment_terms_of_sales_are_mirrored_and_so_is_their_absence(xero: World):
	xero.read()
	kept = in_mirror("Xero Contact", xero.organisation)
	for row in books(xero).contacts:
		terms = row.fields.get("PaymentTerms", {}).get("Sales", {"Day": 0, "Type": None})
		mine = kept[row.id]
		assert (mine.payment_terms_day, mine.payment_terms_type) == (terms["Day"], terms["Type"]), row.name
	assert {row.payment_terms_type for row in kept.values()} > {None, "OFFOLLOWINGMONTH"}


def test_a_delta_asks_only_for_what_changed_and_brings_the_payment(xero: World):
	xero.read()
	invoice = next(row for row in books(xero).invoices if row.type == "ACCREC" and row.status == "AUTHORISED")
	xero.sandbox.advance(600)
	xero.sandbox.pay(invoice.id)
	before = len(xero.calls())
	xero.read()
	assert all("If-Modified-Since" in call.headers for call in xero.calls("Invoices")[1:])
	row = frappe.get_doc("Xero Invoice", invoice.id)
	assert (row.status, row.amount_due) == ("Paid", 0)
	assert len(xero.calls()) - before == 3, "one page of each endpoint"


def test_the_settings_lists_are_read_once_a_day_and_on_refresh(xero: World, jobs):
	xero.read()
	xero.read()
	assert len(xero.calls("Accounts")) == 1
	connection.refresh_organisation(organisation=xero.organisation)
	jobs.run_all()
	assert len(xero.calls("Accounts")) == 2
	yesterday = frappe.utils.add_to_date(frappe.utils.now_datetime(), days=-3)
	frappe.db.set_value("Xero Organisation", xero.organisation, "lists_read_utc", yesterday)
	xero.read()
	assert len(xero.calls("Accounts")) == 3


def test_reading_again_changes_nothing_and_doubles_nothing(xero: World):
	xero.read()
	before = in_mirror("Xero Invoice", xero.organisation)
	payments = frappe.db.count("Xero Payment")
	xero.read()
	after = in_mirror("Xero Invoice", xero.organisation)
	assert {name: row.total for name, row in after.items()} == {n: row.total for n, row in before.items()}
	assert frappe.db.count("Xero Payment") == payments


def test_voided_documents_and_archived_and_merged_contacts_follow(xero: World):
	xero.read()
	invoice = next(
		row
		for row in books(xero).invoices
		if row.type == "ACCREC" and row.status == "AUTHORISED" and row.amount_paid == 0 == row.amount_credited
	)
	loser, winner = [row for row in books(xero).contacts if row.status == "ACTIVE"][:2]
	xero.sandbox.advance(600)
	xero.sandbox.void(invoice.id)
	xero.sandbox.merge_contacts(loser.id, winner.id)
	xero.read()
	assert frappe.db.get_value("Xero Invoice", invoice.id, "status") == "Voided"
	status, merged_into = frappe.db.get_value("Xero Contact", loser.id, ["status", "merged_into"])
	assert (status, merged_into) == ("Archived", winner.id)


def test_a_contact_renamed_in_xero_is_renamed_on_its_documents(xero: World):
	xero.read()
	contact = max(
		(c for c in books(xero).contacts if c.status == "ACTIVE"),
		key=lambda c: len(books(xero).documents_of[c.id]),
	)
	others = frappe.db.count("Xero Invoice", {"contact_name": ["!=", contact.name]})
	xero.sandbox.advance(600)
	xero.sandbox.edit_contact(contact.id, Name="Renamed & Sons")
	xero.read()
	names = frappe.get_all("Xero Invoice", {"contact": contact.id}, pluck="contact_name")
	assert names
	assert set(names) == {"Renamed & Sons"}
	assert frappe.db.count("Xero Invoice", {"contact_name": ["!=", "Renamed & Sons"]}) == others


def test_reading_stops_between_pages_and_goes_on_there(xero: World, monkeypatch):
	monkeypatch.setattr("xero_connector.xero.reader.Reader.__init__.__defaults__", (20,))
	progress = organisations.note_progress

	def stop_after_two(name, endpoint, done, total):
		progress(name, endpoint, done, total)
		if endpoint is Endpoint.INVOICES and len(xero.calls("Invoices")) == 2:
			organisations.request_stop(name)

	monkeypatch.setattr(organisations, "note_progress", stop_after_two)
	xero.read()
	row = frappe.get_doc("Xero Organisation", xero.organisation)
	assert (row.sync_state, row.last_sync_utc) == ("Stopped", None)
	asked = len(xero.calls("Invoices"))
	assert asked == 2
	xero.read()
	assert "If-Modified-Since" in xero.calls("Invoices")[asked].headers, "not from the start again"
	assert frappe.db.get_value("Xero Organisation", xero.organisation, "sync_state") == "Idle"
	assert frappe.db.count("Xero Invoice") == len(books(xero).invoices) + len(books(xero).credit_notes)


def test_a_job_that_dies_between_pages_loses_nothing(xero: World, monkeypatch):
	monkeypatch.setattr("xero_connector.xero.reader.Reader.__init__.__defaults__", (20,))
	save = mirror.SiteMirror.save
	saved = []

	def die_on_the_third(self, endpoint, rows, cursor):
		if endpoint is Endpoint.INVOICES and len(saved) == 2:
			raise KeyboardInterrupt
		save(self, endpoint, rows, cursor)
		saved.extend([endpoint] if endpoint is Endpoint.INVOICES else [])

	monkeypatch.setattr(mirror.SiteMirror, "save", die_on_the_third)
	with pytest.raises(KeyboardInterrupt):
		xero.read()
	monkeypatch.setattr(mirror.SiteMirror, "save", save)
	xero.read()
	assert set(in_mirror("Xero Invoice", xero.organisation)) == {
		row.id for table in (books(xero).invoices, books(xero).credit_notes) for row in table
	}


def test_an_answer_that_comes_late_does_not_bring_old_figures_back(xero: World):
	xero.read()
	invoice = next(row for row in books(xero).invoices if row.type == "ACCREC" and row.status == "AUTHORISED")
	reader = Reader(bootstrap.client(xero.organisation), xero.organisation)
	late = [row for row in reader.page(Endpoint.INVOICES, None, 1).rows if row.document_id == invoice.id]
	xero.sandbox.advance(600)
	xero.sandbox.pay(invoice.id)
	xero.read()
	mirror.save_documents(late)
	assert frappe.db.get_value("Xero Invoice", invoice.id, "status") == "Paid"
	assert frappe.db.exists("Xero Payment", {"parent": invoice.id})


def test_an_outage_is_kept_for_the_settings_page_and_cured_by_the_next_run(xero: World):
	xero.sandbox.fault("status", match="Invoices", status=503)
	xero.read()
	row = frappe.get_doc("Xero Organisation", xero.organisation)
	assert (row.sync_state, row.error_code) == ("Failed", "unavailable")
	assert frappe.db.count("Xero Contact") == len(books(xero).contacts), "what was read stays"
	xero.read()
	row.reload()
	assert (row.sync_state, row.error_code) == ("Idle", None)


def test_the_scheduled_job_queues_every_connected_organisation_once(xero: World, jobs):
	for _ in range(2):
		tasks.read_all()
		frappe.db.commit()
	assert len(jobs.run_all()) == 1
	assert frappe.db.get_value("Xero Organisation", xero.organisation, "last_sync_utc")


def test_no_job_is_queued_while_xero_is_switched_off(xero: World, jobs):
	frappe.db.set_single_value("Xero Settings", "enabled", 0)
	tasks.read_all()
	tasks.send_due()
	frappe.db.commit()
	assert jobs.run_all() == []
