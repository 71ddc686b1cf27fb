"""What an organisation's customers owe, by how late it is: added up by the database, for cards and reports.

The rules are those of the tab: invoices that are approved and have a balance (`core.documents`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Coalesce, Count, Sum
from pypika.functions import NullIf

from xero_connector.core import documents as rules
from xero_connector.core.model import DocumentType
from xero_connector.core.money import ZERO
from xero_connector.core.statement import AGES
from xero_connector.site import documents, hosts, links
from xero_connector.site.database import as_decimal
from xero_connector.site.documents import Scope
from xero_connector.site.hosts.record import RecordType
from xero_connector.site.organisations import State

WEEK = timedelta(days=6)
"""From today on, so that a week has seven days."""


@dataclass
class Aged:
	"""What one group owes in one currency. `key` is a contact's id, a user or a currency; "" is nobody's."""

	key: str
	title: str
	currency: str
	ages: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(AGES, ZERO))

	@property
	def total(self) -> Decimal:
		return sum(self.ages.values(), ZERO)


class _Owed(NamedTuple):
	"""A sum; `document` is told only where somebody's record is about that very document."""

	contact: str
	contact_name: str
	currency: str
	bucket: str
	document: str | None
	amount: Decimal


def summary(organisation: State) -> rules.Summary:
	"""Totals, ageing and counts over all customers and suppliers; drafts are counted, nothing older is read."""
	scope = Scope(organisation.name, statuses=("Draft", *rules.COUNTED))
	return rules.summarise(documents.groups(scope, organisation.today), organisation.base_currency)


def due_this_week(organisation: State) -> tuple[int, Decimal]:
	"""How many invoices fall due from today on for a week, and what is left to pay of them; base currency."""
	table = frappe.qb.DocType("Xero Invoice")
	today = organisation.today
	count, amount = (
		frappe.qb.from_(table)
		.select(Count("*"), Sum(table.amount_due))
		.where(_owed(table, organisation.name))
		.where(table.currency == organisation.base_currency)
		.where((table.due_date >= today) & (table.due_date <= today + WEEK))
		.run()[0]
	)
	return int(count), as_decimal(amount)


def by_customer(organisation: State) -> list[Aged]:
	return _grouped((owed.contact, owed.contact_name, owed) for owed in _sums(organisation))


def by_currency(organisation: State) -> list[Aged]:
	return _grouped((owed.currency, owed.currency, owed) for owed in _sums(organisation))


def by_owner(organisation: State) -> list[Aged]:
	"""An invoice counts for the owner of the record that it was first linked to, else that its customer was."""
	owners = _owners(organisation.name)

	def owner(owed: _Owed) -> str:
		return owners.get(owed.document or "") or owners.get(owed.contact, "")

	sums = _sums(organisation, tell_linked=True)
	return _grouped((owner(owed), owner(owed), owed) for owed in sums)


def _grouped(keyed: Iterable[tuple[str, str, _Owed]]) -> list[Aged]:
	"""Each currency for itself, the biggest debt first."""
	found: dict[tuple[str, str], Aged] = {}
	for key, title, owed in keyed:
		row = found.setdefault((key, owed.currency), Aged(key, title, owed.currency))
		row.ages[owed.bucket if owed.bucket in rules.OVERDUE_BUCKETS else rules.NOT_DUE] += owed.amount
	return sorted(found.values(), key=lambda row: (row.currency, -row.total, row.title))


def _owed(table: Any, organisation: str) -> Any:
	view = rules.VIEWS["unpaid"]
	return (
		(table.organisation == organisation)
		& table.status.isin(view.statuses)
		& (table.document_type == DocumentType.INVOICE.value)
		& (table.amount_due > 0)
	)


def _sums(organisation: State, *, tell_linked: bool = False) -> list[_Owed]:
	table, contact = frappe.qb.DocType("Xero Invoice"), frappe.qb.DocType("Xero Contact")
	linked = Case().when(table.name.isin(_linked_documents(organisation.name)), table.name)
	group = [
		table.contact,
		contact.contact_name,
		table.currency,
		documents.due_bucket(table, organisation.today),
	]
	group += [linked] if tell_linked else []
	rows = (
		frappe.qb.from_(table)
		.left_join(contact)
		.on(contact.name == table.contact)
		.select(Sum(table.amount_due), *group)
		.where(_owed(table, organisation.name))
		.groupby(*group)
		.run()
	)
	return [
		_Owed(contact or "", name or "", currency, bucket, next(iter(document), None), as_decimal(amount))
		for amount, contact, name, currency, bucket, *document in rows
	]


def _linked_documents(organisation: str) -> Any:
	link = frappe.qb.DocType("Xero Link")
	return (
		frappe.qb.from_(link)
		.select(link.xero_id)
		.where((link.organisation == organisation) & (link.xero_doctype == links.DOCUMENT))
	)


def _owners(organisation: str) -> dict[str, str]:
	"""By id of a Xero contact or open document: the owner of the record that it was linked to first."""
	ties = [tie for kind in hosts.installed() for tie in _ties(kind, organisation)]
	return {xero_id: owner for _, xero_id, owner in sorted(ties, reverse=True)}


def _ties(kind: RecordType, organisation: str) -> list[tuple[str, str, str]]:
	"""(when, Xero id, owner), the id of a contact that was merged in Xero being that of the one it is now."""
	link, record = frappe.qb.DocType("Xero Link"), frappe.qb.DocType(kind.doctype)
	contact, invoice = frappe.qb.DocType("Xero Contact"), frappe.qb.DocType("Xero Invoice")
	is_open = frappe.qb.from_(invoice).select(invoice.name).where(_owed(invoice, organisation))
	rows = (
		frappe.qb.from_(link)
		.join(record)
		.on(record.name == link.record_name)
		.left_join(contact)
		.on(contact.name == link.xero_id)
		.select(
			link.creation, Coalesce(NullIf(contact.merged_into, ""), link.xero_id), owner_of(kind, record)
		)
		.where((link.record_doctype == kind.doctype) & (link.organisation == organisation))
		.where((link.xero_doctype == links.CONTACT) | link.xero_id.isin(is_open))
		.run()
	)
	return [(str(when), xero_id, owner) for when, xero_id, owner in rows]


def owner_of(kind: RecordType, record: Any) -> Any:
	"""The user whose record it is; who made it, where nobody was named. For queries over `record`."""
	if not frappe.get_meta(kind.doctype).has_field(kind.owner_field):
		return record.owner
	return Coalesce(NullIf(record[kind.owner_field], ""), record.owner)
