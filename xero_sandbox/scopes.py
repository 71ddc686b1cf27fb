"""Scopes, as words and as rights: https://developer.xero.com/faq/granular-scopes."""

from __future__ import annotations

BROAD = {"accounting.transactions", "accounting.transactions.read", "accounting.reports.read"}
WORDS = {
	"openid": "Know who you are in Xero",
	"profile": "See your name",
	"email": "See your e-mail address",
	"offline_access": "Stay connected while you are away",
	"accounting.contacts": "View and manage your contacts",
	"accounting.invoices": "View and manage your invoices, bills, credit notes and items",
	"accounting.payments": "View and manage your payments, prepayments and overpayments",
	"accounting.banktransactions": "View and manage your bank transactions",
	"accounting.manualjournals": "View and manage your manual journals",
	"accounting.settings": "View and manage your organisation settings",
	"accounting.attachments": "View and manage your attachments",
	"accounting.transactions": "View and manage your business transactions",
}
REPORTS = ["aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary", "profitandloss"]
REPORTS += ["trialbalance", "taxreports", "tenninetynine"]
WORDS |= {
	f"{scope}.read": text.replace("View and manage", "View")
	for scope, text in WORDS.items()
	if scope.startswith("accounting.")
}
WORDS |= {f"accounting.reports.{name}.read": f"View the report: {name}" for name in REPORTS}
WORDS |= {
	"accounting.reports.read": "View your reports",
	"accounting.budgets.read": "View your budgets",
	"accounting.journals.read": "View your journals",
}
KNOWN = set(WORDS)

# family of endpoints -> scopes that open it for writing; the same with .read for reading
FAMILIES: dict[str, tuple[str, ...]] = {
	"settings": ("accounting.settings",),
	"contacts": ("accounting.contacts",),
	"invoices": ("accounting.invoices", "accounting.transactions"),
	"items": ("accounting.invoices", "accounting.settings", "accounting.transactions"),
	"payments": ("accounting.payments", "accounting.transactions"),
}
DEFAULT = "openid profile email offline_access accounting.contacts accounting.invoices accounting.payments accounting.settings"


def opens(scopes: list[str], family: str, writing: bool) -> bool:
	wanted = set(FAMILIES[family])
	if not writing:
		wanted |= {f"{scope}.read" for scope in wanted}
	return bool(wanted & set(scopes))
