"""Saved views, totals and ageing of documents: the rules of R36-R47 and R124-R127, in one place.

A view is data, used twice: `site.documents` turns it into a query, and `summarise` counts by it. So that the
number on a tab of the list and the rows below it cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from xero_connector.core.model import DocumentType
from xero_connector.core.money import ZERO

# Where a due date stands against today. The last four are days overdue and make the ageing bar.
NO_DUE_DATE, LATER, TODAY = "no_due_date", "later", "today"
DAYS_1_30, DAYS_31_60, DAYS_61_90, DAYS_OVER_90 = "1-30", "31-60", "61-90", "90+"
OVERDUE_BUCKETS = (DAYS_1_30, DAYS_31_60, DAYS_61_90, DAYS_OVER_90)
NOT_DUE = "not_due"

KINDS: dict[str, tuple[str, str]] = {
	"invoice": (DocumentType.INVOICE.value, DocumentType.CREDIT_NOTE.value),
	"bill": (DocumentType.BILL.value, DocumentType.SUPPLIER_CREDIT_NOTE.value),
}
"""What the list "Invoices" and the list "Bills" hold: the documents, then the notes that credit them."""

COUNTED = ("Authorised", "Submitted")
"""Statuses whose balance counts as unpaid (R125)."""


@dataclass(frozen=True)
class View:
	"""Which documents a saved view shows. None means that the question is not asked."""

	statuses: tuple[str, ...] | None = None
	has_balance: bool | None = None
	buckets: tuple[str, ...] | None = None
	credit_notes: bool = False
	pinned: bool = False

	def holds(self, group: Group, is_credit_note: bool) -> bool:
		return (
			(self.credit_notes or not is_credit_note)
			and (self.statuses is None or group.status in self.statuses)
			and (self.has_balance is None or group.has_balance == self.has_balance)
			and (self.buckets is None or group.bucket in self.buckets)
		)


# Open, Overdue and Due today divide Unpaid by its due date, so they ask for the same status: a draft is
# nobody's debt yet, although Xero gives it an amount due (R44-R46, C16).
_OWED = View(statuses=("Authorised",), has_balance=True)
_VISIBLE = ("Draft", "Submitted", "Authorised", "Paid", "Voided")

VIEWS: dict[str, View] = {
	"open": replace(_OWED, buckets=(LATER,)),
	"unpaid": _OWED,
	"overdue": replace(_OWED, buckets=OVERDUE_BUCKETS),
	"due_today": replace(_OWED, buckets=(TODAY,)),
	"paid": View(statuses=("Paid",), has_balance=False),
	"drafts": View(statuses=("Draft",), credit_notes=True),
	"pinned": View(pinned=True, credit_notes=True),
	"all": View(statuses=_VISIBLE, credit_notes=True),
}


def due_bounds(today: date) -> list[tuple[str, date]]:
	"""The buckets with the earliest due date of each, latest first; what is older falls into the last."""
	return [
		(LATER, today + timedelta(days=1)),
		(TODAY, today),
		(DAYS_1_30, today - timedelta(days=30)),
		(DAYS_31_60, today - timedelta(days=60)),
		(DAYS_61_90, today - timedelta(days=90)),
		(DAYS_OVER_90, date.min),
	]


def bucket_of(due: date | None, today: date) -> str:
	"""The bucket of one document; the query of `site.documents` says the same in SQL."""
	if due is None:
		return NO_DUE_DATE
	return next(name for name, earliest in due_bounds(today) if due >= earliest)


def is_overdue(document_type: str, status: str, amount_due: Decimal, due: date | None, today: date) -> bool:
	"""Whether the view "overdue" shows a document; a credit note is owed by us, and never late."""
	group = Group(
		document_type, status, "", bucket_of(due, today), amount_due > 0, 1, ZERO, ZERO, amount_due, ZERO
	)
	credit_notes = [note for _, note in KINDS.values()]
	return VIEWS["overdue"].holds(group, document_type in credit_notes)


def has_pdf(document_type: str, status: str) -> bool:
	"""Whether Xero gives a PDF that one would send: of sales documents that are no longer drafts (B15)."""
	return document_type in KINDS["invoice"] and status in (*COUNTED, "Paid")


def can_be_voided(document_type: str, status: str) -> bool:
	"""Whether a sales document can be taken back in Xero; whether anything is paid of it, Xero is asked."""
	return document_type in KINDS["invoice"] and status in (*COUNTED, "Draft")


def has_online_invoice(document_type: str, status: str) -> bool:
	"""Whether Xero has a page where the customer sees and pays it: of approved invoices only (B15)."""
	return document_type == DocumentType.INVOICE.value and status in ("Authorised", "Paid")


CREATED, LIVE, PART_PAID, PAID, CANCELLED = "Created", "Live", "Part Paid", "Paid", "Cancelled"


def own_state(status: str, total: Decimal, amount_due: Decimal) -> str:
	"""How a record that is itself an invoice or credit note stands in Xero, in the words of R79 and R80."""
	if status in ("Voided", "Deleted"):
		return CANCELLED
	if status in ("Draft", "Submitted"):
		return CREATED
	if status == "Paid":
		return PAID
	return LIVE if amount_due == total else PART_PAID


@dataclass(frozen=True)
class Group:
	"""Documents that are alike in everything that a view or a total asks for, added up."""

	document_type: str
	status: str
	currency: str
	bucket: str
	has_balance: bool
	count: int
	sub_total: Decimal
	total: Decimal
	amount_due: Decimal
	amount_paid: Decimal


class DaySales(NamedTuple):
	"""Authorised and paid sales of one day in base currency; `document_type` tells which way they count."""

	day: date
	document_type: str
	total: Decimal


@dataclass
class OtherCurrency:
	"""Documents that the totals leave out because they are not in the base currency (R126, R127, B12).

	`kind` is "invoice" or "bill"; a note that credits them counts as a document and lowers the total.
	"""

	kind: str
	currency: str
	count: int = 0
	unpaid: Decimal = ZERO
	total: Decimal = ZERO


@dataclass
class Summary:
	"""The overview of a record. Amounts are in the organisation's base currency."""

	currency: str
	unpaid: Decimal = ZERO
	awaiting_approval: Decimal = ZERO
	paid: Decimal = ZERO
	overdue: Decimal = ZERO
	bills_unpaid: Decimal = ZERO
	lifetime: Decimal = ZERO
	ageing: dict[str, Decimal] = field(
		default_factory=lambda: dict.fromkeys((NOT_DUE, *OVERDUE_BUCKETS), ZERO)
	)
	other_currencies: dict[tuple[str, str], OtherCurrency] = field(default_factory=dict)
	counts: dict[str, dict[str, int]] = field(
		default_factory=lambda: {kind: dict.fromkeys(VIEWS, 0) for kind in KINDS}
	)


def summarise(groups: Iterable[Group], base_currency: str) -> Summary:
	"""Totals, ageing and the count of every view (R124-R127; design.md section 5).

	`unpaid` counts authorised and submitted invoices; the submitted part is told apart as
	`awaiting_approval`. `paid` is what was received on authorised and paid invoices. `lifetime` is
	authorised and paid sales invoices less sales credit notes.
	"""
	summary = Summary(base_currency)
	for group in groups:
		_count(summary, group)
		if group.currency == base_currency:
			_add(summary, group)
		else:
			_add_other(summary, group)
	return summary


def _count(summary: Summary, group: Group) -> None:
	for kind, (_, credit_note) in KINDS.items():
		if group.document_type not in KINDS[kind]:
			continue
		for name, view in VIEWS.items():
			if not view.pinned and view.holds(group, group.document_type == credit_note):
				summary.counts[kind][name] += group.count


def _add(summary: Summary, group: Group) -> None:
	settled = group.status in ("Authorised", "Paid")
	if group.document_type == DocumentType.INVOICE.value:
		if settled:
			summary.lifetime += group.total
			summary.paid += group.amount_paid
		if group.status in COUNTED:
			_add_unpaid(summary, group)
	elif group.document_type == DocumentType.CREDIT_NOTE.value and settled:
		summary.lifetime -= group.total
	elif group.document_type == DocumentType.BILL.value and group.status in COUNTED:
		summary.bills_unpaid += group.amount_due


def _add_unpaid(summary: Summary, group: Group) -> None:
	summary.unpaid += group.amount_due
	if group.status == "Submitted":
		summary.awaiting_approval += group.amount_due
		return
	overdue = group.bucket in OVERDUE_BUCKETS
	summary.ageing[group.bucket if overdue else NOT_DUE] += group.amount_due
	if overdue:
		summary.overdue += group.amount_due


def _add_other(summary: Summary, group: Group) -> None:
	if group.status not in (*COUNTED, "Paid"):
		return
	for kind, (documents, credit_notes) in KINDS.items():
		if group.document_type not in (documents, credit_notes):
			continue
		other = summary.other_currencies.setdefault(
			(kind, group.currency), OtherCurrency(kind, group.currency)
		)
		other.count += group.count
		if group.document_type == credit_notes:
			other.total -= group.total
			continue
		other.total += group.total
		if group.status in COUNTED:
			other.unpaid += group.amount_due


class Invoiced(NamedTuple):
	"""What of a deal is invoiced, without tax. `others` counts documents in another currency, left out."""

	invoiced: Decimal
	drafted: Decimal
	others: int


def invoiced(groups: Iterable[Group], currency: str) -> Invoiced:
	"""Sales documents that are linked to one deal, in the deal's currency: invoices less credit notes (B16)."""
	invoiced, drafted, others = ZERO, ZERO, 0
	for group in groups:
		if group.document_type not in KINDS["invoice"] or group.status not in (*COUNTED, "Paid", "Draft"):
			continue
		if group.currency != currency:
			others += group.count
			continue
		is_credit = group.document_type == DocumentType.CREDIT_NOTE.value
		amount = -group.sub_total if is_credit else group.sub_total
		if group.status == "Draft":
			drafted += amount
		else:
			invoiced += amount
	return Invoiced(invoiced, drafted, others)


def chart_start(today: date) -> date:
	"""The first day that the 12-month chart or the 12-month value looks at."""
	return _year_before(today).replace(day=1)


def sales_of_year(days: Iterable[DaySales], today: date) -> tuple[dict[str, Decimal], Decimal]:
	"""Sales less credit notes: by calendar month for the chart, and the value of the last 12 months (R124).

	The months are the 12 that end with today's, oldest first, as "2026-11"; the value counts documents
	dated after the same day a year ago, up to today.
	"""
	months = dict.fromkeys(_last_months(today), ZERO)
	value = ZERO
	for day, document_type, total in days:
		signed = -total if document_type == DocumentType.CREDIT_NOTE.value else total
		month = f"{day:%Y-%m}"
		if month in months:
			months[month] += signed
		if _year_before(today) <= day <= today:
			value += signed
	return months, value


def _last_months(today: date) -> list[str]:
	number = today.year * 12 + today.month - 1
	return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number - 11, number + 1)]


def _year_before(today: date) -> date:
	try:
		return today.replace(year=today.year - 1) + timedelta(days=1)
	except ValueError:  # 29 February
		return date(today.year - 1, 3, 1)
