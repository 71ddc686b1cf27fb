"""What the tests of the writer share: drafts, orders, and a look at what was sent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests.contract.test_xero_client import client_of
from xero_connector.core.books import Made, Order
from xero_connector.core.drafting import CREDIT_NOTE, INVOICE, Draft, Line, NewContact
from xero_connector.core.errors import NeedsPerson
from xero_connector.xero.writer import Writer
from xero_sandbox import Sandbox

ADA = NewContact(
	name="Ada & Söhne, Ltd",
	first_name="Ada",
	last_name="O'Neill",
	email_address="ada@example.com",
	phone="0049 (0)30 0123",
	address_line="Unter den Linden 1",
	city="Berlin",
	region="BE",
	postal_code="01067",
	country="Germany",
)
LINE = Line("Consulting “March”\nline two", Decimal("2.5"), Decimal("99.9999"), "200", "OUTPUT2")
DRAFT = Draft("Demo", None, ADA, date(2026, 3, 1), date(2026, 3, 31), None, "NZD", (LINE,))
BACK_LINK = "https://crm.example.com/crm/deals/CRM-DEAL-1"
REFERENCE = "PO 778 · 7F3K9Q"
BOTH = (INVOICE, CREDIT_NOTE)


def writer_of(sandbox: Sandbox) -> Writer:
	return Writer(client_of(sandbox), "Demo")


def sent(sandbox: Sandbox) -> Any:
	"""The body of the last request."""
	return json.loads(sandbox.requests[-1].body, parse_float=Decimal)


def somebody(sandbox: Sandbox) -> Any:
	return next(row for row in sandbox.organisation().contacts if row.status == "ACTIVE")


def order(sandbox: Sandbox, *lines: Line, **changes: Any) -> Order:
	"""A new draft of somebody's; `changes` are of the order or of its draft."""
	own = {name: changes.pop(name) for name in Order._fields if name in changes}
	made = Order(
		replace(DRAFT, lines=lines or (LINE,), **changes), somebody(sandbox).id, REFERENCE, BACK_LINK
	)
	return made._replace(**{"status": "DRAFT", **own})


def create(sandbox: Sandbox, *orders: Order, document_type: str = INVOICE, key: str = "key") -> list[Any]:
	return writer_of(sandbox).create_documents(document_type, orders or (order(sandbox),), key)


def made(result: Made | NeedsPerson) -> Made:
	assert isinstance(result, Made), result
	return result


def refused(result: object) -> NeedsPerson:
	assert isinstance(result, NeedsPerson), result
	return result


def book_of(sandbox: Sandbox, document_id: str) -> Any:
	"""The document in the sandbox's own books."""
	return sandbox.organisation().find_document(document_id)
