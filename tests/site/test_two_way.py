"""Policy Two-way: a customer and its Xero contact say the same, whoever changed it (B19)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.base_document import get_controller

from tests import factories
from tests.site.sending import add_contact, calls, link, notes_on, settings, try_again, wishes_for
from tests.xero_world import World
from xero_connector import two_way
from xero_connector.importer import Importer
from xero_connector.site import agreements, links
from xero_connector.site.hosts import details
from xero_connector.site.links import Party

ADDRESS = {
	"AddressType": "POBOX",
	"AddressLine1": "1 Mill Lane",
	"City": "Leeds",
	"Region": "",
	"PostalCode": "LS1 1AA",
	"Country": "United Kingdom",
}


@pytest.fixture
def xero_contact(ready: World) -> Any:
	settings(contact_policy="Two-way", mode="Two-way")
	theirs = add_contact(
		ready,
		"Kauri Ltd",
		FirstName="Bo",
		LastName="Ek",
		EmailAddress="bo@example.com",
		Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "7946 0018", "PhoneAreaCode": "020"}],
		Addresses=[ADDRESS],
		TaxNumber="GB 1",
	)
	ready.read()
	return theirs


@pytest.fixture
def party(ready: World, xero_contact: Any) -> Party:
	"""A record of the same, tied and agreed."""
	main = details.create(agreements.said_in_xero(xero_contact.id))[0]
	link(frappe.get_doc(*main), xero_contact, ready)
	two_way.bring(main, xero_contact.id)
	frappe.db.commit()
	ready.jobs.clear()
	return main


def person_of(party: Party) -> Any:
	names = frappe.get_all("Contact", {"email_id": "bo@example.com"}, pluck="name")
	return frappe.get_doc("Contact", names[0])


def change_phone(party: Party, number: str) -> None:
	person = person_of(party)
	next(row for row in person.phone_nos if row.is_primary_phone).phone = number
	person.save()
	frappe.db.commit()


def phone_of(contact: Any) -> str:
	[phone] = [row for row in contact.fields["Phones"] if row["PhoneType"] == "DEFAULT"]
	return " ".join(
		filter(None, (phone.get(f"Phone{part}") for part in ("CountryCode", "AreaCode", "Number")))
	)


def change_in_xero(xero: World, contact: Any, **fields: Any) -> None:
	xero.sandbox.edit_contact(contact.id, **fields)


def in_xero(number: str) -> list[dict[str, str]]:
	return [{"PhoneType": "DEFAULT", "PhoneNumber": number, "PhoneAreaCode": "", "PhoneCountryCode": ""}]


def read_and_bring(xero: World, party: Party, contact: Any) -> None:
	"""The reading, and what follows on it."""
	from xero_connector import reading
	from xero_connector.core.model import Endpoint

	reading.bring(xero.organisation, Endpoint.CONTACTS, [contact.id])
	row = two_way.bring(party, contact.id)
	frappe.db.commit()
	if row:
		from xero_connector import tasks

		tasks.enqueue_send([row])
		frappe.db.commit()
		xero.jobs.run_all()


def contact_writes(seen: list[str]) -> list[str]:
	return [call for call in seen if call.startswith(("POST", "PUT"))]


class TestAChangeHere:
	def test_goes_to_xero(self, ready: World, party: Party, xero_contact: Any) -> None:
		change_phone(party, "020 7946 0999")
		ready.jobs.run_all()
		assert phone_of(xero_contact) == "020 7946 0999"
		assert xero_contact.fields["EmailAddress"] == "bo@example.com", "the rest as it was"
		assert xero_contact.name == "Kauri Ltd"

	def test_of_the_address_goes_as_a_whole(self, ready: World, party: Party, xero_contact: Any) -> None:
		[name] = frappe.get_all("Address", {"pincode": "LS1 1AA", "city": "Leeds"}, pluck="name")
		address = frappe.get_doc("Address", name)
		address.address_line1, address.city, address.pincode = "2 King Street", "York", ""
		address.save()
		frappe.db.commit()
		ready.jobs.run_all()
		[kept] = [row for row in xero_contact.fields["Addresses"] if row["AddressType"] == "POBOX"]
		assert [kept[part] for part in ("AddressLine1", "City", "PostalCode", "Country")] == [
			"2 King Street",
			"York",
			"",
			"United Kingdom",
		]

	def test_costs_two_calls_and_is_in_the_log(self, ready: World, party: Party) -> None:
		change_phone(party, "020 7946 0999")
		assert calls(ready, ready.jobs.run_all) == ["GET Contacts", "POST Contacts"]
		logged = frappe.get_all(
			"Xero Log",
			{"record_name": party.name, "action": "Contact Update"},
			["outcome", "request"],
		)
		assert [row.outcome for row in logged] == ["Sent"]
		assert "7946 0999" not in logged[0].request, "masked"

	def test_of_something_else_asks_for_nothing(self, ready: World, party: Party) -> None:
		person = person_of(party)
		person.designation = "Chief"
		person.save()
		frappe.db.commit()
		assert calls(ready, ready.jobs.run_all) == []
		assert wishes_for(frappe.get_doc(*party), "Contact Update") == []

	def test_made_twice_before_it_is_sent_goes_once(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		change_phone(party, "020 7946 0998")
		change_phone(party, "020 7946 0999")
		seen = calls(ready, ready.jobs.run_all)
		assert contact_writes(seen) == ["POST Contacts"]
		assert phone_of(xero_contact) == "020 7946 0999"

	def test_made_while_it_is_sent_goes_next(
		self, ready: World, party: Party, xero_contact: Any, monkeypatch: pytest.MonkeyPatch
	) -> None:
		from xero_connector.mirrored_books import MirroredBooks

		update = MirroredBooks.update_contacts
		late = []

		def meanwhile(self: Any, *args: Any) -> Any:
			if not late:
				late.append(1)
				change_phone(party, "020 7946 0777")
			return update(self, *args)

		monkeypatch.setattr(MirroredBooks, "update_contacts", meanwhile)
		change_phone(party, "020 7946 0999")
		ready.jobs.run_all()
		ready.jobs.run_all()
		assert phone_of(xero_contact) == "020 7946 0777"

	def test_of_the_name_goes_to_xero_when_the_record_is_renamed(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		if party.name != "Kauri Ltd":
			pytest.skip("this site's customers are not called by their key")
		new = frappe.rename_doc(*party, "Kauri Group", force=True)
		factories.registered(frappe.get_doc(party.doctype, new))
		frappe.db.commit()
		ready.jobs.run_all()
		assert xero_contact.name == "Kauri Group"

	def test_that_xero_does_not_take_needs_somebody_and_goes_when_put_right(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		add_contact(ready, "Rimu Ltd")
		record = frappe.get_doc(*party)
		new = details.write(party, {"contact_name": "Rimu Ltd"})
		two_way.offer(new)
		frappe.db.commit()
		_send_waiting(ready)
		[row] = wishes_for(frappe.get_doc(*new), "Contact Update")
		assert (row.state, row.error_code) == ("Needs Attention", "name_taken")
		assert xero_contact.name == "Kauri Ltd"
		assert record.doctype == new.doctype
		again = details.write(new, {"contact_name": "Totara Ltd"})
		two_way.offer(again)
		frappe.db.commit()
		_send_waiting(ready)
		assert xero_contact.name == "Totara Ltd"

	def test_waits_while_xero_is_away_and_is_not_lost(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		ready.sandbox.fault("status", match="POST /api.xro/2.0/Contacts", status=503)
		change_phone(party, "020 7946 0999")
		ready.jobs.run_all()
		[row] = wishes_for(frappe.get_doc(*party), "Contact Update")
		assert row.state == "Failed"
		try_again(ready)
		assert phone_of(xero_contact) == "020 7946 0999"

	def test_that_is_emptied_stays_in_xero(self, ready: World, party: Party, xero_contact: Any) -> None:
		person = person_of(party)
		person.phone_nos = []
		person.save()
		frappe.db.commit()
		seen = calls(ready, ready.jobs.run_all)
		assert contact_writes(seen) == []
		assert phone_of(xero_contact) == "020 7946 0018"

	def test_of_a_contact_that_was_archived_goes_nowhere(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		change_in_xero(ready, xero_contact, ContactStatus="ARCHIVED")
		change_phone(party, "020 7946 0999")
		seen = calls(ready, ready.jobs.run_all)
		assert contact_writes(seen) == []
		[row] = wishes_for(frappe.get_doc(*party), "Contact Update")
		assert row.state == "Sent"

	@pytest.mark.parametrize(
		"chosen",
		[
			{"contact_policy": "Auto Import All"},
			{"contact_policy": "Manual Link"},
			{"mode": "View Only"},
			{"enabled": 0},
		],
		ids=str,
	)
	def test_stays_here_unless_the_settings_say_so(
		self, ready: World, party: Party, chosen: dict[str, Any]
	) -> None:
		settings(**chosen)
		change_phone(party, "020 7946 0999")
		assert calls(ready, ready.jobs.run_all) == []

	def test_deletes_nothing_in_xero(self, ready: World, party: Party, xero_contact: Any) -> None:
		change_phone(party, "020 7946 0999")
		frappe.delete_doc(*party, force=True, ignore_permissions=True)
		frappe.db.commit()
		assert calls(ready, ready.jobs.run_all) == []
		assert xero_contact.status == "ACTIVE"


class TestAChangeInXero:
	def test_comes_to_the_record_and_does_not_go_back(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		change_in_xero(ready, xero_contact, Phones=in_xero("020 7946 0555"), EmailAddress="ek@example.com")
		seen = calls(ready, lambda: read_and_bring(ready, party, xero_contact))
		assert details.read(party)["phone"] == "020 7946 0555"
		assert details.read(party)["email_address"] == "ek@example.com"
		ready.jobs.run_all()
		assert contact_writes(seen) == []
		assert wishes_for(frappe.get_doc(*party), "Contact Update") == []

	def test_of_the_name_comes_with_all_that_hangs_on_it(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		change_in_xero(ready, xero_contact, Name="Kauri Group")
		read_and_bring(ready, party, xero_contact)
		[record] = links.records_of([xero_contact.id])[xero_contact.id]
		document = frappe.get_doc(*record)
		assert details.read(record)["contact_name"] == "Kauri Group"
		assert wishes_for(document, "Contact Update") == []

	def test_that_other_documents_follow_here_does_not_go_back(
		self, ready: World, party: Party, xero_contact: Any, monkeypatch: pytest.MonkeyPatch
	) -> None:
		def follow(address: Any) -> None:
			person = person_of(party)
			person.last_name = "Eck"
			person.save()

		monkeypatch.setattr(get_controller("Address"), "on_update", follow, raising=False)
		change_in_xero(ready, xero_contact, Addresses=[{**ADDRESS, "City": "York"}])
		read_and_bring(ready, party, xero_contact)
		person_of(party).save()
		frappe.db.commit()
		assert (details.read(party)["city"], details.read(party)["last_name"]) == ("York", "Eck")
		assert wishes_for(frappe.get_doc(*party), "Contact Update") == []

	def test_that_is_emptied_stays_on_the_record(self, ready: World, party: Party, xero_contact: Any) -> None:
		change_in_xero(ready, xero_contact, EmailAddress="", Phones=in_xero(""))
		read_and_bring(ready, party, xero_contact)
		assert details.read(party)["email_address"] == "bo@example.com"
		assert details.read(party)["phone"] == "020 7946 0018"
		assert xero_contact.fields["EmailAddress"] == ""

	def test_that_frappe_cannot_hold_empties_nothing(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		change_in_xero(ready, xero_contact, Phones=in_xero("ask for Jo"))
		read_and_bring(ready, party, xero_contact)
		assert details.read(party)["phone"] == "020 7946 0018"
		assert phone_of(xero_contact) == "ask for Jo"
		read_and_bring(ready, party, xero_contact)
		assert phone_of(xero_contact) == "ask for Jo"

	def test_of_another_field_than_was_changed_here_leaves_both(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		change_phone(party, "020 7946 0999")
		change_in_xero(ready, xero_contact, EmailAddress="ek@example.com")
		ready.jobs.run_all()
		assert phone_of(xero_contact) == "020 7946 0999"
		assert xero_contact.fields["EmailAddress"] == "ek@example.com"
		assert details.read(party)["email_address"] == "ek@example.com"
		assert details.read(party)["phone"] == "020 7946 0999"


class TestWhoIsRight:
	@pytest.fixture
	def owned(self) -> Any:
		def choose(owner: str) -> None:
			stored = frappe.get_doc("Xero Settings")
			stored.set("field_map", [{"xero_field": "phone", "owner_side": owner}])
			stored.save()
			frappe.db.commit()

		yield choose
		stored = frappe.get_doc("Xero Settings")
		stored.set("field_map", [])
		stored.save()
		frappe.db.commit()

	def test_xero_where_xero_owns_the_field_and_the_record_is_told(
		self, ready: World, party: Party, xero_contact: Any, owned: Any
	) -> None:
		owned("Xero")
		change_phone(party, "020 7946 0999")
		seen = calls(ready, ready.jobs.run_all)
		assert contact_writes(seen) == []
		assert details.read(party)["phone"] == "020 7946 0018"
		[note] = notes_on(frappe.get_doc(*party))
		assert "020 7946 0999" in note
		assert "020 7946 0018" in note

	def test_the_crm_where_the_crm_owns_the_field_and_the_record_is_told(
		self, ready: World, party: Party, xero_contact: Any, owned: Any
	) -> None:
		owned("CRM")
		change_in_xero(ready, xero_contact, Phones=in_xero("020 7946 0555"))
		read_and_bring(ready, party, xero_contact)
		assert phone_of(xero_contact) == "020 7946 0018"
		assert details.read(party)["phone"] == "020 7946 0018"
		[note] = notes_on(frappe.get_doc(*party))
		assert "020 7946 0555" in note

	def test_the_newer_where_nothing_is_said(self, ready: World, party: Party, xero_contact: Any) -> None:
		change_in_xero(ready, xero_contact, Phones=in_xero("020 7946 0555"))
		frappe.db.set_value("Xero Contact", xero_contact.id, "updated_utc", "2000-01-01 00:00:00")
		change_phone(party, "020 7946 0999")
		_changed_in_xero_at(ready, xero_contact, "2001-01-01T00:00:00")
		ready.jobs.run_all()
		assert phone_of(xero_contact) == "020 7946 0999"
		[note] = notes_on(frappe.get_doc(*party))
		assert "020 7946 0555" in note

	def test_xero_where_xero_is_the_newer(self, ready: World, party: Party, xero_contact: Any) -> None:
		change_phone(party, "020 7946 0999")
		change_in_xero(ready, xero_contact, Phones=in_xero("020 7946 0555"))
		_changed_in_xero_at(ready, xero_contact, "2100-01-01T00:00:00")
		ready.jobs.run_all()
		assert details.read(party)["phone"] == "020 7946 0555"
		[note] = notes_on(frappe.get_doc(*party))
		assert "020 7946 0999" in note

	def test_a_hostile_text_of_xero_is_only_text_in_the_note(
		self, ready: World, party: Party, xero_contact: Any
	) -> None:
		change_in_xero(ready, xero_contact, TaxNumber="<img src=x onerror=alert(1)>")
		read_and_bring(ready, party, xero_contact)
		for note in notes_on(frappe.get_doc(*party)):
			assert "<img" not in note


def _changed_in_xero_at(xero: World, contact: Any, moment: str) -> None:
	from datetime import datetime, timezone

	from xero_sandbox.clock import to_ms

	contact.updated = to_ms(datetime.fromisoformat(moment).replace(tzinfo=timezone.utc))
	frappe.db.set_value("Xero Contact", contact.id, "updated_utc", "2000-01-01 00:00:00")
	frappe.db.commit()


def _send_waiting(xero: World) -> None:
	from xero_connector import tasks

	tasks.send_due()
	frappe.db.commit()
	xero.jobs.run_all()


def test_who_meets_for_the_first_time_fills_each_other_s_gaps(ready: World, xero_contact: Any) -> None:
	customer = details.create({"contact_name": "Kauri Ltd", "mobile": "07700 900 123"})
	link(frappe.get_doc(*customer[0]), xero_contact, ready)
	read_and_bring(ready, customer[0], xero_contact)
	said = details.read(customer[0])
	assert (said["email_address"], said["city"]) == ("bo@example.com", "Leeds")
	[mobile] = [row for row in xero_contact.fields["Phones"] if row["PhoneType"] == "MOBILE"]
	assert mobile["PhoneNumber"] == "07700 900 123"


@pytest.mark.parametrize(
	"chosen",
	[{"contact_policy": "Auto Import All"}, {"contact_policy": "Two-way", "mode": "View Only"}],
	ids=str,
)
def test_what_is_only_brought_in_comes_and_nothing_goes_out(
	ready: World, party: Party, xero_contact: Any, chosen: dict[str, str]
) -> None:
	settings(**chosen)
	change_phone(party, "020 7946 0999")
	change_in_xero(ready, xero_contact, EmailAddress="ek@example.com")
	seen = calls(ready, lambda: read_and_bring(ready, party, xero_contact))
	assert details.read(party)["email_address"] == "ek@example.com"
	assert details.read(party)["phone"] == "020 7946 0999"
	assert contact_writes(seen) == []
	assert wishes_for(frappe.get_doc(*party), "Contact Update") == []


def test_what_becomes_a_record_here_does_not_go_back_shortened(ready: World) -> None:
	settings(contact_policy="Two-way", mode="Two-way")
	theirs = add_contact(ready, "K" * 200, EmailAddress="k@example.com")
	ready.read()
	importer = Importer()
	importer.step([theirs.id])
	[record] = links.records_of([theirs.id])[theirs.id]
	for doctype in ("Contact", "Address"):
		for name in frappe.get_all(
			"Dynamic Link", {"parenttype": doctype, "link_name": record.name}, pluck="parent"
		):
			factories.registered(frappe.get_doc(doctype, name))
	factories.registered(frappe.get_doc(*record))
	assert details.read(record)["contact_name"] == "K" * 140
	assert importer.wishes == []
	assert two_way.offer(record) == []


def test_many_changes_go_together(ready: World, xero_contact: Any) -> None:
	ties = []
	for number in range(5):
		theirs = add_contact(ready, f"Many {number}", EmailAddress=f"many{number}@example.com")
		ties.append(theirs)
	ready.read()
	rows = []
	for theirs in ties:
		made = details.create(agreements.said_in_xero(theirs.id))
		link(frappe.get_doc(*made[0]), theirs, ready)
		two_way.bring(made[0], theirs.id)
		details.write(made[0], {"first_name": "Many"})
		rows += two_way.offer(made[0])
	frappe.db.commit()
	from xero_connector import tasks

	tasks.enqueue_send(rows)
	frappe.db.commit()
	assert calls(ready, ready.jobs.run_all) == ["GET Contacts", "POST Contacts"]
	assert {each.fields["FirstName"] for each in ties} == {"Many"}
