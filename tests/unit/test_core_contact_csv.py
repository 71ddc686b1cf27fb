"""Contacts as CSV: what a spreadsheet may do to a file, and what a file may do to a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core import contact_csv
from xero_connector.core.contact_csv import NEW, UPDATE, Row
from xero_connector.core.errors import Code, NeedsPerson


def rows_of(text: str, **options: object) -> list[dict[str, str]]:
	return [row.values for row in contact_csv.read(text.encode(), **options).rows]  # type: ignore[arg-type]


def refused(data: bytes, fields: list[str] | None = None) -> NeedsPerson:
	with pytest.raises(NeedsPerson) as caught:
		contact_csv.read(data, fields)
	return caught.value


# on the way out


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r\n=", " =", "|", "%", "＝", "'="])
def test_what_a_spreadsheet_would_run_is_text(start: str) -> None:
	written = contact_csv.write(["Name"], [[f"{start}HYPERLINK(1)"]]).decode("utf-8-sig")
	[cell] = written.splitlines(keepends=True)[1:2]
	assert cell.lstrip('"').startswith("'")


def test_a_heading_is_no_formula_either() -> None:
	assert contact_csv.write(["=1+1"], []).decode("utf-8-sig").startswith("'=1+1")


def test_a_plain_text_is_written_as_it_is() -> None:
	assert (
		contact_csv.write(["Name"], [["'t Hooft & Co"]]).decode("utf-8-sig").splitlines()[1]
		== "'t Hooft & Co"
	)


@given(st.lists(st.text(alphabet=st.sampled_from("a0 '=+-@,;\"\n\té"), min_size=1), min_size=1))
def test_what_is_written_is_read_back(texts: list[str]) -> None:
	table = contact_csv.read(contact_csv.write(["Name", "City"], [[text, "x"] for text in texts]))
	assert [row.get("contact_name") for row in table.rows] == [text.strip() for text in texts]


# on the way in


def test_our_own_headings_are_known() -> None:
	data = contact_csv.write(list(contact_csv.HEADINGS.values()), [])
	assert contact_csv.read(data).fields == tuple(contact_csv.HEADINGS)


def test_xero_s_own_export_is_known_its_lines_and_phone_joined() -> None:
	text = (
		"*ContactName,AccountNumber,EmailAddress,FirstName,POAddressLine1,POAddressLine2,POCity,POPostalCode,"
		"PhoneNumber,PhoneAreaCode,PhoneCountryCode,SkypeName\n"
		"Acme,A1,a@example.com,Jo,Unit 5,1 Mill Lane,Leeds,LS1 1AA,7946 0018,020,44,joskype\n"
	)
	assert rows_of(text) == [
		{
			"contact_name": "Acme",
			"account_number": "A1",
			"email_address": "a@example.com",
			"first_name": "Jo",
			"city": "Leeds",
			"postal_code": "LS1 1AA",
			"address_line": "Unit 5, 1 Mill Lane",
			"phone": "44 020 7946 0018",
		}
	]


def test_columns_may_be_chosen() -> None:
	assert rows_of("A,B,C\nAcme,x,Leeds\n", fields=["contact_name", "", "city"]) == [
		{"contact_name": "Acme", "city": "Leeds"}
	]


def test_of_two_columns_of_one_name_the_first_counts() -> None:
	assert rows_of("Name,Email,E-mail\nAcme,first@example.com,second@example.com\n") == [
		{"contact_name": "Acme", "email_address": "first@example.com"}
	]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_any_spreadsheet_are_read(delimiter: str, encoding: str) -> None:
	text = delimiter.join(("Name", "City")) + "\r\n" + delimiter.join(("Café Süd", "Köln")) + "\r\n"
	[row] = contact_csv.read(text.encode(encoding)).rows
	assert row.values == {"contact_name": "Café Süd", "city": "Köln"}


def test_rows_are_numbered_as_in_a_spreadsheet_and_empty_ones_left_out() -> None:
	table = contact_csv.read(b"Name\nOne\n\n  \nTwo\n")
	assert [(row.line, row.get("contact_name")) for row in table.rows] == [(2, "One"), (5, "Two")]


def test_short_and_long_rows_do_no_harm() -> None:
	assert rows_of("Name,City\nOne\nTwo,Leeds,more\n") == [
		{"contact_name": "One"},
		{"contact_name": "Two", "city": "Leeds"},
	]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x89PNG\0\0\0", b'Name\n"never closed'])
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
	failure = refused(data)
	assert (failure.code, failure.values["field"]) == (Code.INVALID_VALUE, "file")


def test_a_file_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(contact_csv, "MOST_ROWS", 2)
	assert refused(b"Name\n1\n2\n3\n").values == {"field": "file", "value": "3"}
	monkeypatch.setattr(contact_csv, "MOST_BYTES", 5)
	assert refused(b"Name\n1\n").code is Code.INVALID_VALUE


def test_choices_for_another_file_are_refused() -> None:
	assert refused(b"Name,City\n", ["contact_name"]).values["field"] == "columns"


# rows that are about the same


def table(*rows: dict[str, str]) -> list[Row]:
	return [Row(line, (), values) for line, values in enumerate(rows, 2)]


def test_a_client_is_new_once() -> None:
	same = table(
		{"contact_name": "Acme"}, {"contact_name": "Other"}, {"contact_name": "ACME", "postal_code": "1"}
	)
	assert contact_csv.repeats(same, NEW) == {4: 2}


def test_clients_of_one_name_are_told_apart_by_postcode_and_by_reference() -> None:
	rows = table(
		{"contact_name": "Acme", "postal_code": "LS1 1AA"},
		{"contact_name": "Acme", "postal_code": "YO1"},
		{"contact_name": "Acme", "postal_code": "ls11aa"},
		{"contact_name": "Acme", "contact_id": "x"},
		{"contact_name": "Acme", "contact_id": "X", "record_name": "CUST-1"},
	)
	assert contact_csv.repeats(rows, UPDATE) == {4: 2}


def test_rows_without_any_name_are_not_the_same() -> None:
	assert contact_csv.repeats(table({"city": "Leeds"}, {"city": "Leeds"}), NEW) == {}


# telephone numbers


@pytest.mark.parametrize(
	("phone", "known", "expected"),
	[
		("2079460018", "020 7946 0018", "020 7946 0018"),
		("442079460018", "+44 20 7946 0018", "+44 20 7946 0018"),
		("2079460018", "", "2079460018"),
		("2079460999", "020 7946 0018", "2079460999"),
		("4.42079E+11", "+44 20 7946 0018", ""),
		("", "020 7946 0018", ""),
	],
)
def test_the_zeros_that_a_spreadsheet_took_are_put_back(phone: str, known: str, expected: str) -> None:
	assert contact_csv.with_zeros(phone, known) == expected


def test_postcodes_are_the_same_however_they_are_written() -> None:
	assert contact_csv.same_postcode("LS1 1AA", "ls11aa")
	assert not contact_csv.same_postcode("", "")
