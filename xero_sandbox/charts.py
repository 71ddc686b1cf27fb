"""Settings of the seeded organisations, as tables: accounts, tax rates, items, profile."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

# code, name, type, class, default tax (sale or purchase rate of the country), payments, system, status
Account = tuple[str | None, str, str, str, str, bool, str, str]
ACCOUNTS: list[Account] = [
	(None, "Business Bank Account", "BANK", "ASSET", "NONE", False, "", "ACTIVE"),
	("091", "Business Savings Account", "BANK", "ASSET", "NONE", False, "", "ACTIVE"),
	("200", "Sales", "REVENUE", "REVENUE", "SALE", False, "", "ACTIVE"),
	("210", "Consulting", "SALES", "REVENUE", "SALE", False, "", "ACTIVE"),
	("230", "Export Sales", "REVENUE", "REVENUE", "ZERO", False, "", "ACTIVE"),
	("260", "Other Revenue", "OTHERINCOME", "REVENUE", "SALE", False, "", "ACTIVE"),
	("270", "Interest Income", "OTHERINCOME", "REVENUE", "NONE", False, "", "ACTIVE"),
	("280", "Old Product Line", "REVENUE", "REVENUE", "SALE", False, "", "ARCHIVED"),
	("310", "Cost of Goods Sold", "DIRECTCOSTS", "EXPENSE", "PURCHASE", False, "", "ACTIVE"),
	("400", "Advertising", "OVERHEADS", "EXPENSE", "PURCHASE", False, "", "ACTIVE"),
	("404", "Bank Fees", "OVERHEADS", "EXPENSE", "NONE", False, "", "ACTIVE"),
	("412", "Consulting & Accounting", "EXPENSE", "EXPENSE", "PURCHASE", False, "", "ACTIVE"),
	("429", "General Expenses", "EXPENSE", "EXPENSE", "PURCHASE", False, "", "ACTIVE"),
	("433", "Insurance", "EXPENSE", "EXPENSE", "PURCHASE", False, "", "ACTIVE"),
	("469", "Rent", "OVERHEADS", "EXPENSE", "PURCHASE", False, "", "ACTIVE"),
	("477", "Fax and Telex", "OVERHEADS", "EXPENSE", "PURCHASE", False, "", "ARCHIVED"),
	("610", "Accounts Receivable", "CURRENT", "ASSET", "NONE", False, "DEBTORS", "ACTIVE"),
	("620", "Prepayments", "PREPAYMENT", "ASSET", "NONE", False, "", "ACTIVE"),
	("630", "Inventory", "INVENTORY", "ASSET", "NONE", False, "", "ACTIVE"),
	("710", "Office Equipment", "FIXED", "ASSET", "PURCHASE", False, "", "ACTIVE"),
	("800", "Accounts Payable", "CURRLIAB", "LIABILITY", "NONE", False, "CREDITORS", "ACTIVE"),
	("820", "Sales Tax", "CURRLIAB", "LIABILITY", "NONE", False, "GST", "ACTIVE"),
	("860", "Rounding", "CURRLIAB", "LIABILITY", "NONE", False, "ROUNDING", "ACTIVE"),
	("880", "Owner Funds Introduced", "EQUITY", "EQUITY", "NONE", True, "", "ACTIVE"),
	("881", "Customer Clearing", "CURRENT", "ASSET", "NONE", True, "", "ACTIVE"),
	("960", "Retained Earnings", "EQUITY", "EQUITY", "NONE", False, "RETAINEDEARNINGS", "ACTIVE"),
]

# tax type, name, rate, applies to (Assets Equity eXpenses Liabilities Revenue), status, report type
TaxRate = tuple[str, str, str, str, str, str]
TAX_RATES: dict[str, list[TaxRate]] = {
	"NZ": [
		("OUTPUT2", "15% GST on Income", "15", "AELR", "ACTIVE", "OUTPUT"),
		("INPUT2", "15% GST on Expenses", "15", "AEXL", "ACTIVE", "INPUT"),
		("ZERORATED", "Zero Rated", "0", "AEXLR", "ACTIVE", "OUTPUT"),
		("NONE", "No GST", "0", "AEXLR", "ACTIVE", "NONE"),
		("GSTONIMPORTS", "GST on Imports", "0", "AEXL", "ACTIVE", "INPUT"),
		("OUTPUT", "12.5% GST on Income", "12.5", "AELR", "ARCHIVED", "OUTPUT"),
		("INPUT", "12.5% GST on Expenses", "12.5", "AEXL", "ARCHIVED", "INPUT"),
		("TAX001", "Tourism Levy and GST", "17.5", "AELR", "ACTIVE", "OUTPUT"),
		("TAX002", "Withdrawn Levy", "3", "R", "DELETED", "OUTPUT"),
	],
	"GB": [
		("OUTPUT2", "20% (VAT on Income)", "20", "AELR", "ACTIVE", "OUTPUT"),
		("INPUT2", "20% (VAT on Expenses)", "20", "AEXL", "ACTIVE", "INPUT"),
		("RROUTPUT", "5% (VAT on Income)", "5", "AELR", "ACTIVE", "OUTPUT"),
		("RRINPUT", "5% (VAT on Expenses)", "5", "AEXL", "ACTIVE", "INPUT"),
		("ZERORATEDOUTPUT", "Zero Rated Income", "0", "AELR", "ACTIVE", "OUTPUT"),
		("ZERORATEDINPUT", "Zero Rated Expenses", "0", "AEXL", "ACTIVE", "INPUT"),
		("EXEMPTOUTPUT", "Exempt Income", "0", "AELR", "ACTIVE", "OUTPUT"),
		("EXEMPTINPUT", "Exempt Expenses", "0", "AEXL", "ACTIVE", "INPUT"),
		("NONE", "No VAT", "0", "AEXLR", "ACTIVE", "NONE"),
		("SROUTPUT", "17.5% (VAT on Income)", "17.5", "AELR", "ARCHIVED", "OUTPUT"),
	],
}
# a rate of more than one component
COMPONENTS = {"TAX001": [("GST", "15", False), ("Levy", "2.5", False)]}
SALE_TAX = {"NZ": "OUTPUT2", "GB": "OUTPUT2"}
PURCHASE_TAX = {"NZ": "INPUT2", "GB": "INPUT2"}
ZERO_TAX = {"NZ": "ZERORATED", "GB": "ZERORATEDOUTPUT"}

CURRENCIES = {
	"NZD": "New Zealand Dollar",
	"GBP": "British Pound",
	"USD": "United States Dollar",
	"AUD": "Australian Dollar",
	"EUR": "Euro",
}
# foreign units for one unit of the base currency
RATES = {
	("NZD", "USD"): Decimal("0.598400"),
	("NZD", "AUD"): Decimal("0.912300"),
	("GBP", "USD"): Decimal("1.271500"),
	("GBP", "EUR"): Decimal("1.168200"),
}
FOREIGN = {"NZD": ["USD", "AUD"], "GBP": ["USD", "EUR"]}

# code, name, sales price, description
ITEMS: list[tuple[str, str, str, str]] = [
	("BOOK", "Project Management Handbook", "39.95", "'Fish out of Water: Finding Your Brand'"),
	("DEV-H", "Developer hour", "145.00", "Development work - developer onsite per hour"),
	("DEV-D", "Developer day", "1100.00", "Development work - developer onsite per day"),
	("GB1-White", "Golf balls - white single", "5.60", "Golf balls - white single. Buy 5 get 1 free"),
	("GB6-White", "Golf balls - white 6-pack", "28.20", "Golf balls - white 6-pack"),
	("PMBr", "Project management brief", "500.00", "Project management & implementation - branding brief"),
	("PMD", "Project management day", "1500.00", "Project management - per day"),
	(
		"SUPPORT-M",
		"Desktop/network support",
		"500.00",
		"Desktop/network support via email & phone, per month",
	),
	("Train-MS", "Half day training", "500.00", "Half day training - Microsoft Office"),
	("TSL-Black", "T-Shirt Large Black", "40.00", "T-Shirt Large Black"),
	("CABLE-M", "Cable by the metre", "1.2345", "Cat 6 cable, by the metre"),
]

PLACES = [
	{
		"country": "NZ",
		"currency": "NZD",
		"timezone": "NEWZEALANDSTANDARDTIME",
		"version": "NZ",
		"code": "!NLglS",
	},
	{"country": "GB", "currency": "GBP", "timezone": "GMTSTANDARDTIME", "version": "UK", "code": "!GBq7x"},
]
NAMES = ["Demo Company (NZ)", "Harbour & Sons Trading Ltd", "Tūī Consulting", "Northgate Supplies Ltd"]


def accounts(country: str) -> list[dict[str, Any]]:
	"""Without AccountID and UpdatedDateUTC, which the seed gives."""
	taxes = {
		"SALE": SALE_TAX[country],
		"PURCHASE": PURCHASE_TAX[country],
		"ZERO": ZERO_TAX[country],
		"NONE": "NONE",
	}
	return [_account(row, taxes) for row in ACCOUNTS]


def _account(row: Account, taxes: dict[str, str]) -> dict[str, Any]:
	code, name, kind, account_class, tax, payments, system, status = row
	account: dict[str, Any] = {"Code": code} if code else {}
	account |= {"Name": name, "Status": status, "Type": kind, "TaxType": taxes[tax], "Class": account_class}
	if kind == "BANK":
		account |= {"BankAccountNumber": "0603050020210084", "BankAccountType": "BANK"}
	account |= {"EnablePaymentsToAccount": payments, "ShowInExpenseClaims": account_class == "EXPENSE"}
	if system:
		account["SystemAccount"] = system
	return account | {"HasAttachments": False, "AddToWatchlist": False}


def tax_rates(country: str) -> list[dict[str, Any]]:
	return [tax_rate(*row) for row in TAX_RATES[country]]


def tax_rate(tax_type: str, name: str, rate: str, applies: str, status: str, report: str) -> dict[str, Any]:
	components = COMPONENTS.get(tax_type, [(name, rate, False)])
	return {
		"Name": name,
		"TaxType": tax_type,
		"ReportTaxType": report,
		"CanApplyToAssets": "A" in applies,
		"CanApplyToEquity": "E" in applies,
		"CanApplyToExpenses": "X" in applies,
		"CanApplyToLiabilities": "L" in applies,
		"CanApplyToRevenue": "R" in applies,
		"DisplayTaxRate": Decimal(rate).quantize(Decimal("0.0001")),
		"EffectiveRate": Decimal(rate).quantize(Decimal("0.0001")),
		"Status": status,
		"TaxComponents": [
			{
				"Name": n,
				"Rate": Decimal(r).quantize(Decimal("0.0001")),
				"IsCompound": c,
				"IsNonRecoverable": False,
			}
			for n, r, c in components
		],
	}
