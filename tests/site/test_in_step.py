"""Whatever goes wrong on the way, the mirror says in the end what Xero says, and nothing was done twice.

A few hours of a site beside Xero, with seeded changes in Xero and faults between the two.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest

from devsite import testing
from tests import factories
from tests.site import sending
from tests.xero_day import Day, Delivery, day
from tests.xero_world import World, world
from xero_connector.core.errors import Code
from xero_connector.site import organisations

HOUR = 60
HALF_A_DAY = 12 * HOUR


@pytest.fixture
def xero(site: str, host: testing.Host, jobs: testing.Jobs) -> Iterator[World]:
	"""Books in which there is something to change for hours."""
	with world(host, jobs, contacts=120, documents=1500, organisations=1) as beside:
		beside.connect()
		yield beside


# what both say


def in_xero(world: World) -> dict[str, tuple[Any, ...]]:
	books = world.sandbox.organisations[0]
	documents = {
		row.id: (row.status, row.total, row.amount_due, row.contact.name, row.reference or "")
		for table in (books.invoices, books.credit_notes)
		for row in table
	}
	contacts = {row.id: (row.name, row.status, row.merged_to or "") for row in books.contacts}
	return {**documents, **contacts}


def in_mirror(world: World) -> dict[str, tuple[Any, ...]]:
	frappe.db.commit()
	fields = ["name", "status", "total", "amount_due", "contact_name", "reference"]
	mine = {"organisation": world.organisation}
	documents = {
		row.name: (
			row.status.upper(),
			money(row.total),
			money(row.amount_due),
			row.contact_name,
			row.reference or "",
		)
		for row in frappe.get_all("Xero Invoice", filters=mine, fields=fields)
	}
	contacts = {
		row.name: (row.contact_name, row.status.upper(), row.merged_into or "")
		for row in frappe.get_all(
			"Xero Contact", filters=mine, fields=["name", "contact_name", "status", "merged_into"]
		)
	}
	return {**documents, **contacts}


def money(amount: Any) -> Any:
	from xero_connector.site.database import as_decimal

	return as_decimal(amount)


def assert_in_step(world: World) -> None:
	ours, theirs = in_mirror(world), in_xero(world)
	different = {name: (ours.get(name), theirs[name]) for name in theirs if ours.get(name) != theirs[name]}
	assert different == {}
	assert set(ours) == set(theirs)


# what people do in Xero


class People:
	"""Seeded changes, one after the other: payments, approvals, voids, edits, archives and merges."""

	def __init__(self, world: World, seed: int) -> None:
		self._dice = random.Random(seed)
		self._sandbox = world.sandbox
		self._books = world.sandbox.organisations[0]
		self._acts = (self._pay, self._pay, self._approve, self._void, self._edit, self._rename, self._merge)

	def act(self, times: int = 1) -> None:
		for _ in range(times):
			self._dice.choice(self._acts)()

	def _document(self, *statuses: str) -> Any:
		rows = [
			row
			for row in self._books.invoices
			if row.status in statuses and row.amount_due > 2 and not row.amount_paid
		]
		return self._dice.choice(rows or [row for row in self._books.invoices if row.status in statuses])

	def _contact(self) -> Any:
		return self._dice.choice([row for row in self._books.contacts if row.status == "ACTIVE"])

	def _pay(self) -> None:
		invoice = self._document("AUTHORISED")
		self._sandbox.pay(invoice.id, self._dice.choice((None, "1.00")))

	def _approve(self) -> None:
		try:
			self._sandbox.authorise(self._document("DRAFT", "SUBMITTED").id)
		except ValueError:
			self._edit()  # some drafts are not complete

	def _void(self) -> None:
		self._sandbox.void(self._document("DRAFT", "SUBMITTED").id)

	def _edit(self) -> None:
		reference = f"edited {self._dice.randrange(10_000)}"
		self._sandbox.edit_invoice(self._document("AUTHORISED", "DRAFT").id, reference=reference)

	def _rename(self) -> None:
		self._sandbox.edit_contact(self._contact().id, Name=f"Renamed {self._dice.randrange(10**9)}")

	def _merge(self) -> None:
		lost, kept = self._contact(), self._contact()
		if lost is not kept:
			self._sandbox.merge_contacts(lost.id, kept.id)


# what goes wrong between Xero and the site

Wrong = Callable[[list[Delivery], random.Random, list[Delivery]], list[Delivery]]
"""What arrives of these deliveries now; what is put into the list arrives at the end."""


def fine(deliveries: list[Delivery], dice: random.Random, late: list[Delivery]) -> list[Delivery]:
	return deliveries


def lost(deliveries: list[Delivery], dice: random.Random, late: list[Delivery]) -> list[Delivery]:
	return [each for each in deliveries if dice.random() > 0.5]


def doubled(deliveries: list[Delivery], dice: random.Random, late: list[Delivery]) -> list[Delivery]:
	return [each for each in deliveries for _ in range(2)]


def reordered(deliveries: list[Delivery], dice: random.Random, late: list[Delivery]) -> list[Delivery]:
	return dice.sample(deliveries, len(deliveries))


def forged(deliveries: list[Delivery], dice: random.Random, late: list[Delivery]) -> list[Delivery]:
	return [(body, signature[::-1]) for body, signature in deliveries]


def late(deliveries: list[Delivery], dice: random.Random, late: list[Delivery]) -> list[Delivery]:
	late += [each for each in deliveries if dice.random() > 0.3]
	return [each for each in deliveries if each not in late]


@pytest.mark.parametrize(
	"wrong", [fine, lost, doubled, reordered, forged, late], ids=lambda wrong: wrong.__name__
)
def test_whatever_becomes_of_webhooks_the_mirror_is_right_in_the_end(ready: World, wrong: Wrong):
	people, dice, to_come = People(ready, 5), random.Random(5), []
	with day(ready, with_webhooks=True) as lived:
		lived.with_webhooks = False  # they go through our hands

		def minute(number: int) -> None:
			people.act(3)
			for body, signature in wrong(lived.deliveries(size=2), dice, to_come):
				assert lived.post(body, signature) == (401 if wrong is forged else 200)
			lived.jobs()

		lived.live(20, minute)
		for delivery in reversed(to_come):
			assert lived.post(*delivery) == 200
		lived.live(4 * HOUR + 10, step=10)
		assert_in_step(ready)
	assert_each_event_was_worked_once()


def assert_each_event_was_worked_once() -> None:
	events = frappe.get_all("Xero Webhook Event", fields=["organisation", "resource", "sequence", "state"])
	keys = [(row.organisation, row.resource, row.sequence) for row in events]
	assert len(keys) == len(set(keys))
	assert {row.state for row in events} <= {"Done"}


def test_a_webhook_brings_a_change_within_its_minute(ready: World):
	people = People(ready, 8)
	with day(ready, with_webhooks=True) as lived:
		for _ in range(10):
			people.act(5)
			lived.live(1)
			assert_in_step(ready)


def test_without_webhooks_a_change_is_there_after_the_interval(ready: World):
	people = People(ready, 9)
	with day(ready, with_webhooks=False) as lived:
		lived.live(HOUR)
		people.act(30)
		lived.live(35)
		assert_in_step(ready)


def test_a_day_of_refusals_loses_nothing_and_wastes_few_calls(ready: World):
	people = People(ready, 10)
	with day(ready, with_webhooks=True) as lived:
		ready.sandbox.fault("rate_limit", times=None, problem="day", retry_after=HALF_A_DAY * 60)
		before = len(ready.calls())
		lived.live(HALF_A_DAY, lambda number: people.act(), step=15)
		assert len(ready.calls()) - before <= 3
		ready.sandbox.faults.clear()
		lived.live(4 * HOUR + 10, step=10)
		assert_in_step(ready)


def test_an_outage_in_the_middle_of_a_load_is_made_up_for(xero: World, monkeypatch: pytest.MonkeyPatch):
	from xero_connector.xero import reader

	monkeypatch.setattr(reader.Reader.__init__, "__defaults__", (100,))
	people = People(xero, 11)
	with day(xero, with_webhooks=False) as lived:
		calls = iter(range(1000))
		page = reader.Reader.page

		def outage(self: Any, endpoint: Any, since: Any, number: int) -> Any:
			if next(calls) == 5:
				xero.sandbox.fault("offline", times=None)
			return page(self, endpoint, since, number)

		monkeypatch.setattr(reader.Reader, "page", outage)
		lived.live(24 * HOUR, lambda number: people.act(), step=30)
		problem = organisations.get(xero.organisation).problem
		assert problem
		assert problem[0] == Code.UNAVAILABLE.value
		assert frappe.db.count("Xero Contact", {"organisation": xero.organisation}) >= 100
		xero.sandbox.faults.clear()
		lived.live(HOUR)
		assert_in_step(xero)


def test_after_tokens_are_lost_a_new_consent_catches_up(ready: World):
	people = People(ready, 12)
	with day(ready, with_webhooks=True) as lived:
		ready.sandbox.expire_access_tokens()
		ready.sandbox.identity.refresh.clear()
		people.act(10)
		lived.live(2 * HOUR, step=10)
		assert organisations.get(ready.organisation).status == "Reconnect"
		assert in_mirror(ready)
		ready.connect()
		people.act(10)
		lived.live(4 * HOUR + 10, step=10)
		assert_in_step(ready)


def test_invoices_sent_in_a_day_of_faults_are_made_once(ready: World):
	"""Every third answer of Xero is lost, before or after the work is done; webhooks come twice."""
	sending.settings(auto_send="Off")
	deals = [factories.deal(organization=factories.organization().name, value=100) for _ in range(6)]
	dice = random.Random(13)
	with day(ready, with_webhooks=True) as lived:

		def minute(number: int) -> None:
			if number < len(deals):
				sending.send(deals[number])
			if number < 30 and number % 3 == 0:
				kind = dice.choice(("drop_before", "drop_after", "offline"))
				ready.sandbox.fault(kind, match=dice.choice(("PUT .", "POST .", "GET .")))
			for delivery in lived.deliveries():
				lived.post(*delivery)
				lived.post(*delivery)
			lived.jobs()

		lived.live(3 * HOUR, minute)
		ready.sandbox.faults.clear()
		lived.live(4 * HOUR + 10, step=10)
		assert len(sending.made(ready)) == len(deals)
		assert {sending.wish(deal).state for deal in deals} == {"Sent"}
		assert_in_step(ready)


def test_a_tax_rate_that_changes_at_midnight_holds_back_what_names_it(ready: World):
	from xero_connector.site import tax_maps

	rate = next(row for row in ready.sandbox.organisations[0].tax_rates if row["TaxType"] == "OUTPUT2")
	sending.settings(own_rates=[{"title": "GST", "rate": float(rate["EffectiveRate"])}])
	from xero_connector.api import taxes

	taxes.save_map(
		organisation=ready.organisation,
		rows=[{"our_doctype": "Xero Own Rate", "our_name": "GST", "tax_type": "OUTPUT2"}],
	)
	frappe.db.commit()
	with day(ready, with_webhooks=False) as lived:
		assert tax_maps.broken(ready.organisation) == []
		for component in rate["TaxComponents"]:
			component["Rate"] = 17.5
		rate["EffectiveRate"] = rate["DisplayTaxRate"] = 17.5
		lived.live(25 * HOUR, step=30)
		assert tax_maps.broken(ready.organisation)


@pytest.fixture(autouse=True)
def no_error_is_swallowed(site: str):
	"""What a job of ours could not make sense of would be in the Error Log."""
	frappe.db.delete("Error Log")
	yield
	errors = frappe.get_all("Error Log", fields=["method", "error"])
	assert [row for row in errors if "xero" in (row.error or row.method or "").lower()] == []


def test_live_moves_both_clocks(ready: World):
	before = ready.sandbox.clock.now()
	with day(ready, with_webhooks=False) as lived:
		lived.live(2)
		assert isinstance(lived, Day)
	assert (ready.sandbox.clock.now() - before).total_seconds() >= 120


def test_a_new_customer_in_xero_becomes_a_record_within_its_minute(ready: World):
	sending.settings(contact_policy="Auto Import Customers")
	with day(ready, with_webhooks=True) as lived:
		contact = sending.add_contact(ready, "Brand New Ltd", EmailAddress="new@example.com")
		contact.is_customer = True
		lived.live(1)
	origins = frappe.get_all("Xero Link", filters={"xero_id": contact.id}, pluck="origin")
	assert set(origins) == {"Imported"}
