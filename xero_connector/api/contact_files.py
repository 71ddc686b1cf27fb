"""Contacts in CSV files: an organisation's list to take away, and lists of clients to bring in (R66-R71, R96)."""

import base64
import binascii
from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from xero_connector import csv_import, tasks
from xero_connector.api import tools
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.api.input import one_of, structure
from xero_connector.core import contact_csv
from xero_connector.core.contact_csv import MODES, NEW, Row, Table
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import contact_files, hosts, organisations, runs
from xero_connector.site.hosts import details
from xero_connector.site.runs import Result

SHOWN = 50
"""Rows of a preview."""


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def export_csv(organisation: str) -> Response:
	"""All contacts of an organisation, with Xero's reference and the record that each is here (R66)."""
	state = organisations.get(organisation)
	headings, rows = contact_files.exported(state.name)
	return _download(f"Xero contacts {state.title} {state.today}", contact_csv.write(headings, rows))


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def import_preview(
	organisation: str, file: str, mode: str = NEW, columns: list[str] | str | None = None
) -> dict[str, Any]:
	"""What importing a file (base64) would do: {total, counts by outcome, columns: [{heading, field}], choices:
	[{value, label}] for a column, rows: the first SHOWN [{line, name, outcome, message, record, url}]}.

	`columns` are what its columns are to be taken for, "" for nothing; None: what their headings say.
	"""
	state = organisations.get(organisation)
	_check_permission(mode)
	table = _table(_content(file), columns)
	found = csv_import.preview(state.name, table, mode, SHOWN)
	columns_as_taken = zip(table.headings, table.fields, strict=True)
	return {
		"total": len(table.rows),
		"counts": dict(found.counts),
		"columns": [{"heading": heading, "field": field} for heading, field in columns_as_taken],
		"choices": [{"value": field, "label": _(label)} for field, label in _choices().items()],
		"rows": [_row(row, result) for row, result in found.rows],
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.SEE_BOOKS)
def import_run(
	organisation: str, file: str, mode: str, columns: list[str] | str | None = None
) -> dict[str, Any]:
	"""Import the rows of a file (base64) as a run: "new" makes records, "update" changes those that are here (R96)."""
	state = organisations.get(organisation)
	_check_permission(mode)
	data = _content(file)
	run = csv_import.begin(state.name, data, _table(data, columns), mode)
	tasks.enqueue_run(run)
	return tools.answer(runs.get(run))


@frappe.whitelist()
@entry(Right.SEE_BOOKS)
def import_result(run: str) -> Response:
	"""The rows that a run left out, as they were, each with the reason: to put right and import again."""
	found = runs.get(run)
	if found.action != runs.IMPORT_CSV:
		raise NeedsPerson(Code.NOT_FOUND, what=run)
	table = contact_files.kept(run, found.options["fields"])
	rows = {str(row.line): row for row in table.rows}
	width = len(table.headings)
	left_out = [
		[*(*rows[found.names[place - 1]].cells, *[""] * width)[:width], sentence(*failure) if failure else ""]
		for place, failure in runs.left_out(run)
	]
	return _download(f"Not imported {run}", contact_csv.write([*table.headings, _("Reason")], left_out))


def _content(file: str) -> bytes:
	try:
		return base64.b64decode(file, validate=True)
	except (binascii.Error, ValueError):
		raise NeedsPerson(Code.INVALID_VALUE, field="file", value=file[:20]) from None


def _table(data: bytes, columns: list[str] | str | None) -> Table:
	if columns is None:
		return contact_csv.read(data)
	chosen, allowed = structure("columns", columns), {"", *_choices()}
	if not isinstance(chosen, list):
		raise NeedsPerson(Code.INVALID_VALUE, field="columns", value=str(columns)[:40])
	return contact_csv.read(data, [one_of("columns", str(each), allowed) for each in chosen])


def _choices() -> dict[str, str]:
	return contact_csv.choices() | contact_files.own_fields()


def _check_permission(mode: str) -> None:
	"""The one who asks could do the same by hand."""
	needed = "create" if one_of("mode", mode, MODES) == NEW else "write"
	if not frappe.has_permission(details.main_doctype(), needed):
		raise frappe.PermissionError(_("You are not allowed to do this."))


def _row(row: Row, result: Result) -> dict[str, Any]:
	is_record = hosts.is_record_type(result.record.doctype)
	return {
		"line": row.line,
		"name": result.title,
		"outcome": result.outcome,
		"message": sentence(*result.failure) if result.failure else "",
		"record": result.record.name if is_record else None,
		"url": hosts.url_of(result.record) if is_record else None,
	}


def _download(name: str, content: bytes) -> Response:
	answer = Response(content, content_type="text/csv; charset=utf-8")
	# Frappe's own download spoils names beyond ASCII
	answer.headers.add("Content-Disposition", "attachment", filename=f"{' '.join(name.split())}.csv")
	return answer
