"""What an organisation offers to the lines of its documents, from the mirror."""

from __future__ import annotations

from typing import Any

import frappe

from xero_connector.core import taxes
from xero_connector.core.drafting import Chart
from xero_connector.core.model import Account, Item
from xero_connector.site import tax_maps
from xero_connector.site.database import as_decimal, from_column
from xero_connector.site.organisations import State


def of(state: State) -> Chart:
	"""Five queries. A default of the organisation that Xero has archived or dropped since is none."""
	accounts, known_rates = _accounts(state.name), tax_maps.tax_rates(state.name)
	tax_rates = taxes.usable(known_rates)
	branding_themes = _branding_themes(state.name)
	return Chart(
		base_currency=state.base_currency,
		today=state.today,
		accounts=accounts,
		tax_rates=tax_rates,
		tax_map=tax_maps.tax_map(state.name, known_rates),
		items=_items(state.name),
		currencies=state.currencies,
		branding_themes=branding_themes,
		sales_account=next(
			(code for code, row in accounts.items() if row.account_id == state.sales_account), None
		),
		# a tax rate's name begins with its organisation's (site/mirror.py)
		default_tax=next((each for each in tax_rates if f"{state.name}-{each}" == state.default_tax), None),
		branding_theme=state.branding_theme if state.branding_theme in branding_themes else None,
		locked_until=state.locked_until,
	)


def _accounts(organisation: str) -> dict[str, Account]:
	rows = _rows(
		"Xero Account",
		["name as account_id", *Account._fields[1:]],
		{"organisation": organisation, "status": "Active", "account_class": "REVENUE", "code": ["is", "set"]},
		"code asc",
	)
	return {row["code"]: Account(**row) for row in rows}


def _items(organisation: str) -> dict[str, Item]:
	"""Those that are sold. The column of the price knows no "none", so 0.00 is none."""
	rows = _rows(
		"Xero Item",
		["name as item_id", *Item._fields[1:]],
		{"organisation": organisation, "is_sold": 1},
		"code asc",
	)
	return {
		row["code"]: Item(
			**{
				**row,
				"unit_price": as_decimal(row["unit_price"]) or None,
				"updated_utc": from_column(row["updated_utc"]),
			}
		)
		for row in rows
	}


def _branding_themes(organisation: str) -> dict[str, str]:
	"""Xero's default one first."""
	rows = _rows(
		"Xero Branding Theme", ["name", "theme_name"], {"organisation": organisation}, "sort_order asc"
	)
	return {row["name"]: row["theme_name"] for row in rows}


def _rows(doctype: str, fields: list[str], filters: dict[str, Any], order: str) -> list[dict[str, Any]]:
	"""A settings list comes whole: a sale may name any of it."""
	return frappe.get_all(doctype, fields=fields, filters=filters, order_by=order)  # type: ignore[no-any-return]
