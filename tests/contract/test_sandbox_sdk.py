"""The official SDK works against the sandbox: reads, writes, errors, identity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from xero_sandbox import Sandbox

pytest.importorskip("xero_python")

from xero_python.accounting import (
	AccountingApi,
	Contact,
	Contacts,
	Invoice,
	Invoices,
	LineItem,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.exceptions import AccountingBadRequestException, RateLimitException
from xero_python.identity import IdentityApi

TIMEOUT = (5, 10)


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ApiClient]:
	import urllib3

	configuration = Configuration()
	configuration.oauth2_token = OAuth2Token(client_id="SANDBOX", client_secret="sandbox-secret")
	found = ApiClient(configuration, pool_threads=1)
	token = sandbox.grant()
	token["scope"] = token["scope"].split()
	token["expires_at"] = datetime.now(timezone.utc).timestamp() + token["expires_in"]
	found.oauth2_token_getter(lambda: token)
	found.oauth2_token_saver(lambda new: None)
	pools = found.rest_client.pool_manager
	pools.connection_pool_kw["retries"] = urllib3.Retry(total=0, respect_retry_after_header=False)
	yield found
	pools.clear()


@pytest.fixture
def accounting(sandbox: Sandbox, client: ApiClient) -> AccountingApi:
	return AccountingApi(client, base_url=f"{sandbox.url}/api.xro/2.0")


READS = ["get_organisations", "get_accounts", "get_tax_rates", "get_currencies", "get_branding_themes"]
READS += ["get_tracking_categories", "get_items", "get_contacts", "get_contact_groups", "get_invoices"]
READS += [
	"get_credit_notes",
	"get_payments",
	"get_prepayments",
	"get_overpayments",
	"get_organisation_actions",
]


@pytest.mark.parametrize("name", READS)
def test_the_sdks_models_read_every_list(sandbox: Sandbox, accounting: AccountingApi, name: str) -> None:
	for organisation in sandbox.organisations:
		found = getattr(accounting, name)(organisation.id, _request_timeout=TIMEOUT)
		assert next(value for value in found.to_dict().values() if isinstance(value, list) and value)


def test_pages_summaries_and_if_modified_since_pass_through_the_sdk(
	sandbox: Sandbox, accounting: AccountingApi
) -> None:
	tenant, books = sandbox.organisations[0].id, sandbox.organisations[0]
	found: Any = accounting.get_invoices(
		tenant, page=1, page_size=5, order="UpdatedDateUTC ASC", summary_only=True, unitdp=4
	)
	assert (len(found.invoices), found.pagination.item_count) == (5, len(books.invoices))
	assert sandbox.requests[-1].query["summaryOnly"] == "True"
	last = max(row.updated for row in books.invoices)
	since = datetime.fromtimestamp(last / 1000, timezone.utc)
	found = accounting.get_invoices(tenant, if_modified_since=since, page=1)
	assert 1 <= len(found.invoices) <= 5
	found = accounting.get_contacts(tenant, include_archived=True, page=1)
	assert len(found.contacts) == len(books.contacts)


def test_the_sdk_creates_a_contact_and_a_draft_with_exact_amounts(
	sandbox: Sandbox, accounting: AccountingApi
) -> None:
	tenant = sandbox.organisations[0].id
	contact = accounting.create_contacts(
		tenant, Contacts(contacts=[Contact(name="Made by SDK")]), idempotency_key="a"
	).contacts[0]
	line = LineItem(
		description="Work",
		quantity=Decimal(3),
		unit_amount=Decimal("25.06"),
		account_code="200",
		tax_type="OUTPUT2",
	)
	invoice = Invoice(
		type="ACCREC",
		status="DRAFT",
		contact=Contact(contact_id=contact.contact_id),
		line_items=[line],
		date=date(2026, 1, 15),
		due_date=date(2026, 2, 15),
		url="https://crm.example/1",
	)
	made = accounting.create_invoices(
		tenant, Invoices(invoices=[invoice]), unitdp=4, idempotency_key="b"
	).invoices[0]
	assert (made.sub_total, made.total_tax, made.total) == (
		Decimal("75.18"),
		Decimal("11.28"),
		Decimal("86.46"),
	)
	assert (made.date, made.url) == (date(2026, 1, 15), "https://crm.example/1")
	again = accounting.create_invoices(
		tenant, Invoices(invoices=[invoice]), unitdp=4, idempotency_key="b"
	).invoices[0]
	assert again.invoice_id == made.invoice_id


def test_the_sdks_exceptions_arise_from_the_sandboxs_refusals(
	sandbox: Sandbox, accounting: AccountingApi
) -> None:
	tenant = sandbox.organisations[0].id
	name = next(row.name for row in sandbox.organisations[0].contacts if row.status == "ACTIVE")
	with pytest.raises(AccountingBadRequestException) as refused:
		accounting.create_contacts(tenant, Contacts(contacts=[Contact(name=name)]))
	assert "must be unique" in str(refused.value.error_data)
	sandbox.limits.set(minute=1)
	with pytest.raises(RateLimitException):
		accounting.get_organisations(tenant)


def test_the_sdk_lists_and_deletes_connections(sandbox: Sandbox, client: ApiClient) -> None:
	identity = IdentityApi(client, base_url=sandbox.url)
	rows = identity.get_connections()
	assert {row.tenant_id for row in rows} == {row.id for row in sandbox.organisations}
	identity.delete_connection(rows[0].id)
	assert len(identity.get_connections()) == len(rows) - 1
