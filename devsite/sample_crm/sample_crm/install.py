"""What the real apps have on a fresh site: statuses, a company, groups, accounts."""

from __future__ import annotations

from typing import Any

import frappe

COMPANY = "Northwind Works"
DEAL_STATUSES = (  # name, type, probability, color
	("Qualification", "Open", 10, "gray"),
	("Demo/Making", "Ongoing", 25, "orange"),
	("Proposal/Quotation", "Ongoing", 50, "blue"),
	("Negotiation", "Ongoing", 70, "yellow"),
	("Ready to Close", "On Hold", 90, "purple"),
	("Won", "Won", 100, "green"),
	("Lost", "Lost", 0, "red"),
)
LEAD_STATUSES = (
	("New", "Open", "gray"),
	("Contacted", "Ongoing", "orange"),
	("Nurture", "Ongoing", "blue"),
	("Qualified", "Won", "green"),
	("Unqualified", "Lost", "red"),
	("Junk", "Lost", "purple"),
)
ROLES = (
	*(
		"Sales User",
		"Sales Manager",
		"Accounts User",
		"Accounts Manager",
		"Purchase User",
		"Purchase Manager",
	),
	*("Projects User", "Projects Manager"),
)


def before_install() -> None:
	from pathlib import Path

	from frappe.utils import get_bench_path

	if (Path(get_bench_path()) / "apps").exists():
		raise RuntimeError("sample_crm is for the embedded site; a bench has the real Frappe CRM and ERPNext")


def after_install() -> None:
	for role in ROLES:
		ensure("Role", role, role_name=role, desk_access=1)
	for position, (name, kind, probability, color) in enumerate(DEAL_STATUSES, 1):
		values = {"deal_status": name, "type": kind, "probability": probability, "color": color}
		ensure("CRM Deal Status", name, position=position, **values)
	for position, (name, kind, color) in enumerate(LEAD_STATUSES, 1):
		ensure("CRM Lead Status", name, lead_status=name, type=kind, color=color, position=position)
	for name in ("Software", "Manufacturing", "Retail", "Consulting", "Healthcare", "Education"):
		ensure("CRM Industry", name, industry=name)
	for name in ("Website", "Referral", "Trade Show", "Cold Call"):
		ensure("CRM Lead Source", name, source_name=name)
	for name in ("Price", "No Budget", "Competitor"):
		ensure("CRM Lost Reason", name, lost_reason=name)
	_books()


def _books() -> None:
	"""ERPNext's side: one company with what its documents need."""
	currency = "USD"
	company = {
		"company_name": COMPANY,
		"abbr": "NW",
		"default_currency": currency,
		"country": "United States",
	}
	ensure("Company", COMPANY, **company)
	frappe.db.set_default("company", COMPANY)
	for doctype, field, names in (
		("Customer Group", "customer_group_name", ("All Customer Groups", "Commercial", "Individual")),
		("Supplier Group", "supplier_group_name", ("All Supplier Groups", "Services")),
		("Territory", "territory_name", ("All Territories", "United States", "Rest Of The World")),
		("UOM", "uom_name", ("Nos", "Hour", "Unit")),
	):
		for name in names:
			ensure(doctype, name, **{field: name})
	for name, kind in (("Debtors", "Receivable"), ("Sales", "Income Account"), ("Sales Tax", "Tax")):
		ensure("Account", f"{name} - {COMPANY}", account_name=name, company=COMPANY, account_type=kind)
	ensure("Cost Center", f"Main - {COMPANY}", cost_center_name="Main", company=COMPANY)


def ensure(doctype: str, name: str, **values: Any) -> None:
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
