"""Rows of a CSV file made into records, or brought into those that are there: two modes (R67-R71, R96).

Some dozens at a time, each with what became of it, committed: whatever is stopped or killed goes on there. What a row
does not say is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import frappe

from xero_connector import two_way
from xero_connector.core import contact_csv
from xero_connector.core.contact_csv import NEW, Row, Table
from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.core.sending import batches
from xero_connector.site import access, contact_files, links, news, runs
from xero_connector.site.contact_files import Finder, Found
from xero_connector.site.database import again_after_deadlock
from xero_connector.site.hosts import details
from xero_connector.site.hosts.fields import FIELDS
from xero_connector.site.links import Party
from xero_connector.site.runs import Result, Run

_TOGETHER = 20
"""In one transaction: a record with its person and its address takes a tenth of a second."""
_LOOKED_UP = 500
_SKIPPED = (Code.ALREADY_HERE, Code.NOT_HERE, Code.REPEATED_ROW, Code.NOT_ALLOWED)
"""The row is not for this mode or this person; anything else is something to put right."""


class Preview(NamedTuple):
	"""How many rows would come out how, and the first of them with what would become of each."""

	counts: Counter[str]
	rows: list[tuple[Row, Result]]


def preview(organisation: str, table: Table, mode: str, shown: int) -> Preview:
	"""What would happen, without doing it."""
	counts: Counter[str] = Counter()
	rows: list[tuple[Row, Result]] = []
	repeats = contact_csv.repeats(table.rows, mode)
	for row, found in _looked_up(organisation, table.rows, mode):
		told = _repeated(row, repeats) or found.failure
		outcome = _outcome(told) if told else ("would_create" if mode == NEW else "would_update")
		counts[outcome] += 1
		if len(rows) < shown:
			rows.append((row, _result(row, outcome, found.record, told)))
	return Preview(counts, rows)


def _looked_up(organisation: str, rows: Sequence[Row], mode: str) -> Iterator[tuple[Row, Found]]:
	for batch in batches(rows, _LOOKED_UP):
		finder = Finder(organisation, batch, mode)
		yield from ((row, finder.find(row)) for row in batch)


def begin(organisation: str, data: bytes, table: Table, mode: str) -> str:
	"""A run over the rows of a file, with the file."""
	options = {"organisation": organisation, "mode": mode, "fields": table.fields}
	lines = [str(row.line) for row in table.rows]
	run = runs.ask(runs.IMPORT_CSV, details.main_doctype(), lines, total=len(lines), options=options)
	contact_files.keep(run, data)
	return run


class CsvImporter:
	"""Works through the rows of a run; `wishes` are rows of the outbox that this led to, where contacts are kept
	two-way."""

	def __init__(self, run: Run) -> None:
		self.run = run
		self.wishes: list[str] = []
		self._mode: str = run.options["mode"]
		self._organisation: str = run.options["organisation"]
		table = contact_files.kept(run.name, run.options["fields"])
		self._rows = {str(row.line): row for row in table.rows}
		self._repeats = contact_csv.repeats(table.rows, self._mode)

	def step(self, lines: Sequence[str]) -> None:
		for batch in batches(lines, _TOGETHER):
			again_after_deadlock(partial(self._batch, batch))

	def _batch(self, lines: Sequence[str]) -> None:
		rows = [self._rows[line] for line in lines]
		finder = Finder(self._organisation, rows, self._mode)
		runs.step(self.run, [self._settle(row, finder) for row in rows])
		news.tell(self._organisation, sorted({row.get("contact_id").lower() for row in rows} - {""}))

	def _settle(self, row: Row, finder: Finder) -> Result:
		frappe.db.savepoint("xero_csv")
		try:
			return self._imported(row, finder)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			# the whole batch is done anew
			raise
		except XeroConnectorError as failure:
			return _failed(row, failure)
		except frappe.ValidationError as refusal:
			why = frappe.utils.strip_html(str(refusal))[:140]
			return _failed(row, NeedsPerson(Code.NOT_SAVED, why=why))
		except Exception:
			frappe.log_error(title="Xero: a row of a CSV file was not imported")
			return _failed(row, NeedsPerson(Code.UNKNOWN))

	def _imported(self, row: Row, finder: Finder) -> Result:
		found = finder.find(row)
		if told := _repeated(row, self._repeats) or found.failure:
			raise told
		values = {**row.values, **finder.phones(row, found.contact)}
		values = {field: value for field, value in values.items() if value}
		if not found.record:
			record, outcome = details.create(_part(values))[0], "created"
		else:
			record, outcome = _changed(found.record, _part(values))
		own = _own_changed(record, values)
		tied = self._tie(record, found.contact)
		if outcome == "unchanged" and (own or tied):
			outcome = "updated"
		self.wishes += two_way.offer(record) if outcome == "updated" else []
		return _result(row, outcome, record)

	def _tie(self, record: Party, contact: str | None) -> bool:
		"""To the contact that the row names (R65); whether that is new."""
		if not contact or record in links.records_of([contact]).get(contact, ()):
			return False
		links.add(record, links.CONTACT, contact, self._organisation, links.IMPORTED)
		wish = two_way.bring(record, contact)
		self.wishes += [wish] if wish else []
		return True


def _changed(record: Party, values: dict[str, str]) -> tuple[Party, str]:
	if not access.may_write(frappe.get_doc(*record)):
		raise NeedsPerson(Code.NOT_ALLOWED)
	now = details.read(record)
	wanted = {
		field: value
		for field, value in details.holdable(record, values).items()
		if value and value != now[field]
	}
	return (details.write(record, wanted), "updated") if wanted else (record, "unchanged")


def _own_changed(record: Party, values: dict[str, str]) -> bool:
	"""Fields of the record's own that columns were taken for (R67)."""
	told = {
		field.removeprefix(contact_files.OWN): value
		for field, value in values.items()
		if field.startswith(contact_files.OWN)
	}
	document = frappe.get_doc(*record) if told else None
	wanted = {
		name: value
		for name, value in told.items()
		if document and document.meta.has_field(name) and str(document.get(name) or "") != value
	}
	if document and wanted:
		document.update(wanted)
		with details.writing():
			document.save(ignore_permissions=True)
	return bool(wanted)


def _part(values: dict[str, str]) -> dict[str, str]:
	return {field: value for field, value in values.items() if field in FIELDS}


def _repeated(row: Row, repeats: dict[int, int]) -> NeedsPerson | None:
	first = repeats.get(row.line)
	return NeedsPerson(Code.REPEATED_ROW, line=str(first)) if first else None


def _outcome(failure: XeroConnectorError) -> str:
	return "skipped" if failure.code in _SKIPPED else "refused"


def _failed(row: Row, failure: XeroConnectorError) -> Result:
	frappe.db.rollback(save_point="xero_csv")
	frappe.clear_messages()
	return _result(row, _outcome(failure), None, failure)


def _result(
	row: Row, outcome: str, record: Party | None = None, failure: XeroConnectorError | None = None
) -> Result:
	title = row.get("contact_name") or row.get("record_name") or row.get("contact_id") or str(row.line)
	told = (failure.code.value, dict(failure.values)) if failure else None
	# of what is no record, the line is what people look for
	return Result(record or Party("File", str(row.line)), title, outcome, told)
