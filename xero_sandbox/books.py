"""What one organisation has in its books, as plain objects that tests may look at.

Money is `Decimal`, accounting dates are `date`, moments are milliseconds UTC since 1970 (Xero's own
precision). Settings (accounts, tax rates, items …) are dicts in Xero's JSON form.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date as Day
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar

from .rounding import ZERO

Json = dict[str, Any]

SALES_TYPES = {"ACCREC", "ACCRECCREDIT", "RECEIVE-PREPAYMENT", "RECEIVE-OVERPAYMENT"}
NIL = "00000000-0000-0000-0000-000000000000"


class Row(Protocol):
	id: str
	updated: int
	encoded: dict[Any, bytes]


R = TypeVar("R", bound=Row)


def _age(row: Row) -> tuple[int, str]:
	return (row.updated, row.id)


class Table(Generic[R]):
	"""Rows by id, also kept in order of UpdatedDateUTC, so that a page needs no sort."""

	def __init__(self, rows: Iterable[R] = ()) -> None:
		self._rows = {row.id: row for row in rows}
		self._by_age = sorted(self._rows.values(), key=_age)
		self._ids = sorted(self._rows)

	def __len__(self) -> int:
		return len(self._rows)

	def __iter__(self) -> Iterator[R]:
		return iter(self._rows.values())

	def __getitem__(self, identity: str) -> R:
		return self._rows[identity]

	def __contains__(self, identity: str) -> bool:
		return identity in self._rows

	def get(self, identity: str | None) -> R | None:
		return self._rows.get((identity or "").lower())

	def add(self, row: R) -> None:
		self._rows[row.id] = row
		insort(self._by_age, row, key=_age)
		insort(self._ids, row.id)

	def touch(self, row: R, moment: int) -> None:
		"""The row changed: it moves to the end of the order by UpdatedDateUTC."""
		position = bisect_left(self._by_age, _age(row), key=_age)
		del self._by_age[position]
		row.updated = max(moment, row.updated)
		row.encoded.clear()
		insort(self._by_age, row, key=_age)

	def by_age(self, since: int | None = None) -> list[R]:
		if since is None:
			return self._by_age
		return self._by_age[bisect_left(self._by_age, since, key=lambda row: row.updated) :]

	def by_id(self) -> list[R]:
		return [self._rows[identity] for identity in self._ids]


@dataclass(slots=True, kw_only=True, eq=False)
class Contact:
	id: str
	name: str
	updated: int
	status: str = "ACTIVE"
	number: str | None = None
	merged_to: str | None = None
	is_customer: bool = False
	is_supplier: bool = False
	# further fields in Xero's JSON form: EmailAddress, FirstName, Phones, Addresses …
	fields: Json = field(default_factory=dict)
	encoded: dict[Any, bytes] = field(default_factory=dict, repr=False)

	@property
	def email(self) -> str | None:
		return self.fields.get("EmailAddress")


@dataclass(slots=True, kw_only=True, eq=False)
class Line:
	id: str
	description: str | None
	quantity: Decimal
	unit_amount: Decimal
	line_amount: Decimal
	tax_amount: Decimal = ZERO
	tax_type: str | None = None
	account_code: str | None = None
	item_code: str | None = None
	discount_rate: Decimal | None = None
	discount_amount: Decimal | None = None
	tracking: list[Json] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Document:
	"""An invoice, bill, credit note, prepayment or overpayment (`type` in Xero's words).

	`amount_due` of the last three is Xero's RemainingCredit. `allocations` are the credits applied to an
	invoice, or the places a credit went to.
	"""

	id: str
	type: str
	contact: Contact
	date: Day
	status: str
	updated: int
	number: str | None = None
	due_date: Day | None = None
	reference: str | None = None
	url: str | None = None
	line_amount_types: str = "Exclusive"
	lines: list[Line] = field(default_factory=list)
	currency: str = "NZD"
	rate: Decimal = Decimal("1.000000")
	branding_theme_id: str | None = None
	sent_to_contact: bool = False
	expected_payment_date: Day | None = None
	planned_payment_date: Day | None = None
	created_by: str | None = None
	sub_total: Decimal = ZERO
	total_tax: Decimal = ZERO
	total: Decimal = ZERO
	total_discount: Decimal = ZERO
	amount_paid: Decimal = ZERO
	amount_credited: Decimal = ZERO
	amount_due: Decimal = ZERO
	fully_paid_on: Day | None = None
	payments: list[Payment] = field(default_factory=list)
	allocations: list[Allocation] = field(default_factory=list)
	encoded: dict[Any, bytes] = field(default_factory=dict, repr=False)

	@property
	def is_sale(self) -> bool:
		return self.type in SALES_TYPES


@dataclass(slots=True, kw_only=True, eq=False)
class Payment:
	id: str
	document: Document
	account_id: str
	date: Day
	amount: Decimal
	updated: int
	rate: Decimal = Decimal("1.000000")
	reference: str | None = None
	status: str = "AUTHORISED"
	is_reconciled: bool = False
	encoded: dict[Any, bytes] = field(default_factory=dict, repr=False)


@dataclass(slots=True, kw_only=True, eq=False)
class Allocation:
	id: str
	source: Document
	target: Document
	amount: Decimal
	date: Day


@dataclass(slots=True, kw_only=True)
class Note:
	changes: str
	details: str
	moment: int
	user: str = "System Generated"


@dataclass(kw_only=True, eq=False)
class Organisation:
	"""One tenant. `profile` is the /Organisation element; `id` is the tenant id."""

	id: str
	profile: Json
	accounts: list[Json] = field(default_factory=list)
	tax_rates: list[Json] = field(default_factory=list)
	currencies: list[Json] = field(default_factory=list)
	branding_themes: list[Json] = field(default_factory=list)
	tracking_categories: list[Json] = field(default_factory=list)
	items: list[Json] = field(default_factory=list)
	contact_groups: list[Json] = field(default_factory=list)
	contacts: Table[Contact] = field(default_factory=Table)
	invoices: Table[Document] = field(default_factory=Table)
	credit_notes: Table[Document] = field(default_factory=Table)
	prepayments: Table[Document] = field(default_factory=Table)
	overpayments: Table[Document] = field(default_factory=Table)
	payments: Table[Payment] = field(default_factory=Table)
	history: dict[str, list[Note]] = field(default_factory=lambda: defaultdict(list))
	next_number: int = 1
	next_credit_number: int = 1
	documents_of: dict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))

	@property
	def name(self) -> str:
		return str(self.profile["Name"])

	@property
	def base_currency(self) -> str:
		return str(self.profile["BaseCurrency"])

	@property
	def timezone(self) -> str:
		return str(self.profile["Timezone"])

	@property
	def short_code(self) -> str:
		return str(self.profile["ShortCode"])

	def account(self, code: str | None = None, identity: str | None = None) -> Json | None:
		for account in self.accounts:
			if (code and account.get("Code") == code) or (identity and account["AccountID"] == identity):
				return account
		return None

	def tax_rate(self, tax_type: str | None) -> Json | None:
		return next((rate for rate in self.tax_rates if rate["TaxType"] == tax_type), None)

	def item(self, code_or_id: str | None) -> Json | None:
		return next((i for i in self.items if code_or_id in (i["Code"], i["ItemID"])), None)

	def table_of(self, document: Document) -> Table[Document]:
		if document.type in ("ACCREC", "ACCPAY"):
			return self.invoices
		if document.type.endswith("CREDIT"):
			return self.credit_notes
		return self.prepayments if "PREPAYMENT" in document.type else self.overpayments

	def find_document(self, identity: str) -> Document | None:
		tables = (self.invoices, self.credit_notes, self.prepayments, self.overpayments)
		return next((found for table in tables if (found := table.get(identity))), None)

	def index_documents(self) -> None:
		"""After a bulk load: who has which documents."""
		self.documents_of.clear()
		for table in (self.invoices, self.credit_notes, self.prepayments, self.overpayments):
			for document in table:
				self.documents_of[document.contact.id].append(document)

	def forget_encoded(self, contact: Contact) -> None:
		"""The contact's name stands in its documents, and their balances in the contact."""
		contact.encoded.clear()
		for document in self.documents_of[contact.id]:
			document.encoded.clear()
			for payment in document.payments:
				payment.encoded.clear()


def settle(document: Document) -> None:
	"""Bring paid, credited, due and the derived statuses in line with payments and allocations."""
	live = [payment for payment in document.payments if payment.status == "AUTHORISED"]
	document.amount_paid = sum((payment.amount for payment in live), ZERO)
	document.amount_credited = sum((allocation.amount for allocation in document.allocations), ZERO)
	document.amount_due = document.total - document.amount_paid - document.amount_credited
	if document.status not in ("AUTHORISED", "PAID"):
		return
	paid = document.amount_due == 0
	document.status = "PAID" if paid else "AUTHORISED"
	days = [payment.date for payment in live] + [allocation.date for allocation in document.allocations]
	document.fully_paid_on = max(days, default=document.date) if paid else None


def clear_amounts(document: Document) -> None:
	"""Nothing is due on a voided or deleted document."""
	document.amount_due = document.amount_paid = document.amount_credited = ZERO
	document.fully_paid_on = None
