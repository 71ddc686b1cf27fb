"""Reconciliation (B4): the mirror agrees with Xero to the cent, or what differs is named and can be read again."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from tests.site.sending import calls, refused
from tests.xero_world import World
from xero_connector import reconciling, tasks
from xero_connector.api import reconciliation, tools
from xero_connector.site import reconciliations

Answer = dict[str, Any]


def worked(xero: World, asked: Answer) -> Answer:
	frappe.db.commit()
	xero.jobs.run_all()
	return reconciliation.get(asked["reconciliation"])


def compared(xero: World) -> Answer:
	return worked(xero, reconciliation.start(xero.organisation))


def fixed(xero: World, found: Answer) -> Answer:
	return worked(xero, reconciliation.fix_all(found["reconciliation"]))


def rows_of(found: Answer) -> list[Answer]:
	return [row for customer in found["customers"] for row in customer["rows"]]


def differing(found: Answer) -> list[tuple[str, str, str]]:
	return [(row["kind"], row["subject"], row["title"]) for row in rows_of(found)]


def open_invoice(xero: World, status: str = "AUTHORISED") -> Any:
	"""One of Xero's invoices that is old enough for no delta to bring it again."""
	books = xero.sandbox.organisations[0]
	newest = max(row.updated for row in books.invoices)
	return next(
		row
		for row in books.invoices
		if row.type == "ACCREC" and row.status == status and row.updated < newest - 600_000
	)


def lose(xero: World, document: Any) -> None:
	frappe.db.delete("Xero Invoice", {"name": document.id})
	frappe.db.delete("Xero Payment", {"parent": document.id})
	frappe.db.commit()


def change(name: str, doctype: str = "Xero Invoice", **values: Any) -> None:
	frappe.db.set_value(doctype, name, values, update_modified=False)
	frappe.db.commit()


def test_what_was_read_agrees_to_the_cent(ready: World):
	found = compared(ready)
	assert (found["state"], found["agrees"], found["customers"]) == ("Agrees", True, [])
	assert found["run"]["state"] == "Done"
	books = ready.sandbox.organisations[0]
	figures = found["figures"]
	assert figures["invoices_here"] == figures["invoices_in_xero"] == len(books.invoices)
	assert figures["contacts_here"] == figures["contacts_in_xero"] == len(books.contacts)
	assert figures["receivable_here"] == figures["receivable_in_xero"] != "0.00"
	assert figures["payable_here"] == figures["payable_in_xero"]
