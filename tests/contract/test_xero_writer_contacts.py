"""Putting contacts, their persons and items into the emulator's books, and finding contacts by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.writing import ADA, refused, sent, somebody, writer_of
from xero_connector.core.books import ContactChange
from xero_connector.core.drafting import NewContact, Product
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Contact, Item
from xero_sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("documented")

JANE = NewContact("City Agency", "Jane", "Doe", "jane@example.com")


def contact(result: object) -> Contact:
	assert isinstance(result, Contact), result
	return result


def create(sandbox: Sandbox, *contacts: NewContact, key: str = "key") -> Any:
	return writer_of(sandbox).create_contacts(contacts, key)


def book_of(sandbox: Sandbox, contact_id: str) -> Any:
	return sandbox.organisation().contacts[contact_id]


# found and created


def test_a_new_contact_gets_all_that_the_record_knows(sandbox: Sandbox) -> None:
	made = contact(create(sandbox, ADA)[0])
	assert sent(sandbox)["Contacts"] == [
		{
			"Name": "Ada & Söhne, Ltd",
			"FirstName": "Ada",
			"LastName": "O'Neill",
			"EmailAddress": "ada@example.com",
			"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "0049 (0)30 0123"}],
			"Addresses": [
				{
					"AddressType": "POBOX",
					"AddressLine1": "Unter den Linden 1",
					"City": "Berlin",
					"Region": "BE",
					"PostalCode": "01067",
					"Country": "Germany",
				}
			],
		}
	]
	assert sandbox.requests[-1].method == "PUT"
	assert sandbox.requests[-1].query == {"summarizeErrors": "false"}
	assert made.contact_id in sandbox.organisation().contacts
	assert (made.organisation, made.contact_name, made.phone) == ("Demo", ADA.name, ADA.phone)
	assert (made.address_line, made.postal_code) == (ADA.address_line, "01067")


def test_what_the_record_does_not_know_is_left_out(sandbox: Sandbox) -> None:
	create(sandbox, NewContact("Bare"))
	assert sent(sandbox) == {"Contacts": [{"Name": "Bare"}]}


def test_contacts_are_found_by_their_names_whatever_the_case(sandbox: Sandbox) -> None:
	first, second = [row for row in sandbox.organisation().contacts if row.status == "ACTIVE"][:2]
	found = writer_of(sandbox).find_contacts([first.name.upper(), second.name, "Nobody at all"])
	assert {name: row.contact_id for name, row in found.items()} == {
		first.name.casefold(): first.id,
		second.name.casefold(): second.id,
	}
	assert sandbox.requests[0].query["where"] == f'Name=="{first.name.upper()}"'


def test_a_name_that_only_begins_alike_or_lacks_an_accent_is_another(sandbox: Sandbox) -> None:
	writer = writer_of(sandbox)
	create(sandbox, NewContact("Café Noir"))
	assert writer.find_contacts(["Café", "Cafe Noir"]) == {}
	assert list(writer.find_contacts(["CAFÉ NOIR"])) == ["café noir"]


def test_an_archived_contact_is_not_found(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	sandbox.edit_contact(book.id, ContactStatus="ARCHIVED")
	assert writer_of(sandbox).find_contacts([book.name]) == {}


@pytest.mark.parametrize(
	"name", ['The "Best" Shop', "back\\slash", 'ends with "', "a==b AND c", "100% & more + x"]
)
def test_a_name_with_marks_of_the_filter_language_is_found(sandbox: Sandbox, name: str) -> None:
	[made] = create(sandbox, NewContact(name))
	assert writer_of(sandbox).find_contacts([name]) == {name.casefold(): made}


def test_a_quotation_mark_never_reaches_the_filter(sandbox: Sandbox) -> None:
	writer_of(sandbox).find_contacts(['x" OR Name!="'])
	assert sandbox.requests[-1].query["searchTerm"] == 'x" OR Name!="'
	assert "where" not in sandbox.requests[-1].query


def test_of_many_contacts_each_has_its_own_result(sandbox: Sandbox) -> None:
	taken = somebody(sandbox)
	create(sandbox, NewContact("Café Noir"), key="before")
	new = [
		NewContact("Fresh One"),
		NewContact(taken.name.lower(), email_address="new@example.com"),
		NewContact("Refused", email_address="no address"),
		NewContact("Cafe Noir"),
		NewContact("Fresh Two"),
	]
	results = create(sandbox, *new)
	assert [contact(results[n]).contact_name for n in (0, 4)] == ["Fresh One", "Fresh Two"]
	theirs = contact(results[1])
	assert (theirs.contact_id, theirs.email_address) == (taken.id, taken.email), "theirs, and not changed"
	email = refused(results[2])
	assert (email.code, email.values["field"]) == (Code.REJECTED, "email_address")
	accent = refused(results[3])
	assert (accent.code, accent.values) == (
		Code.NAME_TAKEN,
		{"field": "contact_name", "name": "Cafe Noir"},
	), "Xero compares without accents: a person must say whether it is the same company"
	assert len([request for request in sandbox.requests if request.method == "PUT"]) == 2


def test_a_name_twice_in_one_request_is_one_contact(sandbox: Sandbox) -> None:
	first, second = create(sandbox, NewContact("Twice"), NewContact("TWICE"))
	assert first == second


def test_contacts_whose_answer_was_lost_are_found_by_their_names(sandbox: Sandbox) -> None:
	writer = writer_of(sandbox)
	for fault, expected in (("drop_before", set()), ("drop_after", {"one", "two"})):
		sandbox.fault(fault, "PUT")
		with pytest.raises(WillRetry) as caught:
			create(sandbox, NewContact("One"), NewContact("Two"), key=fault)
		assert caught.value.maybe_done
		assert set(writer.find_contacts(["One", "Two"])) == expected
	sandbox.advance(7 * 60)
	again = create(sandbox, NewContact("One"), NewContact("Two"), key="again")
	assert [contact(each).contact_name for each in again] == ["One", "Two"]
	assert len([row for row in sandbox.organisation().contacts if row.name in ("One", "Two")]) == 2


# changes


def change(sandbox: Sandbox, *changes: ContactChange, key: str = "key") -> Any:
	return writer_of(sandbox).update_contacts(changes, key)


def test_a_change_names_what_changes_and_leaves_the_rest_alone(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	sandbox.edit_contact(book.id, TaxNumber="GB 1", EmailAddress="old@example.com")
	name = book.name
	[after] = change(sandbox, ContactChange(book.id, {"email_address": "new@example.com"}))
	assert sent(sandbox)["Contacts"] == [{"ContactID": book.id, "EmailAddress": "new@example.com"}]
	assert sandbox.requests[-1].method == "POST"
	assert (after.contact_name, after.email_address, after.tax_number) == (name, "new@example.com", "GB 1")


def test_a_phone_and_an_address_are_as_they_are_told_and_nothing_of_before(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	phone = {"PhoneType": "DEFAULT", "PhoneCountryCode": "64", "PhoneAreaCode": "09", "PhoneNumber": "1"}
	address = {"AddressType": "POBOX", "AddressLine1": "A", "AddressLine2": "B", "PostalCode": "1010"}
	sandbox.edit_contact(book.id, Phones=[phone], Addresses=[address])
	values = {"address_line": "2 King Street", "city": "York", "region": "", "postal_code": "", "country": ""}
	[after] = change(sandbox, ContactChange(book.id, {"phone": "020 7946 0018", "mobile": "07700", **values}))
	assert (after.phone, after.mobile) == ("020 7946 0018", "07700")
	assert (after.address_line, after.city, after.postal_code) == ("2 King Street", "York", None)


def test_of_many_changes_each_has_its_own_result(sandbox: Sandbox) -> None:
	first, second, third = [row for row in sandbox.organisation().contacts if row.status == "ACTIVE"][:3]
	results = change(
		sandbox,
		ContactChange(first.id, {"first_name": "Ada"}),
		ContactChange(second.id, {"email_address": "no address"}),
		ContactChange(third.id, {"contact_name": f"{first.name}"}),
	)
	assert contact(results[0]).first_name == "Ada"
	assert refused(results[1]).values["field"] == "email_address"
	taken = refused(results[2])
	assert (taken.code, taken.values) == (Code.NAME_TAKEN, {"field": "contact_name", "name": first.name})


def test_a_name_is_sent_without_the_spaces_that_xero_refuses(sandbox: Sandbox) -> None:
	book = somebody(sandbox)
	[after] = change(sandbox, ContactChange(book.id, {"contact_name": " Acme   Ltd "}))
	assert contact(after).contact_name == "Acme Ltd"


# persons


def test_overwriting_a_person_leaves_the_rest_of_the_contact_alone(sandbox: Sandbox) -> None:
	book = next(row for row in sandbox.organisation().contacts if row.fields["ContactPersons"])
	name, persons = book.name, list(book.fields["ContactPersons"])
	after = writer_of(sandbox).set_person(book.id, JANE, "key")
	assert sent(sandbox)["Contacts"] == [
		{
			"ContactID": book.id,
			"FirstName": "Jane",
			"LastName": "Doe",
			"EmailAddress": "jane@example.com",
		}
	]
	assert (after.contact_name, after.first_name, after.email_address) == (name, "Jane", "jane@example.com")
	assert book.fields["ContactPersons"] == persons


def with_persons(sandbox: Sandbox, count: int, **fields: Any) -> Any:
	book = somebody(sandbox)
	persons = [
		{
			"FirstName": f"P{n}",
			"LastName": "Known",
			"EmailAddress": f"p{n}@example.com",
			"IncludeInEmails": n == 0,
		}
		for n in range(count)
	]
	own = {"FirstName": "Prime", "LastName": "Person", "EmailAddress": "prime@example.com"}
	sandbox.edit_contact(book.id, ContactPersons=persons, **{**own, **fields})
	return book


@pytest.mark.parametrize("known", [0, 1, 4])
def test_a_person_is_added_to_those_that_are_there(sandbox: Sandbox, known: int) -> None:
	book = with_persons(sandbox, known)
	before = list(book.fields["ContactPersons"])
	assert writer_of(sandbox).add_person(book.id, JANE, "key")
	after = book.fields["ContactPersons"]
	assert after[:-1] == before, "as they were, those who get e-mails too"
	assert (after[-1]["FirstName"], after[-1]["EmailAddress"]) == ("Jane", "jane@example.com")
	assert book.fields["FirstName"] == "Prime"


@pytest.mark.parametrize(
	"person",
	[
		NewContact("X", "Other", "Name", "P1@EXAMPLE.com"),
		NewContact("X", "p1", "KNOWN"),
		NewContact("X", "Prime", "Person"),
		NewContact("X", email_address="Prime@Example.com"),
		NewContact("X"),
	],
)
def test_nobody_is_added_twice(sandbox: Sandbox, person: NewContact) -> None:
	book = with_persons(sandbox, 2)
	found = writer_of(sandbox).add_person(book.id, person, "key")
	assert found
	assert found.contact_id == book.id
	assert len(book.fields["ContactPersons"]) == 2
	assert [request.method for request in sandbox.requests] == ["GET"]


def test_namesakes_with_another_address_are_two(sandbox: Sandbox) -> None:
	book = with_persons(sandbox, 1)
	writer_of(sandbox).add_person(book.id, NewContact("X", "P0", "Known", "another@example.com"), "key")
	assert len(book.fields["ContactPersons"]) == 2


def test_a_sixth_person_is_not_added(sandbox: Sandbox) -> None:
	book = with_persons(sandbox, 5)
	assert writer_of(sandbox).add_person(book.id, JANE, "key") is None
	assert len(book.fields["ContactPersons"]) == 5


def test_who_has_no_person_yet_gets_the_first_as_the_primary_one(sandbox: Sandbox) -> None:
	book = with_persons(sandbox, 0, FirstName="", LastName="", EmailAddress="")
	writer_of(sandbox).add_person(book.id, JANE, "key")
	assert (book.fields["FirstName"], book.fields["ContactPersons"]) == ("Jane", [])


# items


def item(result: object) -> Item:
	assert isinstance(result, Item), result
	return result


def test_a_new_item_is_created_and_a_known_one_updated_with_every_digit(sandbox: Sandbox) -> None:
	known = sandbox.organisation().item("CABLE-M")
	products = [
		Product("NEW-1", "New thing", "What it is", Decimal("1.2345")),
		Product("CABLE-M", "Cable", None, Decimal("9.8765")),
		Product("BARE", "Bare"),
	]
	new, changed, bare = map(item, writer_of(sandbox).save_items(products, "key"))
	assert sent(sandbox)["Items"][0] == {
		"Code": "NEW-1",
		"Name": "New thing",
		"Description": "What it is",
		"IsSold": True,
		"SalesDetails": {"UnitPrice": Decimal("1.2345")},
	}
	assert set(sent(sandbox)["Items"][2]) == {"Code", "Name", "IsSold"}
	assert sandbox.requests[-1].query == {"summarizeErrors": "false", "unitdp": "4"}
	assert (new.code, new.unit_price, new.is_sold) == ("NEW-1", Decimal("1.2345"), True)
	assert (changed.item_id, changed.unit_price) == (known["ItemID"], Decimal("9.8765"))
	assert (changed.account_code, changed.tax_type) == ("200", "OUTPUT2"), "what was not sent stays"
	assert bare.unit_price is None


def test_saving_an_item_again_makes_no_second(sandbox: Sandbox) -> None:
	writer, product = writer_of(sandbox), Product("NEW-1", "New thing")
	before = len(sandbox.organisation().items)
	first, second = [item(writer.save_items([product], key)[0]) for key in ("one", "two")]
	assert first.item_id == second.item_id
	assert len(sandbox.organisation().items) == before + 1


def test_a_bad_item_is_named_and_the_good_ones_are_saved(sandbox: Sandbox) -> None:
	products = [Product("GOOD-1", "Good"), Product("X" * 31, "Too long"), Product("GOOD-2", "Good")]
	results = writer_of(sandbox).save_items(products, "key")
	assert [item(results[n]).code for n in (0, 2)] == ["GOOD-1", "GOOD-2"]
	error = refused(results[1])
	assert error.code is Code.REJECTED
	assert "30 characters" in error.values["message"]
	# the file says so too
	sandbox.requests.clear()


def test_what_is_only_said_of_an_item_is_cut_to_what_xero_takes(sandbox: Sandbox) -> None:
	[saved] = writer_of(sandbox).save_items([Product("LONG", "N" * 80, "D" * 5000)], "key")
	assert (item(saved).item_name, len(item(saved).description or "")) == ("N" * 50, 4000)


def test_what_xero_refuses_as_a_whole_is_sent_one_by_one(sandbox: Sandbox) -> None:
	words = "The contact name Theirs is already assigned to another contact."
	whole = {"Type": "ValidationException", "Elements": [{"ValidationErrors": [{"Message": words}]}]}
	theirs = contact(create(sandbox, NewContact("Theirs"), key="before")[0])
	sandbox.fault("status", "PUT", status=400, body=whole)
	results = create(sandbox, NewContact("Fresh"), NewContact("Theirs"))
	assert [contact(each).contact_name for each in results] == ["Fresh", "Theirs"]
	assert results[1] == theirs
	sandbox.fault("status", "POST", status=400, body="The request could not be parsed.")
	saved = writer_of(sandbox).save_items([Product("A", "A"), Product("B", "B")], "key")
	assert [item(each).code for each in saved] == ["A", "B"]
	sandbox.fault("status", "POST", times=2, status=400, body=whole)
	[alone] = writer_of(sandbox).save_items([Product("C", "C")], "key-c")
	assert refused(alone).values["message"] == words


def test_a_failure_that_is_of_no_element_is_everybodys(sandbox: Sandbox) -> None:
	sandbox.fault("status", "PUT", status=403, body='{"Detail": "AuthenticationUnsuccessful"}')
	with pytest.raises(NeedsPerson) as caught:
		create(sandbox, NewContact("One"), NewContact("Two"))
	assert caught.value.code is Code.ORGANISATION_GONE
	assert len(sandbox.requests) == 1
