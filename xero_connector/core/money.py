"""Amounts of money: Decimal in, text out. Xero rounds half up, a line at a time."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from xero_connector.core.errors import Code, NeedsPerson

ZERO = Decimal("0.00")

# ISO 4217 currencies whose smallest unit is not a hundredth
_DECIMALS = {
	**dict.fromkeys(
		("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF"), 0
	),
	**dict.fromkeys(("XOF", "XPF"), 0),
	**dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def decimals(currency: str) -> int:
	"""Digits after the point of `currency` (ISO code): 2 for most, 0 for JPY, 3 for KWD."""
	return _DECIMALS.get(currency, 2)


def rounded(amount: Decimal, digits: int = 2) -> Decimal:
	"""Half up, as Xero rounds a line and its tax (developer.xero.com, "Rounding in Xero")."""
	return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def text(amount: Decimal, currency: str) -> str:
	"""`amount` as the API sends it: plain digits with the currency's decimals, never an exponent."""
	return f"{rounded(amount, decimals(currency)):f}"


def parse(value: object, field: str) -> Decimal:
	"""The amount that a person typed or a record holds.

	Raises NeedsPerson(INVALID_VALUE) naming `field` for anything that is not a finite number.
	"""
	try:
		amount = Decimal(str(value).strip())
	except InvalidOperation:
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=str(value)) from None
	if not amount.is_finite():
		raise NeedsPerson(Code.INVALID_VALUE, field=field, value=str(value))
	return amount
