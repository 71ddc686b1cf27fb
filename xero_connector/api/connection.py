"""Connecting the site to Xero."""

from typing import Any

import frappe
from frappe import _

from xero_connector import bootstrap, tasks
from xero_connector.api import health
from xero_connector.api.answers import sentence
from xero_connector.api.guard import entry
from xero_connector.core.errors import Code, NeedsPerson, XeroConnectorError
from xero_connector.core.policy import Right
from xero_connector.site import access, organisations, polls, settings
from xero_connector.xero import oauth

_SETTINGS_PAGE = "/app/xero-settings"


@frappe.whitelist(methods=["POST"])
@entry(Right.CONFIGURE)
def start() -> dict[str, Any]:
	"""`authorize_url`: where the browser goes for Xero's consent; None where there is nothing to consent to, and the
	organisation is connected."""
	if bootstrap.needs_consent():
		return {"authorize_url": bootstrap.authorize_url(frappe.session.user)}
	for organisation in bootstrap.connect_own():
		tasks.enqueue_read(organisation)
	return {"authorize_url": None}


@frappe.whitelist(methods=["GET"])
@entry(Right.CONFIGURE)
def callback(state: str = "", code: str = "", error: str = "", **kwargs: Any) -> None:
	"""Xero sends the browser back here, with a code or with the error that the person chose."""
	try:
		if error or not code:
			raise NeedsPerson(Code.CONSENT_REFUSED)
		connected = bootstrap.connect(frappe.session.user, state, code)
	except XeroConnectorError as failure:
		said = sentence(failure.code.value, failure.values)
		frappe.respond_as_web_page(
			_("Not connected to Xero"),
			frappe.utils.escape_html(said),
			http_status_code=400,
			indicator_color="red",
			primary_action=_SETTINGS_PAGE,
			primary_label=_("Back to Xero Settings"),
		)
		return
	for organisation in connected:
		tasks.enqueue_read(organisation)
	# a GET does not commit by itself, and the jobs go with the commit
	frappe.local.flags.commit = True
	frappe.local.response["type"] = "redirect"
	frappe.local.response["location"] = _SETTINGS_PAGE


@frappe.whitelist()
@entry(Right.CONFIGURE)
def status() -> dict[str, Any]:
	"""What the settings page shows: the app's redirect URI, and each organisation with who connected it, how
	reading goes, what is wrong, whether that `needs_consent` anew although it is connected, and its calls. Whoever
	sets Xero up need not see the `books`."""
	stored = settings.load()
	return {
		"enabled": stored.enabled,
		"configured": settings.configured(),
		"books": access.may(Right.SEE_BOOKS),
		"redirect_uri": stored.redirect_uri,
		"accepts_redirect": oauth.accepts_redirect(stored.redirect_uri),
		"organisations": [_organisation(row) for row in organisations.overview()],
		"matters": health.rows(),
	}


@frappe.whitelist(methods=["POST"])
@entry(Right.CONFIGURE)
def disconnect(organisation: str) -> dict[str, Any]:
	"""What was read stays readable."""
	bootstrap.disconnect(organisation)
	return {}


@frappe.whitelist(methods=["POST"])
@entry(Right.CONFIGURE)
def refresh_organisation(organisation: str, everything: int = 0) -> dict[str, Any]:
	"""Catch up now: read what changed in Xero, accounts and tax rates too, as a job; with `everything` also what
	Xero says has not changed, as once a week."""
	bootstrap.check_open(organisations.get(organisation))
	organisations.lists_wanted(organisation)
	if everything:
		polls.want_pass(organisation)
	tasks.enqueue_read(organisation)
	return {"queued": True}


@frappe.whitelist(methods=["POST"])
@entry(Right.CONFIGURE)
def stop_reading(organisation: str) -> dict[str, Any]:
	"""Reading stops after the page under way; the next one goes on from there."""
	organisations.request_stop(organisations.get(organisation).name)
	return {}


def _organisation(row: dict[str, Any]) -> dict[str, Any]:
	state = organisations.get(row["name"])
	problem, lacks = row.pop("problem"), state.connected and bootstrap.lacks_consent(state)
	said = [_("Connect again to allow writing.")] if lacks else []
	said += [sentence(*problem)] if problem else []
	return {
		**row,
		"problem": " ".join(said) or None,
		"needs_consent": lacks,
		"calls": health.calls(state.name),
	}
