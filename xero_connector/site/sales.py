"""Sales and their invoices, for the reports on commission (B18): what was won and not invoiced, what was
invoiced and not paid. One query for each record type that the site has."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe.query_builder.functions import Coalesce, Max
from pypika.functions import NullIf

from xero_connector.core.documents import VIEWS
from xero_connector.core.model import DocumentType, PaymentKind
from xero_connector.core.sales import INVOICED
from xero_connector.site import hosts, links
from xero_connector.site.database import as_date, as_decimal
from xero_connector.site.hosts.record import RecordType, Sale
from xero_connector.site.receivables import owner_of


def won_not_invoiced(since: date, owner: str | None = None) -> list[dict[str, Any]]:
	"""Won deals and opportunities that no invoice is linked to: {doctype, name, title, owner, value, currency,
	closed}, biggest first in each currency.

	`since` is compared with the day of winning, or with the last change where the host does not keep that.
	"""
	rows = [
		row
		for kind in hosts.installed()
		if kind.sale
		for row in _won(kind, kind.sale, since)
		if _is_of(row, owner)
	]
	return sorted(rows, key=lambda row: (row["currency"] or "", -row["value"], row["name"]))


def invoiced_not_paid(organisation: str, owner: str | None = None) -> list[dict[str, Any]]:
	"""Approved invoices with a balance that are linked to a sale: {doctype, name, title, owner, invoice, number,
	contact, contact_name, date, due_date, currency, total, paid, balance, last_paid}, longest due first.

	An invoice that is linked to two sales comes twice.
	"""
	rows = [
		row
		for kind in hosts.installed()
		if kind.about_one_sale
		for row in _unpaid(kind, organisation)
		if _is_of(row, owner)
	]
	return sorted(rows, key=lambda row: (row["due_date"] or date.max, row["invoice"], row["name"]))


def _is_of(row: dict[str, Any], owner: str | None) -> bool:
	return not owner or row["owner"] == owner


def _won(kind: RecordType, sale: Sale, since: date) -> list[dict[str, Any]]:
	record, meta = frappe.qb.DocType(kind.doctype), frappe.get_meta(kind.doctype)
	closed = record[sale.closed_field] if sale.closed_field and meta.has_field(sale.closed_field) else None
	value = Coalesce(*[NullIf(record[name], 0) for name in sale.value_fields()], 0)
	query = (
		frappe.qb.from_(record)
		.select(
			record.name,
			record[kind.title_field].as_("title"),
			owner_of(kind, record).as_("owner"),
			value.as_("value"),
			record.currency,
		)
		.where(record.status.isin(sale.won() or [""]))
		.where((Coalesce(closed, record.modified) if closed else record.modified) >= since)
		.where(record.name.notin(_invoiced_records(kind.doctype)))
	)
	rows = (query.select(closed.as_("closed")) if closed else query).run(as_dict=True)
	return [
		{
			**row,
			"doctype": kind.doctype,
			"title": row.title or row.name,
			"value": as_decimal(row.value),
			"closed": as_date(row.get("closed")),
		}
		for row in rows
	]


def _invoiced_records(doctype: str) -> Any:
	link, invoice = frappe.qb.DocType("Xero Link"), frappe.qb.DocType("Xero Invoice")
	return (
		frappe.qb.from_(link)
		.join(invoice)
		.on(invoice.name == link.xero_id)
		.select(link.record_name)
		.where((link.xero_doctype == links.DOCUMENT) & (link.record_doctype == doctype))
		.where(invoice.document_type == DocumentType.INVOICE.value)
		.where(invoice.status.isin(INVOICED))
	)


def _unpaid(kind: RecordType, organisation: str) -> list[dict[str, Any]]:
	link, record = frappe.qb.DocType("Xero Link"), frappe.qb.DocType(kind.doctype)
	invoice, payment = frappe.qb.DocType("Xero Invoice"), frappe.qb.DocType("Xero Payment")
	columns = [
		record.name,
		record[kind.title_field].as_("title"),
		owner_of(kind, record).as_("owner"),
		invoice.name.as_("invoice"),
		invoice.number,
		invoice.contact,
		invoice.contact_name,
		invoice.date,
		invoice.due_date,
		invoice.currency,
		invoice.total,
		invoice.amount_paid.as_("paid"),
		invoice.amount_due.as_("balance"),
	]
	rows = (
		frappe.qb.from_(link)
		.join(record)
		.on(record.name == link.record_name)
		.join(invoice)
		.on(invoice.name == link.xero_id)
		.left_join(payment)
		.on((payment.parent == invoice.name) & (payment.kind == PaymentKind.PAYMENT.value))
		.select(*columns, Max(payment.date).as_("last_paid"))
		.where((link.record_doctype == kind.doctype) & (link.xero_doctype == links.DOCUMENT))
		.where((invoice.organisation == organisation) & (invoice.amount_due > 0))
		.where(invoice.document_type == DocumentType.INVOICE.value)
		.where(invoice.status.isin(VIEWS["unpaid"].statuses))
		.groupby(link.name)
		.run(as_dict=True)
	)
	return [
		{
			**row,
			"doctype": kind.doctype,
			"title": row.title or row.name,
			**{name: as_date(row[name]) for name in ("date", "due_date", "last_paid")},
			**{name: as_decimal(row[name]) for name in ("total", "paid", "balance")},
		}
		for row in rows
	]
