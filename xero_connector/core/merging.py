"""What a record and its Xero contact say of each other, brought to one (B19).

Field by field, three ways: what each side said when they were last of one mind, what each says now, and who is right
where both changed. What was agreed is kept as two snapshots and not as one, because the sides may write the same
thing differently (a phone in parts, a country by its code): only what differs from a side's own snapshot was changed
there, so that nothing ever goes back and forth.

Nothing is deleted across: an emptied field stays empty where somebody emptied it, and as it is on the other side.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

Values = Mapping[str, str]

CRM, XERO, NEWEST = "CRM", "Xero", "Newest"

ADDRESS = ("address_line", "city", "region", "postal_code", "country")
FIELDS: dict[str, tuple[str, ...]] = {
	**{
		field: (field,)
		for field in ("contact_name", "first_name", "last_name", "email_address", "phone", "mobile")
	},
	"address": ADDRESS,
	"tax_number": ("tax_number",),
	"account_number": ("account_number",),
}
"""What has one owner, by its name in the settings: the parts of an address go together or not at all."""


class Agreed(NamedTuple):
	"""What each side said when they were last of one mind."""

	ours: Values
	theirs: Values


class Overruled(NamedTuple):
	"""A change that the other side's took the place of: `lost` on the side `where` (CRM or XERO), `kept` instead."""

	field: str
	where: str
	lost: str
	kept: str


class Merged(NamedTuple):
	"""What is to change on each side, and what is agreed of all that is not to change in Xero: that is not agreed
	before Xero has it (see `after_sending`)."""

	ours: dict[str, str]
	theirs: dict[str, str]
	agreed: Agreed
	overruled: tuple[Overruled, ...]


def merge(
	agreed: Agreed | None, ours: Values, theirs: Values, owners: Mapping[str, str], newer: str
) -> Merged:
	"""`owners` are CRM, XERO or NEWEST by the keys of FIELDS, NEWEST where nothing is said; `newer` is the side (CRM
	or XERO) that changed last, for fields that changed on both. Fields that `ours` does not know are left alone."""
	mine: dict[str, str] = {}
	other: dict[str, str] = {}
	overruled: list[Overruled] = []
	for name, fields in FIELDS.items():
		sides = _Sides(agreed, ours, theirs, tuple(field for field in fields if field in ours))
		right = sides.right(owners.get(name, NEWEST), newer)
		if not right:
			continue
		(other if right == CRM else mine).update(sides.values(right))
		overruled += sides.overruled(name, right)
	return Merged(mine, other, _agreed(agreed, ours, theirs, mine, other), tuple(overruled))


class _Sides:
	"""Both sides of one field, or of the parts of one."""

	def __init__(self, agreed: Agreed | None, ours: Values, theirs: Values, fields: tuple[str, ...]) -> None:
		self._now = {CRM: _only(ours, fields), XERO: _only(theirs, fields)}
		before = {CRM: agreed.ours, XERO: agreed.theirs} if agreed else None
		self._changed = {
			side: before is None or not _same(self._now[side], _only(before[side], fields))
			for side in (CRM, XERO)
		}

	def right(self, owner: str, newer: str) -> str | None:
		"""The side whose value both are to have; None where nothing is to be done."""
		if _same(self._now[CRM], self._now[XERO]) or not any(self._changed.values()):
			return None
		winner = owner if owner in (CRM, XERO) else self._newest(newer)
		loser = _other(winner)
		if any(self._now[winner].values()):
			return winner
		# emptied or never filled: what has come on the other side fills the gap, what stands there stays
		return loser if self._changed[loser] else None

	def _newest(self, newer: str) -> str:
		changed = [side for side, is_changed in self._changed.items() if is_changed]
		return changed[0] if len(changed) == 1 else newer

	def values(self, side: str) -> dict[str, str]:
		return self._now[side]

	def overruled(self, name: str, right: str) -> Iterator[Overruled]:
		loser = _other(right)
		if self._changed[loser] and any(self._now[loser].values()):
			yield Overruled(name, loser, _text(self._now[loser]), _text(self._now[right]))


def after_sending(agreed: Agreed, sent: Values, ours: Values, theirs: Values) -> Agreed:
	"""`agreed` with what has been sent since: as our side said it then, and as Xero's has it now."""
	return Agreed(
		{**agreed.ours, **{field: ours.get(field, "") for field in sent}},
		{**agreed.theirs, **{field: theirs.get(field, "") for field in sent}},
	)


def fingerprint(values: Values) -> str:
	"""The same for values that say the same."""
	plain = {field: _plain(field, value) for field, value in sorted(values.items()) if value}
	return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def _agreed(agreed: Agreed | None, ours: Values, theirs: Values, mine: Values, other: Values) -> Agreed:
	before = agreed or Agreed({}, {})
	# never agreed on and yet to be sent: both sides go on counting as changed
	return Agreed(
		{**_but(ours, other), **mine, **_only_known(before.ours, other)},
		{**_but(_only(theirs, tuple(ours)), other), **_only_known(before.theirs, other)},
	)


def _only(values: Values, fields: tuple[str, ...]) -> dict[str, str]:
	return {field: values.get(field) or "" for field in fields}


def _only_known(values: Values, fields: Values) -> dict[str, str]:
	return {field: value for field, value in values.items() if field in fields}


def _but(values: Values, fields: Values) -> dict[str, str]:
	return {field: value for field, value in values.items() if field not in fields}


def _same(some: Values, others: Values) -> bool:
	return all(_plain(field, value) == _plain(field, others[field]) for field, value in some.items())


def _plain(field: str, value: str) -> str:
	"""Without what says nothing: how a phone is grouped, the case of an e-mail address, spaces."""
	if field in ("phone", "mobile"):
		return re.sub(r"[\s().\-/]", "", value)
	bare = " ".join(value.split())
	return bare.casefold() if field == "email_address" else bare


def _text(values: Values) -> str:
	return ", ".join(value for value in values.values() if value)


def _other(side: str) -> str:
	return XERO if side == CRM else CRM
