"""The gate that every call to Xero passes: one small row for each organisation, shared by all workers and processes.

The rules are `core.quota`'s; here is where their state is kept, and how one process at a time changes it.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Callable

import frappe

from xero_connector.core import quota
from xero_connector.core.errors import Code, WillRetry
from xero_connector.core.model import Limits
from xero_connector.core.quota import SHARES, Budget, Meter, Priority, Wait
from xero_connector.site import settings
from xero_connector.site.database import commit_step, hold_row, now_utc, upsert

_DOCTYPE = "Xero Call Budget"


class SiteBudget:
	"""`core.quota.Gate` of one organisation. Both ways commit: what the caller wrote before must be complete."""

	def __init__(self, organisation: str, priority: Priority) -> None:
		self._organisation = organisation
		self._priority = priority

	def enter(self) -> str:
		ticket, patience = secrets.token_hex(4), SHARES[self._priority].patience
		while True:
			wait = self._ask(ticket)
			if not wait:
				return ticket
			if not wait.is_pace or wait.seconds > patience:
				raise WillRetry(
					Code.RATE_LIMITED, retry_after=max(1, math.ceil(wait.seconds)), problem=wait.problem
				)
			time.sleep(wait.seconds)
			patience -= wait.seconds

	def leave(self, ticket: str, limits: Limits | None, retry_after: int | None, problem: str | None) -> None:
		_change(
			self._organisation,
			lambda budget: quota.leave(budget, ticket, limits, retry_after, problem, _now()),
		)

	def _ask(self, ticket: str) -> Wait | None:
		tier = settings.load().day_limit
		answer = _change(
			self._organisation, lambda budget: quota.enter(budget, self._priority, ticket, tier, _now())
		)
		return answer if isinstance(answer, Wait) else None


def meter(organisation: str) -> Meter:
	"""What is left of an organisation's calls."""
	return quota.meter(_stored(organisation) or Budget(), settings.load().day_limit, _now())


def _now() -> float:
	return round(now_utc().timestamp(), 3)


def _change(organisation: str, rule: Callable[[Budget], Budget | Wait]) -> Budget | Wait:
	"""What the rule makes of the budget, kept before anybody else sees it."""
	hold_row(_DOCTYPE, organisation)
	try:
		budget = _stored(organisation)
		if budget is None:
			budget = _first(organisation)
		answer = rule(budget)
		if isinstance(answer, Budget):
			row = frappe.qb.DocType(_DOCTYPE)
			state = json.dumps(quota.to_json(answer))
			frappe.qb.update(row).set(row.state, state).where(row.name == organisation).run()
		return answer
	finally:
		commit_step()


def _first(organisation: str) -> Budget:
	"""The row of an organisation that was never called, held. Another process may be making it at the same time."""
	commit_step()
	upsert(_DOCTYPE, ["name"], [[organisation]])
	hold_row(_DOCTYPE, organisation)
	return _stored(organisation) or Budget()


def _stored(organisation: str) -> Budget | None:
	"""None: there is no row."""
	row = frappe.db.get_value(_DOCTYPE, organisation, ["name", "state"])
	return quota.from_json(json.loads(row[1] or "{}")) if row else None
