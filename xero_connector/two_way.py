"""Records and their Xero contacts kept saying the same, field by field (B19).

A change in Xero comes with the reading, by any policy that brings contacts in; a change here becomes a wish in the
outbox, by the policy Two-way alone. Both are merged by the same rule (core/merging.py), and what is agreed afterwards
stands on the tie. Nothing is deleted across.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _

from xero_connector import reading
from xero_connector.core import merging
from xero_connector.core.errors import XeroConnectorError
from xero_connector.core.merging import ADDRESS, CRM, XERO, Agreed, Merged, Overruled, Values
from xero_connector.core.model import Contact, Endpoint
from xero_connector.site import agreements, outbox, settings
from xero_connector.site.agreements import Tie
from xero_connector.site.database import from_column
from xero_connector.site.hosts import details
from xero_connector.site.links import Party
from xero_connector.site.wishes import CONTACT_UPDATE, Row


def changed(document: Any) -> list[str]:
	"""A Contact, Address or customer was saved: wishes for the Xero contacts of the records that it tells of, where
	it changed what they say. The names of the rows of the outbox, not committed."""
	if details.is_writing() or not _goes_out():
		return []
	parties = [party for party in _told_of_by(document) if details.has(party.doctype)]
	return [row for party in agreements.tied(parties) for row in offer(party)]


def offer(record: Party) -> list[str]:
	"""Wishes for a record's Xero contacts, as far as it says something else than what was agreed."""
	if not _goes_out():
		return []
	said = merging.fingerprint(details.read(record))
	return [
		outbox.mark_contact(record, tie.contact, tie.organisation)
		for tie in agreements.of_record(record)
		if tie.agreed_hash != said
	]


def begin(record: Party, contact: str) -> None:
	"""A record that was just made of a Xero contact: they agree, whatever of it the record cannot hold. Not committed."""
	if tie := agreements.between(record, contact):
		ours, theirs = details.read(record), agreements.said_in_xero(contact)
		agreements.keep(tie, Agreed(ours, {field: theirs[field] for field in ours}))


def bring(record: Party, contact: str) -> str | None:
	"""What changed in a record's Xero contact, onto the record, where the policy brings contacts in; the row of the
	outbox, if something is to go the other way. Not committed. Raises what the record's documents refuse."""
	tie = agreements.between(record, contact)
	if not tie or not settings.load().imports or not details.has(record.doctype):
		return None
	merged = _merge(tie)
	if merged.theirs and _goes_out():
		return outbox.mark_contact(record, contact, tie.organisation)
	return None


def read_anew(rows: Sequence[Row]) -> list[tuple[Row, XeroConnectorError]]:
	"""The Xero contacts that are to be changed, as they are at this moment: nobody overwrites what they have not seen.
	Those of which Xero cannot be asked now, and why."""
	contacts: dict[str, list[Row]] = {}
	for row in rows:
		if row.action == CONTACT_UPDATE:
			contacts.setdefault(row.organisation, []).append(row)
	unread: list[tuple[Row, XeroConnectorError]] = []
	for organisation, mine in contacts.items():
		try:
			reading.bring(organisation, Endpoint.CONTACTS, sorted({row.contact or "" for row in mine}))
		except XeroConnectorError as failure:
			frappe.db.rollback()
			unread += [(row, failure) for row in mine]
	return unread


def prepared(row: Row) -> Row | None:
	"""A wish for a Xero contact, as both sides stand now; None where there is nothing to send any more. What Xero is
	right about is on the record then. Not committed."""
	tie = agreements.between(row.record, row.contact or "")
	merged = _merge(tie) if tie else None
	return outbox.prepared_contact(row, merged) if merged and merged.theirs else None


def sent(row: Row, contact: Contact) -> list[str]:
	"""Xero has it: both say the same. The row, if the record says something else by now. Not committed."""
	tie = agreements.between(row.record, row.contact or "")
	if not tie or not tie.agreed:
		return []
	changes, theirs = row.changes, agreements.said_in_xero(contact.contact_id)
	agreements.keep(tie, merging.after_sending(tie.agreed, changes, changes, theirs))
	_tell(row.record, row.overruled)
	return [name for name in offer(row.record) if name == row.name]


def _goes_out() -> bool:
	stored = settings.load()
	return stored.enabled and stored.contact_policy == "Two-way" and not stored.view_only


def _merge(tie: Tie) -> Merged:
	"""Both sides as they are: what Xero is right about is written on the record, and what is agreed is kept."""
	ours, theirs = details.read(tie.record), agreements.said_in_xero(tie.contact)
	owners = {rule.xero_field: rule.owner for rule in settings.load().field_map}
	merged = merging.merge(tie.agreed, ours, theirs, owners, _newer(tie))
	agreed = merged.agreed
	if merged.ours:
		tie = tie._replace(record=_write(tie.record, merged.ours))
		# as the documents keep it, and what their controllers made of the rest: that is no news of anybody
		now = details.read(tie.record)
		kept = {field: value for field, value in now.items() if field not in merged.theirs}
		agreed = agreed._replace(ours={**agreed.ours, **kept})
	agreements.keep(tie, agreed)
	_tell(tie.record, [each for each in merged.overruled if each.where == CRM])
	return merged


def _write(record: Party, values: Values) -> Party:
	"""Without what the record cannot hold: that empties nothing, but for the rest of a new address."""
	held = details.holdable(record, values)
	has_address = any(held.get(field) for field in ADDRESS)
	wanted = {field: value for field, value in held.items() if value or (field in ADDRESS and has_address)}
	return details.write(record, wanted)


def _newer(tie: Tie) -> str:
	in_xero = from_column(frappe.db.get_value("Xero Contact", tie.contact, "updated_utc"))
	return XERO if in_xero and in_xero > details.saved(tie.record) else CRM


def _told_of_by(document: Any) -> list[Party]:
	"""The records whose details this document holds: itself, and whom Frappe ties it to."""
	found = [Party(document.doctype, document.name)]
	found += [Party(link.link_doctype, link.link_name) for link in document.get("links") or ()]
	if details.has("CRM Organization"):
		found += _organizations(document)
	if document.doctype == "Address":
		found += [Party("Contact", name) for name in _naming("Contact", "address", document.name)]
	return list(dict.fromkeys(found))


def _organizations(document: Any) -> list[Party]:
	"""Frappe CRM's own ways: the organization's name in its people, the address's in the organization."""
	if document.doctype == "Address":
		names = _naming("CRM Organization", "address", document.name)
	else:
		names = [document.company_name] if document.get("company_name") else []
	return [Party("CRM Organization", name) for name in names]


def _naming(doctype: str, field: str, name: str) -> Sequence[str]:
	return [str(each) for each in frappe.get_all(doctype, filters={field: name}, pluck="name")]


def _tell(record: Party, overruled: Sequence[Overruled]) -> None:
	"""Nothing that somebody entered disappears without a word."""
	if not overruled:
		return
	lines = [frappe.utils.escape_html(_sentence(each)) for each in overruled]
	frappe.get_doc(*record).add_comment("Comment", "<br>".join(lines))


def _sentence(each: Overruled) -> str:
	field = _(frappe.get_meta("Xero Contact").get_label(merging.FIELDS[each.field][0]))
	if each.where == CRM:
		text = _("{0} was “{1}” here, and is “{2}” now, as in Xero.")
	else:
		text = _("{0} was “{1}” in Xero, and is “{2}” there now, as here.")
	return str(text.format(field, each.lost, each.kept))
