"""Xero Log: every attempt to bring something to Xero, and how it ended (R87).

A row is there, committed by the caller, before Xero is asked; a worker that dies leaves it at "Started". What
went over the line is kept without anything personal (`core.redaction`), each row its own part of the batch.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import frappe

from xero_connector.core.errors import XeroConnectorError
from xero_connector.core.model import Exchange
from xero_connector.core.redaction import Body, masked
from xero_connector.site.database import now_utc, to_column, upsert
from xero_connector.site.wishes import Row

_DOCTYPE = "Xero Log"
_LONGEST = 20_000
"""Characters of a request or an answer that are kept."""

_COLUMNS = (
	"name",
	"direction",
	"action",
	"record_doctype",
	"record_name",
	"organisation",
	"outbox",
	"trace",
	"user",
	"outcome",
	"attempt",
	"together",
	"started_utc",
)


class _Heard(NamedTuple):
	exchange: Exchange
	request: Body
	answer: Body

	def is_about(self, mentioned: frozenset[str]) -> bool:
		"""Of a batch: with an element of it, or a failure that stopped everything."""
		if self.request.has_elements or self.answer.has_elements:
			return self.request.is_about(mentioned) or self.answer.is_about(mentioned)
		return not self.exchange.is_done


class Journal:
	"""The log of one batch. `names` is each outbox row's row in the log."""

	def __init__(self, names: Mapping[str, str]) -> None:
		self._names = names
		self._heard: list[_Heard] = []
		self._started = time.monotonic()

	def hear(self, exchange: Exchange) -> None:
		"""For `Client(on_call=…)`."""
		self._heard.append(_Heard(exchange, Body(exchange.request), Body(exchange.answer)))

	def end(
		self,
		row_name: str,
		outcome: str,
		*,
		failure: XeroConnectorError | None = None,
		document: str | None = None,
		about: Collection[str] = (),
	) -> None:
		"""How an outbox row's attempt ended, not committed.

		`about` is what stands in its elements of a batch and in no other's: its reference, ids, the name of its
		contact, the text of its note. Calls and time are those of the batch so far.
		"""
		mentioned = frozenset(each.casefold() for each in about if each)
		narrow = len(self._names) > 1
		kept = [each for each in self._heard if not narrow or each.is_about(mentioned)]
		frappe.db.set_value(
			_DOCTYPE,
			self._names[row_name],
			{
				"outcome": outcome,
				"document": document,
				"error_code": failure.code.value if failure else None,
				"message": _message(failure) if failure else None,
				"duration_ms": round(1000 * (time.monotonic() - self._started)),
				"calls": len(self._heard),
				"request": _text([_request(each, mentioned, narrow) for each in kept]),
				"answer": _text([_answer(each, mentioned, narrow) for each in kept]),
				"correlation_id": kept[-1].exchange.correlation_id if kept else None,
			},
		)


def begin(rows: Sequence[Row]) -> Journal:
	"""A row of the log for each of the outbox, all of one batch, not committed."""
	started = to_column(now_utc())
	names = {row.name: frappe.generate_hash(length=10) for row in rows}
	upsert(
		_DOCTYPE,
		_COLUMNS,
		[
			(
				names[row.name],
				"Out",
				row.action,
				row.record.doctype,
				row.record.name,
				row.organisation,
				row.name,
				row.trace,
				row.asked_by,
				"Started",
				row.attempts,
				len(rows),
				started,
			)
			for row in rows
		],
	)
	return Journal(names)


def note_decision(action: str, organisation: str, changes: Sequence[Mapping[str, Any]]) -> None:
	"""What the session's user decided about an organisation, not committed. Nothing of it goes to Xero."""
	text = json.dumps(changes, ensure_ascii=False, indent=1)
	values = (frappe.generate_hash(length=10), action, organisation, frappe.session.user, "Decided", text)
	columns = ("name", "action", "organisation", "user", "outcome", "request", "started_utc")
	upsert(_DOCTYPE, columns, [(*values, to_column(now_utc()))])


def correlation_of(outbox: str) -> str | None:
	"""Xero's name of the last call that was made for a row of the outbox."""
	found = frappe.get_all(
		_DOCTYPE,
		filters={"outbox": outbox, "correlation_id": ["is", "set"]},
		pluck="correlation_id",
		order_by="started_utc desc",
		limit=1,
	)
	return str(found[0]) if found else None


def forget(days: int) -> None:
	"""Drop what is older than this."""
	frappe.db.delete(_DOCTYPE, {"started_utc": ("<", to_column(now_utc() - timedelta(days=days)))})


def _message(failure: XeroConnectorError) -> str:
	"""Xero's own words if there are any, else what the failure is about, in plain text."""
	told = failure.values
	said = told.get("message") or "; ".join(f"{name}: {value}" for name, value in told.items())
	return masked(said)


def _request(heard: _Heard, mentioned: frozenset[str], narrow: bool) -> dict[str, Any]:
	sent = {"body": heard.request.part(mentioned, narrow=narrow)} if heard.exchange.request else {}
	return {"operation": heard.exchange.operation, **sent}


def _answer(heard: _Heard, mentioned: frozenset[str], narrow: bool) -> dict[str, Any]:
	exchange = heard.exchange
	return {
		"operation": exchange.operation,
		"status": exchange.status,
		"milliseconds": exchange.milliseconds,
		"correlation_id": exchange.correlation_id,
		"body": heard.answer.part(mentioned, narrow=narrow),
	}


def _text(exchanges: list[dict[str, Any]]) -> str | None:
	if not exchanges:
		return None
	text = json.dumps(exchanges, ensure_ascii=False, indent=1)
	return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
