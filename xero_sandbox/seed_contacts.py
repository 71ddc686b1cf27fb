"""Seeded contacts: mostly plain, and among them every oddity that real books have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .books import Contact, Json, Organisation, Table
from .clock import Clock, to_ms
from .dice import Dice

# the first contacts of an organisation, in this order
ODDITIES: list[tuple[str, Json]] = [
	("Ridgeway University", {"EmailAddress": "accounts@ridgeway.example"}),
	("Māori Television Café Ōtautahi", {"EmailAddress": "kia.ora@mtc.example"}),
	('7-Eleven "Corner" & Søn\'s 北京 Store', {}),
	("A" * 120 + " Very Long Holdings of the Southern Hemisphere Limited Partnership", {}),
	("City Limousines (archived)", {"_status": "ARCHIVED"}),
	("Boom FM (merged)", {"_status": "ARCHIVED", "_merged": True}),
	("O'Brien, Smith & Co", {"EmailAddress": "shared@group.example"}),
	("O’Brien Smith and Company Ltd", {"EmailAddress": "shared@group.example"}),
]
KINDS = [
	"Ltd",
	"Group",
	"& Sons",
	"Partners",
	"Trading",
	"Services",
	"Holdings",
	"Studio",
	"Consulting",
	"Co-op",
]


def seed_contacts(dice: Dice, organisation: Organisation, count: int, clock: Clock) -> None:
	names = _names(dice, count)
	rows = [_contact(dice, organisation, number, name, clock) for number, name in enumerate(names)]
	for contact in rows:
		if contact.fields.pop("_merged", False):
			contact.merged_to = rows[0].id
	organisation.contacts = Table(rows)
	organisation.contact_groups = _groups(dice, rows)


def _names(dice: Dice, count: int) -> list[str]:
	taken = dict.fromkeys(name for name, _ in ODDITIES[:count])
	surnames = [dice.faker.last_name() for _ in range(min(count, 400))]
	while len(taken) < count:
		name = f"{dice.random.choice(surnames)} {dice.random.choice(KINDS)}"
		if name in taken:
			name = f"{dice.random.choice(surnames)}-{name} {dice.random.randrange(2, 999)}"
		taken.setdefault(name)
	return list(taken)


def _contact(dice: Dice, organisation: Organisation, number: int, name: str, clock: Clock) -> Contact:
	chance = dice.random
	special = dict(ODDITIES[number][1]) if number < len(ODDITIES) else _plain(dice, name)
	first, last = dice.faker.first_name(), dice.faker.last_name()
	fields: Json = {"FirstName": first, "LastName": last} if chance.random() < 0.8 else {}
	fields |= {"BankAccountDetails": ""}
	fields |= special
	if chance.random() < 0.3:
		fields["AccountNumber"] = f"AC{number + 1:05d}"
	fields["Addresses"] = [
		_address(dice, "STREET", organisation),
		_address(dice, "POBOX", organisation, blank=0.6),
	]
	fields["Phones"] = [_phone(dice, kind, blank) for kind, blank in PHONE_BLANK]
	fields["ContactPersons"] = _persons(dice) if chance.random() < 0.25 else []
	if terms := TERMS[number % len(TERMS)]:
		fields["PaymentTerms"] = {"Sales": {"Day": terms[0], "Type": terms[1]}}
	moment = clock.now() - timedelta(days=chance.uniform(1, 700))
	return Contact(
		id=dice.identity(),
		name=name,
		updated=to_ms(moment),
		status=fields.pop("_status", "ACTIVE"),
		number=f"CRM-{number + 1:04d}" if chance.random() < 0.2 else None,
		fields=fields,
	)


def _plain(dice: Dice, name: str) -> Json:
	"""Most have an e-mail address; one in eight is archived by nobody's fault."""
	fields: Json = {}
	if dice.random.random() < 0.75:
		word = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:30]
		fields["EmailAddress"] = f"{dice.random.choice(['info', 'accounts', 'office'])}@{word}.example"
	if dice.random.random() < 0.04:
		fields["_status"] = "ARCHIVED"
	return fields


# of sales, in turn: every fifth contact has none
TERMS: list[tuple[int, str] | None] = [
	(20, "OFFOLLOWINGMONTH"),
	(14, "DAYSAFTERBILLDATE"),
	(10, "DAYSAFTERBILLMONTH"),
	(31, "OFCURRENTMONTH"),
	None,
]
PHONE_BLANK = [("DEFAULT", 0.25), ("DDI", 0.8), ("FAX", 0.95), ("MOBILE", 0.5)]


def _phone(dice: Dice, kind: str, blank: float) -> dict[str, str]:
	chance = dice.random
	if chance.random() < blank:
		return {"PhoneType": kind, "PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""}
	area = "021" if kind == "MOBILE" else chance.choice(["09", "03", "04", "020"])
	country = chance.choice(["64", "", "44"])
	number = f"{chance.randrange(0, 999):03d} {chance.randrange(0, 9999):04d}"
	return {"PhoneType": kind, "PhoneNumber": number, "PhoneAreaCode": area, "PhoneCountryCode": country}


def _address(dice: Dice, kind: str, organisation: Organisation, blank: float = 0.2) -> dict[str, str]:
	if dice.random.random() < blank:
		return {"AddressType": kind, "City": "", "Region": "", "PostalCode": "", "Country": ""}
	return {
		"AddressType": kind,
		"AddressLine1": f"{dice.random.randrange(1, 300)} {dice.faker.last_name()} Street",
		"City": dice.random.choice(["Auckland", "Wellington", "Ōtautahi Christchurch", "London", "Leeds"]),
		"Region": "",
		"PostalCode": f"{dice.random.randrange(100, 9999):04d}",
		"Country": "New Zealand" if organisation.profile["CountryCode"] == "NZ" else "United Kingdom",
		"AttentionTo": "",
	}


def _persons(dice: Dice) -> list[dict[str, Any]]:
	first = dice.faker.first_name()
	return [
		{
			"FirstName": first,
			"LastName": dice.faker.last_name(),
			"EmailAddress": f"{first.lower()}@person.example",
			"IncludeInEmails": True,
		}
	]


def _groups(dice: Dice, rows: list[Contact]) -> list[dict[str, Any]]:
	groups = []
	for name in ("Support Clients (monthly)", "Training"):
		members = [row.id for row in rows[:40] if row.status == "ACTIVE" and dice.random.random() < 0.3]
		groups.append(
			{"ContactGroupID": dice.identity(), "Name": name, "Status": "ACTIVE", "members": members}
		)
	return groups
