"""Credit control on a record: what its customer owes too long, their limit, and what is noted on invoices (B13)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import frappe
import pytest

from tests import factories
from tests.fakes import a_contact, a_document
from xero_connector.site import access, hosts, links, mirror, organisations
from xero_connector.site.links import Party


class Books:
	"""An organisation without Xero behind it, and the records of one of its customers."""

	def __init__(self) -> None:
		self.organisation = str(uuid4())
		frappe.get_doc(
			{
				"doctype": "Xero Organisation",
				"tenant_id": self.organisation,
				"organisation_name": "Northwind Books",
				"base_currency": factories.currency(),
				"time_zone": "UTC",
			}
		).insert(ignore_permissions=True)
		self.today = organisations.get(self.organisation).today
		self.contact = str(uuid4())
		mirror.save_contacts([a_contact(self.contact, "Acme", organisation=self.organisation)])

	def owed(self, amount: int, overdue_days: int = -30, **values) -> str:
		"""An approved invoice of the customer with this balance; its id."""
		known = {
			"organisation": self.organisation,
			"contact": self.contact,
			"contact_name": "Acme",
			"currency": factories.currency(),
			"due_date": self.today - timedelta(days=overdue_days),
			**dict.fromkeys(("sub_total", "total", "amount_due"), Decimal(amount)),
		}
		made = a_document(str(uuid4()), **{**known, **values})
		mirror.save_documents([made])
		return made.document_id

	def tie(self, record) -> None:
		party = Party(record.doctype, record.name)
		links.add(party, links.CONTACT, self.contact, self.organisation, links.BY_USER)


@pytest.fixture
def books(site) -> Books:
	return Books()


@pytest.fixture
def organization(books: Books):
	"""The customer in Frappe CRM."""
	made = factories.organization(currency=factories.currency())
	books.tie(made)
	return made


def limit(organization, amount: int, **others) -> None:
	frappe.db.set_value("CRM Organization", organization.name, {"xero_credit_limit": amount, **others})


def panel(record) -> dict:
	from xero_connector.api import panel

	return panel.get(doctype=record.doctype, name=record.name)


def credit(record) -> dict:
	return panel(record)["credit"]


def add(record, document: str, kind: str = "Promise", **values) -> str:
	from xero_connector.api import remarks

	where = {"doctype": record.doctype, "name": record.name, "document_id": document}
	return remarks.add(**where, kind=kind, **values)["remark"]


def withdraw(record, remark: str) -> None:
	from xero_connector.api import remarks

	remarks.withdraw(doctype=record.doctype, name=record.name, remark=remark)


def test_a_deal_tells_what_its_customer_owes_too_long_and_for_how_many_days(books, organization):
	deal = factories.deal(organization=organization)
	books.owed(100, 12)
	books.owed(50, 40)
	books.owed(70, 0)
	found = credit(deal)
	assert (found["overdue"], found["oldest_days"], found["unpaid"]) == ("150.00", 40, "220.00")


def test_drafts_paid_bills_and_other_currencies_are_no_debt_of_the_customer(books, organization):
	nothing = Decimal(0)
	books.owed(100, 9, status="Draft")
	books.owed(100, 9, status="Paid", amount_due=nothing)
	books.owed(100, 9, document_type="Bill")
	books.owed(100, 9, currency="XTS")
	found = credit(organization)
	assert (found["overdue"], found["oldest_days"], found["unpaid"]) == ("0.00", 0, "0.00")


def test_what_waits_for_approval_is_owed_but_not_late(books, organization):
	books.owed(100, 9, status="Submitted")
	found = credit(organization)
	assert (found["overdue"], found["oldest_days"], found["unpaid"]) == ("0.00", 0, "100.00")


def test_a_deal_that_takes_its_customer_over_the_limit_says_by_how_much(books, organization):
	limit(organization, 1000)
	books.owed(600)
	deal = factories.deal(organization=organization, value=500)
	found = credit(deal)
	assert (found["limit"], found["with_this"], found["over_limit"]) == ("1000.00", "1100.00", "100.00")
	assert credit(organization)["over_limit"] is None


def test_what_is_invoiced_of_a_deal_already_does_not_count_twice(books, organization):
	limit(organization, 1000)
	deal = factories.deal(organization=organization, value=500)
	invoice = books.owed(300)
	links.add(Party("CRM Deal", deal.name), links.DOCUMENT, invoice, books.organisation, links.CREATED)
	assert credit(deal)["with_this"] == "500.00"


def test_a_deal_that_is_lost_comes_on_top_of_nothing(books, organization):
	deal = factories.deal(organization=organization, value=500)
	lost = factories.deal_status("Lost")
	if lost in hosts.record_types()["CRM Deal"].sale.live():
		pytest.skip("this site has no lost deals")
	frappe.db.set_value("CRM Deal", deal.name, "status", lost)
	assert credit(deal)["with_this"] is None


def test_close_to_the_limit_is_told_before_it_is_passed(books, organization):
	limit(organization, 1000)
	books.owed(900)
	found = credit(organization)
	assert (found["near_limit"], found["over_limit"]) == (True, None)


def test_a_limit_in_another_currency_than_the_books_is_shown_and_compared_with_nothing(books, organization):
	limit(organization, 10, currency="XTS")
	books.owed(900)
	found = credit(organization)
	assert (found["limit"], found["limit_currency"], found["limit_compared"]) == ("10.00", "XTS", False)
	assert found["over_limit"] is None


def test_erpnexts_credit_limit_of_the_company_holds(books):
	factories.require("Customer", "credit_limits")
	customer = factories.customer(credit_limits=[{"company": factories.company(), "credit_limit": 500}])
	if frappe.db.get_value("Company", factories.company(), "default_currency") != factories.currency():
		pytest.skip("the company of this site counts in another currency than its CRM")
	books.tie(customer)
	books.owed(600)
	opportunity = factories.opportunity(customer)
	for record in (customer, opportunity):
		assert (credit(record)["limit"], credit(record)["over_limit"]) == ("500.00", "100.00")


def test_a_record_without_a_xero_contact_has_no_credit(books):
	assert credit(factories.contact()) is None


def test_a_promise_stands_above_the_list_and_in_its_row_until_the_invoice_is_paid(books, organization):
	invoice = books.owed(100, 5, number="INV-7")
	day = (books.today + timedelta(days=3)).isoformat()
	name = add(organization, invoice, promised_on=day, amount="40", text=" By bank ")
	shown = panel(organization)
	[promise] = shown["credit"]["promises"]
	assert promise == {
		"name": name,
		"document": invoice,
		"number": "INV-7",
		"kind": "Promise",
		"promised_on": day,
		"amount": "40.00",
		"currency": factories.currency(),
		"text": "By bank",
		"by": frappe.utils.get_fullname("Administrator"),
		"on": promise["on"],
		"broken": False,
	}
	from xero_connector.api import panel as api

	where = {"doctype": organization.doctype, "name": organization.name}
	[row] = api.list_documents(**where, view="overdue")["rows"]
	assert row["remarks"] == [promise]
	frappe.db.set_value("Xero Invoice", invoice, {"amount_due": 0, "status": "Paid"})
	assert credit(organization)["promises"] == []


def test_a_promise_whose_day_went_by_is_broken(books, organization):
	invoice = books.owed(100, 5)
	name = add(organization, invoice, promised_on=books.today.isoformat())
	assert credit(organization)["promises"][0]["broken"] is False
	yesterday = books.today - timedelta(days=1)
	frappe.db.set_value("Xero Remark", name, "promised_on", yesterday)
	assert credit(organization)["promises"][0]["broken"] is True


def test_a_dispute_says_why(books, organization):
	add(organization, books.owed(100, 5), "Dispute", text="Two boxes were broken")
	[dispute] = credit(organization)["disputes"]
	assert (dispute["kind"], dispute["text"], dispute["promised_on"]) == (
		"Dispute",
		"Two boxes were broken",
		None,
	)
	assert credit(organization)["promises"] == []


def test_what_is_withdrawn_is_not_shown_and_is_kept_with_who_withdrew_it(books, organization):
	name = add(organization, books.owed(100, 5), "Dispute", text="Wrong price")
	withdraw(organization, name)
	assert credit(organization)["disputes"] == []
	row = frappe.db.get_value("Xero Remark", name, ["withdrawn", "modified_by", "text"])
	assert row == (1, "Administrator", "Wrong price")
	with pytest.raises(frappe.DoesNotExistError):
		withdraw(organization, name)


@pytest.mark.parametrize(
	("values", "field"),
	[
		({"kind": "Threat", "text": "x"}, "kind"),
		({}, "promised_on"),
		({"promised_on": "tomorrow"}, "promised_on"),
		({"promised_on": "2020-01-01"}, "promised_on"),
		({"promised_on": "2999-01-01", "amount": "100.01"}, "amount"),
		({"promised_on": "2999-01-01", "amount": "0"}, "amount"),
		({"promised_on": "2999-01-01", "amount": "a lot"}, "amount"),
		({"kind": "Dispute", "text": "  "}, "text"),
	],
)
def test_what_cannot_be_noted_is_refused_with_its_field(books, organization, values, field):
	invoice = books.owed(100, 5)
	with pytest.raises(frappe.ValidationError):
		add(organization, invoice, **values)
	assert frappe.local.response["xero_field"] == field
	assert not frappe.db.count("Xero Remark")


@pytest.mark.parametrize(
	"values",
	[{"status": "Draft"}, {"status": "Paid", "amount_due": Decimal(0)}, {"document_type": "Credit Note"}],
)
def test_nothing_is_noted_on_what_nobody_owes(books, organization, values):
	invoice = books.owed(100, 5, **values)
	with pytest.raises(frappe.ValidationError, match="Nothing is owed"):
		add(organization, invoice, "Dispute", text="x")


def test_a_strangers_invoice_is_not_there_not_even_for_who_sees_the_books(books, organization):
	stranger = books.owed(100, 5, contact=str(uuid4()))
	assert access.may(access.Right.SEE_BOOKS)
	with pytest.raises(frappe.DoesNotExistError):
		add(organization, stranger, "Dispute", text="x")
	mine = add(organization, books.owed(100, 5), "Dispute", text="x")
	other = factories.contact()
	with pytest.raises(frappe.DoesNotExistError):
		withdraw(other, mine)


def test_who_only_looks_at_xero_notes_nothing(books, organization, as_user):
	invoice = books.owed(100, 5)
	with as_user(["Xero Viewer", "Sales Manager"]), pytest.raises(frappe.PermissionError):
		add(organization, invoice, "Dispute", text="x")
	frappe.db.set_single_value("Xero Settings", "mode", "View Only")
	with as_user(["Xero Sales", "Sales Manager"]):
		add(organization, invoice, "Dispute", text="Nothing of it goes to Xero")


@pytest.mark.parametrize("doctype", ["Xero Remark", "Xero Reminder"])
def test_lists_of_remarks_and_reminders_are_for_who_may_see_the_books(books, organization, as_user, doctype):
	add(organization, books.owed(100, 5), "Dispute", text="x")
	with as_user(["Xero Sales", "Sales Manager"]), pytest.raises(frappe.PermissionError):
		frappe.get_list(doctype)
	with as_user(["Xero Finance"]):
		frappe.get_list(doctype)


def test_markup_in_a_remark_is_not_kept(books, organization):
	hostile = "<img src=x onerror=alert(1)>"
	add(organization, books.owed(100, 5), "Dispute", text=hostile)
	assert "<img src=x onerror" not in (frappe.get_all("Xero Remark", pluck="text")[0] or "")
