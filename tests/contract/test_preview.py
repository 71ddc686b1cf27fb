"""The preview against what Xero keeps: whatever can be drafted is priced to the cent before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.contract.conftest import Api
from tests.contract.test_xero_client import client_of
from xero_connector.core import pricing
from xero_connector.core.drafting import (
	CREDIT_NOTE,
	INVOICE,
	LINE_AMOUNT_TYPES,
	Draft,
	Line,
	NewContact,
	SourceLine,
)
from xero_connector.core.model import TaxRate
from xero_connector.core.money import rounded
from xero_connector.xero.reader import Reader
from xero_sandbox import Sandbox

BATCH, PAGE = 50, 1000
ENDPOINTS = {INVOICE: ("Invoices", "ACCREC"), CREDIT_NOTE: ("CreditNotes", "ACCRECCREDIT")}

# name, and its components in per cent; the last of several is compound
MORE_RATES = [
	("Compound", ["5", "9.975"]),
	("Steep compound", ["12.3456", "7.6543"]),
	("Four places", ["8.8751"]),
	("A hundredth", ["0.01"]),
	("As much again", ["100"]),
]


@pytest.fixture
def tax_rates(sandbox: Sandbox, api: Api) -> dict[str, TaxRate]:
	"""The rates for sales as the app reads them, among them compound ones and two of nought per cent."""
	sandbox.limits.set(minute=None, day=None)
	for name, rates in MORE_RATES:
		parts: list[dict[str, Any]] = [{"Name": f"{name} {rate}", "Rate": rate} for rate in rates]
		parts[-1]["IsCompound"] = len(rates) > 1
		element = {"Name": name, "ReportTaxType": "OUTPUT", "TaxComponents": parts}
		assert api.put("TaxRates", {"TaxRates": [element]}).status == 200
	return {
		rate.tax_type: rate
		for rate in Reader(client_of(sandbox), "Demo").tax_rates()
		if rate.status == "Active" and rate.applies_to_revenue
	}


def test_ten_thousand_drafts_are_kept_with_the_totals_that_the_preview_shows(
	api: Api, tax_rates: dict[str, TaxRate]
) -> None:
	chance = Chance(Random(20261122), tuple(tax_rates))
	drafts = [chance.draft(f"Preview {number}") for number in range(10_000)]
	kept = sent(api, drafts)
	assert len(kept) == len(drafts)
	for draft in drafts:
		assert previewed(draft, tax_rates) == kept[draft.reference or ""], draft


def test_a_line_comes_to_the_same_in_xero_as_on_its_record(api: Api, tax_rates: dict[str, TaxRate]) -> None:
	chance = Chance(Random(20261123), tuple(tax_rates))
	drafts, wanted = [], {}
	for number in range(1_000):
		document_type, lines = chance.document_type(), [chance.source_line() for _ in range(3)]
		said = [line_of(pricing.express(line, document_type)) for line in lines]
		drafts.append(draft_of(f"Record {number}", said, document_type))
		wanted[f"Record {number}"] = tuple(line.net_amount for line in lines)
	assert {reference: row.amounts for reference, row in sent(api, drafts).items()} == wanted


class Figures(NamedTuple):
	sub_total: Decimal
	tax: Decimal
	total: Decimal
	discount: Decimal
	amounts: tuple[Decimal, ...]
	taxes: tuple[Decimal, ...]


def previewed(draft: Draft, tax_rates: dict[str, TaxRate]) -> Figures:
	priced = pricing.price(draft, tax_rates)
	amounts, taxes = (tuple(getattr(line, name) for line in priced.lines) for name in ("amount", "tax"))
	assert sum(each.amount for each in priced.taxes) == priced.tax
	return Figures(priced.sub_total, priced.tax, priced.total, priced.discount, amounts, taxes)


def sent(api: Api, drafts: Sequence[Draft]) -> dict[str, Figures]:
	"""What Xero keeps of each, by reference, read after all have been sent."""
	references = {draft.reference for draft in drafts}
	kept = {}
	for document_type, (endpoint, xero_type) in ENDPOINTS.items():
		bodies = [body(api, xero_type, draft) for draft in drafts if draft.document_type == document_type]
		for start in range(0, len(bodies), BATCH):
			got = api.put(endpoint, {endpoint: bodies[start : start + BATCH]}, unitdp=4)
			assert got.status == 200, got.body
		rows = (row for row in read(api, endpoint) if row.get("Reference") in references)
		kept |= {row["Reference"]: figures(row) for row in rows}
	return kept


def read(api: Api, endpoint: str) -> Iterator[dict[str, Any]]:
	page = 1
	while rows := api.get(endpoint, page=page, pageSize=PAGE, unitdp=4).json()[endpoint]:
		yield from rows
		page += 1


def figures(row: dict[str, Any]) -> Figures:
	lines = row["LineItems"]
	return Figures(
		row["SubTotal"],
		row["TotalTax"],
		row["Total"],
		row.get("TotalDiscount", Decimal("0.00")),
		tuple(line["LineAmount"] for line in lines),
		tuple(line["TaxAmount"] for line in lines),
	)


def body(api: Api, xero_type: str, draft: Draft) -> dict[str, Any]:
	return {
		"Type": xero_type,
		"Contact": {"Name": draft.contact.name},
		"Reference": draft.reference,
		"LineAmountTypes": draft.line_amount_types,
		"LineItems": [line_body(line) for line in draft.lines],
	}


def line_body(line: Line) -> dict[str, Any]:
	fields = {
		"Description": line.description,
		"Quantity": line.quantity,
		"UnitAmount": line.unit_amount,
		"AccountCode": line.account_code,
		"TaxType": line.tax_type,
		"DiscountRate": line.discount_rate,
		"DiscountAmount": line.discount_amount,
		"TaxAmount": line.tax_amount,
	}
	return {name: str(value) for name, value in fields.items() if value is not None}


def line_of(wording: pricing.Wording) -> Line:
	return Line("Work", wording.quantity, wording.unit_amount, discount_rate=wording.discount_rate)


def draft_of(
	reference: str, lines: Sequence[Line], document_type: str, line_amount_types: str = "Exclusive"
) -> Draft:
	contact, today = NewContact("Somebody"), date(2026, 11, 22)
	return Draft(
		*("Demo", None, contact, today, None, reference, "NZD", tuple(lines)),
		document_type=document_type,
		line_amount_types=line_amount_types,
	)


@dataclass
class Chance:
	"""Drafts and lines of records in all sizes, as odd as they come; the same ones on every machine."""

	random: Random
	tax_types: tuple[str, ...]

	def draft(self, reference: str) -> Draft:
		document_type = self.document_type()
		lines = [self.line(document_type) for _ in range(self.random.randint(1, 5))]
		return draft_of(reference, lines, document_type, self.random.choice(LINE_AMOUNT_TYPES))

	def document_type(self) -> str:
		return INVOICE if self.random.random() < 0.85 else CREDIT_NOTE

	def line(self, document_type: str) -> Line:
		tax_type = self.random.choice((None, *self.tax_types))
		line = Line(
			"Work",
			self.number(4),
			self.number(4) * self.random.choice((1, 1, 1, 1, -1)),
			# one without a tax type would get the account's
			self.random.choice((None, "200")) if tax_type else None,
			tax_type,
			tax_amount=self.number(2) if self.random.random() < 0.05 else None,
		)
		return replace(line, **self.discount(line)) if document_type == INVOICE else line

	def discount(self, line: Line) -> dict[str, Decimal]:
		"""None, a rate, or an amount that is at most the line's."""
		most = int(line.quantity * line.unit_amount * 100)
		kind = self.random.choice(("none", "discount_rate", "discount_amount"))
		if kind == "none" or (kind == "discount_amount" and most < 1):
			return {}
		return {kind: cents(self.random.randint(1, 10_000 if kind == "discount_rate" else most))}

	def source_line(self) -> SourceLine:
		"""With more places than Xero takes; what it comes to is with or without, and may be more than its price."""
		quantity, unit_amount, rate = self.number(9), self.number(6), self.number(6) % 100
		factor = self.random.choice((Decimal(1), 1 - rate / 100, 1 + rate / 100, -1))
		net = rounded(quantity * unit_amount * factor) - self.random.choice((0, 0, cents(1), cents(777)))
		return SourceLine("Work", quantity, unit_amount, self.random.choice((None, rate)), net)

	def number(self, places: int) -> Decimal:
		"""With at most `places` digits after the point; small ones are as frequent as large ones."""
		digits = self.random.randint(1, 5 + places)
		return Decimal(self.random.randint(1, 10**digits)).scaleb(-self.random.randint(0, places))


def cents(number: int) -> Decimal:
	return Decimal(number).scaleb(-2)
