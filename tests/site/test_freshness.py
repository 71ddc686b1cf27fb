"""How fresh the tab is: its version, and the refresh of one record's documents."""

import frappe

from tests import factories
from tests.xero_world import World
from xero_connector import reading
from xero_connector.api import panel
from xero_connector.site import links
from xero_connector.site.links import Party


def unpaid_invoices(xero: World, contact) -> list:
	return [
		row
		for row in xero.sandbox.organisations[0].documents_of[contact.id]
		if row.type == "ACCREC" and row.status == "AUTHORISED" and row.amount_due > 0
	]


def customers(xero: World) -> list:
	"""Xero customers who owe something, those with the most first."""
	active = [c for c in xero.sandbox.organisations[0].contacts if c.status == "ACTIVE"]
	owing = [contact for contact in active if unpaid_invoices(xero, contact)]
	return sorted(owing, key=lambda contact: -len(unpaid_invoices(xero, contact)))


def linked_to(xero: World, contact):
	person = factories.contact()
	party = Party(person.doctype, person.name)
	links.add(party, links.CONTACT, contact.id, xero.organisation, links.BY_USER)
	frappe.db.commit()
	return person


def of(document) -> dict:
	return {"doctype": document.doctype, "name": document.name}


def refresh(document, jobs) -> None:
	panel.refresh(**of(document))
	frappe.db.commit()
	jobs.run_all()


def unpaid_invoice(xero: World, contact):
	return unpaid_invoices(xero, contact)[0]


def test_refresh_brings_this_records_news_in_two_calls(ready: World, jobs):
	mine = customers(ready)[0]
	person = linked_to(ready, mine)
	before = panel.get(**of(person))
	ready.sandbox.advance(600)
	invoice = unpaid_invoice(ready, mine)
	ready.sandbox.pay(invoice.id)
	calls = len(ready.sandbox.requests)
	refresh(person, jobs)
	assert len(ready.sandbox.requests) - calls == 2
	after = panel.get(**of(person))
	assert float(after["overview"]["unpaid"]) == float(
		ready.sandbox.figures(ready.organisation, mine.id)["unpaid"]
	)
	assert after["version"] != before["version"]
	assert after["organisation"]["as_of"] > before["organisation"]["as_of"]


def test_refresh_leaves_other_records_to_the_next_reading(ready: World, jobs):
	mine, other = customers(ready)[:2]
	person, neighbour = linked_to(ready, mine), linked_to(ready, other)
	before = panel.get(**of(neighbour))
	ready.sandbox.advance(600)
	ready.sandbox.pay(unpaid_invoice(ready, other).id)
	refresh(person, jobs)
	after = panel.get(**of(neighbour))
	assert after["overview"] == before["overview"]
	assert after["organisation"]["as_of"] == before["organisation"]["as_of"]
	ready.read()
	assert panel.get(**of(neighbour))["overview"] != before["overview"]


def test_refresh_brings_credit_notes_too(ready: World, jobs):
	notes = ready.sandbox.organisations[0].credit_notes
	note = next(
		row
		for row in notes
		if row.type == "ACCRECCREDIT"
		and row.contact.status == "ACTIVE"
		and not (row.allocations or row.payments)
	)
	person = linked_to(ready, note.contact)
	ready.sandbox.advance(600)
	ready.sandbox.void(note.id)
	refresh(person, jobs)
	assert frappe.db.get_value("Xero Invoice", note.id, "status") == "Voided"


def test_refresh_of_a_deal_with_linked_invoices_alone_reads_their_customers(ready: World, jobs):
	mine = customers(ready)[0]
	invoice = unpaid_invoice(ready, mine)
	deal = factories.deal(organization=factories.organization().name)
	party = Party(deal.doctype, deal.name)
	links.add(party, links.DOCUMENT, invoice.id, ready.organisation, links.BY_USER)
	frappe.db.commit()
	ready.sandbox.advance(600)
	ready.sandbox.pay(invoice.id)
	refresh(deal, jobs)
	[row] = panel.get(**of(deal))["list"]["rows"]
	assert row["status"] == "Paid"


def test_a_refresh_that_fails_says_why_and_the_next_one_takes_it_back(ready: World, jobs):
	person = linked_to(ready, customers(ready)[0])
	before = panel.version(**of(person))
	ready.sandbox.fault("offline", times=1)
	refresh(person, jobs)
	failed = panel.version(**of(person))
	assert failed["version"] != before["version"]
	assert "not available" in failed["problem"]
	assert panel.get(**of(person))["overview"], "what was read stays readable"
	refresh(person, jobs)
	assert panel.version(**of(person))["problem"] is None


def test_the_version_stays_while_nothing_happens_and_moves_when_a_job_has_read(ready: World):
	person = linked_to(ready, customers(ready)[0])
	shown = panel.get(**of(person))
	assert panel.version(**of(person))["version"] == shown["version"]
	assert panel.version(**of(person))["as_of"] == shown["organisation"]["as_of"]
	ready.read()
	moved = panel.version(**of(person))
	assert moved["version"] != shown["version"]
	assert moved["as_of"] > shown["organisation"]["as_of"]


def test_open_tabs_are_told_whose_documents_came(ready: World, jobs, monkeypatch):
	told = []
	monkeypatch.setattr(
		frappe, "publish_realtime", lambda event, message, user=None, **_: told.append((event, message))
	)
	mine = customers(ready)[0]
	person = linked_to(ready, mine)
	reading.refresh_contacts(ready.organisation, [mine.id])
	assert ("xero_updated", {"organisation": ready.organisation, "contacts": [mine.id]}) in told
	told.clear()
	ready.read()
	assert ("xero_updated", {"organisation": ready.organisation, "contacts": None}) in told
	assert panel.get(**of(person))["state"] == "linked"
