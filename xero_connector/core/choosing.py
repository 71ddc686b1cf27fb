"""Which organisation a record's documents go to, where there are several (B11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xero_connector.core.drafting import Source

BASES = ("Company", "Currency", "Territory")


class OrganisationRule(NamedTuple):
	"""Records of this company, currency or territory, by `basis`, go to this organisation."""

	basis: str
	value: str
	organisation: str


def organisation_for(source: Source, rules: Sequence[OrganisationRule]) -> str | None:
	"""That of the first rule that fits; None without one. The case of letters does not matter."""
	known = dict(zip(BASES, (source.company, source.currency, source.territory), strict=True))
	for rule in rules:
		value = known.get(rule.basis)
		if value and value.casefold() == rule.value.strip().casefold():
			return rule.organisation
	return None
