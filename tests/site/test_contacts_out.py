"""To whom an invoice goes: the person of a known contact, names that are taken, contacts that Xero has put away."""

import frappe
import pytest

from tests import factories
from tests.site import sending
from tests.site.sending import add_contact, calls, delivered, made, preview, send, settings, try_again, wish
from tests.xero_world import World
from xero_connector import outgoing
from xero_connector.api import drafts, links
from xero_connector.site import links as ties
from xero_connector.site.links import Party
from xero_connector.xero.writer import Writer

ANA = {"first_name": "Ana", "last_name": "Silva", "email": "ana@example.com"}


@pytest.fixture
def deal(site):
	return factories.deal(organization=factories.organization().name, value=100)


def deal_of(xero: World, contact, person=ANA):
	"""A deal of an organization that is tied to this Xero contact, with a person of its own."""
	human = factories.contact(**{**person, "phone": None}) if person else None
	organization = factories.organization()
	sending.link(organization, contact, xero)
	return factories.deal(organization=organization.name, contact=human, value=100)


def primary(contact) -> tuple[str | None, ...]:
	return tuple(contact.fields.get(name) for name in ("FirstName", "LastName", "EmailAddress"))


def persons(contact) -> list[str]:
	return [row["FirstName"] for row in contact.fields.get("ContactPersons") or []]


@pytest.fixture
def known(ready: World):
	"""A contact in Xero with Bo as its person."""
	contact = add_contact(ready, "Kauri Ltd", FirstName="Bo", LastName="Ek", EmailAddress="bo@example.com")
	ready.read()
	return contact


# the person (R89, R90, C13)


def test_never_leaves_the_contact_alone(ready: World, known):
	seen = calls(ready, lambda: delivered(ready, deal_of(ready, known)))
	assert not [call for call in seen if "Contacts" in call]
	assert primary(known) == ("Bo", "Ek", "bo@example.com")


def test_overwrite_puts_the_deal_s_person_in_the_place_of_the_first(ready: World, known):
	settings(person_policy="Overwrite")
	deal = deal_of(ready, known)
	delivered(ready, deal)
	assert (primary(known), persons(known)) == (("Ana", "Silva", "ana@example.com"), [])
	assert made(ready)[0].contact is known


def test_a_person_who_is_in_the_mirror_already_costs_no_call(ready: World, known):
	settings(person_policy="Overwrite")
	deal = deal_of(ready, known)
	delivered(ready, deal)
	seen = calls(ready, lambda: delivered(ready, deal, reference="PO 9"))
	assert not [call for call in seen if "Contacts" in call]


def test_add_leaves_the_first_and_adds_nobody_twice(ready: World, known):
	settings(person_policy="Add")
	deal = deal_of(ready, known)
	delivered(ready, deal)
	delivered(ready, deal, reference="PO 9")
	assert (primary(known), persons(known)) == (("Bo", "Ek", "bo@example.com"), ["Ana"])


def test_a_sixth_person_is_told_of_and_the_invoice_goes_all_the_same(ready: World, known):
	settings(person_policy="Add")
	five = [{"FirstName": f"P{number}", "EmailAddress": f"p{number}@example.com"} for number in range(5)]
	ready.sandbox.edit_contact(known.id, ContactPersons=five)
	outcome = delivered(ready, deal_of(ready, known))
	assert outcome["state"] == "Sent"
	assert "Ana Silva" in outcome["message"]
	assert persons(known) == ["P0", "P1", "P2", "P3", "P4"]


@pytest.mark.parametrize("policy", ["Add", "Overwrite"])
def test_a_deal_without_a_person_takes_nobody_away(ready: World, known, policy):
	settings(person_policy=policy)
	delivered(ready, deal_of(ready, known, person=None))
	assert (primary(known), persons(known)) == (("Bo", "Ek", "bo@example.com"), [])


def test_a_person_that_xero_does_not_take_does_not_stop_the_invoice(ready: World, known):
	settings(person_policy="Overwrite")
	ready.sandbox.fault(
		"status",
		match="POST /api.xro/2.0/Contacts",
		status=400,
		body='{"ErrorNumber": 10, "Type": "ValidationException", "Message": "A validation exception occurred",'
		' "Elements": [{"ValidationErrors": [{"Message": "Email address is invalid."}]}]}',
	)
	outcome = delivered(ready, deal_of(ready, known))
	assert outcome["state"] == "Sent"
	assert "Email address is invalid." in outcome["message"]


# names


def test_a_contact_that_somebody_made_meanwhile_is_found(ready: World, deal):
	contact = add_contact(ready, deal.organization.upper())
	assert preview(deal)["contact"]["action"] == "create", "the mirror does not know it yet"
	delivered(ready, deal)
	assert made(ready)[0].contact is contact
	assert not ready.calls("Contacts", "PUT")


def test_a_contact_that_is_made_between_the_look_and_the_making_is_used(ready: World, deal, monkeypatch):
	looked = Writer.find_contacts
	late = []

	def find(self, names):
		found = looked(self, names)
		if not late:
			late.append(add_contact(ready, deal.organization))
		return found

	monkeypatch.setattr(Writer, "find_contacts", find)
	assert delivered(ready, deal)["state"] == "Sent"
	assert made(ready)[0].contact is late[0]


def test_a_name_that_xero_has_with_other_accents_is_asked_about_and_not_doubled(ready: World, deal):
	add_contact(ready, "Café Rātā")
	outcome = delivered(ready, deal, contact_name="Cafe Rata")
	assert (outcome["state"], outcome["field"]) == ("Needs Attention", "contact_name")
	assert wish(deal).error_code == "name_taken"
	assert "Cafe Rata" in outcome["message"]
	assert made(ready) == []
	assert delivered(ready, deal, contact_name="Café Rātā")["state"] == "Sent"


def test_of_two_deals_of_one_new_customer_it_is_made_once(ready: World, deal):
	second = factories.deal(organization=deal.organization, value=7)
	rows = [send(each)["outbox"] for each in (deal, second)]
	ready.jobs.clear()
	outgoing.send(rows)
	assert len({invoice.contact.id for invoice in made(ready)}) == 1
	assert len(made(ready)) == 2
	assert len(ready.calls("Contacts", "PUT")) == 1


# archived and merged since the mirror was read


def test_a_contact_that_was_archived_since_needs_somebody(ready: World, known):
	deal = deal_of(ready, known)
	ready.sandbox.edit_contact(known.id, ContactStatus="ARCHIVED")
	outcome = delivered(ready, deal)
	assert (outcome["state"], outcome["field"]) == ("Needs Attention", "contact_name")
	assert "archived" in outcome["message"]
	ready.sandbox.edit_contact(known.id, ContactStatus="ACTIVE")
	assert delivered(ready, deal)["state"] == "Sent"
	assert made(ready)[0].contact is known


def test_a_contact_that_was_merged_since_needs_somebody_and_goes_to_its_heir(ready: World, known):
	heir = add_contact(ready, "Kauri Group")
	deal = deal_of(ready, known)
	ready.sandbox.merge_contacts(known.id, heir.id)
	outcome = delivered(ready, deal)
	assert (outcome["state"], outcome["field"]) == ("Needs Attention", "contact_name")
	ready.read()
	chosen = {"contact_id": heir.id, "contact_name": heir.name}
	assert [question["code"] for question in preview(deal, **chosen)["questions"]] == ["contact_merged"]
	delivered(ready, deal, confirmed=["contact_merged"], **chosen)
	assert made(ready)[0].contact is heir


def test_an_archived_contact_cannot_be_chosen(ready: World, deal, known):
	ready.sandbox.edit_contact(known.id, ContactStatus="ARCHIVED")
	ready.read()
	[problem] = preview(deal, contact_id=known.id, contact_name=known.name)["problems"]
	assert problem["field"] == "contact_name"
	assert known.name in problem["message"]


def test_a_lost_answer_about_the_person_is_tried_again_and_adds_nobody_twice(ready: World, known):
	settings(person_policy="Add")
	deal = deal_of(ready, known)
	ready.sandbox.fault("drop_after", match="POST /api.xro/2.0/Contacts")
	assert delivered(ready, deal)["state"] == "Failed"
	try_again(ready)
	assert wish(deal).state == "Sent"
	assert persons(known) == ["Ana"]


# the search


def search(xero: World, text: str, in_xero: int) -> list[str]:
	found = links.search_contacts(organisation=xero.organisation, text=text, in_xero=in_xero)
	return [row["name"] for row in found["contacts"]]


def test_what_is_found_in_xero_is_in_the_mirror_from_then_on(ready: World):
	contact = add_contact(ready, "Pōhutukawa Press")
	assert search(ready, "hutukawa pr", 0) == []
	assert search(ready, "hutukawa pr", 1) == [contact.name]
	assert frappe.db.exists("Xero Contact", contact.id)
	assert calls(ready, lambda: search(ready, "hutukawa pr", 0)) == []


def test_two_letters_are_not_worth_a_call(ready: World):
	assert calls(ready, lambda: search(ready, "Po ", 1)) == []
	assert calls(ready, lambda: search(ready, "Pow", 1)) == ["GET Contacts"]


# who is tied to the contact by what is sent (C2)


def sent_by_list(xero: World, deal) -> None:
	drafts.send_many(doctype=deal.doctype, names=[deal.name])
	xero.jobs.run_all()


@pytest.mark.parametrize(
	("policy", "ways", "tied"),
	[
		("Manual Link", delivered, True),
		("Manual Link", sent_by_list, False),
		("On Invoice", delivered, True),
		("On Invoice", sent_by_list, True),
	],
)
def test_with_manual_link_only_what_somebody_sends_from_the_form_ties(ready: World, deal, policy, ways, tied):
	settings(contact_policy=policy)
	ways(ready, deal)
	assert len(made(ready)) == 1
	organization = Party("CRM Organization", deal.organization)
	assert bool(ties.contacts_of([organization])) is tied


def test_sent_again_by_a_list_nothing_has_changed_although_nobody_is_tied(ready: World, deal):
	settings(contact_policy="Manual Link")
	sent_by_list(ready, deal)
	seen = calls(ready, lambda: sent_by_list(ready, deal))
	assert seen == []
	assert len(made(ready)) == 1
