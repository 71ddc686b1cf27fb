"""Xero's side for a person: organisations, their latest documents and contacts, and the targets of deep links."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from markupsafe import Markup

from . import html
from .books import Contact, Document, Organisation
from .calls import Answer
from .errors import Refusal, not_found

if TYPE_CHECKING:
	from werkzeug.wrappers import Request

	from .sandbox import Sandbox

LATEST = 25


def home(sandbox: Sandbox, request: Request) -> Answer:
	rows = Markup("").join(
		Markup(
			'<li><a href="/organisations/{}">{}</a> <small>{}, {} documents, {} contacts</small></li>'
		).format(
			row.id, row.name, row.base_currency, len(row.invoices) + len(row.credit_notes), len(row.contacts)
		)
		for row in sandbox.organisations
	)
	return html.answer(html.page("Organisations", Markup("<ul>{}</ul>").format(rows)))


def organisation(sandbox: Sandbox, request: Request, tenant: str) -> Answer:
	books = _books(sandbox, tenant)
	newest = sorted([*books.invoices, *books.credit_notes], key=lambda row: row.updated, reverse=True)[
		:LATEST
	]
	heads = ["Number", "Type", "Contact", "Date", "Due", "Reference", "Total", "Due amount", "Status", ""]
	documents = html.table(heads, [_document_row(books, row) for row in newest])
	contacts = sorted(books.contacts, key=lambda row: row.updated, reverse=True)[:LATEST]
	people = html.table(["Name", "E-mail", "Code", "Status"], [_contact_row(row) for row in contacts])
	body = Markup("<h2>Latest documents</h2>{}<h2>Latest contacts</h2>{}").format(documents, people)
	return html.answer(html.page(books.name, body))


def _document_row(books: Organisation, row: Document) -> Markup:
	return Markup(
		'<tr><td><a href="/documents/{id}">{number}</a></td><td>{kind}</td><td>{contact}</td><td>{date}</td><td>{due}</td>'
		'<td>{reference}</td><td class="number">{total} {currency}</td><td class="number">{left}</td><td>{status}</td>'
		"<td>{buttons}</td></tr>"
	).format(
		id=row.id,
		number=row.number or "(no number)",
		kind=row.type,
		contact=row.contact.name,
		date=row.date,
		due=row.due_date or "",
		reference=row.reference or "",
		total=row.total,
		currency=row.currency,
		left=row.amount_due,
		status=row.status,
		buttons=_buttons(row),
	)


BUTTON = Markup('<form class="inline" method="post" action="/documents/{}/{}"><button>{}</button></form>')


def _buttons(row: Document) -> Markup:
	if row.status == "AUTHORISED" and row.type in ("ACCREC", "ACCPAY") and row.amount_due > 0:
		return BUTTON.format(row.id, "pay", "Pay")
	if row.status in ("DRAFT", "SUBMITTED"):
		return BUTTON.format(row.id, "approve", "Approve")
	return Markup("")


def _contact_row(row: Contact) -> Markup:
	return Markup('<tr><td><a href="/contacts/{}">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>').format(
		row.id, row.name, row.email or "", row.number or "", row.status
	)


def document(sandbox: Sandbox, request: Request, identity: str) -> Answer:
	for books in sandbox.organisations:
		if row := books.find_document(identity):
			return _document_page(books, row)
	raise not_found()


FACTS: tuple[str, ...] = (
	"contact",
	"status",
	"date",
	"due_date",
	"reference",
	"line_amount_types",
	"currency",
	"sub_total",
)
FACTS += ("total_tax", "total", "amount_paid", "amount_credited", "amount_due")


def _document_page(books: Organisation, row: Document) -> Answer:
	values = {name: getattr(row, name) for name in FACTS} | {
		"contact": row.contact.name,
		"organisation": books.name,
	}
	facts = Markup("").join(
		Markup("<dt>{}</dt><dd>{}</dd>").format(
			name.replace("_", " ").capitalize(), "" if value is None else value
		)
		for name, value in values.items()
	)
	link = (
		Markup('<p><a href="{0}" rel="noopener">Go to {0}</a></p>').format(row.url)
		if _is_web(row.url)
		else ""
	)
	lines = [
		Markup(
			'<tr><td>{}</td><td>{}</td><td class="number">{}</td><td class="number">{}</td><td>{}</td><td>{}</td>'
			'<td class="number">{}</td><td class="number">{}</td></tr>'
		).format(
			line.item_code or "",
			line.description or "",
			line.quantity.normalize().__format__("f"),
			line.unit_amount,
			line.account_code or "",
			line.tax_type or "",
			line.tax_amount,
			line.line_amount,
		)
		for line in row.lines
	]
	heads = ["Item", "Description", "Quantity", "Price", "Account", "Tax", "Tax amount", "Amount"]
	body = Markup("<dl>{}</dl>{}{}<p>{}</p>").format(facts, link, html.table(heads, lines), _buttons(row))
	return html.answer(html.page(f"{row.type} {row.number or row.id}", body))


def _is_web(url: str | None) -> bool:
	return bool(url) and urlsplit(url or "").scheme in ("http", "https")


def contact(sandbox: Sandbox, request: Request, identity: str) -> Answer:
	for books in sandbox.organisations:
		if row := books.contacts.get(identity):
			documents = html.table(
				[
					"Number",
					"Type",
					"Contact",
					"Date",
					"Due",
					"Reference",
					"Total",
					"Due amount",
					"Status",
					"",
				],
				[_document_row(books, item) for item in books.documents_of[row.id]],
			)
			facts = Markup("<p>{} {} {} <small>{}</small></p>{}").format(
				row.email or "", row.number or "", row.status, books.name, documents
			)
			return html.answer(html.page(row.name, facts))
	raise not_found()


def pay(sandbox: Sandbox, request: Request, identity: str) -> Answer:
	return _act(lambda: sandbox.pay(identity), identity)


def approve(sandbox: Sandbox, request: Request, identity: str) -> Answer:
	return _act(lambda: sandbox.authorise(identity), identity)


def _act(act: Callable[[], Any], identity: str) -> Answer:
	"""Back to the document, or what Xero has against it."""
	try:
		act()
	except KeyError as error:
		raise not_found() from error
	except ValueError as error:
		return html.answer(html.page("This is not possible", Markup("<p>{}</p>").format(error)), 409)
	return Answer(303, b"", "text/html", {"Location": f"/documents/{identity}"})


ID_NAMES = ("invoiceid", "creditnoteid", "contactid", "banktransactionid")


def go(sandbox: Sandbox, request: Request, path: str = "") -> Answer:
	"""Deep links, in the documented form with shortcode and redirecturl, or as a path with the id last."""
	target = request.args.get("redirecturl") or f"/{path}?{request.query_string.decode()}"
	parts = urlsplit(target)
	named = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
	identity = next(
		(named[name] for name in ID_NAMES if name in named), parts.path.rstrip("/").rsplit("/", 1)[-1]
	)
	code = request.args.get("shortcode")
	for books in sandbox.organisations:
		if code in (None, books.short_code) and (found := _page_of(books, identity)):
			return Answer(302, b"", "text/html", {"Location": found})
	raise Refusal(404, "There is no such document or contact in this organisation.")


def _page_of(books: Organisation, identity: str) -> str | None:
	if row := books.find_document(identity):
		return f"/documents/{row.id}"
	if person := books.contacts.get(identity):
		return f"/contacts/{person.id}"
	payment = books.payments.get(identity)
	return f"/documents/{payment.document.id}" if payment else None


def _books(sandbox: Sandbox, tenant: str) -> Organisation:
	found = next((row for row in sandbox.organisations if row.id == tenant), None)
	if found is None:
		raise not_found()
	return found


ROUTES: list[tuple[str, str, Callable[..., Any]]] = [
	("GET", "/", home),
	("GET", "/organisations/<tenant>", organisation),
	("GET", "/documents/<identity>", document),
	("POST", "/documents/<identity>/pay", pay),
	("POST", "/documents/<identity>/approve", approve),
	("GET", "/contacts/<identity>", contact),
	("GET", "/go", go),
	("GET", "/go/<path:path>", go),
]
