"""The tab: what it says of each record, to whom, and at what cost."""

from decimal import Decimal

import frappe
import pytest

from tests import factories
from tests.xero_world import World
from xero_connector.site import links
from xero_connector.site.links import Party

GET = "xero_connector.api.panel.get"
LIST = "xero_connector.api.panel.list_documents"


def panel(document) -> dict:
	from xero_connector.api import panel

	return panel.get(doctype=document.doctype, name=document.name)


def listed(document, **wanted) -> dict:
	from xero_connector.api import panel

	return panel.list_documents(doctype=document.doctype, name=document.name, **wanted)


def busiest(xero: World):
	"""The customer with the most documents of all kinds."""
	books = xero.sandbox.organisations[0]
	active = [c for c in books.contacts if c.status == "ACTIVE" and c.is_customer]
	return max(active, key=lambda c: len(books.documents_of[c.id]))


def link(document, contact_id: str, organisation: str) -> None:
	links.add(Party(document.doctype, document.name), links.CONTACT, contact_id, organisation, links.BY_USER)


@pytest.fixture
def person(site):
	return factories.contact()


@pytest.fixture
def customer(ready: World, person):
	"""A contact that is linked to the sandbox's busiest customer."""
	person.xero = busiest(ready)
	link(person, person.xero.id, ready.organisation)
	return person


def test_a_site_without_a_connection_offers_connecting_to_managers_only(site, person, as_user):
	answer = panel(person)
	assert (answer["state"], answer["can"]["connect"]) == ("not_connected", True)
	with as_user(["Xero Sales", "Sales User"]):
		assert panel(person)["can"]["connect"] is False


@pytest.mark.parametrize(("role", "books"), [("Xero Finance", True), ("Xero Sales", False)])
def test_a_host_is_told_who_sees_the_books(site, as_user, role, books):
	from xero_connector.api.panel import places

	with as_user([role]):
		assert places()["books"] is books


def test_a_record_without_a_xero_contact_says_so(ready: World, person):
	answer = panel(person)
	assert answer["state"] == "no_contact"
	assert answer["organisation"]["title"] == "Demo Company (NZ)"
	assert answer["organisation"]["is_demo"] is True
	assert answer["overview"] is None


def test_the_totals_are_those_of_xeros_own_books(ready: World, customer):
	figures = ready.sandbox.figures(ready.organisation, customer.xero.id)
	overview = panel(customer)["overview"]
	for name in ("unpaid", "paid", "overdue", "bills_unpaid", "lifetime", "last_12_months"):
		assert Decimal(overview[name]) == Decimal(figures[name]), name
	assert {row["currency"] for row in overview["other_currencies"]} <= set(figures["other_currencies"])


def test_every_customers_totals_are_those_of_xeros_own_books(ready: World):
	books = ready.sandbox.organisations[0]
	for contact in books.contacts:
		if contact.status != "ACTIVE":
			continue
		person = factories.contact()
		link(person, contact.id, ready.organisation)
		figures = ready.sandbox.figures(ready.organisation, contact.id)
		overview = panel(person)["overview"]
		assert {name: Decimal(overview[name]) for name in ("unpaid", "paid", "overdue")} == {
			name: Decimal(figures[name]) for name in ("unpaid", "paid", "overdue")
		}, contact.name


def test_the_ageing_bar_adds_up_to_what_is_owed(ready: World, customer):
	overview = panel(customer)["overview"]
	aged = sum(Decimal(row["amount"]) for row in overview["ageing"])
	assert aged == Decimal(overview["unpaid"]) - Decimal(overview["awaiting_approval"])
	overdue = sum(Decimal(row["amount"]) for row in overview["ageing"] if row["bucket"] != "not_due")
	assert overdue == Decimal(overview["overdue"])


@pytest.mark.parametrize("view", ["open", "unpaid", "overdue", "due_today", "paid", "drafts", "all"])
@pytest.mark.parametrize("kind", ["invoice", "bill"])
def test_the_count_on_a_view_is_the_number_of_its_rows(ready: World, customer, kind, view):
	count = panel(customer)["counts"][kind][view]
	found = listed(customer, kind=kind, view=view, page_length=100)
	assert found["total"] == count
	assert len(found["rows"]) == min(count, 100)


def test_rows_come_newest_first_and_page_by_page(ready: World, customer):
	whole = listed(customer, view="all", page_length=100)["rows"]
	dates = [row["date"] for row in whole]
	assert dates == sorted(dates, reverse=True)
	pages = [listed(customer, view="all", start=start, page_length=3)["rows"] for start in (0, 3)]
	assert [row["id"] for page in pages for row in page] == [row["id"] for row in whole[:6]]


def test_search_finds_by_number_and_takes_wildcards_literally(ready: World, customer):
	number = listed(customer, view="all")["rows"][0]["number"]
	assert number in {row["number"] for row in listed(customer, view="all", search=number)["rows"]}
	assert listed(customer, view="all", search="%")["total"] == 0
	assert listed(customer, view="all", search="_")["total"] == 0
	assert listed(customer, view="all", search="' OR 1=1 --")["total"] == 0


def test_a_date_range_is_kept_to_both_ends(ready: World, customer):
	rows = listed(customer, view="all", page_length=100)["rows"]
	first, last = sorted(row["date"] for row in rows)[1], sorted(row["date"] for row in rows)[-2]
	found = listed(customer, view="all", from_date=first, to_date=last, page_length=100)["rows"]
	assert {row["id"] for row in found} == {row["id"] for row in rows if first <= row["date"] <= last}


def test_instalments_come_with_the_row(ready: World, customer):
	books = ready.sandbox.organisations[0]
	rows = {row["id"]: row for row in listed(customer, view="all", page_length=100)["rows"]}
	paid = [
		d for d in books.documents_of[customer.xero.id] if d.id in rows and d.type == "ACCREC" and d.payments
	]
	assert paid
	for invoice in paid:
		live = sorted((str(p.date), str(p.amount)) for p in invoice.payments if p.status == "AUTHORISED")
		shown = rows[invoice.id]["payments"]
		assert sorted((p["date"], p["amount"]) for p in shown if p["kind"] == "Payment") == live


def test_a_row_opens_in_xero_in_its_own_organisation(ready: World, customer):
	row = listed(customer, view="all")["rows"][0]
	short_code = ready.sandbox.organisations[0].short_code
	assert row["id"] in row["url"]
	assert short_code in row["url"] or short_code.replace("!", "%21") in row["url"]


def test_a_deal_lists_what_is_linked_to_it_and_on_request_all_of_the_customers(ready: World):
	organization = factories.organization()
	link(organization, busiest(ready).id, ready.organisation)
	deal = factories.deal(organization=organization.name)
	answer = panel(deal)
	assert (answer["record"]["scope"], answer["record"]["view"]) == ("record", "all")
	assert answer["record"]["search"] == organization.name
	assert answer["contacts"][0]["inherited_from"]["name"] == organization.name
	assert answer["list"]["total"] == 0
	everything = listed(deal, view="all", scope="customer")
	assert everything["total"] > 0
	pinned = everything["rows"][0]["id"]
	links.add(Party(deal.doctype, deal.name), links.DOCUMENT, pinned, ready.organisation, links.BY_USER)
	assert [row["id"] for row in listed(deal, view="all")["rows"]] == [pinned]
	assert panel(deal)["counts"]["invoice"]["pinned"] == 1


def test_totals_follow_the_switch_between_the_deal_and_its_customer(ready: World):
	organization = factories.organization()
	link(organization, busiest(ready).id, ready.organisation)
	deal = factories.deal(organization=organization.name)
	figures = ready.sandbox.figures(ready.organisation, busiest(ready).id)
	assert Decimal(listed(deal, scope="record", overview=True)["overview"]["lifetime"]) == 0
	whole = listed(deal, scope="customer", overview=True)["overview"]
	assert Decimal(whole["lifetime"]) == Decimal(figures["lifetime"]) != 0
	assert "overview" not in listed(deal, scope="customer")


def test_linking_twice_makes_one_link_and_unlinking_takes_it_away(ready: World, person):
	from xero_connector.api import links as api

	asked = {"doctype": "Contact", "name": person.name, "organisation": ready.organisation}
	contact_id = busiest(ready).id
	api.link_contact(**asked, contact_id=contact_id)
	api.link_contact(**asked, contact_id=contact_id)
	assert frappe.db.count("Xero Link") == 1
	assert panel(person)["state"] == "linked"
	api.unlink_contact(**asked, contact_id=contact_id)
	assert panel(person)["state"] == "no_contact"


def test_a_merged_contact_shows_the_documents_of_the_one_it_was_merged_into(ready: World, customer):
	books = ready.sandbox.organisations[0]
	winner = next(c for c in books.contacts if c.status == "ACTIVE" and c.id != customer.xero.id)
	ready.sandbox.advance(600)
	ready.sandbox.merge_contacts(customer.xero.id, winner.id)
	ready.read()
	[shown] = panel(customer)["contacts"]
	assert shown["id"] == winner.id


def test_search_finds_contacts_by_name_and_e_mail_whatever_the_case(ready: World):
	from xero_connector.api import links as api

	books = ready.sandbox.organisations[0]
	known = next(c for c in books.contacts if c.status == "ACTIVE" and c.email)
	for text in (known.name.upper(), known.name[1:6], known.email):
		found = api.search_contacts(organisation=ready.organisation, text=text)["contacts"]
		assert known.id in {row["id"] for row in found}, text
	archived = next(c for c in books.contacts if c.status == "ARCHIVED")
	found = api.search_contacts(organisation=ready.organisation, text=archived.name)["contacts"]
	assert archived.id not in {row["id"] for row in found}


def test_the_tab_makes_no_call_to_xero_and_reads_while_xero_is_down(ready: World, customer):
	before = panel(customer)["overview"]
	ready.sandbox.fault("offline", times=None)
	ready.read()
	calls = len(ready.sandbox.requests)
	answer = panel(customer)
	assert len(ready.sandbox.requests) == calls
	assert answer["overview"] == before
	assert "not available" in answer["organisation"]["problem"]
	assert answer["organisation"]["as_of"]


def test_the_number_of_queries_does_not_grow_with_the_documents(ready: World, customer, monkeypatch):
	quiet = factories.contact()
	books = ready.sandbox.organisations[0]
	few = min(
		(c for c in books.contacts if c.status == "ACTIVE" and books.documents_of[c.id]),
		key=lambda c: len(books.documents_of[c.id]),
	)
	link(quiet, few.id, ready.organisation)

	def queries(document) -> int:
		panel(document)  # fills the caches of meta and settings
		asked = []
		sql = frappe.db.sql
		with monkeypatch.context() as patch:
			patch.setattr(frappe.db, "sql", lambda *a, **k: asked.append(a) or sql(*a, **k))
			panel(document)
		return len(asked)

	assert queries(customer) == queries(quiet)
	assert queries(customer) <= 18


def test_an_unknown_view_kind_scope_or_date_is_refused(ready: World, customer):
	for wanted in (
		{"view": "secret"},
		{"kind": "payslip"},
		{"scope": "everybody"},
		{"scope": "record"},
		{"from_date": "yesterday"},
	):
		with pytest.raises(frappe.ValidationError):
			listed(customer, **wanted)


def user_with(as_user, *roles: str) -> str:
	with as_user(list(roles)) as user:
		pass
	frappe.db.commit()
	return user


@pytest.mark.parametrize(
	("roles", "reads_deals", "expected"),
	[
		(["Xero Viewer"], True, 200),
		(["Xero Sales"], True, 200),
		(["Xero Finance"], True, 200),
		(["Xero Manager"], True, 200),
		(["Xero Viewer"], False, 403),
		(["Xero Sales"], False, 403),
		(["Xero Finance"], False, 403),
		(["Xero Manager"], False, 403),
		([], True, 403),
		(["System Manager"], False, 403),
	],
)
def test_the_tab_needs_a_xero_role_and_the_right_to_read_the_record(
	ready: World, http, as_user, roles, reads_deals, expected
):
	organization = factories.organization()
	link(organization, busiest(ready).id, ready.organisation)
	deal = factories.deal(organization=organization.name)
	user = user_with(as_user, *roles, *(["Sales Manager"] if reads_deals else []))
	http.login(user)
	for method in (GET, LIST):
		reply = http.get(method, doctype=deal.doctype, name=deal.name)
		assert reply.status == expected, (method, reply)
		if expected == 403:
			assert "overview" not in reply.text
			assert busiest(ready).name not in reply.text


@pytest.mark.parametrize(
	("role", "shown"),
	[("Xero Viewer", False), ("Xero Sales", False), ("Xero Finance", True), ("Xero Manager", True)],
)
def test_bills_are_for_finance_and_managers(ready: World, customer, http, as_user, role, shown):
	user = user_with(as_user, role, "Sales Manager")
	answer = http.login(user).get(GET, doctype="Contact", name=customer.name).message
	assert ("bill" in answer["counts"]) == shown
	assert (answer["overview"]["bills_unpaid"] is not None) == shown
	reply = http.get(LIST, doctype="Contact", name=customer.name, kind="bill", view="all")
	assert reply.status == (200 if shown else 403)


def test_the_setting_shows_bills_to_everybody_who_sees_invoices(ready: World, customer, http, as_user):
	frappe.db.set_single_value("Xero Settings", "show_bills", 1)
	user = user_with(as_user, "Xero Viewer", "Sales Manager")
	answer = http.login(user).get(GET, doctype="Contact", name=customer.name).message
	assert "bill" in answer["counts"]


@pytest.mark.parametrize("role", ["Xero Viewer", "Sales Manager", "System Manager"])
def test_who_may_only_look_can_link_nothing(ready: World, person, http, as_user, role):
	user = user_with(as_user, role, "Sales Manager")
	http.login(user)
	asked = {"doctype": "Contact", "name": person.name, "organisation": ready.organisation}
	for method, argument in (
		("link_contact", {"contact_id": busiest(ready).id}),
		("unlink_contact", {"contact_id": busiest(ready).id}),
		("link_document", {"document_id": "x"}),
		("unlink_document", {"document_id": "x"}),
	):
		assert http.post(f"xero_connector.api.links.{method}", **asked, **argument).status == 403, method
	assert http.get("xero_connector.api.links.search_contacts", organisation=ready.organisation).status == 403
	assert frappe.db.count("Xero Link") == 0


def test_a_sales_user_cannot_pin_a_bill(ready: World, person, http, as_user):
	bill = next(row for row in ready.sandbox.organisations[0].invoices if row.type == "ACCPAY")
	user = user_with(as_user, "Xero Sales", "Sales Manager")
	reply = http.login(user).post(
		"xero_connector.api.links.link_document",
		doctype="Contact",
		name=person.name,
		organisation=ready.organisation,
		document_id=bill.id,
	)
	assert reply.status == 404, "whether there is such a bill is not told"
	assert frappe.db.count("Xero Link") == 0


def test_guests_and_foreign_doctypes_get_nothing(ready: World, http):
	assert http.get(GET, doctype="Contact", name="x").status == 403
	http.login("Administrator")
	assert http.get(GET, doctype="User", name="Administrator").status == 403
	assert http.get(GET, doctype="No Such Thing", name="x").status == 403
	assert http.get(GET, doctype="Contact", name="nobody").status == 404


def test_deleting_a_record_takes_its_links_along(ready: World):
	person = factories.contact()
	link(person, busiest(ready).id, ready.organisation)
	frappe.delete_doc("Contact", person.name, force=True)
	assert frappe.db.count("Xero Link") == 0


def test_renaming_a_record_keeps_its_links(ready: World):
	organization = factories.organization()
	link(organization, busiest(ready).id, ready.organisation)
	renamed = frappe.rename_doc(
		"CRM Organization", organization.name, f"{organization.name} Group", force=True
	)
	try:
		assert panel(frappe.get_doc("CRM Organization", renamed))["state"] == "linked"
	finally:
		frappe.rename_doc("CRM Organization", renamed, organization.name, force=True)


@pytest.mark.parametrize("doctype", ["Xero Invoice", "Xero Contact", "Xero Outbox"])
@pytest.mark.parametrize(
	("role", "expected"),
	[
		("Xero Finance", 200),
		("Xero Manager", 200),
		("Xero Sales", 403),
		("Xero Viewer", 403),
		("System Manager", 403),
		("Sales Manager", 403),
	],
)
def test_the_mirror_as_a_whole_is_for_finance_and_managers(
	ready: World, http, as_user, doctype, role, expected
):
	http.login(user_with(as_user, role))
	reply = http.request("GET", f"/api/resource/{doctype}")
	assert reply.status == expected, reply
