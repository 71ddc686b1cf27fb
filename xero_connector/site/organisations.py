"""The connected Xero organisations: what they are, how their reading goes, what day it is there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe

from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.core.model import Endpoint, Organisation, Tenant
from xero_connector.site.database import as_date, claim, commit_step, from_column, now_utc, to_column

_DOCTYPE = "Xero Organisation"
_LEASE = timedelta(minutes=10)
"""How long a reading job may be silent before another may take its place: far longer than one page takes."""

_LISTS_AGE = timedelta(days=1)


@dataclass(frozen=True)
class State:
	"""What the rest of the app asks about an organisation.

	`sales_account`, `default_tax` and `branding_theme` name rows of the mirror. Nothing dated up to `locked_until` can be
	changed in Xero. `news` is when something to show last came or could not be brought; `problem` is the last
	failure: code and values.
	"""

	name: str
	title: str
	base_currency: str
	short_code: str | None
	time_zone: str
	is_demo: bool
	status: str
	connection: str | None
	sales_account: str | None
	default_tax: str | None
	branding_theme: str | None
	currencies: tuple[str, ...]
	locked_until: date | None
	last_sync: datetime | None
	news: datetime | None
	reading: bool
	problem: tuple[str, dict[str, str]] | None

	@property
	def connected(self) -> bool:
		return self.status == "Connected"

	@property
	def today(self) -> date:
		"""The day in the organisation's own zone, which decides what is overdue."""
		return now_utc().astimezone(ZoneInfo(self.time_zone or "UTC")).date()


_FIELDS = (
	"name",
	"organisation_name",
	"base_currency",
	"short_code",
	"time_zone",
	"is_demo",
	"status",
	"connection",
	"sales_account",
	"default_tax",
	"branding_theme",
	"currencies",
	"locked_until",
	"last_sync_utc",
	"news_utc",
	"sync_state",
	"error_code",
	"error_values",
)


def get(name: str) -> State:
	"""Raises NeedsPerson(NOT_FOUND)."""
	row = frappe.db.get_value(_DOCTYPE, name, _FIELDS, as_dict=True)
	if not row:
		raise NeedsPerson(Code.NOT_FOUND, what=name)
	return _state(row)


def every() -> list[State]:
	"""All that were ever connected, the default one first: what they hold stays readable."""
	rows = frappe.get_all(_DOCTYPE, fields=list(_FIELDS), order_by="is_default desc, creation asc")
	return [_state(row) for row in rows]


def overview() -> list[dict[str, Any]]:
	"""For the settings page: every organisation with who connected it, and how its reading goes."""
	shown = {
		row.name: row
		for row in frappe.get_all(
			_DOCTYPE,
			fields=[
				"name",
				"sales_account",
				"sync_state",
				"sync_endpoint",
				"sync_done",
				"sync_total",
			],
		)
	}
	users = {
		row.name: row for row in frappe.get_all("Xero Connection", fields=["name", "user_name", "email"])
	}
	chosen = [row.sales_account for row in shown.values() if row.sales_account]
	accounts = {
		row.name: f"{row.code} {row.account_name}"
		for row in frappe.get_all(
			"Xero Account", filters={"name": ["in", chosen]}, fields=["name", "code", "account_name"]
		)
	}
	return [
		{
			**shown[state.name],
			"title": state.title,
			"status": state.status,
			"is_demo": state.is_demo,
			"base_currency": state.base_currency,
			"connected_by": users[state.connection].user_name if state.connection else None,
			"email": users[state.connection].email if state.connection else None,
			"sales_account": accounts.get(state.sales_account),
			"last_sync": state.last_sync.isoformat() if state.last_sync else None,
			"problem": state.problem,
		}
		for state in every()
	]


def _state(row: frappe._dict) -> State:
	return State(
		name=row.name,
		title=row.organisation_name or row.name,
		base_currency=row.base_currency or "",
		short_code=row.short_code,
		time_zone=row.time_zone or "UTC",
		is_demo=bool(row.is_demo),
		status=row.status or "Disconnected",
		connection=row.connection,
		sales_account=row.sales_account,
		default_tax=row.default_tax,
		branding_theme=row.branding_theme,
		currencies=tuple((row.currencies or "").split()),
		locked_until=as_date(row.locked_until),
		last_sync=from_column(row.last_sync_utc),
		news=from_column(row.news_utc),
		reading=row.sync_state == "Reading",
		problem=(row.error_code, json.loads(row.error_values or "{}")) if row.error_code else None,
	)


def connect(tenants: Sequence[Tenant], connection: str) -> None:
	"""The organisations of one consent; the first one ever becomes the default. Committed."""
	for tenant in tenants:
		known = frappe.db.exists(_DOCTYPE, tenant.tenant_id)
		row = frappe.get_doc(_DOCTYPE, tenant.tenant_id) if known else frappe.new_doc(_DOCTYPE)
		row.update(
			{
				"tenant_id": tenant.tenant_id,
				"organisation_name": tenant.name or row.organisation_name or tenant.tenant_id,
				"connection": connection,
				"connection_id": tenant.connection_id,
				"status": "Connected",
				"error_code": None,
				"error_values": None,
				"is_default": row.is_default or not frappe.db.exists(_DOCTYPE, {"is_default": 1}),
			}
		)
		row.save(ignore_permissions=True)
	commit_step()


def disconnected(name: str) -> str | None:
	"""Note the end of an organisation's connection; its mirror stays. The grant, if nothing else uses it."""
	connection = frappe.db.get_value(_DOCTYPE, name, "connection")
	frappe.db.set_value(_DOCTYPE, name, {"status": "Disconnected", "connection": None, "connection_id": None})
	commit_step()
	return None if not connection or frappe.db.exists(_DOCTYPE, {"connection": connection}) else connection


def describe(organisation: Organisation) -> None:
	"""Keep what Xero says of the organisation itself."""
	values = organisation._asdict()
	frappe.db.set_value(_DOCTYPE, values.pop("tenant_id"), values, update_modified=False)


def note_currencies(name: str, codes: Sequence[str]) -> None:
	"""Those that the organisation's documents may be in; there are few, and nobody asks for one alone."""
	frappe.db.set_value(_DOCTYPE, name, "currencies", " ".join(codes), update_modified=False)


def choose_sales_account(name: str) -> None:
	"""An organisation that has no default sales account yet gets its first active revenue account, which a
	manager sees and can change in the settings."""
	if frappe.db.get_value(_DOCTYPE, name, "sales_account"):
		return
	account = frappe.get_all(
		"Xero Account",
		filters={
			"organisation": name,
			"status": "Active",
			"account_type": ["in", ["REVENUE", "SALES"]],
			"code": ["is", "set"],
		},
		order_by="code asc",
		limit=1,
		pluck="name",
	)
	if account:
		frappe.db.set_value(_DOCTYPE, name, "sales_account", account[0], update_modified=False)


def lists_due(name: str) -> bool:
	"""Whether the settings lists (accounts, tax rates, items) are missing or a day old."""
	read = from_column(frappe.db.get_value(_DOCTYPE, name, "lists_read_utc"))
	return read is None or now_utc() - read > _LISTS_AGE


def lists_read(name: str) -> None:
	frappe.db.set_value(_DOCTYPE, name, "lists_read_utc", to_column(now_utc()), update_modified=False)


def lists_wanted(name: str) -> None:
	"""The next reading brings the settings lists too."""
	frappe.db.set_value(_DOCTYPE, name, "lists_read_utc", None, update_modified=False)


def begin_reading(name: str, claim_token: str) -> bool:
	"""Become the one worker that reads this organisation; False when another is at it."""
	now = to_column(now_utc())
	return claim(
		_DOCTYPE,
		name,
		{
			"sync_claim": claim_token,
			"sync_lease_utc": now + _LEASE,
			"sync_state": "Reading",
			"stop_requested": 0,
		},
		"sync_lease_utc IS NULL OR sync_lease_utc < %(now)s",
		{"now": now},
	)


def note_progress(name: str, endpoint: Endpoint, done: int, total: int) -> None:
	"""Rows read of the list under way; renews the lease as well."""
	frappe.db.set_value(
		_DOCTYPE,
		name,
		{
			"sync_endpoint": endpoint.value,
			"sync_done": done,
			"sync_total": total,
			"sync_lease_utc": to_column(now_utc() + _LEASE),
		},
		update_modified=False,
	)
	commit_step()


def request_stop(name: str) -> None:
	frappe.db.set_value(_DOCTYPE, name, "stop_requested", 1, update_modified=False)


def stop_requested(name: str) -> bool:
	return bool(frappe.db.get_value(_DOCTYPE, name, "stop_requested"))


def end_reading(name: str, as_of: datetime | None) -> None:
	"""`as_of` is since when everything is known that Xero told; None where the reading was stopped."""
	values: dict[str, object] = {"sync_state": "Idle" if as_of else "Stopped"}
	if as_of:
		values |= {"last_sync_utc": to_column(as_of), "error_code": None, "error_values": None}
	_release(name, values)


def reading_failed(name: str, failure: XeroConnectorError) -> None:
	_release(name, {"sync_state": "Failed", **_problem(name, failure)})


def note_refresh(name: str, failure: XeroConnectorError | None) -> None:
	"""How a reading of some contacts' documents went, beside the reading of everything."""
	values = _problem(name, failure) if failure else {"error_code": None, "error_values": None}
	frappe.db.set_value(_DOCTYPE, name, values, update_modified=False)
	commit_step()


def _problem(name: str, failure: XeroConnectorError) -> dict[str, object]:
	values = {"error_code": failure.code.value, "error_values": json.dumps(failure.values)}
	return {**values, "status": "Disconnected"} if failure.code is Code.ORGANISATION_GONE else dict(values)


def _release(name: str, values: dict[str, object]) -> None:
	frappe.db.set_value(
		_DOCTYPE, name, {**values, "sync_claim": None, "sync_lease_utc": None}, update_modified=False
	)
	commit_step()
