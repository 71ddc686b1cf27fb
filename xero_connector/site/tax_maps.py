"""The tax map of an organisation: which tax type of Xero each tax rate of this site is (R63, R101, R102, B17).

What was decided stays until somebody decides anew. A check after each reading of Xero's lists marks the pairs that no
longer hold; what names them is held back, and goes on by itself where the pair holds again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import frappe

from xero_connector.core import accounts, taxes
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import TaxRate
from xero_connector.core.redaction import masked
from xero_connector.core.taxes import OWN_RATE, Choice, Mapped, OurRate, Suggestion, TaxName
from xero_connector.site import journal, organisations, outbox, settings
from xero_connector.site.database import as_decimal, insert_children
from xero_connector.site.hosts import tax_templates

_ORGANISATION, _DOCTYPE = "Xero Organisation", "Xero Tax Mapping"
_DECIDED = ("reason", "decided_by", "decided_on")
_COLUMNS = (
	"name",
	"parent",
	"idx",
	"our_doctype",
	"our_name",
	"our_rate",
	"tax_type",
	"xero_rate",
	"trouble",
	*_DECIDED,
)


class Broken(NamedTuple):
	"""What documents of an organisation need and can no longer use. `kind` is "tax" (`name` is the rate here),
	"sales_account", "payment_account" or "default_tax"; `trouble` is Changed, Gone or Unfit."""

	kind: str
	name: str
	trouble: str


# Reading it


def our_rates() -> list[OurRate]:
	"""Every rate of this site that documents can bring: ERPNext's templates, then what an administrator listed."""
	own = [OurRate(TaxName(OWN_RATE, title), title, percent) for title, percent in settings.load().own_rates]
	return [*tax_templates.rates(), *own]


def tax_rates(organisation: str) -> dict[str, TaxRate]:
	"""Xero's, by tax type, in the order of their names; also those that are of no use any more."""
	rows = frappe.get_all(
		"Xero Tax Rate",
		filters={"organisation": organisation},
		fields=list(TaxRate._fields),
		order_by="tax_name asc",
	)
	return {
		row.tax_type: TaxRate(**{**row, "effective_rate": as_decimal(row.effective_rate)}) for row in rows
	}


def tax_map(organisation: str, rates: Mapping[str, TaxRate]) -> dict[TaxName, Mapped]:
	"""The pairs, with the trouble that was marked or that Xero's `rates` have brought since."""
	pairs = {row.key: row.pair for row in _rows(organisation)}
	return {
		key: pair._replace(trouble=pair.trouble or taxes.trouble_of(pair, None, rates.get(pair.tax_type)))
		for key, pair in pairs.items()
	}


def suggestions(organisation: str) -> list[Suggestion]:
	state, rates = organisations.get(organisation), tax_rates(organisation)
	default = state.default_tax.removeprefix(f"{organisation}-") if state.default_tax else None
	return taxes.suggest(our_rates(), tax_map(organisation, rates), rates, [default, "NONE"])


class _Stored(NamedTuple):
	name: str
	pair: Mapped
	decided_by: str | None
	decided_on: Any

	@property
	def key(self) -> TaxName:
		return self.pair.key


def _rows(organisation: str) -> list[_Stored]:
	rows = frappe.get_all(
		_DOCTYPE,
		filters={"parent": organisation, "parenttype": _ORGANISATION},
		fields=[*_COLUMNS],
		order_by="idx asc",
	)
	return [_Stored(row.name, _pair(row), row.decided_by, row.decided_on) for row in rows]


def _pair(row: Any) -> Mapped:
	return Mapped(
		TaxName(row.our_doctype, row.our_name),
		as_decimal(row.our_rate),
		row.tax_type,
		as_decimal(row.xero_rate),
		row.reason or "",
		row.trouble or "",
	)


# Deciding


def decide(organisation: str, choices: Sequence[Choice]) -> list[Mapped]:
	"""The map that these choices make; rates that they do not name keep their pairs. Nothing is written.

	Raises NeedsPerson with the field of the choice ("rows.0.tax_type"): INVALID_VALUE, TAX_RATES_DIFFER.
	"""
	ours = {rate.key: rate for rate in our_rates()}
	rates = tax_rates(organisation)
	before = tax_map(organisation, rates)
	decided: dict[TaxName, Mapped | None] = {key: pair for key, pair in before.items() if key in ours}
	for number, choice in enumerate(choices):
		if choice.key not in ours:
			raise NeedsPerson(Code.INVALID_VALUE, field=f"rows.{number}.our_name", value=choice.key.name)
		try:
			decided[choice.key] = taxes.decide(choice, ours[choice.key], before.get(choice.key), rates)
		except NeedsPerson as refusal:
			told = {**refusal.values, "field": f"rows.{number}.{refusal.values['field']}"}
			raise NeedsPerson(refusal.code, **told) from None
	return [pair for key in ours if (pair := decided.get(key))]


def overrides(organisation: str, decided: Sequence[Mapped]) -> list[Mapped]:
	"""Those of the pairs that somebody now decides although their rates differ."""
	before = tax_map(organisation, tax_rates(organisation)).values()
	return [pair for pair in decided if pair.differs and pair not in before]


def save(organisation: str, decided: Sequence[Mapped]) -> list[str]:
	"""Keep the map, and write down who decided what; the rows of the outbox that can be sent now. Not committed."""
	before = {row.key: row for row in _rows(organisation)}
	_write(organisation, decided, before)
	changes = [_told(pair, before.get(pair.key)) for pair in decided if _is_new(pair, before)]
	kept = {pair.key for pair in decided}
	changes += [{"rate": list(key), "tax_type": None} for key in before if key not in kept]
	if changes:
		journal.note_decision("Tax Map", organisation, changes)
	return outbox.retry_held_back(Code.TAX_MAP_BROKEN)


def _is_new(pair: Mapped, before: Mapping[TaxName, _Stored]) -> bool:
	row = before.get(pair.key)
	return not row or row.pair._replace(trouble="") != pair._replace(trouble="")


def _write(organisation: str, decided: Sequence[Mapped], before: Mapping[TaxName, _Stored]) -> None:
	"""Only the rows of the map: the organisation itself is written by whoever reads it, too. A form of it that is open
	in a browser is out of date from now on, and does not take the map back."""
	if before:
		# by name, which locks these rows alone
		frappe.db.delete(_DOCTYPE, {"name": ("in", sorted(row.name for row in before.values()))})
	user, now = frappe.session.user, frappe.utils.now_datetime()
	rows = []
	for number, pair in enumerate(decided, 1):
		row = before.get(pair.key)
		who = (row.decided_by, row.decided_on) if row and not _is_new(pair, before) else (user, now)
		name = frappe.generate_hash(length=10)
		rates = (float(pair.our_rate), pair.tax_type, float(pair.xero_rate))
		rows.append((name, organisation, number, *pair.key, *rates, pair.trouble, pair.reason, *who))
	insert_children(_DOCTYPE, _ORGANISATION, "tax_map", _COLUMNS, rows)
	frappe.db.set_value(_ORGANISATION, organisation, "modified", now)


def _told(pair: Mapped, before: _Stored | None) -> dict[str, Any]:
	"""For the log."""
	told = {"rate": list(pair.key), "percent": taxes.plain(pair.our_rate), "tax_type": pair.tax_type}
	told |= {"percent_in_xero": taxes.plain(pair.xero_rate)}
	told |= {"reason": masked(pair.reason)} if pair.reason else {}
	return told | ({"tax_type_before": before.pair.tax_type} if before else {})


# Keeping an eye on it


def check(organisation: str) -> None:
	"""Mark the pairs that no longer hold, and unmark those that do again, whose documents are queued anew. What waits
	and names a pair that has just broken is made of its record again, which tells why it is held back. Not
	committed."""
	ours, rates = {rate.key: rate for rate in our_rates()}, tax_rates(organisation)
	broke, mended = [], False
	for row in _rows(organisation):
		trouble = taxes.trouble_of(row.pair, ours.get(row.key), rates.get(row.pair.tax_type))
		if trouble == row.pair.trouble:
			continue
		frappe.db.set_value(_DOCTYPE, row.name, "trouble", trouble, update_modified=False)
		if trouble:
			broke.append(row.pair.tax_type)
		else:
			mended = True
	if broke:
		outbox.make_again(organisation, broke)
	if mended:
		outbox.retry_held_back(Code.TAX_MAP_BROKEN)


def check_all() -> None:
	"""After a change of this site's own rates. Not committed."""
	for organisation in frappe.get_all(_ORGANISATION, pluck="name", order_by="name asc"):
		check(organisation)


def broken(organisation: str) -> list[Broken]:
	"""Everything that keeps documents from being sent as they should, for people to mend."""
	rates = tax_rates(organisation)
	found = [
		Broken("tax", key.name, pair.trouble)
		for key, pair in tax_map(organisation, rates).items()
		if pair.trouble
	]
	stored = frappe.db.get_value(
		_ORGANISATION, organisation, ["sales_account", "payment_account", "default_tax"], as_dict=True
	)
	found += _broken_account("sales_account", stored.sales_account)
	found += _broken_account("payment_account", stored.payment_account)
	return found + _broken_default(organisation, stored.default_tax, rates)


def _broken_account(kind: str, account: str | None) -> list[Broken]:
	if not account:
		return []
	fields = ["code", "account_name", "status", "account_class", "account_type", "payments_enabled"]
	row = frappe.db.get_value("Xero Account", account, fields, as_dict=True)
	if not row or row.status != "Active":
		return [Broken(kind, _account_name(row) if row else account, taxes.GONE)]
	if kind == "sales_account":
		fits = accounts.takes_sales(row.account_class, row.code)
	else:
		fits = accounts.takes_payments(row.account_type, bool(row.payments_enabled))
	return [] if fits else [Broken(kind, _account_name(row), taxes.UNFIT)]


def _account_name(row: Any) -> str:
	return f"{row.code or ''} {row.account_name}".strip()


def _broken_default(organisation: str, default: str | None, rates: Mapping[str, TaxRate]) -> list[Broken]:
	if not default:
		return []
	theirs = rates.get(default.removeprefix(f"{organisation}-"))
	if theirs is None or theirs.status != "Active":
		return [Broken("default_tax", theirs.tax_name if theirs else default, taxes.GONE)]
	return [] if theirs.applies_to_revenue else [Broken("default_tax", theirs.tax_name, taxes.UNFIT)]
