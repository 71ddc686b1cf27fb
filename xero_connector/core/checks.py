"""What is wrong with a document before Xero sees it (B2), each thing with its field of the form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from xero_connector.core import pricing
from xero_connector.core.drafting import DRAFT, NO_TAX, Chart, Draft, Line, NewContact
from xero_connector.core.errors import Code, NeedsPerson

MAX_DESCRIPTION, MAX_NAME, MAX_ITEM_CODE = 4000, 255, 30
_EMAIL = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")  # Xero takes no umlauts here


class Problem(NamedTuple):
	"""What is wrong, and with which field of the form; "" is the whole. `values` are those of its sentence."""

	field: str
	code: Code
	values: dict[str, str] = {}

	def error(self) -> NeedsPerson:
		return NeedsPerson(self.code, **{**self.values, **({"field": self.field} if self.field else {})})


def check(draft: Draft, chart: Chart, found: Sequence[Problem] = ()) -> list[Problem]:
	"""`found` already, and what else would keep Xero from taking it, as far as the mirror can tell (B2)."""
	problems = list(found)
	if not draft.contact_id:
		problems += check_contact(draft.contact, "contact_name", "contact.")
	problems += [Problem(*finding) for finding in _findings(draft, chart)]
	for number, line in enumerate(draft.lines):
		findings = _line_findings(line, draft, chart)
		problems += [Problem(f"lines.{number}.{name}", code, values) for name, code, values in findings]
	if draft.lines and not problems and pricing.price(draft, chart.tax_rates).total <= 0:
		problems.append(Problem("", Code.NOTHING_TO_BILL))
	return problems


Finding = tuple[str, Code, dict[str, str]]


def _findings(draft: Draft, chart: Chart) -> list[Finding]:
	code = draft.currency
	is_code = len(code) == 3 and code.isascii() and code.isalpha()
	due, locked = draft.due_date, chart.locked_until
	rules: list[tuple[bool, str, Code, dict[str, str]]] = [
		(
			bool(due and due < draft.date),
			"due_date",
			Code.INVALID_VALUE,
			{"value": due.isoformat() if due else ""},
		),
		(
			bool(locked and draft.date <= locked),
			"date",
			Code.PERIOD_LOCKED,
			{"date": locked.isoformat() if locked else ""},
		),
		(
			bool(code) and (not is_code or (bool(chart.currencies) and code not in chart.currencies)),
			"currency",
			Code.INVALID_VALUE,
			{"value": code},
		),
		(
			bool(draft.branding_theme) and draft.branding_theme not in chart.branding_themes,
			"branding_theme",
			Code.INVALID_VALUE,
			{"value": draft.branding_theme or ""},
		),
		(not draft.lines, "lines", Code.MISSING_VALUE, {}),
	]
	return [(name, code, values) for is_wrong, name, code, values in rules if is_wrong]


def check_contact(contact: NewContact, name: str, prefix: str) -> list[Problem]:
	"""What Xero would not take of a new contact; its fields are called `prefix` and their name, `name` apart."""
	email = contact.email_address
	problems = []
	if not contact.name:
		problems.append(Problem(name, Code.MISSING_VALUE))
	if any(mark in contact.name for mark in "<>"):
		problems.append(Problem(name, Code.INVALID_VALUE, {"value": contact.name[:40]}))
	if email and not _EMAIL.fullmatch(email):
		problems.append(Problem(f"{prefix}email_address", Code.INVALID_VALUE, {"value": email}))
	return problems


def _line_findings(line: Line, draft: Draft, chart: Chart) -> list[Finding]:
	products = {product.code for product in draft.products}
	unknown_item = (
		bool(line.item_code) and line.item_code not in products and line.item_code not in chart.items
	)
	rules: list[tuple[bool, str, Code, str]] = [
		(not line.description, "description", Code.MISSING_VALUE, ""),
		(
			line.discount_amount is not None
			and not 0 < line.discount_amount <= line.quantity * line.unit_amount,
			"discount_amount",
			Code.INVALID_VALUE,
			f"{line.discount_amount or 0:f}",
		),
		(
			unknown_item or len(line.item_code or "") > MAX_ITEM_CODE,
			"item_code",
			Code.INVALID_VALUE,
			line.item_code or "",
		),
		(
			bool(line.account_code) and line.account_code not in chart.accounts,
			"account_code",
			Code.INVALID_VALUE,
			line.account_code or "",
		),
		(
			draft.status != DRAFT and not line.account_code,
			"account_code",
			Code.MISSING_VALUE,
			"",
		),
		(
			bool(line.tax_type)
			and draft.line_amount_types != NO_TAX
			and line.tax_type not in chart.tax_rates,
			"tax_type",
			Code.INVALID_VALUE,
			line.tax_type or "",
		),
	]
	return [(name, code, {"value": value}) for is_wrong, name, code, value in rules if is_wrong]
