"""A record's invoice on its way to Xero: which organisation and contact it goes to, what it starts with, what has
become of it before, and what must be asked first."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cached_property

from xero_connector.core import documents as rules
from xero_connector.core import drafting, forms, pricing
from xero_connector.core.checks import Problem
from xero_connector.core.choosing import organisation_for
from xero_connector.core.documents import Invoiced
from xero_connector.core.drafting import Chart, Draft, Source
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.forms import Customer, Filled, Preset, TextValues
from xero_connector.core.policy import Right
from xero_connector.site import access, charts, contacts, documents, links, organisations, settings, wishes
from xero_connector.site.documents import Scope
from xero_connector.site.hosts.record import Record
from xero_connector.site.links import LinkedContact
from xero_connector.site.organisations import State
from xero_connector.site.wishes import Row

CREATE, UPDATE, CLOSED = "create", "update", "closed"
_GONE = ("Voided", "Deleted")
_HALF_A_CENT = Decimal("0.005")


class Sheet:
	"""One of a record's invoices, by its `sequence`: the last one that was asked for, unless told.

	It goes to the organisation where it is already, else to the wanted one, else to where the settings' rules say, to
	where the record has a Xero contact, to the default. `user` (None: the session's) is who asks for it.

	Raises NeedsPerson: NO_DRAFT_HERE, NOT_CONNECTED, NOT_FOUND for an unknown organisation, INVALID_VALUE for a
	sequence that is not the next one.
	"""

	def __init__(
		self,
		record: Record,
		organisation: str | None = None,
		sequence: int | None = None,
		user: str | None = None,
	) -> None:
		if not record.source:
			raise NeedsPerson(Code.NO_DRAFT_HERE)
		self.record = record
		self.source: Source = record.source
		self.user = user
		self.rows = wishes.of_record(record.party)
		last = self.rows[-1].sequence if self.rows else 1
		self.sequence = last if sequence is None else sequence
		if self.sequence not in {*(row.sequence for row in self.rows), self.next_sequence}:
			raise NeedsPerson(Code.INVALID_VALUE, field="sequence", value=str(sequence))
		self.row: Row | None = next((row for row in self.rows if row.sequence == self.sequence), None)
		self._found = links.contacts_of(record.parties)
		self.state = self._choose(organisation)

	@property
	def next_sequence(self) -> int | None:
		"""That of another invoice. A record that is itself an invoice has none, unless its own is gone in Xero."""
		if not self.rows:
			return 1
		last = self.rows[-1]
		made = documents.some([last.document]).get(last.document) if last.document else None
		if self.record.kind.own_document and not (made and made["status"] in _GONE):
			return None
		return last.sequence + 1

	def _choose(self, wanted: str | None) -> State:
		states = {state.name: state for state in organisations.every()}
		if not states:
			raise NeedsPerson(Code.NOT_CONNECTED)
		if self.row and self.row.document:
			return states[self.row.organisation]
		if wanted:
			return organisations.get(wanted)
		of_contacts = [link.organisation for link in self._found if self._is_active(link)]
		of_rules = organisation_for(self.source, settings.load().organisation_rules)
		return next(states[name] for name in (of_rules, *of_contacts, *states) if name in states)

	@cached_property
	def _rows_of_contacts(self) -> dict[str, dict[str, object]]:
		return {row["id"]: row for row in contacts.by_ids([link.contact for link in self._found])}

	def _is_active(self, link: LinkedContact) -> bool:
		row = self._rows_of_contacts.get(link.contact)
		return bool(row and row["status"] == "Active")

	@cached_property
	def chart(self) -> Chart:
		return charts.of(self.state)

	@cached_property
	def link(self) -> LinkedContact | None:
		"""The record's active Xero contact in this organisation."""
		mine = (link for link in self._found if link.organisation == self.state.name)
		return next((link for link in mine if self._is_active(link)), None)

	@cached_property
	def existing(self) -> dict[str, object] | None:
		"""What the mirror has of the document that was made."""
		if not self.row or not self.row.document:
			return None
		return documents.some([self.row.document]).get(self.row.document)

	@property
	def obstacle(self) -> NeedsPerson | None:
		"""Why the document that was made may not be changed any more (R75, C11)."""
		row = self.existing
		if not row:
			return None
		if row["status"] in _GONE:
			return NeedsPerson(Code.GONE_IN_XERO)
		if row["status"] == "Paid" or row["amount_paid"] or row["amount_credited"]:
			return NeedsPerson(Code.HAS_PAYMENTS, number=str(row["number"] or ""))
		return None

	@property
	def mode(self) -> str:
		if not self.existing:
			return CREATE
		return CLOSED if self.obstacle else UPDATE

	def start(self) -> Filled:
		"""What the record says by itself."""
		customer = contacts.customer(self.link.contact) if self.link else None
		return forms.start(
			self.source, self.state.name, customer and Customer(*customer), self.chart, self._preset
		)

	@property
	def _preset(self) -> Preset:
		stored = settings.load()
		status = drafting.status_for(stored.initial_status, self.may_authorise)
		with_items = stored.item_policy != "Never"
		return Preset(stored.due_days, status, stored.line_amount_types, with_items)

	@property
	def may_authorise(self) -> bool:
		return access.may(Right.SEND, self.user)

	def read(self, values: TextValues) -> Filled:
		"""What a filled-in form says."""
		left = self.left
		filled = forms.read(values, self.state.name, self.source, self.chart, left)
		problems = [*filled.problems, *self._contact_problems(filled.draft)]
		if filled.draft.status == drafting.AUTHORISED and not self.may_authorise:
			problems.append(Problem("status", Code.INVALID_VALUE, {"value": filled.draft.status}))
		return Filled(filled.draft, tuple(problems))

	def _contact_problems(self, draft: Draft) -> list[Problem]:
		if not draft.contact_id:
			return []
		row = next(iter(contacts.by_ids([draft.contact_id])), None)
		if not row or row["organisation"] != self.state.name:
			return [Problem("contact_name", Code.INVALID_VALUE, {"value": draft.contact_id})]
		if row["status"] != "Active":
			return [Problem("contact_name", Code.CONTACT_ARCHIVED, {"name": str(row["name"])})]
		return []

	@property
	def may_be_part(self) -> bool:
		"""Whether it can be billed in parts (B16): not what is an invoice or a credit note already."""
		return not self.record.kind.own_document and self.source.document_type == drafting.INVOICE

	@cached_property
	def billed(self) -> Invoiced | None:
		"""What of the sale's value is invoiced already, without this invoice itself; None where there is no value."""
		if not self.source.amount or not self.may_be_part:
			return None
		mine = links.documents_of(self.record.party).get(self.state.name, [])
		others = tuple(name for name in mine if not self.row or name != self.row.document)
		groups = documents.groups(Scope(self.state.name, documents=others), self.state.today)
		return rules.invoiced(groups, self.source.currency or self.state.base_currency)

	@property
	def left(self) -> Decimal | None:
		if not self.billed or not self.source.amount:
			return None
		return self.source.amount - self.billed.invoiced - self.billed.drafted

	def questions(self, draft: Draft) -> list[Problem]:
		"""What somebody must say yes to before this goes to Xero."""
		return [*self._over_value(draft), *self._doubtful_contact(draft)]

	def _over_value(self, draft: Draft) -> list[Problem]:
		"""More than the sale is worth (B16), by more than Xero's rounding of each line makes of it."""
		left, value = self.left, self.source.amount
		if (
			left is None
			or value is None
			or draft.currency != (self.source.currency or self.state.base_currency)
		):
			return []
		over = pricing.price(draft, self.chart.tax_rates).sub_total - left
		if over <= _HALF_A_CENT * len(draft.lines):
			return []
		return [
			Problem(
				"",
				Code.OVER_VALUE,
				{"over": f"{over:.2f}", "currency": draft.currency, "value": f"{value:.2f}"},
			)
		]

	def _doubtful_contact(self, draft: Draft) -> list[Problem]:
		"""A contact that was merged or archived in Xero since it was last seen here asks; nobody gets a second
		one of the same name unasked."""
		if self.link and draft.contact_id == self.link.contact and self.link.merged:
			lost = next(iter(contacts.by_ids([self.link.merged])), None)
			names = {"name": str(lost["name"]) if lost else "", "into": draft.contact.name}
			return [Problem("contact_name", Code.CONTACT_MERGED, names)]
		if draft.contact_id or contacts.named(self.state.name, draft.contact.name):
			return []
		if contacts.is_archived(self.state.name, draft.contact.name):
			return [Problem("contact_name", Code.ARCHIVED_NAMESAKE, {"name": draft.contact.name})]
		return []


def draft_of(sheet: Sheet) -> Draft:
	"""What the record says by itself, fit to be sent without anybody looking at it.

	Raises NeedsPerson with the first thing that is wrong or would have to be asked.
	"""
	if sheet.obstacle:
		raise sheet.obstacle
	draft, problems = sheet.start()
	raise_first([*problems, *sheet.questions(draft)])
	return draft


def raise_first(problems: Collection[Problem], confirmed: Collection[str] = ()) -> None:
	for problem in problems:
		if problem.code.value not in confirmed:
			raise problem.error()
