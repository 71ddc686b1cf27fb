"""Each host's records: whose Xero contacts count for them, and what a draft starts with."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe
import pytest

from tests import factories
from tests.xero_world import World
from xero_connector.api import drafts, panel
from xero_connector.core.drafting import NewContact, Source
from xero_connector.site import hosts, links
from xero_connector.site.hosts import contact
from xero_connector.site.hosts.record import RecordType
from xero_connector.site.links import Party


def link(document, xero: World) -> str:
	"""Ties the document to some Xero contact; its id."""
	contact_id = next(c.id for c in xero.sandbox.organisations[0].contacts if c.status == "ACTIVE")
	links.add(
		Party(document.doctype, document.name), links.CONTACT, contact_id, xero.organisation, links.BY_USER
	)
	return contact_id


def shown(document) -> dict:
	return panel.get(doctype=document.doctype, name=document.name)


def assert_inherits(document, source, xero: World) -> None:
	"""The document shows the Xero contact of `source`, and says so."""
	contact_id = link(source, xero)
	[found] = shown(document)["contacts"]
	assert found["id"] == contact_id
	assert found["inherited_from"] == {"doctype": source.doctype, "name": source.name}


def test_a_person_has_the_contact_of_the_organization_that_they_work_for(ready: World):
	organization = factories.organization()
	assert_inherits(factories.contact(company_name=organization.name), organization, ready)


def test_a_person_has_the_contact_of_their_customer(ready: World):
	customer = factories.customer()
	person = factories.link_contact(factories.contact(), "Customer", customer.name)
	assert_inherits(person, customer, ready)


def test_what_is_linked_to_the_person_comes_before_what_they_inherit(ready: World):
	organization = factories.organization()
	person = factories.contact(company_name=organization.name)
	link(organization, ready)
	own = [c.id for c in ready.sandbox.organisations[0].contacts if c.status == "ACTIVE"][1]
	links.add(Party("Contact", person.name), links.CONTACT, own, ready.organisation, links.BY_USER)
	[found] = shown(person)["contacts"]
	assert (found["id"], found["inherited_from"]) == (own, None)


def test_a_deal_has_the_contact_of_its_person_where_its_organization_has_none(ready: World):
	person = factories.contact()
	assert_inherits(factories.deal(contact=person), person, ready)


def test_a_lead_stands_for_itself(ready: World):
	lead = factories.lead()
	assert shown(lead)["state"] == "no_contact"
	link(lead, ready)
	assert shown(lead)["state"] == "linked"


@pytest.mark.parametrize("make", [factories.project, factories.sales_invoice])
def test_projects_and_sales_invoices_have_the_contact_of_their_customer(ready: World, make):
	customer = factories.customer()
	document = make(customer=customer.name)
	assert_inherits(document, customer, ready)
	assert shown(document)["record"]["scopes"] == ["record", "customer"]


def test_an_opportunity_has_the_contact_of_its_customer(ready: World):
	customer = factories.customer()
	assert_inherits(factories.opportunity(party_name=customer.name), customer, ready)


def test_a_supplier_stands_for_itself(ready: World):
	supplier = factories.supplier()
	link(supplier, ready)
	assert shown(supplier)["state"] == "linked"


def test_no_draft_is_made_from_a_supplier(ready: World):
	supplier = factories.supplier()
	assert shown(supplier)["record"]["can_draft"] is False
	with pytest.raises(frappe.ValidationError, match="No invoice can be made"):
		drafts.prepare(doctype="Supplier", name=supplier.name)


def sales_of(document) -> list[str]:
	return [party.name for party in hosts.open_record(document.doctype, document.name).sales]


def test_an_organization_has_its_open_and_won_deals_newest_first(site):
	organization = factories.organization()
	first, won, _ = (
		factories.deal(organization=organization, status=status, **values)
		for status, values in [("Open", {}), ("Won", {}), ("Lost", lost())]
	)
	factories.deal()
	assert sales_of(organization) == [won.name, first.name]
	assert hosts.open_record("CRM Organization", organization.name).is_live


def lost() -> dict[str, Any]:
	"""What Frappe CRM asks of a deal that is lost."""
	if not frappe.db.exists("DocType", "CRM Lost Reason"):
		return {}
	reason = frappe.get_all("CRM Lost Reason", pluck="name", limit=1)[0]
	return {"lost_reason": reason, "lost_notes": "They found it too dear."}


def test_an_organization_without_a_deal_is_not_live(site):
	organization = factories.organization()
	assert sales_of(organization) == []
	assert not hosts.open_record("CRM Organization", organization.name).is_live


def test_a_person_has_the_deals_that_they_are_a_contact_of(site):
	person = factories.contact()
	deal = factories.deal(contact=person)
	factories.deal(contact=factories.contact())
	assert sales_of(person) == [deal.name]


def test_a_person_has_the_opportunities_that_they_are_the_contact_of(site):
	person = factories.contact()
	opportunity = factories.opportunity(contact_person=person.name)
	assert sales_of(person) == [opportunity.name]


def test_a_customer_has_their_open_and_converted_opportunities(site):
	customer = factories.customer()
	open_one, converted, _ = (
		factories.opportunity(customer=customer, status=status) for status in ("Open", "Converted", "Closed")
	)
	assert sales_of(customer) == [converted.name, open_one.name]


def test_sales_that_are_closed_to_the_user_are_not_there(site, as_user):
	organization = factories.organization()
	deal = factories.deal(organization=organization)
	with as_user(["Sales User", "Xero Sales"]) as user:
		factories.require_hidden(deal, user)
		assert sales_of(organization) == []
	with as_user(["Xero Sales"]):
		assert sales_of(organization) == []


@pytest.mark.parametrize(
	("status", "is_live", "is_won"), [("Open", True, False), ("Won", True, True), ("Lost", False, False)]
)
def test_a_deal_is_live_while_it_is_open_or_won(site, status, is_live, is_won):
	deal = factories.deal(status=status, **(lost() if status == "Lost" else {}))
	record = hosts.open_record("CRM Deal", deal.name)
	assert (record.is_live, record.is_won) == (is_live, is_won)


def another_app(monkeypatch, *kinds: RecordType) -> None:
	"""Another app that gives these record types by its hooks."""
	monkeypatch.setattr(contact, "ANOTHER_APPS", kinds, raising=False)
	ask = frappe.get_hooks

	def get_hooks(hook=None, *arguments, **more):
		path = "xero_connector.site.hosts.contact.ANOTHER_APPS"
		return [path] if hook == "xero_record_types" else ask(hook, *arguments, **more)

	monkeypatch.setattr(frappe, "get_hooks", get_hooks)


def test_a_doctype_that_the_site_lacks_has_no_tab(site, monkeypatch):
	another_app(monkeypatch, replace(contact.RECORD_TYPES[0], doctype="Spaceship"))
	assert "Spaceship" not in [kind.doctype for kind in hosts.installed()]
	with pytest.raises(frappe.PermissionError):
		panel.get(doctype="Spaceship", name="x")


def test_another_app_gives_its_doctype_a_tab_by_a_hook(xero, monkeypatch):
	xero.read()
	kind = RecordType("ToDo", "description", lambda todo: [], lambda todo: NewContact(todo.description))
	another_app(monkeypatch, kind)
	todo = frappe.get_doc({"doctype": "ToDo", "description": "Chase Acme"}).insert()
	assert "ToDo" in [kind.doctype for kind in hosts.installed()]
	assert shown(todo)["state"] == "no_contact"
	assert shown(todo)["record"]["search"] == "Chase Acme"
	frappe.delete_doc("ToDo", todo.name)


def test_another_app_s_record_offers_what_its_source_says(xero, monkeypatch):
	xero.read()
	kind = RecordType(
		"ToDo",
		"description",
		lambda todo: [],
		lambda todo: NewContact(todo.description),
		lambda record: Source(record.title, Decimal(5), "USD", record.customer),
	)
	another_app(monkeypatch, kind)
	todo = frappe.get_doc({"doctype": "ToDo", "description": "Chase Acme"}).insert()
	assert shown(todo)["record"]["can_draft"] is True
	source = hosts.open_record("ToDo", todo.name).source
	assert (source.title, source.amount, source.contact.name) == ("Chase Acme", 5, "Chase Acme")
	frappe.delete_doc("ToDo", todo.name)


def test_without_the_hook_a_foreign_doctype_has_no_tab(xero):
	todo = frappe.get_doc({"doctype": "ToDo", "description": "Chase Acme"}).insert()
	with pytest.raises(frappe.PermissionError, match="no Xero tab"):
		shown(todo)
	frappe.delete_doc("ToDo", todo.name)
