"""Deposits and parts of a sale (B16): thirty per cent, an amount, what is left."""

from decimal import Decimal

import pytest

from tests import factories
from tests.site import sending
from tests.site.sending import delivered, form, made, prepare, preview, refused, send
from tests.xero_world import World


@pytest.fixture
def deal(site):
	return factories.deal(organization=factories.organization().name, value=1000)


def part(kind: str, value: str = "") -> dict[str, dict[str, str]]:
	return {"part": {"kind": kind, "value": value}}


def lines_of(deal, *lines: dict[str, str]) -> list[dict[str, str]]:
	[blank] = form(deal)["lines"]
	return [{**blank, **line} for line in lines]


def test_a_percentage_is_one_line_that_says_so(ready: World, deal):
	shown = preview(deal, **part("percent", "30"))
	[line] = shown["lines"]
	assert (line["amount"], line["description"]) == ("300.00", f"{deal.organization} (30 %)")
	delivered(ready, deal, **part("percent", "30"))
	[invoice] = made(ready)
	assert (str(invoice.sub_total), str(invoice.total)) == ("300.00", shown["total"])


def test_an_amount_is_divided_among_accounts_and_taxes_to_the_cent(ready: World, deal):
	lines = lines_of(
		deal,
		{"unit_amount": "333.33", "account_code": "200", "tax_type": "OUTPUT2"},
		{"unit_amount": "333.33", "account_code": "230", "tax_type": "ZERORATED"},
		{"unit_amount": "333.34", "account_code": "200", "tax_type": "OUTPUT2"},
	)
	shown = preview(deal, lines=lines, **part("amount", "100.01"))
	assert [line["tax_label"] for line in shown["lines"]] == ["15% GST on Income", "Zero Rated"]
	assert sum(Decimal(line["amount"]) for line in shown["lines"]) == Decimal("100.01")
	delivered(ready, deal, lines=lines, **part("amount", "100.01"))
	[invoice] = made(ready)
	assert {line.account_code: line.tax_type for line in invoice.lines} == {
		"200": "OUTPUT2",
		"230": "ZERORATED",
	}
	assert (invoice.sub_total, str(invoice.total)) == (Decimal("100.01"), shown["total"])


def test_a_part_of_prices_with_tax_is_a_part_of_what_the_customer_pays(ready: World, deal):
	changes = {"line_amount_types": "Inclusive", **part("amount", "250.00")}
	assert preview(deal, **changes)["total"] == "250.00"
	delivered(ready, deal, **changes)
	assert str(made(ready)[0].total) == "250.00"


def test_the_next_invoice_starts_with_what_is_left(ready: World, deal):
	delivered(ready, deal, **part("percent", "30"))
	another = prepare(deal, sequence=2)
	assert another["sale"] == {
		"value": "1000.00",
		"invoiced": "0.00",
		"drafted": "300.00",
		"left": "700.00",
		"currency": deal.currency,
	}
	assert another["values"]["part"]["kind"] == "rest"
	sending.send_form(deal, another["values"])
	ready.jobs.run_all()
	assert [str(invoice.sub_total) for invoice in made(ready)] == ["300.00", "700.00"]


def test_an_approved_part_counts_as_invoiced(ready: World, deal):
	delivered(ready, deal, **part("percent", "30"), status="Authorised")
	sale = prepare(deal, sequence=2)["sale"]
	assert (sale["invoiced"], sale["drafted"], sale["left"]) == ("300.00", "0.00", "700.00")


def test_where_all_is_invoiced_nothing_is_left(ready: World, deal):
	delivered(ready, deal)
	[problem] = preview(deal, sequence=2, **part("rest"))["problems"]
	assert problem["field"] == "part.kind"
	assert refused(lambda: send(deal, sequence=2, **part("rest"))) == ("nothing_left", "part.kind")
	assert len(sending.wishes_for(deal)) == 1


def test_a_voided_part_is_left_again(ready: World, deal):
	delivered(ready, deal, **part("percent", "40"))
	ready.sandbox.void(made(ready)[0].id)
	ready.read()
	assert prepare(deal, sequence=2)["sale"]["left"] == "1000.00"


def test_a_part_that_goes_over_the_value_is_asked_about(ready: World, deal):
	delivered(ready, deal, **part("percent", "80"))
	[question] = preview(deal, sequence=2, **part("percent", "30"))["questions"]
	assert question["code"] == "over_value"
	assert "100.00" in question["message"]


def test_an_invoice_in_another_currency_says_nothing_of_what_is_left(ready: World, deal):
	other = next(code for code in prepare(deal)["choices"]["currencies"] if code != deal.currency)
	delivered(ready, deal, currency=other)
	assert prepare(deal, sequence=2)["sale"]["left"] == "1000.00"
	assert preview(deal, sequence=2, currency=other, unit_amount="5000")["questions"] == []
