"""What is asked of Xero when nobody asks: polls of single lists, and the whole once a week."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest

from tests.xero_world import World
from xero_connector import reading, tasks
from xero_connector.core.model import Endpoint
from xero_connector.site import organisations, polls

HOUR, WEEK = 3600, 7 * 86_400


def turn(world: World) -> list[str]:
	"""What the scheduler does every five minutes; the lists that Xero was asked for."""
	before = len(world.calls())
	tasks.read_all()
	world.jobs.run_all()
	paths = [call.path.rpartition("/")[2] for call in world.calls()[before:]]
	return [path for path in paths if path in ("Contacts", "Invoices", "CreditNotes")]


def part_paid(world: World):
	"""A part-paid invoice, with its row in the mirror."""
	books = world.sandbox.organisations[0]
	invoice = next(
		row
		for row in books.invoices
		if row.type == "ACCREC" and row.status == "AUTHORISED" and not row.amount_paid and row.amount_due > 2
	)
	world.sandbox.pay(invoice.id, "1.00")
	world.read()
	return invoice


def mirrored(doctype: str, name: str, field: str):
	return frappe.db.get_value(doctype, name, field)


def test_nothing_is_asked_for_right_after_a_reading(ready: World):
	assert turn(ready) == []


def test_a_turn_asks_for_the_lists_whose_time_has_come(ready: World):
	with ready.clock() as later:
		later(300)
		assert turn(ready) == ["Invoices"]
		later(600)
		assert turn(ready) == ["Contacts", "Invoices", "CreditNotes"]


def test_a_quiet_hour_makes_polls_rarer_and_a_change_frequent_again(ready: World):
	invoice = part_paid(ready)
	with ready.clock() as later:
		asked = []
		for _ in range(12):
			later(300)
			asked.append("Invoices" in turn(ready))
		assert asked.count(True) == 5
		ready.sandbox.pay(invoice.id)
		later(900)
		assert "Invoices" in turn(ready)
		later(300)
		assert "Invoices" in turn(ready)
	assert mirrored("Xero Invoice", invoice.id, "status") == "Paid"


def test_what_is_asked_for_while_a_reading_is_under_way_is_read_before_it_ends(
	xero: World, monkeypatch: pytest.MonkeyPatch
):
	asked = []
	page = reading.Reader.page

	def once_more(self, endpoint, since, number):
		if endpoint is Endpoint.CREDIT_NOTES and not asked:
			asked.append(tasks.enqueue_read(xero.organisation))
		return page(self, endpoint, since, number)

	monkeypatch.setattr(reading.Reader, "page", once_more)
	xero.read()
	assert len(xero.calls("Contacts")) == len(xero.calls("Invoices")) == 2


def test_an_outage_leaves_a_list_due(ready: World):
	with ready.clock() as later:
		later(HOUR)
		ready.sandbox.fault("offline", match="Invoices")
		turn(ready)
		assert organisations.get(ready.organisation).problem
		# what was read before the outage is not read again
		assert turn(ready) == ["Invoices", "CreditNotes"]
	assert not organisations.get(ready.organisation).problem


def test_the_moment_shown_is_that_of_the_invoices(ready: World):
	before = organisations.get(ready.organisation).last_sync
	with ready.clock() as later:
		later(HOUR)
		turn(ready)
		after = organisations.get(ready.organisation).last_sync
	assert after - before >= timedelta(hours=1)


def test_the_weekly_pass_finds_what_xero_leaves_out_of_its_changes(ready: World):
	invoice = part_paid(ready)
	new_day = invoice.due_date + timedelta(days=14)
	with ready.clock() as later:
		later(HOUR)
		part_paid(ready)
		ready.sandbox.edit_invoice(invoice.id, due_date=new_day)
		ready.read()
		assert str(mirrored("Xero Invoice", invoice.id, "due_date")) != str(new_day)
		later(WEEK)
		turn(ready)
	assert str(mirrored("Xero Invoice", invoice.id, "due_date")) == str(new_day)


def test_the_weekly_pass_comes_once_a_week(ready: World):
	with ready.clock() as later:
		later(WEEK)
		assert turn(ready).count("Invoices") == 2
		later(HOUR)
		assert turn(ready).count("Invoices") == 1


def test_a_pass_that_was_stopped_goes_on_where_it_was(ready: World, monkeypatch: pytest.MonkeyPatch):
	page = reading.Reader.page
	asked: list[Endpoint] = []

	def stopped(self, endpoint, since, number):
		asked.append(endpoint)
		if len(asked) == 4:
			# of the pass, the contacts are read by now
			organisations.request_stop(ready.organisation)
		return page(self, endpoint, since, number)

	monkeypatch.setattr(reading.Reader, "page", stopped)
	with ready.clock() as later:
		later(WEEK)
		turn(ready)
		assert polls.pass_due(ready.organisation)
		assert organisations.overview()[0]["sync_state"] == "Stopped"
		ready.read()
	assert not polls.pass_due(ready.organisation)


def test_a_document_that_xero_does_not_know_any_more_is_owed_by_nobody(ready: World):
	books = ready.sandbox.organisations[0]
	invoice = next(row for row in books.invoices if row.status == "AUTHORISED" and row.type == "ACCREC")
	forget(books.invoices, invoice)
	with ready.clock() as later:
		later(WEEK)
		turn(ready)
	assert mirrored("Xero Invoice", invoice.id, ["status", "amount_due"]) == ("Deleted", 0)


def forget(table, row) -> None:
	"""Xero hardly ever does."""
	del table._rows[row.id]
	table._by_age.remove(row)
	table._ids.remove(row.id)


def test_chosen_documents_and_contacts_are_brought_in_one_call_each(ready: World):
	books = ready.sandbox.organisations[0]
	invoices = [row for row in books.invoices if row.status == "AUTHORISED" and row.type == "ACCREC"][:3]
	contacts = list(books.contacts)[:40]
	notes = list(books.credit_notes)[:2]
	for invoice in invoices:
		ready.sandbox.pay(invoice.id)
	ready.sandbox.edit_contact(contacts[0].id, Name="Renamed Ltd")
	before = len(ready.calls())
	reading.bring(ready.organisation, Endpoint.INVOICES, [row.id for row in invoices])
	reading.bring(ready.organisation, Endpoint.CONTACTS, [row.id for row in contacts])
	reading.bring(ready.organisation, Endpoint.CREDIT_NOTES, [row.id for row in notes])
	assert len(ready.calls()) == before + 3
	assert {mirrored("Xero Invoice", row.id, "status") for row in invoices} == {"Paid"}
	assert mirrored("Xero Contact", contacts[0].id, "contact_name") == "Renamed Ltd"


def test_many_ids_go_in_addresses_that_xero_takes(ready: World):
	invoices = [row.id for row in ready.sandbox.organisations[0].invoices][:81]
	assert len(invoices) == 81
	before = len(ready.calls("Invoices"))
	reading.bring(ready.organisation, Endpoint.INVOICES, [*invoices, *invoices])
	assert len(ready.calls("Invoices")) == before + 3


def test_bringing_nothing_costs_no_call(ready: World):
	before = len(ready.calls())
	reading.bring(ready.organisation, Endpoint.INVOICES, [])
	assert len(ready.calls()) == before
