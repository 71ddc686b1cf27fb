"""Synthetic books: a mirror that grows to as many documents as one likes, with three customers that stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import frappe

from xero_connector.core.model import Contact, Document, Payment
from xero_connector.site import mirror
from xero_connector.site.database import now_utc

ORGANISATIONS = ("benchmark-first", "benchmark-second")
"""Everybody measured is in the first, which has most of the documents."""

BASE_CURRENCY = "NZD"
_DOCUMENTS_A_CONTACT = 100
_PAGE = 1000
_DAYS = 6 * 365

# value -> how often
_TYPES = {"Invoice": 70, "Bill": 20, "Credit Note": 7, "Supplier Credit Note": 3}
_STATUSES = {"Paid": 76, "Authorised": 14, "Submitted": 2, "Draft": 4, "Voided": 3, "Deleted": 1}
_CURRENCIES = {BASE_CURRENCY: 85, "USD": 10, "AUD": 5}


class Books:
	"""The mirror's contacts and documents, written a page at a time by the mirror itself.

	`grow` gives everybody else more; the `customers`, by their number of documents, are written once and have
	exactly as many ever after.
	"""

	def __init__(self) -> None:
		self.today: date = now_utc().date()
		self.customers: dict[int, str] = {}
		self._random = Random(7)
		self._written = 0
		self._connect()

	def _connect(self) -> None:
		"""The organisations, as if somebody had connected them."""
		frappe.db.set_single_value("Xero Settings", "enabled", 1)
		for name in ORGANISATIONS:
			organisation = frappe.new_doc("Xero Organisation")
			organisation.update(
				{
					"tenant_id": name,
					"organisation_name": name,
					"base_currency": BASE_CURRENCY,
					"time_zone": "UTC",
					"status": "Connected",
					"sync_state": "Idle",
					"is_default": int(name == ORGANISATIONS[0]),
				}
			)
			organisation.insert(ignore_permissions=True, ignore_links=True)
		frappe.db.commit()

	def add_customer(self, documents: int) -> None:
		[contact] = self._contacts(1, ORGANISATIONS[0])
		self.customers[documents] = contact
		self._write([contact], ORGANISATIONS[0], documents)

	def grow(self, total: int) -> None:
		"""Until the mirror has `total` documents, in all organisations."""
		missing = total - self._written
		first = missing * 4 // 5
		for organisation, documents in zip(ORGANISATIONS, (first, missing - first), strict=True):
			contacts = self._contacts(max(1, documents // _DOCUMENTS_A_CONTACT), organisation)
			self._write(contacts, organisation, documents)

	def _contacts(self, count: int, organisation: str) -> list[str]:
		contacts = [self._contact(organisation) for _ in range(count)]
		for start in range(0, count, _PAGE):
			mirror.save_contacts(contacts[start : start + _PAGE])
			frappe.db.commit()
		return [contact.contact_id for contact in contacts]

	def _contact(self, organisation: str) -> Contact:
		identity = self._identity()
		nothing = dict.fromkeys(Contact._fields)
		return Contact(
			**{
				**nothing,
				"contact_id": identity,
				"organisation": organisation,
				"contact_name": f"Customer {identity[:8]}",
				"is_customer": True,
				"is_supplier": True,
				"payment_terms_day": 0,
				"status": "Active",
				**{name: Decimal(0) for name in Contact._fields if name.endswith(("standing", "overdue"))},
				"updated_utc": now_utc(),
			}
		)

	def _write(self, contacts: list[str], organisation: str, count: int) -> None:
		for start in range(0, count, _PAGE):
			size = min(_PAGE, count - start)
			mirror.save_documents(list(self._documents(contacts, organisation, size)))
			frappe.db.commit()
		self._written += count

	def _documents(self, contacts: list[str], organisation: str, count: int) -> Iterator[Document]:
		pick = self._random
		types, statuses, currencies = (
			pick.choices(list(shares), list(shares.values()), k=count)
			for shares in (_TYPES, _STATUSES, _CURRENCIES)
		)
		for number, (kind, status, currency) in enumerate(zip(types, statuses, currencies, strict=True)):
			yield self._document(pick.choice(contacts), organisation, kind, status, currency, number)

	def _document(
		self, contact: str, organisation: str, kind: str, status: str, currency: str, number: int
	) -> Document:
		identity, total = self._identity(), Decimal(self._random.randrange(1_000, 1_000_000)) / 100
		# what is not settled is mostly new
		day = self.today - timedelta(days=self._random.randrange(_DAYS if status == "Paid" else _DAYS // 12))
		due, paid = day + timedelta(days=30), total if status == "Paid" else Decimal(0)
		tax = (total / 8).quantize(Decimal("0.01"))
		return Document(
			document_id=identity,
			organisation=organisation,
			document_type=kind,
			number=f"{kind[:3].upper()}-{self._written + number:07}",
			reference=f"PO {identity[:6]}",
			contact=contact,
			contact_name=f"Customer {contact[:8]}",
			date=day,
			due_date=due,
			status=status,
			currency=currency,
			currency_rate=Decimal(1),
			sub_total=total - tax,
			tax=tax,
			total=total,
			amount_due=Decimal(0) if status in ("Paid", "Voided", "Deleted") else total,
			amount_paid=paid,
			amount_credited=Decimal(0),
			fully_paid_on=due if paid else None,
			sent_to_contact=True,
			url=None,
			updated_utc=now_utc(),
			payments=(Payment(self._identity(), "Payment", due, total, None),) if paid else (),
		)

	def _identity(self) -> str:
		return str(UUID(int=self._random.getrandbits(128)))
