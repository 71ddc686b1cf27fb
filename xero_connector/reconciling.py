"""Comparing an organisation's mirror with Xero, and reading again what differs (B4).

Balances and counts come first, in a call for a thousand contacts and one for each list: where they agree, nothing else
is asked. Only what does not agree is compared document by document. Nothing is put right by comparing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from xero_connector import bootstrap, reading
from xero_connector.core import reconciliation as rules
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import Contact, Endpoint
from xero_connector.core.money import ZERO
from xero_connector.core.quota import Priority
from xero_connector.core.reconciliation import Balance, Difference, Kind
from xero_connector.core.sending import batches
from xero_connector.core.sync import Row
from xero_connector.site import mirror, mirrored, organisations, polls, reconciliations, runs
from xero_connector.site.database import commit_step
from xero_connector.site.links import Party
from xero_connector.site.runs import Result, Run
from xero_connector.xero.reader import IDS_A_CALL, Reader

MOST_SUSPECTS = 400
"""Contacts whose documents are asked for by contact; where more are in doubt, all documents come in fewer calls."""

_CONTACTS_A_CALL = 20
_LISTS = {Endpoint.INVOICES: "invoices", Endpoint.CREDIT_NOTES: "credit_notes"}


def check_ready(organisation: str) -> None:
	"""Raises NeedsPerson: what keeps us from asking Xero; NOT_READ_YET before the first load is complete."""
	bootstrap.check_open(organisations.get(organisation))
	if polls.is_first(organisation):
		raise NeedsPerson(Code.NOT_READ_YET)


def compare(run: Run) -> None:
	"""Do the run's stages that are left; each is committed with what it found."""
	for stage in run.names[run.done :]:
		comparison = _Comparison(run)
		found = _STAGES[stage](comparison)
		if found is None or runs.stop_requested(run.name):
			return
		comparison.keep(stage, found)


class _Comparison:
	"""What the stages of one run share."""

	def __init__(self, run: Run) -> None:
		self.run = run
		self.kept = reconciliations.of_run(run.name)
		self.organisation = organisations.get(self.kept.organisation)
		client = bootstrap.client(self.organisation.name, priority=Priority.POLL)
		self.reader = Reader(client, self.organisation.name)

	def read(self) -> None:
		"""What is new comes first, or it would look like a difference."""
		polls.want(self.organisation.name)
		commit_step()
		reading.read_organisation(self.organisation.name)

	def read_to(self, endpoint: Endpoint) -> datetime | None:
		return mirror.SiteMirror(self.organisation.name).cursor(endpoint).since

	def pages(self, endpoint: Endpoint) -> Iterator[Sequence[Row]]:
		"""A whole list, each row once."""
		seen: set[str] = set()
		for page in self.reader.pages(endpoint, None):
			# the mirror is looked up as it is now, not as it was before the call
			commit_step()
			yield [row for row in page if row[0] not in seen]
			seen.update(row[0] for row in page)
			runs.renew(self.run.name)

	@property
	def is_stopped(self) -> bool:
		return runs.stop_requested(self.run.name)

	@cached_property
	def found_before(self) -> list[Difference]:
		return [row.difference for row in reconciliations.rows(self.kept.name)]

	def note(self, **figures: object) -> None:
		reconciliations.note(self.kept.name, **figures)

	def keep(self, stage: str, found: Sequence[Difference]) -> None:
		reconciliations.add(self.kept.name, found)
		is_last = stage == reconciliations.STAGES[-1]
		owed = mirrored.owed(self.organisation) if is_last else ()
		self.note(currencies=rules.by_currency(owed, [*self.kept.currencies, *rules.shifts(found)]))
		if is_last:
			reconciliations.finish(self.kept.name)
		outcome = "differs" if found else "agrees"
		record = Party(reconciliations.DOCTYPE, self.kept.name)
		runs.step(self.run, [Result(record, stage, outcome)])


def _contacts(comparison: _Comparison) -> list[Difference] | None:
	"""Every contact with its balances. Those of contacts that are otherwise the same are kept, which Xero's list of
	changes leaves out (xero-facts 0.9)."""
	comparison.read()
	organisation = comparison.organisation
	read_to = comparison.read_to(Endpoint.CONTACTS)
	here = rules.balances(mirrored.owed(organisation))
	there: dict[str, Balance] = {}
	found: list[Difference] = []
	known = mirrored.ids(organisation.name, Endpoint.CONTACTS)
	for page in comparison.pages(Endpoint.CONTACTS):
		ours = mirrored.rows(Endpoint.CONTACTS, [row[0] for row in page])
		found += rules.differing(ours, page, read_to)
		mirror.save_contacts(
			[row for row in page if row[0] in ours and not rules.unlike(ours[row[0]], row)]  # type: ignore[misc]
		)
		there |= {row[0]: rules.balance_of(row) for row in page if isinstance(row, Contact)}
		commit_step()
		if comparison.is_stopped:
			return None
	lost = mirrored.rows(Endpoint.CONTACTS, sorted(known - set(there)))
	found += rules.extra(lost, read_to)
	none = Balance()
	comparison.note(
		suspects=sorted(contact for contact, told in there.items() if told != here.get(contact, none)),
		contacts_here=len(known & set(there)) + sum(each.kind is Kind.EXTRA for each in found),
		contacts_in_xero=len(there),
		**_totals("here", here.values()),
		**_totals("in_xero", there.values()),
	)
	return found


def _totals(where: str, balances: Iterable[Balance]) -> dict[str, Decimal]:
	every = list(balances)
	return {
		f"{side}_{where}": sum((getattr(each, side) for each in every), ZERO)
		for side in ("receivable", "payable")
	}


def _invoices(comparison: _Comparison) -> list[Difference] | None:
	return _list(comparison, Endpoint.INVOICES)


def _credit_notes(comparison: _Comparison) -> list[Difference] | None:
	return _list(comparison, Endpoint.CREDIT_NOTES)


def _list(comparison: _Comparison, endpoint: Endpoint) -> list[Difference] | None:
	"""Whether both sides have as many, and which are not the same if not: paid ones stand in no balance."""
	here, in_xero = _counts(comparison, endpoint)
	found: list[Difference] | None = []
	if here != in_xero or len(comparison.kept.suspects) > MOST_SUSPECTS:
		found = _walk(comparison, endpoint)
	if found is not None:
		missing = sum((each.kind is Kind.MISSING) - (each.kind is Kind.EXTRA) for each in found)
		word = _LISTS[endpoint]
		comparison.note(**{f"{word}_here": here, f"{word}_in_xero": here + missing})
	return found


def _counts(comparison: _Comparison, endpoint: Endpoint) -> tuple[int, int]:
	name = comparison.organisation.name
	here, in_xero = mirrored.count(name, endpoint), comparison.reader.count(endpoint)
	if here != in_xero:
		# something may have been made meanwhile
		comparison.read()
		here, in_xero = mirrored.count(name, endpoint), comparison.reader.count(endpoint)
	return here, in_xero


def _walk(comparison: _Comparison, endpoint: Endpoint) -> list[Difference] | None:
	"""Every document of a list."""
	read_to = comparison.read_to(endpoint)
	lost = mirrored.ids(comparison.organisation.name, endpoint)
	found: list[Difference] = []
	for page in comparison.pages(endpoint):
		ids = [row[0] for row in page]
		found += rules.differing(mirrored.rows(endpoint, ids), page, read_to)
		lost.difference_update(ids)
		if comparison.is_stopped:
			return None
	for names in batches(sorted(lost), 1_000):
		found += rules.extra(mirrored.rows(endpoint, names), read_to)
	return found


def _customers(comparison: _Comparison) -> list[Difference] | None:
	"""The documents of contacts whose balances did not agree; where all documents have been gone through, of those
	alone that nothing explains yet. Where more differs than is written down, that is to be put right first."""
	found: list[Difference] = []
	if comparison.kept.differences > len(comparison.found_before):
		return found
	known = {each.xero_id for each in comparison.found_before}
	explained = _touched([each for each in comparison.found_before if each.endpoint is Endpoint.INVOICES])
	suspects = [contact for contact in comparison.kept.suspects if contact not in explained]
	for contacts in batches(suspects, _CONTACTS_A_CALL):
		new = [each for each in _documents_of(comparison, contacts, found) if each.xero_id not in known]
		found += new
		known.update(each.xero_id for each in new)
		runs.renew(comparison.run.name)
		if comparison.is_stopped:
			return None
	return found


def _documents_of(
	comparison: _Comparison, contacts: Sequence[str], before: Sequence[Difference]
) -> list[Difference]:
	found: list[Difference] = []
	moving: set[str | None] = set()
	ours: list[Row] = []
	# before the documents: what changes in between is then seen in them
	told = comparison.reader.by_ids(Endpoint.CONTACTS, contacts)
	for endpoint in _LISTS:
		read_to = comparison.read_to(endpoint)
		theirs = comparison.reader.documents_of(endpoint, contacts, None)
		commit_step()
		mine = _of_list(endpoint, mirrored.documents_of(contacts))
		found += rules.differing(mine | mirrored.rows(endpoint, [row[0] for row in theirs]), theirs, read_to)
		moving |= {row.contact for row in (*theirs, *mine.values()) if rules.is_moving(row, read_to)}  # type: ignore[union-attr]
		ours += mine.values()
		found += _elsewhere(comparison, endpoint, mine, {row[0] for row in theirs})
	explained = _touched([*comparison.found_before, *before, *found]) | moving
	sums = rules.balances(rules.owed_on(ours))
	currency = comparison.organisation.base_currency
	odd = [
		rules.odd_balance(row, sums.get(row[0], Balance()), currency)
		for row in told
		if isinstance(row, Contact) and row[0] not in explained
	]
	return found + [each for each in odd if each]


def _of_list(endpoint: Endpoint, rows: dict[str, Row]) -> dict[str, Row]:
	_doctype, kinds = mirror.TABLES[endpoint]
	return {name: row for name, row in rows.items() if getattr(row, "document_type", None) in kinds}


def _elsewhere(
	comparison: _Comparison, endpoint: Endpoint, mine: dict[str, Row], told: set[str]
) -> list[Difference]:
	"""What Xero did not tell of as these contacts': it may be another's by now."""
	lost = {name: row for name, row in mine.items() if name not in told and not rules.is_gone(row)}
	read_to = comparison.read_to(endpoint)
	theirs = comparison.reader.by_ids(endpoint, sorted(lost))
	found = {row[0] for row in theirs}
	gone = {name: row for name, row in lost.items() if name not in found}
	return [*rules.differing(lost, theirs, read_to), *rules.extra(gone, read_to)]


def _touched(found: Sequence[Difference]) -> set[str | None]:
	"""Contacts whose balances these differences explain; a document that went from one to another explains both."""
	return {each.contact for each in found} | {
		contact for each in found for contact in each.fields.get("contact", ())
	}


_STAGES: dict[str, Callable[[_Comparison], list[Difference] | None]] = dict(
	zip(reconciliations.STAGES, (_contacts, _invoices, _credit_notes, _customers), strict=True)
)
"""What each finds; None when it was stopped before its end, and is to be done again."""


# Fixing


def fix(run: Run) -> None:
	"""Read the run's rows again into the mirror, as many as fit a call in each step."""
	kept = reconciliations.being_fixed(run.name)
	for names in batches(run.names[run.done :], IDS_A_CALL):
		if runs.stop_requested(run.name):
			return
		rows = reconciliations.rows(kept.name, names=names)
		for endpoint in Endpoint:
			ids = sorted({row.difference.xero_id for row in rows if row.difference.endpoint is endpoint})
			if ids:
				mirror.doubt(endpoint, ids)
				reading.bring(kept.organisation, endpoint, ids)
		odd = _still_odd(kept.organisation, rows)
		reconciliations.fixed(kept.name, [row.name for row in rows if row.name not in odd])
		runs.step(run, [_result(row, row.name in odd) for row in rows])


def _still_odd(organisation: str, rows: Sequence[reconciliations.Row]) -> set[str]:
	"""Balances that reading again has not brought into line."""
	asked = {row.difference.xero_id: row.name for row in rows if row.difference.kind is Kind.BALANCE}
	sums = rules.balances(mirrored.owed(organisations.get(organisation), list(asked)))
	return {
		asked[contact]
		for contact, row in mirrored.rows(Endpoint.CONTACTS, list(asked)).items()
		if isinstance(row, Contact) and rules.odd_balance(row, sums.get(contact, Balance()), "")
	}


def _result(row: reconciliations.Row, is_odd: bool) -> Result:
	difference = row.difference
	document = None if difference.endpoint is Endpoint.CONTACTS else difference.xero_id
	title = " ".join(filter(None, (difference.title, difference.contact_name if document else "")))
	failure: tuple[str, dict[str, str]] | None = (Code.STILL_DIFFERENT.value, {}) if is_odd else None
	record = Party(reconciliations.ROWS, row.name)
	return Result(record, title, "refused" if is_odd else "updated", failure, None, document)
