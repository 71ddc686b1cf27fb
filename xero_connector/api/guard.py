"""The two questions before every answer: may this user do that at all, and with this record?

Every whitelisted function wears `entry`, which asks them; `ENTRIES` is the list of what was declared.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import frappe
from frappe import _

from xero_connector.api.answers import answers
from xero_connector.core.documents import KINDS
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site import access, hosts, links
from xero_connector.site.hosts.record import Record

Needs = Literal["read", "write"]
Function = Callable[..., Any]


class Entry(NamedTuple):
	"""What a function asks for: a right (None: whoever is signed in) and a permission on its record."""

	right: Right | None
	record: Needs | None


ENTRIES: dict[str, Entry] = {}
"""By "module.function", as the panel names them."""


def entry(right: Right | None, *, record: Needs | None = None) -> Callable[[Function], Function]:
	"""Below `@frappe.whitelist`: nothing of the function runs for somebody without `right`.

	With `record`, callers name a doctype and a name; the function gets that record as `record`, opened for
	somebody who may read or write it. Typed errors become sentences (see `answers`).
	"""

	def decorate(function: Function) -> Function:
		ENTRIES[f"{function.__module__.rpartition('.')[2]}.{function.__name__}"] = Entry(right, record)
		outside = _outside(function) if record else inspect.signature(function)

		@functools.wraps(function)
		def guarded(**arguments: Any) -> Any:
			if right:
				require(right)
			_check_complete(outside, arguments)
			if record:
				arguments["record"] = open_record(arguments.pop("doctype"), arguments.pop("name"), record)
			return function(**arguments)

		# Frappe reads names and types of the parameters, and would see only **arguments
		guarded.__signature__ = outside  # type: ignore[attr-defined]
		guarded.__annotations__ = {
			name: each.annotation for name, each in outside.parameters.items() if name != "kwargs"
		}
		return answers(guarded)

	return decorate


def require(right: Right) -> None:
	if not access.may(right):
		frappe.throw(_("You are not allowed to do this."), frappe.PermissionError)


def document_of(record: Record, document_id: str, *, from_books: bool = True) -> Any:
	"""The mirror's row of a document, for somebody to whom the record's tab may show it.

	It is linked to the record or one of its Xero contacts', unless they may see the whole books and look there
	(`from_books`); and a bill is only for those who may see bills. To anybody else it is not there:
	NeedsPerson(NOT_FOUND).
	"""
	fields = ["name", "organisation", "document_type", "status", "number", "contact"]
	found = frappe.db.get_value("Xero Invoice", document_id, fields, as_dict=True)
	if not found or not _may_see(record, found, from_books):
		raise NeedsPerson(Code.NOT_FOUND, what=document_id)
	return found


def _may_see(record: Record, document: Any, from_books: bool) -> bool:
	if document.document_type in KINDS["bill"] and not access.may(Right.SEE_BILLS):
		return False
	return (from_books and access.may(Right.SEE_BOOKS)) or _is_of(record, document)


def _is_of(record: Record, document: Any) -> bool:
	if document.name in links.documents_of(record.party).get(document.organisation, ()):
		return True
	return document.contact in {link.contact for link in links.contacts_of(record.parties)}


def _outside(function: Function) -> inspect.Signature:
	inside = inspect.signature(function)
	named = [
		inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=str)
		for name in ("doctype", "name")
	]
	others = [
		each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
		for name, each in inside.parameters.items()
		if name != "record"
	]
	return inside.replace(parameters=named + others)


def _check_complete(signature: inspect.Signature, arguments: dict[str, Any]) -> None:
	for name, parameter in signature.parameters.items():
		is_open = parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
		if parameter.default is parameter.empty and not is_open and name not in arguments:
			raise NeedsPerson(Code.MISSING_VALUE, field=name)


def open_record(doctype: str, name: str, needs: Needs) -> Record:
	"""The record, for somebody who may read or write it: whether it exists is only told to those who could.

	Raises frappe.PermissionError, and NeedsPerson as `site.hosts.open_record` does.
	"""
	if not hosts.is_record_type(doctype):
		raise NeedsPerson(Code.NOT_A_RECORD, doctype=doctype)
	if not frappe.has_permission(doctype, needs):
		_refuse()
	found = hosts.open_record(doctype, name)
	allowed = access.may_write if needs == "write" else access.may_read
	if not allowed(found.document):
		_refuse()
	return found


def _refuse() -> None:
	frappe.throw(_("You are not allowed to see this record."), frappe.PermissionError)
