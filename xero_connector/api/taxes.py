"""Map Taxes: our tax rates beside Xero's, and what a manager decides of them (R63, R101, R102)."""

from typing import Any

import frappe

from xero_connector import tasks
from xero_connector.api.guard import entry, require
from xero_connector.api.input import structure
from xero_connector.core import taxes
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.core.taxes import Choice, Suggestion, TaxName
from xero_connector.site import access, organisations, tax_maps
from xero_connector.site.organisations import State

_LONGEST_REASON = 500


@frappe.whitelist()
@entry(Right.CONFIGURE)
def suggest(organisation: str) -> dict[str, Any]:
	"""Each rate of this site with the one of Xero's that it is mapped to (`state` "mapped"), that has the same percent
	("suggested"), or none ("none"); and in `rates` all of Xero's that sales can have.

	Percents are text. `mapped_rate` and `xero_rate` are what both sides were when the pair was decided, of a suggestion
	what they are; `trouble` is Changed, Gone, Unfit or "".
	"""
	return _answer(organisations.get(organisation))


@frappe.whitelist(methods=["POST"])
@entry(Right.CONFIGURE)
def save_map(organisation: str, rows: list[dict[str, Any]] | str) -> dict[str, Any]:
	"""Keep what is chosen: rows with `our_doctype`, `our_name`, `tax_type` ("" for none) and `reason`. Rates that
	differ need a reason, and somebody who may override. Answers as `suggest` does; what was held back goes on."""
	state = organisations.get(organisation)
	decided = tax_maps.decide(state.name, _choices(rows))
	if tax_maps.overrides(state.name, decided):
		require(Right.OVERRIDE)
	queued = tax_maps.save(state.name, decided)
	if queued:
		tasks.enqueue_send(queued)
	return _answer(state)


def _answer(state: State) -> dict[str, Any]:
	rates = taxes.usable(tax_maps.tax_rates(state.name))
	shown = [_row(each) for each in tax_maps.suggestions(state.name)]
	for row in shown:
		if row["state"] == taxes.SUGGESTED:
			row["xero_rate"] = taxes.plain(rates[row["tax_type"]].effective_rate)
	return {
		"organisation": state.name,
		"title": state.title,
		"rows": shown,
		"rates": [
			{"value": tax_type, "label": rate.tax_name, "rate": taxes.plain(rate.effective_rate)}
			for tax_type, rate in rates.items()
		],
		"may_override": access.may(Right.OVERRIDE),
	}


def _choices(given: list[dict[str, Any]] | str) -> list[Choice]:
	rows = structure("rows", given)
	if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
		raise NeedsPerson(Code.INVALID_VALUE, field="rows", value=str(given)[:40])
	return [
		Choice(
			TaxName(_text(row, "our_doctype"), _text(row, "our_name")),
			_text(row, "tax_type"),
			_text(row, "reason")[:_LONGEST_REASON],
		)
		for row in rows
	]


def _text(row: dict[str, Any], name: str) -> str:
	return str(row.get(name) or "").strip()


def _row(suggestion: Suggestion) -> dict[str, Any]:
	ours, pair = suggestion.ours, suggestion.mapped
	return {
		"our_doctype": ours.key.doctype,
		"our_name": ours.key.name,
		"title": ours.title,
		"our_rate": taxes.plain(ours.rate),
		"mapped_rate": taxes.plain(pair.our_rate if pair else ours.rate),
		"tax_type": suggestion.tax_type,
		"xero_rate": taxes.plain(pair.xero_rate) if pair else "",
		"state": suggestion.state,
		"trouble": pair.trouble if pair else "",
		"reason": pair.reason if pair else "",
	}
