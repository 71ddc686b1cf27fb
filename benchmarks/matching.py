"""Bringing in 20,000 contacts of Xero of which 5 % are there twice, and as many only look so: speed, stopping and
going on, and how right the links and suggestions are by the generator's truth.

`QUICK=1` takes 1,000.
"""

from __future__ import annotations

import itertools
import os
import platform
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from benchmarks import lookalikes, stage
from benchmarks.lookalikes import ORGANISATION, Books
from devsite import databases
from tests import factories

Figures = dict[str, float]

_SIZE, _QUICK_SIZE = 20_000, 1_000

# name -> what it says, how it is written, what it should be
_ROWS = {
	"contacts": ("contacts", ".0f", ""),
	"preview_seconds": ("seconds to count what would happen", ".1f", ""),
	"contacts_per_second": ("contacts a second", ".1f", ""),
	"seconds_last_to_first": ("  the last tenth as long as the first", ".2f", "little more than 1"),
	"resumed_at": ("stopped and gone on at", ".0f", ""),
	"made_twice": ("records made twice by that", ".0f", "0"),
	"linked": ("linked without asking", ".0f", ""),
	"precision_of_links": ("  of which rightly", ".4f", "1"),
	"suggested": ("about which somebody is asked", ".0f", ""),
	"precision_of_suggestions": ("  of which really one of ours", ".3f", ""),
	"recall_of_suggestions": ("duplicates that were linked or suggested", ".3f", ""),
}


def main() -> None:
	figures = measure(_QUICK_SIZE if os.environ.get("QUICK") else _SIZE)
	print(f"{databases.kind()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="\n\n")
	for name, (label, form, goal) in _ROWS.items():
		print(f"{label:48}{figures[name]:>10{form}}   {goal}".rstrip())
	print()
	print(*_named(figures))


def _named(figures: Figures) -> Iterator[str]:
	for name, (_, form, _) in _ROWS.items():
		yield f"{name}={figures[name]:{form}}"


def measure(count: int) -> Figures:
	"""Once in a process."""
	made = lookalikes.books(count)
	with stage.empty_site():
		import frappe

		began = frappe.utils.now_datetime()
		_prepare(made)
		figures = {"contacts": len(made.contacts), **_brought_in(), **_judged(made)}
		figures["made_twice"] = _made_since(began) - figures.pop("created")
		_remove_since(began)
		return figures


def _prepare(made: Books) -> None:
	import frappe

	from xero_connector.site import mirror

	factories.make(
		"Xero Organisation",
		tenant_id=ORGANISATION,
		organisation_name="Books",
		base_currency="GBP",
		status="Connected",
	)
	settings = frappe.get_doc("Xero Settings")
	settings.update({"contact_policy": "Auto Import All", "enabled": 1})
	settings.save()
	for start in range(0, len(made.contacts), 1000):
		mirror.save_contacts(made.contacts[start : start + 1000])
	frappe.db.commit()


def _brought_in() -> Figures:
	"""As a run that is stopped half-way and resumed."""
	from xero_connector import incoming, runner
	from xero_connector.site import runs

	began = time.perf_counter()
	incoming.preview(ORGANISATION)
	previewed = time.perf_counter()
	run = incoming.bring_in(ORGANISATION).run
	assert run
	total, steps, step = runs.get(run).total, [time.perf_counter()], runs.step

	def noted(*given: Any) -> None:
		step(*given)
		steps.append(time.perf_counter())
		if len(steps) == total // incoming.MOST_AT_ONCE // 2:
			runs.request_stop(run)

	runs.step = noted
	runner.work(run)
	resumed_at = runs.get(run).done
	assert runs.get(run).state == "Stopped"
	runs.resume(run)
	runner.work(run)
	runs.step = step
	assert runs.get(run).state == "Done"
	each = [after - before for before, after in itertools.pairwise(steps)]
	tenth = max(len(each) // 10, 1)
	return {
		"preview_seconds": previewed - began,
		"contacts_per_second": total / sum(each),
		"seconds_last_to_first": sum(each[-tenth:]) / sum(each[:tenth]),
		"resumed_at": resumed_at,
	}


def _judged(made: Books) -> Figures:
	"""By the generator's truth: of each company one contact should have become a record, the others be linked to that
	or ask about it."""
	from xero_connector.site import matches

	found = _found([contact.contact_id for contact in made.contacts])
	created = {
		match.record: made.company[each] for each, match in found.items() if match.state == matches.CREATED
	}
	linked = {each: match for each, match in found.items() if match.state == matches.LINKED}
	asked = {each: match for each, match in found.items() if match.state == matches.WAITING}
	right_links = sum(created.get(match.record) == made.company[each] for each, match in linked.items())
	right_asked = sum(
		made.company[each] in {created.get(one.record) for one in match.suggestions}
		for each, match in asked.items()
	)
	companies = set(made.company.values())
	missed = sum(count - 1 for count in Counter(created.values()).values())
	return {
		"linked": len(linked),
		"precision_of_links": right_links / max(len(linked), 1),
		"suggested": len(asked),
		"precision_of_suggestions": right_asked / max(len(asked), 1),
		"recall_of_suggestions": 1 - missed / (len(made.company) - len(companies)),
		"created": len(created),
	}


def _found(contacts: list[str]) -> dict[str, Any]:
	from xero_connector.site import matches

	parts = (contacts[start : start + 500] for start in range(0, len(contacts), 500))
	return {match.contact: match for part in parts for match in matches.some(part)}


def _made_since(moment: datetime) -> int:
	import frappe

	from xero_connector.site.hosts import details

	return int(frappe.db.count(details.main_doctype(), {"creation": [">=", moment]}))


def _remove_since(moment: datetime) -> None:
	"""The records of other apps' doctypes; through their controllers it would take longer than the import."""
	import frappe

	from xero_connector.site.hosts import details

	children = ("Contact Email", "Contact Phone", "Dynamic Link")
	for doctype in (details.main_doctype(), "Contact", "Address", *children):
		frappe.db.delete(doctype, {"creation": [">=", moment]})
	frappe.db.commit()


if __name__ == "__main__":
	main()
