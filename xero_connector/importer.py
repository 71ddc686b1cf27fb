"""Bringing Xero contacts in, one after the other: what is surely one of ours is linked, what is like none of them is
made into a record, and about all else somebody is asked (B3).

Some dozens at a time, each with what became of it, committed: whatever is stopped or killed goes on there.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import frappe

from xero_connector import two_way
from xero_connector.core import matching
from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.core.matching import Candidate, Directory, Facts, Likely
from xero_connector.core.sending import batches
from xero_connector.site import directory, links, matches, news
from xero_connector.site.database import again_after_deadlock, commit_step
from xero_connector.site.hosts import details
from xero_connector.site.hosts.fields import FIELDS
from xero_connector.site.links import Party
from xero_connector.site.matches import CREATED, IGNORED, LINKED, WAITING, Match, Suggestion
from xero_connector.site.runs import Result

_TOGETHER = 20
"""In one transaction: a record with its person and its address takes a tenth of a second."""
_TOGETHER_DRY = 500
_FRESH_SECONDS = 60
"""For so long our records are taken to be those that they were."""
_CANDIDATE = ("name", "contact_name", *Candidate._fields[2:4], "email_address", *Candidate._fields[5:])
_COLUMNS = list(
	dict.fromkeys(
		(*_CANDIDATE, *FIELDS, "organisation", "is_customer", "is_supplier", "status", "updated_utc")
	)
)


class Importer:
	"""Brings contacts in; `wishes` are rows of the outbox that this led to, where contacts are kept two-way."""

	def __init__(self, *, dry_run: bool = False) -> None:
		self.dry_run = dry_run
		self.wishes: list[str] = []
		self._claim = secrets.token_hex(8)
		self._directories: dict[bool, Directory[Party]] = {}
		self._loaded = 0.0

	def step(self, contacts: Sequence[str]) -> list[Result]:
		"""What became of each, in their order; "skipped" are those that another worker is at, or that are gone."""
		found: dict[str, Result] = {}
		for batch in batches(contacts, _TOGETHER_DRY if self.dry_run else _TOGETHER):
			again_after_deadlock(partial(self._batch, batch, found))
		return [found.get(each) or Result(Party(links.CONTACT, each), each, "skipped") for each in contacts]

	def _batch(self, contacts: Sequence[str], found: dict[str, Result]) -> None:
		rows = _rows(contacts)
		if self.dry_run:
			taken = {match.contact: match for match in matches.some(contacts)}
			taken = {each: taken.get(each) or _new(row) for each, row in rows.items()}
		else:
			organisations = {contact: row.organisation for contact, row in rows.items()}
			taken = matches.take(organisations, self._claim)
			self._forget_old()
		tied = links.records_of(sorted(taken))
		kept: list[tuple[Match, Any]] = []
		for contact, match in sorted(taken.items()):
			settled, found[contact] = self._settle(rows[contact], match, tied.get(contact, []))
			kept.append((settled, rows[contact].updated_utc))
		if not self.dry_run:
			matches.keep(kept)
			commit_step()
			# each insert leaves a row in this list of Frappe's, and each save walks through it
			frappe.flags.currently_saving.clear()
			_tell(rows, [found[contact] for contact in taken])

	def _settle(self, row: Any, match: Match, tied: Sequence[Party]) -> tuple[Match, Result]:
		if not self.dry_run:
			frappe.db.savepoint("xero_incoming")
		try:
			return self._decided(row, match, tied)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			# the whole batch is done anew, and what was made of it is not there
			self._directories.clear()
			raise
		except XeroConnectorError as failure:
			return self._failed(row, match, failure, tied)
		except frappe.ValidationError as refusal:
			why = frappe.utils.strip_html(str(refusal))[:140]
			return self._failed(row, match, NeedsPerson(Code.NOT_SAVED, why=why), tied)
		except Exception:
			failed = self._failed(row, match, NeedsPerson(Code.UNKNOWN), tied)
			frappe.log_error(
				title="Xero: a contact was not brought in",
				reference_doctype=links.CONTACT,
				reference_name=row.name,
			)
			return failed

	def _failed(
		self, row: Any, match: Match, failure: XeroConnectorError, tied: Sequence[Party]
	) -> tuple[Match, Result]:
		"""It waits for somebody, who is told why; what is tied to a record already is nothing to decide about."""
		if not self.dry_run:
			frappe.db.rollback(save_point="xero_incoming")
		frappe.clear_messages()
		settled = match._replace(
			contact_name=row.contact_name,
			state=LINKED if tied else WAITING,
			failure=(failure.code.value, dict(failure.values)),
		)
		return settled, _result(row, "refused", failure=settled.failure)

	def _decided(self, row: Any, match: Match, tied: Sequence[Party]) -> tuple[Match, Result]:
		"""By what is known already, else by what somebody wants, else by the rule."""
		if tied:
			return self._follow(row, match, tied)
		if row.status != "Active":
			return match, _result(row, "left_out")
		if match.decision:
			return self._as_asked(row, match)
		if _is_settled(match, row):
			return match, _result(row, "left_out")
		return self._by_rule(row, match)

	def _follow(self, row: Any, match: Match, tied: Sequence[Party]) -> tuple[Match, Result]:
		"""It is somebody's already: two-way, what Xero says goes to them."""
		for record in tied:
			self._bring(record, row.name)
		state = match.state if match.state == CREATED else LINKED
		settled = match._replace(contact_name=row.contact_name, state=state, record=tied[0], suggestions=())
		return settled, _result(row, "unchanged", tied[0])

	def _as_asked(self, row: Any, match: Match) -> tuple[Match, Result]:
		if match.decision == matches.IGNORE:
			return self._done(row, match, IGNORED), _result(row, "left_out")
		if match.decision == matches.LINK and match.record:
			return self._link(row, match, match.record)
		return self._create(row, match)

	def _by_rule(self, row: Any, match: Match) -> tuple[Match, Result]:
		found = self._likely(row)
		certain = matching.sure(found)
		if certain:
			return self._link(row, match, certain.record)
		if not found:
			return self._create(row, match)
		suggestions = tuple(Suggestion(each.record, each.score, each.reasons) for each in found)
		waits = match._replace(
			contact_name=row.contact_name,
			state=WAITING,
			record=found[0].record,
			suggestions=suggestions,
			failure=None,
		)
		return waits, _result(row, "review")

	def _likely(self, row: Any) -> list[Likely[Party]]:
		return self._known(_is_supplier(row)).likely(Candidate(*(row[column] for column in _CANDIDATE)))

	def _link(self, row: Any, match: Match, record: Party) -> tuple[Match, Result]:
		if not self.dry_run:
			if not frappe.db.exists(*record):
				raise NeedsPerson(Code.NOT_FOUND, what=record.name)
			links.add(record, links.CONTACT, row.name, row.organisation, links.MATCHED)
			self._bring(record, row.name)
		return self._done(row, match, LINKED, record), _result(row, self._would("link", "linked"), record)

	def _create(self, row: Any, match: Match) -> tuple[Match, Result]:
		record = Party("", row.name)
		if not self.dry_run:
			values = {field: row[field] for field in FIELDS}
			record = details.create(values, is_supplier=_is_supplier(row))[0]
			links.add(record, links.CONTACT, row.name, row.organisation, links.IMPORTED)
			two_way.begin(record, row.name)
		# the next contact may be the same one again
		self._known(_is_supplier(row)).add(record, _facts(row, record))
		outcome = self._would("create", "created")
		return self._done(row, match, CREATED, record), _result(
			row, outcome, record if record.doctype else None
		)

	def _would(self, wish: str, done: str) -> str:
		return f"would_{wish}" if self.dry_run else done

	def _done(self, row: Any, match: Match, state: str, record: Party | None = None) -> Match:
		return match._replace(
			contact_name=row.contact_name,
			state=state,
			record=record or match.record,
			suggestions=(),
			failure=None,
		)

	def _bring(self, record: Party, contact: str) -> None:
		wish = None if self.dry_run else two_way.bring(record, contact)
		if wish:
			self.wishes.append(wish)

	def _known(self, is_supplier: bool) -> Directory[Party]:
		"""Those of our records that it may be: a supplier is no customer, where the site tells them apart."""
		if is_supplier not in self._directories:
			kinds = [doctype for doctype in details.DOCTYPES if details.has(doctype)]
			other = "Customer" if is_supplier else "Supplier"
			self._directories[is_supplier] = directory.load([kind for kind in kinds if kind != other])
		return self._directories[is_supplier]

	def _forget_old(self) -> None:
		if time.monotonic() - self._loaded > _FRESH_SECONDS:
			self._directories.clear()
			self._loaded = time.monotonic()


def _rows(contacts: Sequence[str]) -> dict[str, Any]:
	if not contacts:
		return {}
	found = frappe.get_all(links.CONTACT, filters={"name": ["in", list(contacts)]}, fields=_COLUMNS)
	return {row.name: row for row in found}


def _new(row: Any) -> Match:
	return Match(row.name, row.organisation, row.contact_name, None)


def _is_supplier(row: Any) -> bool:
	return bool(row.is_supplier and not row.is_customer)


def _is_settled(match: Match, row: Any) -> bool:
	"""Linked or created once and taken back by somebody, or ignored: a new name makes it another one."""
	same_name = matching.name_key(match.contact_name) == matching.name_key(row.contact_name)
	return match.state in (LINKED, CREATED) or (match.state == IGNORED and same_name)


def _facts(row: Any, record: Party) -> Facts:
	return Facts(row.contact_name, record.name, row.email_address, row.phone, row.tax_number, row.postal_code)


def _result(
	row: Any, outcome: str, record: Party | None = None, failure: tuple[str, dict[str, str]] | None = None
) -> Result:
	return Result(record or Party(links.CONTACT, row.name), row.contact_name, outcome, failure)


def _tell(rows: dict[str, Any], results: Sequence[Result]) -> None:
	"""Tabs of records that have a Xero contact now."""
	if any(result.outcome in ("linked", "created") for result in results):
		for organisation in sorted({row.organisation for row in rows.values()}):
			news.tell(organisation, sorted(rows))
