"""From Xero's JSON to the mirror's values: identifiers in lower case, dates as dates, moments in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from xero_connector.core import model
from xero_connector.core.model import DocumentType, PaymentKind
from xero_connector.core.money import ZERO
from xero_connector.xero import wire
from xero_connector.xero.time_zones import iana_name

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

_TYPES = {
	"ACCREC": DocumentType.INVOICE.value,
	"ACCPAY": DocumentType.BILL.value,
	"ACCRECCREDIT": DocumentType.CREDIT_NOTE.value,
	"ACCPAYCREDIT": DocumentType.SUPPLIER_CREDIT_NOTE.value,
}

_PAYMENT, _CREDIT_NOTE = PaymentKind.PAYMENT.value, PaymentKind.CREDIT_NOTE.value
_PREPAYMENT, _OVERPAYMENT = PaymentKind.PREPAYMENT.value, PaymentKind.OVERPAYMENT.value


def moment(text: str | None) -> datetime | None:
	"""The instant of `/Date(1518685950940+0000)/`, or of an ISO text, which Xero means in UTC.

	The milliseconds count in UTC whatever offset follows them. None for what is no moment.
	"""
	if not text:
		return None
	try:
		if text.startswith("/Date("):
			return _EPOCH + timedelta(milliseconds=_milliseconds(text)[0])
		read = datetime.fromisoformat(text.replace("Z", "+00:00"))
	except (ValueError, OverflowError):
		return None
	return read.astimezone(timezone.utc) if read.tzinfo else read.replace(tzinfo=timezone.utc)


@lru_cache(maxsize=8192)
def day(naive: str | None, stamp: str | None = None) -> date | None:
	"""A date of accounting. `naive` ("2026-01-31T00:00:00", Xero's DateString) wins over `stamp` (`/Date(…)/`).

	A stamp is that date's midnight in the offset that it carries, so the date stays the one that was typed.
	Year 1 is .NET's way to say "no date", as is a text that cannot be read: None.
	"""
	for text in (naive, stamp):
		found = _day(text) if text else None
		if found:
			return found if found.year > 1 else None
	return None


def _day(text: str) -> date | None:
	try:
		if not text.startswith("/Date("):
			return date.fromisoformat(text[:10])
		milliseconds, minutes = _milliseconds(text)
		return (_EPOCH + timedelta(milliseconds=milliseconds, minutes=minutes)).date()
	except (ValueError, OverflowError):
		return None


def _milliseconds(text: str) -> tuple[int, int]:
	"""Of `/Date(-1518685950940+1300)/`: the milliseconds, and the offset in minutes."""
	if text.endswith("+0000)/"):
		return int(text[6:-7]), 0
	inner = text[6 : text.index(")")]
	sign = max(inner.rfind("+"), inner.rfind("-", 1))
	if sign < 1:
		return int(inner), 0
	minutes = int(inner[sign + 1 : sign + 3]) * 60 + int(inner[sign + 3 : sign + 5])
	return int(inner[:sign]), minutes if inner[sign] == "+" else -minutes


def _identifier(text: str | None) -> str:
	return text.lower() if text else ""


@lru_cache(maxsize=256)
def _status(text: str | None) -> str:
	"""AUTHORISED as "Authorised"; a status that Xero invents later is kept the same way."""
	return text.capitalize() if text else ""


def document_from_invoice(row: wire.Invoice, organisation: str) -> model.Document:
	contact = row.contact
	return model.Document(
		_identifier(row.invoice_id),
		organisation,
		_TYPES.get(row.type or "", _status(row.type)),
		row.invoice_number or None,
		row.reference or None,
		(_identifier(contact.contact_id) or None) if contact else None,
		(contact.name or None) if contact else None,
		day(row.date_string, row.date),
		day(row.due_date_string, row.due_date),
		_status(row.status),
		row.currency_code or "",
		row.currency_rate or ZERO,
		row.sub_total or ZERO,
		row.total_tax or ZERO,
		row.total or ZERO,
		row.amount_due or ZERO,
		row.amount_paid or ZERO,
		row.amount_credited or ZERO,
		day(None, row.fully_paid_on_date),
		row.sent_to_contact or False,
		row.url or None,
		moment(row.updated_date_utc) or _EPOCH,
		_reductions(row),
	)


def _reductions(row: wire.Invoice) -> tuple[model.Payment, ...]:
	found: list[model.Payment] = []
	if row.payments:
		found += [_payment(_PAYMENT, each) for each in _live(row.payments)]
	if row.credit_notes:
		found += [_payment(_CREDIT_NOTE, each) for each in _live(row.credit_notes)]
	if row.prepayments:
		found += [_payment(_PREPAYMENT, each) for each in _live(row.prepayments)]
	if row.overpayments:
		found += [_payment(_OVERPAYMENT, each) for each in _live(row.overpayments)]
	return tuple(found)


def document_from_credit_note(row: wire.CreditNote, organisation: str) -> model.Document:
	"""`amount_due` is the remaining credit, `amount_paid` what was refunded, `amount_credited` what was
	allocated to documents."""
	contact = row.contact
	refunds = tuple(_payment(_PAYMENT, each) for each in _live(row.payments or ()))
	allocations = tuple(_payment(_CREDIT_NOTE, each) for each in _live(row.allocations or ()))
	return model.Document(
		_identifier(row.credit_note_id),
		organisation,
		_TYPES.get(row.type or "", _status(row.type)),
		row.credit_note_number or None,
		row.reference or None,
		(_identifier(contact.contact_id) or None) if contact else None,
		(contact.name or None) if contact else None,
		day(row.date_string, row.date),
		day(row.due_date_string, row.due_date),
		_status(row.status),
		row.currency_code or "",
		row.currency_rate or ZERO,
		row.sub_total or ZERO,
		row.total_tax or ZERO,
		row.total or ZERO,
		row.remaining_credit or ZERO,
		sum((each.amount for each in refunds), ZERO),
		sum((each.amount for each in allocations), ZERO),
		day(None, row.fully_paid_on_date),
		row.sent_to_contact or False,
		None,
		moment(row.updated_date_utc) or _EPOCH,
		refunds + allocations,
	)


def _live(rows: Iterable[wire.Credit]) -> Iterable[wire.Credit]:
	return (row for row in rows if not row.is_deleted and row.status != "DELETED")


def _payment(kind: str, row: wire.Credit) -> model.Payment:
	other = row.invoice
	key = (
		row.payment_id
		or row.credit_note_id
		or row.prepayment_id
		or row.overpayment_id
		or row.allocation_id
		or (other.invoice_id if other else None)
	)
	return model.Payment(
		_identifier(key),
		kind,
		day(row.date_string, row.date),
		# a credit note inside an invoice gives its own total as well: only the applied part counts
		(row.amount if row.applied_amount is None else row.applied_amount) or ZERO,
		row.credit_note_number or row.reference or (other.invoice_number if other else None) or None,
	)


_NO_ADDRESS = wire.Address()
_NO_BALANCE = wire.Balance()
_NO_TERMS = wire.PaymentTerm()


def contact(row: wire.Contact, organisation: str) -> model.Contact:
	phones = {each.phone_type: each for each in row.phones or ()}
	address = _postal_address(row.addresses or ())
	balances = row.balances
	receivable = (balances.accounts_receivable if balances else None) or _NO_BALANCE
	payable = (balances.accounts_payable if balances else None) or _NO_BALANCE
	terms = (row.payment_terms.sales if row.payment_terms else None) or _NO_TERMS
	return model.Contact(
		_identifier(row.contact_id),
		organisation,
		row.name or "",
		row.first_name or None,
		row.last_name or None,
		row.email_address or None,
		_phone(phones.get("DEFAULT")),
		_phone(phones.get("MOBILE")),
		_lines(address),
		address.city or None,
		address.region or None,
		address.postal_code or None,
		address.country or None,
		row.contact_number or None,
		row.account_number or None,
		row.tax_number or None,
		row.is_customer or False,
		row.is_supplier or False,
		_status(row.contact_status),
		_identifier(row.merged_to_contact_id) or None,
		receivable.outstanding or ZERO,
		receivable.overdue or ZERO,
		payable.outstanding or ZERO,
		payable.overdue or ZERO,
		terms.day or 0,
		terms.type or None,
		moment(row.updated_date_utc) or _EPOCH,
	)


def _phone(phone: wire.Phone | None) -> str | None:
	"""Country, area and number with a space between; leading zeros are part of them."""
	if not phone or not phone.phone_number:
		return None
	return " ".join(filter(None, (phone.phone_country_code, phone.phone_area_code, phone.phone_number)))


def _postal_address(addresses: Iterable[wire.Address]) -> wire.Address:
	"""POBOX if it is filled, because Xero prints it on documents; else STREET. Xero sends both, often blank."""
	by_type = {each.address_type: each for each in addresses if _lines(each) or each.city or each.postal_code}
	return by_type.get("POBOX") or by_type.get("STREET") or _NO_ADDRESS


def _lines(address: wire.Address) -> str | None:
	lines = (address.address_line1, address.address_line2, address.address_line3, address.address_line4)
	return ", ".join(line for line in lines if line) or None


def account(row: wire.Account, organisation: str) -> model.Account:
	"""Type and class stay as Xero writes them (REVENUE, BANK): they are looked up, not shown."""
	return model.Account(
		account_id=_identifier(row.account_id),
		organisation=organisation,
		code=row.code or None,
		account_name=row.name or "",
		account_type=row.type or "",
		account_class=row.class_ or None,
		tax_type=row.tax_type or None,
		status=_status(row.status),
		payments_enabled=row.enable_payments_to_account or False,
		system_account=row.system_account or None,
	)


def tax_rate(row: wire.TaxRate, organisation: str) -> model.TaxRate:
	return model.TaxRate(
		tax_type=row.tax_type or "",
		organisation=organisation,
		tax_name=row.name or "",
		effective_rate=row.effective_rate or Decimal(0),
		status=_status(row.status),
		applies_to_revenue=row.can_apply_to_revenue or False,
		applies_to_expenses=row.can_apply_to_expenses or False,
	)


def item(row: wire.Item, organisation: str) -> model.Item:
	sales = row.sales_details or wire.SalesDetails()
	return model.Item(
		item_id=_identifier(row.item_id),
		organisation=organisation,
		code=row.code or "",
		item_name=row.name or None,
		description=row.description or None,
		unit_price=sales.unit_price,
		account_code=sales.account_code or None,
		tax_type=sales.tax_type or None,
		is_sold=row.is_sold or False,
		updated_utc=moment(row.updated_date_utc),
	)


def organisation(row: wire.Organisation, tenant_id: str) -> model.Organisation:
	locks = (day(None, row.period_lock_date), day(None, row.end_of_year_lock_date))
	return model.Organisation(
		tenant_id=tenant_id,
		organisation_name=row.name or row.legal_name or "",
		legal_name=row.legal_name or None,
		short_code=row.short_code or None,
		base_currency=row.base_currency or "",
		country=row.country_code or None,
		time_zone=iana_name(row.timezone),
		is_demo=row.is_demo_company or False,
		locked_until=max(filter(None, locks), default=None),
	)


def branding_theme(row: wire.BrandingTheme, organisation: str) -> model.BrandingTheme:
	return model.BrandingTheme(
		theme_id=_identifier(row.branding_theme_id),
		organisation=organisation,
		theme_name=row.name or "",
		sort_order=row.sort_order or 0,
	)
