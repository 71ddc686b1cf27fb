"""The name of a wish and the reference that finds its document again, and what the outbox keeps of a draft."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.drafting import (
	LINE_AMOUNT_TYPES,
	STATUSES,
	Draft,
	Line,
	NewContact,
	Product,
	from_json,
	status_for,
	to_json,
	wish_key,
	xero_reference,
)

DRAFT = Draft(
	organisation="tenant",
	contact_id=None,
	contact=NewContact("City Agency", "Jane", "Doe"),
	date=date(2026, 11, 21),
	due_date=date(2026, 12, 21),
	reference="PO 778",
	currency="EUR",
	lines=(Line("Website relaunch", Decimal(1), Decimal("1250.00"), "200"),),
)


def drafted(**changes: Any) -> Draft:
	return replace(DRAFT, **changes)


# The name of a wish and the reference that finds its invoice again (B5)

names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=140)
keys = st.binary(min_size=32, max_size=32).map(bytes.hex)


def test_the_same_wish_has_the_same_key_on_every_day_and_every_worker() -> None:
	key = wish_key("crm.example.com", "CRM Deal", "CRM-DEAL-0001", 1)
	assert key == "e861a185d303b4a5aea454f750b8affafc9763196f39383b20585042f88302de"


wishes = st.tuples(names, names, names, st.integers(1, 10**6))


@given(wishes, wishes)
def test_two_wishes_have_two_keys(one: tuple[str, str, str, int], other: tuple[str, str, str, int]) -> None:
	assert (wish_key(*one) == wish_key(*other)) == (one == other)


@pytest.mark.parametrize(
	"other",
	[
		("b.example.com", "CRM Deal", "D-1", 1),
		("a.example.com", "Opportunity", "D-1", 1),
		("a.example.com", "CRM Deal", "D-2", 1),
		("a.example.com", "CRM Deal", "D-1", 2),
		("a.example.com", "CRM Deal", "D-", 11),
	],
)
def test_a_wish_is_another_by_site_by_doctype_by_record_and_by_number(
	other: tuple[str, str, str, int],
) -> None:
	assert wish_key(*other) != wish_key("a.example.com", "CRM Deal", "D-1", 1)


def test_a_key_leaves_room_for_what_the_sender_adds_to_it() -> None:
	"""Xero takes 128 characters; the sender adds the revision and what is created."""
	key = wish_key("crm.example.com" * 10, "CRM Deal", "CRM-DEAL-0001" * 10, 1)
	assert len(f"{key}-1000-contact") <= 128


@given(st.none() | names.map(str.strip).filter(bool), names, keys)
def test_a_reference_is_never_longer_than_xero_takes(own: str | None, record: str, key: str) -> None:
	long = None if own is None else (own * 255)[:255]
	for reference in (own, long):
		made = xero_reference(drafted(reference=reference), record * 10, key)
		assert 0 < len(made) <= 255


def test_a_reference_begins_with_the_persons_own_number() -> None:
	key = wish_key("crm.example.com", "CRM Deal", "CRM-DEAL-0001", 1)
	assert xero_reference(drafted(reference="PO 778"), "CRM-DEAL-0001", key).startswith("PO 778 ")


def test_a_reference_begins_with_the_record_when_the_person_gave_none() -> None:
	key = wish_key("crm.example.com", "CRM Deal", "CRM-DEAL-0001", 1)
	assert xero_reference(drafted(reference=None), "CRM-DEAL-0001", key).startswith("CRM-DEAL-0001 ")


def test_a_reference_is_the_same_whenever_it_is_made() -> None:
	key = wish_key("crm.example.com", "CRM Deal", "CRM-DEAL-0001", 1)
	assert xero_reference(drafted(), "D", key) == xero_reference(drafted(), "D", key)


@pytest.mark.parametrize("own", ["PO 778", "x" * 255])
def test_a_thousand_deals_with_the_same_order_number_have_a_thousand_references(own: str) -> None:
	draft = drafted(reference=own)
	made = {
		xero_reference(draft, f"D-{number}", wish_key("crm.example.com", "CRM Deal", f"D-{number}", 1))
		for number in range(1000)
	}
	assert len(made) == 1000


def test_the_second_invoice_of_a_deal_has_a_reference_of_its_own() -> None:
	made = {
		xero_reference(drafted(), "D-1", wish_key("a", "CRM Deal", "D-1", number)) for number in (1, 2, 3)
	}
	assert len(made) == 3


def test_no_reference_can_be_read_as_part_of_a_filter() -> None:
	"""Xero's filter has no way to escape a quotation mark; the code itself must not bring one in."""
	for number in range(200):
		code = xero_reference(drafted(reference="PO"), "D", wish_key("a", "b", "c", number)).removeprefix(
			"PO "
		)
		assert not set(code) & set('"\\')


# The outbox keeps a draft as JSON

words = st.text(min_size=1, max_size=30)
maybe = st.none() | words
money = st.decimals(min_value=Decimal("0.01"), max_value=10**12, places=4)
rates = st.none() | st.decimals(0, 100, places=2)
drafts = st.builds(
	Draft,
	organisation=words,
	contact_id=maybe,
	contact=st.builds(NewContact, words, *[maybe] * 9),
	date=st.dates(),
	due_date=st.none() | st.dates(),
	reference=maybe,
	currency=st.sampled_from(["NZD", "JPY", "KWD"]),
	lines=st.lists(
		st.builds(
			Line, words, money, money, maybe, maybe, maybe, rates, st.none() | money, st.none() | money
		),
		max_size=4,
	).map(tuple),
	document_type=st.sampled_from(["Invoice", "Credit Note"]),
	line_amount_types=st.sampled_from(LINE_AMOUNT_TYPES),
	branding_theme=maybe,
	status=st.sampled_from(STATUSES),
	products=st.lists(st.builds(Product, words, words, maybe, st.none() | money), max_size=2).map(tuple),
)


@given(drafts)
def test_a_draft_comes_out_of_the_outbox_as_it_went_in(draft: Draft) -> None:
	assert from_json(json.loads(json.dumps(to_json(draft)))) == draft


@given(drafts)
def test_equal_drafts_are_kept_as_equal_texts(draft: Draft) -> None:
	"""However their numbers are written: the text tells whether there is anything to change in Xero."""
	wider = [replace(line, unit_amount=line.unit_amount * Decimal("1.0000")) for line in draft.lines]
	assert to_json(replace(draft, lines=tuple(wider))) == to_json(draft)


def test_amounts_and_dates_are_text_in_the_outbox() -> None:
	stored = to_json(DRAFT)
	assert (stored["date"], stored["due_date"]) == ("2026-11-21", "2026-12-21")
	assert Decimal(stored["lines"][0]["unit_amount"]) == Decimal("1250.00")
	assert isinstance(stored["lines"][0]["unit_amount"], str)


# What a document is made as (C3)


@pytest.mark.parametrize("setting", STATUSES)
def test_who_may_authorise_makes_what_the_settings_say(setting: str) -> None:
	assert status_for(setting, may_authorise=True) == setting


@pytest.mark.parametrize(
	("setting", "made"), [("Draft", "Draft"), ("Submitted", "Submitted"), ("Authorised", "Draft")]
)
def test_nobody_else_approves_a_document(setting: str, made: str) -> None:
	assert status_for(setting, may_authorise=False) == made
