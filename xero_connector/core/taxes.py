"""Which of Xero's tax rates a rate of the record is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from xero_connector.core.model import TaxRate


def by_rate(percent: Decimal, tax_rates: Iterable[TaxRate], preferred: Sequence[str | None]) -> str | None:
	"""The tax type for sales whose effective rate is `percent` and nothing else (R102).

	Of several it is the first that stands in `preferred`; without one nobody can tell, and it is None as when
	there is no such rate.
	"""
	fitting = [
		rate.tax_type
		for rate in tax_rates
		if rate.status == "Active" and rate.applies_to_revenue and rate.effective_rate == percent
	]
	wanted = [tax_type for tax_type in preferred if tax_type in fitting]
	if wanted:
		return wanted[0]
	return fitting[0] if len(fitting) == 1 else None
