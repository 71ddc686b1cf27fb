"""Desk's reports: what they add up, for whom, and what they cost."""

from decimal import Decimal

import frappe
import pytest

from tests import factories
from tests.xero_world import World
from xero_connector.site import links
from xero_connector.site.links import Party

AGEING, WON, UNPAID = "Receivables Ageing", "Won Not Invoiced", "Invoiced Not Paid"
AGES = ("not_due", "1-30", "31-60", "61-90", "90+")


def run(report: str, **filters) -> dict:
	from frappe.desk import query_report

	return query_report.run(report, filters=filters, ignore_prepared_report=True)


def rows(report: str, **filters) -> list[dict]:
	return run(report, **filters)["result"]


def tie(record, xero_id: str, organisation: str, doctype: str = links.CONTACT) -> None:
	links.add(Party(record.doctype, record.name), doctype, xero_id, organisation, links.BY_USER)


def owed(xero: World) -> list:
	books = xero.sandbox.organisations[0]
	documents = [document for mine in books.documents_of.values() for document in mine]
	return [d for d in documents if d.type == "ACCREC" and d.status == "AUTHORISED" and d.amount_due]


def by_currency(documents) -> dict[str, Decimal]:
	found: dict[str, Decimal] = {}
	for document in documents:
		found[document.currency] = found.get(document.currency, Decimal(0)) + document.amount_due
	return found


def added(found: list[dict], column: str = "total") -> dict[str, Decimal]:
	sums: dict[str, Decimal] = {}
	for row in found:
		sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + row[column]
	return sums


def open_invoice(xero: World, currency: str = "NZD"):
	return next(document for document in owed(xero) if document.currency == currency)


def contact_of(xero: World, document) -> str:
	return frappe.db.get_value("Xero Invoice", document.id, "contact")


@pytest.mark.parametrize("group_by", ["Customer", "Owner", "Currency"])
def test_every_grouping_adds_up_to_what_xeros_own_books_say_and_mixes_no_currencies(ready: World, group_by):
	person = factories.contact()
	tie(person, contact_of(ready, open_invoice(ready)), ready.organisation)
	found = rows(AGEING, group_by=group_by)
	assert added(found) == by_currency(owed(ready))
	for row in found:
		assert sum(row[age] for age in AGES) == row["total"]


def test_each_customer_has_a_row_that_opens_the_xero_contact(ready: World):
	document = open_invoice(ready)
	contact = contact_of(ready, document)
	mine = [row for row in rows(AGEING) if row["links"].get("group") == ["Xero Contact", contact]]
	of_contact = [d for d in ready.sandbox.organisations[0].documents_of[contact] if d in owed(ready)]
	assert added(mine) == by_currency(of_contact)
	assert {row["group"] for row in mine} == {frappe.db.get_value("Xero Contact", contact, "contact_name")}


def test_ages_are_counted_from_the_due_date_to_the_organisations_day(ready: World):
	from xero_connector.site import organisations

	today = organisations.get(ready.organisation).today
	ages: dict[str, Decimal] = dict.fromkeys(AGES, Decimal(0))
	for document in (d for d in owed(ready) if d.currency == "NZD"):
		late = (today - document.due_date).days
		age = next((name for name, days in zip(AGES, (0, 30, 60, 90), strict=False) if late <= days), "90+")
		ages[age] += document.amount_due
	(row,) = [row for row in rows(AGEING, group_by="Currency") if row["currency"] == "NZD"]
	assert {age: row[age] for age in AGES} == ages


def test_a_debt_counts_for_the_owner_of_the_record_that_its_customer_was_linked_to_first(ready: World, users):
	seller, other = users.with_roles(["Xero Sales"]), users.with_roles(["Sales User"])
	document = open_invoice(ready)
	for owner in (seller, other):
		lead = factories.lead(lead_owner=owner)
		tie(lead, contact_of(ready, document), ready.organisation)
		# links made in the same moment would have no first
		frappe.db.sql(
			"UPDATE `tabXero Link` SET creation = %s WHERE record_name = %s", (lead.creation, lead.name)
		)
	groups = {row["group"]: row for row in rows(AGEING, group_by="Owner") if row["currency"] == "NZD"}
	assert groups[seller]["total"] >= document.amount_due
	assert other not in groups


def test_an_invoice_of_a_deal_counts_for_the_deals_owner_and_the_rest_for_the_customers(ready: World, users):
	seller, keeper = users.with_roles(["Xero Sales"]), users.with_roles(["Sales User"])
	document = open_invoice(ready)
	contact = contact_of(ready, document)
	tie(factories.lead(lead_owner=keeper), contact, ready.organisation)
	tie(factories.deal(deal_owner=seller), document.id, ready.organisation, links.DOCUMENT)
	groups = {row["group"]: row for row in rows(AGEING, group_by="Owner") if row["currency"] == "NZD"}
	assert groups[seller]["total"] == document.amount_due
	others = [
		d
		for d in ready.sandbox.organisations[0].documents_of[contact]
		if d in owed(ready) and d.id != document.id and d.currency == "NZD"
	]
	rest = groups[keeper]["total"] if keeper in groups else Decimal(0)
	assert rest == sum((d.amount_due for d in others), Decimal(0))


def test_a_contact_that_was_merged_counts_for_the_owner_it_had(ready: World, users):
	seller = users.with_roles(["Xero Sales"])
	document = open_invoice(ready)
	old = next(c for c in frappe.get_all("Xero Contact", pluck="name") if c != contact_of(ready, document))
	tie(factories.lead(lead_owner=seller), old, ready.organisation)
	frappe.db.set_value("Xero Contact", old, "merged_into", contact_of(ready, document))
	groups = {row["group"]: row for row in rows(AGEING, group_by="Owner") if row["currency"] == "NZD"}
	assert groups[seller]["total"] >= document.amount_due


def test_the_charts_hold_the_base_currency_only_and_labels_that_are_no_html(ready: World):
	document = open_invoice(ready)
	hostile = "<img src=x onerror=alert(1)>"
	frappe.db.set_value("Xero Contact", contact_of(ready, document), "contact_name", hostile)
	frappe.db.set_value("Xero Invoice", document.id, {"amount_due": 99_999_999})
	chart = run(AGEING, group_by="Customer")["chart"]
	assert "‹img src=x onerror=alert(1)›" in chart["data"]["labels"]
	assert hostile not in chart["data"]["labels"]
	(bars,) = run(AGEING, group_by="Currency")["chart"]["data"]["datasets"]
	found = [row for row in rows(AGEING, group_by="Currency") if row["currency"] == "NZD"]
	assert bars["name"] == "NZD"
	assert bars["values"] == [float(found[0][age]) for age in AGES]


def test_a_won_deal_without_an_invoice_is_listed_until_it_has_one_that_is_no_draft(ready: World, users):
	seller = users.with_roles(["Xero Sales"])
	deal = factories.deal(status="Won", value=1500, deal_owner=seller)
	lost = factories.deal(status="Open", value=10)

	def listed() -> dict[str, dict]:
		return {row["name"]: row for row in rows(WON)}

	found = listed()
	assert lost.name not in found
	assert found[deal.name]["value"] == Decimal(1500)
	assert found[deal.name]["owner"] == seller
	assert found[deal.name]["currency"] == deal.currency
	assert found[deal.name]["links"] == {"title": ["CRM Deal", deal.name]}
	assert {row["owner"] for row in rows(WON, owner=seller)} == {seller}
	invoice = open_invoice(ready)
	tie(deal, invoice.id, ready.organisation, links.DOCUMENT)
	frappe.db.set_value("Xero Invoice", invoice.id, "status", "Draft")
	assert deal.name in listed()
	for status in ("Submitted", "Authorised", "Paid"):
		frappe.db.set_value("Xero Invoice", invoice.id, "status", status)
		assert deal.name not in listed(), status


def test_a_deal_without_a_value_of_its_own_is_worth_its_products(ready: World):
	factories.require("CRM Deal", "products", "deal_value")
	deal = factories.deal(status="Won", products=[factories.product_row(qty=3, rate=50)])
	frappe.db.set_value("CRM Deal", deal.name, {"deal_value": 0, "net_total": 150})
	(found,) = [row for row in rows(WON) if row["name"] == deal.name]
	assert found["value"] == Decimal(150)


def test_what_was_won_before_the_asked_day_is_left_out(ready: World):
	factories.require("CRM Deal", "closed_date")
	deal = factories.deal(status="Won", value=5)
	frappe.db.set_value("CRM Deal", deal.name, "closed_date", "2024-05-31")
	assert deal.name in {row["name"] for row in rows(WON, since="2024-05-31")}
	assert deal.name not in {row["name"] for row in rows(WON, since="2024-06-01")}


def test_a_converted_opportunity_without_an_invoice_is_listed(ready: World):
	opportunity = factories.opportunity(items=[factories.item_row(qty=1, rate=70)])
	frappe.db.set_value("Opportunity", opportunity.name, {"status": "Converted", "opportunity_amount": 70})
	(found,) = [row for row in rows(WON) if row["name"] == opportunity.name]
	assert (found["value"], found["links"]["title"]) == (Decimal(70), ["Opportunity", opportunity.name])


def test_an_unpaid_invoice_of_a_deal_comes_with_its_owner_its_lateness_and_what_was_paid(ready: World, users):
	from xero_connector.site import organisations

	seller = users.with_roles(["Xero Sales"])
	part_paid = [d for d in owed(ready) if [p for p in d.payments if p.status == "AUTHORISED"]]
	invoice = max(part_paid, key=lambda d: len(d.payments))
	deal = factories.deal(deal_owner=seller)
	tie(deal, invoice.id, ready.organisation, links.DOCUMENT)
	(row,) = rows(UNPAID, owner=seller)
	late = max(0, (organisations.get(ready.organisation).today - invoice.due_date).days)
	assert (row["owner"], row["number"], row["overdue_days"]) == (seller, invoice.number, late)
	assert (row["balance"], row["paid"]) == (invoice.amount_due, invoice.amount_paid)
	assert row["last_paid"] == max(p.date for p in invoice.payments if p.status == "AUTHORISED")
	assert row["links"]["title"] == ["CRM Deal", deal.name]
	frappe.db.set_value("Xero Invoice", invoice.id, {"amount_due": 0, "status": "Paid"})
	assert rows(UNPAID, owner=seller) == []


def test_invoices_of_another_organisation_are_not_mixed_in(ready: World):
	invoice = open_invoice(ready)
	tie(factories.deal(), invoice.id, ready.organisation, links.DOCUMENT)
	assert rows(UNPAID)
	frappe.db.set_value("Xero Invoice", {"organisation": ready.organisation}, "organisation", "another")
	assert rows(UNPAID) == []
	assert rows(AGEING) == []


@pytest.mark.parametrize("report", [AGEING, WON, UNPAID])
def test_a_report_tells_nothing_before_anything_is_connected(site, report):
	factories.deal(status="Open")
	assert isinstance(rows(report), list)


@pytest.mark.parametrize("report", [AGEING, WON, UNPAID])
@pytest.mark.parametrize(
	"roles", [["Xero Sales"], ["Xero Viewer"], ["System Manager"], ["Sales User"]], ids=str
)
def test_a_report_is_refused_to_whoever_may_not_see_the_books(ready: World, http, users, roles, report):
	client = http.login(users.with_roles(roles))
	answer = client.post("frappe.desk.query_report.run", report_name=report, filters="{}")
	assert answer.status == 403
	assert "result" not in answer.text


@pytest.mark.parametrize("report", [AGEING, WON, UNPAID])
def test_the_right_is_asked_even_if_the_site_gave_the_report_to_more_roles(ready: World, as_user, report):
	module = frappe.scrub(report)
	execute = frappe.get_attr(f"xero_connector.xero_connector.report.{module}.{module}.execute")
	with as_user(["Xero Sales"]), pytest.raises(frappe.PermissionError):
		execute({})
	with as_user(["Xero Finance"]):
		execute({})


@pytest.mark.parametrize("report", [AGEING, WON, UNPAID])
def test_finance_runs_a_report_over_http(ready: World, http, users, report):
	client = http.login(users.with_roles(["Xero Finance"]))
	answer = client.post("frappe.desk.query_report.run", report_name=report, filters="{}")
	assert answer.status == 200
	assert {"result", "columns"} <= set(answer.message)


@pytest.mark.parametrize(
	("report", "filters"),
	[(AGEING, {"group_by": "Customer"}), (AGEING, {"group_by": "Owner"}), (WON, {}), (UNPAID, {})],
	ids=str,
)
def test_the_number_of_queries_does_not_grow_with_the_rows(ready: World, monkeypatch, report, filters):
	module = frappe.scrub(report)
	execute = frappe.get_attr(f"xero_connector.xero_connector.report.{module}.{module}.execute")
	ran, original = [], frappe.db.sql
	monkeypatch.setattr(
		frappe.db, "sql", lambda *args, **more: (ran.append(args[0]), original(*args, **more))[1]
	)

	def queries() -> int:
		execute(dict(filters))
		ran.clear()
		execute(dict(filters))
		return len(ran)

	few = queries()
	for document in owed(ready)[:6]:
		deal = factories.deal(status="Won", value=5)
		tie(deal, document.id, ready.organisation, links.DOCUMENT)
		tie(factories.lead(), contact_of(ready, document), ready.organisation)
	factories.deal(status="Won", value=6)
	assert queries() == few
	assert few <= 16
