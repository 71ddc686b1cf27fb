"""Many records at once: what was chosen in a list is sent or updated, each with its own result (R72-R80, R86)."""

import frappe
import pytest

from tests import factories
from tests.site import sending
from tests.site.sending import calls, delivered, made, outcomes, refused, send, wish, wishes_for, worked
from tests.xero_world import World
from xero_connector import tasks
from xero_connector.api import drafts, tools
from xero_connector.site import links
from xero_connector.site.hosts.record import Record


def deal(**values):
	values.setdefault("value", 100)
	values.setdefault("organization", factories.organization().name)
	return factories.deal(**values)


def names_of(*records) -> list[str]:
	return [record.name for record in records]


def send_many(*deals, **values) -> dict:
	return drafts.send_many(doctype="CRM Deal", names=names_of(*deals), **values)


def update_many(*records) -> dict:
	return drafts.update_many(doctype=records[0].doctype, names=names_of(*records))


def row_of(run: dict, record) -> dict:
	return next(row for row in run["rows"] if row["name"] == record.name)


# sending


def test_one_bad_record_among_good_ones_is_the_only_one_left(ready: World):
	good, bad, other = deal(), deal(value=0), deal()
	run = worked(ready, send_many(good, bad, other))
	assert outcomes(run) == {good.name: "created", bad.name: "refused", other.name: "created"}
	assert (run["state"], run["done"], run["total"]) == ("Done", 3, 3)
	assert run["counts"] == {"created": 2, "refused": 1}
	assert run["rows"][0]["name"] == bad.name, "trouble first"
	assert "more than zero" in run["rows"][0]["message"]
	assert len(made(ready)) == 2


def test_what_xero_refuses_of_a_batch_leaves_the_others_alone(ready: World):
	gone = sending.add_contact(ready, "Kauri Ltd")
	ready.read()
	good, bad = deal(), deal()
	sending.link(frappe.get_doc("CRM Organization", bad.organization), gone, ready)
	ready.sandbox.edit_contact(gone.id, ContactStatus="ARCHIVED")
	run = worked(ready, send_many(good, bad))
	assert outcomes(run) == {good.name: "created", bad.name: "refused"}
	assert "archived" in row_of(run, bad)["message"]
	assert len(ready.calls("Invoices", "PUT")) == 1


def test_a_record_that_nobody_can_read_is_the_only_one_left(ready: World, monkeypatch):
	good, broken = deal(), deal()
	readable = Record.source.func

	def source(record):
		if record.document.name == broken.name:
			raise ValueError("no such thing")
		return readable(record)

	monkeypatch.setattr(Record, "source", property(source))
	run = worked(ready, send_many(broken, good))
	assert outcomes(run) == {broken.name: "refused", good.name: "created"}
	assert "Error Log" in row_of(run, broken)["message"]


def test_a_row_names_the_record_and_what_it_became(ready: World):
	one = deal()
	[row] = worked(ready, send_many(one))["rows"]
	[invoice] = made(ready)
	assert (row["doctype"], row["title"]) == ("CRM Deal", one.organization)
	assert (row["number"], row["message"]) == (invoice.number, "")
	assert invoice.id in row["xero_url"]
	assert one.name in row["url"]


def test_sent_again_it_is_unchanged_or_changed_and_never_doubled(ready: World):
	same, other = deal(), deal()
	worked(ready, send_many(same, other))
	field = "deal_value" if other.meta.has_field("deal_value") else "annual_revenue"
	other.reload().update({field: 150}).save()
	run = worked(ready, send_many(same, other))
	assert outcomes(run) == {same.name: "unchanged", other.name: "updated"}
	assert sorted(str(invoice.sub_total) for invoice in made(ready)) == ["100.00", "150.00"]


def test_nothing_that_is_unchanged_costs_a_call(ready: World):
	deals = [deal(), deal()]
	worked(ready, send_many(*deals))
	assert calls(ready, lambda: worked(ready, send_many(*deals))) == []


def test_what_somebody_edited_in_the_form_is_left_to_the_form(ready: World):
	edited = deal()
	delivered(ready, edited, description="By hand")
	run = worked(ready, send_many(edited))
	assert outcomes(run) == {edited.name: "skipped"}
	assert "form" in run["rows"][0]["message"]
	assert made(ready)[0].lines[0].description == "By hand"


def test_what_is_paid_is_left_out_with_the_reason(ready: World):
	paid = deal()
	delivered(ready, paid)
	ready.sandbox.authorise(made(ready)[0].id)
	ready.sandbox.pay(made(ready)[0].id)
	ready.read()
	run = worked(ready, send_many(paid))
	assert outcomes(run) == {paid.name: "skipped"}
	assert made(ready)[0].number in run["rows"][0]["message"]


def test_what_would_have_to_be_asked_is_not_sent_unasked(ready: World):
	contact = sending.add_contact(ready, "Kauri Timber Ltd")
	ready.sandbox.edit_contact(contact.id, ContactStatus="ARCHIVED")
	ready.read()
	doubtful = deal(organization=factories.organization(organization_name="Kauri Timber Ltd").name)
	run = worked(ready, send_many(doubtful))
	assert outcomes(run) == {doubtful.name: "refused"}
	assert made(ready) == []


def test_while_xero_is_away_rows_wait_and_go_later(ready: World):
	one, two = deal(), deal()
	ready.sandbox.fault("status", match="PUT /api.xro/2.0/Invoices", status=503)
	run = worked(ready, send_many(one, two))
	assert run["counts"] == {"waiting": 2}
	sending.try_again(ready)
	assert {wish(each).state for each in (one, two)} == {"Sent"}
	assert len(made(ready)) == 2


def test_a_dry_run_tells_what_would_happen_and_does_nothing(ready: World):
	new, known, bad, gone = deal(), deal(), deal(value=0), deal()
	delivered(ready, known)
	field = "deal_value" if known.meta.has_field("deal_value") else "annual_revenue"
	known.reload().update({field: 150}).save()
	frappe.delete_doc("CRM Deal", gone.name, force=True)
	before = frappe.db.count("Xero Outbox")
	answers: list[dict] = []
	chosen = (new, known, bad, gone)
	assert calls(ready, lambda: answers.append(worked(ready, send_many(*chosen, dry_run=1)))) == []
	[run] = answers
	assert (run["dry_run"], run["state"]) == (True, "Done")
	assert outcomes(run) == {
		new.name: "would_create",
		known.name: "would_update",
		bad.name: "refused",
		gone.name: "skipped",
	}
	assert frappe.db.count("Xero Outbox") == before
	assert wishes_for(new) == []


# who


def test_a_record_that_is_closed_to_who_asks_is_skipped_and_not_named(ready: World, as_user):
	closed = deal()
	with as_user(["Xero Finance", "Sales User"]) as user:
		factories.require_hidden(closed, user)
		own = deal(organization=closed.organization, deal_owner=user)
		run = worked(ready, send_many(own, closed))
		assert outcomes(run) == {own.name: "created", closed.name: "skipped"}
		assert row_of(run, closed)["title"] == closed.name
		run = worked(ready, update_many(own, closed))
		assert outcomes(run) == {own.name: "unchanged", closed.name: "skipped"}
		assert row_of(run, closed)["title"] == closed.name
	assert wishes_for(closed) == []


def test_a_run_that_the_scheduler_takes_up_is_still_its_askers(ready: World, as_user):
	closed = deal()
	with as_user(["Xero Finance", "Sales User"]) as user:
		factories.require_hidden(closed, user)
		run = send_many(closed)
	frappe.db.commit()
	ready.jobs.clear()
	tasks.enqueue_run(run["run"])
	assert outcomes(worked(ready, run)) == {closed.name: "skipped"}
	assert made(ready) == []


def test_choosing_is_for_who_may_send_and_may_change_such_records(ready: World, http, as_user):
	one = deal()
	expected = {
		("Xero Sales", "Sales Manager"): 403,
		("Xero Viewer", "Sales Manager"): 403,
		("Xero Finance",): 403,
		("Xero Finance", "Sales Manager"): 200,
	}
	for method in ("send_many", "update_many"):
		for roles, status in expected.items():
			with as_user(list(roles)) as user:
				pass
			reply = http.login(user).post(
				f"xero_connector.api.drafts.{method}", doctype="CRM Deal", names=[one.name]
			)
			assert reply.status == status, (method, roles, reply)


@pytest.mark.parametrize("names", [[], "no list", {"a": 1}, [f"D-{number}" for number in range(501)]])
def test_no_names_or_too_many_are_refused(ready: World, names):
	assert refused(lambda: drafts.send_many(doctype="CRM Deal", names=names))[1] == "names"
	assert refused(lambda: drafts.update_many(doctype="CRM Deal", names=names))[1] == "names"
	assert frappe.db.count("Xero Run") == 0


def test_five_hundred_names_are_taken_and_each_counts_once(ready: World):
	names = [f"D-{number}" for number in range(500)]
	assert drafts.send_many(doctype="CRM Deal", names=[*names[:499], names[0]])["total"] == 499
	assert drafts.send_many(doctype="CRM Deal", names=names)["total"] == 500


# updating (R77-R80)


def test_update_brings_what_xero_says_of_the_chosen_records_only(ready: World):
	one, other = deal(), deal()
	for each in (one, other):
		delivered(ready, each)
	for invoice in made(ready):
		ready.sandbox.authorise(invoice.id)
	run = worked(ready, update_many(one))
	[row] = run["rows"]
	assert (row["outcome"], row["message"]) == ("updated", "Live")
	statuses = [frappe.db.get_value("Xero Invoice", wish(each).document, "status") for each in (one, other)]
	assert statuses == ["Authorised", "Draft"]
	assert outcomes(worked(ready, update_many(one))) == {one.name: "unchanged"}


def test_update_of_many_is_a_call_for_forty(ready: World):
	deals = [deal(organization="", value=number + 1) for number in range(3)]
	worked(ready, send_many(*deals))
	assert len(calls(ready, lambda: worked(ready, update_many(*deals)))) == 1


def test_what_was_never_sent_has_nothing_to_update(ready: World):
	one = deal()
	answers: list[dict] = []
	assert calls(ready, lambda: answers.append(worked(ready, update_many(one)))) == []
	assert outcomes(answers[0]) == {one.name: "skipped"}


def test_a_bill_that_is_pinned_to_the_record_is_no_invoice_of_it(ready: World):
	one = deal()
	bill = next(row for row in ready.sandbox.organisations[0].invoices if row.type == "ACCPAY")
	sending.link(one, bill, ready, links.DOCUMENT)
	run = worked(ready, update_many(one))
	assert (run["state"], outcomes(run)) == ("Done", {one.name: "skipped"})


def test_a_run_that_xero_cannot_answer_has_failed_and_goes_on_when_asked(ready: World):
	one = deal()
	delivered(ready, one)
	ready.sandbox.authorise(made(ready)[0].id)
	ready.sandbox.fault("status", match="GET /api.xro/2.0/Invoices", status=503)
	run = worked(ready, update_many(one))
	assert (run["state"], run["done"]) == ("Failed", 0)
	assert "not available" in run["message"]
	run = worked(ready, tools.resume(run=run["run"]))
	assert (run["state"], outcomes(run)) == ("Done", {one.name: "updated"})


def test_a_run_beside_one_that_is_being_sent_says_that_it_waits(ready: World):
	one = deal()
	name = send(one)["outbox"]
	ready.jobs.clear()
	frappe.db.set_value("Xero Outbox", name, {"state": "Sending", "lease_utc": "2099-01-01 00:00:00"})
	run = worked(ready, send_many(one))
	assert outcomes(run) == {one.name: "queued"}
	assert made(ready) == []
