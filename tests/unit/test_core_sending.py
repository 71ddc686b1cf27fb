"""One wish, one invoice, whatever breaks on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import Fault, FaultyBooks, Killed, a_contact, a_document
from xero_connector.core.drafting import Draft, Line, NewContact
from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.core.sending import ContactWish, Delivered, Wish, deliver

REFERENCE = "PO 778 · ABCDEF"
DRAFT = Draft(
	organisation="tenant",
	contact_id=None,
	contact=NewContact("City Agency", "Jane", "Doe"),
	date=date(2026, 11, 21),
	due_date=date(2026, 12, 21),
	reference="PO 778",
	currency="NZD",
	lines=(Line("Website relaunch", Decimal(1), Decimal("1250.00"), "200"),),
)
FIRST = Wish("key-1", DRAFT, REFERENCE, "https://crm.example.com/crm/deals/D-1", attempts=1)
PICKED = replace(FIRST, draft=replace(DRAFT, contact_id="picked"))


class Outbox:
	"""A row of the outbox with the workers that take it, one after the other."""

	def __init__(self, wish: Wish, books: FaultyBooks) -> None:
		self.wish, self.books = replace(wish, attempts=0), books

	def attempt(self, later: timedelta = timedelta(minutes=1)) -> Delivered | None:
		"""As ``site.outbox`` does it: the attempt is counted and committed before anything is sent."""
		self.books.now += later
		self.wish = replace(self.wish, attempts=self.wish.attempts + 1)
		try:
			return deliver(self.wish, self.books)
		except NeedsPerson:
			# somebody looked at it and sent it again
			self.wish = replace(self.wish, idempotency_key=f"{self.wish.idempotency_key}+")
		except (WillRetry, Killed):
			pass
		return None


def test_an_invoice_goes_to_the_contact_that_was_picked() -> None:
	books = FaultyBooks()
	delivered = deliver(PICKED, books)
	assert books.calls == ["create_invoice"]
	assert books.invoices == [delivered.document]
	assert (delivered.document.contact, delivered.contact) == ("picked", None)


def test_the_invoice_carries_the_draft_the_reference_and_the_way_back() -> None:
	books = FaultyBooks()
	document = deliver(PICKED, books).document
	assert (document.reference, document.url) == (REFERENCE, "https://crm.example.com/crm/deals/D-1")
	assert (document.total, document.due_date) == (Decimal("1250.00"), date(2026, 12, 21))


def test_a_contact_of_this_name_is_used_and_not_made_again() -> None:
	books = FaultyBooks()
	books.contacts = [a_contact("known", "CITY agency")]
	delivered = deliver(FIRST, books)
	assert books.calls == ["find_contact", "create_invoice"]
	assert delivered.document.contact == "known"
	assert delivered.contact == books.contacts[0]


def test_a_contact_that_xero_does_not_have_is_made_from_the_record_and_handed_back() -> None:
	books = FaultyBooks()
	delivered = deliver(FIRST, books)
	assert books.calls == ["find_contact", "create_contact", "create_invoice"]
	assert books.bodies[0][0] == DRAFT.contact
	assert books.contacts == [delivered.contact]
	assert delivered.document.contact == books.contacts[0].contact_id


def test_an_archived_contact_of_this_name_gets_no_invoice() -> None:
	books = FaultyBooks()
	books.contacts = [a_contact("gone", "City Agency", status="Archived")]
	assert deliver(FIRST, books).document.contact != "gone"


def test_a_contact_that_somebody_makes_between_looking_and_making_is_used() -> None:
	books = FaultyBooks()
	books.elsewhere = lambda there: there.contacts.append(a_contact("theirs", "City Agency"))
	delivered = deliver(FIRST, books)
	assert delivered.document.contact == "theirs"
	assert len(books.contacts) == 1


def test_a_first_attempt_does_not_pay_a_call_to_look_for_itself() -> None:
	books = FaultyBooks()
	deliver(FIRST, books)
	assert "find_invoice" not in books.calls


@pytest.mark.parametrize("attempts", [2, 3, 50])
def test_any_later_attempt_looks_for_the_invoice_before_it_makes_one(attempts: int) -> None:
	books = FaultyBooks()
	books.invoices = [a_document("made", reference=REFERENCE)]
	delivered = deliver(replace(FIRST, attempts=attempts), books)
	assert delivered.document.document_id == "made"
	assert books.calls == ["find_invoice", "find_contact"]


def test_a_later_attempt_that_finds_the_invoice_tells_of_the_contact_that_the_first_one_made() -> None:
	books = FaultyBooks([Fault.NONE, Fault.NONE, Fault.LOST_ANSWER])
	with pytest.raises(WillRetry):
		deliver(FIRST, books)
	assert deliver(replace(FIRST, attempts=2), books).contact == books.contacts[0]


@pytest.mark.parametrize("status", ["Draft", "Authorised", "Paid", "Voided", "Deleted"])
def test_an_invoice_that_was_made_is_the_answer_whatever_became_of_it_since(status: str) -> None:
	books = FaultyBooks()
	books.invoices = [a_document("made", reference=REFERENCE, status=status)]
	assert deliver(replace(FIRST, attempts=2), books).document.status == status


def test_a_later_attempt_that_finds_nothing_makes_the_invoice() -> None:
	books = FaultyBooks()
	books.invoices = [a_document("another", reference="PO 778 · GHIJKL")]
	deliver(replace(FIRST, attempts=2), books)
	assert books.calls == ["find_invoice", "find_contact", "create_contact", "create_invoice"]
	assert [each.reference for each in books.invoices] == ["PO 778 · GHIJKL", REFERENCE]


def test_contact_and_invoice_are_made_under_keys_of_their_own() -> None:
	books = FaultyBooks()
	deliver(FIRST, books)
	keys = [key for _, key in books.bodies]
	assert len(set(keys)) == 2
	assert all(key.startswith("key-1") and len(key) <= 128 for key in keys)


def test_the_same_wish_sends_the_same_keys_again() -> None:
	first, second = FaultyBooks(), FaultyBooks()
	deliver(FIRST, first)
	deliver(replace(FIRST, attempts=2), second)
	assert [key for _, key in first.bodies] == [key for _, key in second.bodies]


# What may break

CREATE_INVOICE = [Fault.NONE, Fault.NONE]


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.KILLED_AFTER])
@pytest.mark.parametrize("later", [timedelta(seconds=30), timedelta(minutes=7), timedelta(days=3)])
def test_an_answer_lost_after_the_invoice_was_made_does_not_make_a_second(
	fault: Fault, later: timedelta
) -> None:
	outbox = Outbox(FIRST, FaultyBooks([*CREATE_INVOICE, fault]))
	assert outbox.attempt() is None
	delivered = outbox.attempt(later)
	assert delivered
	assert outbox.books.invoices == [delivered.document]


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LIMITED, Fault.KILLED_BEFORE])
def test_a_request_that_never_arrived_is_made_up_for(fault: Fault) -> None:
	outbox = Outbox(FIRST, FaultyBooks([*CREATE_INVOICE, fault]))
	assert outbox.attempt() is None
	assert outbox.books.invoices == []
	assert outbox.attempt()
	assert len(outbox.books.invoices) == 1


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.KILLED_AFTER])
@pytest.mark.parametrize("later", [timedelta(seconds=30), timedelta(minutes=7)])
def test_a_worker_that_dies_between_contact_and_invoice_leaves_one_of_each(
	fault: Fault, later: timedelta
) -> None:
	outbox = Outbox(FIRST, FaultyBooks([Fault.NONE, fault]))
	assert outbox.attempt() is None
	assert (len(outbox.books.contacts), len(outbox.books.invoices)) == (1, 0)
	delivered = outbox.attempt(later)
	assert delivered
	assert delivered.document.contact == outbox.books.contacts[0].contact_id
	assert (len(outbox.books.contacts), len(outbox.books.invoices)) == (1, 1)


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_ANSWER, Fault.LIMITED])
def test_a_look_that_fails_makes_nothing(fault: Fault) -> None:
	books = FaultyBooks([fault])
	books.invoices = [a_document("made", reference=REFERENCE)]
	with pytest.raises(WillRetry):
		deliver(replace(FIRST, attempts=2), books)
	assert (len(books.invoices), len(books.contacts)) == (1, 0)


def test_a_corrected_wish_is_not_answered_with_the_old_refusal() -> None:
	outbox = Outbox(PICKED, FaultyBooks([Fault.REFUSED]))
	assert outbox.attempt() is None
	assert outbox.attempt(timedelta(seconds=5))
	assert len(outbox.books.invoices) == 1


@pytest.mark.parametrize(
	("fault", "kind", "code"),
	[
		(Fault.REFUSED, NeedsPerson, Code.REJECTED),
		(Fault.LIMITED, WillRetry, Code.RATE_LIMITED),
		(Fault.LOST_REQUEST, WillRetry, Code.NETWORK),
		(Fault.LOST_ANSWER, WillRetry, Code.NETWORK),
	],
)
@pytest.mark.parametrize("call", [0, 1, 2])
def test_a_failure_comes_through_as_it_was(
	call: int, fault: Fault, kind: type[XeroConnectorError], code: Code
) -> None:
	with pytest.raises(kind) as failure:
		deliver(FIRST, FaultyBooks([Fault.NONE] * call + [fault]))
	assert failure.value.code is code


paces = st.sampled_from(
	[timedelta(seconds=10), timedelta(minutes=5), timedelta(minutes=7), timedelta(days=2)]
)


@settings(max_examples=400)
@given(
	faults=st.lists(st.sampled_from(Fault), max_size=30),
	later=st.lists(paces, min_size=1, max_size=5),
	picked=st.booleans(),
	faster=st.integers(0, 6),
)
def test_no_sequence_of_faults_makes_two_invoices_or_two_contacts_or_loses_the_wish(
	faults: list[Fault], later: list[timedelta], picked: bool, faster: int
) -> None:
	books = FaultyBooks(faults)

	def somebody_else(there: FaultyBooks) -> None:
		active = [each.contact_name for each in there.contacts]
		if there.calls.count("find_contact") == faster and "City Agency" not in active:
			there.contacts.append(a_contact("theirs", "City Agency"))

	books.elsewhere = somebody_else
	outbox = Outbox(PICKED if picked else FIRST, books)
	delivered = None
	for number in range(len(faults) + 1):
		delivered = outbox.attempt(later[number % len(later)])
		assert len(books.invoices) <= 1
		assert len(books.contacts) <= 1
		if delivered:
			break
	assert delivered, "every fault is over, yet there is no invoice"
	assert books.invoices == [delivered.document]
	assert delivered.document.contact == ("picked" if picked else books.contacts[0].contact_id)


@given(st.lists(st.sampled_from(Fault), max_size=20), st.integers(1, 4))
def test_sending_a_wish_that_was_sent_makes_nothing_more(faults: list[Fault], again: int) -> None:
	"""The worker died after the answer and before its transaction: the row is taken up once more."""
	books = FaultyBooks([Fault.NONE] * 3 + faults)
	outbox = Outbox(FIRST, books)
	assert outbox.attempt()
	for _ in range(again):
		outbox.attempt()
	assert len(books.invoices) == 1


CONTACT_ALONE = ContactWish("key-9", NewContact("City Agency", "Jane", "Doe"))


def test_a_wish_for_a_contact_alone_makes_the_contact_and_no_invoice() -> None:
	books = FaultyBooks()
	delivered = deliver(CONTACT_ALONE, books)
	assert books.calls == ["find_contact", "create_contact"]
	assert (delivered.document, delivered.contact) == (None, books.contacts[0])
	assert delivered.contact.contact_name == "City Agency"


def test_a_contact_that_exists_is_handed_back_and_not_made_again() -> None:
	books = FaultyBooks()
	books.contacts = [a_contact("known", "CITY agency")]
	assert deliver(CONTACT_ALONE, books).contact == books.contacts[0]
	assert deliver(CONTACT_ALONE, books).contact == books.contacts[0]
	assert "create_contact" not in books.calls
