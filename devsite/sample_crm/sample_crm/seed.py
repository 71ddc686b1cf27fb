"""A lively CRM for the demo: the same one each time, for the seed is fixed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import frappe
from faker import Faker
from frappe.utils import add_days, nowdate

from sample_crm.install import COMPANY

ORGANIZATIONS, DEALS, LEADS = 40, 60, 15
PEOPLE = (  # name, e-mail, password, roles; those that the site lacks are left out
	("Sally Seller", "sally@example.com", "sally", ("Sales User", "Xero Sales")),
	(
		"Fin Ledger",
		"fin@example.com",
		"fin",
		("Xero Finance", "Xero Manager", "Accounts User", "System Manager"),
	),
)
PRODUCTS = (  # code, name, rate
	("CONS-DAY", "Consulting, one day", 1200),
	("SUPPORT-Y", "Support contract, one year", 4800),
	("TRAIN-H", "Training, one hour", 150),
	("SETUP", "Set-up and data import", 2500),
	("LICENCE", "Licence per seat", 39.95),
	("AUDIT", "Security audit", 7350),
)


def seed(contacts: Sequence[tuple[str, str]] = (), currency: str = "USD", number: int = 7) -> None:
	"""Fill the site. ``contacts`` (name, e-mail) come first, so that they can be those of an accounting system.

	``currency`` becomes that of the site and of all amounts.
	"""
	frappe.db.set_value("Currency", currency, "enabled", 1)
	frappe.db.set_single_value("FCRM Settings", "currency", currency)
	frappe.db.set_single_value("System Settings", "currency", currency)
	frappe.db.set_default("currency", currency)
	frappe.db.set_value("Company", COMPANY, "default_currency", currency)
	fake, dice = Faker(), random.Random(number)
	fake.seed_instance(number)
	owners = [_user(*person) for person in PEOPLE]
	for code, name, rate in PRODUCTS:
		_add("CRM Product", product_code=code, product_name=name, standard_rate=rate)
		_add("Item", item_code=code, item_name=name, stock_uom="Unit", standard_rate=rate)
	organizations = list(_organizations(fake, dice, contacts))
	for organization, person in (dice.choice(organizations) for _ in range(DEALS)):
		_deal(dice, organization, person, owners)
	for _ in range(LEADS):
		_lead(fake, dice, owners)
	_erpnext(dice, organizations)
	frappe.db.commit()


def _add(doctype: str, **values: Any) -> Any:
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)


def _currency() -> str:
	return frappe.db.get_single_value("FCRM Settings", "currency")


def _user(name: str, email: str, password: str, roles: Sequence[str]) -> str:
	from frappe.utils.password import update_password

	first, last = name.split()
	known = [{"role": role} for role in roles if frappe.db.exists("Role", role)]
	_add("User", email=email, first_name=first, last_name=last, send_welcome_email=0, roles=known)
	update_password(email, password)
	return email


def _organizations(
	fake: Faker, dice: random.Random, contacts: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
	"""Pairs of an organization and the contact of it that deals are made with."""
	named = [*contacts][:ORGANIZATIONS]
	while len(named) < ORGANIZATIONS:
		named.append((fake.unique.company(), fake.unique.email(domain="example.com")))
	industries = frappe.get_all("CRM Industry", pluck="name", order_by="name")
	for name, email in named:
		organization = _add(
			"CRM Organization",
			organization_name=name,
			website=f"https://{email.partition('@')[2]}",
			industry=dice.choice(industries),
			no_of_employees=dice.choice(["1-10", "11-50", "51-200"]),
			currency=_currency(),
		).name
		people = [_contact(fake, organization, email)]
		people += [
			_contact(fake, organization, fake.unique.email(domain="example.com"))
			for _ in range(dice.randrange(2))
		]
		yield organization, people[0]


def _contact(fake: Faker, organization: str, email: str) -> str:
	return _add(
		"Contact",
		first_name=fake.first_name(),
		last_name=fake.last_name(),
		company_name=organization,
		designation=fake.job()[:60],
		email_ids=[{"email_id": email, "is_primary": 1}],
		phone_nos=[{"phone": fake.numerify("+1 555 ### ####"), "is_primary_phone": 1}],
	).name


def _deal(dice: random.Random, organization: str, person: str, owners: Sequence[str]) -> None:
	status = dice.choice(frappe.get_all("CRM Deal Status", ["name", "probability"], order_by="position"))
	value = dice.randrange(5, 400) * 100
	deal = _add(
		"CRM Deal",
		organization=organization,
		contacts=[{"contact": person, "is_primary": 1}],
		status=status.name,
		probability=status.probability,
		deal_owner=dice.choice(owners),
		currency=_currency(),
		exchange_rate=1,
		products=[_product(dice) for _ in range(dice.choice((0, 0, 1, 2, 3)))],
		expected_closure_date=add_days(nowdate(), dice.randrange(-60, 90)),
		source=dice.choice(("Website", "Referral", "Trade Show")),
	)
	if not deal.products:
		deal.db_set("deal_value", value)


def _product(dice: random.Random) -> dict[str, Any]:
	code, name, rate = dice.choice(PRODUCTS)
	discount = dice.choice((0, 0, 0, 5, 10))
	quantity = dice.randrange(1, 12)
	return {
		"product_code": code,
		"product_name": name,
		"qty": quantity,
		"rate": rate,
		"discount_percentage": discount,
	}


def _lead(fake: Faker, dice: random.Random, owners: Sequence[str]) -> None:
	_add(
		"CRM Lead",
		first_name=fake.first_name(),
		last_name=fake.last_name(),
		email=fake.unique.email(domain="example.com"),
		organization=fake.unique.company(),
		status=dice.choice(("New", "Contacted", "Nurture", "Unqualified")),
		lead_owner=dice.choice(owners),
		source="Website",
	)


def _erpnext(dice: random.Random, organizations: Sequence[tuple[str, str]]) -> None:
	"""The other host's records of the same companies."""
	for number, (organization, person) in enumerate(organizations[:12]):
		group = {"customer_group": "Commercial", "territory": "United States"}
		customer = _add("Customer", customer_name=organization, customer_primary_contact=person, **group)
		contact = frappe.get_doc("Contact", person)
		contact.append("links", {"link_doctype": "Customer", "link_name": customer.name})
		contact.save(ignore_permissions=True)
		rows = [_item(dice) for _ in range(dice.randrange(1, 4))]
		base = {"company": COMPANY, "currency": _currency(), "conversion_rate": 1}
		_add("Opportunity", opportunity_from="Customer", party_name=customer.name, items=rows, **base)
		if number % 3 == 0:
			_add(
				"Project",
				project_name=f"Roll-out for {organization}",
				customer=customer.name,
				company=COMPANY,
			)
		if number % 2 == 0:
			_add("Sales Invoice", customer=customer.name, posting_date=nowdate(), items=rows, **base)


def _item(dice: random.Random) -> dict[str, Any]:
	code, name, rate = dice.choice(PRODUCTS)
	return {"item_code": code, "item_name": name, "uom": "Unit", "qty": dice.randrange(1, 12), "rate": rate}
