"""What a person reads about a matter: the one table, for the settings page, the home and notifications."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import frappe
from frappe import _

from xero_connector.core.matters import Kind, Matter
from xero_connector.site import organisations


def sentence(matter: Matter) -> str:
	"""In the session's language."""
	return _SENTENCES[matter.kind](matter.values)


def for_user(matter: Matter, user: str) -> str:
	"""In the user's language, with the organisation's name before it."""
	with _in_language_of(user):
		said = sentence(matter)
		if not matter.organisation:
			return str(_("Xero: {0}").format(said))
		return f"{organisations.get(matter.organisation).title}: {said}"


@contextmanager
def _in_language_of(user: str) -> Iterator[None]:
	before = frappe.local.lang
	frappe.local.lang = frappe.db.get_value("User", user, "language") or before
	try:
		yield
	finally:
		frappe.local.lang = before


def _counted(one: Callable[[], str], many: Callable[[], str]) -> Callable[[Mapping[str, str]], str]:
	return lambda v: one() if v["count"] == "1" else many().format(v["count"])


_SENTENCES: dict[Kind, Callable[[Mapping[str, str]], str]] = {
	Kind.DISCONNECTED: lambda v: _(
		"Xero lets this site in no more. Connect again; until then nothing new is read or sent."
	),
	Kind.LAPSING: lambda v: _(
		"The connection ends in {0} days ({1}) unless it is used before. Connect again to renew it."
	).format(v["days"], frappe.utils.formatdate(v["date"])),
	Kind.CONSENT_LACKS: lambda v: _("The mode writes in Xero, and reading alone was allowed. Connect again."),
	Kind.READING_FAILS: lambda v: _(
		"Reading does not succeed at the moment. What was read before stays readable."
	),
	Kind.WEBHOOK_SILENT: lambda v: _(
		"Xero no longer tells of changes: they come by asking, and so later. Check the webhook in your Xero app."
	),
	Kind.CALLS_LOW: lambda v: _(
		"{0} of {1} calls are left today. They are kept for people; reading waits until Xero's day is over."
	).format(v["left"], v["limit"]),
	Kind.MAP_BROKEN: lambda v: _(
		"{0} no longer fits Xero. Invoices that use it are held back until it is mended."
	).format(v["what"]),
	Kind.BOOKS_DIFFER: _counted(
		lambda: _("One row differs between Xero and this site."),
		lambda: _("{0} rows differ between Xero and this site."),
	),
	Kind.SENDS_WAIT: _counted(
		lambda: _("One record could not be sent and needs attention."),
		lambda: _("{0} records could not be sent and need attention."),
	),
	Kind.MATCHES_WAIT: _counted(
		lambda: _("One contact of Xero waits to be matched."),
		lambda: _("{0} contacts of Xero wait to be matched."),
	),
}
