"""Many processes at once: one refresh of a token, one invoice of a wish, one reader of an organisation."""

import multiprocessing
import os

import frappe
import pytest

from devsite.testing import away
from tests import factories
from tests.xero_world import World, world
from xero_connector import bootstrap, tasks
from xero_connector.api import drafts
from xero_connector.site import tokens

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
			results.close()
			results.join_thread()
			status = 0
		finally:
			os._exit(status)

	with away(host):
		processes = [fork.Process(target=run) for _ in range(count)]
		for process in processes:
			process.start()
		answers = [results.get(timeout=120) for _ in processes]
		for process in processes:
			process.join()
	return answers


@pytest.fixture
def ready(xero: World):
	xero.read()
	return xero


def test_many_processes_with_an_expired_token_refresh_it_once(ready: World, host):
	connection = frappe.db.get_value("Xero Organisation", ready.organisation, "connection")
	tokens.expire(connection)
	before = len(refreshes(ready))
	got = at_once(host, lambda: hash(tokens.access_token(connection, bootstrap._refresh)))
	assert len(set(got)) == 1, "all speak with the same token"
	assert len(refreshes(ready)) - before == 1


def refreshes(xero: World) -> list:
	return [request for request in xero.sandbox.requests if request.path.endswith("/connect/token")]


def test_many_clicks_in_many_processes_make_one_invoice(ready: World, host, jobs):
	deal = factories.deal(organization=factories.organization().name, value=10)
	form = drafts.prepare(doctype=deal.doctype, name=deal.name)
	frappe.db.commit()

	def click() -> str:
		answer = drafts.send(doctype=deal.doctype, name=deal.name, values=form)
		frappe.db.commit()
		tasks.send_wish(answer["outbox"])
		frappe.db.commit()
		return answer["outbox"]

	assert len(set(at_once(host, click, 8))) == 1
	assert len([row for row in ready.sandbox.organisations[0].invoices if row.url]) == 1
	assert frappe.db.get_value("Xero Outbox", {"record_name": deal.name}, "state") == "Sent"


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
		at_once(host, lambda: bootstrap.read_organisation(turns.get()), 2)
		for name in names:
			row = frappe.get_doc("Xero Organisation", name)
			assert (row.sync_state, row.error_code) == ("Idle", None)
		books = beside.sandbox.organisations
		expected = sum(len(list(one.invoices)) + len(list(one.credit_notes)) for one in books)
		assert frappe.db.count("Xero Invoice") == expected
