"""Xero's JSON as it comes, tolerant of what Xero adds or leaves out.

Decoded here and not by the SDK's models, which lose the whole page to one unknown currency or null, and take
27 times as long (xero-facts section 7). Fields that we do not read are skipped while parsing; amounts come
from the digits of the text, never through a float. `rows` makes the values of `core.model` of it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

import msgspec

from xero_connector.core.errors import Code, WillRetry

_ACRONYMS = {"id": "ID", "utc": "UTC"}


def _xero_name(name: str) -> str:
	return "".join(_ACRONYMS.get(word, word.capitalize()) for word in name.split("_"))


# gc=False: these hold no cycles, and a page makes tens of thousands of them
class Wire(msgspec.Struct, rename=_xero_name, gc=False):
	"""A JSON object of Xero. Every field may be missing or null."""


class Message(Wire):
	"""What Xero says about an element that it did not like."""

	message: str | None = None


class ContactName(Wire):
	contact_id: str | None = None
	name: str | None = None


class DocumentName(Wire):
	"""An invoice as a credit note's allocation names it."""

	invoice_id: str | None = None
	invoice_number: str | None = None


class Credit(Wire):
	"""A row of a document's Payments, CreditNotes, Prepayments or Overpayments, or of a note's Allocations."""

	payment_id: str | None = None
	credit_note_id: str | None = None
	prepayment_id: str | None = None
	overpayment_id: str | None = None
	allocation_id: str | None = None
	credit_note_number: str | None = None
	reference: str | None = None
	date: str | None = None
	date_string: str | None = None
	amount: Decimal | None = None
	applied_amount: Decimal | None = None
	status: str | None = None
	is_deleted: bool | None = None
	invoice: DocumentName | None = None


class Invoice(Wire):
	"""An invoice or bill; with the fields of `CreditNote`, what both share has the same name."""

	invoice_id: str | None = None
	type: str | None = None
	invoice_number: str | None = None
	reference: str | None = None
	contact: ContactName | None = None
	date: str | None = None
	date_string: str | None = None
	due_date: str | None = None
	due_date_string: str | None = None
	status: str | None = None
	currency_code: str | None = None
	currency_rate: Decimal | None = None
	sub_total: Decimal | None = None
	total_tax: Decimal | None = None
	total: Decimal | None = None
	amount_due: Decimal | None = None
	amount_paid: Decimal | None = None
	amount_credited: Decimal | None = None
	fully_paid_on_date: str | None = None
	sent_to_contact: bool | None = None
	url: str | None = None
	updated_date_utc: str | None = None
	payments: list[Credit] | None = None
	credit_notes: list[Credit] | None = None
	prepayments: list[Credit] | None = None
	overpayments: list[Credit] | None = None
	status_attribute_string: str | None = None
	validation_errors: list[Message] | None = None
	warnings: list[Message] | None = None


class CreditNote(Wire):
	credit_note_id: str | None = None
	type: str | None = None
	credit_note_number: str | None = None
	reference: str | None = None
	contact: ContactName | None = None
	date: str | None = None
	date_string: str | None = None
	due_date: str | None = None
	due_date_string: str | None = None
	status: str | None = None
	currency_code: str | None = None
	currency_rate: Decimal | None = None
	sub_total: Decimal | None = None
	total_tax: Decimal | None = None
	total: Decimal | None = None
	remaining_credit: Decimal | None = None
	fully_paid_on_date: str | None = None
	sent_to_contact: bool | None = None
	updated_date_utc: str | None = None
	payments: list[Credit] | None = None
	allocations: list[Credit] | None = None
	status_attribute_string: str | None = None
	validation_errors: list[Message] | None = None
	warnings: list[Message] | None = None


class LineItem(Wire):
	line_item_id: str | None = None
	item_code: str | None = None
	description: str | None = None
	discount_rate: Decimal | None = None
	discount_amount: Decimal | None = None


class WholeInvoice(Invoice):
	"""With its lines, which the mirror does not keep."""

	line_items: list[LineItem] | None = None


class WholeCreditNote(CreditNote):
	line_items: list[LineItem] | None = None


class Phone(Wire):
	phone_type: str | None = None
	phone_number: str | None = None
	phone_area_code: str | None = None
	phone_country_code: str | None = None


class Address(Wire):
	address_type: str | None = None
	address_line1: str | None = None
	address_line2: str | None = None
	address_line3: str | None = None
	address_line4: str | None = None
	city: str | None = None
	region: str | None = None
	postal_code: str | None = None
	country: str | None = None


class Balance(Wire):
	outstanding: Decimal | None = None
	overdue: Decimal | None = None


class Balances(Wire):
	accounts_receivable: Balance | None = None
	accounts_payable: Balance | None = None


class PaymentTerm(Wire):
	day: int | None = None
	type: str | None = None


class PaymentTerms(Wire):
	sales: PaymentTerm | None = None


class Contact(Wire):
	contact_id: str | None = None
	name: str | None = None
	first_name: str | None = None
	last_name: str | None = None
	email_address: str | None = None
	contact_number: str | None = None
	account_number: str | None = None
	tax_number: str | None = None
	contact_status: str | None = None
	merged_to_contact_id: str | None = None
	is_customer: bool | None = None
	is_supplier: bool | None = None
	phones: list[Phone] | None = None
	addresses: list[Address] | None = None
	balances: Balances | None = None
	payment_terms: PaymentTerms | None = None
	updated_date_utc: str | None = None
	status_attribute_string: str | None = None
	validation_errors: list[Message] | None = None


class ContactPerson(Wire):
	first_name: str | None = None
	last_name: str | None = None
	email_address: str | None = None
	include_in_emails: bool | None = None


class WholeContact(Contact):
	"""With the persons that it has besides the primary one, which the mirror does not keep."""

	contact_persons: list[ContactPerson] | None = None


class Account(Wire):
	account_id: str | None = None
	code: str | None = None
	name: str | None = None
	type: str | None = None
	class_: str | None = msgspec.field(default=None, name="Class")
	tax_type: str | None = None
	status: str | None = None
	enable_payments_to_account: bool | None = None
	system_account: str | None = None


class TaxRate(Wire):
	tax_type: str | None = None
	name: str | None = None
	status: str | None = None
	effective_rate: Decimal | None = None
	can_apply_to_revenue: bool | None = None
	can_apply_to_expenses: bool | None = None


class SalesDetails(Wire):
	unit_price: Decimal | None = None
	account_code: str | None = None
	tax_type: str | None = None


class Item(Wire):
	item_id: str | None = None
	code: str | None = None
	name: str | None = None
	description: str | None = None
	is_sold: bool | None = None
	sales_details: SalesDetails | None = None
	updated_date_utc: str | None = None
	status_attribute_string: str | None = None
	validation_errors: list[Message] | None = None


class Organisation(Wire):
	name: str | None = None
	legal_name: str | None = None
	short_code: str | None = None
	base_currency: str | None = None
	country_code: str | None = None
	timezone: str | None = None
	is_demo_company: bool | None = None
	period_lock_date: str | None = None
	end_of_year_lock_date: str | None = None


class Currency(Wire):
	code: str | None = None


class BrandingTheme(Wire):
	branding_theme_id: str | None = None
	name: str | None = None
	sort_order: int | None = None


class HistoryRecord(Wire):
	details: str | None = None


class OnlineInvoice(Wire):
	online_invoice_url: str | None = None


class Pagination(msgspec.Struct, rename="camel", gc=False):
	page_count: int | None = None
	item_count: int | None = None


class Envelope(Wire):
	"""A reply: the list under its own name, and how far it goes."""

	pagination: Pagination | None = msgspec.field(default=None, name="pagination")


class Invoices(Envelope):
	invoices: list[Invoice] | None = None


class CreditNotes(Envelope):
	credit_notes: list[CreditNote] | None = None


class Contacts(Envelope):
	contacts: list[Contact] | None = None


class WholeInvoices(Envelope):
	invoices: list[WholeInvoice] | None = None


class WholeCreditNotes(Envelope):
	credit_notes: list[WholeCreditNote] | None = None


class WholeContacts(Envelope):
	contacts: list[WholeContact] | None = None


class HistoryRecords(Envelope):
	history_records: list[HistoryRecord] | None = None


class Accounts(Envelope):
	accounts: list[Account] | None = None


class TaxRates(Envelope):
	tax_rates: list[TaxRate] | None = None


class Items(Envelope):
	items: list[Item] | None = None


class Organisations(Envelope):
	organisations: list[Organisation] | None = None


class Currencies(Envelope):
	currencies: list[Currency] | None = None


class BrandingThemes(Envelope):
	branding_themes: list[BrandingTheme] | None = None


class OnlineInvoices(Envelope):
	online_invoices: list[OnlineInvoice] | None = None


_Reply = TypeVar("_Reply", bound=Envelope)

# one decoder a kind of reply, for the process: making one costs more than using it
_DECODERS: dict[type[Envelope], msgspec.json.Decoder[Envelope]] = {
	kind: msgspec.json.Decoder(kind, strict=False) for kind in Envelope.__subclasses__()
}


def decode(kind: type[_Reply], body: bytes, *, sending: bool = False) -> _Reply:
	"""`body` as a reply of this `kind`, which is one of the envelopes above.

	Raises WillRetry(UNREADABLE) for half a body, a body that is no JSON, or a value of a wrong JSON type;
	`sending` says that it answers a write, which has taken effect then.
	"""
	try:
		return _DECODERS[kind].decode(body)  # type: ignore[return-value]
	except (msgspec.DecodeError, UnicodeDecodeError) as error:
		problem = str(error)
	raise WillRetry(Code.UNREADABLE, maybe_done=sending, list=kind.__name__, problem=problem)
