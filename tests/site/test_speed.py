"""What the tab costs: as many queries for a customer with nothing as for one with hundreds of documents, and none
that reads a whole table."""

import re
from collections.abc import Callable
from unittest.mock import patch

import frappe
import pytest

from benchmarks.books import ORGANISATIONS, Books
from tests import factories
from xero_connector.site import links
from xero_connector.site.links import Party

EMPTY, SMALL, LARGE = SIZES = (0, 3, 300)

# what is asked → how many statements of ours; those of Frappe's own differ from release to release
COSTS: dict[str, tuple[str, dict, int]] = {
	"the whole tab": ("get", {}, 12),
	"a view": ("list_documents", {"view": "overdue"}, 9),
	"everything": ("list_documents", {"view": "all"}, 9),
	"the second page": ("list_documents", {"view": "all", "start": 20}, 9),
	"bills": ("list_documents", {"kind": "bill", "view": "paid"}, 9),
	"a search": ("list_documents", {"view": "all", "search": "INV"}, 10),
	"a time": ("list_documents", {"view": "all", "from_date": "2024-01-01"}, 10),
	"what is pinned": ("list_documents", {"view": "pinned"}, 9),
	"the version": ("version", {}, 4),
}
OURS = re.compile(r"""[`"]tabXero (?!Settings)""")


@pytest.fixture
def books(site) -> Books:
	made = Books()
	for size in SIZES:
		made.add_customer(size)
	made.grow(400)
	return made


@pytest.fixture
def link(books) -> Callable:
	def tie(record, size: int) -> None:
		"""The record to the customer with so many documents."""
		party = Party(record.doctype, record.name)
		links.add(party, links.CONTACT, books.customers[size], ORGANISATIONS[0], links.BY_USER)

	return tie


def asked(call: Callable, **arguments) -> list[tuple]:
	"""The statements of ours that a call makes: text and values."""
	made: list[tuple] = []
	sql = frappe.db.sql

	def noting(query, values=None, *others, **options):
		if OURS.search(str(query)):
			made.append((str(query), values))
		return sql(query, values, *others, **options) if values else sql(query, *others, **options)

	call(**arguments)  # fills Frappe's caches
	with patch.object(frappe.local.db, "sql", noting):
		call(**arguments)
	return made


def ask(record, function: str, **arguments) -> list[tuple]:
	from xero_connector.api import panel

	return asked(getattr(panel, function), doctype=record.doctype, name=record.name, **arguments)


def pin(deal, books: Books, count: int) -> None:
	found = frappe.get_all(
		"Xero Invoice", {"contact": books.customers[LARGE], "document_type": "Invoice"}, pluck="name"
	)
	for name in found[:count]:
		links.add(Party(deal.doctype, deal.name), links.DOCUMENT, name, ORGANISATIONS[0], links.BY_USER)


@pytest.mark.parametrize("cost", COSTS)
def test_a_customers_tab_costs_the_same_whatever_they_have(books, link, cost):
	function, wanted, queries = COSTS[cost]
	for size in SIZES:
		person = factories.contact()
		link(person, size)
		assert len(ask(person, function, **wanted)) == queries, f"{size} documents"


@pytest.mark.parametrize("scope", ["record", "customer"])
@pytest.mark.parametrize("cost", [name for name in COSTS if COSTS[name][0] == "list_documents"])
def test_a_deals_list_costs_the_same_with_and_without_linked_documents(books, link, cost, scope):
	function, wanted, queries = COSTS[cost]
	organization = factories.organization()
	link(organization, LARGE)
	for linked in (0, 1, 30):
		deal = factories.deal(organization=organization)
		pin(deal, books, linked)
		assert len(ask(deal, function, scope=scope, **wanted)) == queries, f"{linked} linked"


@pytest.mark.parametrize("cost", ["the whole tab", "the version"])
def test_a_deals_tab_costs_the_same_with_and_without_linked_documents(books, link, cost):
	function, wanted, queries = COSTS[cost]
	organization = factories.organization()
	link(organization, LARGE)
	for linked in (0, 1, 30):
		deal = factories.deal(organization=organization, value=1000)
		pin(deal, books, linked)
		assert len(ask(deal, function, **wanted)) == queries, f"{linked} linked"


def test_no_query_reads_a_whole_table(books, link):
	if frappe.db.db_type != "sqlite":
		pytest.skip("other databases read small tables whole because that is quicker")
	from xero_connector.api import home

	person, organization, alone = factories.contact(), factories.organization(), factories.contact()
	link(person, LARGE)
	link(organization, LARGE)
	deal = factories.deal(organization=organization)
	pin(deal, books, 3)
	statements = [*asked(home.get), *asked(home.search, text="INV-0000"), *ask(alone, "get")]
	for record in (person, deal):
		for function, wanted, _ in COSTS.values():
			statements += ask(record, function, **wanted)
	for query, values in statements:
		plan = [row[3] for row in frappe.db.sql(f"EXPLAIN QUERY PLAN {query}", values)]
		# the organisations are few, and always all wanted
		assert not [
			step for step in plan if step.startswith("SCAN tabXero") and "Organisation" not in step
		], query
