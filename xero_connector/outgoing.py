"""Working off the outbox: the one sender, whoever asked.

A batch of rows is taken and written into the log, wishes that were only marked are made of their records, then
Xero is asked; what came back goes into the mirror, the links and the rows in one transaction as soon as it is
known. A worker that dies leaves rows whose lease runs out, and whoever takes them up then finds what was made.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from functools import partial

import frappe
from frappe import _

from xero_connector import bootstrap, two_way
from xero_connector.core import sending
from xero_connector.core.drafting import CREDIT_NOTE
from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.core.model import Document
from xero_connector.core.quota import Priority
from xero_connector.core.wishes import ContactUpdateWish, Delivered, DocumentWish, Outcome, VoidWish, Wish
from xero_connector.mirrored_books import MirroredBooks
from xero_connector.site import (
	access,
	drafts,
	hosts,
	journal,
	links,
	mirror,
	news,
	organisations,
	outbox,
	own_documents,
	sale_figures,
	settings,
	wishes,
)
from xero_connector.site.database import again_after_deadlock, commit_step
from xero_connector.site.drafts import Sheet
from xero_connector.site.hosts.record import Record
from xero_connector.site.journal import Journal
from xero_connector.site.links import LinkedContact, Party
from xero_connector.site.wishes import Row


def send(names: Sequence[str]) -> list[str]:
	"""Work off these rows of the outbox, as far as they are to be sent now; the names of rows that this led to,
	such as notes in Xero's history, which are to be sent next."""
	taken = outbox.take(names, secrets.token_hex(8))
	follow: list[str] = []
	unread = two_way.read_anew(taken)
	for row, failure in unread:
		_not_made(row, failure)
	held = {row.name for row, _failure in unread}
	for group in _by_organisation(_made_of_records([row for row in taken if row.name not in held])):
		follow += _Batch(group).send()
	return follow


def _made_of_records(rows: Sequence[Row]) -> list[Row]:
	"""The rows with their wishes: marks become what their records say now. Those that cannot are told why."""
	ready: list[Row] = []
	for batch in sending.batches(rows):
		made = [_made_of_record(row) if _is_to_be_made(row) else row for row in batch]
		ready += [row for row in made if row]
		# nobody waits for what hundreds of records say
		commit_step()
	return ready


def _is_to_be_made(row: Row) -> bool:
	"""A mark; and a contact's change each time, of whatever is different by now."""
	return row.prepare or row.action == wishes.CONTACT_UPDATE


def _made_of_record(row: Row) -> Row | None:
	frappe.db.savepoint("xero_mark")
	try:
		made = two_way.prepared(row) if row.action == wishes.CONTACT_UPDATE else _document_of(row)
	except XeroConnectorError as failure:
		frappe.db.rollback(save_point="xero_mark")
		return _not_made(row, failure)
	except Exception:
		# one record that cannot be read holds up none of the others
		frappe.db.rollback(save_point="xero_mark")
		frappe.log_error(
			title="Xero: nothing made of a record",
			reference_doctype=row.record.doctype,
			reference_name=row.record.name,
		)
		return _not_made(row, NeedsPerson(Code.UNKNOWN))
	if not made or outbox.is_unchanged(made):
		journal.begin([row]).end(row.name, "Unchanged", document=row.document)
		outbox.unchanged(row)
		return None
	return made


def _document_of(row: Row) -> Row:
	sheet = Sheet(hosts.open_record(*row.record), sequence=row.sequence, user=row.asked_by)
	bootstrap.check_open(sheet.state)
	return outbox.prepared(row, drafts.draft_of(sheet), sheet.record.url)


def _not_made(row: Row, failure: XeroConnectorError) -> None:
	outbox.failed(row, failure)
	state = "Failed" if isinstance(failure, WillRetry) else "Needs Attention"
	journal.begin([row]).end(row.name, state, failure=failure)


def _by_organisation(rows: Sequence[Row]) -> list[list[Row]]:
	groups: dict[str, list[Row]] = {}
	for row in rows:
		groups.setdefault(row.organisation, []).append(row)
	return list(groups.values())


class _Batch:
	"""Rows of one organisation that go to Xero together."""

	def __init__(self, rows: Sequence[Row]) -> None:
		self.rows = {row.name: row for row in rows}
		self.organisation = rows[0].organisation
		self.open = dict(self.rows)
		self.journal: Journal = journal.begin(rows)
		self.follow: list[str] = []
		commit_step()

	@property
	def _by_itself(self) -> bool:
		"""Not with a list's others."""
		return len(self.rows) == 1 and not any(row.run for row in self.rows.values())

	def send(self) -> list[str]:
		try:
			self._deliver()
		except XeroConnectorError as failure:
			self._fail(failure)
		except Exception:
			self._fail(NeedsPerson(Code.UNKNOWN))
			raise
		return self.follow

	def _fail(self, failure: XeroConnectorError) -> None:
		frappe.db.rollback()
		for row in self.open.values():
			self._failed(row, failure)
		commit_step()

	def _deliver(self) -> None:
		if settings.load().view_only:
			# chosen after this was asked for
			raise NeedsPerson(Code.VIEW_ONLY)
		# nobody waits for what a list or a setting asked for
		is_awaited = self._by_itself and not any(row.marked for row in self.rows.values())
		priority = Priority.CLICK if is_awaited else Priority.EVENT
		books = MirroredBooks(self.organisation, self.journal, priority)
		for settled in sending.deliver([books.known(row.wish) for row in self.rows.values()], books):
			# the mirror and the rows are looked up as they are now, not as they were before the call
			commit_step()
			again_after_deadlock(partial(self._keep, settled))
			for wish, _outcome in settled:
				del self.open[wish.name]
			outbox.renew(list(self.open.values()))
			commit_step()

	def _keep(self, settled: Sequence[tuple[Wish, Outcome]]) -> None:
		made = [(self.rows[wish.name], wish, outcome) for wish, outcome in settled]
		delivered = [(row, wish, each) for row, wish, each in made if isinstance(each, Delivered)]
		self._into_mirror([each for _row, _wish, each in delivered])
		for row, wish, outcome in delivered:
			self._sent(row, wish, outcome)
		for row, _wish, failure in made:
			if isinstance(failure, XeroConnectorError):
				self._failed(row, failure)
		documents = [each.document for _row, _wish, each in delivered if each.document]
		ids = [document.document_id for document in documents]
		own_documents.show(ids, bootstrap.document_address)
		sale_figures.show(ids)
		if delivered:
			news.tell(self.organisation, _everyone(delivered))

	def _into_mirror(self, delivered: Sequence[Delivered]) -> None:
		mirror.save_contacts([each.contact for each in delivered if each.contact])
		mirror.save_documents([each.document for each in delivered if each.document])

	def _sent(self, row: Row, wish: Wish, delivered: Delivered) -> None:
		record = hosts.find_record(*row.record)
		# voided from a record's tab it may be any of its customer's
		is_own = not isinstance(wish, (VoidWish, ContactUpdateWish))
		has_contact = _tie(row, wish, delivered, record) if record and is_own else True
		outbox.sent(row, delivered, has_contact=has_contact)
		document = delivered.document
		self.journal.end(
			row.name,
			"Sent",
			document=document.document_id if document else row.document,
			about=_mentions(row, delivered),
		)
		if isinstance(wish, ContactUpdateWish) and delivered.contact:
			self.follow += two_way.sent(row, delivered.contact)
		if record and document and is_own:
			self._tell(row, document, record)

	def _failed(self, row: Row, failure: XeroConnectorError) -> None:
		outbox.failed(row, failure)
		state = "Failed" if isinstance(failure, WillRetry) else "Needs Attention"
		self.journal.end(row.name, state, failure=failure, about=_mentions(row))

	def _tell(self, row: Row, document: Document, record: Record) -> None:
		"""The note on the record (R17), and for a document that somebody sent by itself the line in its history in
		Xero (B21): that costs a call for each, which a list of hundreds is not worth; all have the link back."""
		state = organisations.get(self.organisation)
		if not row.document:
			_comment(row, document, state.short_code, record)
		if self._by_itself:
			self.follow.append(
				outbox.ask_note(row, document.document_type, document.document_id, _history(row, record))
			)


def _mentions(row: Row, delivered: Delivered | None = None) -> list[str]:
	"""What stands in this row's elements of a batch and in no other's."""
	document = delivered.document if delivered else None
	found = [row.reference, row.document or "", document.document_id if document else ""]
	if delivered and delivered.contact:
		found += [delivered.contact.contact_id, delivered.contact.contact_name]
	if row.action == wishes.DOCUMENT:
		found += [product.code for product in row.draft.products]
	elif row.action == wishes.CONTACT_UPDATE:
		found.append(row.contact or "")
	else:
		found += json.loads(row.payload or "{}").values()
	return [each for each in found if each]


def _everyone(delivered: Sequence[tuple[Row, Wish, Delivered]]) -> list[str]:
	return sorted({contact for _row, _wish, each in delivered if (contact := _contact_of(each))})


def _contact_of(delivered: Delivered) -> str | None:
	if delivered.contact:
		return delivered.contact.contact_id
	return delivered.document.contact if delivered.document else None


def _tie(row: Row, wish: Wish, delivered: Delivered, record: Record) -> bool:
	"""The record to its invoice, its customer to the contact; whether they have one then."""
	if delivered.document:
		links.add(row.record, links.DOCUMENT, delivered.document.document_id, row.organisation, links.CREATED)
	contact = _contact_of(delivered)
	linked = [link for link in links.contacts_of(record.parties) if link.organisation == row.organisation]
	if not contact or not _is_to_be_linked(contact, row, linked):
		return bool(linked)
	links.add(_holder(contact, wish, record), links.CONTACT, contact, row.organisation, links.CREATED)
	return True


def _is_to_be_linked(contact: str, row: Row, linked: Sequence[LinkedContact]) -> bool:
	"""A contact that was asked for always; that of an invoice where the record has none yet, or one that was merged
	into this. But nobody comes to see a stranger's money by writing them an invoice, and with the policy Manual Link
	only what somebody sends from the form ties a customer that has no contact (C2)."""
	asked_for = row.action == wishes.CONTACT
	missing = not any(not link.merged for link in linked)
	by_itself = row.marked and not linked and settings.load().contact_policy == settings.MANUAL_LINK
	return (asked_for or (missing and not by_itself)) and access.may_take(contact, row.asked_by)


def _holder(contact: str, wish: Wish, record: Record) -> Party:
	"""Who the Xero contact belongs to: whoever had the one that was merged into it, the record's own customer when
	it went by the customer's name, so that the next deal finds it; else the record alone."""
	merged = (link for link in links.contacts_of(record.parties) if link.merged and link.contact == contact)
	if heir := next(merged, None):
		return heir.through
	wished = wish.draft.contact if isinstance(wish, DocumentWish) else getattr(wish, "contact", None)
	is_customer = bool(wished) and record.customer.name == wished.name
	return record.parties[1] if is_customer and len(record.parties) > 1 else record.party


def _comment(row: Row, document: Document, short_code: str | None, record: Record) -> None:
	url = bootstrap.document_address(
		short_code, document.document_type, document.status, document.document_id
	)
	text = _credit_note_made if document.document_type == CREDIT_NOTE else _invoice_made
	content = (
		f'<a href="{frappe.utils.escape_html(url)}" target="_blank" rel="noopener">'
		f"{frappe.utils.escape_html(text(document.number or document.reference or ''))}</a>"
	)
	frappe.db.savepoint("xero_comment")
	try:
		record.document.add_comment("Comment", content, comment_email=row.asked_by)
	except frappe.QueryDeadlockError:
		raise
	except Exception:
		# another app's hook on comments: the invoice is in Xero all the same
		frappe.db.rollback(save_point="xero_comment")
		frappe.log_error(
			title="Xero: no note on a record",
			reference_doctype=row.record.doctype,
			reference_name=row.record.name,
		)


def _invoice_made(number: str) -> str:
	return str(_("Invoice {0} was made in Xero.").format(number))


def _credit_note_made(number: str) -> str:
	return str(_("Credit note {0} was made in Xero.").format(number))


def _history(row: Row, record: Record) -> str:
	who = frappe.utils.get_fullname(row.asked_by)
	text = _("Sent from {0} {1} by {2} ({3}): {4}")
	return str(text.format(_(record.kind.doctype), record.party.name, who, row.revision, record.url))[:2500]
