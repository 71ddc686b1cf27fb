"""Xero contacts that become records here, by policy, and those about which somebody is asked (C2, R67-R71, R103, B3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests import factories

ORGANISATION = "11111111-1111-4111-8111-111111111111"
ALL, CUSTOMERS = "Auto Import All", "Auto Import Customers"


@pytest.fixture(autouse=True)
def books(site: str) -> None:
	"""An organisation, whose contacts the tests bring."""
	factories.make(
		"Xero Organisation",
		tenant_id=ORGANISATION,
		organisation_name="Books",
		base_currency="GBP",
		status="Connected",
	)
	policy(ALL)


def policy(name: str, **values: Any) -> None:
	import frappe

	settings = frappe.get_doc("Xero Settings")
	settings.update({"contact_policy": name, "enabled": 1, **values})
	settings.save()
	frappe.db.commit()


def contact(number: int, name: str, *, minutes: int = 0, **values: Any) -> str:
	"""A contact in the mirror, as a reading leaves it; `minutes` later than the first."""
	import frappe

	from xero_connector.core.model import Contact
	from xero_connector.core.money import ZERO
	from xero_connector.site import mirror

	fields: dict[str, Any] = {
		**dict.fromkeys(Contact._fields),
		**{name: ZERO for name in Contact._fields if isinstance_of_money(name)},
		"contact_id": f"00000000-0000-4000-8000-{number:012}",
		"organisation": ORGANISATION,
		"contact_name": name,
		"is_customer": True,
		"is_supplier": False,
		"status": "Active",
		"payment_terms_day": 0,
		"updated_utc": dt.datetime(2026, 11, 1, tzinfo=dt.timezone.utc) + dt.timedelta(minutes=minutes),
		**values,
	}
	row = Contact(**fields)
	mirror.save_contacts([row])
	frappe.db.commit()
	return row.contact_id


def isinstance_of_money(name: str) -> bool:
	return name.startswith(("receivable", "payable"))


def bring_in() -> Any:
	from xero_connector import incoming

	return incoming.bring_in(ORGANISATION)


def records(contact_id: str) -> list[Any]:
	from xero_connector.site import links

	return links.records_of([contact_id]).get(contact_id, [])


def match(contact_id: str) -> Any:
	from xero_connector.site import matches

	return next(iter(matches.some([contact_id])), None)


def outcomes() -> dict[str, int]:
	from xero_connector.site import matches

	return {state: count for state, count in matches.counts(ORGANISATION).items() if count}


class TestTheRule:
	def test_a_contact_like_none_of_ours_becomes_a_record_that_is_linked(self) -> None:
		from xero_connector.site.hosts import details

		new = contact(1, "Acme Anvils", email_address="jo@acme.example", city="Leeds")
		bring_in()

		[record] = records(new)
		assert details.read(record)["contact_name"] == "Acme Anvils"
		assert details.read(record)["email_address"] == "jo@acme.example"
		assert details.read(record)["city"] == "Leeds"
		assert match(new).state == "Created"

	def test_done_twice_nothing_is_made_twice(self) -> None:
		new = contact(1, "Acme Anvils")
		bring_in()
		before = records(new)
		contact(1, "Acme Anvils", minutes=1)
		bring_in()

		assert records(new) == before
		assert match(new).state == "Created"

	def test_an_equal_tax_number_and_name_link_without_asking(self) -> None:
		factories.require("Customer", "tax_id")
		ours = factories.customer(customer_name="Acme Anvils Ltd", tax_id="GB 123")
		new = contact(1, "ACME Anvils Limited", tax_number="GB123")
		bring_in()

		assert [record.name for record in records(new)] == [ours.name]
		assert match(new).state == "Linked"

	def test_our_own_number_links_without_asking(self) -> None:
		factories.require("Customer")
		ours = factories.customer(customer_name="Acme Anvils")
		new = contact(1, "Acme Anvils", account_number=ours.name)
		bring_in()

		assert [record.name for record in records(new)] == [ours.name]

	def test_anything_less_asks_and_says_why(self) -> None:
		ours = factories.contact(email="jo@acme.example")
		new = contact(1, "Acme Anvils", email_address="jo@acme.example")
		bring_in()

		assert records(new) == []
		found = match(new)
		assert found.state == "Waiting"
		assert [(each.record.name, each.reasons) for each in found.suggestions] == [(ours.name, ("email",))]

	def test_two_contacts_alike_in_xero_become_one_record_and_a_question(self) -> None:
		first, second = contact(1, "Acme Anvils"), contact(2, "Acme Anvill")
		bring_in()

		assert len(records(first)) == 1
		assert records(second) == []
		assert match(second).suggestions[0].record == records(first)[0]

	def test_a_name_that_is_taken_meanwhile_asks_and_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
		from xero_connector import importer
		from xero_connector.api import contacts
		from xero_connector.core.matching import Directory

		factories.require("Customer")
		ours = factories.customer()
		# as if it had been made after our records were looked through
		monkeypatch.setattr(importer.directory, "load", lambda doctypes: Directory())
		new, next_one = contact(1, ours.customer_name), contact(2, "Zebra Crossing")
		bring_in()

		assert (match(new).state, match(new).failure[0]) == ("Waiting", "name_taken_here")
		[shown] = contacts.matches(organisation=ORGANISATION)["rows"]
		assert "here" in shown["message"]
		assert "Xero" not in shown["message"]
		assert records(next_one)

	def test_the_name_of_an_organization_of_frappe_crm_is_never_made_twice(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		from xero_connector.site.hosts import details

		factories.require("CRM Organization")
		has = details.has
		monkeypatch.setattr(details, "has", lambda doctype: doctype != "Customer" and has(doctype))
		ours = factories.organization()
		new = contact(1, ours.name)
		bring_in()

		assert match(new).suggestions[0].record.name == ours.name
		assert records(new) == []


class TestThePolicy:
	@pytest.mark.parametrize("name", ["Manual Link", "On Invoice"])
	def test_of_not_importing_brings_nothing(self, name: str) -> None:
		policy(name)
		contact(1, "Acme Anvils")
		bring_in()

		assert outcomes() == {}

	@pytest.mark.parametrize(
		("name", "suppliers_too", "brought"),
		[
			(CUSTOMERS, 0, {"customer"}),
			(CUSTOMERS, 1, {"customer", "supplier"}),
			(ALL, 0, {"customer", "neither"}),
			(ALL, 1, {"customer", "supplier", "neither"}),
			("Two-way", 0, {"customer", "neither"}),
		],
	)
	def test_says_who_is_brought(self, name: str, suppliers_too: int, brought: set[str]) -> None:
		policy(name, import_suppliers=suppliers_too)
		kinds = {
			"customer": contact(1, "Zebra Crossing"),
			"supplier": contact(2, "Paper Mill", is_customer=False, is_supplier=True),
			"neither": contact(3, "Quiet Corner", is_customer=False),
		}
		bring_in()

		assert {kind for kind, new in kinds.items() if records(new)} == brought

	def test_a_supplier_becomes_a_supplier_where_there_are_such(self) -> None:
		factories.require("Supplier")
		policy(ALL, import_suppliers=1)
		new = contact(1, "Paper Mill", is_customer=False, is_supplier=True)
		bring_in()

		assert records(new)[0].doctype == "Supplier"

	def test_archived_contacts_stay_where_they_are(self) -> None:
		contact(1, "Acme Anvils", status="Archived")
		bring_in()

		assert outcomes() == {}

	def test_what_would_happen_is_told_before_and_is_what_happens(self) -> None:
		from xero_connector import incoming

		factories.contact(email="jo@acme.example")
		factories.require("Customer", "tax_id")
		factories.customer(customer_name="Zebra Crossing", tax_id="GB 1")
		contact(1, "Acme Anvils", email_address="jo@acme.example")
		contact(2, "Zebra Crossing", tax_number="GB 1")
		contact(3, "Quiet Corner")
		contact(4, "Quiet Corners")
		contact(5, "Paper Mill", is_customer=False, is_supplier=True)

		counts = incoming.preview(ORGANISATION)
		assert counts == incoming.Counts(link=1, create=1, review=2, left_out=1)
		assert outcomes() == {}

		bring_in()
		assert outcomes() == {"Linked": 1, "Created": 1, "Waiting": 2}

	def test_what_another_policy_would_do_can_be_asked(self) -> None:
		from xero_connector import incoming

		policy("Manual Link")
		contact(1, "Acme Anvils")
		contact(2, "Quiet Corner", is_customer=False)

		assert incoming.preview(ORGANISATION).left_out == 2
		assert incoming.preview(ORGANISATION, CUSTOMERS) == incoming.Counts(0, 1, 0, 1)
		assert incoming.preview(ORGANISATION, ALL) == incoming.Counts(0, 2, 0, 0)


class TestADecision:
	@pytest.fixture
	def asked(self) -> tuple[str, Any]:
		"""A contact that waits, and the record that it may be."""
		ours = factories.contact(email="jo@acme.example")
		new = contact(1, "Acme Anvils", email_address="jo@acme.example")
		bring_in()
		return new, ours

	def decide(self, contact_id: str, decision: str, record: Any = None) -> Any:
		from xero_connector import incoming

		return incoming.decide([contact_id], decision, record)

	def test_to_link_links_the_likeliest(self, asked: tuple[str, Any]) -> None:
		new, ours = asked
		self.decide(new, "Link")

		assert [record.name for record in records(new)] == [ours.name]
		assert (match(new).state, match(new).decided_by) == ("Linked", "Administrator")

	def test_to_link_to_another_links_that(self, asked: tuple[str, Any]) -> None:
		from xero_connector.site.links import Party

		new, _ = asked
		other = Party("Contact", factories.contact().name)
		self.decide(new, "Link", other)

		assert records(new) == [other]

	def test_to_create_makes_a_record_although_one_is_like_it(self, asked: tuple[str, Any]) -> None:
		new, ours = asked
		self.decide(new, "Create")

		assert records(new)
		assert ours.name not in {record.name for record in records(new)}

	def test_to_ignore_is_remembered_until_the_name_changes(self, asked: tuple[str, Any]) -> None:
		new, _ = asked
		self.decide(new, "Ignore")
		contact(1, "Acme Anvils", minutes=1, email_address="jo@acme.example", city="York")
		bring_in()
		assert match(new).state == "Ignored"

		contact(1, "Bellows and Sons", minutes=2, email_address="jo@acme.example")
		bring_in()
		assert match(new).state == "Waiting"

	def test_that_somebody_took_back_is_not_made_again(self) -> None:
		from xero_connector.site import links

		new = contact(1, "Acme Anvils")
		bring_in()
		links.remove(records(new)[0], links.CONTACT, new)
		contact(1, "Acme Anvils", minutes=1)
		bring_in()

		assert records(new) == []

	def test_on_the_records_own_page_takes_it_out_of_the_queue(self, asked: tuple[str, Any]) -> None:
		from xero_connector.site import links
		from xero_connector.site.links import Party

		new, ours = asked
		links.add(Party("Contact", ours.name), links.CONTACT, new, ORGANISATION, links.BY_USER)

		assert match(new).state == "Linked"

	def test_about_a_record_that_is_gone_says_so_and_waits(self, asked: tuple[str, Any]) -> None:
		import frappe

		new, ours = asked
		frappe.delete_doc("Contact", ours.name, force=True)
		[result] = self.decide(new, "Link")[0]

		assert (result.outcome, result.failure[0]) == ("refused", "not_found")
		assert match(new).state == "Waiting"

	def test_is_not_needed_any_more_when_the_contact_is_archived(self, asked: tuple[str, Any]) -> None:
		new, _ = asked
		contact(1, "Acme Anvils", minutes=1, status="Archived")
		bring_in()

		assert match(new) is None


class TestTies:
	def test_several_contacts_belong_to_one_record(self) -> None:
		from xero_connector import incoming
		from xero_connector.site import links

		first, second = contact(1, "Acme Anvils"), contact(2, "Acme Anvils (old)")
		bring_in()
		[record] = records(first)
		incoming.decide([second], "Link")

		assert records(second) == [record]
		assert {link.contact for link in links.contacts_of([record])} == {first, second}

	def test_a_merged_contacts_record_goes_to_the_one_it_was_merged_into(self) -> None:
		first, second = contact(1, "Acme Anvils"), contact(2, "Zebra Crossing")
		bring_in()
		[loser], [winner] = records(first), records(second)
		contact(1, "Acme Anvils", minutes=1, status="Archived", merged_into=second)
		bring_in()

		assert records(first) == []
		assert set(records(second)) == {winner, loser}

	def test_a_chain_of_merges_ends_at_the_last(self) -> None:
		ids = [contact(number, name) for number, name in enumerate(("Acme", "Zebra", "Quiet"), 1)]
		bring_in()
		[first] = records(ids[0])
		for number, name in ((1, "Acme"), (2, "Zebra")):
			contact(number, name, minutes=1, status="Archived", merged_into=ids[number])
			bring_in()

		assert first in records(ids[2])


class TestARun:
	def test_many_are_a_run_that_tells_how_far_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
		from xero_connector import incoming, runner
		from xero_connector.site import runs

		monkeypatch.setattr(incoming, "MOST_AT_ONCE", 2)
		for number, name in enumerate(("Acme Anvils", "Zebra Crossing", "Quiet Corner", "Acme Anvil"), 1):
			contact(number, name)
		work = bring_in()
		assert outcomes() == {}
		assert bring_in().run is None

		runner.work(work.run)
		run, (_, counted) = runs.get(work.run), runs.results(work.run)
		assert (run.state, run.done, run.total) == ("Done", 4, 4)
		assert counted == {"created": 3, "review": 1}

	def test_that_is_stopped_goes_on_where_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
		from xero_connector import incoming, runner
		from xero_connector.site import runs

		monkeypatch.setattr(incoming, "MOST_AT_ONCE", 1)
		for number, name in enumerate(("Acme Anvils", "Zebra Crossing", "Quiet Corner"), 1):
			contact(number, name)
		run = bring_in().run
		step = runs.step
		monkeypatch.setattr(runs, "step", lambda *given: (step(*given), runs.request_stop(run)))
		runner.work(run)
		assert runs.get(run).state == "Stopped"
		assert outcomes() == {"Created": 1}
		assert bring_in().run is None, "a run that somebody stopped is not begun anew"

		monkeypatch.setattr(runs, "step", step)
		runs.resume(run)
		runner.work(run)
		assert runs.get(run).state == "Done"
		assert outcomes() == {"Created": 3}

	def test_that_dies_between_two_contacts_makes_none_of_them_twice(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		import frappe

		from xero_connector import importer
		from xero_connector.site.hosts import details

		ids = [contact(number, name) for number, name in enumerate(("Acme Anvils", "Zebra Crossing"), 1)]
		create, made = details.create, []

		def dies(*given: Any, **named: Any) -> Any:
			if made:
				raise KeyboardInterrupt
			made.append(create(*given, **named))
			return made[-1]

		monkeypatch.setattr(details, "create", dies)
		with pytest.raises(KeyboardInterrupt):
			importer.Importer().step(ids)
		frappe.db.rollback()
		monkeypatch.setattr(details, "create", create)
		frappe.db.set_value("Xero Match", {"name": ["in", ids]}, "lease_utc", "2020-01-01 00:00:00")
		frappe.db.commit()
		bring_in()

		assert [len(records(each)) for each in ids] == [1, 1]
		assert frappe.db.count(records(ids[0])[0].doctype, {"name": ["like", "Acme Anvils%"]}) == 1

	def test_leaves_alone_what_another_worker_is_at(self) -> None:
		from xero_connector import importer
		from xero_connector.site import matches

		new = contact(1, "Acme Anvils")
		matches.take({new: ORGANISATION}, "another")

		[result] = importer.Importer().step([new])
		assert result.outcome == "skipped"
		assert records(new) == []

	def test_that_the_database_gave_up_is_done_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
		import frappe

		from xero_connector import importer
		from xero_connector.site.hosts import details

		ids = [contact(number, name) for number, name in enumerate(("Acme Anvils", "Zebra Crossing"), 1)]
		create, tried = details.create, []

		def gives_up(values: Any, **named: Any) -> Any:
			tried.append(values["contact_name"])
			if len(tried) == 2:
				raise frappe.QueryDeadlockError
			return create(values, **named)

		monkeypatch.setattr(details, "create", gives_up)
		assert [result.outcome for result in importer.Importer().step(ids)] == ["created", "created"]
		assert [len(records(each)) for each in ids] == [1, 1]

	def test_goes_on_after_a_contact_of_which_something_unexpected_happens(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		import frappe

		from xero_connector import importer
		from xero_connector.site.hosts import details

		ids = [contact(number, name) for number, name in enumerate(("Acme Anvils", "Zebra Crossing"), 1)]
		create = details.create

		def breaks(values: Any, **named: Any) -> Any:
			if values["contact_name"] == "Acme Anvils":
				raise KeyError("of another app")
			return create(values, **named)

		monkeypatch.setattr(details, "create", breaks)
		first, second = importer.Importer().step(ids)
		assert (first.outcome, first.failure[0], second.outcome) == ("refused", "unknown", "created")
		assert match(ids[0]).state == "Waiting"
		logged = {"method": "Xero: a contact was not brought in", "reference_name": ids[0]}
		assert frappe.db.exists("Error Log", logged)
		frappe.db.delete("Error Log", logged)

	def test_dry_says_what_would_become_of_each_and_does_nothing(self) -> None:
		from xero_connector import incoming, runner
		from xero_connector.site import runs

		contact(1, "Acme Anvils")
		contact(2, "Acme Anvil")
		run = incoming.begin(ORGANISATION, dry_run=True)
		runner.work(run)

		assert runs.results(run)[1] == {"would_create": 1, "review": 1}
		assert outcomes() == {}

	def test_is_refused_when_the_policy_imports_nothing(self) -> None:
		from xero_connector import incoming
		from xero_connector.core.errors import Code, NeedsPerson

		policy("Manual Link")
		with pytest.raises(NeedsPerson) as refused:
			incoming.begin(ORGANISATION)
		assert refused.value.code is Code.NO_IMPORT


def test_the_job_is_queued_only_when_the_policy_imports(jobs: Any) -> None:
	from xero_connector import tasks

	policy("Manual Link")
	tasks.enqueue_incoming(ORGANISATION)
	assert not jobs.run_all()

	policy(ALL)
	new = contact(1, "Acme Anvils")
	tasks.enqueue_incoming(ORGANISATION)
	import frappe

	frappe.db.commit()
	jobs.run_all()
	assert records(new)


class TestTheQueue:
	@pytest.fixture
	def asked(self) -> tuple[str, Any]:
		ours = factories.contact(email="jo@acme.example")
		new = contact(1, "Acme Anvils", email_address="jo@acme.example", city="Leeds")
		bring_in()
		return new, ours

	def test_shows_both_sides_with_score_and_reasons(self, asked: tuple[str, Any]) -> None:
		from xero_connector.api import contacts

		new, ours = asked
		answer = contacts.matches(organisation=ORGANISATION)

		[row] = answer["rows"]
		assert (row["match"], row["contact"]["city"]) == (new, "Leeds")
		[candidate] = row["candidates"]
		assert (candidate["name"], candidate["reasons"]) == (ours.name, ("email",))
		assert candidate["values"]["email_address"] == "jo@acme.example"
		assert answer["total"] == 1

	def test_is_answered_by_one_decision(self, asked: tuple[str, Any]) -> None:
		from xero_connector.api import contacts

		new, ours = asked
		assert contacts.decide_match(match=new, decision="link")["done"] == 1
		assert [record.name for record in records(new)] == [ours.name]
		assert contacts.matches(state="Linked")["total"] == 1

	def test_is_answered_in_bulk_and_counts_what_was_left_alone(self, asked: tuple[str, Any]) -> None:
		from xero_connector.api import contacts

		new, _ = asked
		answer = contacts.decide_many(match_names=[new, "none"], decision="ignore")

		assert (answer["done"], answer["skipped"]) == (1, 1)
		assert match(new).state == "Ignored"

	def test_of_more_than_can_be_done_at_once_becomes_a_run(
		self, asked: tuple[str, Any], monkeypatch: pytest.MonkeyPatch, jobs: Any
	) -> None:
		from xero_connector import incoming
		from xero_connector.api import contacts

		monkeypatch.setattr(incoming, "MOST_AT_ONCE", 0)
		new, _ = asked
		answer = contacts.decide_many(match_names=[new], decision="create")
		assert answer["run"]
		import frappe

		frappe.db.commit()
		jobs.run_all()
		assert records(new)

	def test_keeps_closed_records_to_itself(self, asked: tuple[str, Any], as_user: Any) -> None:
		import frappe

		from xero_connector.api import contacts

		new, ours = asked
		with as_user(["Xero Finance"]) as user:
			factories.require_hidden(ours, user)
			[row] = contacts.matches()["rows"]
			assert (row["candidates"], row["closed"]) == ([], 1)
			with pytest.raises(frappe.PermissionError):
				contacts.decide_match(match=new, decision="link")
			with pytest.raises(frappe.PermissionError):
				contacts.decide_match(match=new, decision="link", doctype="Contact", name=ours.name)
			assert contacts.decide_many(match_names=[new], decision="link")["skipped"] == 1
		assert records(new) == []

	@pytest.mark.parametrize("given", [{"decision": "burn"}, {"match": "none", "decision": "link"}])
	def test_refuses_what_makes_no_sense(self, asked: tuple[str, Any], given: dict[str, str]) -> None:
		import frappe

		from xero_connector.api import contacts

		with pytest.raises(frappe.ValidationError):
			contacts.decide_match(**{"match": asked[0], **given})
		assert match(asked[0]).state == "Waiting"

	def test_import_now_tells_how_far_it_is(self, jobs: Any) -> None:
		from xero_connector.api import contacts, tools

		new = contact(1, "Acme Anvils")
		answer = contacts.import_now(organisation=ORGANISATION)
		assert (answer["state"], answer["total"]) == ("Queued", 1)
		jobs.run_all()

		done = tools.progress(run=answer["run"])
		assert (done["state"], done["counts"]) == ("Done", {"created": 1})
		assert done["rows"][0]["name"] == records(new)[0].name


def test_a_change_in_xero_reaches_the_record_that_it_became() -> None:
	from xero_connector.site.hosts import details

	new = contact(1, "Acme Anvils", city="Leeds")
	bring_in()
	contact(1, "Acme Anvils", minutes=1, city="York")
	bring_in()

	assert details.read(records(new)[0])["city"] == "York"


def test_a_record_can_be_deleted_although_it_was_suggested() -> None:
	import frappe

	ours = factories.contact(email="jo@acme.example")
	contact(1, "Acme Anvils", email_address="jo@acme.example")
	bring_in()
	frappe.delete_doc("Contact", ours.name)

	assert not frappe.db.exists("Contact", ours.name)
