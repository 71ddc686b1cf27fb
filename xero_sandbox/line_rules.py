"""What Xero makes of one line item, and what it has against it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from . import fields, rounding
from .books import Document, Json, Line, Organisation

LONGEST_DESCRIPTION = 4000
STRICT = ("SUBMITTED", "AUTHORISED")
# class of an account -> the flag of a tax rate that may be used with it
TAX_FLAGS = {
	"ASSET": "CanApplyToAssets",
	"EQUITY": "CanApplyToEquity",
	"EXPENSE": "CanApplyToExpenses",
	"LIABILITY": "CanApplyToLiabilities",
	"REVENUE": "CanApplyToRevenue",
}
NOT_ON_DOCUMENTS = {"DEBTORS", "CREDITORS", "GST", "RETAINEDEARNINGS"}


@dataclass
class Findings:
	errors: list[str] = field(default_factory=list)
	warnings: list[str] = field(default_factory=list)


def build_line(
	books: Organisation, document: Document, element: Json, unitdp: int, kept: Line | None, findings: Findings
) -> Line:
	"""`kept` is the line of the same LineItemID, whose values stand where the element is silent."""
	if kept and "UnitAmount" not in element:
		# what is not sent is not rounded anew
		unitdp = 4
	element = _with_kept(element, kept)
	element = _with_item(books, document, element, findings)
	quantity, unit, given = _amounts(element, unitdp)
	line = Line(
		id=kept.id if kept else str(uuid.uuid4()),
		description=fields.text(element, "Description"),
		quantity=quantity,
		unit_amount=unit,
		line_amount=rounding.ZERO,
		tax_type=fields.text(element, "TaxType"),
		account_code=fields.text(element, "AccountCode"),
		item_code=fields.text(element, "ItemCode"),
		tracking=_tracking(books, element, findings),
	)
	_discount(document, line, element, findings)
	line.line_amount = rounding.line_amount(line.quantity, line.unit_amount, _rate_of(line))
	if given is not None and rounding.round2(given) != line.line_amount:
		findings.errors.append(
			f"The line total {rounding.round2(given)} does not match the expected line total {line.line_amount}"
		)
	_account(books, document, line, findings)
	_tax(books, document, line, fields.number(element, "TaxAmount"), findings)
	complete(document, line, findings)
	return line


def _with_kept(element: Json, kept: Line | None) -> Json:
	if kept is None:
		return element
	# an amount follows from what is kept unless it is given anew
	stored: Json = {
		"Description": kept.description,
		"Quantity": kept.quantity,
		"UnitAmount": kept.unit_amount,
	}
	stored |= {"TaxType": kept.tax_type, "AccountCode": kept.account_code, "ItemCode": kept.item_code}
	if not {"DiscountRate", "DiscountAmount"} & set(element):
		stored |= {"DiscountRate": kept.discount_rate, "DiscountAmount": kept.discount_amount}
	stored["Tracking"] = kept.tracking
	return stored | element


def _with_item(books: Organisation, document: Document, element: Json, findings: Findings) -> Json:
	"""Price, account and tax of the item where the line has none."""
	code = fields.text(element, "ItemCode")
	if not code:
		return element
	item = books.item(code)
	if item is None:
		findings.errors.append(f"Item code '{code}' is not valid")
		return element
	details = item["SalesDetails" if document.is_sale else "PurchaseDetails"]
	defaults: Json = {"UnitAmount": details.get("UnitPrice"), "AccountCode": details.get("AccountCode")}
	defaults |= {"TaxType": details.get("TaxType"), "Description": item.get("Description")}
	return defaults | {name: value for name, value in element.items() if value is not None}


def _amounts(element: Json, unitdp: int) -> tuple[Decimal, Decimal, Decimal | None]:
	"""(quantity at 4 dp, unit amount at 2 or 4 dp, line amount as given); a line of text only has neither."""
	quantity, unit = fields.number(element, "Quantity"), fields.number(element, "UnitAmount")
	given = fields.number(element, "LineAmount")
	if quantity is None:
		quantity = Decimal(0) if unit is None and given is None else Decimal(1)
	if unit is None:
		unit = given / quantity if given is not None and quantity else Decimal(0)
	rounded = rounding.round4(unit) if unitdp == 4 else rounding.round2(unit)
	return rounding.round4(quantity), rounded, given


def _tracking(books: Organisation, element: Json, findings: Findings) -> list[Json]:
	found = []
	for entry in fields.listing(element, "Tracking") or []:
		option = _option(books, entry)
		if option is None:
			findings.errors.append(
				f"Tracking option '{entry.get('Option') or entry.get('TrackingOptionID')}' is not valid"
			)
		else:
			found.append(option)
	return found


def _option(books: Organisation, entry: Json) -> Json | None:
	for category in books.tracking_categories:
		for option in category["Options"]:
			by_name = entry.get("Name") == category["Name"] and entry.get("Option") == option["Name"]
			if by_name or entry.get("TrackingOptionID") == option["TrackingOptionID"]:
				return {
					"Name": category["Name"],
					"Option": option["Name"],
					"TrackingCategoryID": category["TrackingCategoryID"],
					"TrackingOptionID": option["TrackingOptionID"],
				}
	return None


def _discount(document: Document, line: Line, element: Json, findings: Findings) -> None:
	"""On sales invoices only; the rate wins over the amount, also when it is 0."""
	rate, amount = fields.number(element, "DiscountRate"), fields.number(element, "DiscountAmount")
	if rate is None and amount is None:
		return
	if document.type != "ACCREC":
		findings.errors.append("Discounts are only supported on sales invoices and quotes.")
		return
	if rate is not None:
		line.discount_rate = rounding.round2(rate)
		if not 0 <= rate <= 100:
			findings.errors.append("The discount rate must be between 0 and 100.")
		return
	line.discount_amount = rounding.round2(amount or Decimal(0))
	# also 0 on a negative line (XeroAPI/Xero-OpenAPI#429), also by the part of a cent that rounding adds
	# (XeroAPI/xero-php-oauth2#288)
	if line.discount_amount > line.quantity * line.unit_amount:
		findings.errors.append(
			f"The discount rate '{line.discount_amount}' is invalid."
			" Discount must not be greater than the line total."
		)


def _rate_of(line: Line) -> Decimal | None:
	if line.discount_amount:
		return rounding.rate_of_discount(line.quantity * line.unit_amount, line.discount_amount)
	return line.discount_rate


def _account(books: Organisation, document: Document, line: Line, findings: Findings) -> None:
	"""An account that cannot be used refuses an approved document; a draft loses it with a warning."""
	code = line.account_code
	if not code:
		return
	account = books.account(code)
	usable = account is not None and account["Status"] == "ACTIVE" and account["Type"] != "BANK"
	if usable and account is not None and account.get("SystemAccount") not in NOT_ON_DOCUMENTS:
		return
	if document.status in STRICT:
		findings.errors.append(f"Account code '{code}' is not a valid code for this document.")
	else:
		findings.warnings.append(
			f"Account code '{code}' has been removed as it does not match a recognised account."
		)
		line.account_code = None


def _tax(
	books: Organisation, document: Document, line: Line, given: Decimal | None, findings: Findings
) -> None:
	account = books.account(line.account_code)
	if document.line_amount_types == "NoTax":
		line.tax_type, line.tax_amount = "NONE", rounding.ZERO
		return
	if not line.tax_type and account:
		line.tax_type = account["TaxType"]
	if not line.tax_type:
		return
	rate = books.tax_rate(line.tax_type)
	if rate is None or rate["Status"] != "ACTIVE":
		findings.errors.append(f"The TaxType code '{line.tax_type}' does not exist or is not active.")
		return
	if account and not rate[TAX_FLAGS[account["Class"]]]:
		findings.errors.append(
			f"The TaxType code '{line.tax_type}' cannot be used with account code '{line.account_code}'."
		)
	line.tax_amount = rounding.line_tax(line.line_amount, rate["EffectiveRate"], document.line_amount_types)
	if given is not None and rate["EffectiveRate"]:
		line.tax_amount = rounding.round2(given)


def complete(document: Document, line: Line, findings: Findings) -> None:
	if len(line.description or "") > LONGEST_DESCRIPTION:
		findings.errors.append(f"Description must not be more than {LONGEST_DESCRIPTION} characters long.")
	if document.status not in STRICT:
		return
	if not line.description:
		findings.errors.append("Description is required for each line item.")
	if line.quantity and not line.account_code:
		findings.errors.append("Account code must be specified.")
	if line.quantity and not line.tax_type:
		findings.errors.append("TaxType must be specified.")
