"""Finding what belongs to a record: suggestions, new contacts, Find & link, and what a row can give."""

import frappe
import pytest

from tests import factories
from tests.xero_world import World
from xero_connector.api import documents, links, panel
from xero_connector.site import links as ties
from xero_connector.site.links import Party


def contacts(xero: World) -> list:
	return [c for c in xero.sandbox.organisations[0].contacts if c.status == "ACTIVE"]


def customer(xero: World):
	"""The Xero customer with the most documents."""
	of = xero.sandbox.organisations[0].documents_of
	return max((c for c in contacts(xero) if c.is_customer), key=lambda c: len(of[c.id]))


def tie(document, doctype: str, xero_id: str, xero: World, organisation: str | None = None) -> None:
	party = Party(document.doctype, document.name)
	ties.add(party, doctype, xero_id, organisation or xero.organisation, ties.BY_USER)


def of(document) -> dict:
	return {"doctype": document.doctype, "name": document.name}


def suggested(document, xero: World) -> list[dict]:
	return links.suggest(**of(document), organisation=xero.organisation)["contacts"]


def user_with(as_user, *roles: str) -> str:
	with as_user(list(roles)) as user:
		pass
	frappe.db.commit()
	return user


# suggestions


def test_a_person_with_the_same_e_mail_is_suggested_first_and_says_why(ready: World):
	known = next(c for c in contacts(ready) if c.email)
	found = suggested(factories.contact(email=known.email.upper()), ready)
	assert found[0]["id"] == known.id
	assert found[0]["name"] == known.name
	assert "email" in found[0]["reasons"]
	assert 0 < found[0]["score"] <= 100
	assert [row["score"] for row in found] == sorted((row["score"] for row in found), reverse=True)


def test_an_organization_is_suggested_by_its_name_without_its_legal_form(ready: World):
	known = customer(ready)
	found = suggested(factories.organization(organization_name=f"The {known.name.upper()} Limited"), ready)
	assert found[0]["id"] == known.id
	assert {"name", "similar_name"} & set(found[0]["reasons"])


def test_a_stranger_gets_no_suggestion(ready: World):
	assert suggested(factories.contact(first_name="Zxqv", last_name="Wkjh", phone=None), ready) == []


def test_an_archived_contact_is_not_suggested(ready: World):
	books = ready.sandbox.organisations[0]
	archived = next(c for c in books.contacts if c.status == "ARCHIVED")
	organization = factories.organization(organization_name=f"{archived.name} Ltd")
	assert archived.id not in [row["id"] for row in suggested(organization, ready)]


# a new contact in Xero


def create(document, xero: World, **values) -> dict:
	prepared = links.prepare_contact(**of(document), organisation=xero.organisation)
	answer = links.create_contact(
		**of(document), organisation=xero.organisation, values={**prepared["values"], **values}
	)
	frappe.db.commit()  # as the request does
	return answer


def test_a_contact_is_made_from_the_record_and_linked_to_it(ready: World, jobs):
	person = factories.contact(email="rua@example.com", phone="+64 21 555 123")
	answer = create(person, ready)
	assert answer["state"] == "Queued"
	jobs.run_all()
	after = links.contact_progress(**of(person), outbox=answer["outbox"])
	assert after["state"] == "Sent"
	[shown] = panel.get(**of(person))["contacts"]
	assert shown["id"] == after["contact"]["id"]
	[made] = [c for c in ready.sandbox.organisations[0].contacts if c.id == shown["id"]]
	assert (made.email, made.name) == ("rua@example.com", after["contact"]["name"])


def test_pressing_create_twice_makes_one_contact(ready: World, jobs):
	person = factories.contact()
	first, second = create(person, ready), create(person, ready)
	assert first["outbox"] == second["outbox"]
	jobs.run_all()
	assert len(ready.calls("Contacts", "PUT")) == 1


def test_a_name_that_xero_has_is_refused_and_the_contact_that_has_it_is_named(ready: World):
	known = customer(ready)
	person = factories.contact()
	with pytest.raises(frappe.ValidationError, match="in Xero already"):
		create(person, ready, name=known.name.upper())
	organization = factories.organization(organization_name=known.name)
	prepared = links.prepare_contact(**of(organization), organisation=ready.organisation)
	assert prepared["existing"]["id"] == known.id
	assert frappe.db.count("Xero Outbox") == 0


def test_a_name_that_somebody_took_meanwhile_is_linked_and_not_made_twice(ready: World, jobs):
	person = factories.contact()
	answer = create(person, ready)
	name = links.prepare_contact(**of(person), organisation=ready.organisation)["values"]["name"]
	theirs = customer(ready)
	ready.sandbox.edit_contact(theirs.id, Name=name)
	jobs.run_all()
	assert links.contact_progress(**of(person), outbox=answer["outbox"])["contact"]["id"] == theirs.id
	assert ready.calls("Contacts", "PUT") == []


def test_a_contact_unlinked_by_mistake_comes_back_by_creating_it_again(ready: World, jobs):
	person = factories.contact()
	create(person, ready)
	jobs.run_all()
	[shown] = panel.get(**of(person))["contacts"]
	links.unlink_contact(**of(person), organisation=ready.organisation, contact_id=shown["id"])
	found = suggested(person, ready)
	assert found[0]["id"] == shown["id"], "what was made is suggested"


@pytest.mark.parametrize(
	("values", "field"),
	[
		({"name": ""}, "Name"),
		({"name": "<b>Acme</b>"}, "Name"),
		({"email_address": "müller@example"}, "E-mail"),
	],
)
def test_a_contact_that_xero_would_refuse_is_refused_here(ready: World, values, field):
	with pytest.raises(frappe.ValidationError, match=field):
		create(factories.contact(), ready, **values)
	assert frappe.db.count("Xero Outbox") == 0


def test_a_deals_new_contact_belongs_to_its_organization(ready: World, jobs):
	organization = factories.organization()
	deal = factories.deal(organization=organization.name)
	create(deal, ready)
	jobs.run_all()
	[linked] = ties.contacts_of([Party("CRM Organization", organization.name)])
	assert panel.get(**of(deal))["contacts"][0]["id"] == linked.contact


def test_a_second_contact_made_for_a_linked_record_is_linked_beside_the_first(ready: World, jobs):
	person = factories.contact()
	tie(person, ties.CONTACT, customer(ready).id, ready)
	answer = create(person, ready)
	jobs.run_all()
	made = links.contact_progress(**of(person), outbox=answer["outbox"])["contact"]["id"]
	assert {row["id"] for row in panel.get(**of(person))["contacts"]} == {customer(ready).id, made}


def test_an_invoice_to_a_strangers_contact_shows_nothing_of_the_strangers_money(
	ready: World, http, as_user, jobs
):
	known = customer(ready)
	closed = factories.deal(organization=factories.organization().name)
	tie(closed, ties.CONTACT, known.id, ready)
	user = user_with(as_user, "Xero Sales", "Sales User")
	factories.require_hidden(closed, user)
	mine = factories.deal(organization=factories.organization().name, deal_owner=user, value=100)
	frappe.db.commit()
	http.login(user)
	form = http.get("xero_connector.api.drafts.prepare", **of(mine)).message
	values = {**form["values"], "contact_id": known.id, "contact_name": known.name}
	assert http.post("xero_connector.api.drafts.send", **of(mine), values=values).status == 200
	jobs.run_all()
	answer = http.get("xero_connector.api.panel.get", **of(mine)).message
	assert answer["list"]["total"] == 1, "their own invoice is there"
	assert answer["contacts"] == []
	everything = http.get("xero_connector.api.panel.list_documents", **of(mine), view="all", scope="customer")
	assert everything.message["total"] == 0


def test_while_xero_is_away_the_wish_waits_and_arrives_later(ready: World, jobs):
	ready.sandbox.fault("offline", times=1)
	person = factories.contact()
	answer = create(person, ready)
	jobs.run_all()
	failed = links.contact_progress(**of(person), outbox=answer["outbox"])
	assert failed["state"] == "Failed"
	assert "tried again" in failed["message"]
	frappe.db.sql("update `tabXero Outbox` set next_attempt_utc = '2000-01-01 00:00:00'")
	frappe.db.commit()
	from xero_connector import tasks

	tasks.send_due()
	frappe.db.commit()
	jobs.run_all()
	assert links.contact_progress(**of(person), outbox=answer["outbox"])["state"] == "Sent"


# Find & link


def find(document, xero: World, **wanted) -> dict:
	return links.find_documents(**of(document), organisation=xero.organisation, **wanted)


def test_finance_finds_any_invoice_by_number_and_links_it(ready: World):
	deal = factories.deal(organization=factories.organization().name)
	invoice = next(
		row for row in ready.sandbox.organisations[0].invoices if row.type == "ACCREC" and row.number
	)
	found = find(deal, ready, text=invoice.number[:-1])
	assert found["limited"] is False
	assert invoice.id in [row["id"] for row in found["rows"]]
	assert all(row["pinned"] is False for row in found["rows"])
	links.link_document(**of(deal), organisation=ready.organisation, document_id=invoice.id)
	[row] = [row for row in find(deal, ready, text=invoice.number)["rows"] if row["id"] == invoice.id]
	assert row["pinned"] is True
	assert [row["id"] for row in panel.get(**of(deal))["list"]["rows"]] == [invoice.id]


def test_bills_are_found_by_their_reference_and_day(ready: World):
	bill = next(
		row
		for row in ready.sandbox.organisations[0].invoices
		if row.type == "ACCPAY" and row.number and row.status in ("AUTHORISED", "PAID")
	)
	day = bill.date.isoformat()
	person = factories.contact()
	found = find(person, ready, kind="bill", text=bill.number, from_date=day, to_date=day)
	assert bill.id in [row["id"] for row in found["rows"]]
	assert find(person, ready, kind="bill", text=bill.number, to_date="1999-12-31")["rows"] == []


def test_wildcards_find_nothing_but_themselves(ready: World):
	assert find(factories.contact(), ready, text="%")["rows"] == []


def test_sales_find_only_documents_of_the_records_own_contacts(ready: World, http, as_user):
	known, person = customer(ready), factories.contact()
	tie(person, ties.CONTACT, known.id, ready)
	mine = {row.id for row in ready.sandbox.organisations[0].documents_of[known.id]}
	foreign = next(
		row
		for row in ready.sandbox.organisations[0].invoices
		if row.type == "ACCREC" and row.id not in mine and row.number
	)
	http.login(user_with(as_user, "Xero Sales", "Sales Manager"))
	asked = {**of(person), "organisation": ready.organisation}
	found = http.get("xero_connector.api.links.find_documents", **asked).message
	assert found["limited"] is True
	assert found["rows"]
	assert {row["id"] for row in found["rows"]} <= mine
	reply = http.get("xero_connector.api.links.find_documents", **asked, text=foreign.number)
	assert reply.message["rows"] == []
	reply = http.post("xero_connector.api.links.link_document", **asked, document_id=foreign.id)
	assert reply.status == 404
	assert foreign.number not in reply.text


# what a row gives


@pytest.fixture
def person(ready: World):
	person = factories.contact()
	tie(person, ties.CONTACT, customer(ready).id, ready)
	return person


def rows(document, **wanted) -> list[dict]:
	return panel.list_documents(**of(document), view="all", page_length=100, **wanted)["rows"]


def test_xeros_pdf_comes_as_a_download_and_is_not_kept(ready: World, person, http):
	row = next(row for row in rows(person) if row["pdf"] and row["number"])
	frappe.db.commit()
	files = frappe.db.count("File")
	reply = http.login("Administrator").get(
		"xero_connector.api.documents.pdf", **of(person), document_id=row["id"]
	)
	assert (reply.status, reply.data[:5]) == (200, b"%PDF-")
	assert f"{row['number']}.pdf" in reply.headers["Content-Disposition"]
	assert frappe.db.count("File") == files


def test_an_approved_invoice_has_an_address_for_the_customer(ready: World, person):
	row = next(row for row in rows(person) if row["online"])
	assert documents.online_invoice(**of(person), document_id=row["id"])["url"].startswith("https://")


def test_a_draft_has_neither_and_says_so(ready: World, person):
	draft = next(
		row
		for row in ready.sandbox.organisations[0].invoices
		if row.type == "ACCREC" and row.status == "DRAFT"
	)
	tie(person, ties.DOCUMENT, draft.id, ready)
	calls = len(ready.sandbox.requests)
	for function in (documents.pdf, documents.online_invoice):
		with pytest.raises(frappe.ValidationError, match="not for drafts"):
			function(**of(person), document_id=draft.id)
	assert len(ready.sandbox.requests) == calls


def test_while_xero_is_away_the_pdf_says_so(ready: World, person, http):
	row = next(row for row in rows(person) if row["pdf"])
	frappe.db.commit()
	ready.sandbox.fault("offline", times=None)
	reply = http.login("Administrator").get(
		"xero_connector.api.documents.pdf", **of(person), document_id=row["id"]
	)
	assert reply.status == 503
	assert "not available" in reply.text


# several organisations


@pytest.fixture
def two(xero: World) -> World:
	first, second = xero.sandbox.organisations[:2]
	xero.connect(first.id, second.id)
	from xero_connector import reading

	for each in (first, second):
		reading.read_organisation(each.id)
	return xero


def customer_in(books):
	active = [c for c in books.contacts if c.status == "ACTIVE" and c.is_customer]
	return max(active, key=lambda c: len(books.documents_of[c.id]))


def test_a_record_shows_one_organisation_at_a_time_and_switches(two: World):
	first, second = two.sandbox.organisations[:2]
	person = factories.contact()
	tie(person, ties.CONTACT, customer_in(first).id, two, first.id)
	tie(person, ties.CONTACT, customer_in(second).id, two, second.id)
	for books in (first, second):
		answer = panel.get(**of(person), organisation=books.id)
		figures = two.sandbox.figures(books.id, customer_in(books).id)
		assert answer["organisation"]["name"] == books.id
		assert [c["id"] for c in answer["contacts"]] == [customer_in(books).id]
		assert float(answer["overview"]["unpaid"]) == float(figures["unpaid"])
		assert {row["name"]: row["linked"] for row in answer["organisations"]} == {
			first.id: True,
			second.id: True,
		}
		found = panel.list_documents(**of(person), view="all", organisation=books.id)["rows"]
		assert {row["id"] for row in found} <= {d.id for d in books.documents_of[customer_in(books).id]}


def test_without_a_choice_the_organisation_is_the_one_that_the_record_is_linked_in(two: World):
	second = two.sandbox.organisations[1]
	person = factories.contact()
	tie(person, ties.CONTACT, customer_in(second).id, two, second.id)
	answer = panel.get(**of(person))
	assert answer["organisation"]["name"] == second.id
	assert {row["name"]: row["linked"] for row in answer["organisations"]}[second.id] is True


def test_a_deal_inherits_in_each_organisation_from_the_nearest_that_is_linked_there(two: World):
	first, second = two.sandbox.organisations[:2]
	organization = factories.organization()
	deal = factories.deal(organization=organization.name)
	tie(deal, ties.CONTACT, customer_in(first).id, two, first.id)
	tie(organization, ties.CONTACT, customer_in(second).id, two, second.id)
	own, inherited = (panel.get(**of(deal), organisation=books.id)["contacts"] for books in (first, second))
	assert own[0]["inherited_from"] is None
	assert inherited[0]["inherited_from"]["name"] == organization.name


def test_an_organisation_that_is_not_ours_is_not_found(ready: World, person):
	with pytest.raises(frappe.DoesNotExistError):
		panel.get(**of(person), organisation="nowhere")


# the deal's value


def test_a_deal_says_how_much_of_it_is_invoiced(ready: World):
	books = ready.sandbox.organisations[0]
	deal = factories.deal(organization=factories.organization().name, value=100_000)
	invoices = [
		row
		for row in books.invoices
		if row.type == "ACCREC" and row.currency == deal.currency and row.status in ("AUTHORISED", "PAID")
	][:2]
	if len(invoices) < 2:
		pytest.skip(f"the sandbox has no invoices in {deal.currency}")
	for invoice in invoices:
		tie(deal, ties.DOCUMENT, invoice.id, ready)
	sale = panel.get(**of(deal))["overview"]["sale"]
	invoiced = sum(row.sub_total for row in invoices)
	assert float(sale["value"]) == 100_000
	assert float(sale["invoiced"]) == pytest.approx(float(invoiced))
	assert float(sale["left"]) == pytest.approx(100_000 - float(invoiced))


def test_only_deals_with_a_value_speak_of_it(ready: World, person):
	assert panel.get(**of(person))["overview"]["sale"] is None
