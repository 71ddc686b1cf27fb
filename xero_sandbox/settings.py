"""Organisation, accounts, tax rates, currencies, themes, tracking, items and contact groups."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import charts, fields, query, render, rounding
from .batch import Plan, write
from .books import Json, Organisation
from .calls import Answer, Call, elements
from .errors import invalid, not_found
from .lists import find_contact
from .render import contact_summary

ACTIONS = [
	"CreateApprovedInvoice",
	"CreateApprovedBill",
	"CreateDraftInvoice",
	"UseMulticurrency",
	"UpdateInvoice",
]


def organisation(call: Call) -> Answer:
	return elements(call, "Organisations", [render.settings(call.organisation.profile)])


def actions(call: Call) -> Answer:
	allowed = [{"Name": name, "Status": "ALLOWED"} for name in ACTIONS]
	return elements(
		call, "Actions", [*allowed, {"Name": "AttachFilesToExpenseClaims", "Status": "NOT-ALLOWED"}]
	)


# name, rows, id field, whether If-Modified-Since is honoured
Rows = Callable[[Organisation], list[Json]]
KINDS: list[tuple[str, str, Rows, str, bool]] = [
	("Accounts", "settings", lambda books: books.accounts, "AccountID", True),
	("TaxRates", "settings", lambda books: books.tax_rates, "TaxType", False),
	("BrandingThemes", "settings", lambda books: books.branding_themes, "BrandingThemeID", False),
	("Items", "items", lambda books: books.items, "ItemID", True),
	("ContactGroups", "contacts", lambda books: books.contact_groups, "ContactGroupID", False),
	("TrackingCategories", "settings", lambda books: books.tracking_categories, "TrackingCategoryID", False),
]


def _list(name: str, rows: Rows, honours_since: bool) -> Callable[[Call], Answer]:
	def answer(call: Call) -> Answer:
		found = query.settings(rows(call.organisation), call.args, call.since if honours_since else None)
		if name == "TrackingCategories" and not query.flag(call.args.get("includeArchived")):
			found = [row for row in found if row["Status"] == "ACTIVE"]
		return elements(call, name, [_form(call, row) for row in found])

	return answer


def _single(name: str, rows: Rows, key: str) -> Callable[[Call, str], Answer]:
	def answer(call: Call, identity: str) -> Answer:
		row = _find(rows(call.organisation), key, identity)
		form = _form(call, row)
		if name == "ContactGroups":
			contacts = (call.organisation.contacts[member] for member in row["members"])
			form["Contacts"] = [contact_summary(contact) for contact in contacts]
		return elements(call, name, [form])

	return answer


def _find(rows: list[Json], key: str, identity: str) -> Json:
	for row in rows:
		if row[key].lower() == identity.lower() or (key == "ItemID" and row["Code"] == identity):
			return row
	raise not_found()


def _form(call: Call, row: Json) -> Json:
	form = render.settings(row)
	for side in ("SalesDetails", "PurchaseDetails"):
		if "UnitPrice" in form.get(side, {}) and call.unitdp == 2:
			form[side] = form[side] | {"UnitPrice": rounding.round2(form[side]["UnitPrice"])}
	return form


def currencies(call: Call) -> Answer:
	return elements(call, "Currencies", query.settings(call.organisation.currencies, call.args))


def add_currency(call: Call) -> Answer:
	code = str(call.elements("Currencies")[0].get("Code", ""))
	known = {row["Code"] for row in call.organisation.currencies}
	if code not in charts.CURRENCIES:
		raise invalid(f"'{code}' is not a valid currency code")
	if code not in known:
		call.organisation.currencies.append({"Code": code, "Description": charts.CURRENCIES[code]})
	return elements(call, "Currencies", [{"Code": code, "Description": charts.CURRENCIES[code]}])


def write_tax_rates(call: Call) -> Answer:
	"""New custom rates get TAX001, TAX002 …; POST with a TaxType changes name and status."""
	done = []
	for element in call.elements("TaxRates"):
		found = call.organisation.tax_rate(element.get("TaxType"))
		done.append(_change_rate(found, element) if found else _new_rate(call.organisation, element))
	return elements(call, "TaxRates", done)


def _change_rate(found: Json, element: Json) -> Json:
	found |= {key: element[key] for key in ("Name", "Status") if key in element}
	return found


def _new_rate(books: Organisation, element: Json) -> Json:
	components = element.get("TaxComponents") or []
	if not element.get("Name") or not components:
		raise invalid("A tax rate needs a Name and at least one tax component")
	if any(row["Name"] == element["Name"] and row["Status"] == "ACTIVE" for row in books.tax_rates):
		raise invalid(f"Tax rate name '{element['Name']}' already exists")
	taken = [int(row["TaxType"][3:]) for row in books.tax_rates if row["TaxType"][3:].isdigit()]
	parts: list[Json] = [
		{"IsCompound": fields.flag(part, "IsCompound") or False, "IsNonRecoverable": False}
		| {"Name": str(part.get("Name", "")), "Rate": rounding.round4(Decimal(str(part.get("Rate", 0))))}
		for part in components
	]
	total = sum(part["Rate"] for part in parts)
	report = element.get("ReportTaxType", "OUTPUT")
	applies = "AEXL" if report == "INPUT" else "AELR"
	row = charts.tax_rate(
		f"TAX{max(taken, default=0) + 1:03d}", element["Name"], str(total), applies, "ACTIVE", report
	)
	row |= {"TaxComponents": parts, "EffectiveRate": rounding.effective_rate(parts)}
	books.tax_rates.append(row)
	return row


# items


def put_items(call: Call) -> Answer:
	return _write_items(call, create_only=True)


def post_items(call: Call) -> Answer:
	return _write_items(call, create_only=False)


def post_item(call: Call, identity: str) -> Answer:
	row = _find(call.organisation.items, "ItemID", identity)
	plan = _plan_item(call, call.elements("Items")[0] | {"ItemID": row["ItemID"]}, False)
	return write(call, "Items", "ItemID", [plan])


def _write_items(call: Call, create_only: bool) -> Answer:
	plans = [_plan_item(call, element, create_only) for element in call.elements("Items")]
	return write(call, "Items", "ItemID", plans)


ITEM_LIMITS = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}
ITEM_FIELDS = ("Code", "Name", "Description", "PurchaseDescription", "IsSold", "IsPurchased")


def _plan_item(call: Call, element: Json, create_only: bool) -> Plan:
	books = call.organisation
	found = books.item(element.get("ItemID")) or books.item(element.get("Code"))
	plan = Plan(element)
	code = element.get("Code")
	if found and create_only:
		plan.errors.append(f"Price List Item with Code '{code}' already exists")
	if not found and not code:
		plan.errors.append("Item Code is required")
	plan.errors += [
		f"{name} must not be more than {length} characters long."
		for name, length in ITEM_LIMITS.items()
		if len(str(element.get(name) or "")) > length
	]
	for side in ("SalesDetails", "PurchaseDetails"):
		account = (element.get(side) or {}).get("AccountCode")
		if account and not books.account(account):
			plan.errors.append(f"Account code '{account}' is not a valid account code.")
	plan.commit = lambda: _save_item(call, element, found)
	return plan


def _save_item(call: Call, element: Json, found: Json | None) -> Json:
	row = found
	if row is None:
		row = {
			"ItemID": str(uuid.uuid4()),
			"IsTrackedAsInventory": False,
			"IsSold": True,
			"IsPurchased": True,
		}
		row |= {"SalesDetails": {}, "PurchaseDetails": {}}
		call.organisation.items.append(row)
	row |= {key: element[key] for key in ITEM_FIELDS if key in element}
	for side in ("SalesDetails", "PurchaseDetails"):
		if isinstance(element.get(side), dict):
			details = {
				key: element[side][key]
				for key in ("UnitPrice", "AccountCode", "TaxType")
				if key in element[side]
			}
			if "UnitPrice" in details:
				price = Decimal(str(details["UnitPrice"]))
				details["UnitPrice"] = rounding.round4(price if call.unitdp == 4 else rounding.round2(price))
			row[side] = row[side] | details
	row["UpdatedDateUTC"] = call.now
	return _form(call, row)


def delete_item(call: Call, identity: str) -> Answer:
	call.organisation.items.remove(_find(call.organisation.items, "ItemID", identity))
	return Answer(204)


# contact groups

MAX_GROUPS = 100


def put_groups(call: Call) -> Answer:
	books, done = call.organisation, []
	for element in call.elements("ContactGroups"):
		name = str(element.get("Name") or "")
		if not name or any(
			group["Name"] == name and group["Status"] == "ACTIVE" for group in books.contact_groups
		):
			raise invalid(f"Contact group name '{name}' is empty or already exists")
		if len(books.contact_groups) >= MAX_GROUPS:
			raise invalid(f"There can be at most {MAX_GROUPS} contact groups")
		group: Json = {"ContactGroupID": str(uuid.uuid4()), "Name": name, "Status": "ACTIVE", "members": []}
		books.contact_groups.append(group)
		done.append(_form(call, group))
	return elements(call, "ContactGroups", done)


def post_group(call: Call, identity: str) -> Answer:
	group = _find(call.organisation.contact_groups, "ContactGroupID", identity)
	element = call.elements("ContactGroups")[0]
	group |= {key: element[key] for key in ("Name", "Status") if key in element}
	_forget(call, group["members"])
	return elements(call, "ContactGroups", [_form(call, group)])


def put_members(call: Call, identity: str) -> Answer:
	group = _find(call.organisation.contact_groups, "ContactGroupID", identity)
	found = [find_contact(call.organisation, str(row.get("ContactID"))) for row in call.elements("Contacts")]
	group["members"] += [contact.id for contact in found if contact.id not in group["members"]]
	_forget(call, group["members"])
	return elements(call, "Contacts", [contact_summary(contact) for contact in found])


def delete_member(call: Call, identity: str, contact: str) -> Answer:
	group = _find(call.organisation.contact_groups, "ContactGroupID", identity)
	if contact.lower() not in group["members"]:
		raise not_found()
	group["members"].remove(contact.lower())
	_forget(call, [contact.lower()])
	return Answer(204)


def _forget(call: Call, members: list[str]) -> None:
	for member in members:
		call.organisation.contacts[member].encoded.clear()


ROUTES: list[tuple[str, str, Callable[..., Any], str]] = [
	("GET", "/Organisation", organisation, "settings"),
	("GET", "/Organisation/Actions", actions, "settings"),
	("GET", "/Currencies", currencies, "settings"),
	("PUT", "/Currencies", add_currency, "settings"),
	("PUT", "/TaxRates", write_tax_rates, "settings"),
	("POST", "/TaxRates", write_tax_rates, "settings"),
	("PUT", "/Items", put_items, "items"),
	("POST", "/Items", post_items, "items"),
	("POST", "/Items/<identity>", post_item, "items"),
	("DELETE", "/Items/<identity>", delete_item, "items"),
	("PUT", "/ContactGroups", put_groups, "contacts"),
	("POST", "/ContactGroups/<identity>", post_group, "contacts"),
	("PUT", "/ContactGroups/<identity>/Contacts", put_members, "contacts"),
	("DELETE", "/ContactGroups/<identity>/Contacts/<contact>", delete_member, "contacts"),
]
for _name, _family, _rows, _key, _since in KINDS:
	ROUTES.append(("GET", f"/{_name}", _list(_name, _rows, _since), _family))
	ROUTES.append(("GET", f"/{_name}/<identity>", _single(_name, _rows, _key), _family))
