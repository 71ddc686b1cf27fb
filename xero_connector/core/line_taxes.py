"""Which of Xero's tax types a line of a record gets, and why it gets none."""

from __future__ import annotations

from collections.abc import Sequence

from xero_connector.core import taxes
from xero_connector.core.checks import Problem
from xero_connector.core.drafting import Chart, Line, Source, SourceLine
from xero_connector.core.errors import Code
from xero_connector.core.model import Item
from xero_connector.core.money import ZERO, rounded
from xero_connector.core.taxes import Mapped

_TAXED_WITH_NOTHING = "NONE"
"""Xero's tax type for what no tax is on, in every country."""

_PLACES = 4
"""Of a percentage, as Xero has them; taxes on taxes come to more."""


def tax_type_of(line: SourceLine, account: str | None, item: Item | None, chart: Chart) -> str | None:
	"""The record's own rate wins, by the map or else by its percent; where it says nothing, the item's, the
	default's, the account's tax."""
	of_account = chart.accounts[account].tax_type if account and account in chart.accounts else None
	preferred = [item.tax_type if item else None, chart.default_tax, of_account, _TAXED_WITH_NOTHING]
	if line.tax_rate is None:
		return next((tax_type for tax_type in preferred if tax_type in chart.tax_rates), None)
	pair = _pair(line, chart)
	if pair:
		return None if pair.trouble else pair.tax_type
	return taxes.by_rate(line.tax_rate, chart.tax_rates.values(), preferred)


def missing(path: str, line: SourceLine, chart: Chart) -> Problem:
	"""Why a line that says its tax has none of Xero's; `path` is its field of the form."""
	pair = _pair(line, chart)
	if pair:
		return Problem(path, Code.TAX_MAP_BROKEN, {"name": pair.key.name, "trouble": pair.trouble})
	return Problem(path, Code.NO_TAX_RATE, {"rate": taxes.plain(line.tax_rate or ZERO)})


def held_back(said: Sequence[Line], source: Source, chart: Chart) -> list[Problem]:
	"""Of a form's lines those whose tax the map cannot tell any more, until somebody chooses one for them."""
	pairs = ((number, of_record, _pair(of_record, chart)) for number, of_record in enumerate(source.lines))
	return [
		missing(f"lines.{number}.tax_type", of_record, chart)
		for number, of_record, pair in pairs
		if pair and pair.trouble and number < len(said) and not said[number].tax_type
	]


def _pair(line: SourceLine, chart: Chart) -> Mapped | None:
	if line.tax_rate is None:
		return None
	return taxes.pair_for(line.tax_name, rounded(line.tax_rate, _PLACES), chart.tax_map)
