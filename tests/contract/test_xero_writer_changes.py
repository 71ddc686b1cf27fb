"""Changing, voiding and annotating documents that are in the emulator's books already."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.contract.writing import (
	BOTH,
	LINE,
	book_of,
	create,
	made,
	order,
	refused,
	sent,
	writer_of,
)
from xero_connector.core.books import Current, Order
from xero_connector.core.drafting import CREDIT_NOTE, INVOICE, Line
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Document
from xero_connector.core.sending import kept_lines
from xero_sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("documented")

FIRST = replace(LINE, description="first", item_code="DEV-H")
SECOND = replace(LINE, description="second")
THIRD = replace(LINE, description="third", unit_amount=Decimal(7))
NOBODY = "99999999-0000-0000-0000-000000000000"


def there(sandbox: Sandbox, *lines: Line, document_type: str = INVOICE, **changes: Any) -> Document:
	asked = order(sandbox, *(lines or (FIRST, SECOND)), **changes)
	return made(create(sandbox, asked, document_type=document_type)[0]).document


def now_of(sandbox: Sandbox, document: Document) -> Current:
	return writer_of(sandbox).current(document.document_type, [document.document_id])[document.document_id]


def change(sandbox: Sandbox, document: Document, *lines: Line, **changes: Any) -> Order:
	"""The order that makes it have these lines, with the ids of those that go on."""
	changes = {"status": None, **changes}
	ids = kept_lines(lines, now_of(sandbox, document).lines)
	return order(sandbox, *lines, document_id=document.document_id, line_ids=ids, **changes)


def update(sandbox: Sandbox, document: Document, *lines: Line, key: str = "update", **changes: Any) -> Any:
	asked = change(sandbox, document, *lines, **changes)
	return writer_of(sandbox).update_documents(document.document_type, [asked], key)[0]


def line_ids(sandbox: Sandbox, document: Document) -> list[str]:
	return [line.id for line in book_of(sandbox, document.document_id).lines]


# as it is now


def test_documents_are_seen_with_their_lines_as_they_are_now(sandbox: Sandbox) -> None:
	document = there(sandbox, replace(FIRST, discount_rate=Decimal(5)), SECOND)
	sandbox.authorise(document.document_id)
	sandbox.pay(document.document_id, "1.00")
	current = now_of(sandbox, document)
	assert (current.document.status, current.document.amount_paid) == ("Authorised", Decimal("1.00"))
	assert [line.line_id for line in current.lines] == line_ids(sandbox, document)
	assert [(line.item_code, line.description) for line in current.lines] == [
		("DEV-H", "first"),
		(None, "second"),
	]
	assert [set(line.has) for line in current.lines] == [{"item_code", "discount_rate"}, set()]


def test_forty_documents_are_seen_in_one_call_and_ninety_in_three(sandbox: Sandbox) -> None:
	ids = [
		made(result).document.document_id
		for key in ("first", "second")
		for result in create(sandbox, *[order(sandbox, reference=f"{key} {n}") for n in range(45)], key=key)
	]
	for count, calls in ((40, 1), (90, 3)):
		before = len(sandbox.requests)
		assert set(writer_of(sandbox).current(INVOICE, ids[:count])) == set(ids[:count])
		assert len(sandbox.requests) == before + calls


@pytest.mark.parametrize("document_type", BOTH)
def test_what_is_not_there_is_left_out(sandbox: Sandbox, document_type: str) -> None:
	document = there(sandbox, SECOND, document_type=document_type)
	found = writer_of(sandbox).current(document_type, [NOBODY, document.document_id])
	assert list(found) == [document.document_id]


def test_a_credit_note_that_cannot_be_asked_for_is_no_credit_note_that_is_gone(sandbox: Sandbox) -> None:
	sandbox.fault("offline")
	with pytest.raises(WillRetry):
		writer_of(sandbox).current(CREDIT_NOTE, [NOBODY])


# changes


@pytest.mark.parametrize("document_type", BOTH)
def test_an_update_keeps_the_lines_that_stay_removes_one_and_adds_one(
	sandbox: Sandbox, document_type: str
) -> None:
	document = there(sandbox, FIRST, SECOND, document_type=document_type)
	first, _second = line_ids(sandbox, document)
	after = made(update(sandbox, document, replace(FIRST, quantity=Decimal(3)), THIRD, reference="new"))
	assert sandbox.requests[-1].method == "POST"
	assert sandbox.requests[-1].query == {"summarizeErrors": "false", "unitdp": "4"}
	book = book_of(sandbox, document.document_id)
	assert [line.description for line in book.lines] == ["first", "third"]
	assert line_ids(sandbox, document)[0] == first
	assert book.lines[0].quantity == 3
	assert (after.document.document_id, after.document.reference) == (document.document_id, "new")
	assert after.document.number == document.number
	assert after.document.total != document.total
	[element] = next(iter(sent(sandbox).values()))
	assert "Status" not in element, "an update leaves the status alone"


def test_a_discount_or_an_item_that_the_record_no_longer_has_is_gone_in_xero_too(sandbox: Sandbox) -> None:
	discounted = replace(SECOND, discount_rate=Decimal(50))
	document = there(sandbox, FIRST, discounted)
	made(update(sandbox, document, replace(FIRST, item_code=None), SECOND))
	book = book_of(sandbox, document.document_id)
	assert [(line.item_code, line.discount_rate) for line in book.lines] == [(None, None), (None, None)]
	assert book.lines[1].line_amount == Decimal("250.00")


def test_a_discount_that_is_still_one_keeps_its_line(sandbox: Sandbox) -> None:
	document = there(sandbox, replace(SECOND, discount_rate=Decimal(50)))
	before = line_ids(sandbox, document)
	made(update(sandbox, document, replace(SECOND, discount_rate=Decimal(25))))
	assert line_ids(sandbox, document) == before
	assert book_of(sandbox, document.document_id).lines[0].discount_rate == Decimal("25.00")


def test_an_update_raises_the_status_when_it_is_told_one(sandbox: Sandbox) -> None:
	document = there(sandbox, SECOND)
	assert made(update(sandbox, document, SECOND, status="AUTHORISED")).document.status == "Authorised"


def test_a_paid_document_is_not_changed_and_does_not_hold_up_another(sandbox: Sandbox) -> None:
	paid, free = there(sandbox, SECOND, status="AUTHORISED"), there_second(sandbox)
	sandbox.pay(paid.document_id, "1.00")
	orders = [change(sandbox, each, replace(SECOND, quantity=Decimal(9))) for each in (paid, free)]
	results = writer_of(sandbox).update_documents(INVOICE, orders, "update")
	assert refused(results[0]).code is Code.REJECTED
	assert "payment" in refused(results[0]).values["message"]
	assert book_of(sandbox, paid.document_id).lines[0].quantity == Decimal("2.5")
	assert made(results[1]).document.document_id == free.document_id
	assert book_of(sandbox, free.document_id).lines[0].quantity == 9


def there_second(sandbox: Sandbox) -> Document:
	return made(create(sandbox, order(sandbox, SECOND, reference="second"), key="second")[0]).document


def test_a_document_that_was_deleted_in_xero_is_not_made_again_by_an_update(sandbox: Sandbox) -> None:
	document = there(sandbox, SECOND)
	asked = change(sandbox, document, SECOND)
	sandbox.void(document.document_id)
	count = len(sandbox.organisation().invoices)
	[result] = writer_of(sandbox).update_documents(INVOICE, [asked], "update")
	assert "status" in refused(result).values["message"]
	assert len(sandbox.organisation().invoices) == count


def test_an_update_whose_answer_was_lost_can_be_sent_again(sandbox: Sandbox) -> None:
	document = there(sandbox, FIRST, SECOND)
	asked = change(sandbox, document, FIRST, THIRD)
	sandbox.fault("drop_after", "POST")
	with pytest.raises(WillRetry) as caught:
		writer_of(sandbox).update_documents(INVOICE, [asked], "update")
	assert caught.value.maybe_done
	sandbox.advance(7 * 60)
	made(update(sandbox, document, FIRST, THIRD, key="again"))
	assert [line.description for line in book_of(sandbox, document.document_id).lines] == ["first", "third"]


# void, delete, notes


@pytest.mark.parametrize("document_type", BOTH)
@pytest.mark.parametrize(("status", "end"), [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED")])
def test_an_approved_document_is_voided_and_a_draft_deleted(
	sandbox: Sandbox, document_type: str, status: str, end: str
) -> None:
	document = there(sandbox, SECOND, document_type=document_type, status=status)
	after = writer_of(sandbox).void(document_type, document.document_id, end, "void")
	assert (after.document_id, after.status) == (document.document_id, end.capitalize())
	assert after.amount_due == 0
	assert book_of(sandbox, document.document_id).status == end


def test_a_paid_invoice_is_not_voided(sandbox: Sandbox) -> None:
	document = there(sandbox, SECOND, status="AUTHORISED")
	sandbox.pay(document.document_id, "1.00")
	with pytest.raises(NeedsPerson) as caught:
		writer_of(sandbox).void(INVOICE, document.document_id, "VOIDED", "void")
	assert caught.value.code is Code.REJECTED
	assert book_of(sandbox, document.document_id).status == "AUTHORISED"


def test_a_void_whose_answer_was_lost_has_taken_effect(sandbox: Sandbox) -> None:
	document = there(sandbox, SECOND, status="AUTHORISED")
	sandbox.fault("drop_after", "POST")
	with pytest.raises(WillRetry) as caught:
		writer_of(sandbox).void(INVOICE, document.document_id, "VOIDED", "void")
	assert caught.value.maybe_done
	assert now_of(sandbox, document).document.status == "Voided"


@pytest.mark.parametrize("document_type", BOTH)
def test_a_note_stands_in_the_history_of_its_document(sandbox: Sandbox, document_type: str) -> None:
	document = there(sandbox, SECOND, document_type=document_type)
	writer = writer_of(sandbox)
	text = "Made from CRM-DEAL-1 · “Website” by Ada <ada@example.com>"
	assert text not in writer.notes(document_type, document.document_id)
	writer.add_note(document_type, document.document_id, text, "note")
	assert sandbox.requests[-1].method == "PUT"
	assert writer.notes(document_type, document.document_id)[0] == text
	assert [note.details for note in sandbox.organisation().history[document.document_id]][-1] == text


def test_a_note_that_is_too_long_is_refused(sandbox: Sandbox) -> None:
	document = there(sandbox, SECOND)
	with pytest.raises(NeedsPerson) as caught:
		writer_of(sandbox).add_note(INVOICE, document.document_id, "x" * 2501, "note")
	assert caught.value.code is Code.REJECTED


def test_a_note_whose_answer_was_lost_is_found(sandbox: Sandbox) -> None:
	document = there(sandbox, SECOND)
	writer = writer_of(sandbox)
	for fault, expected in (("drop_before", False), ("drop_after", True)):
		sandbox.fault(fault, "PUT")
		with pytest.raises(WillRetry):
			writer.add_note(INVOICE, document.document_id, "made", "note")
		assert ("made" in writer.notes(INVOICE, document.document_id)) is expected
