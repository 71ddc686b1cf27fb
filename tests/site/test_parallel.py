"""Many processes at once: one refresh of a token, one document of a wish, one contact of a customer, one reader of
an organisation."""

import multiprocessing
import os
import traceback
from collections.abc import Sequence
from typing import Any

import frappe

from devsite.testing import away
from tests import factories
from tests.site.sending import form, made, notes_on
from tests.xero_world import World, world
from xero_connector import bootstrap, outgoing, reading, tasks
from xero_connector.api import drafts
from xero_connector.site import outbox, tokens
from xero_connector.site.links import Party

PROCESSES = 16


def at_once(host, work, count=PROCESSES) -> list:
	"""What `work` returned in each of `count` processes that began together."""
	fork = multiprocessing.get_context("fork")
	start, results = fork.Barrier(count), fork.Queue()

	def run() -> None:
		# no exit handlers of the parent's: a pytest that ends here would tidy up its site
		status = 1
		try:
			host.connect()
			frappe.set_user("Administrator")
			start.wait(timeout=60)
			results.put(work())
			status = 0
		except BaseException:
			results.put(Failed(traceback.format_exc()))
		finally:
			results.close()
			results.join_thread()
			os._exit(status)

	with away(host):
		processes = [fork.Process(target=run) for _ in range(count)]
		for process in processes:
			process.start()
		answers = [results.get(timeout=120) for _ in processes]
		for process in processes:
			process.join()
	for answer in answers:
		assert not isinstance(answer, Failed), answer
	return answers


class Failed(str):
	"""The traceback of a process that came to nothing."""


def test_many_processes_with_an_expired_token_refresh_it_once(ready: World, host):
	connection = frappe.db.get_value("Xero Organisation", ready.organisation, "connection")
	tokens.expire(connection)
	before = len(refreshes(ready))
	got = at_once(host, lambda: hash(tokens.access_token(connection, bootstrap.renewal(connection))))
	assert len(set(got)) == 1, "all speak with the same token"
	assert len(refreshes(ready)) - before == 1


def refreshes(xero: World) -> list:
	return [request for request in xero.sandbox.requests if request.path.endswith("/connect/token")]


def test_many_clicks_in_many_processes_make_one_invoice(ready: World, host, jobs):
	deal = factories.deal(organization=factories.organization().name, value=10)
	values = form(deal)
	frappe.db.commit()

	def click() -> str:
		answer = drafts.send(doctype=deal.doctype, name=deal.name, values=values)
		frappe.db.commit()
		tasks.send([answer["outbox"]])
		frappe.db.commit()
		return answer["outbox"]

	assert len(set(at_once(host, click, 8))) == 1
	assert len(made(ready)) == 1
	assert states([deal]) == {"Sent"}


def asked(deals: Sequence[Any]) -> list[str]:
	"""The names of the rows of the outbox that these records' marks are."""
	rows = [outbox.mark(Party(deal.doctype, deal.name)) for deal in deals]
	frappe.db.commit()
	return [str(row) for row in rows]


def states(deals: Sequence[Any]) -> set[str]:
	frappe.db.rollback()
	names = [deal.name for deal in deals]
	found = frappe.get_all("Xero Outbox", {"record_name": ["in", names], "action": "Document"}, pluck="state")
	assert len(found) == len(names)
	return set(found)


def test_workers_that_take_the_same_rows_make_one_document_of_each(ready: World, host):
	deals = [factories.deal(organization=factories.organization().name, value=10) for _ in range(12)]
	rows = asked(deals)
	at_once(host, lambda: outgoing.send(rows), 4)
	assert states(deals) == {"Sent"}
	assert len(made(ready)) == len({invoice.reference for invoice in made(ready)}) == 12
	assert [len(notes_on(deal)) for deal in deals] == [1] * 12


def test_workers_whose_rows_have_a_new_customer_in_common_make_the_contact_once(ready: World, host):
	organization, product = factories.organization().name, factories.crm_product()
	line = factories.product_row(product_code=product.name, product_name=product.product_name)
	deals = [factories.deal(organization=organization, products=[line]) for _ in range(8)]
	turns = multiprocessing.get_context("fork").Queue()
	for row in asked(deals):
		turns.put(row)
	at_once(host, lambda: outgoing.send([turns.get()]), 8)
	assert states(deals) == {"Sent"}
	invoices = made(ready)
	assert len(invoices) == 8
	[customer] = [row for row in ready.sandbox.organisations[0].contacts if row.name == organization]
	assert {invoice.contact.id for invoice in invoices} == {customer.id}
	assert frappe.get_all("Xero Contact", {"contact_name": organization}, pluck="name") == [customer.id]
	items = [item for item in ready.sandbox.organisations[0].items if item["Code"] == product.name]
	assert len(items) == 1


def test_batches_side_by_side_that_share_customers_stand_in_nobodys_way(ready: World, host):
	customers = [factories.organization().name for _ in range(5)]
	deals = [factories.deal(organization=customers[number % 5], value=10) for number in range(40)]
	rows = asked(deals)
	turns = multiprocessing.get_context("fork").Queue()
	for start in range(4):
		turns.put(rows[start::4])
	at_once(host, lambda: outgoing.send(turns.get()), 4)
	assert states(deals) == {"Sent"}
	assert len(made(ready)) == 40
	names = [row.name for row in ready.sandbox.organisations[0].contacts]
	assert [names.count(customer) for customer in customers] == [1] * 5


def test_many_workers_read_an_organisation_once(ready: World, host):
	before = len(ready.calls("Contacts"))
	at_once(host, ready.read, 4)
	assert 1 <= len(ready.calls("Contacts")) - before < 4


def test_two_organisations_are_read_side_by_side_without_standing_in_each_others_way(site, host, jobs):
	with world(host, jobs, contacts=200, documents=4000) as beside:
		names = [books.id for books in beside.sandbox.organisations]
		beside.connect(*names)
		turns = multiprocessing.get_context("fork").Queue()
		for name in names:
			turns.put(name)
		at_once(host, lambda: reading.read_organisation(turns.get()), 2)
		for name in names:
			row = frappe.get_doc("Xero Organisation", name)
			assert (row.sync_state, row.error_code) == ("Idle", None)
		books = beside.sandbox.organisations
		expected = sum(len(list(one.invoices)) + len(list(one.credit_notes)) for one in books)
		assert frappe.db.count("Xero Invoice") == expected
