"""Each host's records: whose Xero contacts count for them, and what a draft starts with."""

from dataclasses import replace

import frappe
import pytest

from tests import factories
from tests.xero_world import World
from xero_connector.api import drafts, panel
from xero_connector.core.drafting import NewContact
from xero_connector.site import hosts, links
from xero_connector.site.hosts import contact
from xero_connector.site.hosts.record import RecordType
from xero_connector.site.links import Party


@pytest.fixture
def ready(xero: World):
	xero.read()
	return xero


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


def test_an_opportunity_has_the_contact_of_its_customer_and_makes_a_draft(ready: World, jobs):
	customer = factories.customer()
	opportunity = factories.opportunity(party_name=customer.name, opportunity_amount=750)
	form = drafts.prepare(doctype="Opportunity", name=opportunity.name)
	assert form["contact_name"] == customer.customer_name
	assert form["amount"] == "750.00"
	drafts.send(doctype="Opportunity", name=opportunity.name, values=form)
	frappe.db.commit()
	jobs.run_all()
	[invoice] = [row for row in ready.sandbox.organisations[0].invoices if row.url]
	assert str(invoice.sub_total) == "750.00"
	[linked] = links.contacts_of([Party("Customer", customer.name)])
	assert linked.contact == invoice.contact.id


def test_a_supplier_stands_for_itself(ready: World):
	supplier = factories.supplier()
	link(supplier, ready)
	assert shown(supplier)["state"] == "linked"


def test_no_draft_is_made_from_a_customer(ready: World):
	customer = factories.customer()
	assert shown(customer)["record"]["can_draft"] is False
	with pytest.raises(frappe.ValidationError, match="No invoice can be made"):
		drafts.prepare(doctype="Customer", name=customer.name)


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


def test_without_the_hook_a_foreign_doctype_has_no_tab(xero):
	todo = frappe.get_doc({"doctype": "ToDo", "description": "Chase Acme"}).insert()
	with pytest.raises(frappe.PermissionError, match="no Xero tab"):
		shown(todo)
	frappe.delete_doc("ToDo", todo.name)
