"""Writing invoices, bills and credit notes: rounding, discounts, tax, accounts, statuses, edits, numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_sandbox import rounding

from .conftest import Api, Got

NIL = "00000000-0000-0000-0000-000000000000"
LINE = {"Description": "Work", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200", "TaxType": "OUTPUT2"}


def contact(api: Api) -> str:
	return next(row.id for row in api.sandbox.organisations[0].contacts if row.status == "ACTIVE")


def element(api: Api, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
	base = {
		"Type": "ACCREC",
		"Contact": {"ContactID": contact(api)},
		"Date": "2026-01-15",
		"DueDate": "2026-02-15",
	}
	return base | {"LineItems": list(lines) or [LINE]} | more


def put(api: Api, *lines: dict[str, Any], **more: Any) -> Got:
	return api.put("Invoices", {"Invoices": [element(api, *lines, **more)]}, unitdp=4)


def made(api: Api, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
	got = put(api, *lines, **more)
	assert got.status == 200, got.body
	return got.json()["Invoices"][0]


def change(api: Api, identity: str, **changes: Any) -> Got:
	return api.post(f"Invoices/{identity}", {"Invoices": [changes]})


def priced(*prices: str, **more: Any) -> list[dict[str, Any]]:
	return [LINE | {"UnitAmount": price} | more for price in prices]


def test_tax_is_rounded_for_each_line_and_then_summed(api: Api) -> None:
	row = made(api, *priced("25.06", "25.61", "25.63"))
	assert [line["TaxAmount"] for line in row["LineItems"]] == [
		Decimal("3.76"),
		Decimal("3.84"),
		Decimal("3.84"),
	]
	assert (row["SubTotal"], row["TotalTax"], row["Total"]) == (
		Decimal("76.30"),
		Decimal("11.44"),
		Decimal("87.74"),
	)


def test_a_discount_is_what_the_rounded_line_is_short_of(api: Api) -> None:
	"""Xero's staff: 15 % off 22.50 is 3.37, for the line is 19.125 rounded (community discussion 89760256)."""
	row = made(api, LINE | {"UnitAmount": "22.50", "DiscountRate": 15})
	assert (row["LineItems"][0]["LineAmount"], row["TotalDiscount"]) == (Decimal("19.13"), Decimal("3.37"))


def test_a_price_of_six_decimals_loses_two_of_them(api: Api) -> None:
	"""Xero's own example: 1000 pieces of 0.061171 are to be said as one line of 61.17."""
	row = made(api, *priced("0.061171", Quantity=1000), *priced("61.17"))
	assert [line["LineAmount"] for line in row["LineItems"]] == [Decimal("61.20"), Decimal("61.17")]


def test_a_compound_rate_taxes_the_other_tax_as_well(api: Api) -> None:
	components = [
		{"Name": "Federal", "Rate": 5},
		{"Name": "Provincial", "Rate": "9.975", "IsCompound": True},
	]
	rate = {"Name": "Compound", "ReportTaxType": "OUTPUT", "TaxComponents": components}
	[kept] = api.put("TaxRates", {"TaxRates": [rate]}).json()["TaxRates"]
	assert (kept["DisplayTaxRate"], kept["EffectiveRate"]) == (Decimal("14.9750"), Decimal("15.4738"))
	assert [part["IsCompound"] for part in kept["TaxComponents"]] == [False, True]
	assert made(api, LINE | {"TaxType": kept["TaxType"]})["TotalTax"] == Decimal("15.47")


def test_inclusive_amounts_contain_the_tax_and_notax_has_none(api: Api) -> None:
	row = made(api, *priced("115.00"), LineAmountTypes="Inclusive")
	assert (row["SubTotal"], row["TotalTax"], row["Total"]) == (
		Decimal("100.00"),
		Decimal("15.00"),
		Decimal("115.00"),
	)
	row = made(api, *priced("115.00"), LineAmountTypes="NoTax")
	assert (row["TotalTax"], row["Total"]) == (0, Decimal("115.00"))


def test_unit_amounts_lose_decimals_without_unitdp(api: Api) -> None:
	body = {"Invoices": [element(api, LINE | {"UnitAmount": 1.2345, "Quantity": 100})]}
	assert api.put("Invoices", body).json()["Invoices"][0]["SubTotal"] == Decimal("123.00")
	assert api.put("Invoices", body, unitdp=4).json()["Invoices"][0]["SubTotal"] == Decimal("123.45")


def test_a_given_tax_amount_replaces_the_computed_one(api: Api) -> None:
	assert made(api, LINE | {"TaxAmount": 14.99})["Total"] == Decimal("114.99")


def test_discounts_come_off_the_line_and_are_summed(api: Api) -> None:
	row = made(api, LINE | {"DiscountRate": 10}, LINE | {"DiscountAmount": 25})
	assert [line["LineAmount"] for line in row["LineItems"]] == [Decimal("90.00"), Decimal("75.00")]
	assert (row["TotalDiscount"], row["IsDiscounted"]) == (Decimal("35.00"), True)


def test_a_discount_rate_wins_over_the_amount_even_when_it_is_zero(api: Api) -> None:
	row = made(api, LINE | {"DiscountRate": 0, "DiscountAmount": 25})
	assert row["LineItems"][0]["LineAmount"] == Decimal("100.00")


def test_an_amount_whose_per_cent_needs_more_decimals_moves_a_cent(api: Api) -> None:
	row = made(api, LINE | {"UnitAmount": 300, "DiscountAmount": 100})
	assert row["LineItems"][0]["LineAmount"] == Decimal("200.01")


@pytest.mark.parametrize(
	("line", "message"),
	[
		(
			{"LineAmount": 100, "DiscountRate": 10},
			"The line total 100.00 does not match the expected line total 90.00",
		),
		({"UnitAmount": -100, "DiscountAmount": 0}, "The discount rate '0.00' is invalid."),
		({"UnitAmount": "27.8260", "DiscountAmount": "27.8260"}, "greater than the line total"),
		({"DiscountRate": 101}, "between 0 and 100"),
		({"ItemCode": "NO-SUCH"}, "Item code 'NO-SUCH' is not valid"),
		({"TaxType": "INPUT2"}, "The TaxType code 'INPUT2' cannot be used with account code '200'."),
		({"TaxType": "OUTPUT"}, "The TaxType code 'OUTPUT' does not exist or is not active."),
		({"Description": "x" * 4001}, "4000"),
	],
)
def test_a_wrong_line_is_refused_even_in_a_draft(api: Api, line: dict[str, Any], message: str) -> None:
	got = put(api, LINE | line)
	assert got.status == 400
	assert message in got.messages()[0]


@pytest.mark.parametrize("discount", [{"DiscountRate": 10}, {"DiscountAmount": 5}, {"DiscountRate": 0}])
def test_a_bill_refuses_any_discount(api: Api, discount: dict[str, Any]) -> None:
	bill = LINE | {"AccountCode": "400", "TaxType": "INPUT2"}
	assert put(api, bill, Type="ACCPAY").status == 200
	got = put(api, bill | discount, Type="ACCPAY")
	assert "Discounts are only supported on sales invoices" in got.messages()[0]


def test_a_credit_note_with_a_discount_is_silently_not_created(api: Api) -> None:
	count = len(api.sandbox.organisations[0].credit_notes)
	body = {"CreditNotes": [element(api, LINE | {"DiscountRate": 10}, Type="ACCRECCREDIT")]}
	got = api.put("CreditNotes", body)
	assert got.status == 200
	assert got.json()["CreditNotes"][0]["CreditNoteID"] == NIL
	assert len(api.sandbox.organisations[0].credit_notes) == count


def test_a_draft_may_lack_account_and_tax_and_due_date(api: Api) -> None:
	row = made(api, {"Description": "Later", "Quantity": 1, "UnitAmount": 10}, DueDate=None)
	assert (row["Status"], row["TotalTax"], row["Total"]) == ("DRAFT", 0, Decimal("10.00"))
	got = change(api, row["InvoiceID"], Status="AUTHORISED", DueDate="2026-03-01")
	assert "Account code must be specified." in got.messages()


def test_an_unknown_account_is_a_warning_in_a_draft_and_an_error_in_an_approved_one(api: Api) -> None:
	row = made(api, LINE | {"AccountCode": "999"})
	assert "has been removed" in row["Warnings"][0]["Message"]
	assert "AccountCode" not in row["LineItems"][0]
	assert row["StatusAttributeString"] == "WARNING"
	got = put(api, LINE | {"AccountCode": "280"}, Status="AUTHORISED")
	assert got.messages() == ["Account code '280' is not a valid code for this document."]


def test_the_tax_of_the_account_is_the_default(api: Api) -> None:
	line = {"Description": "Export", "Quantity": 1, "UnitAmount": 10, "AccountCode": "230"}
	assert made(api, line)["LineItems"][0]["TaxType"] == "ZERORATED"


def test_an_item_fills_what_the_line_leaves_out(api: Api) -> None:
	line = made(api, {"ItemCode": "DEV-H", "Quantity": 2})["LineItems"][0]
	assert (line["UnitAmount"], line["AccountCode"], line["LineAmount"]) == (
		Decimal("145.0000"),
		"200",
		Decimal("290.00"),
	)
	assert line["Item"]["Code"] == "DEV-H"


@pytest.mark.parametrize(
	("more", "message"),
	[
		({"Type": "FOO"}, "Type 'FOO' is not valid"),
		({"Contact": {}}, "A Contact must be specified"),
		({"Contact": {"ContactID": NIL}}, "could not be found"),
		({"CurrencyCode": "JPY"}, "Organisation is not subscribed to currency JPY"),
		({"LineAmountTypes": "Nett"}, "LineAmountTypes"),
		({"Status": "PAID"}, "cannot be set"),
		({"Status": "VOIDED"}, "status is not valid"),
		({"Reference": "x" * 256}, "Reference"),
		({"Url": "javascript:alert(1)"}, "Url"),
		({"BrandingThemeID": NIL}, "branding theme"),
		({"Status": "AUTHORISED", "LineItems": []}, "One or more line items"),
		({"Status": "AUTHORISED", "DueDate": None}, "Due Date"),
		({"Status": "AUTHORISED", "LineItems": [LINE | {"Description": ""}]}, "Description"),
		({"Status": "AUTHORISED", "LineItems": [LINE | {"UnitAmount": -5}]}, "negative"),
	],
)
def test_a_wrong_document_is_refused(api: Api, more: dict[str, Any], message: str) -> None:
	got = put(api, **more)
	assert got.status == 400
	assert message in got.messages()[0]


@pytest.mark.parametrize(
	"body",
	["{", "[]", '{"Invoices": [{"Type": "ACCREC", "LineItems": [{"Quantity": "x"}]}]}', '{"Invoices": 5}'],
)
def test_a_body_that_cannot_be_read_is_invalid_post_data(api: Api, body: str) -> None:
	if "Quantity" in body:
		body = body.replace('"Type"', f'"Contact": {{"ContactID": "{contact(api)}"}}, "Type"')
	got = api.put("Invoices", body)
	assert got.status == 400
	assert (got.json()["Type"], got.json()["ErrorNumber"]) == ("PostDataInvalidException", 14)


def test_an_archived_contact_takes_no_invoice(api: Api) -> None:
	archived = next(row for row in api.sandbox.organisations[0].contacts if row.status == "ARCHIVED")
	got = put(api, Contact={"ContactID": archived.id})
	assert "archived" in got.messages()[0]


def test_a_contact_named_by_name_only_is_created_silently(api: Api) -> None:
	row = made(api, Contact={"Name": "Never Seen Ltd"})
	assert row["Contact"]["Name"] == "Never Seen Ltd"
	assert (
		made(api, Contact={"Name": "never seen ltd"})["Contact"]["ContactID"] == row["Contact"]["ContactID"]
	)


def test_numbers_are_given_in_turn_and_unique_for_sales(api: Api) -> None:
	first, second = made(api)["InvoiceNumber"], made(api)["InvoiceNumber"]
	assert int(second.removeprefix("INV-")) == int(first.removeprefix("INV-")) + 1
	assert put(api, InvoiceNumber=first).messages() == ["Invoice # must be unique."]
	bill = LINE | {"AccountCode": "400", "TaxType": "INPUT2"}
	for _ in range(2):
		assert put(api, bill, Type="ACCPAY", InvoiceNumber="B-1").status == 200


def test_url_and_reference_come_back_as_they_were_sent(api: Api) -> None:
	row = made(api, Url="https://crm.example/deals/1?a=b&c=d", Reference="CRM-DEAL-1")
	read = api.get(f"Invoices/{row['InvoiceID']}").json()["Invoices"][0]
	assert (read["Url"], read["Reference"]) == ("https://crm.example/deals/1?a=b&c=d", "CRM-DEAL-1")
	found = api.get("Invoices", where='Reference=="CRM-DEAL-1"').json()["Invoices"]
	assert [row["InvoiceID"] for row in found] == [read["InvoiceID"]]
	mine = api.get("Invoices", createdByMyApp="True", page=1).json()["Invoices"]
	assert [row["InvoiceID"] for row in mine] == [read["InvoiceID"]]


def test_a_bill_has_no_reference_of_its_own(api: Api) -> None:
	bill = LINE | {"AccountCode": "400", "TaxType": "INPUT2"}
	assert "Reference" not in made(api, bill, Type="ACCPAY", Reference="R")


def test_the_date_is_today_in_the_organisations_zone_when_left_out(api: Api) -> None:
	today = api.sandbox.clock.today("NEWZEALANDSTANDARDTIME")
	assert made(api, Date=None)["DateString"] == f"{today}T00:00:00"


def test_a_foreign_invoice_gets_the_rate_of_the_day(api: Api) -> None:
	assert made(api, CurrencyCode="USD")["CurrencyRate"] == Decimal("0.598400")
	assert made(api, CurrencyCode="USD", CurrencyRate=0.7)["CurrencyRate"] == Decimal("0.700000")


STEPS = [
	("DRAFT", "SUBMITTED", 200),
	("DRAFT", "AUTHORISED", 200),
	("DRAFT", "DELETED", 200),
	("DRAFT", "VOIDED", 400),
	("SUBMITTED", "DRAFT", 200),
	("SUBMITTED", "DELETED", 200),
	("AUTHORISED", "VOIDED", 200),
	("AUTHORISED", "DRAFT", 400),
	("AUTHORISED", "DELETED", 400),
]


@pytest.mark.parametrize(("before", "after", "status"), STEPS)
def test_a_status_can_go_only_where_xero_lets_it(api: Api, before: str, after: str, status: int) -> None:
	got = change(api, made(api, Status=before)["InvoiceID"], Status=after)
	assert got.status == status
	if status == 400:
		assert got.messages() == ["Invoice not of valid status for modification"]


def test_a_voided_or_deleted_document_stays_readable_and_closed(api: Api) -> None:
	identity = made(api)["InvoiceID"]
	change(api, identity, Status="DELETED")
	row = api.get(f"Invoices/{identity}").json()["Invoices"][0]
	assert (row["Status"], row["AmountDue"]) == ("DELETED", 0)
	assert change(api, identity, Reference="x").status == 400


def test_lines_left_out_are_deleted_and_no_lines_at_all_leaves_them(api: Api) -> None:
	row = made(api, *priced("10", "20"))
	kept = row["LineItems"][1]["LineItemID"]
	assert len(change(api, row["InvoiceID"], Reference="r").json()["Invoices"][0]["LineItems"]) == 2
	changed = change(api, row["InvoiceID"], LineItems=[{"LineItemID": kept, "Description": "Kept"}]).json()[
		"Invoices"
	][0]
	assert [(line["LineItemID"], line["Description"]) for line in changed["LineItems"]] == [(kept, "Kept")]
	assert changed["SubTotal"] == Decimal("20.00")


def test_post_without_id_changes_the_sales_invoice_of_that_number(api: Api) -> None:
	row = made(api)
	body = {"Invoices": [{"InvoiceNumber": row["InvoiceNumber"], "Reference": "again"}]}
	assert api.post("Invoices", body).json()["Invoices"][0]["InvoiceID"] == row["InvoiceID"]


def test_after_a_payment_only_some_fields_can_change(api: Api) -> None:
	row = made(api, Status="AUTHORISED")
	api.control("pay", invoice_id=row["InvoiceID"], amount="15.00")
	line = row["LineItems"][0]["LineItemID"]
	good = {
		"Reference": "new",
		"DueDate": "2026-05-05",
		"Url": "https://crm.example/x",
		"InvoiceNumber": "INV-X",
	}
	assert (
		change(
			api, row["InvoiceID"], **good, LineItems=[{"LineItemID": line, "Description": "Better"}]
		).status
		== 200
	)
	locked = ["This document cannot be edited as it has a payment or credit note allocated to it."]
	for bad in (
		{"Date": "2026-01-16"},
		{"LineItems": [{"LineItemID": line, "UnitAmount": 5}]},
		{"Status": "VOIDED"},
	):
		assert change(api, row["InvoiceID"], **bad).messages() == locked


def test_a_due_date_changed_on_a_part_paid_invoice_is_missed_by_if_modified_since(api: Api) -> None:
	row = made(api, Status="AUTHORISED")
	api.control("pay", invoice_id=row["InvoiceID"], amount="15.00")
	stored = api.sandbox.organisations[0].invoices[row["InvoiceID"]]
	before = stored.updated
	api.sandbox.advance(60)
	change(api, row["InvoiceID"], DueDate="2026-05-05")
	assert (stored.updated, stored.due_date) == (before, date(2026, 5, 5))
	change(api, row["InvoiceID"], Reference="seen")
	assert stored.updated > before


def test_a_lock_date_closes_the_time_before_it(api: Api) -> None:
	api.sandbox.organisations[0].profile["PeriodLockDate"] = date(2026, 1, 31)
	assert "lock date" in put(api, Date="2026-01-31").messages()[0]
	assert put(api, Date="2026-02-01").status == 200
	assert api.get("Organisation").json()["Organisations"][0]["PeriodLockDate"].startswith("/Date(")


def test_one_bad_invoice_of_many_refuses_all_by_default(api: Api) -> None:
	count = len(api.sandbox.organisations[0].invoices)
	body = {"Invoices": [element(api), element(api, Type="FOO")]}
	got = api.put("Invoices", body)
	assert got.status == 400
	assert got.json()["Message"] == "A validation exception occurred"
	assert len(got.json()["Elements"]) == 1
	assert len(api.sandbox.organisations[0].invoices) == count
	got = api.put("Invoices", body, summarizeErrors="false").json()["Invoices"]
	assert [row["StatusAttributeString"] for row in got] == ["OK", "ERROR"]
	assert (got[1]["InvoiceID"], got[1]["HasErrors"]) == (NIL, True)


def test_the_first_invoice_makes_a_contact_a_customer(api: Api) -> None:
	person = api.put("Contacts", {"Contacts": [{"Name": "Newcomer"}]}).json()["Contacts"][0]["ContactID"]
	made(api, Contact={"ContactID": person})
	row = api.get(f"Contacts/{person}").json()["Contacts"][0]
	assert (row["IsCustomer"], row["IsSupplier"]) == (True, False)


def test_a_date_in_ms_form_is_the_same_day(api: Api) -> None:
	assert made(api, Date="/Date(1768435200000+0000)/")["DateString"] == "2026-01-15T00:00:00"


@given(
	st.lists(
		st.tuples(
			st.decimals(0, 9999, places=4),
			st.decimals(-999, 9999, places=4),
			st.sampled_from(["0", "5", "12.5", "15", "20"]),
		),
		min_size=1,
		max_size=8,
	)
)
def test_line_tax_is_never_more_than_half_a_cent_off(lines: list[tuple[Decimal, Decimal, str]]) -> None:
	for quantity, price, rate in lines:
		amount = rounding.line_amount(quantity, price)
		assert abs(amount - quantity * price) <= Decimal("0.005")
		exclusive = rounding.line_tax(amount, Decimal(rate), "Exclusive")
		assert abs(exclusive - amount * Decimal(rate) / 100) <= Decimal("0.005")
		inclusive = rounding.line_tax(amount, Decimal(rate), "Inclusive")
		assert abs(inclusive * (100 + Decimal(rate)) - amount * Decimal(rate)) <= Decimal("0.0051") * (
			100 + Decimal(rate)
		)


def test_approving_leaves_amounts_that_were_set_by_hand(api: Api) -> None:
	row = made(api, LINE | {"TaxAmount": 14.99, "UnitAmount": 1.2345, "Quantity": 100})
	got = change(api, row["InvoiceID"], Status="AUTHORISED").json()["Invoices"][0]
	assert (got["Status"], got["SubTotal"], got["Total"]) == (
		"AUTHORISED",
		Decimal("123.45"),
		Decimal("138.44"),
	)


def test_another_kind_of_line_amounts_makes_another_tax(api: Api) -> None:
	row = made(api, LINE | {"UnitAmount": 115})
	got = change(api, row["InvoiceID"], LineAmountTypes="Inclusive").json()["Invoices"][0]
	assert (got["SubTotal"], got["TotalTax"], got["Total"]) == (
		Decimal("100.00"),
		Decimal("15.00"),
		Decimal("115.00"),
	)


def test_a_person_cannot_approve_what_is_incomplete(api: Api) -> None:
	row = made(api, {"Description": "Later", "Quantity": 1, "UnitAmount": 10}, DueDate=None)
	got = api.control("authorise", id=row["InvoiceID"])
	assert got.status == 400
	assert "Due Date must be specified." in got.json()["error"]
	assert "Account code must be specified." in got.json()["error"]
	assert api.get(f"Invoices/{row['InvoiceID']}").json()["Invoices"][0]["Status"] == "DRAFT"
