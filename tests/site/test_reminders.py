"""Reminding owners of invoices before and after they fall due: once each, and nobody of what they may not see."""

from datetime import date, timedelta

import frappe
import pytest

from tests import factories
from tests.site.test_credit import Books
from xero_connector import reminders, tasks
from xero_connector.site import links
from xero_connector.site.links import Party

SELLER = ["Xero Sales", "Sales Manager"]


@pytest.fixture
def books(site) -> Books:
	made = Books()
	frappe.db.set_value("Xero Organisation", made.organisation, "status", "Connected")
	setting(enabled=1, remind_before=1, remind_due=1, remind_after=1)
	return made


def setting(**values: int) -> None:
	frappe.get_doc("Xero Settings").update(values).save()


@pytest.fixture
def seller(site, as_user) -> str:
	with as_user(SELLER) as user:
		return user


@pytest.fixture
def deal(books: Books, seller: str):
	return factories.deal(deal_owner=seller)


def owed(books: Books, record, overdue_days: int, **values) -> str:
	"""An invoice that is linked to the record."""
	document = books.owed(100, overdue_days, **{"number": "INV-7", **values})
	party = Party(record.doctype, record.name)
	links.add(party, links.DOCUMENT, document, books.organisation, links.CREATED)
	return document


def told(user: str) -> list[str]:
	"""The sentences of the user's notifications of ours, oldest first."""
	filters = {"for_user": user, "type": "Alert"}
	return frappe.get_all("Notification Log", filters, pluck="subject", order_by="creation")


def todos(user: str, status: str = "Open") -> list[frappe._dict]:
	"""Those of ours: Frappe CRM gives the owner of a new deal one of its own."""
	fields = ["name", "description", "reference_type", "reference_name", "date", "status"]
	filters = {"allocated_to": user, "status": status, "description": ["like", "Invoice %"]}
	return frappe.get_all("ToDo", filters, fields, order_by="creation")


@pytest.fixture(autouse=True)
def cleaned(site):
	yield
	frappe.db.rollback()
	for doctype in ("ToDo", "Notification Log"):
		frappe.db.delete(doctype)
	frappe.db.commit()


def day(books: Books, days: int) -> str:
	return frappe.utils.formatdate(books.today + timedelta(days=days))


@pytest.mark.parametrize(
	("overdue_days", "sentence"),
	[
		(-3, "Invoice INV-7 of Acme falls due on {0}."),
		(0, "Invoice INV-7 of Acme is due today."),
		(7, "Invoice INV-7 of Acme was due on {0} and is not paid."),
	],
)
def test_the_owner_of_a_deal_is_told_with_a_notification_and_a_todo(
	books, deal, seller, overdue_days, sentence
):
	owed(books, deal, overdue_days)
	reminders.send()
	said = sentence.format(day(books, -overdue_days))
	assert told(seller) == [said]
	[todo] = todos(seller)
	assert (todo.description, todo.reference_type, todo.reference_name) == (said, "CRM Deal", deal.name)
	assert todo.date == books.today - timedelta(days=min(overdue_days, 0))


def test_each_stage_is_told_once_however_often_the_job_runs(books, deal, seller):
	document = owed(books, deal, -3)
	reminders.send()
	reminders.send()
	assert len(told(seller)) == len(todos(seller)) == 1
	frappe.db.set_value("Xero Invoice", document, "due_date", books.today)
	reminders.send()
	assert len(told(seller)) == len(todos(seller)) == 2


def test_two_workers_tell_once(books, deal, seller):
	from xero_connector.site import organisations
	from xero_connector.site import reminders as rows

	owed(books, deal, 0)
	state = organisations.get(books.organisation)
	[mine], [theirs] = rows.due(state, 0), rows.due(state, 0)
	assert (rows.add(mine), rows.add(theirs)) == (True, False)
	assert len(told(seller)) == 1


@pytest.mark.parametrize("overdue_days", [-4, 3, 6, 10, 400])
def test_years_of_old_invoices_remind_nobody(books, deal, seller, overdue_days):
	owed(books, deal, overdue_days)
	reminders.send()
	assert told(seller) == []


@pytest.mark.parametrize(
	"values",
	[
		{"status": "Draft"},
		{"status": "Submitted"},
		{"status": "Paid", "amount_due": 0},
		{"document_type": "Bill"},
		{"document_type": "Credit Note"},
	],
)
def test_what_is_not_owed_by_a_customer_reminds_nobody(books, deal, seller, values):
	owed(books, deal, 0, **values)
	reminders.send()
	assert told(seller) == []


def test_settings_choose_the_stages(books, deal, seller):
	owed(books, deal, -3)
	setting(remind_before=0)
	reminders.send()
	assert told(seller) == []


def test_nothing_is_told_while_xero_is_switched_off_or_the_figures_are_old(books, deal, seller):
	owed(books, deal, 0)
	frappe.db.set_value("Xero Organisation", books.organisation, "status", "Reconnect")
	tasks.remind()
	assert told(seller) == []
	frappe.db.set_value("Xero Organisation", books.organisation, "status", "Connected")
	setting(enabled=0)
	tasks.remind()
	assert told(seller) == []


def test_the_owner_of_the_customer_is_told_where_no_sale_is_linked(books, seller):
	organization = factories.organization()
	frappe.db.set_value("CRM Organization", organization.name, "owner", seller)
	books.tie(organization)
	books.owed(100, 0, number="INV-8")
	reminders.send()
	assert told(seller) == ["Invoice INV-8 of Acme is due today."]


def test_an_owner_who_may_not_see_xero_is_told_nothing_and_the_next_one_is(books, seller, as_user):
	with as_user(["Sales Manager"]) as stranger:
		pass
	deal = factories.deal(deal_owner=stranger)
	document = owed(books, deal, 0)
	reminders.send()
	assert told(stranger) == todos(stranger) == []
	other = factories.deal(deal_owner=seller)
	links.add(Party("CRM Deal", other.name), links.DOCUMENT, document, books.organisation, links.BY_USER)
	reminders.send()
	assert len(told(seller)) == 1
	assert told(stranger) == []


def test_an_owner_who_may_not_read_the_record_is_told_nothing(books, as_user):
	with as_user(["Xero Sales"]) as outsider:
		pass
	organization = factories.organization()
	frappe.db.set_value("CRM Organization", organization.name, "owner", outsider)
	factories.require_hidden(frappe.get_doc("CRM Organization", organization.name), outsider)
	books.tie(organization)
	books.owed(100, 0)
	reminders.send()
	assert told(outsider) == []


def test_neither_the_todo_nor_the_timeline_names_an_amount(books, deal, seller):
	owed(books, deal, 0)
	reminders.send()
	comments = frappe.get_all("Comment", {"reference_name": deal.name}, pluck="content")
	assert comments
	assert not [text for text in (*comments, *told(seller), todos(seller)[0].description) if "100" in text]


def test_the_todo_is_closed_when_the_invoice_is_paid_and_what_people_wrote_stays(books, deal, seller):
	document = owed(books, deal, 0)
	reminders.send()
	own = factories.make("ToDo", description="Invoice Acme by hand", allocated_to=seller)
	frappe.db.set_value("Xero Invoice", document, {"status": "Paid", "amount_due": 0})
	reminders.send()
	assert [todo.name for todo in todos(seller)] == [own.name]
	assert len(todos(seller, "Closed")) == 1


def test_a_promise_is_told_with_the_reminder(books, deal, seller):
	from xero_connector.api import remarks

	document = owed(books, deal, 7)
	promised = books.today + timedelta(days=4)
	where = {"doctype": "CRM Deal", "name": deal.name, "document_id": document}
	remarks.add(**where, kind="Promise", promised_on=promised.isoformat())
	reminders.send()
	assert told(seller)[0].endswith(f"Payment is promised for {day(books, 4)}.")


def test_a_name_in_xero_is_never_markup(books, deal, seller):
	owed(books, deal, 0, number="<b>7</b>")
	reminders.send()
	assert "<b>" not in told(seller)[0]
	assert "&lt;b&gt;7" in told(seller)[0]


def test_one_reminder_that_fails_holds_up_none_of_the_others(books, deal, seller, monkeypatch):
	first, second = sorted(owed(books, deal, 0, number=number) for number in ("INV-1", "INV-2"))
	from xero_connector.xero_connector.doctype.xero_reminder.xero_reminder import XeroReminder

	ask = XeroReminder._ask

	def refuse(self, sentence: str, day: date) -> str:
		if self.document == first:
			raise RuntimeError("another app's hook")
		return ask(self, sentence, day)

	monkeypatch.setattr(XeroReminder, "_ask", refuse)
	frappe.db.commit()
	reminders.send()
	assert frappe.get_all("Xero Reminder", pluck="document") == [second]
	assert len(told(seller)) == 1
	monkeypatch.undo()
	reminders.send()
	assert len(told(seller)) == 2
	frappe.db.delete("Error Log", {"method": "Xero: no reminder"})


def test_a_record_and_a_todo_can_be_deleted_although_a_reminder_names_them(books, deal, seller):
	owed(books, deal, 0)
	reminders.send()
	[todo] = todos(seller)
	frappe.delete_doc("ToDo", todo.name)
	if frappe.db.exists("DocType", "CRM Notification"):
		# which Frappe CRM makes of a deal's own task, and keeps the deal for
		frappe.db.delete("CRM Notification", {"reference_name": deal.name})
	frappe.delete_doc("CRM Deal", deal.name)
	assert not frappe.db.exists("CRM Deal", deal.name)
