"""The page /xero: what it says of the organisation and of one's own records, to whom, and what it finds."""

from decimal import Decimal

import frappe
import pytest

from tests import factories
from tests.xero_world import World
from xero_connector.api import home
from xero_connector.site import links, runs, tokens
from xero_connector.site.links import Party

GET = "xero_connector.api.home.get"
SEARCH = "xero_connector.api.home.search"
SALES = ("Xero Sales", "Sales User")


def late(xero: World) -> list:
	"""Customers with money overdue in base currency, the busiest first."""
	books = xero.sandbox.organisations[0]

	def is_late(contact) -> bool:
		return Decimal(xero.sandbox.figures(xero.organisation, contact.id)["overdue"]) > 0

	known = [c for c in books.contacts if c.status == "ACTIVE" and c.is_customer and is_late(c)]
	return sorted(known, key=lambda c: -len(books.documents_of[c.id]))


def tie(document, contact, xero: World) -> None:
	links.add(
		Party(document.doctype, document.name), links.CONTACT, contact.id, xero.organisation, links.BY_USER
	)


def user_with(as_user, *roles: str) -> str:
	with as_user(list(roles)) as user:
		pass
	frappe.db.commit()
	return user


def deal_of(user: str, contact, xero: World):
	"""A deal whose organization is this Xero contact."""
	organization = factories.organization()
	tie(organization, contact, xero)
	return factories.deal(organization=organization, deal_owner=user)


def names(rows: list[dict]) -> set[str]:
	return {row["name"] for row in rows}


# the organisation


def test_tools_are_for_who_may_send_and_where_there_are_sales_invoices(site, as_user, monkeypatch):
	factories.require("Sales Invoice")
	for roles, expected in ((["Xero Finance"], True), (["Xero Manager"], True), ([*SALES], False)):
		with as_user(roles):
			assert home.get()["tools"] is expected, roles
	monkeypatch.setattr(home.hosts, "is_record_type", lambda doctype: doctype != "Sales Invoice")
	with as_user(["Xero Finance"]):
		assert home.get()["tools"] is False


def test_contacts_that_wait_are_counted_for_each_organisation_and_for_who_sees_the_books(
	ready: World, as_user
):
	for number, organisation in enumerate((ready.organisation, ready.organisation, "another")):
		values = {"contact": f"contact {number}", "organisation": organisation, "state": "Waiting"}
		match = frappe.get_doc({"doctype": "Xero Match", **values})
		match.insert(ignore_links=True, set_name=values["contact"])
	for roles, expected in ((["Xero Finance"], 2), ([*SALES], None)):
		with as_user(roles):
			assert home.get()["matches"] == expected, roles


def test_a_persons_own_runs_are_found_again_the_newest_first(site, as_user):
	runs.ask(runs.SEND, "CRM Deal", ["another's"], total=1)
	with as_user(["Xero Finance"]):
		mine = [runs.ask(runs.SEND, "CRM Deal", [f"D-{number}"], total=1, dry_run=True) for number in (1, 2)]
		shown = home.get()["runs"]
	assert [run["run"] for run in shown] == mine[::-1]
	state = {"action": "Send", "state": "Queued", "dry_run": True, "total": 1, "done": 0}
	assert shown[0] == {"run": mine[1], **state}


def test_who_may_no_longer_send_is_shown_no_runs(site, as_user):
	with as_user(["Xero Sales"]):
		runs.ask(runs.SEND, "CRM Deal", ["D-1"], total=1)
		assert home.get()["runs"] == []


def test_without_a_connection_only_who_may_connect_gets_the_way_to_it(site, as_user):
	answer = home.get()
	assert (answer["organisation"], answer["receivables"], answer["overdue"]["rows"]) == (None, None, [])
	assert (answer["can"]["connect"], answer["settings_url"]) == (True, "/app/xero-settings")
	with as_user(list(SALES)):
		assert home.get()["can"] == {"connect": False, "books": False}


def test_the_receivables_are_those_of_xeros_own_books(ready: World):
	figures = ready.sandbox.figures(ready.organisation, None)
	shown = home.get()["receivables"]
	assert shown["currency"] == ready.sandbox.organisations[0].base_currency
	for name in ("unpaid", "overdue", "bills_unpaid"):
		assert Decimal(shown[name]) == Decimal(figures[name]), name
	assert shown["drafts"] >= figures["counts"]["drafts"] > 0
	assert {row["currency"] for row in shown["other_currencies"]} <= set(figures["other_currencies"])


def test_what_falls_due_this_week_is_counted_from_today_in_base_currency(ready: World):
	answer = home.get()
	today = frappe.utils.getdate(answer["today"])
	last = frappe.utils.add_days(today, 6)
	books = ready.sandbox.organisations[0]
	due = [
		row
		for row in books.invoices
		if row.type == "ACCREC"
		and (row.status, row.currency) == ("AUTHORISED", books.base_currency)
		and row.amount_due > 0
		and today <= row.due_date <= last
	]
	shown = answer["receivables"]["due_this_week"]
	assert (shown["count"], Decimal(shown["amount"])) == (len(due), sum(row.amount_due for row in due))
	assert shown["until"] == last.isoformat()


def test_overdue_invoices_come_longest_due_first_and_page_by_page(ready: World):
	first = home.get()["overdue"]
	rest = home.list_overdue(start=len(first["rows"]))
	rows = first["rows"] + rest["rows"]
	assert len(rows) == first["total"] == rest["total"] > len(first["rows"])
	assert len({row["id"] for row in rows}) == len(rows)
	assert [row["due_date"] for row in rows] == sorted(row["due_date"] for row in rows)
	assert all(row["overdue"] and row["type"] == "Invoice" for row in rows)


def test_an_overdue_invoice_leads_to_the_record_of_its_customer(ready: World):
	organization = factories.organization()
	tie(organization, late(ready)[0], ready)
	rows = home.list_overdue()["rows"]
	known = {row["contact_name"]: row["record"] for row in rows}
	assert known[late(ready)[0].name] == {
		"doctype": "CRM Organization",
		"name": organization.name,
		"title": organization.organization_name,
	}
	assert known[late(ready)[1].name] is None


def test_one_organisation_is_shown_at_a_time_and_an_unknown_one_is_refused(ready: World):
	second = ready.sandbox.organisations[1]
	ready.connect(ready.organisation, second.id)
	answer = home.get(organisation=second.id)
	assert answer["organisation"]["name"] == second.id
	assert answer["overdue"]["total"] == 0
	assert names(answer["organisations"]) == {ready.organisation, second.id}
	with pytest.raises(frappe.DoesNotExistError):
		home.get(organisation="nowhere")


def test_a_problem_with_xero_is_told_and_the_figures_stay(ready: World):
	before = home.get()["receivables"]
	frappe.db.set_value(
		"Xero Organisation", ready.organisation, {"error_code": "unavailable", "error_values": "{}"}
	)
	answer = home.get()
	assert "not available" in answer["organisation"]["problem"]
	assert answer["receivables"] == before


# records of one's own


def test_records_of_mine_are_those_i_own_or_am_assigned_to(ready: World, as_user):
	from frappe.desk.form.assign_to import add

	user = user_with(as_user, *SALES)
	first, second, third = late(ready)[:3]
	own = deal_of(user, first, ready)
	given = deal_of("Administrator", second, ready)
	foreign = deal_of("Administrator", third, ready)
	add({"doctype": "CRM Deal", "name": given.name, "assign_to": [user]}, ignore_permissions=True)
	with as_user(list(SALES)):
		shown = home.get()["mine"]
	assert names(shown) == {own.name, given.name}
	assert foreign.name not in names(shown)
	for todo in frappe.get_all("ToDo", {"reference_name": given.name}, pluck="name"):
		frappe.delete_doc("ToDo", todo, force=True)


def test_what_a_record_of_mine_is_owed_is_its_customers_overdue_money(ready: World, as_user):
	user = user_with(as_user, *SALES)
	customer = late(ready)[0]
	deal = deal_of(user, customer, ready)
	with as_user(list(SALES)):
		[shown] = [row for row in home.get()["mine"] if row["currency"] == "NZD"]
	figures = ready.sandbox.figures(ready.organisation, customer.id)
	assert (shown["doctype"], shown["name"], shown["title"]) == ("CRM Deal", deal.name, deal.organization)
	assert Decimal(shown["overdue"]) == Decimal(figures["overdue"])


def test_currencies_of_a_record_stand_apart_the_base_currency_first(ready: World, as_user):
	user = user_with(as_user, *SALES)
	small, large = late(ready)[:2]
	deal_of(user, small, ready)
	deal_of(user, large, ready)
	document = frappe.get_all("Xero Invoice", {"contact": small.id, "status": "Paid"}, pluck="name")[0]
	foreign = {"currency": "JPY", "amount_due": 9_000_000, "status": "Authorised", "due_date": "2020-01-01"}
	frappe.db.set_value("Xero Invoice", document, {**foreign, "document_type": "Invoice"})
	with as_user(list(SALES)):
		shown = [(row["currency"], row["overdue"], row["count"]) for row in home.get()["mine"]]
	assert [row[0] for row in shown] == ["NZD", "NZD", "JPY"]
	assert shown[2] == ("JPY", "9000000", 1)
	assert Decimal(shown[0][1]) >= Decimal(shown[1][1])


def test_at_most_twenty_records_are_shown_the_most_overdue_first(ready: World):
	customers = late(ready)[:3]
	for number in range(24):
		tie(factories.contact(), customers[number % 3], ready)
	shown = home.get()["mine"]
	amounts = [Decimal(row["overdue"]) for row in shown]
	assert len(shown) == 20
	assert amounts == sorted(amounts, reverse=True)


# who sees what


def test_sales_see_no_figures_of_the_organisation_and_only_the_overdue_invoices_of_their_records(
	ready: World, http, as_user
):
	user = user_with(as_user, *SALES)
	mine, theirs = late(ready)[:2]
	deal_of(user, mine, ready)
	deal_of("Administrator", theirs, ready)
	answer = http.login(user).get(GET)
	assert answer.status == 200
	assert answer.message["receivables"] is None
	assert {row["contact_name"] for row in answer.message["overdue"]["rows"]} == {mine.name}
	assert answer.message["overdue"]["total"] < home.get()["overdue"]["total"]
	totals = ready.sandbox.figures(ready.organisation, None)
	for secret in (theirs.name, str(totals["unpaid"]), str(totals["overdue"])):
		assert secret not in answer.text


def test_finance_sees_the_books_and_a_viewer_sees_nothing_of_them(ready: World, http, as_user):
	finance = http.login(user_with(as_user, "Xero Finance")).get(GET)
	assert finance.message["receivables"]["bills_unpaid"]
	assert finance.message["can"] == {"connect": False, "books": True}
	viewer = http.login(user_with(as_user, "Xero Viewer")).get(GET)
	assert (viewer.status, viewer.message["receivables"]) == (200, None)
	assert viewer.message["overdue"] == {"rows": [], "total": 0}
	assert late(ready)[0].name not in viewer.text


@pytest.mark.parametrize("method", [GET, SEARCH, "xero_connector.api.home.list_overdue"])
def test_nobody_without_a_role_of_ours_gets_an_answer(ready: World, http, as_user, method):
	secret = late(ready)[0].name
	for user in (None, user_with(as_user, "Sales Manager"), user_with(as_user)):
		answer = (http.login(user) if user else http).get(method, text=secret[:4])
		assert answer.status == 403
		assert secret not in answer.text


def test_only_those_who_see_xero_find_it_among_the_apps(ready: World, as_user):
	with as_user(list(SALES)):
		assert home.is_shown_in_apps() is True
	with as_user(["Sales Manager"]):
		assert home.is_shown_in_apps() is False
	frappe.set_user("Guest")
	assert home.is_shown_in_apps() is False


def test_the_settings_take_it_from_the_apps(site):
	settings = frappe.get_doc("Xero Settings")
	settings.show_in_apps = 0
	settings.save()
	assert home.is_shown_in_apps() is False
	settings.show_in_apps = 1
	settings.save()
	assert home.is_shown_in_apps() is True


# search


def test_a_customer_is_found_by_part_of_the_name_and_leads_to_a_record(ready: World):
	customer = late(ready)[0]
	person = factories.contact()
	tie(person, customer, ready)
	found = home.search(text=customer.name[1:].upper())["customers"]
	[row] = [row for row in found if row["id"] == customer.id]
	assert row["record"] == {"doctype": "Contact", "name": person.name, "title": person.full_name}
	assert customer.id in row["url"]


def test_a_document_is_found_by_the_beginning_of_its_number_newest_first(ready: World):
	number = home.get()["overdue"]["rows"][0]["number"]
	assert number in {row["number"] for row in home.search(text=number)["documents"]}
	many = home.search(text=number[:3])["documents"]
	assert 1 < len(many) <= 20
	assert [row["date"] for row in many] == sorted((row["date"] for row in many), reverse=True)
	assert all(row["contact_name"] for row in many)


def test_bills_are_found_only_by_those_who_see_bills(ready: World, as_user):
	books = ready.sandbox.organisations[0]
	bill = next(row for row in books.invoices if row.type == "ACCPAY" and row.number)
	person = factories.contact()
	tie(person, bill.contact, ready)
	assert bill.id in {row["id"] for row in home.search(text=bill.number)["documents"]}
	with as_user(list(SALES)):
		assert bill.id not in {row["id"] for row in home.search(text=bill.number)["documents"]}


@pytest.mark.parametrize("text", ["", "x", " z ", "%%", "__", "%_", "' OR 1=1 --", "\\\\"])
def test_wildcards_are_letters_and_one_letter_finds_nothing(ready: World, text):
	assert home.search(text=text) == {"customers": [], "documents": []}


def test_sales_find_the_customers_of_records_that_they_may_read_and_no_others(ready: World, http, as_user):
	user = user_with(as_user, *SALES)
	mine, theirs = late(ready)[:2]
	deal = factories.deal(deal_owner=user)
	tie(deal, mine, ready)
	hidden = factories.deal()
	factories.require_hidden(hidden, user)
	tie(hidden, theirs, ready)
	http.login(user)
	found = http.get(SEARCH, text=mine.name).message
	assert [row["record"]["name"] for row in found["customers"]] == [deal.name]
	numbers = {c.name: first_number(ready, c) for c in (mine, theirs)}
	assert http.get(SEARCH, text=numbers[mine.name]).message["documents"]
	for text in (theirs.name, numbers[theirs.name]):
		answer = http.get(SEARCH, text=text)
		assert (answer.status, answer.message) == (200, {"customers": [], "documents": []})


def first_number(xero: World, contact) -> str:
	books = xero.sandbox.organisations[0]
	return next(row.number for row in books.documents_of[contact.id] if row.type == "ACCREC" and row.number)


def test_a_search_gives_ten_customers_and_twenty_documents_at_most(ready: World):
	found = home.search(text="in")
	assert len(found["customers"]) <= 10
	assert len(home.search(text=first_number(ready, late(ready)[0])[:4])["documents"]) == 20


# cost


def queries(monkeypatch, ask) -> int:
	ask()  # fills the caches of meta and settings
	asked = []
	sql = frappe.db.sql
	with monkeypatch.context() as patch:
		patch.setattr(frappe.db, "sql", lambda *a, **k: asked.append(a) or sql(*a, **k))
		ask()
	return len(asked)


@pytest.mark.parametrize(
	"ask", [lambda name: home.get(), lambda name: home.search(text=name[:4])], ids=["get", "search"]
)
@pytest.mark.parametrize("roles", [["Xero Finance", "Sales Manager"], list(SALES)], ids=["books", "sales"])
def test_the_number_of_queries_does_not_grow_with_what_there_is(
	ready: World, monkeypatch, as_user, roles, ask
):
	user = user_with(as_user, *roles)
	# first the customer that the list begins with, so that there is something to look up from the beginning
	name = home.get()["overdue"]["rows"][0]["contact_name"]
	customers = sorted(late(ready), key=lambda contact: contact.name != name)

	def one_of_each(customer) -> None:
		tie(deal_of(user, customer, ready), customer, ready)
		tie(factories.contact(owner=user), customer, ready)

	one_of_each(customers[0])
	with as_user(roles):
		few = queries(monkeypatch, lambda: ask(name))
	for customer in customers[1:8]:
		one_of_each(customer)
	with as_user(roles):
		assert queries(monkeypatch, lambda: ask(name)) == few
	assert few <= 31


def test_no_call_goes_to_xero(ready: World):
	before = len(ready.sandbox.requests)
	home.get()
	home.search(text="an")
	home.list_overdue()
	assert len(ready.sandbox.requests) == before


def test_who_configures_xero_reads_what_is_the_matter_and_what_is_left(ready: World, as_user):
	with as_user(["Xero Finance"]):
		assert home.get()["health"] is None
	with as_user(["Xero Manager"]):
		told = home.get()["health"]
		assert told["matters"] == []
		assert 0 < told["calls"]["day_left"] < told["calls"]["day_limit"]
		tokens.need_reconnect(frappe.db.get_value("Xero Organisation", ready.organisation, "connection"))
		assert [matter["kind"] for matter in home.get()["health"]["matters"]] == ["disconnected"]
