"""A draft from a deal: one invoice, whatever breaks on the way."""

import json
from datetime import date, timedelta

import frappe
import pytest

from tests import factories
from tests.site.sending import made, prepare, progress, send, try_again
from tests.xero_world import World
from xero_connector import bootstrap, outgoing, reading, tasks
from xero_connector.site import links, outbox, wishes
from xero_connector.site.links import Party

PREPARE = "xero_connector.api.drafts.prepare"
SEND = "xero_connector.api.drafts.send"


@pytest.fixture
def deal(site):
	return factories.deal(organization=factories.organization().name, value=1234.5)


def outbox_row() -> dict:
	[row] = frappe.get_all("Xero Outbox", filters={"action": "Document"}, fields=["*"])
	return row


def test_the_form_starts_with_the_deal(ready: World, deal):
	prepared = prepare(deal)
	values = prepared["values"]
	today = date.fromisoformat(values["date"])
	assert values["contact_name"] == deal.organization
	assert values["contact_id"] == ""
	assert date.fromisoformat(values["due_date"]) == today + timedelta(days=30)
	assert values["reference"] == ""
	[line] = values["lines"]
	assert (line["description"], line["quantity"], line["unit_amount"]) == (deal.organization, "1", "1234.50")
	assert line["account_code"] == "200"
	assert (prepared["mode"], prepared["sequence"], prepared["problems"]) == ("create", 1, [])


def test_a_person_is_the_contact_where_there_is_no_organization(ready: World):
	person = factories.contact(first_name="Ana", last_name="Silva")
	deal = factories.deal(organization="", contacts=[{"contact": person.name, "is_primary": 1}])
	assert prepare(deal)["values"]["contact_name"] == "Ana Silva"


def test_the_invoice_is_a_draft_with_what_the_form_said(ready: World, deal, jobs):
	send(deal, reference="PO 778", description="Website", unit_amount="99.95")
	jobs.run_all()
	[invoice] = made(ready)
	assert invoice.type == "ACCREC"
	assert invoice.status == "DRAFT"
	assert str(invoice.sub_total) == "99.95"
	assert invoice.reference.startswith("PO 778 · ")
	assert invoice.lines[0].description == "Website"
	assert invoice.lines[0].account_code == "200"
	assert (invoice.due_date - invoice.date).days == 30


def test_an_unknown_customer_is_created_in_xero_with_person_phone_and_address(ready: World, jobs):
	address = factories.make(
		"Address",
		address_title="Head office",
		address_type="Billing",
		address_line1="12 Quay Street",
		city="Auckland",
		pincode="1010",
		country="New Zealand",
	)
	person = factories.contact(first_name="Ana", last_name="Silva", phone="+64 9 555 0001")
	organization = factories.organization(address=address.name)
	deal = factories.deal(
		organization=organization.name,
		value=10,
		contacts=[{"contact": person.name, "is_primary": 1}],
	)
	send(deal)
	jobs.run_all()
	contact = next(c for c in ready.sandbox.organisations[0].contacts if c.name == organization.name)
	[sent] = [json.loads(call.body)["Contacts"][0] for call in ready.calls("Contacts", "PUT")]
	assert (contact.name, sent["FirstName"], sent["LastName"]) == (organization.name, "Ana", "Silva")
	assert sent["Phones"][0]["PhoneNumber"] == "+64 9 555 0001"
	assert sent["Addresses"][0]["AddressLine1"] == "12 Quay Street"
	assert sent["Addresses"][0]["City"] == "Auckland"
	assert frappe.db.exists("Xero Contact", contact.id), "the mirror knows it at once"


def test_a_customer_that_xero_has_by_that_name_is_used(ready: World, jobs):
	known = next(c for c in ready.sandbox.organisations[0].contacts if c.status == "ACTIVE")
	count = len(list(ready.sandbox.organisations[0].contacts))
	deal = factories.deal(organization=factories.organization().name, value=10)
	send(deal, contact_name=known.name.upper())
	jobs.run_all()
	assert made(ready)[0].contact.id == known.id
	assert len(list(ready.sandbox.organisations[0].contacts)) == count


def test_the_deal_gets_a_link_and_a_note_and_its_organization_the_contact(ready: World, deal, jobs):
	row = send(deal)["outbox"]
	jobs.run_all()
	[invoice] = made(ready)
	assert links.documents_of(Party(deal.doctype, deal.name)) == {ready.organisation: [invoice.id]}
	[linked] = links.contacts_of([Party("CRM Organization", deal.organization)])
	assert linked.contact == invoice.contact.id
	[note] = frappe.get_all(
		"Comment",
		filters={"reference_doctype": deal.doctype, "reference_name": deal.name, "comment_type": "Comment"},
		fields=["content", "comment_email"],
	)
	assert invoice.id in note.content
	assert invoice.number in note.content
	assert "<a href=" in note.content
	assert note.comment_email == "Administrator"
	assert wishes.get(row).state == "Sent"


def test_the_next_deal_of_the_organization_finds_the_contact(ready: World, deal, jobs):
	send(deal)
	jobs.run_all()
	second = factories.deal(organization=deal.organization, value=5)
	assert prepare(second)["values"]["contact_id"] == made(ready)[0].contact.id


def test_another_contact_chosen_for_one_deal_is_not_made_the_organizations(ready: World, deal, jobs):
	other = next(c for c in ready.sandbox.organisations[0].contacts if c.status == "ACTIVE")
	send(deal, contact_id=other.id, contact_name=other.name)
	jobs.run_all()
	assert made(ready)[0].contact.id == other.id
	assert links.contacts_of([Party("CRM Organization", deal.organization)]) == []
	[linked] = links.contacts_of([Party(deal.doctype, deal.name)])
	assert linked.contact == other.id


def test_a_double_click_makes_one_invoice(ready: World, deal, jobs):
	first, second = send(deal), send(deal)
	assert first["outbox"] == second["outbox"]
	jobs.run_all()
	assert len(made(ready)) == 1
	assert send(deal)["state"] == "Sent"
	jobs.run_all()
	assert len(made(ready)) == 1


def test_a_lost_answer_makes_one_invoice(ready: World, deal, jobs):
	ready.sandbox.fault("drop_after", match="PUT /api.xro/2.0/Invoices")
	send(deal)
	jobs.run_all()
	assert outbox_row().state == "Failed"
	assert "looked up before it is sent again" in progress(deal, outbox_row().name)["message"]
	assert len(made(ready)) == 1
	try_again(ready)
	assert outbox_row().state == "Sent"
	assert outbox_row().attempts == 2
	assert len(made(ready)) == 1


def test_a_lost_answer_about_the_contact_makes_one_contact(ready: World, deal, jobs):
	ready.sandbox.fault("drop_after", match="PUT /api.xro/2.0/Contacts")
	send(deal)
	jobs.run_all()
	try_again(ready)
	names = [c.name for c in ready.sandbox.organisations[0].contacts]
	assert names.count(deal.organization) == 1
	assert len(made(ready)) == 1


def test_a_worker_that_dies_after_xero_answered_makes_one_invoice(ready: World, deal, jobs, monkeypatch):
	name = send(deal)["outbox"]
	jobs.clear()

	def die(*_args, **_named):
		raise KeyboardInterrupt

	monkeypatch.setattr(outbox, "sent", die)

	with pytest.raises(KeyboardInterrupt):
		outgoing.send([name])
	monkeypatch.undo()
	frappe.db.rollback()
	assert outbox_row().state == "Sending", "nobody noticed yet"
	tasks.send_due()
	frappe.db.commit()
	assert jobs.run_all() == [], "its lease runs"
	frappe.db.sql("update `tabXero Outbox` set lease_utc = '2000-01-01 00:00:00'")
	frappe.db.commit()
	tasks.send_due()
	frappe.db.commit()
	jobs.run_all()
	assert outbox_row().state == "Sent"
	assert len(made(ready)) == 1
	assert links.documents_of(Party(deal.doctype, deal.name)) == {ready.organisation: [made(ready)[0].id]}


def test_two_workers_cannot_take_one_wish(ready: World, deal, jobs):
	name = send(deal)["outbox"]
	jobs.clear()
	assert outbox.take([name], "first")
	assert outbox.take([name], "second") == []


def test_an_outage_waits_and_is_sent_later(ready: World, deal, jobs):
	ready.sandbox.fault("status", match="Invoices", status=503)
	send(deal)
	jobs.run_all()
	row = outbox_row()
	assert (row.state, row.error_code) == ("Failed", "unavailable")
	assert row.next_attempt_utc > frappe.utils.get_datetime("2020-01-01")
	tasks.send_due()
	frappe.db.commit()
	assert jobs.run_all() == [], "not before its time"
	try_again(ready)
	assert len(made(ready)) == 1


def test_a_limit_that_a_draft_meets_pauses_the_readers_too(ready: World, deal, jobs):
	ready.sandbox.fault("rate_limit", match="PUT /api.xro/2.0/Invoices", retry_after=120)
	send(deal)
	jobs.run_all()
	assert outbox_row().state == "Failed"
	calls = len(ready.sandbox.requests)
	ready.read()
	assert len(ready.sandbox.requests) == calls


def test_a_rejected_draft_tells_why_and_can_be_sent_corrected(ready: World, deal, jobs):
	# an account that Xero has archived since the mirror was read: of an approved document it is an error
	account = frappe.db.get_value("Xero Organisation", ready.organisation, "sales_account")
	frappe.db.set_value("Xero Account", account, "code", "999")
	send(deal, status="Authorised")
	jobs.run_all()
	row = outbox_row()
	assert row.state == "Needs Attention"
	assert send(deal, status="Authorised")["state"] == "Queued"
	jobs.run_all()
	assert outbox_row().state == "Needs Attention"
	answer = send(deal, status="Draft")
	assert answer["state"] == "Queued"
	jobs.run_all()
	assert outbox_row().state == "Sent"
	assert len(made(ready)) == 1


def test_sending_while_nothing_is_connected_is_refused(ready: World, deal):
	bootstrap.disconnect(ready.organisation)
	assert prepare(deal)["problems"]
	with pytest.raises(frappe.ValidationError, match="not connected"):
		send(deal)
	assert frappe.db.count("Xero Outbox") == 0


def test_nothing_is_sent_or_read_while_xero_is_switched_off(ready: World, deal, jobs):
	name = send(deal)["outbox"]
	frappe.db.set_single_value("Xero Settings", "enabled", 0)
	frappe.clear_document_cache("Xero Settings", "Xero Settings")
	assert "switched off" in prepare(deal)["problems"][0]
	with pytest.raises(frappe.ValidationError, match="switched off"):
		send(deal)
	calls = len(ready.sandbox.requests)
	jobs.run_all()
	ready.read()
	assert len(ready.sandbox.requests) == calls
	assert wishes.get(name).state == "Needs Attention"


@pytest.mark.parametrize(
	("field", "value"),
	[
		("unit_amount", "0"),
		("unit_amount", "-5"),
		("unit_amount", "a lot"),
		("unit_amount", "NaN"),
		("unit_amount", "1.00001"),
		("quantity", ""),
		("account_code", "no such account"),
		("tax_type", "NOSUCHTAX"),
		("item_code", "NOSUCHITEM"),
		("discount_rate", "101"),
		("currency", "XTS"),
		("branding_theme", "none"),
		("line_amount_types", "Sometimes"),
		("status", "Paid"),
		("lines", []),
		("sequence", 3),
		("contact_name", ""),
		("contact_name", "<b>Acme</b>"),
		("date", "tomorrow"),
		("due_date", "2001-01-01"),
		("description", ""),
		("contact_id", "00000000-0000-0000-0000-000000000001"),
		("organisation", "00000000-0000-0000-0000-000000000001"),
	],
)
def test_bad_input_is_refused_and_changes_nothing(ready: World, deal, field, value):
	with pytest.raises((frappe.ValidationError, frappe.DoesNotExistError)):
		send(deal, **{field: value})
	assert frappe.db.count("Xero Outbox") == 0


def test_a_deal_deleted_before_sending_takes_its_wish_along(ready: World, jobs):
	deal = factories.deal(organization=factories.organization().name, value=10)
	send(deal)
	jobs.clear()
	frappe.delete_doc(deal.doctype, deal.name, force=True)
	assert frappe.db.count("Xero Outbox") == 0


def test_a_deal_deleted_while_it_is_sent_leaves_the_invoice_in_the_mirror(ready: World, deal, jobs):
	name = send(deal)["outbox"]
	jobs.clear()
	frappe.delete_doc(deal.doctype, deal.name, force=True)
	assert not frappe.db.exists("Xero Outbox", name)
	tasks.send([name])
	assert made(ready) == []


def test_drafts_are_for_sales_finance_and_managers_who_may_change_the_deal(ready: World, deal, http, as_user):
	frappe.db.commit()
	for roles, expected in ((["Xero Viewer", "Sales Manager"], 403), (["Xero Sales"], 403)):
		with as_user(roles) as user:
			pass
		frappe.db.commit()
		reply = http.login(user).post(PREPARE, doctype=deal.doctype, name=deal.name)
		assert reply.status == expected, roles
		assert "1234.50" not in reply.text
	with as_user(["Xero Sales", "Sales Manager"]) as user:
		pass
	frappe.db.commit()
	reply = http.login(user).post(PREPARE, doctype=deal.doctype, name=deal.name)
	assert reply.status == 200, reply
	values = json.dumps(reply.message["values"])
	reply = http.post(SEND, doctype=deal.doctype, name=deal.name, values=values)
	assert reply.message["state"] == "Queued"


def test_what_xero_remarks_on_a_draft_is_told(ready: World, deal, jobs):
	"""An account that is gone in Xero is only a warning there: the line comes without one."""
	account = frappe.db.get_value("Xero Organisation", ready.organisation, "sales_account")
	frappe.db.set_value("Xero Account", account, "code", "999")
	send(deal)
	jobs.run_all()
	answer = send(deal)
	assert answer["state"] == "Sent"
	assert "999" in answer["message"]


def test_the_draft_starts_in_the_organisation_that_the_tab_shows(xero: World, deal):
	from xero_connector.api import drafts

	first, second = xero.sandbox.organisations[:2]
	xero.connect(first.id, second.id)
	for each in (first, second):
		reading.read_organisation(each.id)
	contact = next(c for c in second.contacts if c.status == "ACTIVE")
	links.add(Party(deal.doctype, deal.name), links.CONTACT, contact.id, second.id, links.BY_USER)
	shown = drafts.prepare(doctype=deal.doctype, name=deal.name, organisation=first.id)
	assert (shown["organisation"], shown["values"]["contact_id"]) == (first.id, "")
	shown = drafts.prepare(doctype=deal.doctype, name=deal.name)
	assert (shown["organisation"], shown["values"]["contact_id"]) == (second.id, contact.id)


def test_a_reference_reaches_xero_letter_by_letter(ready: World, deal, jobs):
	send(deal, reference="<img src=x onerror=alert(1)> & Co")
	jobs.run_all()
	[invoice] = made(ready)
	assert invoice.reference.startswith("<img src=x onerror=alert(1)> & Co · ")


def test_a_comment_that_another_app_forbids_does_not_hold_up_the_invoice(
	ready: World, deal, jobs, monkeypatch
):
	def forbid(*_args, **_named):
		raise frappe.ValidationError("no comments today")

	monkeypatch.setattr(type(deal), "add_comment", forbid)
	row = send(deal)["outbox"]
	jobs.run_all()
	assert wishes.get(row).state == "Sent"
	[invoice] = made(ready)
	assert links.documents_of(Party(deal.doctype, deal.name)) == {ready.organisation: [invoice.id]}
