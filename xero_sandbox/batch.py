"""Writing several elements: check all first, then save; errors in Xero's two forms (summarizeErrors)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import fields
from .books import NIL, Json
from .calls import Answer, Call, elements
from .errors import validation
from .render import day


@dataclass
class Plan:
	"""One element: what is wrong with it, and what saves it and gives its new form."""

	element: Json
	errors: list[str] = field(default_factory=list)
	warnings: list[str] = field(default_factory=list)
	commit: Callable[[], Json] = field(default=dict)
	# the id of what would be changed; None for a creation
	existing: str | None = None


def write(call: Call, key: str, id_field: str, plans: list[Plan]) -> Answer:
	"""summarizeErrors (default true): one bad element refuses all. Else each has its own result, in order."""
	summarize = call.args.get("summarizeErrors", "true").lower() != "false"
	if summarize and any(plan.errors for plan in plans):
		raise validation([_failed(plan, id_field) for plan in plans if plan.errors])
	rows = [_failed(plan, id_field) if plan.errors else _saved(plan, summarize) for plan in plans]
	return elements(call, key, rows)


def _saved(plan: Plan, summarize: bool) -> Json:
	row = plan.commit()
	if plan.warnings:
		row["Warnings"] = _messages(plan.warnings)
	if not summarize:
		row |= {"StatusAttributeString": "WARNING" if plan.warnings else "OK"}
	elif plan.warnings:
		row["StatusAttributeString"] = "WARNING"
	return row


def _failed(plan: Plan, id_field: str) -> Json:
	"""The element as it came, with the zero id that means: not created."""
	row = {name: _echo(name, plan.element) for name, value in plan.element.items() if _plain(value)}
	flag = "HasValidationErrors" if id_field == "ContactID" else "HasErrors"
	row |= {id_field: plan.existing or NIL, flag: True, "StatusAttributeString": "ERROR"}
	row["ValidationErrors"] = _messages(plan.errors)
	if plan.warnings:
		row["Warnings"] = _messages(plan.warnings)
	return row


def _echo(name: str, element: Json) -> Any:
	found = fields.day(element, name) if name.endswith("Date") else None
	return day(found) if found else element[name]


def _plain(value: Any) -> bool:
	return value is not None and not isinstance(value, (dict, list))


def _messages(texts: list[str]) -> list[Json]:
	return [{"Message": text} for text in texts]
