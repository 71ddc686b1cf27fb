"""Contacts as CSV: the whole list out, and lists of clients in (R66-R71, R96)."""

from __future__ import annotations

import base64
import csv
import io
from typing import Any

import frappe
import pytest

from tests import factories
from tests.site.sending import add_contact, link, refused, settings, worked
from tests.xero_world import World
from xero_connector import runner
from xero_connector.api import contacts, tools
from xero_connector.core.errors import Code
from xero_connector.site import hosts, links, runs
from xero_connector.site.hosts import details
from xero_connector.site.links import Party

JO = {
	"FirstName": "Jo",
	"LastName": "Roe",
	"EmailAddress": "jo@acme.example",
	"Phones": [
		{
			"PhoneType": "DEFAULT",
			"PhoneCountryCode": "+44",
			"PhoneAreaCode": "020",
			"PhoneNumber": "7946 0018",
		}
	],
}


@pytest.fixture(autouse=True)
def cleared(janitor: Any) -> Any:
	"""The files of imports are gone after the test."""
	before = set(frappe.get_all("File", pluck="name"))
	yield
	for name in set(frappe.get_all("File", pluck="name")) - before:
		janitor.register("File", name)


@pytest.fixture
def acme(ready: World) -> Any:
	"""A contact in Xero, read."""
	theirs = add_contact(ready, "Acme Anvils", **JO)
	ready.read()
	return theirs


def file_of(*rows: dict[str, str]) -> str:
	"""A CSV file of these rows, by heading, as the browser sends it."""
	headings = list(dict.fromkeys(heading for row in rows for heading in row))
	text = io.StringIO()
	writer = csv.DictWriter(text, headings)
	writer.writeheader()
	writer.writerows(rows)
	return base64.b64encode(text.getvalue().encode()).decode()


def preview(xero: World, *rows: dict[str, str], mode: str = "new", **more: Any) -> dict[str, Any]:
	return contacts.import_preview(organisation=xero.organisation, file=file_of(*rows), mode=mode, **more)


def imported(xero: World, *rows: dict[str, str], mode: str = "new", **more: Any) -> dict[str, Any]:
	run = contacts.import_run(organisation=xero.organisation, file=file_of(*rows), mode=mode, **more)
	return worked(xero, run)


def exported(xero: World) -> list[dict[str, str]]:
	answer = contacts.export_csv(organisation=xero.organisation)
	return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def outcomes(run: dict[str, Any]) -> dict[str, str]:
	return {row["title"]: row["outcome"] for row in run["rows"]}


def made(name: str) -> Party:
	doctype = details.main_doctype()
	title = hosts.record_types()[doctype].title_field
	[found] = frappe.get_all(doctype, {title: name}, pluck="name")
	return Party(doctype, found)


class TestTheExport:
	def test_holds_every_contact_with_its_reference_and_record(self, ready: World, acme: Any) -> None:
		organization = factories.organization()
		link(organization, acme, ready)
		rows = {row["Xero Reference"]: row for row in exported(ready)}
		assert set(rows) == {contact.id for contact in ready.sandbox.organisations[0].contacts}
		row = rows[acme.id]
		assert (row["Name"], row["First Name"], row["E-mail"]) == ("Acme Anvils", "Jo", "jo@acme.example")
		assert (row["CRM Record Type"], row["CRM ID"]) == ("CRM Organization", organization.name)
		assert row["Receivable"] == "0.00"

	def test_runs_nothing_in_a_spreadsheet(self, ready: World, acme: Any) -> None:
		add_contact(ready, '=HYPERLINK("http://evil.example")')
		ready.read()
		rows = exported(ready)
		assert any(row["Name"] == '\'=HYPERLINK("http://evil.example")' for row in rows)
		[row] = [row for row in rows if row["Name"] == "Acme Anvils"]
		assert row["Phone"] == "'+44 020 7946 0018"

	def test_is_a_download_named_after_the_organisation(self, ready: World) -> None:
		answer = contacts.export_csv(organisation=ready.organisation)
		assert answer.content_type == "text/csv; charset=utf-8"
		assert ".csv" in answer.headers["Content-Disposition"]

	def test_read_back_changes_nothing(self, ready: World, acme: Any) -> None:
		imported(ready, {"Name": "Acme Anvils", "Xero Reference": acme.id, **_as_exported()})
		record = made("Acme Anvils")
		rows = [row for row in exported(ready) if row["Xero Reference"] == acme.id]
		assert rows[0]["CRM ID"] == record.name
		again = imported(ready, *rows, mode="update")
		assert outcomes(again) == {"Acme Anvils": "unchanged"}


def _as_exported() -> dict[str, str]:
	return {
		"First Name": "Jo",
		"Last Name": "Roe",
		"E-mail": "jo@acme.example",
		"Phone": "'+44 020 7946 0018",
	}


class TestNewClients:
	def test_become_records_that_are_tied_to_their_contacts(self, ready: World, acme: Any) -> None:
		run = imported(
			ready,
			{
				"Name": "Acme Anvils",
				"Xero Reference": acme.id.upper(),
				"Address Line 1": "Unit 5",
				"Address Line 2": "1 Mill Lane",
				"City": "Leeds",
				"Postcode": "LS1 1AA",
				**_as_exported(),
			},
		)
		assert outcomes(run) == {"Acme Anvils": "created"}
		record = made("Acme Anvils")
		said = details.read(record)
		assert (said["address_line"], said["city"]) == ("Unit 5, 1 Mill Lane", "Leeds")
		assert (said["phone"], said["email_address"]) == ("+44 020 7946 0018", "jo@acme.example")
		assert links.records_of([acme.id])[acme.id] == [record]

	def test_get_the_zeros_of_their_phone_back(self, ready: World, acme: Any) -> None:
		imported(ready, {"Name": "Acme Anvils", "Xero Reference": acme.id, "Phone": "4402079460018"})
		assert details.read(made("Acme Anvils"))["phone"] == "+44 020 7946 0018"

	def test_that_are_here_already_are_left_out(self, ready: World, acme: Any) -> None:
		[here, *_rest] = details.create({"contact_name": "Here Already"})
		other = factories.organization()
		link(other, acme, ready)
		run = imported(
			ready,
			{"Name": "Here Already"},
			{"Name": "Another name", "Xero Reference": acme.id},
			{"Name": "Fresh"},
		)
		assert outcomes(run) == {"Here Already": "skipped", "Another name": "skipped", "Fresh": "created"}
		messages = {row["title"]: row["message"] for row in run["rows"]}
		assert messages["Another name"] == f"{other.name} is here already."
		assert here.name

	def test_are_made_once_though_the_file_has_them_twice(self, ready: World) -> None:
		run = imported(ready, {"Name": "Twice"}, {"Name": "TWICE"})
		assert [row["outcome"] for row in run["rows"]].count("created") == 1
		assert "Line 2 of the file is about the same." in [row["message"] for row in run["rows"]]

	def test_of_an_unknown_reference_or_without_a_name_are_told_and_the_rest_goes_on(
		self, ready: World
	) -> None:
		run = imported(
			ready,
			{"Name": "Stray", "Xero Reference": "00000000-aaaa-bbbb-cccc-000000000000"},
			{"Name": "", "E-mail": "nobody@example.com"},
			{"Name": "Good"},
		)
		assert outcomes(run) == {"Stray": "refused", "3": "refused", "Good": "created"}
		assert not frappe.db.exists(details.main_doctype(), "Stray")

	def test_take_columns_for_what_somebody_chooses_also_for_fields_of_their_own(self, ready: World) -> None:
		factories.require(details.main_doctype(), "website")
		run = imported(
			ready,
			{"A": "Chosen Ltd", "B": "https://chosen.example", "C": "left alone"},
			columns=["contact_name", "own:website", ""],
		)
		assert outcomes(run) == {"Chosen Ltd": "created"}
		assert frappe.db.get_value(*made("Chosen Ltd"), "website") == "https://chosen.example"


class TestRecordsThatAreHere:
	@pytest.fixture
	def here(self, ready: World, acme: Any) -> Party:
		[record, *_rest] = details.create(
			{"contact_name": "Acme Anvils", "email_address": "old@acme.example", "city": "Leeds"}
		)
		frappe.db.commit()
		return record

	@pytest.mark.parametrize("key", ["CRM ID", "Xero Reference", "Name"])
	def test_are_found_by_any_key_and_changed(self, ready: World, acme: Any, here: Party, key: str) -> None:
		if key == "Xero Reference":
			link(frappe.get_doc(*here), acme, ready)
		value = {"CRM ID": here.name, "Xero Reference": acme.id, "Name": "Acme Anvils"}[key]
		run = imported(ready, {key: value, "E-mail": "jo@acme.example", "City": ""}, mode="update")
		assert [row["outcome"] for row in run["rows"]] == ["updated"], run
		said = details.read(here)
		assert (said["email_address"], said["city"]) == ("jo@acme.example", "Leeds"), "empty says nothing"

	def test_get_xero_s_reference(self, ready: World, acme: Any, here: Party) -> None:
		run = imported(ready, {"Name": "Acme Anvils", "Xero Reference": acme.id}, mode="update")
		assert outcomes(run) == {"Acme Anvils": "updated"}
		assert links.records_of([acme.id])[acme.id] == [here]

	def test_of_one_name_are_told_apart_by_their_postcode(self, ready: World) -> None:
		if details.main_doctype() == "CRM Organization":
			pytest.skip("no two organizations of Frappe CRM have one name")
		pair = [
			details.create({"contact_name": f"Same {code}", "city": "Leeds", "postal_code": code})[0]
			for code in ("LS1 1AA", "YO1 7HH")
		]
		title = hosts.record_types()[details.main_doctype()].title_field
		for each in pair:
			frappe.db.set_value(*each, title, "Same Name")
		run = imported(
			ready,
			{"Name": "Same Name", "Postcode": "yo17hh", "City": "York"},
			{"Name": "Same Name", "Postcode": "ZZ9", "City": "Nowhere"},
			mode="update",
		)
		assert [row["outcome"] for row in run["rows"]] == ["refused", "updated"]
		assert [details.read(each)["city"] for each in pair] == ["Leeds", "York"]

	def test_that_are_not_here_are_left_out(self, ready: World) -> None:
		run = imported(ready, {"Name": "Nobody Ltd"}, mode="update")
		assert outcomes(run) == {"Nobody Ltd": "skipped"}
		assert not frappe.db.exists(details.main_doctype(), {"name": "Nobody Ltd"})

	def test_go_on_to_xero_where_contacts_are_kept_two_way(
		self, ready: World, acme: Any, here: Party
	) -> None:
		settings(contact_policy="Two-way", mode="Two-way")
		link(frappe.get_doc(*here), acme, ready)
		imported(ready, {"CRM ID": here.name, "Mobile": "07700 900 123"}, mode="update")
		[mobile] = [row for row in acme.fields["Phones"] if row["PhoneType"] == "MOBILE"]
		assert mobile["PhoneNumber"] == "07700 900 123"

	def test_that_are_closed_to_who_asks_are_left_alone(
		self, ready: World, here: Party, monkeypatch: pytest.MonkeyPatch
	) -> None:
		from xero_connector.site import access

		monkeypatch.setattr(access, "may_write", lambda document: False)
		run = imported(ready, {"Name": "Acme Anvils", "E-mail": "jo@acme.example"}, mode="update")
		assert outcomes(run) == {"Acme Anvils": "skipped"}
		assert details.read(here)["email_address"] == "old@acme.example"


class TestThePreview:
	def test_says_what_would_happen_and_does_nothing(self, ready: World) -> None:
		details.create({"contact_name": "Here Already"})
		before = frappe.db.count(details.main_doctype())
		found = preview(ready, {"Name": "Fresh"}, {"Name": "fresh"}, {"Name": "Here Already"}, {"Name": ""})
		assert found["counts"] == {"would_create": 1, "skipped": 2}
		assert found["total"] == 3, "empty rows are none"
		assert [row["line"] for row in found["rows"]] == [2, 3, 4]
		assert frappe.db.count(details.main_doctype()) == before
		assert preview(ready, {"Name": "Here Already"}, mode="update")["counts"] == {"would_update": 1}

	def test_says_what_columns_are_taken_for_and_may_be(self, ready: World) -> None:
		found = preview(ready, {"Company": "Fresh", "Colour": "red"})
		assert found["columns"] == [
			{"heading": "Company", "field": "contact_name"},
			{"heading": "Colour", "field": ""},
		]
		assert {"value": "city", "label": "City"} in found["choices"]

	def test_of_a_file_whose_columns_say_nothing_offers_to_choose_them(self, ready: World) -> None:
		found = preview(ready, {"A": "Fresh"})
		assert found["counts"] == {"refused": 1}
		assert found["rows"][0]["message"] == "Contact name is missing."
		assert preview(ready, {"A": "Fresh"}, columns=["contact_name"])["counts"] == {"would_create": 1}

	def test_shows_the_first_rows_and_counts_all(self, ready: World) -> None:
		found = preview(ready, *({"Name": f"Fresh {number}"} for number in range(60)))
		assert len(found["rows"]) == 50
		assert found["counts"] == {"would_create": 60}

	@pytest.mark.parametrize(
		("given", "expected"),
		[
			({"file": "not base64!"}, ("invalid_value", "file")),
			({"file": base64.b64encode(b"\0\0").decode()}, ("invalid_value", "file")),
			({"file": base64.b64encode(b"Name\nA\n").decode(), "mode": "all"}, ("invalid_value", "mode")),
			(
				{"file": base64.b64encode(b"Name\nA\n").decode(), "columns": ["password"]},
				("invalid_value", "columns"),
			),
		],
		ids=str,
	)
	def test_refuses_what_cannot_be_read(
		self, ready: World, given: dict[str, Any], expected: tuple[str, str]
	) -> None:
		asked = {"organisation": ready.organisation, **given}
		assert refused(lambda: contacts.import_preview(**asked)) == expected


def test_the_result_file_has_the_rows_that_were_left_out_as_they_were_with_the_reason(
	ready: World,
) -> None:
	details.create({"contact_name": "Here Already"})
	run = imported(ready, {"Name": "Here Already", "Phone": "'+44 1", "Colour": "red"}, {"Name": "Fresh"})
	answer = contacts.import_result(run=run["run"])
	[row] = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
	assert row == {
		"Name": "Here Already",
		"Phone": "'+44 1",
		"Colour": "red",
		"Reason": "Here Already is here already.",
	}


def test_a_run_that_dies_goes_on_where_it_was(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
	rows = [{"Name": f"Client {number}"} for number in range(45)]
	run = contacts.import_run(organisation=ready.organisation, file=file_of(*rows), mode="new")["run"]
	frappe.db.commit()
	ready.jobs.clear()
	step = runs.step
	done: list[int] = []

	def dies(*args: Any) -> None:
		if len(done) == 1:
			raise KeyboardInterrupt
		done.append(1)
		step(*args)

	monkeypatch.setattr(runs, "step", dies)
	with pytest.raises(KeyboardInterrupt):
		runner.work(run)
	frappe.db.rollback()
	monkeypatch.setattr(runs, "step", step)
	assert runs.get(run).done == 20
	frappe.db.set_value("Xero Run", run, "lease_utc", "2000-01-01 00:00:00")
	frappe.db.commit()
	frappe.set_user("Administrator")
	runner.work(run)
	answer = tools.progress(run=run)
	assert (answer["state"], answer["done"]) == ("Done", 45)
	assert answer["counts"] == {"created": 45}


def test_a_run_stops_when_asked_to_and_goes_on(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
	from xero_connector.core import sending

	monkeypatch.setattr(runner, "_steps", _steps_of(2))
	rows = [{"Name": f"Client {number}"} for number in range(4)]
	run = contacts.import_run(organisation=ready.organisation, file=file_of(*rows), mode="new")["run"]
	frappe.db.commit()
	step = runs.step

	def then_stop(of: Any, results: Any) -> None:
		step(of, results)
		runs.request_stop(run)

	monkeypatch.setattr(runs, "step", then_stop)
	ready.jobs.run_all()
	assert (runs.get(run).state, runs.get(run).done) == ("Stopped", 2)
	monkeypatch.setattr(runs, "step", step)
	assert worked(ready, tools.resume(run=run))["counts"] == {"created": 4}
	assert sending.TOGETHER > 2


def _steps_of(size: int) -> Any:
	steps = runner._steps
	return lambda run: steps(run, size)


def test_who_may_not_make_customers_imports_none(ready: World, as_user: Any) -> None:
	with as_user(["Xero Finance"]):
		if frappe.has_permission(details.main_doctype(), "create"):
			pytest.skip("on this site everybody makes customers")
		for ask in (contacts.import_preview, contacts.import_run):
			with pytest.raises(frappe.PermissionError):
				ask(organisation=ready.organisation, file=file_of({"Name": "Fresh"}), mode="new")


def test_a_record_that_frappe_refuses_is_told_and_leaves_nothing(
	ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	def refuse(values: Any) -> Any:
		frappe.throw("No <b>such</b> territory")

	monkeypatch.setattr(details, "create", refuse)
	run = imported(ready, {"Name": "Unwanted"})
	assert outcomes(run) == {"Unwanted": "refused"}
	assert run["rows"][0]["message"] == "The record could not be saved: No such territory"
	assert Code.NOT_SAVED.value == "not_saved"
