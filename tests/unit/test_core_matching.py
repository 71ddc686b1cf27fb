"""Which Xero contact a record may be: keys that find candidates, scores and reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.matching import (
	Candidate,
	Directory,
	Facts,
	best,
	email_key,
	keys_of,
	name_key,
	phone_key,
	sure,
)

ACME = Facts(
	"Acme Widgets Ltd",
	number="CUST-0007",
	email="ap@acme.example",
	phone="+64 9 123 4567",
	tax_number="123-456-789",
	postal_code="1010",
)


def contact(contact_id: str = "c1", name: str = "Somebody Else", **known: str) -> Candidate:
	fields = dict.fromkeys(Candidate._fields) | {"contact_id": contact_id, "name": name} | known
	return Candidate(**fields)


def reasons(**known: str) -> tuple[str, ...]:
	[match] = best(ACME, [contact(**known)])
	return match.reasons


@pytest.mark.parametrize(
	("known", "reason"),
	[
		({"contact_number": "CUST-0007"}, "number"),
		({"account_number": "CUST-0007"}, "number"),
		({"tax_number": "123456789"}, "tax_number"),
		({"email": " AP@Acme.Example "}, "email"),
		({"phone": "09 123 4567"}, "phone"),
		({"mobile": "(09) 1234567"}, "phone"),
		({"name": "ACME WIDGETS LIMITED"}, "name"),
		({"name": "Acme Widgetts"}, "similar_name"),
	],
)
def test_what_is_the_same_is_told_as_the_reason(known, reason):
	assert reasons(**known) == (reason,)


def test_somebody_with_nothing_in_common_is_not_suggested():
	assert best(ACME, [contact()]) == []


def test_a_postcode_alone_suggests_nobody_and_strengthens_a_name():
	assert best(ACME, [contact(postal_code="1010")]) == []
	[alone] = best(ACME, [contact(name="Acme Widgets")])
	[both] = best(ACME, [contact(name="Acme Widgets", postal_code="1010")])
	assert both.score > alone.score
	assert both.reasons == ("name", "postal_code")


def test_empty_values_are_not_the_same_as_each_other():
	nobody = Facts("", email="", phone=None, tax_number="", postal_code="")
	assert best(nobody, [contact(name="", email="", phone="", tax_number="", postal_code="")]) == []


def test_the_strongest_reason_comes_first_and_the_best_contact_too():
	found = best(
		ACME,
		[
			contact("name only", "Acme Widgets"),
			contact("number", "Acme Widgets", contact_number="CUST-0007"),
			contact("phone only", phone="091234567"),
			contact("mail and name", "Acme Widgets", email="ap@acme.example"),
		],
	)
	assert [match.contact_id for match in found] == ["number", "mail and name", "name only", "phone only"]
	assert found[1].reasons == ("email", "name")


def test_no_more_are_suggested_than_asked_for():
	many = [contact(f"c{number}", "Acme Widgets") for number in range(9)]
	assert len(best(ACME, many)) == 5
	assert len(best(ACME, many, limit=2)) == 2


@pytest.mark.parametrize(
	("name", "key"),
	[
		("The Müller & Söhne GmbH", "muller and sohne"),
		("ACME  Widgets, Ltd.", "acme widgets"),
		("Ltd", "ltd"),
		("株式会社 東京", "株式会社 東京"),
		(None, ""),
	],
)
def test_a_names_key_leaves_out_what_people_write_differently(name, key):
	assert name_key(name) == key


@pytest.mark.parametrize("written", ["+64 9 123 4567", "09 123 4567", "0064-9-1234567", "(09) 123-4567"])
def test_a_phone_number_has_one_key_however_it_is_written(written):
	assert phone_key(written) == phone_key("091234567")


@pytest.mark.parametrize("written", ["", None, "ext. 12", "12345"])
def test_a_few_digits_are_no_phone_number(written):
	assert phone_key(written) == ""


def test_candidates_are_looked_up_by_every_key_that_the_record_has():
	keys = keys_of(ACME)
	assert dict(keys.equal) == {
		"name_key": "acme widgets",
		"email_key": "ap@acme.example",
		"phone_key": "91234567",
		"contact_number": "CUST-0007",
		"account_number": "CUST-0007",
		"tax_number": "123-456-789",
	}
	assert keys.beginnings == ("acme",)
	assert keys_of(Facts("Ab")).equal == (("name_key", "ab"),)
	assert keys_of(Facts("Ab")).beginnings == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_scores_stay_between_nothing_and_a_hundred_and_do_not_depend_on_the_order(ours, theirs):
	facts = Facts(ours, email=theirs)
	contacts = [contact("a", theirs, email=theirs), contact("b", ours), contact("c", ours, email=theirs)]
	found = best(facts, contacts)
	assert all(0 < match.score <= 100 for match in found)
	assert found == best(facts, contacts[::-1])


@given(st.text(max_size=60))
def test_a_key_of_a_key_is_itself(text):
	assert name_key(name_key(text)) == name_key(text)
	assert email_key(email_key(text)) == email_key(text)


def directory(*entries: tuple[str, Facts]) -> Directory[str]:
	made: Directory[str] = Directory()
	for record, facts in entries:
		made.add(record, facts)
	return made


def linked_unasked(facts: Facts, **known: str) -> bool:
	return sure(directory(("acme", facts)).likely(contact(**known))) is not None


@pytest.mark.parametrize(
	("known", "reason"),
	[
		({"contact_number": "CUST-0007"}, "number"),
		({"account_number": "CUST-0007"}, "number"),
		({"tax_number": "123456789"}, "tax_number"),
		({"email": " AP@Acme.Example "}, "email"),
		({"phone": "09 123 4567"}, "phone"),
		({"mobile": "(09) 1234567"}, "phone"),
		({"name": "ACME WIDGETS LIMITED"}, "name"),
		({"name": "Acme Widgetts"}, "similar_name"),
		({"name": "Axme Widgets"}, "similar_name"),
	],
)
def test_a_record_is_found_by_whatever_a_xero_contact_shares_with_it(known, reason):
	[found] = directory(("acme", ACME), ("other", Facts("Zebra Crossing"))).likely(contact(**known))
	assert (found.record, found.reasons) == ("acme", (reason,))


def test_a_record_of_several_people_is_found_once_by_the_best_of_them():
	people = [ACME._replace(email=f"{name}@acme.example") for name in ("ap", "jo", "al")]
	known = directory(*(("acme", facts) for facts in people))
	[found] = known.likely(contact(name="Acme Widgets", email="jo@acme.example"))
	assert found.reasons == ("email", "name")


def test_a_postcode_alone_finds_no_record():
	assert directory(("acme", ACME)).likely(contact(postal_code="1010")) == []


def test_names_of_one_word_in_common_are_two_names():
	assert directory(("acme", Facts("Smith Holdings"))).likely(contact(name="Smith Trading")) == []
	# but one that is another and more is asked about
	assert directory(("acme", Facts("Acme Widgets"))).likely(contact(name="Acme Widgets (old)"))
	assert directory(("acme", Facts("Acme Widgets Leeds"))).likely(contact(name="Acme Widgets Luton")) == []


def test_a_name_that_is_alike_is_somebody_else_s_where_two_other_things_differ():
	known = directory(("acme", ACME))
	one, two = {"postal_code": "9999"}, {"postal_code": "9999", "email": "jo@other.example"}
	assert known.likely(contact(name="Acme Widgetts", **one))
	assert known.likely(contact(name="Acme Widgetts", **two)) == []
	# the same name asks in any case
	assert known.likely(contact(name="Acme Widgets", **two))


def test_an_address_that_hundreds_share_finds_none_of_them():
	crowd = directory(
		*((f"r{number}", Facts(f"Nobody {number}x", email="info@group.example")) for number in range(300))
	)
	assert crowd.likely(contact(email="info@group.example")) == []


@pytest.mark.parametrize(
	("known", "linked"),
	[
		({"name": "Acme Widgets", "contact_number": "CUST-0007"}, True),
		({"name": "Acme Widgetts", "account_number": "CUST-0007"}, True),
		({"name": "Acme Widgets", "tax_number": "123456789"}, True),
		({"name": "Acme Widgets", "tax_number": "123456789", "postal_code": "1010"}, True),
		# everything else asks, whatever its score
		({"name": "Acme Widgets", "email": "ap@acme.example", "postal_code": "1010"}, False),
		({"name": "Zebra Crossing", "contact_number": "CUST-0007"}, False),
		({"name": "Acme Widgets", "contact_number": "CUST-0007", "tax_number": "999"}, False),
		({"name": "Acme Widgets", "tax_number": "123456789", "postal_code": "9999"}, False),
		({"name": "Acme Widgets Wellington", "tax_number": "123456789"}, False),
	],
)
def test_only_an_exact_key_that_nothing_contradicts_links_by_itself(known, linked):
	assert linked_unasked(ACME, **known) is linked


def test_two_records_of_one_tax_number_and_name_ask():
	known = directory(("one", ACME), ("two", ACME))
	assert sure(known.likely(contact(name="Acme Widgets", tax_number="123456789"))) is None


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_nothing_is_linked_unasked_without_one_of_the_exact_keys(name, email, phone):
	facts = Facts(name, number="CUST-1", email=email, phone=phone)
	assert not linked_unasked(facts, name=name, email=email, phone=phone)
