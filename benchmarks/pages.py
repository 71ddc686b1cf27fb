"""One page of invoices into the mirror, three ways: ours, as bare rows, and by the SDK's models and insert().

Each begins with Xero's bytes or with finished rows and ends with a commit. All leave the same documents; the
naive way leaves out the credit notes among the payments.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from types import SimpleNamespace
from typing import Any, NamedTuple

import frappe
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration

from tests.xero_world import World
from xero_connector import bootstrap
from xero_connector.core.model import Document, Endpoint, Payment
from xero_connector.site.database import to_column
from xero_connector.site.mirror import SiteMirror
from xero_connector.xero.reader import PAGE_SIZE, UNIT_DECIMALS, Reader

_ROWS_A_STATEMENT = 1000
_KEPT = ("creation", "owner", "modified", "modified_by")
_DOCUMENT = ("name", *Document._fields[1:-1], *_KEPT)
_PAYMENT = ("name", "parent", "idx", *Payment._fields, "parenttype", "parentfield", *_KEPT)


class Recording:
	"""In the place of a `Client`: answers every read with the same bytes, at once."""

	def __init__(self, tenant_id: str, body: bytes) -> None:
		self.tenant_id = tenant_id
		self._body = body

	def get(self, operation: str, **parameters: Any) -> bytes:
		return self._body


class Page(NamedTuple):
	"""Xero's bytes, and the rows of documents and payments that a bare upsert writes for them."""

	organisation: str
	body: bytes
	documents: list[tuple[Any, ...]]
	payments: list[tuple[Any, ...]]


Way = Callable[[Page], None]


class Timed(NamedTuple):
	"""Seconds of one page: its rows are new, and once more when they are there."""

	ours: float
	ours_again: float
	bare: float
	bare_again: float


class Speed(NamedTuple):
	documents_per_second: float
	times_of_bare_upsert: float
	times_of_bare_upsert_again: float
	times_faster_than_naive: float
	bare_times_faster_than_naive: float


def recorded(world: World, count: int) -> list[Page]:
	"""`count` full pages of invoices, from all over the list."""
	client = bootstrap.client(world.organisation)
	full = frappe.db.count("Xero Invoice", {"document_type": ("in", ("Invoice", "Bill"))}) // PAGE_SIZE
	numbers = range(1, full + 1, max(1, full // count))
	asked = {"page_size": PAGE_SIZE, "unitdp": UNIT_DECIMALS, "order": "UpdatedDateUTC ASC"}
	bodies = [client.get("get_invoices", page=number, **asked) for number in numbers[:count]]
	return [_page(world.organisation, body) for body in bodies]


def _page(organisation: str, body: bytes) -> Page:
	documents = _decode(organisation, body)
	now, user = frappe.utils.now(), frappe.session.user
	kept = (now, user, now, user)
	return Page(
		organisation,
		body,
		[(*document[:-2], to_column(document.updated_utc), *kept) for document in documents],
		[
			(f"{parent}-{number}", parent, number, *payment, "Xero Invoice", "payments", *kept)
			for parent, *_, payments in documents
			for number, payment in enumerate(payments, 1)
		],
	)


def _decode(organisation: str, body: bytes) -> Sequence[Any]:
	client: Any = Recording(organisation, body)
	return Reader(client, organisation).page(Endpoint.INVOICES, None, 1).rows


def compare(pages: Sequence[Page], rounds: int) -> Speed:
	"""The ways side by side, `rounds` times a page; medians, for the machine may have other things to do."""
	timed = [_timed(page) for page in pages for _ in range(rounds)]
	documents = len(pages[0].documents)
	decode_and_write = median(each.ours for each in timed) / documents
	bare_alone = median(each.bare for each in timed) / documents
	_first(naive, pages[0])  # fills Frappe's caches
	naive_alone = median(_first(naive, page) for page in pages[:3]) / documents
	return Speed(
		documents_per_second=1 / decode_and_write,
		times_of_bare_upsert=median(each.ours / each.bare for each in timed),
		times_of_bare_upsert_again=median(each.ours_again / each.bare_again for each in timed),
		times_faster_than_naive=naive_alone / decode_and_write,
		bare_times_faster_than_naive=naive_alone / bare_alone,
	)


def _timed(page: Page) -> Timed:
	return Timed(_first(ours, page), _seconds(ours, page), _first(bare, page), _seconds(bare, page))


def _first(way: Way, page: Page) -> float:
	"""Seconds when none of the page's rows is in the mirror."""
	_forget(page)
	return _seconds(way, page)


def _seconds(way: Way, page: Page) -> float:
	started = time.perf_counter()
	way(page)
	return time.perf_counter() - started


def _forget(page: Page) -> None:
	for doctype, rows in (("Xero Invoice", page.documents), ("Xero Payment", page.payments)):
		frappe.db.delete(doctype, {"name": ("in", [row[0] for row in rows] or [""])})
	frappe.db.commit()


def ours(page: Page) -> None:
	mirror = SiteMirror(page.organisation)
	rows = _decode(page.organisation, page.body)
	mirror.save(Endpoint.INVOICES, rows, mirror.cursor(Endpoint.INVOICES))


def bare(page: Page) -> None:
	"""Rows that are ready, in as few statements as there can be: what the database itself takes."""
	_upsert("Xero Invoice", _DOCUMENT, page.documents)
	_upsert("Xero Payment", _PAYMENT, page.payments)
	frappe.db.commit()


def _upsert(doctype: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
	head = f"INSERT INTO `tab{doctype}` ({', '.join(f'`{column}`' for column in columns)}) VALUES "
	place = f"({', '.join(['%s'] * len(columns))})"
	clause, new = _CONFLICT[frappe.db.db_type]
	tail = f" {clause} " + ", ".join(f"`{column}` = {new.format(column)}" for column in columns[1:])
	for start in range(0, len(rows), _ROWS_A_STATEMENT):
		chunk = rows[start : start + _ROWS_A_STATEMENT]
		values = [value for row in chunk for value in row]
		frappe.db.sql(head + ", ".join([place] * len(chunk)) + tail, values)


_CONFLICT = {
	"mariadb": ("ON DUPLICATE KEY UPDATE", "VALUES(`{}`)"),
	"sqlite": ("ON CONFLICT (`name`) DO UPDATE SET", "excluded.`{}`"),
}


def naive(page: Page) -> None:
	"""As one would write it at first: the SDK's models, and a Frappe document for each."""
	api = AccountingApi(ApiClient(Configuration(), pool_threads=1))
	answer = SimpleNamespace(text=page.body.decode())
	for invoice in api.api_client.deserialize(answer, "Invoices", api.get_model_finder()).invoices:
		frappe.get_doc(_fields(invoice, page.organisation)).insert()
	frappe.db.commit()


def _fields(invoice: Any, organisation: str) -> dict[str, Any]:
	return {
		"doctype": "Xero Invoice",
		"name": invoice.invoice_id,
		"organisation": organisation,
		"document_type": "Invoice" if invoice.type == "ACCREC" else "Bill",
		"number": invoice.invoice_number,
		"reference": invoice.reference,
		"contact": invoice.contact.contact_id,
		"contact_name": invoice.contact.name,
		"date": invoice.date,
		"due_date": invoice.due_date,
		"status": invoice.status.capitalize(),
		"currency": invoice.currency_code.value,
		"currency_rate": invoice.currency_rate,
		"sub_total": invoice.sub_total,
		"tax": invoice.total_tax,
		"total": invoice.total,
		"amount_due": invoice.amount_due,
		"amount_paid": invoice.amount_paid,
		"amount_credited": invoice.amount_credited,
		"fully_paid_on": invoice.fully_paid_on_date,
		"sent_to_contact": invoice.sent_to_contact,
		"url": invoice.url,
		"updated_utc": invoice.updated_date_utc.replace(tzinfo=None),
		"payments": [
			{
				"payment_id": payment.payment_id,
				"kind": "Payment",
				"date": payment.date,
				"amount": payment.amount,
				"reference": payment.reference,
			}
			for payment in invoice.payments or ()
		],
	}
