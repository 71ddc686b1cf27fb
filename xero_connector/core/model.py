"""What the mirror holds, as plain values.

Field order matters: it is the order of the mirror's columns, so that a page of a thousand documents becomes
rows without a step between (see `site.mirror`). Identifiers are Xero's GUIDs in lower case; moments are
aware UTC; accounting dates are dates.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import NamedTuple


class DocumentType(str, Enum):
	INVOICE = "Invoice"
	BILL = "Bill"
	CREDIT_NOTE = "Credit Note"
	SUPPLIER_CREDIT_NOTE = "Supplier Credit Note"


class PaymentKind(str, Enum):
	"""What reduced a document's balance."""

	PAYMENT = "Payment"
	CREDIT_NOTE = "Credit Note"
	PREPAYMENT = "Prepayment"
	OVERPAYMENT = "Overpayment"


class Endpoint(str, Enum):
	"""The lists of Xero that are read page by page, each with a cursor of its own."""

	CONTACTS = "contacts"
	INVOICES = "invoices"
	CREDIT_NOTES = "credit_notes"


class Payment(NamedTuple):
	"""One instalment of a document, or credit allocated to it."""

	payment_id: str
	kind: str
	date: dt.date | None
	amount: Decimal
	reference: str | None


class Document(NamedTuple):
	"""An invoice, bill or credit note. Amounts are in `currency`.

	`amount_due` of a credit note is its remaining credit. `currency_rate` is as Xero gave it (foreign units
	for one unit of the base currency), 0 if it did not.
	"""

	document_id: str
	organisation: str
	document_type: str
	number: str | None
	reference: str | None
	contact: str | None
	contact_name: str | None
	date: dt.date | None
	due_date: dt.date | None
	status: str
	currency: str
	currency_rate: Decimal
	sub_total: Decimal
	tax: Decimal
	total: Decimal
	amount_due: Decimal
	amount_paid: Decimal
	amount_credited: Decimal
	fully_paid_on: dt.date | None
	sent_to_contact: bool
	url: str | None
	updated_utc: dt.datetime
	payments: tuple[Payment, ...]


class Contact(NamedTuple):
	"""A Xero contact. Balances are in the organisation's base currency.

	The payment terms are those of sales: a number of days or a day of the month, by `payment_terms_type` in Xero's
	words (DAYSAFTERBILLDATE, DAYSAFTERBILLMONTH, OFCURRENTMONTH, OFFOLLOWINGMONTH); None: there are none.
	"""

	contact_id: str
	organisation: str
	contact_name: str
	first_name: str | None
	last_name: str | None
	email_address: str | None
	phone: str | None
	mobile: str | None
	address_line: str | None
	city: str | None
	region: str | None
	postal_code: str | None
	country: str | None
	contact_number: str | None
	account_number: str | None
	tax_number: str | None
	is_customer: bool
	is_supplier: bool
	status: str
	merged_into: str | None
	receivable_outstanding: Decimal
	receivable_overdue: Decimal
	payable_outstanding: Decimal
	payable_overdue: Decimal
	payment_terms_day: int
	payment_terms_type: str | None
	updated_utc: dt.datetime


class Account(NamedTuple):
	"""A row of the chart of accounts. Bank accounts may have no code."""

	account_id: str
	organisation: str
	code: str | None
	account_name: str
	account_type: str
	account_class: str | None
	tax_type: str | None
	status: str
	payments_enabled: bool
	system_account: str | None


class TaxRate(NamedTuple):
	"""A tax rate; `effective_rate` is in percent. Identified by organisation and tax type."""

	tax_type: str
	organisation: str
	tax_name: str
	effective_rate: Decimal
	status: str
	applies_to_revenue: bool
	applies_to_expenses: bool


class Item(NamedTuple):
	"""A product or service that lines may name by its code."""

	item_id: str
	organisation: str
	code: str
	item_name: str | None
	description: str | None
	unit_price: Decimal | None
	account_code: str | None
	tax_type: str | None
	is_sold: bool
	updated_utc: dt.datetime | None


class BrandingTheme(NamedTuple):
	"""How an organisation's documents look; that of `sort_order` 0 is its default."""

	theme_id: str
	organisation: str
	theme_name: str
	sort_order: int


class Organisation(NamedTuple):
	"""One Xero tenant as it describes itself. `time_zone` is an IANA name; nothing dated up to `locked_until` can
	be changed there."""

	tenant_id: str
	organisation_name: str
	legal_name: str | None
	short_code: str | None
	base_currency: str
	country: str | None
	time_zone: str
	is_demo: bool
	locked_until: dt.date | None


class Tenant(NamedTuple):
	"""A row of Xero's /connections: `connection_id` is only for disconnecting."""

	connection_id: str
	tenant_id: str
	name: str | None


class TokenSet(NamedTuple):
	"""What the token endpoint answers. Both moments are aware UTC. A Custom Connection has nothing to refresh with."""

	access_token: str
	refresh_token: str | None
	access_expires: dt.datetime
	refresh_expires: dt.datetime | None
	scopes: tuple[str, ...]

	def __repr__(self) -> str:
		return f"TokenSet(access_expires={self.access_expires}, scopes={self.scopes})"


class Identity(NamedTuple):
	"""Who granted the access, and in which consent (Xero's authentication event)."""

	user_id: str
	email: str | None
	name: str | None
	auth_event_id: str | None


class Limits(NamedTuple):
	"""How many calls Xero said are left, from the headers of its last reply."""

	day_remaining: int | None
	minute_remaining: int | None
	app_minute_remaining: int | None


class Exchange(NamedTuple):
	"""One request to Xero and what came back, as the log gets it.

	`operation` is the SDK's name of it. `status` is 0 when no answer came; `answer` is empty then, and when it
	is no text, such as a PDF. Neither side holds a token: that is in the headers.
	"""

	operation: str
	request: bytes | None
	status: int
	answer: bytes
	milliseconds: int
	correlation_id: str | None

	@property
	def is_done(self) -> bool:
		return 200 <= self.status <= 299
