"""Bringing a record and its Xero contact to one, field by field."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core import merging
from xero_connector.core.merging import ADDRESS, CRM, NEWEST, XERO, Agreed, Merged, Overruled

BEFORE = "030 111"
OWNERS = (CRM, XERO, NEWEST)


def merge(
	ours: dict[str, str],
	theirs: dict[str, str],
	before: Agreed | dict[str, str] | None = None,
	owner: str = NEWEST,
	newer: str = XERO,
) -> Merged:
	agreed = Agreed(before, before) if isinstance(before, dict) else before
	return merging.merge(agreed, ours, theirs, dict.fromkeys(merging.FIELDS, owner), newer)


def phones(ours: str, theirs: str, before: str | None = BEFORE, **options: str) -> Merged:
	known = None if before is None else {"phone": before}
	return merge({"phone": ours}, {"phone": theirs}, known, **options)


def changes(merged: Merged) -> tuple[str | None, str | None]:
	"""What the record's phone and the Xero contact's are to become."""
	return merged.ours.get("phone"), merged.theirs.get("phone")


@pytest.mark.parametrize("owner", OWNERS)
def test_what_says_the_same_is_left_alone_and_agreed(owner: str) -> None:
	merged = phones("030 222", "030 222", owner=owner)
	assert changes(merged) == (None, None)
	assert merged.agreed == Agreed({"phone": "030 222"}, {"phone": "030 222"})


def test_what_only_one_side_changed_goes_to_the_other() -> None:
	assert changes(phones("030 222", BEFORE)) == (None, "030 222")
	assert changes(phones(BEFORE, "030 222")) == ("030 222", None)


def test_what_both_changed_is_as_the_newer_side_says_and_the_other_is_told() -> None:
	merged = phones("030 222", "030 333", newer=XERO)
	assert changes(merged) == ("030 333", None)
	assert merged.overruled == (Overruled("phone", CRM, "030 222", "030 333"),)
	merged = phones("030 222", "030 333", newer=CRM)
	assert changes(merged) == (None, "030 222")
	assert merged.overruled == (Overruled("phone", XERO, "030 333", "030 222"),)


@pytest.mark.parametrize("newer", [CRM, XERO])
def test_the_owner_of_a_field_is_right_whoever_changed_it(newer: str) -> None:
	for ours, theirs in (("030 222", BEFORE), (BEFORE, "030 333"), ("030 222", "030 333")):
		assert changes(phones(ours, theirs, owner=CRM, newer=newer)) == (None, ours)
		assert changes(phones(ours, theirs, owner=XERO, newer=newer)) == (theirs, None)


def test_a_change_that_is_taken_back_by_the_owner_is_told() -> None:
	assert phones("030 222", BEFORE, owner=XERO).overruled == (Overruled("phone", CRM, "030 222", BEFORE),)
	assert phones("030 222", BEFORE, owner=CRM).overruled == ()


@pytest.mark.parametrize("owner", OWNERS)
def test_nothing_is_emptied_on_the_other_side(owner: str) -> None:
	for ours, theirs, newer in product(("", BEFORE), ("", BEFORE), (CRM, XERO)):
		merged = phones(ours, theirs, owner=owner, newer=newer)
		assert "" not in changes(merged)


def test_what_somebody_emptied_stays_empty_there_and_as_it_is_on_the_other_side() -> None:
	assert changes(phones("", BEFORE)) == (None, None)
	assert changes(phones(BEFORE, "")) == (None, None)
	after = phones("", BEFORE).agreed
	assert changes(merge({"phone": ""}, {"phone": BEFORE}, after)) == (None, None)
	assert changes(merge({"phone": ""}, {"phone": "030 333"}, after)) == ("030 333", None)


@pytest.mark.parametrize("owner", OWNERS)
def test_what_comes_on_one_side_fills_the_gap_on_the_other(owner: str) -> None:
	assert changes(phones("", "030 333", before="", owner=owner)) == ("030 333", None)
	assert changes(phones("030 222", "", before="", owner=owner)) == (None, "030 222")


def test_who_meets_for_the_first_time_fills_each_other_s_gaps_and_the_newer_is_right() -> None:
	ours = {"phone": "030 222", "mobile": "", "email_address": "ours@example.com"}
	theirs = {"phone": "", "mobile": "0151 3", "email_address": "theirs@example.com"}
	merged = merge(ours, theirs, None, newer=XERO)
	assert merged.ours == {"mobile": "0151 3", "email_address": "theirs@example.com"}
	assert merged.theirs == {"phone": "030 222"}
	assert [each.field for each in merged.overruled] == ["email_address"]


def test_the_two_sides_may_write_the_same_differently() -> None:
	agreed = Agreed({"phone": "+49 30 111"}, {"phone": "030 111"})
	assert changes(merge({"phone": "+49 30 111"}, {"phone": "030 111"}, agreed)) == (None, None)
	assert changes(merge({"phone": "+49 30 222"}, {"phone": "030 111"}, agreed)) == (None, "+49 30 222")


def test_spaces_and_the_case_of_an_address_say_nothing() -> None:
	ours = {"phone": "+64 21 555", "email_address": "Ada@Example.com", "contact_name": "Ada  Ltd "}
	theirs = {"phone": "+6421-555", "email_address": "ada@example.com", "contact_name": "Ada Ltd"}
	merged = merge(ours, theirs)
	assert (merged.ours, merged.theirs) == ({}, {})
	assert merging.fingerprint(ours) == merging.fingerprint(theirs)


def test_the_parts_of_an_address_go_together() -> None:
	before = dict(zip(ADDRESS, ("Queen St 1", "Auckland", "", "1010", "New Zealand"), strict=True))
	ours = {**before, "address_line": "King St 2"}
	theirs = {**before, "city": "Wellington", "postal_code": "6011"}
	merged = merge(ours, theirs, before, newer=CRM)
	assert merged.theirs == ours
	assert merged.overruled == (
		Overruled(
			"address",
			XERO,
			"Queen St 1, Wellington, 6011, New Zealand",
			"King St 2, Auckland, 1010, New Zealand",
		),
	)


def test_a_field_that_the_record_does_not_have_is_left_alone() -> None:
	merged = merge({"phone": BEFORE}, {"phone": BEFORE, "tax_number": "GB 1"}, {"phone": BEFORE})
	assert (merged.ours, merged.theirs) == ({}, {})
	assert merged.agreed.theirs == {"phone": BEFORE}


def test_what_is_yet_to_be_sent_is_not_agreed() -> None:
	merged = phones("030 222", BEFORE)
	assert merged.agreed == Agreed({"phone": BEFORE}, {"phone": BEFORE})
	again = merge({"phone": "030 222"}, {"phone": BEFORE}, merged.agreed)
	assert changes(again) == (None, "030 222")
	never = phones("030 222", "", before=None)
	assert never.agreed == Agreed({}, {})


def test_what_was_sent_is_agreed_as_each_side_says_it() -> None:
	merged = phones("030 222", BEFORE)
	agreed = merging.after_sending(merged.agreed, merged.theirs, {"phone": "030 222"}, {"phone": "(30) 2"})
	assert agreed == Agreed({"phone": "030 222"}, {"phone": "(30) 2"})
	assert changes(merge({"phone": "030 222"}, {"phone": "(30) 2"}, agreed)) == (None, None)


_texts = st.sampled_from(["", "a", "b", "c"])
_values = st.fixed_dictionaries(dict.fromkeys(("contact_name", "phone", "email_address", *ADDRESS), _texts))


@given(
	before=st.none() | st.tuples(_values, _values).map(lambda pair: Agreed(*pair)),
	ours=_values,
	theirs=_values,
	owner=st.sampled_from(OWNERS),
	newer=st.sampled_from([CRM, XERO]),
)
def test_once_merged_and_sent_there_is_nothing_more_to_do(
	before: Agreed | None, ours: dict[str, str], theirs: dict[str, str], owner: str, newer: str
) -> None:
	first = merge(ours, theirs, before, owner, newer)
	ours, theirs = {**ours, **first.ours}, {**theirs, **first.theirs}
	agreed = merging.after_sending(first.agreed, first.theirs, ours, theirs)
	for later in (CRM, XERO):
		again = merge(ours, theirs, agreed, owner, later)
		assert (again.ours, again.theirs, again.overruled) == ({}, {}, ())
	assert merging.fingerprint(agreed.ours) == merging.fingerprint(ours)
