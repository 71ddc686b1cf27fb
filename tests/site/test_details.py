"""What a record says of who it is, and how a Xero contact's fields are written on it (R67-R70)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories

ACME = {
	"contact_name": "Acme Anvils",
	"first_name": "Jo",
	"last_name": "Roe",
	"email_address": "jo@acme.example",
	"phone": "+44 020 7946 0018",
	"mobile": "07700 900 123",
	"address_line": "Unit 5, 1 Mill Lane",
	"city": "Leeds",
	"region": "West Yorkshire",
	"postal_code": "LS1 1AA",
	"country": "United Kingdom",
	"tax_number": "GB 999 9999 73",
	"account_number": "",
}


def made(**values: Any) -> Any:
	"""What a new contact became."""
	from xero_connector.site.hosts import details

	return details.create({**ACME, **values})


def without(monkeypatch: pytest.MonkeyPatch, *doctypes: str) -> None:
	"""As on a site that has not these."""
	from xero_connector.site.hosts import details

	has = details.has
	monkeypatch.setattr(details, "has", lambda doctype: doctype not in doctypes and has(doctype))


def read(party: Any) -> dict[str, str]:
	from xero_connector.site.hosts import details

	return details.read(party)


def written(party: Any, **values: str) -> Any:
	from xero_connector.site.hosts import details

	return details.write(party, values)


def kept(party: Any) -> dict[str, str]:
	"""ACME without what this record has no place for."""
	from xero_connector.site.hosts import details

	return details.holdable(party, ACME)


class TestANewContact:
	def test_becomes_a_customer_with_a_person_and_an_address(self) -> None:
		factories.require("Customer")

		parties = made()

		assert [party.doctype for party in parties] == ["Customer", "Contact", "Address"]
		assert read(parties[0]) == kept(parties[0])
		assert kept(parties[0])["tax_number"] == "GB 999 9999 73"

	def test_becomes_an_organization_where_there_are_no_customers(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		factories.require("CRM Organization")
		without(monkeypatch, "Customer")

		parties = made()

		assert [party.doctype for party in parties] == ["CRM Organization", "Contact", "Address"]
		assert read(parties[0]) == kept(parties[0])
		assert "tax_number" not in kept(parties[0])

	def test_becomes_a_contact_on_a_site_without_either(self, monkeypatch: pytest.MonkeyPatch) -> None:
		without(monkeypatch, "Customer", "CRM Organization")

		parties = made()

		assert [party.doctype for party in parties] == ["Contact", "Address"]
		assert read(parties[0]) == kept(parties[0])

	def test_becomes_a_supplier_when_it_is_one(self) -> None:
		from xero_connector.site.hosts import details

		factories.require("Supplier")
		parties = details.create(ACME, is_supplier=True)

		assert parties[0].doctype == "Supplier"
		assert read(parties[0]) == kept(parties[0])

	def test_of_a_name_alone_brings_neither_person_nor_address(self) -> None:
		parties = made(**{**dict.fromkeys(ACME, ""), "contact_name": "Lone Ltd"})

		assert len(parties) == 1

	def test_without_a_city_has_the_address_all_the_same(self) -> None:
		parties = made(city="", country="")

		assert read(parties[0])["postal_code"] == "LS1 1AA"
		assert read(parties[0])["country"] == ""

	def test_keeps_the_leading_zeros_of_its_phone(self) -> None:
		assert read(made()[0])["phone"] == "+44 020 7946 0018"

	def test_who_is_a_person_is_an_individual_customer(self) -> None:
		import frappe

		factories.require("Customer")
		customer = frappe.get_doc(*made(contact_name="Jo Roe")[0])

		assert customer.customer_type == "Individual"

	def test_of_a_name_that_is_taken_is_refused_and_leaves_nothing(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		import frappe

		from xero_connector.core.errors import Code, NeedsPerson

		factories.require("CRM Organization")
		without(monkeypatch, "Customer")
		made()
		before = frappe.db.count("Contact")

		with pytest.raises(NeedsPerson) as refused:
			made()
		assert refused.value.code is Code.NAME_TAKEN_HERE
		assert frappe.db.count("Contact") == before

	def test_is_not_committed_before_its_step_is(self) -> None:
		"""ERPNext commits where a new Contact has a number."""
		import frappe

		from xero_connector.site.hosts import details

		frappe.db.commit()
		parties = details.create(ACME)
		frappe.db.rollback()

		left = [party for party in parties if frappe.db.exists(*party)]
		for party in left:
			factories.registered(frappe.get_doc(*party))
		assert left == []

	def test_of_a_long_name_has_its_address_beside_another_of_that_beginning(self) -> None:
		"""Frappe numbers what has one title, in a column that MariaDB keeps shorter than names are."""
		made(contact_name="A" * 138 + "1")
		parties = made(contact_name="A" * 138 + "2")

		assert read(parties[0])["city"] == "Leeds"

	def test_whose_phone_is_mobile_has_one_number(self) -> None:
		values = {"phone": "07700 900 123", "mobile": "07700 900 123"}
		party = made(**values)[0]

		from xero_connector.site.hosts import details

		assert details.holdable(party, values) == {"phone": "07700 900 123", "mobile": ""}
		assert details.holdable(party, {"mobile": "07700 900 123"}) == {"mobile": ""}
		assert (read(party)["phone"], read(party)["mobile"]) == ("07700 900 123", "")


class TestAChange:
	def test_of_each_field_is_read_back_as_written(self) -> None:
		factories.require("Customer")
		party = made()[0]
		changed = {
			"contact_name": "Acme Anvils and Tongs",
			"first_name": "Joan",
			"last_name": "Rowe",
			"email_address": "joan@acme.example",
			"phone": "020 7946 0999",
			"mobile": "07700 900 999",
			"address_line": "2 Mill Lane",
			"city": "York",
			"region": "North Yorkshire",
			"postal_code": "YO1 7HH",
			"country": "Ireland",
			"tax_number": "GB 1",
		}

		party = written(party, **changed)

		assert read(party) == changed

	def test_of_one_field_leaves_the_others_alone(self) -> None:
		party = made()[0]
		before = read(party)

		written(party, phone="020 7946 0999")

		assert read(party) == {**before, "phone": "020 7946 0999"}

	def test_adds_no_second_person_or_address(self) -> None:
		import frappe

		party = made()[0]
		before = frappe.db.count("Contact"), frappe.db.count("Address")

		written(party, first_name="Joan", city="York")

		assert (frappe.db.count("Contact"), frappe.db.count("Address")) == before

	def test_keeps_the_persons_other_numbers(self) -> None:
		import frappe

		parties = made()
		person = frappe.get_doc(*parties[1])
		person.append("phone_nos", {"phone": "0800 123"})
		person.save()

		written(parties[0], phone="020 7946 0999")

		person.reload()
		assert {row.phone for row in person.phone_nos} == {"020 7946 0999", "07700 900 123", "0800 123"}

	def test_of_an_only_number_leaves_none_behind(self) -> None:
		"""Frappe CRM takes an only number for the mobile one too."""
		import frappe

		party, person = made(mobile="")[:2]
		document = frappe.get_doc(*person)
		document.phone_nos[0].is_primary_mobile_no = 1
		document.save()

		written(party, phone="020 7946 0999")

		assert (read(party)["phone"], read(party)["mobile"]) == ("020 7946 0999", "")

	def test_goes_well_where_one_document_is_saved_with_another(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		"""As ERPNext does with a customer and its address."""
		import frappe
		from frappe.model.base_document import get_controller

		parties = made()

		def save_the_others(address: Any) -> None:
			for party in parties[:2]:
				frappe.get_doc(*party).save()

		monkeypatch.setattr(get_controller("Address"), "on_update", save_the_others, raising=False)
		written(parties[0], first_name="Joan", city="York")

		assert (read(parties[0])["first_name"], read(parties[0])["city"]) == ("Joan", "York")

	def test_of_an_organizations_name_takes_its_people_and_its_links_along(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		import frappe

		from xero_connector.site import links

		factories.require("CRM Organization")
		without(monkeypatch, "Customer")
		party = made()[0]
		frappe.db.set_value("CRM Organization", party.name, "website", "acme.example")

		after = written(party, contact_name="Acme Tongs", city="York")

		assert after == links.Party("CRM Organization", "Acme Tongs")
		assert read(after) == {**kept(after), "contact_name": "Acme Tongs", "city": "York"}
		assert frappe.db.get_value(*after, "website") == "acme.example"

	def test_to_a_name_that_is_taken_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
		from xero_connector.core.errors import Code, NeedsPerson

		factories.require("CRM Organization")
		without(monkeypatch, "Customer")
		taken = factories.organization()
		party = made()[0]

		with pytest.raises(NeedsPerson) as refused:
			written(party, contact_name=taken.name)
		assert refused.value.code is Code.NAME_TAKEN_HERE

	def test_is_written_where_the_field_map_says(self) -> None:
		import frappe

		factories.require("Customer", "website")
		settings = frappe.get_doc("Xero Settings")
		settings.append(
			"field_map", {"xero_field": "account_number", "fieldname": "website", "owner_side": "Newest"}
		)
		settings.save()
		party = made(account_number="A-100")[0]

		assert frappe.db.get_value(*party, "website") == "A-100"
		assert read(party)["account_number"] == "A-100"
		assert read(written(party, account_number="A-200"))["account_number"] == "A-200"


@pytest.mark.parametrize(
	("field", "value", "held"),
	[
		("phone", "ask for Jo", ""),
		("email_address", "jo at acme", ""),
		("email_address", "jo@acme.example, accounts@acme.example", "jo@acme.example"),
		("country", "UK", "United Kingdom"),
		("country", "gb", "United Kingdom"),
		("country", "Middle-earth", ""),
		("contact_name", "<b>Acme</b>", "b Acme /b"),
		("contact_name", "A" * 200, "A" * 140),
		("first_name", "A" * 200, "A" * 64),
		("address_line", f"{'A' * 200}, {'B' * 200}", f"{'A' * 200}, {'B' * 200}"),
	],
)
def test_what_frappe_cannot_hold_is_known_before_and_read_back_so(field: str, value: str, held: str) -> None:
	from xero_connector.site.hosts import details

	party = made(**{field: value})[0]

	assert details.holdable(party, {field: value}) == {field: held}
	assert read(party)[field] == held
