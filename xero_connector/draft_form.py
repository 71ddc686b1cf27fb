"""What the form of an invoice shows: choices, what was made before, and the preview's sums. Sentences are the API's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_connector import bootstrap
from xero_connector.core import documents as rules
from xero_connector.core import drafting, forms, items, money, pricing
from xero_connector.core.drafting import Draft
from xero_connector.core.forms import TextValues
from xero_connector.site import documents, organisations, settings
from xero_connector.site.drafts import CLOSED, UPDATE, Sheet
from xero_connector.site.wishes import Row

MOST_ITEMS = 500


def prepared(sheet: Sheet) -> dict[str, Any]:
	"""The form, filled in; every field can be edited. What was sent before comes back as it was sent."""
	start, _problems = sheet.start()
	values = forms.texts_of(_last(sheet) or start)
	recorded = [forms.line_texts(line) for line in start.lines]
	made = _made(sheet.rows)
	values["part"]["kind"] = (
		"rest" if sheet.sequence > 1 and not sheet.row and sheet.left is not None else "all"
	)
	return {
		"mode": sheet.mode,
		"sequence": sheet.sequence,
		"next_sequence": sheet.next_sequence,
		"existing": made.get(sheet.sequence),
		"others": list(made.values()),
		"organisation": sheet.state.name,
		"organisations": [
			{"name": state.name, "title": state.title} for state in organisations.every() if state.connected
		],
		"document_type": sheet.source.document_type,
		"values": {**values, "sequence": sheet.sequence},
		"record_lines": recorded if sheet.mode == UPDATE and recorded != values["lines"] else None,
		"choices": _choices(sheet),
		"sale": _sale(sheet),
	}


def _last(sheet: Sheet) -> Draft | None:
	"""What was last asked for. A mark that could not be made yet has nothing to show."""
	row = sheet.row
	return row.draft if row and row.payload and row.organisation == sheet.state.name else None


def _made(rows: list[Row]) -> dict[int, dict[str, Any]]:
	"""The documents that were made from the record, by sequence."""
	found = documents.some([row.document for row in rows if row.document])
	return {row.sequence: document(found[row.document]) for row in rows if row.document in found}


def document(row: dict[str, Any]) -> dict[str, Any]:
	"""A row of `site.documents.some` as pages show it."""
	state = organisations.get(row["organisation"])
	return {
		"id": row["name"],
		"number": row["number"],
		"status": row["status"],
		"state": rules.own_state(row["status"], row["total"], row["amount_due"]),
		"currency": row["currency"],
		"total": money.text(row["total"], row["currency"]),
		"amount_due": money.text(row["amount_due"], row["currency"]),
		"url": bootstrap.document_address(state.short_code, row["document_type"], row["status"], row["name"]),
	}


def _choices(sheet: Sheet) -> dict[str, Any]:
	chart = sheet.chart
	statuses = [
		status for status in drafting.STATUSES if status != drafting.AUTHORISED or sheet.may_authorise
	]
	return {
		"accounts": [
			{"value": code, "label": f"{code} {account.account_name}", "tax_type": account.tax_type or ""}
			for code, account in chart.accounts.items()
		],
		"tax_rates": [
			{"value": rate.tax_type, "label": rate.tax_name, "rate": f"{rate.effective_rate.normalize():f}"}
			for rate in chart.tax_rates.values()
		],
		"items": [
			{
				"value": item.code,
				"label": item.item_name or item.code,
				"description": item.description or item.item_name or "",
				"unit_amount": f"{item.unit_price.normalize():f}" if item.unit_price is not None else "",
				"account_code": item.account_code or "",
				"tax_type": item.tax_type or "",
			}
			for item in list(chart.items.values())[:MOST_ITEMS]
		],
		"currencies": list(chart.currencies or (chart.base_currency,)),
		"branding_themes": [
			{"value": theme, "label": title} for theme, title in chart.branding_themes.items()
		],
		"statuses": statuses,
		"line_amount_types": list(drafting.LINE_AMOUNT_TYPES),
		"parts": _parts(sheet),
	}


def _parts(sheet: Sheet) -> list[str]:
	"""How much of it can be billed: "rest" needs a value of which something can be left."""
	if not sheet.may_be_part:
		return ["all"]
	return [kind for kind in drafting.PARTS if kind != "rest" or sheet.left is not None]


def _sale(sheet: Sheet) -> dict[str, Any] | None:
	billed, value = sheet.billed, sheet.source.amount
	if not billed or not value or sheet.left is None:
		return None
	currency = sheet.source.currency or sheet.state.base_currency
	told = {"value": value, "invoiced": billed.invoiced, "drafted": billed.drafted, "left": sheet.left}
	return {**{name: money.text(amount, currency) for name, amount in told.items()}, "currency": currency}


def previewed(sheet: Sheet, draft: Draft, contact: dict[str, Any]) -> dict[str, Any]:
	"""To the cent what Xero makes of the draft (B2)."""
	rates = sheet.chart.tax_rates
	priced = pricing.price(draft, rates)

	def text(amount: Decimal) -> str:
		return f"{amount:.2f}"

	return {
		"action": UPDATE if sheet.mode in (UPDATE, CLOSED) else sheet.mode,
		"document_type": draft.document_type,
		"status": draft.status,
		"reference": draft.reference or sheet.record.party.name,
		"currency": draft.currency,
		"lines": [
			{
				"description": line.description,
				"amount": text(sums.amount),
				"discount": text(sums.discount),
				"tax": text(sums.tax),
				"tax_label": rates[sums.tax_type].tax_name if sums.tax_type in rates else "",
			}
			for line, sums in zip(draft.lines, priced.lines, strict=True)
		],
		"sub_total": text(priced.sub_total),
		"discount": text(priced.discount),
		"taxes": [{"label": each.name, "amount": text(each.amount)} for each in priced.taxes],
		"tax": text(priced.tax),
		"total": text(priced.total),
		"contact": contact,
	}


def misses(sheet: Sheet, draft: Draft) -> Decimal | None:
	"""By how much Xero's total differs from that of a record which is itself an invoice; None where it does not."""
	if sheet.source.total is None:
		return None
	difference = pricing.price(draft, sheet.chart.tax_rates).total - sheet.source.total
	return difference or None


def items_first(sheet: Sheet, draft: Draft) -> list[str]:
	"""Codes of the items that Xero gets before the document."""
	policy = settings.load().item_policy
	return [product.code for product in items.to_save(draft.products, sheet.chart.items, policy)]


def parsed(values: Any) -> TextValues:
	"""The form's values as they came; anything else than an object is an empty form."""
	return values if isinstance(values, dict) else {}
