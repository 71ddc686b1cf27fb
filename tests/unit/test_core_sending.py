"""One wish, one document, whatever breaks on the way; and no wish waits for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import NOON, Killed, a_contact, a_document
from tests.faulty_books import Fault, FaultyBooks
from xero_connector.core.books import CurrentLine
from xero_connector.core.drafting import CREDIT_NOTE, INVOICE, Draft, Line, NewContact, Product
from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.core.sending import deliver, kept_lines
from xero_connector.core.wishes import (
	ContactUpdateWish,
	ContactWish,
	Delivered,
	DocumentWish,
	NoteWish,
	Outcome,
	VoidWish,
	Wish,
)

BACK_LINK = "https://crm.example.com/crm/deals/D-1"
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
FIRST = DocumentWish("row", "key-1", 1, NOON, DRAFT, REFERENCE, BACK_LINK)
PICKED = replace(FIRST, draft=replace(DRAFT, contact_id="picked"))
AGAIN = replace(FIRST, attempts=2)
SERVER, CABLE = (
	Product("SRV", "Server", "A server", Decimal("120.00")),
	Product("CBL", "Cable", None, Decimal("9.99")),
)


def wish(name: str, *products: Product, **changes: Any) -> DocumentWish:
	"""The wish of another record: to the customer of that name, a line for each product."""
	lines = tuple(Line(each.name, Decimal(1), Decimal(10), "200", None, each.code) for each in products)
	draft = replace(DRAFT, contact=NewContact(name), products=products, lines=lines or DRAFT.lines)
	for field in ("contact_id", "document_type", "status", "contact"):
		if field in changes:
			draft = replace(draft, **{field: changes.pop(field)})
	values = {"name": name, "idempotency_key": f"key-{name}", "reference": f"REF {name}", **changes}
	return replace(FIRST, draft=draft, **values)


def outcomes(books: FaultyBooks, *wishes: Wish) -> dict[str, Outcome]:
	"""By name of the wish; each is told of once."""
	told = [settled for step in deliver(wishes, books) for settled in step]
	assert sorted(each.name for each, _ in told) == sorted(each.name for each in wishes)
	return {each.name: outcome for each, outcome in told}


def delivered(books: FaultyBooks, one: Wish) -> Delivered:
	outcome = outcomes(books, one)[one.name]
	assert isinstance(outcome, Delivered), outcome
	return outcome


def failure(books: FaultyBooks, one: Wish) -> XeroConnectorError:
	outcome = outcomes(books, one)[one.name]
	assert isinstance(outcome, XeroConnectorError), outcome
	return outcome


def codes(told: dict[str, Outcome]) -> dict[str, Code | None]:
	return {name: getattr(outcome, "code", None) for name, outcome in told.items()}


class Outbox:
	"""Rows of the outbox, with the workers that take them, one after the other."""

	def __init__(self, wishes: Sequence[DocumentWish], books: FaultyBooks) -> None:
		self.books = books
		self.rows = {wish.name: replace(wish, attempts=0) for wish in wishes}
		self.sent: dict[str, Delivered] = {}

	def attempt(self, later: timedelta = timedelta(minutes=1)) -> bool:
		"""Whether everything is sent. As ``site.outbox`` does it: the attempt is counted and committed before
		anything is sent, and what became of the wishes as soon as it is known."""
		self.books.now += later
		for name, row in self.rows.items():
			since = row.since if row.attempts else self.books.now + self.books.ahead
			self.rows[name] = replace(row, attempts=row.attempts + 1, since=since)
		taken, told = list(self.rows), []
		try:
			for step in deliver(list(self.rows.values()), self.books):
				for wish, outcome in step:
					told.append(wish.name)
					self._keep(wish.name, outcome)
		except Killed:
			assert len(told) == len(set(told))
			return False
		assert sorted(told) == sorted(taken), "every wish is told of, and once"
		return not self.rows

	def _keep(self, name: str, outcome: Outcome) -> None:
		if isinstance(outcome, Delivered):
			self.sent[name] = outcome
			del self.rows[name]
		elif isinstance(outcome, NeedsPerson):
			# somebody looked at it and sent it again
			row = self.rows[name]
			self.rows[name] = replace(row, idempotency_key=f"{row.idempotency_key}+", revised=True)


# One wish


def test_a_document_goes_to_the_contact_that_was_picked() -> None:
	books = FaultyBooks()
	sent = delivered(books, PICKED)
	assert books.calls == ["keep_person", "create_documents"]
	assert list(books.documents.values()) == [sent.document]
	assert (sent.document.contact, sent.contact) == ("picked", None)


def test_a_document_carries_the_draft_the_reference_and_the_way_back() -> None:
	document = delivered(FaultyBooks(), PICKED).document
	assert (document.reference, document.url) == (REFERENCE, BACK_LINK)
	assert (document.total, document.due_date) == (Decimal("1250.00"), date(2026, 12, 21))


@pytest.mark.parametrize("status", ["Draft", "Submitted", "Authorised"])
def test_a_document_is_made_as_what_was_asked_for(status: str) -> None:
	one = replace(PICKED, draft=replace(PICKED.draft, status=status))
	assert delivered(FaultyBooks(), one).document.status == status


def test_a_credit_note_is_made_among_the_credit_notes() -> None:
	books = FaultyBooks()
	document = delivered(books, wish("Return", document_type=CREDIT_NOTE)).document
	assert document.document_type == CREDIT_NOTE
	again = wish("Return", document_type=CREDIT_NOTE, attempts=2)
	assert delivered(books, again).document == document


def test_a_contact_of_this_name_is_used_and_not_made_again() -> None:
	books = FaultyBooks()
	books.contacts = [a_contact("known", "CITY agency")]
	sent = delivered(books, FIRST)
	assert "create_contacts" not in books.calls
	assert (sent.document.contact, sent.contact) == ("known", books.contacts[0])


def test_a_contact_that_xero_does_not_have_is_made_from_the_record_and_handed_back() -> None:
	books = FaultyBooks()
	sent = delivered(books, FIRST)
	assert books.calls == ["find_contacts", "create_contacts", "create_documents"]
	assert books.sent("create_contacts") == [(DRAFT.contact,)]
	assert books.contacts == [sent.contact]
	assert sent.document.contact == books.contacts[0].contact_id


def test_an_archived_contact_of_this_name_gets_no_document() -> None:
	books = FaultyBooks()
	books.contacts = [a_contact("gone", "City Agency", status="Archived")]
	assert delivered(books, FIRST).document.contact != "gone"


def test_a_contact_that_somebody_makes_between_looking_and_making_is_used() -> None:
	books = FaultyBooks()
	books.elsewhere = lambda there: there.contacts.append(a_contact("theirs", "City Agency"))
	assert delivered(books, FIRST).document.contact == "theirs"
	assert len(books.contacts) == 1


def test_a_first_attempt_does_not_pay_a_call_to_look_for_itself() -> None:
	books = FaultyBooks()
	delivered(books, FIRST)
	assert "find_documents" not in books.calls


@pytest.mark.parametrize("attempts", [2, 3, 50])
def test_any_later_attempt_looks_for_the_document_before_it_makes_one(attempts: int) -> None:
	books = FaultyBooks()
	books.documents = {"made": a_document("made", reference=REFERENCE)}
	assert delivered(books, replace(FIRST, attempts=attempts)).document.document_id == "made"
	assert books.calls == ["find_documents", "find_contacts"]


def test_a_later_attempt_that_finds_the_document_tells_of_the_contact_that_the_first_one_made() -> None:
	books = FaultyBooks([Fault.NONE, Fault.NONE, Fault.LOST_ANSWER])
	assert failure(books, FIRST).code is Code.NETWORK
	assert delivered(books, AGAIN).contact == books.contacts[0]


@pytest.mark.parametrize("status", ["Draft", "Authorised", "Paid", "Voided", "Deleted"])
def test_a_document_that_was_made_is_the_answer_whatever_became_of_it_since(status: str) -> None:
	books = FaultyBooks()
	books.documents = {"made": a_document("made", reference=REFERENCE, status=status)}
	assert delivered(books, AGAIN).document.status == status


def test_a_later_attempt_that_finds_nothing_makes_the_document() -> None:
	books = FaultyBooks()
	books.documents = {"another": a_document("another", reference="PO 778 · GHIJKL")}
	delivered(books, AGAIN)
	assert [each.reference for each in books.documents.values()] == ["PO 778 · GHIJKL", REFERENCE]


@pytest.mark.parametrize("ahead", [-30, -2, 2, 30])
def test_a_clock_that_disagrees_with_xeros_makes_no_second_document(ahead: int) -> None:
	outbox = Outbox([FIRST], FaultyBooks([*CREATE, Fault.LOST_ANSWER], ahead=timedelta(minutes=ahead)))
	assert not outbox.attempt()
	assert outbox.attempt(timedelta(minutes=7))
	assert len(outbox.books.documents) == 1


def test_every_write_has_a_key_of_its_own_which_is_the_same_whenever_it_is_sent() -> None:
	many = [wish("A", SERVER), wish("B", CABLE), wish("C", document_type=CREDIT_NOTE)]
	first, second = FaultyBooks(), FaultyBooks()
	for books, wishes in ((first, many), (second, [replace(each, attempts=2) for each in many])):
		outcomes(books, *wishes)
	keys = [(name, key) for name, _, key in first.bodies]
	assert keys == [(name, key) for name, _, key in second.bodies]
	writes = ["create_contacts", "save_items", "create_documents", "create_documents"]
	assert [name for name, _ in keys] == writes
	assert len(set(keys)) == len(writes)


# What may break

CREATE = [Fault.NONE, Fault.NONE]
"""Up to the call that makes the document."""


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.KILLED_AFTER])
@pytest.mark.parametrize("later", [timedelta(seconds=30), timedelta(minutes=7), timedelta(days=3)])
def test_an_answer_lost_after_the_document_was_made_does_not_make_a_second(
	fault: Fault, later: timedelta
) -> None:
	outbox = Outbox([FIRST], FaultyBooks([*CREATE, fault]))
	assert not outbox.attempt()
	assert outbox.attempt(later)
	assert list(outbox.books.documents.values()) == [outbox.sent["row"].document]


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LIMITED, Fault.KILLED_BEFORE])
def test_a_request_that_never_arrived_is_made_up_for(fault: Fault) -> None:
	outbox = Outbox([FIRST], FaultyBooks([*CREATE, fault]))
	assert not outbox.attempt()
	assert outbox.books.documents == {}
	assert outbox.attempt()
	assert len(outbox.books.documents) == 1


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.KILLED_AFTER])
@pytest.mark.parametrize("later", [timedelta(seconds=30), timedelta(minutes=7)])
def test_a_worker_that_dies_between_contact_and_document_leaves_one_of_each(
	fault: Fault, later: timedelta
) -> None:
	outbox = Outbox([FIRST], FaultyBooks([Fault.NONE, fault]))
	assert not outbox.attempt()
	assert (len(outbox.books.contacts), len(outbox.books.documents)) == (1, 0)
	assert outbox.attempt(later)
	assert outbox.sent["row"].document.contact == outbox.books.contacts[0].contact_id
	assert (len(outbox.books.contacts), len(outbox.books.documents)) == (1, 1)


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_ANSWER, Fault.LIMITED])
def test_a_look_that_fails_makes_nothing(fault: Fault) -> None:
	books = FaultyBooks([fault])
	books.documents = {"made": a_document("made", reference=REFERENCE)}
	assert isinstance(failure(books, AGAIN), WillRetry)
	assert (len(books.documents), len(books.contacts)) == (1, 0)


def test_a_corrected_wish_is_not_answered_with_the_old_refusal() -> None:
	outbox = Outbox([PICKED], FaultyBooks([Fault.NONE, Fault.REFUSED]))
	assert not outbox.attempt()
	assert outbox.attempt(timedelta(seconds=5))
	assert len(outbox.books.documents) == 1


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
	told = failure(FaultyBooks([Fault.NONE] * call + [fault]), FIRST)
	assert (type(told), told.code) == (kind, code)


@pytest.mark.parametrize("call", [0, 1, 2])
def test_only_of_a_document_whose_answer_was_lost_it_is_said_that_xero_may_have_it(call: int) -> None:
	told = failure(FaultyBooks([Fault.NONE] * call + [Fault.LOST_ANSWER]), FIRST)
	assert getattr(told, "maybe_done", None) is (call == 2)


# Many together


def test_fifty_documents_of_new_customers_with_products_take_a_call_for_each_kind_of_thing() -> None:
	books = FaultyBooks()
	told = outcomes(books, *(wish(f"Customer {number}", SERVER, CABLE) for number in range(50)))
	assert books.calls == ["find_contacts", "create_contacts", "save_items", "create_documents"]
	assert all(isinstance(each, Delivered) for each in told.values())
	assert len(books.documents) == 50


def test_more_than_fifty_go_fifty_at_a_time() -> None:
	books = FaultyBooks()
	outcomes(books, *(wish(f"Customer {number}") for number in range(120)))
	for call in ("create_contacts", "create_documents"):
		assert [len(elements) for elements in books.sent(call)] == [50, 50, 20]
	assert books.calls.count("find_contacts") == 1
	keys = [key for _, _, key in books.bodies]
	assert len(set(keys)) == len(keys)


def test_invoices_and_credit_notes_go_side_by_side() -> None:
	books = FaultyBooks()
	told = outcomes(books, wish("A"), wish("B", document_type=CREDIT_NOTE), wish("C"))
	assert [told[name].document.document_type for name in "ABC"] == [INVOICE, CREDIT_NOTE, INVOICE]
	assert books.calls.count("create_documents") == 2


def test_what_was_made_is_told_before_the_next_fifty_are_sent() -> None:
	books = FaultyBooks()
	steps = deliver([wish(f"Customer {number}") for number in range(60)], books)
	first = next(step for step in steps if step)
	assert (len(first), len(books.documents)) == (50, 50)


def test_a_bad_document_never_holds_up_the_good_ones() -> None:
	books = FaultyBooks(bad={"REF B": "The TaxType code 'X' is not valid."})
	told = outcomes(books, wish("A"), wish("B"), wish("C"))
	assert codes(told) == {"A": None, "B": Code.REJECTED, "C": None}
	assert told["B"].values["message"] == "The TaxType code 'X' is not valid."
	assert [each.reference for each in books.documents.values()] == ["REF A", "REF C"]


def test_a_bad_product_holds_back_the_documents_that_use_it_and_is_named() -> None:
	books = FaultyBooks(bad={"CBL": "Code is too long."})
	told = outcomes(books, wish("A", SERVER), wish("B", SERVER, CABLE), wish("C", CABLE), wish("D"))
	assert codes(told) == {"A": None, "B": Code.BAD_PRODUCT, "C": Code.BAD_PRODUCT, "D": None}
	assert told["B"].values == {
		"products": "CBL",
		"message": "Code is too long.",
		"field": "lines.1.item_code",
	}
	assert set(books.items) == {"SRV"}
	assert len(books.documents) == 2


def test_all_bad_products_of_a_document_are_named() -> None:
	books = FaultyBooks(bad={"CBL": "no", "SRV": "no"})
	assert failure(books, wish("A", SERVER, CABLE)).values["products"] == "SRV, CBL"


def test_a_contact_that_xero_refuses_holds_back_its_documents_and_no_others() -> None:
	books = FaultyBooks(bad={"Bad & Co": "Email is not valid."})
	told = outcomes(
		books,
		wish("Bad & Co"),
		wish("second", contact=NewContact("BAD & CO")),
		wish("A"),
		wish("B", contact_id="known"),
	)
	assert codes(told) == {"Bad & Co": Code.REJECTED, "second": Code.REJECTED, "A": None, "B": None}


def test_a_request_that_is_refused_as_a_whole_is_taken_apart() -> None:
	books = FaultyBooks(spoiling=["REF B"])
	told = outcomes(books, wish("A"), wish("B"), wish("C"))
	assert codes(told) == {"A": None, "B": Code.REJECTED, "C": None}
	assert [len(elements) for elements in books.sent("create_documents")] == [3, 1, 1, 1]


def test_a_limit_in_the_midst_leaves_the_rest_unharmed() -> None:
	"""Fifty are made, Xero wants no more: nothing was asked of the other ten, and nothing may have been made."""
	books = FaultyBooks([*CREATE, Fault.NONE, Fault.NONE, Fault.LIMITED])
	told = outcomes(books, *(wish(f"Customer {number:02}") for number in range(60)))
	waiting = [each for each in told.values() if isinstance(each, WillRetry)]
	assert (len(waiting), len(books.documents)) == (10, 50)
	assert {(each.code, each.retry_after, each.maybe_done) for each in waiting} == {
		(Code.RATE_LIMITED, 30, False)
	}


def test_a_lost_answer_leaves_doubt_about_those_that_were_asked_for_and_about_no_others() -> None:
	books = FaultyBooks([*CREATE, Fault.NONE, Fault.LOST_ANSWER])
	told = outcomes(books, *(wish(f"Customer {number:02}") for number in range(60)))
	doubtful = [name for name, each in told.items() if getattr(each, "maybe_done", False)]
	assert doubtful == [f"Customer {number:02}" for number in range(50)]


def test_no_further_fifty_are_sent_when_the_first_met_a_limit() -> None:
	books = FaultyBooks([*CREATE, Fault.NONE, Fault.LIMITED])
	told = outcomes(books, *(wish(f"Customer {number:02}") for number in range(60)))
	assert books.calls.count("create_documents") == 1
	assert set(codes(told).values()) == {Code.RATE_LIMITED}


def test_nothing_more_is_asked_when_xero_wants_no_more_calls() -> None:
	books = FaultyBooks([Fault.LIMITED])
	outcomes(books, NOTE, wish("A"), wish("B", SERVER))
	assert books.calls == ["add_note"]


def test_one_new_customer_of_several_documents_is_made_once() -> None:
	books = FaultyBooks()
	names = ("Acme Ltd", "ACME LTD", "acme ltd")
	told = outcomes(books, *(wish(f"row {name}", contact=NewContact(name)) for name in names))
	assert books.sent("create_contacts") == [(NewContact("Acme Ltd"),)]
	assert {each.document.contact for each in told.values()} == {"contact-1"}
	assert {each.contact for each in told.values()} == {books.contacts[0]}


def test_one_product_of_several_documents_is_saved_once() -> None:
	books = FaultyBooks()
	outcomes(books, wish("A", SERVER, CABLE), wish("B", CABLE), wish("C", SERVER))
	assert books.sent("save_items") == [(SERVER, CABLE)]


def test_a_part_of_a_batch_that_was_made_is_found_and_only_the_rest_is_made() -> None:
	books = FaultyBooks()
	outcomes(books, wish("A"))
	told = outcomes(books, *(wish(name, attempts=2) for name in "AB"), wish("C"))
	assert codes(told) == {"A": None, "B": None, "C": None}
	assert books.calls.count("find_documents") == 1
	assert [each.reference for each in books.documents.values()] == ["REF A", "REF B", "REF C"]


# The person of a contact (R89, R90, C13)


def test_the_person_of_a_known_contact_is_kept_and_that_of_a_new_one_is_there_already() -> None:
	books = FaultyBooks()
	books.contacts = [a_contact("known", "A")]
	outcomes(books, wish("A", contact=NewContact("A", "Jo")), wish("B", contact=NewContact("B", "Jane")))
	assert books.persons == {"known": [NewContact("A", "Jo")], "contact-2": [NewContact("B", "Jane")]}
	assert books.calls.count("keep_person") == 1


def test_the_same_person_of_several_documents_is_kept_once() -> None:
	books = FaultyBooks()
	same = {"contact": NewContact("A", "Jo"), "contact_id": "known"}
	outcomes(books, wish("A", **same), wish("B", **same), wish("C", contact_id="known"))
	assert books.persons == {"known": [NewContact("A", "Jo"), NewContact("C")]}


def test_a_person_for_whom_there_is_no_room_is_a_remark_on_each_of_their_documents() -> None:
	books = FaultyBooks()
	books.full = {"known"}
	same = {"contact": NewContact("A", "Jo"), "contact_id": "known"}
	told = outcomes(books, wish("A", **same), wish("B", **same), wish("C"))
	assert [told[name].remarks for name in "ABC"] == [("there are five already",)] * 2 + [()]


def test_a_person_whom_xero_refuses_does_not_hold_up_the_document() -> None:
	sent = delivered(FaultyBooks([Fault.REFUSED]), PICKED)
	assert (sent.document.contact, sent.remarks) == ("picked", ("no",))


def test_what_xero_remarks_on_a_document_stands_after_what_it_says_of_the_person() -> None:
	books = FaultyBooks()
	books.full, books.warnings = {"picked"}, ("Account code '999' has been removed",)
	assert delivered(books, PICKED).remarks == (
		"there are five already",
		"Account code '999' has been removed",
	)


# Changing what was made


def made(books: FaultyBooks, *changes: Callable[[DocumentWish], DocumentWish]) -> DocumentWish:
	"""The wish that made a document, sent once more after these changes."""
	document = delivered(books, PICKED).document
	books.calls.clear()
	again = replace(PICKED, attempts=2, document_id=document.document_id, revised=True)
	for change in changes:
		again = change(again)
	return again


def with_lines(*lines: Line) -> Callable[[DocumentWish], DocumentWish]:
	return lambda one: replace(one, draft=replace(one.draft, lines=lines))


def with_status(status: str) -> Callable[[DocumentWish], DocumentWish]:
	return lambda one: replace(one, draft=replace(one.draft, status=status))


def test_sending_again_changes_the_document_and_keeps_its_lines() -> None:
	books = FaultyBooks()
	again = made(books, with_lines(*DRAFT.lines, Line("Hosting", Decimal(12), Decimal(20), "200")))
	[line] = books.lines["document-1"]
	document = delivered(books, again).document
	assert (document.document_id, document.total) == ("document-1", Decimal("1490.00"))
	assert list(books.documents) == ["document-1"]
	assert books.lines["document-1"][0].line_id == line.line_id
	assert books.calls == ["keep_person", "current", "update_documents"]


@pytest.mark.parametrize(
	("has", "wanted", "told"),
	[
		("Draft", "Draft", None),
		("Draft", "Submitted", "SUBMITTED"),
		("Draft", "Authorised", "AUTHORISED"),
		("Submitted", "Authorised", "AUTHORISED"),
		("Submitted", "Draft", None),
		("Authorised", "Draft", None),
		("Authorised", "Authorised", None),
	],
)
def test_a_status_is_only_ever_raised(has: str, wanted: str, told: str | None) -> None:
	books = FaultyBooks()
	again = made(books, with_status(wanted))
	books.documents["document-1"] = books.documents["document-1"]._replace(status=has)
	delivered(books, again)
	[[order]] = books.sent("update_documents")
	assert order.status == told


@pytest.mark.parametrize(
	("changes", "code"),
	[
		({"status": "Paid", "amount_paid": Decimal(100)}, Code.HAS_PAYMENTS),
		({"status": "Authorised", "amount_paid": Decimal("0.01")}, Code.HAS_PAYMENTS),
		({"status": "Authorised", "amount_credited": Decimal(5)}, Code.HAS_PAYMENTS),
		({"status": "Voided"}, Code.GONE_IN_XERO),
		({"status": "Deleted"}, Code.GONE_IN_XERO),
	],
)
def test_what_was_paid_credited_or_voided_since_is_not_changed(changes: dict[str, Any], code: Code) -> None:
	books = FaultyBooks()
	again = made(books)
	before = books.documents["document-1"] = books.documents["document-1"]._replace(**changes)
	assert failure(books, again).code is code
	assert books.documents["document-1"] == before


def test_a_document_that_xero_does_not_know_any_more_is_not_made_anew() -> None:
	books = FaultyBooks()
	again = made(books)
	books.documents.clear()
	assert failure(books, again).code is Code.GONE_IN_XERO
	assert books.documents == {}


def test_one_that_may_not_be_changed_holds_up_no_other() -> None:
	books = FaultyBooks()
	told = outcomes(books, *(wish(name) for name in "ABC"))
	books.documents["document-2"] = books.documents["document-2"]._replace(status="Voided")
	again = [wish(n, attempts=2, document_id=told[n].document.document_id) for n in "ABC"]
	assert codes(outcomes(books, *again)) == {"A": None, "B": Code.GONE_IN_XERO, "C": None}


def test_a_changed_wish_changes_what_an_earlier_attempt_may_have_made() -> None:
	"""The answer was lost, then somebody corrected the form: to find the first document would not be enough."""
	books = FaultyBooks([Fault.NONE, Fault.LOST_ANSWER])
	assert isinstance(failure(books, PICKED), WillRetry)
	change = with_lines(Line("Website relaunch", Decimal(1), Decimal("999.00"), "200"))
	again = change(replace(PICKED, attempts=2, idempotency_key="key-2", revised=True))
	assert delivered(books, again).document.total == Decimal("999.00")
	assert list(books.documents) == ["document-1"]


def test_a_changed_wish_whose_document_is_found_asks_for_its_contact_once() -> None:
	books = FaultyBooks()
	delivered(books, FIRST)
	books.calls.clear()
	delivered(books, replace(AGAIN, revised=True))
	assert books.calls == ["find_documents", "find_contacts", "keep_person", "current", "update_documents"]


def test_a_changed_wish_of_which_nothing_was_made_is_made() -> None:
	books = FaultyBooks([Fault.NONE, Fault.LOST_REQUEST])
	failure(books, PICKED)
	delivered(books, replace(PICKED, attempts=2, revised=True))
	assert list(books.documents) == ["document-1"]


@given(st.lists(st.sampled_from(Fault), max_size=12))
def test_no_sequence_of_faults_on_a_change_makes_a_second_document_or_loses_the_change(
	faults: list[Fault],
) -> None:
	books = FaultyBooks()
	again = made(books, with_lines(*DRAFT.lines, Line("Hosting", Decimal(1), Decimal("50.00"), "200")))
	books.faults = faults
	outbox = Outbox([again], books)
	assert any(outbox.attempt() for _ in range(len(faults) + 1))
	assert [each.total for each in books.documents.values()] == [Decimal("1300.00")]
	assert len(books.lines["document-1"]) == 2


# Which line goes on as which (C11)

texts = st.sampled_from(["Server", "Cable", "Hosting"])
items = st.none() | st.sampled_from(["SRV", "CBL"])
lines = st.builds(
	Line,
	texts,
	st.just(Decimal(1)),
	st.just(Decimal(10)),
	item_code=items,
	discount_rate=st.none() | st.just(Decimal(5)),
)
there = st.builds(
	lambda text, item, discount: (
		item,
		text,
		frozenset({"item_code"} if item else {}) | ({"discount_rate"} if discount else set()),
	),
	texts,
	items,
	st.booleans(),
)
current = st.lists(there, max_size=6).map(
	lambda rows: [CurrentLine(f"line-{number}", *row) for number, row in enumerate(rows)]
)


@given(st.lists(lines, max_size=6), current)
def test_no_line_goes_on_as_two_and_none_keeps_what_it_lost(
	wanted: list[Line], has: list[CurrentLine]
) -> None:
	kept = kept_lines(wanted, has)
	assert len(kept) == len(wanted)
	ids = [each for each in kept if each]
	assert len(ids) == len(set(ids))
	by_id = {each.line_id: each for each in has}
	for line, line_id in zip(wanted, kept, strict=True):
		assert not line_id or all(getattr(line, field) for field in by_id[line_id].has)


@given(st.lists(lines, max_size=6))
def test_lines_that_did_not_change_go_on_as_themselves(wanted: list[Line]) -> None:
	has = [
		CurrentLine(
			f"line-{number}",
			line.item_code,
			line.description,
			frozenset(name for name in ("item_code", "discount_rate") if getattr(line, name)),
		)
		for number, line in enumerate(wanted)
	]
	kept = kept_lines(wanted, has)
	by_id = {each.line_id: each for each in has}
	same = [(by_id[line_id].item_code, by_id[line_id].description) for line_id in kept if line_id]
	assert same == [(line.item_code, line.description) for line in wanted]


@given(st.lists(lines, max_size=6), current)
def test_a_line_is_new_only_where_none_is_left_that_it_could_go_on_as(
	wanted: list[Line], has: list[CurrentLine]
) -> None:
	kept = kept_lines(wanted, has)
	left = [each for each in has if each.line_id not in kept]
	for line, line_id in zip(wanted, kept, strict=True):
		if line_id is None:
			assert not any(all(getattr(line, field) for field in each.has) for each in left)


def test_a_line_put_in_between_does_not_take_the_place_of_its_neighbour() -> None:
	has = [CurrentLine("one", None, "Server"), CurrentLine("two", None, "Cable")]
	wanted = [Line(text, Decimal(1), Decimal(1)) for text in ("Server", "Hosting", "Cable")]
	assert kept_lines(wanted, has) == ("one", None, "two")


# What has no part in a batch

CONTACT = ContactWish("contact", "key-9", 1, NOON, NewContact("City Agency", "Jane", "Doe"))
NOTE = NoteWish("note", "key-8", 1, NOON, INVOICE, "document-1", "Sent from CRM Deal D-1")
VOID = VoidWish("void", "key-7", 1, NOON, INVOICE, "document-1", "Billed twice")


def test_a_wish_for_a_contact_alone_makes_the_contact_and_no_document() -> None:
	books = FaultyBooks()
	sent = delivered(books, CONTACT)
	assert books.calls == ["find_contacts", "create_contacts"]
	assert (sent.document, sent.contact) == (None, books.contacts[0])


def test_a_contact_that_exists_is_handed_back_and_not_made_again() -> None:
	books = FaultyBooks()
	books.contacts = [a_contact("known", "CITY agency")]
	assert delivered(books, CONTACT).contact == delivered(books, CONTACT).contact == books.contacts[0]
	assert "create_contacts" not in books.calls


def test_a_contact_that_xero_refuses_is_refused_in_its_words() -> None:
	assert (
		failure(FaultyBooks(bad={"City Agency": "Email is not valid."}), CONTACT).values["message"]
		== "Email is not valid."
	)


def contact_update(name: str, **changes: str) -> ContactUpdateWish:
	return ContactUpdateWish(f"update-{name}", f"key-{name}", 1, NOON, name, changes)


def test_changes_of_contacts_go_together_and_one_that_is_refused_leaves_the_others() -> None:
	books = FaultyBooks(bad={"bad": "Email is not valid."})
	books.contacts = [a_contact(name, name) for name in ("one", "bad", "two")]
	updates = [contact_update(name, email_address=f"{name}@example.com") for name in ("one", "bad", "two")]
	told = outcomes(books, *updates, wish("document", contact_id="one"))
	assert books.calls[0] == "update_contacts"
	assert codes(told) == {
		"update-one": None,
		"update-bad": Code.REJECTED,
		"update-two": None,
		"document": None,
	}
	assert [each.email_address for each in books.contacts] == ["one@example.com", None, "two@example.com"]
	assert told["update-two"] == Delivered(contact=books.contacts[2])


def test_many_changes_of_contacts_go_in_batches() -> None:
	books = FaultyBooks()
	names = [f"c{number}" for number in range(60)]
	books.contacts = [a_contact(name, name) for name in names]
	outcomes(books, *(contact_update(name, phone="1") for name in names))
	assert [len(sent) for sent in books.sent("update_contacts")] == [50, 10]


def test_changes_of_contacts_wait_when_xero_is_away_and_so_does_the_rest() -> None:
	books = FaultyBooks([Fault.LOST_ANSWER])
	books.contacts = [a_contact("one", "one")]
	told = outcomes(books, contact_update("one", phone="1"), wish("document", contact_id="one"))
	assert codes(told) == {"update-one": Code.NETWORK, "document": Code.NETWORK}
	assert books.calls == ["update_contacts"]


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_REQUEST])
def test_a_note_whose_answer_was_lost_is_not_written_twice(fault: Fault) -> None:
	books = FaultyBooks([fault])
	assert isinstance(failure(books, NOTE), WillRetry)
	books.now += timedelta(days=1)
	delivered(books, replace(NOTE, attempts=2))
	assert books.history == {"document-1": ["Sent from CRM Deal D-1"]}


@pytest.mark.parametrize(
	("status", "becomes"), [("Draft", "Deleted"), ("Submitted", "Deleted"), ("Authorised", "Voided")]
)
def test_voiding_writes_the_reason_down_and_then_ends_the_document(status: str, becomes: str) -> None:
	books = FaultyBooks()
	made(books, with_status(status))
	books.documents["document-1"] = books.documents["document-1"]._replace(status=status)
	assert delivered(books, VOID).document.status == becomes
	assert books.history == {"document-1": ["Billed twice"]}
	assert books.calls[-2:] == ["add_note", "void"]


@pytest.mark.parametrize("status", ["Voided", "Deleted"])
def test_what_is_over_already_is_left_as_it_is(status: str) -> None:
	books = FaultyBooks()
	books.documents = {"document-1": a_document("document-1", status=status)}
	assert delivered(books, VOID).document.status == status
	assert books.calls == ["current"]


def test_a_document_with_a_payment_is_not_voided_and_gets_no_note() -> None:
	books = FaultyBooks()
	books.documents = {"document-1": a_document("document-1", amount_paid=Decimal(1))}
	assert failure(books, VOID).code is Code.HAS_PAYMENTS
	assert books.calls == ["current"]


def test_a_document_that_is_not_there_cannot_be_voided() -> None:
	assert failure(FaultyBooks(), VOID).code is Code.GONE_IN_XERO


@given(st.lists(st.sampled_from([*Fault]), max_size=8))
def test_no_sequence_of_faults_writes_the_reason_of_a_voided_document_twice(faults: list[Fault]) -> None:
	books = FaultyBooks(faults)
	books.documents = {"document-1": a_document("document-1")}
	for attempt in range(len(faults) + 1):
		books.now += timedelta(minutes=7)
		one = replace(VOID, attempts=attempt + 1, idempotency_key=f"key-{attempt}")
		try:
			outcome = outcomes(books, one)["void"]
		except Killed:
			continue
		if isinstance(outcome, Delivered):
			break
	assert books.documents["document-1"].status == "Voided"
	assert books.history == {"document-1": ["Billed twice"]}


def test_a_void_that_is_refused_does_not_hold_up_the_documents_beside_it() -> None:
	books = FaultyBooks()
	assert codes(outcomes(books, VOID, wish("A"), CONTACT)) == {
		"void": Code.GONE_IN_XERO,
		"A": None,
		"contact": None,
	}


# Any sequence of faults

paces = st.sampled_from(
	[timedelta(seconds=10), timedelta(minutes=5), timedelta(minutes=7), timedelta(days=2)]
)
sales = st.lists(
	st.tuples(
		st.sampled_from(["Acme", "ACME", "Harbour", "City Agency"]),
		st.none() | st.just("picked"),
		st.sampled_from([(), (SERVER,), (CABLE,), (SERVER, CABLE)]),
		st.sampled_from([INVOICE, INVOICE, CREDIT_NOTE]),
	),
	min_size=1,
	max_size=12,
)


@settings(max_examples=400)
@given(
	sales=sales,
	faults=st.lists(st.sampled_from(Fault), max_size=30),
	later=st.lists(paces, min_size=1, max_size=5),
	faster=st.integers(0, 6),
)
def test_no_sequence_of_faults_makes_anything_twice_or_loses_a_wish(
	sales: list[tuple[Any, ...]], faults: list[Fault], later: list[timedelta], faster: int
) -> None:
	books = FaultyBooks(faults)

	def somebody_else(there: FaultyBooks) -> None:
		active = [each.contact_name.casefold() for each in there.contacts]
		if there.calls.count("find_contacts") == faster and "acme" not in active:
			there.contacts.append(a_contact("theirs", "Acme"))

	books.elsewhere = somebody_else
	wishes = [
		wish(f"row {number}", *products, contact=NewContact(name), contact_id=picked, document_type=kind)
		for number, (name, picked, products, kind) in enumerate(sales)
	]
	outbox = Outbox(wishes, books)
	references = [each.reference for each in wishes]
	for number in range(len(faults) + 1):
		done = outbox.attempt(later[number % len(later)])
		made = [each.reference for each in books.documents.values()]
		assert len(made) == len(set(made))
		if done:
			break
	assert done, "every fault is over, yet not all is sent"
	assert sorted(made) == sorted(references)
	names = [each.contact_name.casefold() for each in books.contacts]
	assert len(names) == len(set(names))
	contacts = {each.contact_name.casefold(): each.contact_id for each in books.contacts}
	for each in wishes:
		document = outbox.sent[each.name].document
		assert (document.reference, document.document_type) == (each.reference, each.draft.document_type)
		assert document.contact == (each.draft.contact_id or contacts[each.draft.contact.name.casefold()])
	assert set(books.items) == {product.code for each in wishes for product in each.draft.products}


@settings(max_examples=200)
@given(
	sales=sales,
	bad_rows=st.sets(st.integers(0, 11)),
	bad_products=st.sets(st.sampled_from(["SRV", "CBL"])),
	bad_names=st.sets(st.sampled_from(["Acme", "Harbour"])),
	spoiling=st.sets(st.integers(0, 11), max_size=2),
)
def test_exactly_those_are_refused_that_are_bad_and_all_others_are_made(
	sales: list[tuple[Any, ...]],
	bad_rows: set[int],
	bad_products: set[str],
	bad_names: set[str],
	spoiling: set[int],
) -> None:
	refused = {
		*(f"REF row {number}" for number in bad_rows),
		*bad_products,
		*bad_names,
		*(n.upper() for n in bad_names),
	}
	books = FaultyBooks(
		bad=dict.fromkeys(refused, "no"), spoiling=[f"REF row {number}" for number in spoiling]
	)
	wishes = {
		number: wish(
			f"row {number}", *products, contact=NewContact(name), contact_id=picked, document_type=kind
		)
		for number, (name, picked, products, kind) in enumerate(sales)
	}

	def is_bad(number: int, one: DocumentWish) -> bool:
		of_name = not one.draft.contact_id and one.draft.contact.name.capitalize() in bad_names
		of_product = any(each.code in bad_products for each in one.draft.products)
		return number in bad_rows | spoiling or of_name or of_product

	told = outcomes(books, *wishes.values())
	expected = {one.name for number, one in wishes.items() if is_bad(number, one)}
	assert {name for name, code in codes(told).items() if code} == expected
	assert len(books.documents) == len(wishes) - len(expected)


@given(st.lists(st.sampled_from(Fault), max_size=20), st.integers(1, 4))
def test_sending_wishes_that_were_sent_makes_nothing_more(faults: list[Fault], again: int) -> None:
	"""The worker died after the answer and before its transaction: the rows are taken up once more."""
	wishes = [wish("A", SERVER), wish("B"), wish("C", document_type=CREDIT_NOTE)]
	books = FaultyBooks()
	assert Outbox(wishes, books).attempt()
	books.faults = faults
	outbox = Outbox(wishes, books)
	outbox.rows = {name: replace(row, attempts=1) for name, row in outbox.rows.items()}
	for _ in range(again):
		outbox.attempt()
	assert len(books.documents) == 3
