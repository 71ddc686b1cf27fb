"""What an account of Xero's chart can be used for."""

from __future__ import annotations


def takes_sales(account_class: str | None, code: str | None) -> bool:
	"""Whether lines of invoices can name it: an account of revenue, by its code."""
	return account_class == "REVENUE" and bool(code)


def takes_payments(account_type: str | None, payments_enabled: bool) -> bool:
	"""A bank account, or one for which payments are enabled in Xero's chart of accounts (R100)."""
	return account_type == "BANK" or payments_enabled
