"""Seeded invoices, bills, credit notes, their payments and allocations, prepayments and overpayments.

Written for speed: 100,000 documents are made in a few seconds, so nothing here goes through the rules of
`documents.py`; it uses the same arithmetic and ends with the same `settle`.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from . import charts, rounding
from .books import Allocation, Contact, Document, Line, Organisation, Payment, Table, clear_amounts, settle
from .clock import DAY_MS, Clock, day_to_ms
from .dice import Dice

DAYS = 730
STATUSES = (
	["AUTHORISED"] * 38 + ["PAID"] * 38 + ["DRAFT"] * 9 + ["SUBMITTED"] * 6 + ["VOIDED"] * 6 + ["DELETED"] * 3
)
PRICES = [
	Decimal(text)
	for text in [
		"9.95",
		"25.06",
		"25.61",
		"25.63",
		"40.00",
		"79.50",
		"145.00",
		"250.00",
		"499.99",
		"1100.00",
		"3333.33",
	]
]
QUANTITIES = [
	Decimal(text)
	for text in ["1.0000", "1.0000", "2.0000", "3.0000", "5.0000", "10.0000", "0.5000", "1.2500"]
]
DISCOUNTS = [Decimal("5.00"), Decimal("10.00"), Decimal("12.50")]
SALES_ACCOUNTS, COST_ACCOUNTS = ["200", "200", "210", "260"], ["310", "400", "412", "429", "469"]
DUE_AFTER = [7, 14, 20, 30, 30, 60]


class Maker:
	def __init__(self, dice: Dice, organisation: Organisation, clock: Clock) -> None:
		self.dice, self.random, self.organisation = dice, dice.random, organisation
		self.now = clock.milliseconds()
		self.today = clock.today(organisation.timezone)
		self.country = organisation.profile["CountryCode"]
		contacts = [contact for contact in organisation.contacts if contact.status == "ACTIVE"]
		self.customers = contacts[: max(1, len(contacts) * 3 // 4)] or list(organisation.contacts)
		self.suppliers = contacts[len(contacts) // 2 :] or list(organisation.contacts)
		self.archived = [contact for contact in organisation.contacts if contact.status == "ARCHIVED"]
		self.texts = [dice.faker.bs().capitalize() for _ in range(200)]
		self.bank = organisation.accounts[0]["AccountID"]
		self.rates = {rate["TaxType"]: rate["EffectiveRate"] for rate in organisation.tax_rates}
		self.payments: list[Payment] = []
		self.last_moment = 0
		self.number = 0
		self.credit_number = 0

	def document(self, kind: str, position: int) -> Document:
		sale = kind in ("ACCREC", "ACCRECCREDIT")
		day = self._day(position)
		document = Document(
			id=self.dice.identity(),
			type=kind,
			contact=self._contact(sale),
			date=day,
			due_date=day + timedelta(days=self.random.choice(DUE_AFTER)),
			status=self.random.choice(STATUSES),
			updated=0,
			reference=f"PO-{self.random.randrange(1000, 99999)}" if self.random.random() < 0.4 else None,
			line_amount_types=self.random.choice(
				["Exclusive", "Exclusive", "Exclusive", "Inclusive", "NoTax"]
			),
			currency=self.organisation.base_currency,
			branding_theme_id=self.organisation.branding_themes[0]["BrandingThemeID"] if sale else None,
		)
		self._date_specially(document, position)
		self._currency(document)
		self._mark_contact(document.contact, sale)
		document.lines = [self._line(document, sale) for _ in range(self.random.randint(1, 5))]
		total_up(document)
		self._number(document)
		self._pay(document)
		document.updated = self._moment(document)
		return document

	def _day(self, position: int) -> date:
		return self.today - timedelta(
			days=self.random.randrange(DAYS) if position % 4 else self.random.randrange(60)
		)

	def _date_specially(self, document: Document, position: int) -> None:
		"""Some are due today and some yesterday, whatever the seed."""
		if position in (1, 2, 3) and document.type in ("ACCREC", "ACCPAY"):
			document.status = "AUTHORISED"
			document.due_date = self.today - timedelta(days=position - 2)
			document.date = self.today - timedelta(days=30)

	def _contact(self, sale: bool) -> Contact:
		if self.archived and self.random.random() < 0.02:
			return self.random.choice(self.archived)
		pool = self.customers if sale else self.suppliers
		# a few customers have most of the documents, as in real books
		return pool[int(len(pool) * self.random.random() ** 2)]

	def _currency(self, document: Document) -> None:
		base = self.organisation.base_currency
		if self.random.random() < 0.08:
			document.currency = self.random.choice(charts.FOREIGN[base])
			document.rate = charts.RATES[(base, document.currency)]

	@staticmethod
	def _mark_contact(contact: Contact, sale: bool) -> None:
		if sale:
			contact.is_customer = True
		else:
			contact.is_supplier = True

	def _line(self, document: Document, sale: bool) -> Line:
		chance = self.random
		quantity, price = chance.choice(QUANTITIES), chance.choice(PRICES)
		discount = chance.choice(DISCOUNTS) if document.type == "ACCREC" and chance.random() < 0.08 else None
		tax = charts.SALE_TAX[self.country] if sale else charts.PURCHASE_TAX[self.country]
		if document.line_amount_types == "NoTax":
			tax = "NONE"
		elif chance.random() < 0.1 and sale:
			tax = charts.ZERO_TAX[self.country]
		amount = rounding.line_amount(quantity, price, discount)
		return Line(
			id=self.dice.identity(),
			description=chance.choice(self.texts),
			quantity=quantity,
			unit_amount=price,
			line_amount=amount,
			tax_amount=rounding.line_tax(amount, self.rates[tax], document.line_amount_types),
			tax_type=tax,
			account_code=chance.choice(SALES_ACCOUNTS if sale else COST_ACCOUNTS),
			discount_rate=discount,
			tracking=self._tracking() if chance.random() < 0.1 else [],
		)

	def _tracking(self) -> list[dict[str, str]]:
		category = self.organisation.tracking_categories[0]
		option = self.random.choice(category["Options"])
		return [
			{
				"Name": category["Name"],
				"Option": option["Name"],
				"TrackingCategoryID": category["TrackingCategoryID"],
				"TrackingOptionID": option["TrackingOptionID"],
			}
		]

	def _number(self, document: Document) -> None:
		if document.type == "ACCREC":
			self.number += 1
			document.number = f"INV-{self.number:04d}"
		elif document.type == "ACCPAY":
			document.number = f"{self.random.randrange(100, 9999)}"
			document.reference = None
		else:
			self.credit_number += 1
			document.number = f"CN-{self.credit_number:04d}"

	def _pay(self, document: Document) -> None:
		"""Paid ones in 1 to 4 instalments, a third of the authorised ones in part."""
		if document.type not in ("ACCREC", "ACCPAY") or document.total <= 0:
			document.status = "AUTHORISED" if document.status == "PAID" else document.status
		elif document.status == "PAID":
			self._instalments(document, document.total)
		elif document.status == "AUTHORISED" and self.random.random() < 0.33:
			self._instalments(
				document,
				rounding.round2(document.total * Decimal(self.random.choice(["0.25", "0.5", "0.8"]))),
			)
		document.sent_to_contact = document.is_sale and document.status in ("AUTHORISED", "PAID")
		settle(document)
		if document.status in ("VOIDED", "DELETED"):
			clear_amounts(document)

	def _instalments(self, document: Document, amount: Decimal) -> None:
		parts = self.random.choice([1, 1, 1, 2, 3, 4])
		piece = rounding.round2(amount / parts)
		if piece <= 0:
			parts, piece = 1, amount
		for number in range(parts):
			part = piece if number < parts - 1 else amount - piece * (parts - 1)
			if part > 0:
				self._payment(document, part, number)

	def _payment(self, document: Document, amount: Decimal, number: int) -> None:
		day = min(self.today, document.date + timedelta(days=7 * (number + 1) + self.random.randrange(7)))
		payment = Payment(
			id=self.dice.identity(),
			document=document,
			account_id=self.bank,
			date=day,
			amount=amount,
			rate=document.rate,
			reference=f"RCPT {self.random.randrange(10000, 99999)}" if self.random.random() < 0.6 else None,
			is_reconciled=self.random.random() < 0.5,
			updated=0,
		)
		document.payments.append(payment)
		self.payments.append(payment)

	def _moment(self, document: Document) -> int:
		"""After the document's last event, never in the future; one in twelve shares its moment with another."""
		if self.last_moment and self.random.random() < 0.08:
			moment = max(self.last_moment, day_to_ms(document.date))
		else:
			last = max([payment.date for payment in document.payments], default=document.date)
			moment = day_to_ms(last) + self.random.randrange(DAY_MS)
		self.last_moment = moment = min(moment, self.now - 60_000 - self.random.randrange(60_000))
		for payment in document.payments:
			payment.updated = moment
		return moment


def total_up(document: Document) -> None:
	lines = document.lines
	amounts = sum((line.line_amount for line in lines), rounding.ZERO)
	document.total_tax = sum((line.tax_amount for line in lines), rounding.ZERO)
	document.sub_total = (
		amounts - document.total_tax if document.line_amount_types == "Inclusive" else amounts
	)
	document.total = document.sub_total + document.total_tax
	document.total_discount = sum((discount_of(line) for line in lines), rounding.ZERO)


def discount_of(line: Line) -> Decimal:
	if not line.discount_rate and not line.discount_amount:
		return rounding.ZERO
	return rounding.round2(line.quantity * line.unit_amount) - line.line_amount


def kinds(count: int) -> list[str]:
	"""70 % sales invoices, 20 % bills, 10 % credit notes; `count` in all, exactly."""
	bills, credits = count * 2 // 10, count // 10
	supplier_credits = credits // 4
	return (
		["ACCREC"] * (count - bills - credits)
		+ ["ACCPAY"] * bills
		+ ["ACCRECCREDIT"] * (credits - supplier_credits)
		+ ["ACCPAYCREDIT"] * supplier_credits
	)


def seed_documents(dice: Dice, organisation: Organisation, count: int, clock: Clock) -> None:
	if not len(organisation.contacts):
		return
	maker = Maker(dice, organisation, clock)
	documents = [maker.document(kind, position) for position, kind in enumerate(kinds(count))]
	invoices = [document for document in documents if not document.type.endswith("CREDIT")]
	credits = [document for document in documents if document.type.endswith("CREDIT")]
	# a few of each are enough
	credit_count = min(8, -(-count // 20))
	prepaid = [_credit(maker, "PREPAYMENT", position) for position in range(credit_count)]
	overpaid = [_credit(maker, "OVERPAYMENT", position) for position in range(credit_count)]
	_allocate(maker, invoices, [*credits, *prepaid, *overpaid])
	organisation.invoices, organisation.credit_notes = Table(invoices), Table(credits)
	organisation.prepayments, organisation.overpayments = Table(prepaid), Table(overpaid)
	organisation.payments = Table(maker.payments)
	organisation.next_number, organisation.next_credit_number = maker.number + 1, maker.credit_number + 1
	organisation.index_documents()


def _credit(maker: Maker, what: str, position: int) -> Document:
	sale = position % 4 != 3
	document = maker.document("ACCRECCREDIT" if sale else "ACCPAYCREDIT", position + 4)
	document.type = f"{'RECEIVE' if sale else 'SPEND'}-{what}"
	document.status, document.due_date = "AUTHORISED", None
	document.number = None
	return document


def _allocate(maker: Maker, invoices: list[Document], credits: list[Document]) -> None:
	"""Two thirds of the credits go to an open invoice of the same contact and currency, wholly or in part."""
	open_invoices: dict[tuple[str, str, bool], list[Document]] = {}
	for invoice in invoices:
		if invoice.status == "AUTHORISED" and invoice.amount_due > 0:
			open_invoices.setdefault(_pair(invoice), []).append(invoice)

	for credit in credits:
		if credit.status == "AUTHORISED" and credit.total > 0 and maker.random.random() < 0.66:
			_allocate_one(maker, credit, open_invoices.get(_pair(credit), []))


def _pair(document: Document) -> tuple[str, str, bool]:
	return document.contact.id, document.currency, document.is_sale


def _allocate_one(maker: Maker, credit: Document, candidates: list[Document]) -> None:
	while candidates and candidates[-1].amount_due <= 0:
		candidates.pop()
	if not candidates:
		return
	invoice = candidates[-1]
	day = min(maker.today, max(invoice.date, credit.date))
	amount = min(credit.amount_due, invoice.amount_due)
	allocation = Allocation(id=maker.dice.identity(), source=credit, target=invoice, amount=amount, date=day)
	for document in (credit, invoice):
		document.allocations.append(allocation)
		settle(document)
		document.updated = max(
			document.updated, min(maker.now - 60_000, day_to_ms(day) + maker.random.randrange(DAY_MS))
		)
