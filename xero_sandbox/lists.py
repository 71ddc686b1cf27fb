"""Reading: the lists and single elements of contacts, documents and payments."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import query, render, rounding
from .books import Contact, Document, Json, Organisation, Payment, Table
from .calls import Answer, Call, collection
from .errors import not_found
from .pdf import pdf_answer, wants_pdf
from .where import fold

Keep = Callable[[Any], bool]


def _variant(call: Call) -> str:
	if query.flag(call.args.get("summaryOnly")):
		return render.SUMMARY
	return render.PAGE if "page" in call.args else render.LIST


def _answer(call: Call, key: str, rows: list[Any], one: Callable[[Any, str], bytes], variant: str) -> Answer:
	page = query.page_of(rows, call.args, forced=variant == render.SUMMARY)
	return collection(call, key, [one(row, variant) for row in page.rows], page.pagination)


# invoices

INVOICE_SETS: dict[str, Callable[[Document], str]] = {
	"IDs": lambda row: row.id,
	"InvoiceNumbers": lambda row: (row.number or "").lower(),
	"ContactIDs": lambda row: row.contact.id,
	"Statuses": lambda row: row.status.lower(),
}


def list_invoices(call: Call) -> Answer:
	variant = _variant(call)
	if variant == render.LIST and call.args.get("Statuses"):
		variant = render.PAGE
	rows = _select(call, _named_invoices(call), query.INVOICE, "Invoices", _keep_invoice(call))
	return _answer(call, "Invoices", rows, lambda row, kind: document(call, row, kind), variant)


def _one_of(getter: Callable[[Document], str], wanted: set[str]) -> Keep:
	return lambda row: getter(row) in wanted


def _named_invoices(call: Call) -> Table[Document]:
	"""Only the invoices of the IDs or contacts named, so that a look-up does not walk through all."""
	books = call.organisation
	if wanted := query.comma_list(call.args.get("IDs")):
		return _named(books.invoices, wanted)
	if wanted := query.comma_list(call.args.get("ContactIDs")):
		rows = (row for contact_id in wanted for row in books.documents_of.get(contact_id, []))
		return Table(row for row in rows if row.id in books.invoices)
	return books.invoices


def _named(table: Table[Any], wanted: set[str]) -> Table[Any]:
	return Table(row for identity in wanted if (row := table.get(identity)))


def _keep_invoice(call: Call) -> Keep | None:
	args = call.args
	tests: list[Keep] = []
	for name, getter in INVOICE_SETS.items():
		if wanted := query.comma_list(args.get(name)):
			tests.append(_one_of(getter, wanted))
	if text := fold(args.get("searchTerm") or ""):
		tests.append(lambda row: text in fold(row.number or "") or text in fold(row.reference or ""))
	if query.flag(args.get("createdByMyApp")):
		tests.append(lambda row: row.created_by == call.client_id)
	return (lambda row: all(test(row) for test in tests)) if tests else None


def document(call: Call, row: Document, variant: str) -> bytes:
	"""Encoded once for each form and kept until the document or its contact changes."""
	key = (variant, call.unitdp)
	if key not in row.encoded:
		row.encoded[key] = render.encode(document_json(call.organisation, row, variant, call.unitdp))
	return row.encoded[key]


def document_json(organisation: Organisation, row: Document, variant: str, unitdp: int) -> Json:
	form = render.invoice if row.type in ("ACCREC", "ACCPAY") else render.credit
	return form(row, organisation, variant, unitdp)


def _select(
	call: Call, table: Table[Any], fields: query.Fields, name: str, keep: Keep | None = None
) -> list[Any]:
	limit = call.sandbox.high_volume
	return query.select(table, call.args, call.since, fields, name, keep, limit)


def get_invoice(call: Call, identity: str) -> Answer:
	row = find_invoice(call.organisation, identity)
	if wants_pdf(call):
		return pdf_answer(row)
	return collection(call, "Invoices", [document(call, row, render.SINGLE)])


def find_invoice(organisation: Organisation, identity: str) -> Document:
	"""By InvoiceID, or by the number of a sales invoice."""
	found = organisation.invoices.get(identity)
	if found is None:
		sales = (row for row in organisation.invoices if row.type == "ACCREC" and row.number == identity)
		found = next(sales, None)
	if found is None:
		raise not_found()
	return found


# credit notes, prepayments, overpayments


def _credit_list(name: str, table: Callable[[Organisation], Table[Document]]) -> Callable[[Call], Answer]:
	def answer(call: Call) -> Answer:
		rows = _select(call, table(call.organisation), query.CREDIT, name)
		variant = render.PAGE if "page" in call.args else render.LIST
		return _answer(call, name, rows, lambda row, kind: document(call, row, kind), variant)

	return answer


def _credit_single(
	name: str, table: Callable[[Organisation], Table[Document]]
) -> Callable[[Call, str], Answer]:
	def answer(call: Call, identity: str) -> Answer:
		found = table(call.organisation).get(identity)
		if found is None and name == "CreditNotes":
			found = next((row for row in table(call.organisation) if row.number == identity), None)
		if found is None:
			raise not_found()
		if name == "CreditNotes" and wants_pdf(call):
			return pdf_answer(found)
		return collection(call, name, [document(call, found, render.SINGLE)])

	return answer


# contacts


def list_contacts(call: Call) -> Answer:
	wanted = query.comma_list(call.args.get("IDs"))
	table = _named(call.organisation.contacts, wanted) if wanted else call.organisation.contacts
	rows = _select(call, table, query.CONTACT, "Contacts", _keep_contact(call))
	return _answer(call, "Contacts", rows, lambda row, kind: contact(call, row, kind), _variant(call))


SEARCHED = ("FirstName", "LastName", "CompanyNumber", "EmailAddress")


def _keep_contact(call: Call) -> Keep:
	args = call.args
	archived, text = query.flag(args.get("includeArchived")), fold(args.get("searchTerm") or "")

	def keep(row: Contact) -> bool:
		if row.status == "ARCHIVED" and not archived:
			return False
		values = [row.name, row.number, *(row.fields.get(name) for name in SEARCHED)]
		return not text or any(text in fold(value) for value in values if value)

	return keep


def contact(call: Call, row: Contact, variant: str) -> bytes:
	today = call.today
	key = (variant, today)
	if key not in row.encoded:
		row.encoded[key] = render.encode(contact_json(call.organisation, row, variant, today))
	return row.encoded[key]


def contact_json(organisation: Organisation, row: Contact, variant: str, today: Any) -> Json:
	groups = [
		{"ContactGroupID": group["ContactGroupID"], "Name": group["Name"], "Status": group["Status"]}
		for group in organisation.contact_groups
		if row.id in group["members"]
	]
	full = variant in (render.PAGE, render.SINGLE)
	return render.contact(row, variant, groups, balances(organisation, row, today) if full else None)


def balances(organisation: Organisation, row: Contact, today: Any) -> Json | None:
	"""Outstanding and overdue in base currency, or nothing when there never was a document."""
	documents = organisation.documents_of.get(row.id)
	if not documents:
		return None
	sums: dict[str, dict[str, Decimal]] = {}
	for name, kind in (("AccountsReceivable", "ACCREC"), ("AccountsPayable", "ACCPAY")):
		found = [item for item in documents if item.status == "AUTHORISED" and item.type == kind]
		late = [item for item in found if item.due_date and item.due_date < today]
		sums[name] = {"Outstanding": _base(found), "Overdue": _base(late)}
	return sums


def _base(documents: list[Document]) -> Decimal:
	return rounding.round2(sum((row.amount_due / row.rate for row in documents), rounding.ZERO))


def get_contact(call: Call, identity: str) -> Answer:
	row = find_contact(call.organisation, identity)
	return collection(call, "Contacts", [contact(call, row, render.SINGLE)])


def find_contact(organisation: Organisation, identity: str) -> Contact:
	"""By ContactID or ContactNumber."""
	found = organisation.contacts.get(identity)
	if found is None:
		found = next((row for row in organisation.contacts if row.number == identity), None)
	if found is None:
		raise not_found()
	return found


# payments


def list_payments(call: Call) -> Answer:
	rows = _select(call, call.organisation.payments, query.PAYMENT, "Payments")
	return _answer(call, "Payments", rows, lambda row, kind: payment(call, row), render.PAGE)


def payment(call: Call, row: Payment) -> bytes:
	if "" not in row.encoded:
		row.encoded[""] = render.encode(render.payment(row, call.organisation))
	return row.encoded[""]


def get_payment(call: Call, identity: str) -> Answer:
	row = call.organisation.payments.get(identity)
	if row is None:
		raise not_found()
	return collection(call, "Payments", [payment(call, row)])


# method, path, handler, scope family
ROUTES = [
	("GET", "/Invoices", list_invoices, "invoices"),
	("GET", "/Invoices/<identity>", get_invoice, "invoices"),
	("GET", "/Contacts", list_contacts, "contacts"),
	("GET", "/Contacts/<identity>", get_contact, "contacts"),
	("GET", "/Payments", list_payments, "payments"),
	("GET", "/Payments/<identity>", get_payment, "payments"),
]
CREDITS: list[tuple[str, Callable[[Organisation], Table[Document]], str]] = [
	("CreditNotes", lambda organisation: organisation.credit_notes, "invoices"),
	("Prepayments", lambda organisation: organisation.prepayments, "payments"),
	("Overpayments", lambda organisation: organisation.overpayments, "payments"),
]
for _name, _table, _family in CREDITS:
	ROUTES.append(("GET", f"/{_name}", _credit_list(_name, _table), _family))
	ROUTES.append(("GET", f"/{_name}/<identity>", _credit_single(_name, _table), _family))
