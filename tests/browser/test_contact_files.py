"""Contacts as CSV in Desk: an organisation's list taken away, a list of clients seen and brought in."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .conftest import OpenDesk
from .site import Connection, Site


def opened(desk: OpenDesk) -> tuple[Page, Locator]:
	fin = desk("fin@example.com", accept_downloads=True)
	fin.open_settings()
	fin.page.get_by_role("button", name="Contacts as CSV").first.click()
	dialog = fin.page.locator(".modal.show").filter(has_text="Contacts as CSV")
	expect(dialog.get_by_role("button", name="Download")).to_be_visible()
	return fin.page, dialog


def choose(dialog: Locator, folder: Path, *rows: dict[str, str]) -> None:
	file = folder / "clients.csv"
	with file.open("w", newline="") as stream:
		writer = csv.DictWriter(stream, list(rows[0]))
		writer.writeheader()
		writer.writerows(rows)
	dialog.get_by_label("CSV file").set_input_files(file)


def read(file: Path) -> list[dict[str, Any]]:
	with file.open(encoding="utf-8-sig", newline="") as stream:
		return list(csv.DictReader(stream))


def test_all_contacts_are_downloaded_with_xero_s_reference(
	desk: OpenDesk, connected: Connection, site: Site, tmp_path: Path
) -> None:
	page, dialog = opened(desk)
	with page.expect_download() as download:
		dialog.get_by_role("button", name="Download").click()
	assert download.value.suggested_filename.endswith(".csv")
	download.value.save_as(tmp_path / "contacts.csv")
	rows = read(tmp_path / "contacts.csv")
	known = {row["name"] for row in site.rows("Xero Contact", {}, "name")}
	assert rows
	assert {row["Xero Reference"] for row in rows} <= known


def test_a_list_of_clients_is_seen_before_it_is_imported_and_what_was_left_out_comes_back(
	desk: OpenDesk, connected: Connection, site: Site, tmp_path: Path
) -> None:
	page, dialog = opened(desk)
	choose(
		dialog,
		tmp_path,
		{"Company": "Totara Timber", "Town": "Nelson", "E-mail": "jo@totara.example"},
		{"Company": "Totara Timber", "Town": "Nelson", "E-mail": ""},
		{"Company": "Rimu & Sons <b>", "Town": "Picton", "E-mail": ""},
	)
	expect(dialog.get_by_role("status")).to_have_text(re.compile(r"3 rows.*Would be created 2.*Left out 1"))
	dialog.get_by_label("Town").select_option(label="City")
	expect(dialog.get_by_role("cell", name="Rimu & Sons <b>")).to_be_visible()
	dialog.get_by_role("button", name="Import").click()
	run = page.locator(".modal.show section.run")
	expect(run.get_by_role("status")).to_have_text("Done", timeout=60_000)
	expect(run.locator("table.results")).to_contain_text("Line 2 of the file is about the same.")
	[address] = site.rows("Address", {"address_title": "Totara Timber"}, "city")
	assert address["city"] == "Nelson"
	with page.expect_download() as download:
		run.get_by_role("button", name="Download the rows left out").click()
	download.value.save_as(tmp_path / "left.csv")
	[row] = read(tmp_path / "left.csv")
	assert (row["Company"], row["Reason"]) == ("Totara Timber", "Line 2 of the file is about the same.")


def test_columns_that_say_nothing_are_chosen(desk: OpenDesk, connected: Connection, tmp_path: Path) -> None:
	_page, dialog = opened(desk)
	choose(dialog, tmp_path, {"Who": "Matai Mills"})
	expect(dialog.get_by_role("status")).to_have_text(re.compile("Needs attention 1"))
	importing = dialog.get_by_role("button", name="Import")
	expect(importing).to_have_class(re.compile("disabled"))
	dialog.get_by_label("Who").select_option(label="Name")
	expect(dialog.get_by_role("status")).to_have_text(re.compile("Would be created 1"))
	expect(importing).not_to_have_class(re.compile("disabled"))


def test_they_are_reached_from_the_list_of_contacts(desk: OpenDesk, connected: Connection) -> None:
	fin = desk("fin@example.com")
	fin.open("xero-contact")
	fin.page.get_by_role("button", name="Contacts as CSV").click()
	dialog = fin.page.locator(".modal.show").filter(has_text="Contacts as CSV")
	expect(dialog.get_by_role("button", name="Download")).to_be_visible()
