"""What differs between invoices and credit notes, on their way to Xero and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from xero_connector.core.books import Order
from xero_connector.core.model import Document, DocumentType, Endpoint
from xero_connector.xero import bodies, rows, wire
from xero_connector.xero.bodies import Json


class Kind(NamedTuple):
	"""`word` is the SDK's, in its names of operations; `key`, `id_field` and `xero_type` are Xero's, in its JSON."""

	word: str
	key: str
	id_field: str
	xero_type: str
	endpoint: Endpoint
	body: Callable[[Order], Json]
	reply: type[wire.Envelope]
	document: Callable[[Any, str], Document]

	def id_of(self, row: Any) -> str:
		return str(getattr(row, f"{self.word}_id") or "").lower()

	def rows_of(self, reply: wire.Envelope) -> Sequence[Any]:
		return getattr(reply, f"{self.word}s") or ()


KINDS = {
	DocumentType.INVOICE.value: Kind(
		"invoice",
		"Invoices",
		"InvoiceID",
		"ACCREC",
		Endpoint.INVOICES,
		bodies.invoice,
		wire.Invoices,
		rows.document_from_invoice,
	),
	DocumentType.CREDIT_NOTE.value: Kind(
		"credit_note",
		"CreditNotes",
		"CreditNoteID",
		"ACCRECCREDIT",
		Endpoint.CREDIT_NOTES,
		bodies.credit_note,
		wire.CreditNotes,
		rows.document_from_credit_note,
	),
}
