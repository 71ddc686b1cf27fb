"""Books that look real and are the same for the same seed: settings of the organisations, then the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from . import charts
from .books import Organisation
from .clock import Clock, to_ms
from .dice import Dice
from .seed_contacts import seed_contacts
from .seed_documents import seed_documents


def seed(seed: int, contacts: int, documents: int, organisations: int, clock: Clock) -> list[Organisation]:
	"""`contacts` and `documents` are exact totals; at least 80 % go to the first organisation."""
	dice = Dice(seed)
	built = []
	shares = zip(share(contacts, organisations), share(documents, organisations), strict=True)
	for number, (contact_count, document_count) in enumerate(shares):
		organisation = _organisation(dice, number, clock)
		seed_contacts(dice, organisation, contact_count, clock)
		seed_documents(dice, organisation, document_count, clock)
		built.append(organisation)
	return built


def share(total: int, parts: int) -> list[int]:
	"""[first, …]: the others get an equal part of 20 % at most, each at least one while there is any."""
	if parts == 1:
		return [total]
	other = max(1 if total >= parts else 0, total // 5 // (parts - 1))
	return [total - other * (parts - 1)] + [other] * (parts - 1)


def _organisation(dice: Dice, number: int, clock: Clock) -> Organisation:
	place = charts.PLACES[number % len(charts.PLACES)]
	country, base = place["country"], place["currency"]
	long_ago = clock.now() - timedelta(days=800)
	organisation = Organisation(id=dice.identity(), profile=_profile(dice, number, place, long_ago))
	organisation.profile["OrganisationID"] = organisation.id
	moment = to_ms(long_ago)
	organisation.accounts = [
		account
		| {"AccountID": dice.identity(), "UpdatedDateUTC": moment}
		| ({"CurrencyCode": base} if account["Type"] == "BANK" else {})
		for account in charts.accounts(country)
	]
	organisation.tax_rates = charts.tax_rates(country)
	codes = [base, *charts.FOREIGN[base]]
	organisation.currencies = [{"Code": code, "Description": charts.CURRENCIES[code]} for code in codes]
	organisation.branding_themes = [
		{
			"BrandingThemeID": dice.identity(),
			"Name": name,
			"SortOrder": order,
			"CreatedDateUTC": moment,
			"Type": "INVOICE",
		}
		for order, name in enumerate(["Standard", "Very orange invoice!"])
	]
	organisation.tracking_categories = [
		_tracking(dice, "Region", ["Eastside", "North", "South", "West Coast"], "ACTIVE"),
		_tracking(dice, "Salesperson", ["Fran", "Ōtara Team"], "ACTIVE"),
		_tracking(dice, "Old Projects", ["Alpha"], "ARCHIVED"),
	]
	organisation.items = [_item(dice, row, country, moment) for row in charts.ITEMS]
	return organisation


def _profile(dice: Dice, number: int, place: dict[str, str], created: datetime) -> dict[str, Any]:
	name = charts.NAMES[number] if number < len(charts.NAMES) else f"Company {number + 1} Ltd"
	code = place["code"] if number < len(charts.PLACES) else "!" + dice.identity()[:5]
	return {
		"Name": name,
		"LegalName": name,
		"PaysTax": True,
		"Version": place["version"],
		"OrganisationType": "COMPANY",
		"BaseCurrency": place["currency"],
		"CountryCode": place["country"],
		"IsDemoCompany": number == 0,
		"OrganisationStatus": "ACTIVE",
		"TaxNumber": "101-2-303" if place["country"] == "NZ" else "GB123456789",
		"FinancialYearEndDay": 31,
		"FinancialYearEndMonth": 3,
		"SalesTaxBasis": "PAYMENTS" if place["country"] == "NZ" else "ACCRUAL",
		"SalesTaxPeriod": "TWOMONTHS" if place["country"] == "NZ" else "QUARTERLY1",
		"DefaultSalesTax": "Tax Exclusive",
		"DefaultPurchasesTax": "Tax Exclusive",
		"CreatedDateUTC": to_ms(created),
		"OrganisationEntityType": "COMPANY",
		"Timezone": place["timezone"],
		"ShortCode": code,
		"OrganisationID": "",
		"Edition": "BUSINESS",
		"Class": "DEMO" if number == 0 else "PREMIUM",
		"LineOfBusiness": "Printing & Stationery",
		"Addresses": [],
		"Phones": [],
		"ExternalLinks": [],
		"PaymentTerms": {},
	}


def _tracking(dice: Dice, name: str, options: list[str], status: str) -> dict[str, Any]:
	category = dice.identity()
	return {
		"Name": name,
		"Status": status,
		"TrackingCategoryID": category,
		"Options": [
			{
				"TrackingOptionID": dice.identity(),
				"Name": option,
				"Status": "ACTIVE",
				"TrackingCategoryID": category,
			}
			for option in options
		],
	}


def _item(dice: Dice, row: tuple[str, str, str, str], country: str, moment: int) -> dict[str, Any]:
	code, name, price, description = row
	return {
		"ItemID": dice.identity(),
		"Code": code,
		"Name": name,
		"Description": description,
		"PurchaseDescription": description,
		"UpdatedDateUTC": moment,
		"PurchaseDetails": {},
		"SalesDetails": {
			"UnitPrice": Decimal(price).quantize(Decimal("0.0001")),
			"AccountCode": "200",
			"TaxType": charts.SALE_TAX[country],
		},
		"IsTrackedAsInventory": False,
		"IsSold": True,
		"IsPurchased": False,
	}
