"""The pages /xero and /xero/<doctype>/<name>: their frame. What they show, the browser asks for by itself.

So there is nothing of Xero's in the HTML that could be cached or kept, and one guard for all hosts (`api.guard`).
"""

from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import frappe
from frappe import _
from frappe.translate import get_translations_from_apps, get_user_translations

from xero_connector import __version__
from xero_connector.api import guard
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.policy import Right
from xero_connector.site.hosts.record import Record

no_cache = 1


def get_context(context: Any) -> None:
	if frappe.session.user == "Guest":
		_go_to_login()
	theme, user_type = frappe.db.get_value("User", frappe.session.user, ["desk_theme", "user_type"])
	context.update(
		{
			"version": __version__,
			"csrf_token": frappe.sessions.get_csrf_token(),
			"language": frappe.local.lang,
			"theme": (theme or "Automatic").lower(),
			"messages": _messages(frappe.local.lang),
		}
	)
	doctype, name = frappe.form_dict.get("doctype"), frappe.form_dict.get("docname")
	try:
		guard.require(Right.SEE)
		record = guard.open_record(doctype, name, "read") if doctype and name else None
	except frappe.PermissionError:
		_refuse(context, 403, _("You are not allowed to see this. A Xero Manager can tell who may."))
	except NeedsPerson as failure:
		if failure.code is Code.NOT_FOUND:
			_refuse(context, 404, _("This record does not exist."))
		else:
			_refuse(context, 403, _("Records of this kind have no page here."))
	else:
		context.record = _shown(record, has_desk=user_type == "System User") if record else None


def _go_to_login() -> None:
	"""And back here. Not for good (301): a browser would remember it."""
	here = quote(frappe.local.request.path)
	frappe.local.flags.redirect_location = f"/login?{urlencode({'redirect-to': here})}"
	raise frappe.Redirect(302)


def _refuse(context: Any, status: int, sentence: str) -> None:
	context.update({"http_status_code": status, "refusal": sentence})


def _shown(record: Record, has_desk: bool) -> dict[str, Any]:
	"""What the frame says of a record; the addresses without a host, since the page may be open under another."""
	desk = urlsplit(frappe.utils.get_url_to_form(*record.party)).path
	own = urlsplit(record.url).path
	return {
		"doctype": record.party.doctype,
		"name": record.party.name,
		"title": record.title,
		"crm_url": own if own != desk else None,
		"desk_url": desk if has_desk else None,
	}


def _messages(language: str) -> dict[str, str]:
	"""Our sentences in this language, and those that the site has changed."""
	return {
		**get_translations_from_apps(language, ["xero_connector"]),
		**(get_user_translations(language) or {}),
	}
