"""Xero Log: every attempt with its outcome, nothing personal in it, read by finance, gone after its time."""

import dataclasses
import json
from datetime import timedelta
from typing import Any

import frappe
import pytest

from tests import factories
from tests.fakes import OpenGate
from tests.xero_world import World
from xero_connector import bootstrap
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.core.model import Exchange
from xero_connector.site import journal, organisations, settings, tokens
from xero_connector.site.database import now_utc, to_column
from xero_connector.site.links import Party
from xero_connector.xero.client import Client

LOG = "Xero Log"
MIA = Party("Contact", "Mia")


@dataclasses.dataclass(frozen=True)
class Asked:
	"""What the log reads of a row of the outbox."""

	name: str
	record: Party = MIA
	organisation: str = "0c4cbb5c"
	trace: str = "3f9c1a77b2"
	action: str = "Document"
	asked_by: str = "Administrator"
	attempts: int = 1


def exchange(
	answer: Any, request: Any = None, status: int = 200, operation: str = "get_contacts"
) -> Exchange:
	sent = None if request is None else json.dumps(request).encode()
	said = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
	return Exchange(operation, sent, status, said, 12, "corr-1")


def row_of(outbox: str) -> Any:
	return frappe.get_doc(LOG, {"outbox": outbox})


def test_an_attempt_is_in_the_log_before_xero_is_asked(site):
	asked = Asked("out-1", attempts=3)
	journal.begin([asked])
	row = row_of("out-1")
	assert (row.outcome, row.direction, row.action) == ("Started", "Out", "Document")
	assert (row.record_doctype, row.record_name, row.organisation) == ("Contact", "Mia", asked.organisation)
	assert (row.user, row.attempt, row.together) == ("Administrator", 3, 1)
	assert abs(to_column(now_utc()) - row.started_utc) < timedelta(minutes=1)


def test_how_it_ended_stands_in_the_same_row_with_the_calls_it_took(site):
	log = journal.begin([Asked("out-1")])
	log.hear(exchange({"Contacts": [{"Name": "Harbour"}]}))
	order = {"Invoices": [{"Reference": "D-1", "Total": 12.5}]}
	log.hear(exchange(order, order, operation="create_invoices"))
	log.end("out-1", "Sent", document="inv-1", about=["D-1"])
	row = row_of("out-1")
	assert (row.outcome, row.document, row.calls, row.correlation_id) == ("Sent", "inv-1", 2, "corr-1")
	assert row.duration_ms >= 0
	assert json.loads(row.request) == [
		{"operation": "get_contacts"},
		{"operation": "create_invoices", "body": order},
	]
	assert [each["status"] for each in json.loads(row.answer)] == [200, 200]
	assert json.loads(row.answer)[1]["body"] == order
	assert frappe.db.count(LOG) == 1


def test_each_row_of_a_batch_keeps_its_own_elements_and_the_failures_of_all(site):
	log = journal.begin([Asked("out-1"), Asked("out-2")])
	log.hear(exchange({"Contacts": [{"Name": "Quay"}]}))
	orders = [{"Reference": "D-1", "Total": 1}, {"Reference": "D-2", "Total": 2}]
	log.hear(exchange({"Invoices": orders}, {"Invoices": orders}, operation="create_invoices"))
	log.hear(exchange(b"The Organisation is offline", status=503, operation="get_invoices"))
	log.end("out-1", "Sent", about=["D-1"])
	log.end("out-2", "Failed", failure=WillRetry(Code.UNAVAILABLE), about=["D-2", "Quay"])
	first, second = row_of("out-1"), row_of("out-2")
	assert (first.together, second.together, first.calls) == (2, 2, 3)
	assert "D-2" not in first.request + first.answer
	assert "Quay" not in first.answer
	assert "D-1" not in second.request + second.answer
	assert "Quay" in second.answer
	for row in (first, second):
		assert json.loads(row.answer)[-1]["body"] == "The Organisation is offline"


def test_a_failure_is_told_by_its_code_and_in_xeros_words(site):
	log = journal.begin([Asked("out-1"), Asked("out-2")])
	refused = NeedsPerson(Code.REJECTED, message="Email bob@example.com is no address", field="email_address")
	log.end("out-1", "Needs Attention", failure=refused, about=[])
	log.end("out-2", "Failed", failure=WillRetry(Code.NETWORK, problem="ReadTimeoutError"), about=[])
	row = row_of("out-1")
	assert (row.outcome, row.error_code) == ("Needs Attention", "rejected")
	assert row.message == "Email *** is no address"
	assert (row_of("out-2").error_code, row_of("out-2").message) == ("network", "problem: ReadTimeoutError")


def test_a_very_long_answer_is_cut(site):
	log = journal.begin([Asked("out-1")])
	log.hear(exchange({"Contacts": [{"Name": "x" * 50_000}]}))
	log.end("out-1", "Sent", about=[])
	assert len(row_of("out-1").answer) == 20_000
	assert row_of("out-1").answer.endswith("…")


def test_no_token_secret_address_or_number_of_a_person_is_in_the_log(xero: World):
	connection = organisations.get(xero.organisation).connection
	access = tokens.access_token(connection, bootstrap.renewal(connection))
	secrets = [access, tokens.refresh_token(connection), settings.client_secret()]
	person = {
		"EmailAddress": "mia@harbour.example",
		"Phones": [{"PhoneType": "DEFAULT", "PhoneCountryCode": "64", "PhoneNumber": "5559876"}],
		"Addresses": [{"AddressType": "POBOX", "AddressLine1": "77 Quay Street", "City": "Nelsonville"}],
		"TaxNumber": "123-456-789",
	}
	log = journal.begin([Asked("out-1", organisation=xero.organisation)])
	client = Client(bootstrap.xero_hosts(), xero.organisation, lambda: access, OpenGate(), on_call=log.hear)
	client.send("create_contacts", {"Contacts": [{"Name": "Harbour Works", **person}]}, "key-1")
	client.get("get_contacts", where='Name=="Harbour Works"')
	with pytest.raises(NeedsPerson):
		client.send("create_contacts", {"Contacts": [{"EmailAddress": "mia@harbour"}]}, "key-2")
	log.end("out-1", "Sent", about=["Harbour Works"])
	[row] = frappe.db.sql(f"select * from `tab{LOG}`", as_dict=True)
	kept = "\n".join(str(value) for value in row.values())
	assert kept.count("Harbour Works") == 3, "sent, answered and found again"
	personal = ["mia@harbour", "5559876", "Quay Street", "Nelsonville", "123-456-789"]
	assert not [text for text in [*secrets, *personal] if text in kept]


READERS = {"Xero Manager", "Xero Finance"}


@pytest.mark.parametrize("doctype", [LOG, "Xero Outbox"])
@pytest.mark.parametrize(
	"role", [*sorted(READERS), "Xero Sales", "Xero Viewer", "System Manager", "Sales User"]
)
def test_finance_and_manager_read_what_was_sent_and_nobody_writes_it(site, http, as_user, role, doctype):
	name = some_row(doctype)
	with as_user([role]) as user:
		pass
	frappe.db.commit()
	http.login(user)
	expected = 200 if role in READERS else 403
	assert http.get("frappe.client.get", doctype=doctype, name=name).status == expected
	assert http.get("frappe.desk.reportview.get_list", doctype=doctype, fields=["name"]).status == expected
	change = {"doctype": doctype, "name": name, "fieldname": "record_name", "value": "x"}
	assert http.post("frappe.client.set_value", **change).status == 403
	assert http.post("frappe.client.delete", doctype=doctype, name=name).status == 403
	assert http.post("frappe.client.insert", doc={"doctype": doctype}).status == 403


@pytest.mark.parametrize("doctype", [LOG, "Xero Outbox"])
def test_the_list_of_users_narrows_who_reads_what_was_sent(site, http, as_user, doctype):
	name = some_row(doctype)
	with as_user(["Xero Finance"]) as user:
		pass
	stored = frappe.get_doc("Xero Settings")
	stored.append("allowed_users", {"user": "Administrator"})
	stored.save()
	frappe.db.commit()
	http.login(user)
	assert http.get("frappe.client.get", doctype=doctype, name=name).status == 403
	assert not http.get("frappe.desk.reportview.get_list", doctype=doctype, fields=["name"]).message


def some_row(doctype: str) -> str:
	row = frappe.new_doc(doctype)
	row.update({"record_doctype": "Contact", "record_name": factories.contact().name})
	row.insert(ignore_permissions=True)
	frappe.db.commit()
	return str(row.name)


def test_log_settings_decides_how_long_the_log_is_kept(site):
	days = {"old": 91, "young": 89}
	for name, age in days.items():
		journal.begin([Asked(name)])
		frappe.db.set_value(LOG, {"outbox": name}, "started_utc", to_column(now_utc() - timedelta(days=age)))
	clearing = frappe.get_doc("Log Settings")
	clearing.set("logs_to_clear", [])
	clearing.add_default_logtypes()
	# Frappe's own logs are not what this is about
	clearing.set("logs_to_clear", [each for each in clearing.logs_to_clear if each.ref_doctype == LOG])
	clearing.clear_logs()
	assert frappe.get_all(LOG, pluck="outbox") == ["young"]
	clearing.register_doctype(LOG, 30)
	clearing.clear_logs()
	assert not frappe.get_all(LOG)


def test_a_record_can_be_deleted_although_the_log_tells_of_it(site):
	contact = factories.contact()
	journal.begin([Asked("out-1", record=Party("Contact", contact.name))])
	contact.delete()
	assert row_of("out-1").record_name == contact.name
