"""What is the matter with Xero: one list, on the settings page and on the home of /xero."""

from datetime import datetime, timezone
from typing import Any

import frappe

from xero_connector import health
from xero_connector.api.guard import entry
from xero_connector.core.matters import Kind
from xero_connector.core.policy import Right
from xero_connector.health_sentences import sentence
from xero_connector.site import access, budget, matters, organisations

SETTINGS_PAGE = "/app/xero-settings"
_PLACES = {
	Kind.SENDS_WAIT: "/app/xero-outbox?state=Needs+Attention",
	Kind.MATCHES_WAIT: "/app/xero-match?state=Waiting",
	Kind.BOOKS_DIFFER: "/app/xero-reconciliation",
}


@frappe.whitelist()
@entry(Right.CONFIGURE)
def get(organisation: str | None = None) -> dict[str, Any]:
	"""`matters`, the gravest first: of one organisation, or of all of them."""
	return {"matters": rows(organisation)}


def rows(organisation: str | None = None) -> list[dict[str, Any]]:
	"""Each matter with its sentence, since when it is one (None: found just now), and where it is dealt with by whoever
	may go there."""
	found, places = health.of(organisation), _PLACES if access.may(Right.SEE_BOOKS) else {}
	since, titles = matters.since(found), {state.name: state.title for state in organisations.every()}
	return [
		{
			"kind": matter.kind.value,
			"level": matter.level.value,
			"text": sentence(matter),
			"organisation": matter.organisation,
			"title": titles.get(matter.organisation) if matter.organisation else None,
			"since": _moment(since.get(matter.key)),
			"url": places.get(matter.kind, SETTINGS_PAGE),
		}
		for matter in found
	]


def calls(organisation: str) -> dict[str, Any]:
	"""The meter of an organisation's calls: whole numbers, and the moment until which Xero wants none."""
	meter = budget.meter(organisation)
	paused = meter.paused_until
	return {
		"day_left": meter.day_left,
		"day_limit": meter.day_limit,
		"minute_left": meter.minute_left,
		"paused_until": datetime.fromtimestamp(paused, timezone.utc).isoformat() if paused else None,
	}


def _moment(moment: datetime | None) -> str | None:
	return moment.isoformat() if moment else None
