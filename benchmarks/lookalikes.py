"""Contacts of Xero with the truth about them: which are the same company written twice, and which only look so."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any, NamedTuple

from faker import Faker

from xero_connector.core.model import Contact
from xero_connector.core.money import ZERO

ORGANISATION = "11111111-1111-4111-8111-111111111111"
_MONEY = ("receivable_outstanding", "receivable_overdue", "payable_outstanding", "payable_overdue")
_FORMS = ("Ltd", "Limited", "GmbH", "Inc.", "Pty Ltd", "")
_TRADES = ("Holdings", "Services", "Group", "Consulting", "Studio", "Trading", "Partners", "& Sons", "Works")
_MOMENT = dt.datetime(2026, 11, 1, tzinfo=dt.timezone.utc)


class Books(NamedTuple):
	"""`company` tells by contact id which company it is; those of one company are duplicates of each other."""

	contacts: list[Contact]
	company: dict[str, int]


def books(count: int, *, share: float = 0.05, seed: int = 7) -> Books:
	"""`share` of them are written twice, as many are somebody else who looks like another: a branch with the group's
	tax number, a namesake in another town, a client of the same bookkeeper's e-mail address."""
	dice, fake = random.Random(seed), Faker("en_GB")
	fake.seed_instance(seed)
	twice = alike = int(count * share)
	companies = [_company(dice, fake) for _ in range(count - twice - alike)]
	rows = list(enumerate(companies))
	originals = dice.sample(rows, twice + alike)
	rows += [(company, dice.choice(_TWICE)(dice, values)) for company, values in originals[:twice]]
	others = enumerate(originals[twice:], len(companies))
	rows += [(number, dice.choice(_ALIKE)(dice, fake, values)) for number, (_, values) in others]
	dice.shuffle(rows)
	taken: set[str] = set()
	contacts, company = [], {}
	for number, (identity, values) in enumerate(rows):
		contact = _contact(number, values, taken)
		contacts.append(contact)
		company[contact.contact_id] = identity
	return Books(contacts, company)


def _company(dice: random.Random, fake: Faker) -> dict[str, Any]:
	name = f"{fake.last_name()} {dice.choice(_TRADES)} {fake.last_name()}"
	domain = f"{name.split()[0].lower()}{dice.randrange(10_000)}.example"
	return {
		"contact_name": f"{name} {dice.choice(_FORMS)}".strip(),
		"first_name": fake.first_name(),
		"last_name": fake.last_name(),
		"email_address": f"accounts@{domain}" if dice.random() < 0.8 else None,
		"phone": fake.numerify("+44 020 #### ####") if dice.random() < 0.7 else None,
		"address_line": fake.street_address().replace("\n", ", "),
		"city": fake.city(),
		"postal_code": fake.postcode(),
		"country": "United Kingdom",
		"tax_number": fake.numerify("GB ### #### ##") if dice.random() < 0.5 else None,
	}


def _other_form(dice: random.Random, values: dict[str, Any]) -> dict[str, Any]:
	words = [word for word in values["contact_name"].split() if word not in " ".join(_FORMS).split()]
	name = f"{' '.join(words).upper()} {dice.choice(_FORMS)}".strip()
	return {**values, "contact_name": name, "phone": None}


def _typo(dice: random.Random, values: dict[str, Any]) -> dict[str, Any]:
	name = list(values["contact_name"])
	place = dice.randrange(1, len(name) - 1)
	name[place], name[place - 1] = name[place - 1], name[place]
	return {**values, "contact_name": "".join(name), "email_address": None}


def _moved(dice: random.Random, values: dict[str, Any]) -> dict[str, Any]:
	return {
		**values,
		"contact_name": f"{values['contact_name']} (new)",
		"postal_code": "ZZ1 1ZZ",
		"address_line": "1 New Road",
	}


def _renamed(dice: random.Random, values: dict[str, Any]) -> dict[str, Any]:
	"""Known by the e-mail address or phone alone."""
	if not (values["email_address"] or values["phone"]):
		return _other_form(dice, values)
	return {**values, "contact_name": f"Trading as {dice.randrange(10**6)}", "tax_number": None}


def _branch(dice: random.Random, fake: Faker, values: dict[str, Any]) -> dict[str, Any]:
	other = _company(dice, fake)
	tax = {"tax_number": values["tax_number"]}
	return {**other, **tax, "contact_name": f"{values['contact_name']} {other['city']}"}


def _namesake(dice: random.Random, fake: Faker, values: dict[str, Any]) -> dict[str, Any]:
	other = _company(dice, fake)
	return {**other, "contact_name": f"{values['contact_name']} {dice.choice(['AG', 'LLC', 'Oy'])}"}


def _client(dice: random.Random, fake: Faker, values: dict[str, Any]) -> dict[str, Any]:
	return {**_company(dice, fake), "email_address": values["email_address"]}


_TWICE: tuple[Callable[..., dict[str, Any]], ...] = (_other_form, _typo, _moved, _renamed)
_ALIKE: tuple[Callable[..., dict[str, Any]], ...] = (_branch, _namesake, _client)


def _contact(number: int, values: dict[str, Any], taken: set[str]) -> Contact:
	name = values["contact_name"]
	while name.casefold() in taken:  # Xero's names are unique
		name += "."
	taken.add(name.casefold())
	fields: dict[str, Any] = {
		**dict.fromkeys(Contact._fields),
		**dict.fromkeys(_MONEY, ZERO),
		**values,
		"contact_id": f"00000000-0000-4000-8000-{number:012}",
		"organisation": ORGANISATION,
		"contact_name": name,
		"is_customer": True,
		"is_supplier": False,
		"status": "Active",
		"payment_terms_day": 0,
		"updated_utc": _MOMENT,
	}
	return Contact(**fields)
