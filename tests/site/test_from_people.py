"""An invoice from the page of a person or company, and what looking at the settings leaves alone."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from tests import factories
from tests.site.sending import delivered, made
from tests.xero_world import World
from xero_connector.site import links, tokens
from xero_connector.site.links import Party


@pytest.mark.parametrize("make", [factories.contact, factories.organization, factories.customer])
def test_an_invoice_is_made_from_the_page_of_a_person_or_company(ready: World, make: Any):
	record = make()
	became = delivered(ready, record, description="Advice", unit_amount="80")
	assert became["state"] == "Sent"
	[invoice] = made(ready)
	assert (str(invoice.sub_total), invoice.lines[0].description) == ("80.00", "Advice")
	[tie] = links.contacts_of([Party(record.doctype, record.name)])
	assert tie.contact == invoice.contact.id


def test_looking_at_the_settings_leaves_the_connection_as_it_is(ready: World, http: Any):
	connection = frappe.db.get_value("Xero Organisation", ready.organisation, "connection")
	before = tokens.refresh_token(connection), len(ready.sandbox.requests)
	http.login("Administrator")
	assert http.get("xero_connector.api.connection.status").status == 200
	assert http.get("xero_connector.api.setup.steps").status == 200
	assert (tokens.refresh_token(connection), len(ready.sandbox.requests)) == before
	ready.read()
	assert frappe.db.get_value("Xero Organisation", ready.organisation, "status") == "Connected"
