"""Contacts in a CSV file: an organisation's whole list on its way out, and lists of clients on their way in (R66-R71).

A file that a spreadsheet opens must not be a program: what would be a formula there gets a ' in front of it, which is
taken off again on the way in. Spreadsheets take the zeros off telephone numbers: where we know the number, they are put
back (R69).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xero_connector.core.errors import Code, NeedsPerson

MOST_BYTES = 10_000_000
MOST_ROWS = 50_000

NEW, UPDATE = MODES = ("new", "update")

HEADINGS = {
	"contact_id": "Xero Reference",
	"contact_name": "Name",
	"first_name": "First Name",
	"last_name": "Last Name",
	"email_address": "E-mail",
	"phone": "Phone",
	"mobile": "Mobile",
	"address_line": "Street",
	"city": "City",
	"region": "State",
	"postal_code": "Postcode",
	"country": "Country",
	"tax_number": "Tax Number",
	"account_number": "Account Number",
	"record_doctype": "CRM Record Type",
	"record_name": "CRM ID",
}
"""What a column can be taken for, with its heading in our own files."""
KEYS = ("record_name", "contact_id", "contact_name")
"""What tells which record a row is about, surest first (R71)."""
ALSO_EXPORTED = {
	"contact_number": "Contact Code",
	"is_customer": "Customer",
	"is_supplier": "Supplier",
	"status": "Status",
	"receivable_outstanding": "Receivable",
	"receivable_overdue": "Receivable Overdue",
	"payable_outstanding": "Payable",
	"payable_overdue": "Payable Overdue",
}
"""What is told of a contact besides, and not read back."""

_PARTS = {
	"address_line": ("address_line1", "address_line2", "address_line3", "address_line4"),
	"phone": ("phone_country", "phone_area", "phone_number"),
}
"""Fields that other programs spread over several columns, with what stands between the parts."""
_BETWEEN = {"address_line": ", ", "phone": " "}
_ALIASES = {
	# Xero's own export and import files
	"contactname": "contact_name",
	"emailaddress": "email_address",
	"phonecountrycode": "phone_country",
	"phoneareacode": "phone_area",
	"phonenumber": "phone_number",
	"mobilenumber": "mobile",
	"poaddressline1": "address_line1",
	"poaddressline2": "address_line2",
	"poaddressline3": "address_line3",
	"poaddressline4": "address_line4",
	"pocity": "city",
	"poregion": "region",
	"popostalcode": "postal_code",
	"pocountry": "country",
	# what CRMs call them
	"contactid": "contact_id",
	"xeroid": "contact_id",
	"company": "contact_name",
	"companyname": "contact_name",
	"organization": "contact_name",
	"organisation": "contact_name",
	"customername": "contact_name",
	"accountname": "contact_name",
	"email": "email_address",
	"telephone": "phone",
	"mobilephone": "mobile",
	"billingstreet": "address_line",
	"address": "address_line",
	"addressline1": "address_line1",
	"addressline2": "address_line2",
	"billingcity": "city",
	"county": "region",
	"region": "region",
	"billingstate": "region",
	"zip": "postal_code",
	"zipcode": "postal_code",
	"postalcode": "postal_code",
	"billingpostcode": "postal_code",
	"billingcountry": "country",
	"vatnumber": "tax_number",
	"taxid": "tax_number",
	"gstnumber": "tax_number",
	"id": "record_name",
	"recordid": "record_name",
}
_DELIMITERS = (",", ";", "\t")
_FORMULA = re.compile(r"'*[=+\-@|%＝＋－＠]")
"""What a spreadsheet may run, also behind quotes of ours or anybody's."""
_RUINED_NUMBER = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
"""A number that a spreadsheet has rounded: worse than none."""


class Row(NamedTuple):
	"""`line` is the row's number in a spreadsheet, where the headings are 1; `values` are its filled fields."""

	line: int
	cells: tuple[str, ...]
	values: dict[str, str]

	def get(self, field: str) -> str:
		return self.values.get(field, "")


class Table(NamedTuple):
	"""`fields` are what each of the columns is taken for, "" for nothing."""

	headings: tuple[str, ...]
	fields: tuple[str, ...]
	rows: tuple[Row, ...]


def write(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
	"""With the mark by which spreadsheets know UTF-8, and without anything that they would run."""
	text = io.StringIO()
	writer = csv.writer(text)
	writer.writerow([_harmless(heading) for heading in headings])
	writer.writerows([_harmless(cell) for cell in row] for row in rows)
	return text.getvalue().encode("utf-8-sig")


def read(data: bytes, fields: Sequence[str] | None = None) -> Table:
	"""`fields` are what its columns are to be taken for; None: what their headings say.

	Raises NeedsPerson(INVALID_VALUE) for what is no such file, or too long a one.
	"""
	lines = _lines(data)
	headings = tuple(cell.strip() for cell in lines[0])
	taken = tuple(fields) if fields is not None else _guessed(headings)
	if len(taken) != len(headings):
		raise NeedsPerson(Code.INVALID_VALUE, field="columns", value=str(len(taken)))
	rows = tuple(
		_row(number, cells, taken)
		for number, cells in enumerate(lines, 1)
		if number > 1 and any(map(str.strip, cells))
	)
	if len(rows) > MOST_ROWS:
		raise NeedsPerson(Code.INVALID_VALUE, field="file", value=str(len(rows)))
	return Table(headings, taken, rows)


def repeats(rows: Iterable[Row], mode: str) -> dict[int, int]:
	"""Lines that are about the same record as one before them, with that one's line."""
	first: dict[tuple[str, ...], int] = {}
	found: dict[int, int] = {}
	for row in rows:
		line = first.setdefault(_identity(row, mode), row.line)
		if line != row.line:
			found[row.line] = line
	return found


def with_zeros(phone: str, known: str) -> str:
	"""The known number, where a spreadsheet has made `phone` of it; nothing of a number that is ruined."""
	if _RUINED_NUMBER.fullmatch(phone):
		return ""
	return known if known and _significant(phone) == _significant(known) else phone


def same_postcode(ours: str, theirs: str) -> bool:
	return bool(ours) and _bare(ours) == _bare(theirs)


def choices() -> dict[str, str]:
	"""What a column can be taken for, with its name."""
	parts = [part for each in _PARTS.values() for part in each]
	return HEADINGS | {part: part.replace("_", " ").capitalize() for part in parts}


def _identity(row: Row, mode: str) -> tuple[str, ...]:
	for key in KEYS[:2]:
		if row.get(key):
			return key, row.get(key).casefold()
	postcode = _bare(row.get("postal_code")) if mode == UPDATE else ""
	return ("", row.get("contact_name").casefold() or str(row.line), postcode)


def _lines(data: bytes) -> list[list[str]]:
	if len(data) > MOST_BYTES:
		raise NeedsPerson(Code.INVALID_VALUE, field="file", value=f"{len(data) // 1_000_000} MB")
	text = _text(data)
	delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
	try:
		lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
	except csv.Error as error:
		raise NeedsPerson(Code.INVALID_VALUE, field="file", value=str(error)) from None
	if not lines or not any(cell.strip() for cell in lines[0]):
		raise NeedsPerson(Code.INVALID_VALUE, field="file", value="")
	return lines


def _text(data: bytes) -> str:
	"""As spreadsheets write it: UTF-8, UTF-16, else what Windows does."""
	for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
		try:
			text = data.decode(encoding)
		except UnicodeDecodeError:
			continue
		if "\0" not in text:
			return text
	raise NeedsPerson(Code.INVALID_VALUE, field="file", value="")


def _guessed(headings: Sequence[str]) -> tuple[str, ...]:
	"""Each field once, for the first column that is called so."""
	known = {_bare(heading): field for field, heading in HEADINGS.items()}
	known |= {_bare(field): field for field in HEADINGS} | _ALIASES
	taken: list[str] = []
	for heading in headings:
		field = known.get(_bare(heading), "")
		taken.append("" if field in taken else field)
	return tuple(taken)


def _row(line: int, given: Sequence[str], fields: Sequence[str]) -> Row:
	cells = tuple(map(_meant, given))
	told = {field: cell for field, cell in zip(fields, cells, strict=False) if field and cell}
	for field, parts in _PARTS.items():
		joined = _BETWEEN[field].join(told[part] for part in parts if part in told)
		told = {name: value for name, value in told.items() if name not in parts}
		if joined:
			told.setdefault(field, joined)
	return Row(line, cells, told)


def _harmless(cell: str) -> str:
	# without the space that would hide its beginning
	text = cell.strip()
	return f"'{text}" if _FORMULA.match(text) else text


def _meant(cell: str) -> str:
	text = cell.strip()
	return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def _significant(phone: str) -> str:
	return re.sub(r"\D", "", phone).lstrip("0")


def _bare(text: str) -> str:
	return re.sub(r"[\W_]", "", text).casefold()
