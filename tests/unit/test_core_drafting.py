"""What the form of a draft starts with, what it refuses, and what the outbox keeps of it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.drafting import (
	Defaults,
	Draft,
	Line,
	NewContact,
	Source,
	contact_from,
	defaults,
	draft_from,
	from_json,
	to_json,
	wish_key,
	xero_reference,
)
from xero_connector.core.errors import Code, NeedsPerson

TODAY = date(2026, 11, 21)
JANE = NewContact("City Agency", "Jane", "Doe", "jane@example.com", "+64 9 555 0101", city="Auckland")
SOURCE = Source("Website relaunch", Decimal("1250.00"), "EUR", JANE)
SOURCE_WITHOUT_MONEY = Source("Website relaunch", None, None, JANE)
FORM = {
	"contact_id": "",
	"contact_name": "City Agency",
	"date": "2026-11-21",
	"due_date": "2026-12-21",
	"reference": "PO 778",
	"description": "Website relaunch",
	"amount": "1250.00",
	"currency": "EUR",
}


def drafted(**changes: Any) -> Draft:
	return draft_from({**FORM, **changes}, "tenant", "200", SOURCE)


def form_of(source: Source = SOURCE, **changes: Any) -> Defaults:
	values: dict[str, Any] = {"linked": None, "base_currency": "NZD", "today": TODAY, "due_days": 30}
	return defaults(source, **{**values, **changes})


# What the form starts with (R10-R15)


def test_the_contact_is_the_organization_of_the_record() -> None:
	form = form_of()
	assert (form.contact_id, form.contact_name) == (None, "City Agency")


def test_the_xero_contact_that_the_record_is_linked_to_wins_over_its_own_name() -> None:
	form = form_of(linked=("id-1", "City Agency Ltd"))
	assert (form.contact_id, form.contact_name) == ("id-1", "City Agency Ltd")


def test_the_invoice_is_dated_today_and_due_30_days_later() -> None:
	form = form_of()
	assert (form.date, form.due_date) == (date(2026, 11, 21), date(2026, 12, 21))


@pytest.mark.parametrize(
	("today", "due_days", "due"),
	[
		("2026-12-15", 30, "2027-01-14"),
		("2024-01-30", 30, "2024-02-29"),
		("2025-01-30", 30, "2025-03-01"),
		("2026-11-21", 0, "2026-11-21"),
		("2026-11-21", 14, "2026-12-05"),
	],
)
def test_the_due_date_counts_days_over_months_and_years(today: str, due_days: int, due: str) -> None:
	form = form_of(today=date.fromisoformat(today), due_days=due_days)
	assert form.due_date == date.fromisoformat(due)


def test_the_reference_is_left_to_the_person() -> None:
	assert form_of().reference == ""


def test_the_one_line_is_the_deals_name_and_amount() -> None:
	form = form_of()
	assert (form.description, form.amount) == ("Website relaunch", Decimal("1250.00"))


def test_a_deal_without_an_amount_starts_at_zero() -> None:
	assert form_of(SOURCE_WITHOUT_MONEY).amount == Decimal("0.00")


def test_the_currency_is_the_deals_own_else_the_organisations() -> None:
	assert form_of().currency == "EUR"
	assert form_of(SOURCE_WITHOUT_MONEY).currency == "NZD"


def test_the_form_as_it_starts_makes_the_draft_that_it_shows() -> None:
	form = form_of()
	typed = {name: "" if value is None else str(value) for name, value in form._asdict().items()}
	draft = draft_from(typed, "tenant", "200", SOURCE)
	assert draft == Draft(
		organisation="tenant",
		contact_id=None,
		contact=JANE,
		date=TODAY,
		due_date=date(2026, 12, 21),
		reference=None,
		currency="EUR",
		lines=(Line("Website relaunch", Decimal(1), Decimal("1250.00"), "200"),),
	)


# What a person may change


def test_every_field_that_a_person_changed_is_in_the_draft() -> None:
	draft = drafted(
		contact_id="id-9",
		contact_name="Harbour Ltd",
		date="2026-11-01",
		due_date="2026-11-08",
		reference=" PO 9 ",
		description="First instalment",
		amount="400",
		currency="USD",
	)
	assert (draft.contact_id, draft.contact.name, draft.reference) == ("id-9", "Harbour Ltd", "PO 9")
	assert (draft.date, draft.due_date) == (date(2026, 11, 1), date(2026, 11, 8))
	assert draft.lines == (Line("First instalment", Decimal(1), Decimal("400.00"), "200"),)
	assert draft.currency == "USD"


def test_a_new_contact_gets_the_persons_name_phone_and_address_of_the_record() -> None:
	contact = drafted(contact_name="Harbour Ltd").contact
	assert contact == JANE._replace(name="Harbour Ltd")


def test_spaces_that_xero_refuses_in_a_name_are_taken_out() -> None:
	assert drafted(contact_name="  City \t  Agency\n").contact.name == "City Agency"


def test_no_contact_is_named_when_none_was_picked() -> None:
	assert drafted(contact_id="").contact_id is None
	assert drafted(contact_id=None).contact_id is None


@pytest.mark.parametrize("typed", ["", "   ", None])
def test_the_reference_may_be_left_empty(typed: str | None) -> None:
	assert drafted(reference=typed).reference is None


def test_an_invoice_may_be_due_on_its_own_day() -> None:
	assert drafted(due_date="2026-11-21").due_date == TODAY


@pytest.mark.parametrize(("typed", "sent"), [("10.005", "10.01"), ("10.0049", "10.00"), (" 7 ", "7.00")])
def test_the_amount_is_rounded_half_up_to_the_cent(typed: str, sent: str) -> None:
	assert str(drafted(amount=typed).lines[0].unit_amount) == sent


def test_a_draft_may_go_without_an_account() -> None:
	assert draft_from(FORM, "tenant", None, SOURCE).lines[0].account_code is None


# What is refused


@pytest.mark.parametrize("typed", ["", "   ", None])
@pytest.mark.parametrize("field", ["contact_name", "date", "due_date", "description", "currency"])
def test_a_field_that_an_invoice_needs_is_asked_for_by_name(field: str, typed: str | None) -> None:
	with pytest.raises(NeedsPerson) as refusal:
		drafted(**{field: typed})
	assert (refusal.value.code, refusal.value.values["field"]) == (Code.MISSING_VALUE, field)


@pytest.mark.parametrize("field", ["contact_name", "date", "due_date", "description", "currency", "amount"])
def test_a_form_without_the_field_is_refused_like_one_with_an_empty_field(field: str) -> None:
	form = {name: value for name, value in FORM.items() if name != field}
	with pytest.raises(NeedsPerson) as refusal:
		draft_from(form, "tenant", "200", SOURCE)
	assert refusal.value.values["field"] == field


@pytest.mark.parametrize(
	("field", "typed"),
	[
		("contact_name", "City <b>Agency"),
		("contact_name", "City > Agency"),
		("contact_name", "x" * 256),
		("reference", "x" * 256),
		("description", "x" * 4001),
		("currency", "EURO"),
		("date", "21.11.2026"),
		("date", "2026-02-30"),
		("date", "today"),
		("date", "2026-11-21 10:00:00"),
		("due_date", "21/12/2026"),
		("due_date", "2025-02-29"),
		("due_date", "2026-11-20"),
		("amount", "0"),
		("amount", "0.00"),
		("amount", "-1"),
		("amount", ""),
		("amount", "ten"),
		("amount", "NaN"),
		("amount", "Infinity"),
		("amount", None),
	],
)
def test_a_value_that_cannot_be_is_refused_and_its_field_named(field: str, typed: str | None) -> None:
	with pytest.raises(NeedsPerson) as refusal:
		drafted(**{field: typed})
	assert (refusal.value.code, refusal.value.values["field"]) == (Code.INVALID_VALUE, field)


def test_a_refusal_does_not_repeat_pages_of_text() -> None:
	with pytest.raises(NeedsPerson) as refusal:
		drafted(description="x" * 100_000)
	assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
	("field", "longest"), [("contact_name", 255), ("reference", 255), ("description", 4000)]
)
def test_the_longest_text_that_xero_takes_is_taken(field: str, longest: int) -> None:
	draft = drafted(**{field: "x" * longest})
	taken = {
		"contact_name": draft.contact.name,
		"reference": draft.reference,
		"description": draft.lines[0].description,
	}
	assert len(taken[field] or "") == longest


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
	draft = drafted()
	long = None if own is None else (own * 255)[:255]
	for reference in (own, long):
		made = xero_reference(Draft(**{**vars(draft), "reference": reference}), record * 10, key)
		assert 0 < len(made) <= 255


def test_a_reference_begins_with_the_persons_own_number() -> None:
	key = wish_key("crm.example.com", "CRM Deal", "CRM-DEAL-0001", 1)
	assert xero_reference(drafted(reference="PO 778"), "CRM-DEAL-0001", key).startswith("PO 778 ")


def test_a_reference_begins_with_the_record_when_the_person_gave_none() -> None:
	key = wish_key("crm.example.com", "CRM Deal", "CRM-DEAL-0001", 1)
	assert xero_reference(drafted(reference=""), "CRM-DEAL-0001", key).startswith("CRM-DEAL-0001 ")


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
drafts = st.builds(
	Draft,
	organisation=words,
	contact_id=maybe,
	contact=st.builds(NewContact, words, *[maybe] * 9),
	date=st.dates(),
	due_date=st.dates(),
	reference=maybe,
	currency=st.sampled_from(["NZD", "JPY", "KWD"]),
	lines=st.lists(st.builds(Line, words, money, money, maybe), max_size=4).map(tuple),
)


@given(drafts)
def test_a_draft_comes_out_of_the_outbox_as_it_went_in(draft: Draft) -> None:
	assert from_json(json.loads(json.dumps(to_json(draft)))) == draft


@given(drafts)
def test_amounts_keep_every_digit_in_the_outbox(draft: Draft) -> None:
	kept = from_json(json.loads(json.dumps(to_json(draft))))
	assert [str(line.unit_amount) for line in kept.lines] == [str(line.unit_amount) for line in draft.lines]


def test_amounts_and_dates_are_text_in_the_outbox() -> None:
	stored = to_json(drafted())
	assert (stored["date"], stored["due_date"]) == ("2026-11-21", "2026-12-21")
	assert stored["lines"][0]["unit_amount"] == "1250.00"


@pytest.mark.parametrize("typed", ["1e30", "9" * 30, "0.004"])
def test_an_amount_that_no_invoice_can_have_is_refused_by_name(typed: str) -> None:
	with pytest.raises(NeedsPerson) as refusal:
		drafted(amount=typed)
	assert refusal.value.values["field"] == "amount"


@pytest.mark.parametrize("typed", ["E", "12", "€€€", "1AB", "DOLLARS"])
def test_a_currency_that_is_no_code_is_refused_by_name(typed: str) -> None:
	with pytest.raises(NeedsPerson) as refusal:
		drafted(currency=typed)
	assert refusal.value.values["field"] == "currency"


def test_a_reference_is_one_line_because_the_invoice_is_looked_up_by_it() -> None:
	assert drafted(reference=" PO\n778\t x ").reference == "PO 778 x"


CONTACT_FORM = {
	"name": "  Acme   Widgets ",
	"first_name": "Jane",
	"last_name": "",
	"email_address": "jane@acme.example",
	"phone": None,
	"city": "Wellington",
}


def test_a_filled_in_form_becomes_a_new_contact() -> None:
	assert contact_from(CONTACT_FORM) == NewContact(
		"Acme Widgets", "Jane", None, "jane@acme.example", city="Wellington"
	)


@pytest.mark.parametrize(
	("change", "code", "field"),
	[
		({"name": " "}, Code.MISSING_VALUE, "name"),
		({"name": "Acme <b>"}, Code.INVALID_VALUE, "name"),
		({"name": "x" * 256}, Code.INVALID_VALUE, "name"),
		({"city": "x" * 256}, Code.INVALID_VALUE, "city"),
		({"email_address": "jane"}, Code.INVALID_VALUE, "email_address"),
		({"email_address": "jané@acme.example"}, Code.INVALID_VALUE, "email_address"),
		({"email_address": "jane @acme.example"}, Code.INVALID_VALUE, "email_address"),
	],
)
def test_a_contact_that_xero_would_refuse_is_refused_with_the_fields_name(change, code, field) -> None:
	with pytest.raises(NeedsPerson) as caught:
		contact_from({**CONTACT_FORM, **change})
	assert (caught.value.code, caught.value.values["field"]) == (code, field)
