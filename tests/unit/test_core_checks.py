"""What is wrong with a document before Xero sees it, each thing with its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from xero_connector.core.checks import Problem, check, check_contact
from xero_connector.core.drafting import CREDIT_NOTE, Chart, Draft, Line, NewContact, Product
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import Account, Item, TaxRate

TODAY = date(2026, 11, 21)
CHART = Chart(
	base_currency="NZD",
	today=TODAY,
	accounts={
		"200": Account("a-1", "tenant", "200", "Sales", "SALES", "REVENUE", "GST", "Active", False, None)
	},
	tax_rates={"GST": TaxRate("GST", "tenant", "GST on sales", Decimal(15), "Active", True, False)},
	items={"SRV": Item("i-1", "tenant", "SRV", "Server", None, None, None, None, True, None)},
	currencies=("NZD", "USD"),
	branding_themes={"theme-1": "Standard"},
)
LINE = Line("Website relaunch", Decimal(1), Decimal(100), "200", "GST")
DRAFT = Draft(
	organisation="tenant",
	contact_id=None,
	contact=NewContact("City Agency", email_address="jane@example.com"),
	date=TODAY,
	due_date=date(2026, 12, 21),
	reference=None,
	currency="NZD",
	lines=(LINE,),
)


def found(chart: Chart = CHART, **changes: Any) -> list[tuple[str, Code]]:
	return [(each.field, each.code) for each in check(replace(DRAFT, **changes), chart)]


def found_of_line(draft: dict[str, Any] | None = None, **changes: Any) -> list[tuple[str, Code]]:
	"""Of the second of two lines."""
	return found(lines=(LINE, replace(LINE, **changes)), **(draft or {}))


def test_a_good_draft_has_no_problem() -> None:
	assert found() == []
	assert found(document_type=CREDIT_NOTE, due_date=None) == []


@pytest.mark.parametrize(
	("changes", "problem"),
	[
		({"due_date": date(2026, 11, 20)}, ("due_date", Code.INVALID_VALUE)),
		({"currency": "EUR"}, ("currency", Code.INVALID_VALUE)),
		({"currency": "12€"}, ("currency", Code.INVALID_VALUE)),
		({"branding_theme": "theme-9"}, ("branding_theme", Code.INVALID_VALUE)),
		({"lines": ()}, ("lines", Code.MISSING_VALUE)),
		({"contact": NewContact("")}, ("contact_name", Code.MISSING_VALUE)),
		({"contact": NewContact("City <b>")}, ("contact_name", Code.INVALID_VALUE)),
		(
			{"contact": NewContact("City", email_address="jané@example.com")},
			("contact.email_address", Code.INVALID_VALUE),
		),
		({"lines": (replace(LINE, unit_amount=Decimal(0)),)}, ("", Code.NOTHING_TO_BILL)),
		({"lines": (replace(LINE, quantity=Decimal(-1)),)}, ("", Code.NOTHING_TO_BILL)),
	],
)
def test_a_problem_is_told_with_its_field(changes: dict[str, Any], problem: tuple[str, Code]) -> None:
	assert found(**changes) == [problem]


@pytest.mark.parametrize("issued", [TODAY, date(2026, 11, 1)])
def test_nothing_can_be_dated_in_a_period_that_is_locked(issued: date) -> None:
	locked = replace(CHART, locked_until=TODAY)
	assert found(locked, date=issued) == [("date", Code.PERIOD_LOCKED)]
	assert found(locked, date=date(2026, 11, 22)) == []


@pytest.mark.parametrize("currency", ["EUR", "NZD"])
def test_a_currency_is_left_to_xero_where_its_currencies_are_not_known(currency: str) -> None:
	assert found(replace(CHART, currencies=()), currency=currency) == []


@pytest.mark.parametrize(
	("changes", "field", "code"),
	[
		({"description": ""}, "description", Code.MISSING_VALUE),
		({"account_code": "999"}, "account_code", Code.INVALID_VALUE),
		({"tax_type": "VAT"}, "tax_type", Code.INVALID_VALUE),
		({"item_code": "CBL"}, "item_code", Code.INVALID_VALUE),
		({"discount_amount": Decimal("100.01")}, "discount_amount", Code.INVALID_VALUE),
		({"discount_amount": Decimal(-1)}, "discount_amount", Code.INVALID_VALUE),
		({"discount_amount": Decimal(1), "quantity": Decimal(-1)}, "discount_amount", Code.INVALID_VALUE),
	],
)
def test_a_problem_of_a_line_is_told_with_the_path_of_its_field(
	changes: dict[str, Any], field: str, code: Code
) -> None:
	assert found_of_line(**changes) == [(f"lines.1.{field}", code)]


def test_what_the_record_knows_of_a_product_makes_the_item() -> None:
	assert found_of_line(item_code="SRV") == []
	assert found_of_line({"products": (Product("CBL", "Cable"),)}, item_code="CBL") == []


def test_a_code_that_is_too_long_for_an_item_is_named() -> None:
	code = "X" * 31
	assert found_of_line({"products": (Product(code, "Cable"),)}, item_code=code) == [
		("lines.1.item_code", Code.INVALID_VALUE)
	]


@pytest.mark.parametrize("status", ["Submitted", "Authorised"])
def test_only_a_draft_may_lack_an_account(status: str) -> None:
	assert found_of_line({"status": status}, account_code=None) == [
		("lines.1.account_code", Code.MISSING_VALUE)
	]
	assert found_of_line({"status": "Draft"}, account_code=None) == []


def test_a_tax_that_is_not_charged_cannot_be_wrong() -> None:
	assert found_of_line({"line_amount_types": "NoTax"}, tax_type="VAT") == []


def test_a_contact_that_was_picked_is_xeros_own_matter() -> None:
	assert found(contact_id="picked", contact=NewContact("", email_address="jané")) == []


def test_all_problems_are_told_at_once_and_those_that_were_known_first() -> None:
	known = Problem("date", Code.MISSING_VALUE)
	draft = replace(DRAFT, currency="EUR", lines=(replace(LINE, description="", account_code="999"),))
	told = [each.field for each in check(draft, CHART, [known])]
	assert told == ["date", "currency", "lines.0.description", "lines.0.account_code"]


def test_a_problem_is_an_error_with_its_field() -> None:
	error = Problem("lines.0.quantity", Code.INVALID_VALUE, {"value": "x"}).error()
	assert isinstance(error, NeedsPerson)
	assert (error.code, error.values) == (Code.INVALID_VALUE, {"value": "x", "field": "lines.0.quantity"})
	assert Problem("", Code.NOTHING_TO_BILL).error().values == {}


@pytest.mark.parametrize("email", ["jane", "jane@example", "ja ne@example.com", "jané@example.com"])
def test_an_address_that_xero_would_refuse_is_refused(email: str) -> None:
	[problem] = check_contact(NewContact("City", email_address=email), "name", "")
	assert (problem.field, problem.values) == ("email_address", {"value": email})
