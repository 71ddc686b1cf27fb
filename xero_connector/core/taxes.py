"""Which of Xero's tax rates a rate of ours is: by the map that a manager decided on, else by equal percent (R102).

A pair of the map holds as long as both sides are what they were when it was decided. After that it is in trouble,
and what names it is held back: nothing is ever mapped anew unasked (R63, R101, B17).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import TaxRate

OWN_RATE = "Xero Own Rate"
"""The kind of a rate that an administrator listed, for records that bring no template."""

CHANGED, GONE, UNFIT = "Changed", "Gone", "Unfit"
MAPPED, SUGGESTED, NONE = "mapped", "suggested", "none"


class TaxName(NamedTuple):
	"""What a rate is called on our side: one of the doctypes of `OurRate`, and the document's name."""

	doctype: str
	name: str


class OurRate(NamedTuple):
	"""A rate of our side; `rate` in percent, with at most 4 places, as Xero's have. Doctypes are Item Tax Template,
	Sales Taxes and Charges Template and OWN_RATE."""

	key: TaxName
	title: str
	rate: Decimal


class Mapped(NamedTuple):
	"""A pair of the map. `our_rate` and `xero_rate` are the percents when it was decided, `reason` why they differ.
	`trouble` is CHANGED, GONE, UNFIT or ""."""

	key: TaxName
	our_rate: Decimal
	tax_type: str
	xero_rate: Decimal
	reason: str = ""
	trouble: str = ""

	@property
	def differs(self) -> bool:
		return self.our_rate != self.xero_rate


class Choice(NamedTuple):
	"""What somebody wants of a rate of ours; `tax_type` "" is none."""

	key: TaxName
	tax_type: str
	reason: str = ""


class Suggestion(NamedTuple):
	"""A rate of ours with the tax type that it is or could be; `state` is MAPPED, SUGGESTED or NONE."""

	ours: OurRate
	state: str
	tax_type: str = ""
	mapped: Mapped | None = None


def usable(rates: Mapping[str, TaxRate]) -> dict[str, TaxRate]:
	"""Those that can stand on a sale, by tax type."""
	return {tax_type: rate for tax_type, rate in rates.items() if _is_usable(rate)}


def by_rate(percent: Decimal, tax_rates: Iterable[TaxRate], preferred: Sequence[str | None]) -> str | None:
	"""The tax type for sales whose effective rate is `percent` and nothing else (R102).

	Of several it is the first that stands in `preferred`; without one nobody can tell, and it is None as when
	there is no such rate.
	"""
	fitting = [rate.tax_type for rate in tax_rates if _is_usable(rate) and rate.effective_rate == percent]
	wanted = [tax_type for tax_type in preferred if tax_type in fitting]
	if wanted:
		return wanted[0]
	return fitting[0] if len(fitting) == 1 else None


def pair_for(name: TaxName | None, percent: Decimal, tax_map: Mapping[TaxName, Mapped]) -> Mapped | None:
	"""The pair that a line's tax is mapped by: that of its template, if the line has the template's percent, else
	that of an own rate of this percent. One in trouble is told whatever the percent is."""
	named = tax_map.get(name) if name else None
	if named and (named.trouble or named.our_rate == percent):
		return named
	own = (pair for key, pair in tax_map.items() if key.doctype == OWN_RATE and pair.our_rate == percent)
	return next(own, None)


def trouble_of(pair: Mapped, ours: OurRate | None, theirs: TaxRate | None) -> str:
	"""Why the pair no longer holds, "" where it does. `ours` None: not there any more, so nothing names it."""
	if theirs is None or theirs.status != "Active":
		return GONE
	if not theirs.applies_to_revenue:
		return UNFIT
	moved = theirs.effective_rate != pair.xero_rate or bool(ours and ours.rate != pair.our_rate)
	return CHANGED if moved else ""


def suggest(
	ours: Sequence[OurRate],
	tax_map: Mapping[TaxName, Mapped],
	rates: Mapping[str, TaxRate],
	preferred: Sequence[str | None],
) -> list[Suggestion]:
	"""Each rate of ours with its pair, else with the one of Xero's that has the same percent."""
	found = []
	for rate in ours:
		pair = tax_map.get(rate.key)
		if pair:
			found.append(Suggestion(rate, MAPPED, pair.tax_type, pair))
			continue
		tax_type = by_rate(rate.rate, rates.values(), preferred)
		found.append(Suggestion(rate, SUGGESTED if tax_type else NONE, tax_type or ""))
	return found


def decide(
	choice: Choice, ours: OurRate, before: Mapped | None, rates: Mapping[str, TaxRate]
) -> Mapped | None:
	"""The pair that the choice makes; None where it maps to nothing.

	Percents must be equal (R102), or there must be a reason. A choice that is as it was, and cannot be decided
	anew, stays as it is, also in its trouble: one rate in trouble keeps nobody from mapping the others.

	Raises NeedsPerson: INVALID_VALUE for a tax type that no sale can have, TAX_RATES_DIFFER.
	"""
	if not choice.tax_type:
		return None
	theirs = usable(rates).get(choice.tax_type)
	is_equal = theirs is not None and theirs.effective_rate == ours.rate
	if before and not is_equal and (before.tax_type, before.reason) == (choice.tax_type, choice.reason):
		return before
	if theirs is None:
		raise NeedsPerson(Code.INVALID_VALUE, field="tax_type", value=choice.tax_type)
	if not is_equal and not choice.reason:
		values = {"name": ours.title, "ours": plain(ours.rate), "theirs": plain(theirs.effective_rate)}
		raise NeedsPerson(Code.TAX_RATES_DIFFER, field="reason", **values)
	reason = "" if is_equal else choice.reason
	return Mapped(ours.key, ours.rate, theirs.tax_type, theirs.effective_rate, reason)


def plain(percent: Decimal) -> str:
	"""Digits without an exponent and without zeros at the end."""
	return f"{percent.normalize():f}"


def _is_usable(rate: TaxRate) -> bool:
	return rate.status == "Active" and rate.applies_to_revenue
