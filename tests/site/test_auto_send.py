"""Invoices that nobody asks for by hand: a deal is won, a sales invoice is submitted."""

import frappe
import pytest

from devsite import testing, worker
from tests import factories
from tests.xero_world import World
from xero_connector.site import links, outbox
from xero_connector.site.links import Party


def auto_send(moments: str, **values) -> None:
	frappe.get_doc("Xero Settings").update({"enabled": 1, "auto_send": moments, **values}).save()


@pytest.fixture
def on_won(site) -> None:
	auto_send("On Won")


@pytest.fixture
def on_submit(site) -> None:
	auto_send("On Submit")


def marks(document) -> list[frappe._dict]:
	return frappe.get_all(
		"Xero Outbox",
		filters={"record_doctype": document.doctype, "record_name": document.name},
		fields=["name", "state", "prepare", "action"],
	)


def queued() -> list[str]:
	"""The jobs of ours that wait."""
	jobs = [job.kwargs for queue in worker.queues() for job in queue.jobs]
	return [
		job["method"]
		for job in jobs
		if job.get("site") == frappe.local.site and job["method"].startswith("xero_connector.")
	]


def won(**values):
	return factories.deal(status="Won", **values)


def win(deal) -> None:
	deal.status = factories.deal_status("Won")
	deal.save()


def sales_invoice():
	factories.require("Sales Invoice")
	return factories.sales_invoice()


def error_logs(document) -> list[str]:
	return frappe.get_all(
		"Error Log",
		filters={"reference_doctype": document.doctype, "reference_name": document.name},
		pluck="method",
	)


def test_a_deal_that_is_won_is_marked(on_won):
	deal = factories.deal()
	assert marks(deal) == []
	win(deal)
	[mark] = marks(deal)
	assert (mark.state, mark.prepare, mark.action) == ("Queued", 1, "Document")


def test_a_deal_that_is_won_from_the_start_is_marked(on_won):
	assert len(marks(won())) == 1


def test_the_sending_is_asked_for_after_the_commit(on_won, jobs: testing.Jobs):
	deal = factories.deal()
	frappe.db.commit()
	jobs.clear()
	win(deal)
	assert queued() == []
	frappe.db.commit()
	assert queued() == ["xero_connector.tasks.send"]


def test_a_deal_whose_winning_is_rolled_back_is_not_marked(on_won, jobs: testing.Jobs):
	deal = factories.deal()
	frappe.db.commit()
	jobs.clear()
	win(deal)
	frappe.db.rollback()
	frappe.db.commit()
	assert (marks(deal), queued()) == ([], [])


def test_only_the_moment_of_winning_counts(site):
	auto_send("Off")
	deal = won()
	auto_send("On Won")
	deal.reload()
	deal.next_step = "Call them"
	deal.save()
	assert marks(deal) == []


def test_a_deal_that_is_won_again_keeps_its_invoice(on_won):
	deal = won()
	[mark] = marks(deal)
	frappe.db.set_value("Xero Outbox", mark.name, {"state": "Sent", "prepare": 0})
	deal.reload()
	deal.status = factories.deal_status("Open")
	deal.save()
	win(deal)
	assert [(row.name, row.state) for row in marks(deal)] == [(mark.name, "Sent")]


def test_an_opportunity_that_is_converted_is_marked(on_won):
	opportunity = factories.opportunity()
	# as ERPNext does when its quotation is ordered: no form is saved
	frappe.get_doc("Opportunity", opportunity.name).db_set("status", "Converted")
	assert len(marks(opportunity)) == 1


@pytest.mark.parametrize("status", ["Quotation", "Closed"])
def test_an_opportunity_that_is_not_won_is_not_marked(on_won, status):
	opportunity = factories.opportunity()
	opportunity.db_set("status", status)
	assert marks(opportunity) == []


def test_a_submitted_sales_invoice_is_marked(on_submit):
	invoice = sales_invoice()
	assert marks(invoice) == []
	invoice.submit()
	assert len(marks(invoice)) == 1


def test_a_return_is_marked_when_it_is_submitted(on_submit):
	invoice = sales_invoice()
	invoice.submit()
	returned = factories.sales_return(invoice)
	returned.submit()
	assert len(marks(returned)) == 1


@pytest.mark.parametrize(
	("moments", "deal_marks", "invoice_marks"),
	[("Off", 0, 0), ("On Won", 1, 0), ("On Submit", 0, 1), ("On Won and On Submit", 1, 1)],
)
def test_the_setting_says_what_is_sent_by_itself(site, moments, deal_marks, invoice_marks):
	auto_send(moments)
	invoice = sales_invoice()
	invoice.submit()
	assert (len(marks(won())), len(marks(invoice))) == (deal_marks, invoice_marks)


@pytest.mark.parametrize("values", [{"enabled": 0}, {"mode": "View Only"}])
def test_nothing_is_marked_while_nothing_may_be_sent(site, values):
	auto_send("On Won", **values)
	assert marks(won()) == []


@pytest.mark.parametrize("flag", ["in_import", "in_migrate"])
def test_deals_that_come_from_elsewhere_are_not_marked(on_won, monkeypatch, flag):
	monkeypatch.setitem(frappe.flags, flag, True)
	assert marks(won()) == []


@pytest.fixture
def broken(monkeypatch) -> None:
	"""Marking writes half a row and then blows up."""

	def mark(record: Party, **_: object) -> None:
		frappe.get_doc({"doctype": "ToDo", "description": f"half of {record.name}"}).insert()
		raise RuntimeError("no such thing")

	# a site keeps its Error Log, and names of documents come again
	frappe.db.delete("Error Log", {"method": ("like", "Xero: %")})
	monkeypatch.setattr(outbox, "mark", mark)


def test_winning_a_deal_never_fails_because_of_us(on_won, broken):
	deal = factories.deal()
	win(deal)
	assert frappe.db.get_value("CRM Deal", deal.name, "status") == factories.deal_status("Won")
	assert marks(deal) == []
	assert error_logs(deal) == ["Xero: not sent by itself"]
	assert not frappe.db.exists("ToDo", {"description": f"half of {deal.name}"}), "nothing is left half done"


def test_submitting_an_invoice_never_fails_because_of_us(on_submit, broken):
	invoice = sales_invoice()
	invoice.submit()
	assert frappe.db.get_value("Sales Invoice", invoice.name, "docstatus") == 1
	assert error_logs(invoice) == ["Xero: not sent by itself"]


def test_a_cancelled_invoice_is_not_sent_any_more(on_submit):
	invoice = sales_invoice()
	invoice.submit()
	assert len(marks(invoice)) == 1
	invoice.cancel()
	assert marks(invoice) == []


def test_a_deleted_deal_is_not_sent_any_more(on_won):
	deal = won()
	frappe.delete_doc("CRM Deal", deal.name, force=True)
	assert marks(deal) == []


def test_what_was_sent_of_a_cancelled_invoice_stays_as_it_is(on_submit):
	invoice = sales_invoice()
	invoice.submit()
	[mark] = marks(invoice)
	frappe.db.set_value("Xero Outbox", mark.name, {"state": "Sent", "prepare": 0})
	invoice.cancel()
	assert [row.state for row in marks(invoice)] == ["Sent"]


def made_in(xero: World, kind: str = "invoices") -> list:
	return [row for row in getattr(xero.sandbox.organisations[0], kind) if "·" in (row.reference or "")]


def test_a_won_deal_becomes_a_draft_invoice_of_its_value(ready: World, on_won):
	deal = won(value=750)
	ready.jobs.run_all()
	[invoice] = made_in(ready)
	assert (str(invoice.sub_total), invoice.status) == ("750.00", "DRAFT")
	assert links.documents_of(Party("CRM Deal", deal.name)) == {ready.organisation: [invoice.id]}


def test_a_submitted_invoice_is_in_xero_to_the_cent_and_says_so(ready: World, on_submit):
	factories.require("Sales Invoice")
	document = factories.sales_invoice(
		items=[factories.listed_row(33.33, 12.5, qty=3), factories.item_row(qty=2, rate=19.95)]
	)
	document.submit()
	ready.jobs.run_all()
	[invoice] = made_in(ready)
	document.reload()
	assert float(invoice.total) == document.grand_total
	assert (document.xero_status, document.xero_sent, document.xero_number) == ("Created", 1, invoice.number)
	assert document.xero_outstanding == document.grand_total


def test_a_submitted_return_is_a_credit_note_of_net_prices(ready: World, on_submit):
	factories.require("Sales Invoice")
	document = factories.sales_invoice(items=[factories.listed_row(100, 15, qty=2)])
	document.submit()
	returned = factories.sales_return(document)
	returned.submit()
	ready.jobs.run_all()
	[note] = made_in(ready, "credit_notes")
	[line] = note.lines
	assert (float(note.total), float(line.unit_amount), float(line.quantity)) == (170, 85, 2)
	returned.reload()
	assert (returned.xero_status, returned.xero_outstanding) == ("Created", -170)
