"""Which tax a line gets by the map, and what is held back because the map does not hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from xero_connector.core.drafting import EXCLUSIVE, NO_TAX, Chart, NewContact, Source, SourceLine
from xero_connector.core.errors import Code
from xero_connector.core.forms import Filled, Preset, read, start, texts_of
from xero_connector.core.model import Account, TaxRate
from xero_connector.core.taxes import Mapped, TaxName

GST = TaxName("Sales Taxes and Charges Template", "GST - NW")
PRESET = Preset(due_days=30, status="Draft", line_amount_types=EXCLUSIVE, with_items=True)


def rate(tax_type: str, percent: str) -> TaxRate:
	return TaxRate(tax_type, "tenant", tax_type, Decimal(percent), "Active", True, False)


def chart(tax_type: str = "LEVY", theirs: str = "15", trouble: str = "") -> Chart:
	"""Two rates of 15 %, so that without the map nobody can tell."""
	account = Account("id-200", "tenant", "200", "Sales", "SALES", "REVENUE", "ZERO", "Active", False, None)
	pair = Mapped(GST, Decimal(15), tax_type, Decimal(theirs), "agreed", trouble)
	return Chart(
		base_currency="NZD",
		today=dt.date(2026, 11, 21),
		accounts={"200": account},
		tax_rates={
			each.tax_type: each
			for each in (rate("GST", "15"), rate("LEVY", "15"), rate("ZERO", "0"), rate("HIGH", "17.5"))
		},
		tax_map={GST: pair},
		sales_account="200",
	)


def source(percent: str = "15", name: TaxName | None = GST, **more: Any) -> Source:
	line = SourceLine("Server", Decimal(1), Decimal(100), tax_rate=Decimal(percent), tax_name=name)
	return Source("Sale", Decimal(100), "NZD", NewContact("City Agency"), (line,), **more)


def started(record: Source, books: Chart) -> Filled:
	return start(record, "tenant", None, books, PRESET)


def told(filled: Filled) -> list[tuple[str, Code]]:
	return [(problem.field, problem.code) for problem in filled.problems]


def test_a_mapped_template_says_which_of_several_equal_rates_it_is() -> None:
	assert told(started(source(name=None), chart())) == [("lines.0.tax_type", Code.NO_TAX_RATE)]
	given = started(source(), chart())
	assert (given.draft.lines[0].tax_type, given.problems) == ("LEVY", ())


def test_a_pair_that_somebody_answers_for_maps_rates_that_differ() -> None:
	assert started(source(), chart("HIGH", "17.5")).draft.lines[0].tax_type == "HIGH"


def test_a_tax_that_was_edited_on_the_document_goes_by_its_percent() -> None:
	assert started(source("17.5"), chart()).draft.lines[0].tax_type == "HIGH"


def test_a_tax_on_a_tax_fits_the_pair_of_four_places() -> None:
	pair = Mapped(GST, Decimal("15.4738"), "LEVY", Decimal("15.4738"))
	books = replace(chart(), tax_map={GST: pair})
	assert started(source("15.47375"), books).draft.lines[0].tax_type == "LEVY"


def test_a_pair_in_trouble_holds_its_documents_back_and_no_other_tax_is_taken() -> None:
	given = started(source(), chart("GST", trouble="Changed"))
	[problem] = given.problems
	assert (problem.field, problem.code) == ("lines.0.tax_type", Code.TAX_MAP_BROKEN)
	assert problem.values == {"name": "GST - NW", "trouble": "Changed"}
	assert given.draft.lines[0].tax_type is None


def test_the_form_is_held_back_too_until_somebody_chooses_a_tax() -> None:
	record, books = source(), chart("GST", trouble="Gone")
	values = texts_of(started(record, books).draft)
	assert told(read(values, "tenant", record, books)) == [("lines.0.tax_type", Code.TAX_MAP_BROKEN)]
	values["lines"][0]["tax_type"] = "LEVY"
	assert told(read(values, "tenant", record, books)) == []


def test_without_tax_nothing_is_held_back() -> None:
	record, books = source(line_amount_types=NO_TAX), chart("GST", trouble="Gone")
	given = started(record, books)
	assert told(given) == told(read(texts_of(given.draft), "tenant", record, books)) == []
