"""Which organisation a record goes to, by the rules of the settings (B11)."""

from __future__ import annotations

import pytest

from xero_connector.core.choosing import OrganisationRule, organisation_for
from xero_connector.core.drafting import NewContact, Source

RULES = [
	OrganisationRule("Territory", "Otago", "south"),
	OrganisationRule("Company", "Northwind Works", "north"),
	OrganisationRule("Currency", "EUR", "europe"),
]


def source(**values: str) -> Source:
	return Source("Sale", None, values.pop("currency", None), NewContact("City Agency"), **values)


@pytest.mark.parametrize(
	("values", "expected"),
	[
		({"company": "Northwind Works"}, "north"),
		({"company": "Northwind"}, None),
		({"currency": "EUR"}, "europe"),
		({"currency": "eur"}, "europe"),
		({"currency": "USD", "territory": "Otago"}, "south"),
		({"company": "Northwind Works", "currency": "EUR"}, "north"),
		({"company": "Northwind Works", "territory": "Otago"}, "south"),
		({"company": "Otago"}, None),
		({}, None),
	],
)
def test_the_first_rule_that_fits_decides(values: dict[str, str], expected: str | None) -> None:
	assert organisation_for(source(**values), RULES) == expected


def test_without_rules_none_decides() -> None:
	assert organisation_for(source(company="Northwind Works"), []) is None
