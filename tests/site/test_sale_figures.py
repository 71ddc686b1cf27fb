"""What Xero says of a sale, written on the record beside everything else that it holds, for list filters (B18), while
the settings allow everybody who may read the record to see it (B6)."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import frappe
import pytest

from tests import factories
from tests.fakes import a_document
from tests.site.sending import delivered, made
from tests.xero_world import World
from xero_connector.site import links, mirror, sale_figures
from xero_connector.site.links import Party

NOTHING = (0, 0, 0, None)


@pytest.fixture(autouse=True)
def shown(site) -> None:
	"""Switched on, as it is not by itself."""
	frappe.db.set_single_value("Xero Settings", "show_on_sales", 1)


def switch(jobs, *, on: bool) -> list[str]:
	"""As an administrator does it on the settings page; the methods of the jobs that it leads to."""
	stored = frappe.get_doc("Xero Settings")
	stored.show_on_sales = int(on)
	stored.save()
	frappe.db.commit()
	return [outcome.method for outcome in jobs.run_all()]


@pytest.fixture
def organisation(site) -> str:
	tenant = str(uuid4())
	frappe.get_doc(
		{
			"doctype": "Xero Organisation",
			"tenant_id": tenant,
			"organisation_name": "Northwind Books",
			"base_currency": "NZD",
			"time_zone": "UTC",
		}
	).insert(ignore_permissions=True)
	return tenant


def currency_of(record) -> str:
	"""In which the record counts; the books' where it names none."""
	company = record.get("company")
	return record.get("currency") or frappe.db.get_value("Company", company, "default_currency")


def document(organisation: str, record=None, **values) -> str:
	"""An authorised invoice of 120 that nothing is paid of, in the record's currency and linked to it."""
	known = {"total": Decimal(120), "amount_due": Decimal(120), "contact": None}
	if record:
		known["currency"] = currency_of(record)
	made = a_document(str(uuid4()), organisation=organisation, **{**known, **values})
	mirror.save_documents([made])
	if record:
		party = Party(record.doctype, record.name)
		links.add(party, links.DOCUMENT, made.document_id, organisation, links.CREATED)
	return made.document_id


def paid(total: int, day: date) -> dict:
	amount = Decimal(total)
	return {
		"total": amount,
		"amount_due": Decimal(0),
		"amount_paid": amount,
		"status": "Paid",
		"fully_paid_on": day,
	}


def written(record) -> tuple:
	return frappe.db.get_value(record.doctype, record.name, sale_figures.FIELDS)


@pytest.mark.parametrize("make", ["deal", "opportunity", "project"])
def test_every_kind_of_sale_says_what_it_has_brought(organisation, make):
	record = getattr(factories, make)()
	first = document(organisation, record, **paid(100, date(2026, 10, 5)))
	sale_figures.show([first])
	assert written(record) == (100, 100, 0, date(2026, 10, 5))
	second = document(organisation, record)
	sale_figures.show([second])
	assert written(record) == (220, 100, 120, None)


def test_a_sale_that_names_no_currency_counts_in_that_of_the_books(organisation):
	deal = factories.deal()
	frappe.db.set_value("CRM Deal", deal.name, "currency", None, update_modified=False)
	sale_figures.show(
		[document(organisation, deal, currency="NZD"), document(organisation, deal, currency="USD")]
	)
	assert written(deal)[0] == 120


def test_a_sale_that_is_unlinked_from_its_invoice_has_brought_nothing(organisation):
	deal = factories.deal()
	invoice = document(organisation, deal)
	sale_figures.show([invoice])
	links.remove(Party("CRM Deal", deal.name), links.DOCUMENT, invoice)
	sale_figures.refresh([Party("CRM Deal", deal.name)])
	assert written(deal) == NOTHING


def test_writing_changes_nothing_else_not_even_when_the_record_was_last_modified(organisation):
	deal = factories.deal()
	others = ("modified", "modified_by", "status", "currency")
	before = frappe.db.get_value("CRM Deal", deal.name, others)
	sale_figures.show([document(organisation, deal)])
	assert frappe.db.get_value("CRM Deal", deal.name, others) == before


@pytest.mark.parametrize("make", ["deal", "opportunity", "project"])
def test_a_form_that_was_opened_before_does_not_take_the_figures_back(organisation, make):
	opened = getattr(factories, make)()
	sale_figures.show([document(organisation, opened)])
	opened.xero_invoiced, opened.xero_paid = 7, 7
	opened.save(ignore_permissions=True)
	assert written(opened) == (120, 0, 120, None)


def test_a_copy_of_a_deal_starts_without_figures(organisation):
	deal = factories.deal()
	sale_figures.show([document(organisation, deal)])
	copy = frappe.copy_doc(frappe.get_doc("CRM Deal", deal.name))
	copy.insert(ignore_permissions=True)
	factories.registered(copy)
	assert written(copy) == NOTHING


def test_lists_can_be_filtered_by_what_is_outstanding(organisation):
	owing, settled = factories.deal(), factories.deal()
	sale_figures.show(
		[document(organisation, owing), document(organisation, settled, **paid(5, date(2026, 9, 1)))]
	)
	mine = ["in", [owing.name, settled.name]]
	found = frappe.get_list("CRM Deal", filters={"name": mine, "xero_outstanding": [">", 0]}, pluck="name")
	assert found == [owing.name]
	september = ["between", ["2026-09-01", "2026-09-30"]]
	assert frappe.get_list("CRM Deal", {"name": mine, "xero_paid_on": september}, pluck="name") == [
		settled.name
	]


def test_nobody_is_shown_figures_before_an_administrator_switches_them_on(organisation):
	frappe.db.delete("Singles", {"doctype": "Xero Settings"})
	assert frappe.get_meta("Xero Settings").get_field("show_on_sales").default == "0"
	deal = factories.deal()
	sale_figures.show([document(organisation, deal)])
	assert written(deal) == NOTHING


@pytest.mark.parametrize("make", ["deal", "opportunity", "project"])
def test_switching_on_fills_what_is_linked_already(organisation, jobs, make):
	switch(jobs, on=False)
	record, unlinked = (getattr(factories, make)() for _ in range(2))
	document(organisation, record)
	switch(jobs, on=True)
	assert (written(record), written(unlinked)) == ((120, 0, 120, None), NOTHING)


@pytest.mark.parametrize("make", ["deal", "opportunity", "project"])
def test_switching_off_empties_every_one_even_of_which_the_link_is_gone(organisation, jobs, make):
	linked, forgotten, settled = (getattr(factories, make)() for _ in range(3))
	sale_figures.show(
		[
			document(organisation, linked),
			document(organisation, forgotten),
			document(organisation, settled, **paid(100, date(2026, 10, 5))),
		]
	)
	links.forget(Party(forgotten.doctype, forgotten.name))
	before = frappe.db.get_value(linked.doctype, linked.name, "modified")
	switch(jobs, on=False)
	assert [written(record) for record in (linked, forgotten, settled)] == [NOTHING] * 3
	assert frappe.db.get_value(linked.doctype, linked.name, "modified") == before


def test_more_sales_than_one_step_holds_are_filled_and_emptied(organisation, jobs, monkeypatch):
	monkeypatch.setattr(sale_figures, "_STEP", 2)
	switch(jobs, on=False)
	deals = [factories.deal() for _ in range(5)]
	for deal in deals:
		document(organisation, deal)
	switch(jobs, on=True)
	assert [written(deal)[0] for deal in deals] == [120] * 5
	switch(jobs, on=False)
	assert [written(deal) for deal in deals] == [NOTHING] * 5


def test_a_job_that_began_before_it_was_switched_off_writes_nothing_more(organisation):
	from xero_connector.site import settings

	first, second = factories.deal(), factories.deal()
	settings.load()
	sale_figures.show([document(organisation, first)])
	# as another process does it: what this one keeps in its memory stays as it is
	frappe.db.set_value(
		"Singles",
		{"doctype": "Xero Settings", "field": "show_on_sales"},
		"value",
		"0",
		update_modified=False,
	)
	sale_figures.show([document(organisation, second)])
	assert (written(first)[0], written(second)) == (120, NOTHING)


def test_other_changes_of_the_settings_look_at_no_sale(site, jobs):
	asked = "xero_connector.tasks.refresh_sale_figures"
	assert asked in switch(jobs, on=False)
	assert asked not in switch(jobs, on=False)
	stored = frappe.get_doc("Xero Settings")
	stored.due_days = 12
	stored.save()
	frappe.db.commit()
	assert asked not in [outcome.method for outcome in jobs.run_all()]


def seen(deal) -> list[list]:
	"""The figures in a list, a report and the form, for whoever asks."""
	from frappe.client import get
	from frappe.desk import reportview

	names = list(sale_figures.FIELDS)
	listed = frappe.get_list("CRM Deal", {"name": deal.name}, names)
	frappe.local.form_dict = frappe._dict(
		doctype="CRM Deal", fields=frappe.as_json(names), filters=frappe.as_json({"name": deal.name})
	)
	reported = reportview.execute(**reportview.get_form_params())
	opened = get("CRM Deal", deal.name)
	return [[row.get(name) for name in names] for row in (*listed, *reported, opened)]


def test_who_reads_the_deal_without_a_xero_role_sees_figures_only_by_an_administrators_choice(
	ready: World, as_user
):
	switch(ready.jobs, on=False)
	deal, invoice = deal_with(ready)
	with as_user(["Sales Manager"]):
		assert seen(deal) == [list(NOTHING)] * 3
	switch(ready.jobs, on=True)
	amounts = [float(invoice.total), 0, float(invoice.amount_due), None]
	with as_user(["Sales Manager"]):
		assert seen(deal) == [amounts] * 3
	switch(ready.jobs, on=False)
	with as_user(["Sales Manager"]):
		assert seen(deal) == [list(NOTHING)] * 3


def test_a_reading_leaves_sales_empty_while_it_is_switched_off(ready: World):
	switch(ready.jobs, on=False)
	deal, invoice = deal_with(ready)
	ready.sandbox.pay(invoice.id)
	ready.read()
	assert written(deal) == NOTHING


def an_invoice(xero: World):
	books = xero.sandbox.organisations[0]
	found = (d for mine in books.documents_of.values() for d in mine)
	return next(d for d in found if d.type == "ACCREC" and d.status == "AUTHORISED" and not d.payments)


def deal_with(xero: World):
	"""A deal and the open invoice that is linked to it by the tab's button."""
	from xero_connector.api import links as api

	invoice = an_invoice(xero)
	deal = factories.deal(currency=invoice.currency)
	api.link_document(
		doctype=deal.doctype, name=deal.name, organisation=xero.organisation, document_id=invoice.id
	)
	return deal, invoice


def test_linking_and_unlinking_an_invoice_is_seen_at_once(ready: World):
	from xero_connector.api import links as api

	deal, invoice = deal_with(ready)
	assert written(deal) == (float(invoice.total), 0, float(invoice.amount_due), None)
	where = {"doctype": deal.doctype, "name": deal.name, "organisation": ready.organisation}
	api.unlink_document(**where, document_id=invoice.id)
	assert written(deal) == NOTHING


@pytest.mark.parametrize("mode", ["View Only", "Two-way"])
def test_a_payment_in_xero_is_on_the_deal_after_the_next_reading_in_every_mode(ready: World, mode):
	frappe.db.set_single_value("Xero Settings", "mode", mode)
	deal, invoice = deal_with(ready)
	due = float(invoice.amount_due)
	ready.sandbox.pay(invoice.id)
	ready.read()
	invoiced, paid_so_far, outstanding, day = written(deal)
	assert (invoiced, paid_so_far, outstanding) == (due, due, 0)
	assert day == frappe.db.get_value("Xero Invoice", invoice.id, "fully_paid_on")
	assert day


def test_sending_and_voiding_an_invoice_is_on_the_deal_at_once(ready: World):
	from xero_connector.api import documents

	deal = factories.deal(organization=factories.organization().name, value=100)
	delivered(ready, deal, status="Authorised")
	[invoice] = made(ready)
	assert invoice.total
	assert written(deal) == (float(invoice.total), 0, float(invoice.total), None)
	where = {"doctype": deal.doctype, "name": deal.name}
	documents.void(**where, document_id=invoice.id, reason="Wrong customer")
	frappe.db.commit()
	ready.jobs.run_all()
	assert written(deal) == NOTHING
