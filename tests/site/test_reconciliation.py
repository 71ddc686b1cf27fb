"""Reconciliation (B4): the mirror agrees with Xero to the cent, or what differs is named and can be read again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
import pytest

from tests.site.sending import calls, refused, settings
from tests.xero_world import World
from xero_connector import reconciling, tasks
from xero_connector.api import home, reconciliation, tools
from xero_connector.core.model import Endpoint
from xero_connector.site import reconciliations, runs
from xero_sandbox import lists

Answer = dict[str, Any]


def worked(xero: World, asked: Answer) -> Answer:
	frappe.db.commit()
	xero.jobs.run_all()
	return reconciliation.get(name=asked["reconciliation"])


def compared(xero: World) -> Answer:
	return worked(xero, tools.reconcile(organisation=xero.organisation))


def fixed(xero: World, found: Answer) -> Answer:
	return worked(xero, reconciliation.fix_all(reconciliation=found["reconciliation"]))


def rows_of(found: Answer) -> list[Answer]:
	return [row for customer in found["customers"] for row in customer["rows"]]


def differing(found: Answer) -> list[tuple[str, str, str]]:
	return [(row["kind"], row["subject"], row["title"]) for row in rows_of(found)]


def open_invoice(xero: World, status: str = "AUTHORISED") -> Any:
	"""One of Xero's invoices that is old enough for no delta to bring it again."""
	books = xero.sandbox.organisations[0]
	newest = max(row.updated for row in books.invoices)
	return next(
		row
		for row in books.invoices
		if row.type == "ACCREC" and row.status == status and row.updated < newest - 600_000
	)


def lose(xero: World, document: Any) -> None:
	frappe.db.delete("Xero Invoice", {"name": document.id})
	frappe.db.delete("Xero Payment", {"parent": document.id})
	frappe.db.commit()


def change(name: str, doctype: str = "Xero Invoice", **values: Any) -> None:
	frappe.db.set_value(doctype, name, values, update_modified=False)
	frappe.db.commit()


def test_what_was_read_agrees_to_the_cent(ready: World):
	found = compared(ready)
	assert (found["state"], found["agrees"], found["customers"]) == ("Agrees", True, [])
	assert found["run"]["state"] == "Done"
	books = ready.sandbox.organisations[0]
	figures = found["figures"]
	alive = [row for row in books.invoices if row.status != "DELETED"]
	assert figures["invoices_here"] == figures["invoices_in_xero"] == len(alive)
	assert figures["contacts_here"] == figures["contacts_in_xero"] == len(books.contacts)
	assert figures["receivable_here"] == figures["receivable_in_xero"] != "0.00"
	assert figures["payable_here"] == figures["payable_in_xero"]


def test_it_costs_a_call_for_contacts_and_one_for_each_count_beside_the_delta(ready: World):
	asked = calls(ready, lambda: compared(ready))
	assert sorted(asked) == ["GET Contacts"] * 2 + ["GET CreditNotes"] * 2 + ["GET Invoices"] * 2


def test_a_lost_open_invoice_is_missing_until_it_is_read_again(ready: World):
	invoice = open_invoice(ready)
	lose(ready, invoice)
	found = compared(ready)
	assert (found["state"], found["differences"], found["fixed"]) == ("Differs", 1, 0)
	assert differing(found) == [("Missing", "Invoice", invoice.number)]
	[customer] = found["customers"]
	[row] = customer["rows"]
	assert (customer["name"], invoice.id in row["url"]) == (invoice.contact.name, True)
	assert (row["here"], row["in_xero"], row["currency"]) == (
		"0.00",
		str(invoice.amount_due),
		invoice.currency,
	)
	figures = found["figures"]
	assert figures["invoices_in_xero"] == figures["invoices_here"] + 1

	after = fixed(ready, found)
	assert (after["state"], after["fixed"], after["fixing"]["state"]) == ("Fixed", 1, "Done")
	assert frappe.db.get_value("Xero Invoice", invoice.id, "amount_due") == float(invoice.amount_due)
	assert compared(ready)["state"] == "Agrees"


def test_a_lost_paid_invoice_which_stands_in_no_balance_is_found_by_the_count(ready: World):
	invoice = open_invoice(ready, "PAID")
	lose(ready, invoice)
	found = compared(ready)
	assert differing(found) == [("Missing", "Invoice", invoice.number)]
	assert found["figures"]["receivable_here"] == found["figures"]["receivable_in_xero"]
	fixed(ready, found)
	assert compared(ready)["state"] == "Agrees"


def test_a_lost_credit_note_is_found_by_the_count(ready: World):
	note = min(ready.sandbox.organisations[0].credit_notes, key=lambda row: row.updated)
	lose(ready, note)
	assert [row["title"] for row in rows_of(compared(ready))] == [note.number]


def test_an_amount_that_is_not_xeros_is_named_with_both_and_put_right(ready: World):
	invoice = open_invoice(ready)
	change(invoice.id, amount_due=float(invoice.amount_due) + 0.01)
	found = compared(ready)
	assert differing(found) == [("Different", "Invoice", invoice.number)]
	[row] = rows_of(found)
	assert [each["label"] for each in row["fields"]] == ["Amount Due"]
	assert float(row["here"]) - float(row["in_xero"]) == pytest.approx(0.01)
	[sum_of] = [each for each in found["currencies"] if not each["agrees"]]
	assert (sum_of["document_type"], sum_of["currency"]) == ("Invoice", invoice.currency)
	fixed(ready, found)
	assert compared(ready)["state"] == "Agrees"


def test_what_claims_to_be_newer_than_xeros_is_read_again_all_the_same(ready: World):
	invoice = open_invoice(ready)
	newest = frappe.get_all("Xero Invoice", pluck="updated_utc", order_by="updated_utc desc", limit=1)
	change(invoice.id, amount_due=1, updated_utc=newest[0])
	found = compared(ready)
	assert differing(found) == [("Different", "Invoice", invoice.number)]
	fixed(ready, found)
	assert frappe.db.get_value("Xero Invoice", invoice.id, "amount_due") == float(invoice.amount_due)


def test_a_due_date_that_xero_changed_without_a_word_is_found_by_what_is_overdue(ready: World):
	books = ready.sandbox.organisations[0]
	today = ready.sandbox.clock.today(books.timezone)
	invoice = next(
		row
		for row in books.invoices
		if row.type == "ACCREC" and row.status == "AUTHORISED" and row.due_date and row.due_date < today
	)
	ready.sandbox.pay(invoice.id, "0.01")
	ready.sandbox.advance(300)
	ready.sandbox.pay(
		next(row for row in books.invoices if row.status == "AUTHORISED" and row is not invoice).id
	)
	ready.read()
	ready.sandbox.edit_invoice(invoice.id, due_date=today.replace(year=today.year + 1))
	found = compared(ready)
	assert [row["fields"][0]["label"] for row in rows_of(found)] == ["Due Date"]
	fixed(ready, found)
	assert compared(ready)["state"] == "Agrees"


def test_what_xero_has_not_any_more_is_extra_and_then_deleted(ready: World):
	invoice = open_invoice(ready)
	copy = frappe.get_doc("Xero Invoice", invoice.id).as_dict()
	frappe.get_doc({**copy, "name": "ghost", "number": "GHOST-1", "payments": []}).db_insert()
	frappe.db.commit()
	found = compared(ready)
	assert differing(found) == [("Extra", "Invoice", "GHOST-1")]
	assert rows_of(found)[0]["url"] is None
	fixed(ready, found)
	assert frappe.db.get_value("Xero Invoice", "ghost", ["status", "amount_due"]) == ("Deleted", 0)
	assert compared(ready)["state"] == "Agrees"


def test_a_contact_that_is_lost_or_called_otherwise_is_found_and_read_again(ready: World):
	books = ready.sandbox.organisations[0]
	lost, renamed, *_others = sorted(
		(row for row in books.contacts if row.status == "ACTIVE"), key=lambda row: row.updated
	)
	frappe.db.delete("Xero Contact", {"name": lost.id})
	change(renamed.id, "Xero Contact", contact_name="Somebody else")
	found = compared(ready)
	assert {row["kind"]: row["title"] for row in rows_of(found)} == {
		"Missing": lost.name,
		"Different": renamed.name,
	}
	fixed(ready, found)
	assert frappe.db.get_value("Xero Contact", renamed.id, "contact_name") == renamed.name
	assert compared(ready)["state"] == "Agrees"


def test_balances_that_xero_tells_of_in_no_list_of_changes_are_kept(ready: World):
	invoice = open_invoice(ready)
	change(invoice.contact.id, "Xero Contact", receivable_outstanding=1)
	assert compared(ready)["state"] == "Agrees"
	kept = frappe.db.get_value("Xero Contact", invoice.contact.id, "receivable_outstanding")
	assert kept != 1


@pytest.mark.parametrize("together", [20, 1], ids=["asked for together", "asked for one after the other"])
def test_a_document_of_another_contact_is_one_difference_that_explains_both(
	ready: World, monkeypatch, together
):
	monkeypatch.setattr(reconciling, "_CONTACTS_A_CALL", together)
	invoice = open_invoice(ready)
	other = next(
		row
		for row in ready.sandbox.organisations[0].contacts
		if row.status == "ACTIVE" and row is not invoice.contact
	)
	change(invoice.id, contact=other.id)
	[row] = rows_of(compared(ready))
	assert (row["kind"], [each["label"] for each in row["fields"]]) == ("Different", ["Contact"])


def test_what_changes_in_xero_while_it_is_compared_is_no_difference(ready: World, monkeypatch):
	invoice = open_invoice(ready)
	read = reconciling._Comparison.read

	def read_and_then(comparison: Any) -> None:
		read(comparison)
		if invoice.status == "AUTHORISED":
			ready.sandbox.advance(120)
			ready.sandbox.pay(invoice.id)

	monkeypatch.setattr(reconciling._Comparison, "read", read_and_then)
	assert compared(ready)["state"] == "Agrees"


def test_where_many_are_in_doubt_all_documents_are_gone_through(ready: World, monkeypatch):
	monkeypatch.setattr(reconciling, "MOST_SUSPECTS", 0)
	invoice = open_invoice(ready)
	change(invoice.id, amount_due=1)
	answers: list[Answer] = []
	asked = calls(ready, lambda: answers.append(compared(ready)))
	assert differing(answers[0]) == [("Different", "Invoice", invoice.number)]
	assert asked.count("GET Invoices") == 3, "the delta, the count, and all of them"


def test_a_balance_that_no_document_explains_is_told_and_stays_open(ready: World, monkeypatch):
	invoice = open_invoice(ready)
	told = lists.balances

	def odd(organisation: Any, row: Any, today: Any) -> Any:
		found = told(organisation, row, today)
		if row is invoice.contact:
			found["AccountsReceivable"]["Outstanding"] += 5
		return found

	monkeypatch.setattr(lists, "balances", odd)
	invoice.contact.encoded.clear()
	found = compared(ready)
	[row] = rows_of(found)
	assert (row["kind"], row["subject"], row["title"]) == ("Balance", "Contact", invoice.contact.name)
	assert float(row["in_xero"]) - float(row["here"]) == pytest.approx(5)
	after = fixed(ready, found)
	assert (after["state"], after["fixed"]) == ("Differs", 0)
	[result] = tools.progress(run=after["fixing"]["run"])["rows"]
	assert "balance" in result["message"]


def test_one_row_can_be_fixed_alone(ready: World):
	first = open_invoice(ready)
	lose(ready, first)
	second = open_invoice(ready, "PAID")
	lose(ready, second)
	found = compared(ready)
	one, _other = rows_of(found)
	asked = reconciliation.fix(reconciliation=found["reconciliation"], row=one["row"])
	after = worked(ready, asked)
	assert (after["state"], after["fixed"], after["differences"]) == ("Differs", 1, 2)
	assert refused(lambda: reconciliation.fix(reconciliation=found["reconciliation"], row=one["row"])) == (
		"nothing_to_fix",
		None,
	)


def test_before_the_first_load_there_is_nothing_to_compare(xero: World):
	assert refused(lambda: tools.reconcile(organisation=xero.organisation))[0] == "not_read_yet"
	tasks.reconcile_all()
	assert reconciliations.latest(xero.organisation) is None


def test_asked_for_twice_it_is_compared_once(ready: World):
	first = tools.reconcile(organisation=ready.organisation)
	second = tools.reconcile(organisation=ready.organisation)
	assert first["reconciliation"] == second["reconciliation"]
	assert first["run"]["total"] == 4


def test_stopped_it_goes_on_where_it_was(ready: World, monkeypatch):
	lose(ready, open_invoice(ready))
	asked = tools.reconcile(organisation=ready.organisation)
	keep = reconciling._Comparison.keep

	def keep_and_stop(comparison: Any, stage: str, found: Any) -> None:
		keep(comparison, stage, found)
		tools.stop(run=asked["run"]["run"])

	monkeypatch.setattr(reconciling._Comparison, "keep", keep_and_stop)
	stopped = worked(ready, asked)
	assert (stopped["state"], stopped["run"]["state"], stopped["run"]["done"]) == ("Comparing", "Stopped", 1)
	assert reconciliations.agreement(ready.organisation) is None
	monkeypatch.setattr(reconciling._Comparison, "keep", keep)
	tools.resume(run=asked["run"]["run"])
	after = worked(ready, asked)
	assert (after["state"], after["differences"], after["run"]["done"]) == ("Differs", 1, 4)


def test_a_worker_that_takes_long_over_a_list_is_not_taken_for_dead(ready: World, monkeypatch):
	asked = tools.reconcile(organisation=ready.organisation)
	read = reconciling._Comparison.read
	lost: list[str] = []

	def slow(comparison: Any) -> None:
		read(comparison)
		change(comparison.run.name, "Xero Run", lease_utc="2020-01-01")
		lost.extend(runs.lost())

	monkeypatch.setattr(reconciling._Comparison, "read", slow)
	walked: list[str] = []
	pages = reconciling._Comparison.pages

	def watched(comparison: Any, endpoint: Endpoint) -> Any:
		yield from pages(comparison, endpoint)
		walked.extend(runs.lost())

	monkeypatch.setattr(reconciling._Comparison, "pages", watched)
	assert worked(ready, asked)["state"] == "Agrees"
	assert asked["run"]["run"] in lost
	assert walked == []


def test_every_night_each_organisation_is_compared_and_the_home_is_told(ready: World):
	tasks.reconcile_all()
	frappe.db.commit()
	ready.jobs.run_all()
	told = reconciliations.agreement(ready.organisation)
	assert (told["state"], told["agrees"], told["differences"], told["open"]) == ("Agrees", True, 0, 0)


def test_the_home_says_whether_it_agrees_to_who_sees_the_books_alone(ready: World, as_user):
	assert home.get()["agreement"] is None
	lose(ready, open_invoice(ready))
	found = compared(ready)
	with as_user(["Xero Finance"]):
		told = home.get()["agreement"]
		assert (told["reconciliation"], told["agrees"], told["open"]) == (found["reconciliation"], False, 1)
	with as_user(["Xero Sales"]):
		assert home.get()["agreement"] is None


def test_it_runs_at_two_at_night(site):
	assert "xero_connector.tasks.reconcile_all" in frappe.get_hooks("scheduler_events")["cron"]["0 2 * * *"]


def test_while_xero_is_away_nothing_is_said_of_agreement(ready: World):
	ready.sandbox.fault("status", match="Contacts", times=None, status=503)
	found = compared(ready)
	assert (found["state"], found["run"]["state"]) == ("Comparing", "Failed")
	assert "not available" in found["run"]["message"]
	assert reconciliations.agreement(ready.organisation) is None


def test_in_view_only_it_is_compared_and_fixed_too(ready: World, as_user):
	lose(ready, open_invoice(ready))
	mode = frappe.db.get_single_value("Xero Settings", "mode")
	settings(mode="View Only")
	try:
		with as_user(["Xero Finance"]):
			found = compared(ready)
			assert fixed(ready, found)["state"] == "Fixed"
			assert tools.progress(run=found["run"]["run"])["state"] == "Done"
	finally:
		settings(mode=mode)


def test_old_ones_go_and_the_last_one_of_an_organisation_stays(ready: World):
	first, last = compared(ready), compared(ready)
	frappe.db.set_value(
		"Xero Reconciliation",
		{"name": ["in", [first["reconciliation"], last["reconciliation"]]]},
		{"started_utc": "2020-01-01", "creation": "2020-01-01"},
	)
	change(last["reconciliation"], "Xero Reconciliation", creation="2020-01-02")
	reconciliations.forget(90)
	assert frappe.get_all("Xero Reconciliation", pluck="name") == [last["reconciliation"]]


def test_sums_by_currency_tell_of_every_difference_also_of_those_not_written_down(ready: World, monkeypatch):
	monkeypatch.setattr(reconciliations, "MOST_KEPT", 1)
	books = ready.sandbox.organisations[0]
	late = sorted(
		(
			row
			for row in books.invoices
			if (row.type, row.status, row.currency) == ("ACCREC", "AUTHORISED", "NZD")
		),
		key=lambda row: row.updated,
	)
	for invoice in late[:3]:
		lose(ready, invoice)
	answers: list[Answer] = []
	asked = calls(ready, lambda: answers.append(compared(ready)))
	assert asked.count("GET Invoices") == 5, "two deltas, two counts and all of them, but no customer's"
	[found] = answers
	[told] = [each for each in found["currencies"] if not each["agrees"]]
	lost = sum(row.amount_due for row in late[:3])
	assert Decimal(told["in_xero"]) - Decimal(told["here"]) == lost
	assert (found["differences"], found["kept"]) == (3, 1)


def test_more_differences_than_are_written_down_are_counted_and_found_again(ready: World, monkeypatch):
	monkeypatch.setattr(reconciliations, "MOST_KEPT", 3)
	paid = [row for row in ready.sandbox.organisations[0].invoices if row.status == "PAID"]
	for invoice in sorted(paid, key=lambda row: row.updated)[:5]:
		lose(ready, invoice)
	found = compared(ready)
	assert (found["differences"], found["kept"]) == (5, 3)
	assert fixed(ready, found)["state"] == "Differs"
	assert compared(ready)["differences"] == 2
