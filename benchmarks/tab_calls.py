"""The tab's calls, timed: each as a request of its own, by somebody with roles, beside the bare SQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, NamedTuple
from unittest.mock import patch

import frappe

from benchmarks.bare import Question
from benchmarks.books import BASE_CURRENCY, ORGANISATIONS, Books
from benchmarks.stage import Site
from devsite import testing
from tests import factories
from xero_connector.api import panel
from xero_connector.site import links
from xero_connector.site.links import Party

_ROLES = ("Xero Sales", "Xero Finance", "Sales User")
_SEARCH = "99"

CALLS: dict[str, dict[str, Any]] = {
	"get": {},
	"open": {"view": "open"},
	"overdue": {"view": "overdue"},
	"all": {"view": "all"},
	"search": {"view": "all", "search": _SEARCH},
	"page_2": {"view": "all", "start": 20},
	"deal": {"view": "all", "scope": "customer"},
}
"""What is asked: the whole tab of a contact, its list, and the customer's list on a deal."""


class Timed(NamedTuple):
	"""Milliseconds, and the number of statements to the database."""

	p50: float
	p95: float
	queries: int


class Measured(NamedTuple):
	"""The tab's call, its answer by bare SQL, and Frappe alone, which reads the record and checks permissions."""

	tab: Timed
	bare: Timed
	frappe: Timed

	@property
	def times_bare(self) -> float:
		return self.tab.p50 / self.bare.p50

	@property
	def times_bare_and_frappe(self) -> float:
		return self.tab.p50 / (self.bare.p50 + self.frappe.p50)


@dataclass(frozen=True)
class Customer:
	"""A Xero contact, and the records that it is linked to."""

	contact: str
	person: str
	deal: str


class Clock:
	"""Times calls as requests: a connection and caches of the request's own, those of the site warm."""

	def __init__(self, site: Site, books: Books, rounds: int) -> None:
		self._site = site
		self._books = books
		self._rounds = rounds
		self._user = testing.Users().with_roles(_ROLES)
		self._customers: dict[int, Customer] = {}

	def measure(self, call: str, documents: int) -> Measured:
		"""Of the customer with so many documents. Raises AssertionError unless both answers agree."""
		customer = self._customers.get(documents) or self._link(documents)
		question = self._question(call, customer)
		calls = (lambda: _ask(call, customer), question.ask, lambda: _open(call, customer))
		said, expected, _ = [self._counted(each)[1] for each in calls]  # fills the site's caches
		question.check(expected, said)
		# in turns, so that all of them meet whatever else the machine does
		seconds = [[self._seconds(each) for each in calls] for _ in range(self._rounds)]
		queries = [self._counted(each)[0] for each in calls]
		return Measured(*map(_timed, zip(*seconds, strict=True), queries))

	def _question(self, call: str, customer: Customer) -> Question:
		asked = {name: value for name, value in CALLS[call].items() if name != "scope"}
		return Question(customer.contact, self._books.today, BASE_CURRENCY, whole=call == "get", **asked)

	def _link(self, documents: int) -> Customer:
		frappe.set_user("Administrator")
		contact = self._books.customers[documents]
		organization = factories.organization(organization_name=f"Benchmark {frappe.generate_hash(length=8)}")
		customer = Customer(
			contact,
			factories.contact().name,
			factories.deal(organization=organization, deal_owner=self._user).name,
		)
		for record in (Party("Contact", customer.person), Party("CRM Organization", organization.name)):
			links.add(record, links.CONTACT, contact, ORGANISATIONS[0], links.BY_USER)
		frappe.db.commit()
		self._customers[documents] = customer
		return customer

	def _seconds(self, call: Callable[[], Any]) -> float:
		self._begin()
		started = time.perf_counter()
		call()
		return time.perf_counter() - started

	def _counted(self, call: Callable[[], Any]) -> tuple[int, Any]:
		self._begin()
		with patch.object(frappe.local.db, "sql", wraps=frappe.local.db.sql) as sql:
			answer = call()
		return sql.call_count, answer

	def _begin(self) -> None:
		frappe.db.close()
		self._site.connect()
		frappe.set_user(self._user)
		frappe.db.sql("SELECT 1")  # the first statement opens the connection


def _timed(seconds: Sequence[float], queries: int) -> Timed:
	slow = quantiles(seconds, n=20)[-1]
	return Timed(median(seconds) * 1000, slow * 1000, queries)


def _ask(call: str, customer: Customer) -> dict[str, Any]:
	doctype, name = _record(call, customer)
	if call == "get":
		return panel.get(doctype=doctype, name=name)
	return panel.list_documents(doctype=doctype, name=name, **CALLS[call])


def _open(call: str, customer: Customer) -> None:
	"""What no function about a record can do without."""
	doctype, name = _record(call, customer)
	assert frappe.has_permission(doctype, "read", doc=frappe.get_doc(doctype, name))


def _record(call: str, customer: Customer) -> tuple[str, str]:
	return ("CRM Deal", customer.deal) if call == "deal" else ("Contact", customer.person)
