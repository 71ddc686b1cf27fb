"""The form of an invoice: what it starts with, reading it when it is filled in, and what is wrong with it.

A record gives a draft (`start`); a draft gives the form's texts (`texts_of`); the filled-in form gives a draft
again (`read`). Nothing here is refused by raising: every problem is told with its field (B2), and the draft is made
as well as it can be, so that a preview can show the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from xero_connector.core import line_taxes, money, pricing
from xero_connector.core.checks import MAX_DESCRIPTION, MAX_NAME, Problem, check, check_contact
from xero_connector.core.drafting import (
	CREDIT_NOTE,
	DRAFT,
	EXCLUSIVE,
	LINE_AMOUNT_TYPES,
	MAX_REFERENCE,
	NO_TAX,
	PARTS,
	STATUSES,
	Chart,
	Draft,
	Line,
	NewContact,
	Part,
	Product,
	Source,
	SourceLine,
)
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import Item
from xero_connector.core.terms import due_date

_PLACES = 4
_TOO_MUCH = Decimal(10) ** 12
"""Nobody's invoice; and what Xero takes ends not far above."""

TextValues = dict[str, Any]


class Filled(NamedTuple):
	"""A draft with everything that keeps it from being sent."""

	draft: Draft
	problems: tuple[Problem, ...] = ()


class Customer(NamedTuple):
	"""The record's Xero contact, with its own terms of payment (xero-facts 3)."""

	contact_id: str
	name: str
	terms_day: int | None = None
	terms_type: str | None = None


class Preset(NamedTuple):
	"""What the settings say of every new document. `due_days` 0 leaves it to the contact's terms."""

	due_days: int
	status: str
	line_amount_types: str
	with_items: bool


# From the record to a draft


def start(
	source: Source, organisation: str, customer: Customer | None, chart: Chart, preset: Preset
) -> Filled:
	"""The draft that a record makes by itself (R10-R15, R92, R93)."""
	issued = source.date or chart.today
	credits = source.document_type == CREDIT_NOTE
	mode = source.line_amount_types or preset.line_amount_types
	lines, products, problems = _lines(source, chart, mode, preset.with_items)
	draft = Draft(
		organisation=organisation,
		contact_id=customer.contact_id if customer else None,
		contact=_tidy(source.contact, customer),
		date=issued,
		due_date=None if credits else source.due_date or _due(issued, preset, customer),
		reference=_one_line(source.reference or "") or None,
		currency=source.currency or chart.base_currency,
		lines=lines,
		document_type=source.document_type,
		line_amount_types=mode,
		branding_theme=chart.branding_theme,
		status=preset.status,
		products=products,
	)
	return Filled(_fitted(draft, source, chart), tuple(check(draft, chart, problems)))


def _tidy(contact: NewContact, customer: Customer | None) -> NewContact:
	"""As it comes back from the form: nobody has changed a blank by hand."""
	others = [(value or "").strip() or None for value in contact[1:]]
	return NewContact(customer.name if customer else _one_line(contact.name), *others)


def _due(issued: dt.date, preset: Preset, customer: Customer | None) -> dt.date:
	terms = (customer.terms_day, customer.terms_type) if customer else (None, None)
	return due_date(issued, preset.due_days, *terms)


def _lines(
	source: Source, chart: Chart, mode: str, with_items: bool
) -> tuple[tuple[Line, ...], tuple[Product, ...], list[Problem]]:
	one = SourceLine(source.title, Decimal(1), source.amount or money.ZERO)
	lines, products, problems = [], {}, []
	for number, each in enumerate(source.lines or (one,)):
		product = each.product if with_items else None
		quantity, unit_amount, rate = pricing.express(each, source.document_type)
		item = chart.items.get(product.code) if product else None
		account = item.account_code if item and item.account_code in chart.accounts else chart.sales_account
		tax_type = None if mode == NO_TAX else line_taxes.tax_type_of(each, account, item, chart)
		if mode != NO_TAX and each.tax_rate is not None and not tax_type:
			problems.append(line_taxes.missing(f"lines.{number}.tax_type", each, chart))
		if product:
			products[product.code] = product
		code = product.code if product else None
		# where only the sum can be said, the pieces stand in the words
		pieces = f"{_plain(each.quantity)} × " if quantity != each.quantity else ""
		text = f"{pieces}{each.description.strip()}"[:MAX_DESCRIPTION].strip()
		lines.append(Line(text, quantity, unit_amount, account, tax_type, code, rate))
	return tuple(lines), tuple(products.values()), problems


def _fitted(draft: Draft, source: Source, chart: Chart) -> Draft:
	"""A record that is itself an invoice has a total already, which Xero's roundings are not to miss."""
	return pricing.fit_tax(draft, chart.tax_rates, source.total) if source.total is not None else draft


# From a draft to the form's texts and back


def texts_of(draft: Draft) -> TextValues:
	"""What the form shows; every field can be edited, "" is none."""
	contact = {name: value or "" for name, value in draft.contact._asdict().items() if name != "name"}
	return {
		"organisation": draft.organisation,
		"contact_id": draft.contact_id or "",
		"contact_name": draft.contact.name,
		"contact": contact,
		"date": draft.date.isoformat(),
		"due_date": draft.due_date.isoformat() if draft.due_date else "",
		"reference": draft.reference or "",
		"currency": draft.currency,
		"branding_theme": draft.branding_theme or "",
		"line_amount_types": draft.line_amount_types,
		"status": draft.status,
		"lines": [line_texts(line) for line in draft.lines],
		"part": {"kind": "all", "value": ""},
		"confirmed": [],
	}


def line_texts(line: Line) -> dict[str, str]:
	return {
		"item_code": line.item_code or "",
		"description": line.description,
		"quantity": _plain(line.quantity),
		"unit_amount": _plain(line.unit_amount, least=2),
		"discount_rate": _plain(line.discount_rate),
		"discount_amount": _plain(line.discount_amount, least=2),
		"account_code": line.account_code or "",
		"tax_type": line.tax_type or "",
	}


def _plain(number: Decimal | None, least: int = 0) -> str:
	"""Digits without an exponent, with no more places than it needs and at least `least`."""
	if number is None:
		return ""
	short = number.normalize()
	places = max(least, -int(short.as_tuple().exponent))
	return f"{short:.{places}f}"


@dataclass
class _Reader:
	"""Reads the form's texts; what cannot be read becomes a problem, and something harmless in its place."""

	values: TextValues
	problems: list[Problem] = field(default_factory=list)

	def wrong(self, name: str, code: Code, **values: str) -> None:
		self.problems.append(Problem(name, code, values))

	def text(self, name: str, longest: int, *, required: bool = False) -> str:
		text = str(_reach(self.values, name) or "").strip()
		if required and not text:
			self.wrong(name, Code.MISSING_VALUE)
		if len(text) > longest:
			self.wrong(name, Code.INVALID_VALUE, value=f"{text[:40]}…")
		return text[:longest]

	def day(self, name: str, otherwise: dt.date) -> dt.date:
		text = self.text(name, 10, required=True)
		try:
			return dt.date.fromisoformat(text)
		except ValueError:
			if text:
				self.wrong(name, Code.INVALID_VALUE, value=text)
			return otherwise

	def choice(self, name: str, known: Sequence[str], otherwise: str) -> str:
		text = self.text(name, MAX_NAME) or otherwise
		if text in known:
			return text
		self.wrong(name, Code.INVALID_VALUE, value=text[:40])
		return otherwise

	def number(self, name: str, *, required: bool = False) -> Decimal | None:
		text = self.text(name, 40, required=required)
		if not text:
			return None
		try:
			number = money.parse(text, name)
		except NeedsPerson:
			number = None
		if number is None or abs(number) >= _TOO_MUCH or number != money.rounded(number, _PLACES):
			self.wrong(name, Code.INVALID_VALUE, value=text)
			return None
		return number


def _reach(values: Any, path: str) -> Any:
	"""The value at a path such as "lines.0.quantity"."""
	for step in path.split("."):
		if isinstance(values, list):
			values = values[int(step)] if step.isdigit() and int(step) < len(values) else None
		else:
			values = values.get(step) if isinstance(values, dict) else None
	return None if isinstance(values, (dict, list)) else values


def read(
	values: TextValues,
	organisation: str,
	source: Source,
	chart: Chart,
	left: Decimal | None = None,
) -> Filled:
	"""The draft that a filled-in form asks for; `values` has the shape of `texts_of`.

	`left` is what of the sale's value is not invoiced yet, for the part "rest" (B16).
	"""
	form = _Reader(values)
	credits = source.document_type == CREDIT_NOTE
	issued = form.day("date", chart.today)
	contact_id = form.text("contact_id", MAX_NAME) or None
	draft = Draft(
		organisation=organisation,
		contact_id=contact_id,
		contact=_contact(form, "contact_name", "contact."),
		date=issued,
		due_date=None if credits else form.day("due_date", issued),
		reference=_one_line(form.text("reference", MAX_REFERENCE)) or None,
		currency=form.text("currency", 3, required=True).upper() or chart.base_currency,
		lines=(),
		document_type=source.document_type,
		line_amount_types=form.choice("line_amount_types", LINE_AMOUNT_TYPES, EXCLUSIVE),
		branding_theme=form.text("branding_theme", MAX_NAME) or None,
		status=form.choice("status", STATUSES, DRAFT),
	)
	rows = values.get("lines")
	count = len(rows) if isinstance(rows, list) else 0
	said = [_line(form, number, credits) for number in range(count)]
	if draft.line_amount_types != NO_TAX:
		form.problems += line_taxes.held_back(said, source, chart)
	lines = tuple(_completed(line, draft, chart) for line in said)
	draft = replace(draft, lines=lines, products=_products(lines, source))
	part = _part(form)
	if part.kind == "all":
		draft = _fitted(draft, source, chart)
	elif not form.problems:
		draft = _billed(draft, part, source, chart, left, form)
	return Filled(draft, tuple(check(draft, chart, form.problems)))


def contact_from(values: TextValues) -> NewContact:
	"""The contact that a form of its own asks for; `values` has the fields of `NewContact`, as text.

	Raises NeedsPerson naming the field that is missing or that Xero would refuse.
	"""
	form = _Reader(values)
	contact = _contact(form, "name", "")
	problem = next(iter((*form.problems, *check_contact(contact, "name", ""))), None)
	if problem:
		raise problem.error()
	return contact


def _contact(form: _Reader, name: str, prefix: str) -> NewContact:
	others = {each: form.text(f"{prefix}{each}", MAX_NAME) or None for each in NewContact._fields[1:]}
	return NewContact(_one_line(form.text(name, MAX_NAME)), **others)


def _one_line(text: str) -> str:
	"""With single blanks, as Xero takes a name, and as a reference is found again."""
	return " ".join(text.split())


def _line(form: _Reader, number: int, credits: bool) -> Line:
	def path(name: str) -> str:
		return f"lines.{number}.{name}"

	rate = None if credits else form.number(path("discount_rate")) or None
	amount = None if credits or rate else form.number(path("discount_amount")) or None
	if rate is not None and (not 0 < rate <= 100 or rate != money.rounded(rate)):
		form.wrong(path("discount_rate"), Code.INVALID_VALUE, value=f"{rate:f}")
	return Line(
		form.text(path("description"), MAX_DESCRIPTION),
		form.number(path("quantity"), required=True) or Decimal(0),
		form.number(path("unit_amount"), required=True) or Decimal(0),
		form.text(path("account_code"), MAX_NAME) or None,
		form.text(path("tax_type"), MAX_NAME) or None,
		form.text(path("item_code"), MAX_NAME) or None,
		rate,
		amount,
	)


def _completed(line: Line, draft: Draft, chart: Chart) -> Line:
	"""With the account and the tax that Xero takes where the line says none: the item's, the account's."""
	item = chart.items.get(line.item_code or "")
	of_item = item.account_code if item and item.account_code in chart.accounts else None
	account = line.account_code or of_item
	tax_type = line.tax_type or _tax_type_of(item, account, chart)
	if draft.line_amount_types == NO_TAX or tax_type not in chart.tax_rates:
		tax_type = line.tax_type
	return replace(line, account_code=account, tax_type=tax_type)


def _tax_type_of(item: Item | None, account: str | None, chart: Chart) -> str | None:
	if item and item.tax_type:
		return item.tax_type
	return chart.accounts[account].tax_type if account and account in chart.accounts else None


def _products(lines: Sequence[Line], source: Source) -> tuple[Product, ...]:
	"""What the record tells of the items that are still on the lines."""
	known = {line.product.code: line.product for line in source.lines if line.product}
	used = dict.fromkeys(line.item_code for line in lines if line.item_code in known)
	return tuple(known[str(code)] for code in used)


def _part(form: _Reader) -> Part:
	kind = form.choice("part.kind", PARTS, "all")
	if kind in ("all", "rest"):
		return Part(kind)
	value = form.number("part.value", required=True)
	if value is not None and (value <= 0 or (kind == "percent" and value > 100)):
		form.wrong("part.value", Code.INVALID_VALUE, value=f"{value:f}")
	return Part(kind, value)


def _billed(
	draft: Draft, part: Part, source: Source, chart: Chart, left: Decimal | None, form: _Reader
) -> Draft:
	"""A part of the lines (B16), in their own tax mode; "what is left" takes the same share of them as is left of
	the sale's value, which is without tax."""
	whole = sum((line.amount for line in pricing.price(draft, chart.tax_rates).lines), money.ZERO)
	value, told = part.value or money.ZERO, ""
	if part.kind == "percent":
		value, told = whole * value / 100, f" ({_plain(value)} %)"
	elif part.kind == "rest":
		if left is None or left <= 0:
			form.wrong("part.kind", Code.NOTHING_LEFT)
			return draft
		value = whole * left / source.amount if source.amount else left
	title = (source.title or (draft.lines[0].description if draft.lines else "")) + told
	lines = pricing.share_of(draft.lines, money.rounded(value), title[:MAX_DESCRIPTION])
	return replace(draft, lines=lines, products=())
