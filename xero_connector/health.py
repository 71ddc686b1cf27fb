"""What is the matter between this site and Xero, found anew each time it is asked (B7, B10).

Everything that can be read stays readable whatever is found here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xero_connector import bootstrap
from xero_connector.core import matters as rules
from xero_connector.core.errors import Code
from xero_connector.core.matters import Kind, Matter
from xero_connector.site import (
	budget,
	matches,
	matters,
	organisations,
	outbox,
	reconciliations,
	settings,
	tax_maps,
	tokens,
	webhook_events,
)
from xero_connector.site.database import now_utc
from xero_connector.site.organisations import State

_OF_THE_CONNECTION = {code.value for code in (Code.RECONNECT, Code.ORGANISATION_GONE, Code.NOT_CONNECTED)}
_OF_THE_CALLS = {Code.RATE_LIMITED.value}


def of(organisation: str | None = None) -> list[Matter]:
	"""Everything that a person should know, the gravest first: of one organisation, or of all of them. Of what is
	switched off only that its grant is about to lapse, for that cannot be mended afterwards."""
	is_on = settings.load().enabled
	states = [state for state in organisations.every() if organisation in (None, state.name)]
	finders = _FINDERS if is_on else (_lapse,)
	found = [matter for state in states for find in finders for matter in find(state)]
	return rules.in_order([*found, *_sends()] if is_on else found)


def check(say: Callable[[Matter, str], str]) -> None:
	"""Every few minutes: the Xero Managers are told what is new, once. `say` gives the sentence for a user."""

	def tell(matter: Matter) -> None:
		for user in matters.managers():
			matters.notify(user, matter, say(matter, user))

	matters.follow(of(), tell)


def _connection(state: State) -> Iterator[Matter]:
	code = state.problem[0] if state.problem else None
	if state.status == "Reconnect" or (not state.connected and code in _OF_THE_CONNECTION):
		yield Matter(Kind.DISCONNECTED, state.name)
	elif state.connected and bootstrap.lacks_consent(state):
		yield Matter(Kind.CONSENT_LACKS, state.name)


def _lapse(state: State) -> Iterator[Matter]:
	expires = tokens.lapses(str(state.connection)) if state.connected else None
	stage = rules.lapse_stage(expires, now_utc()) if expires else 0
	if expires and stage:
		values = {"days": str(max((expires - now_utc()).days, 0)), "date": expires.date().isoformat()}
		yield Matter(Kind.LAPSING, state.name, values, stage)


def _reading(state: State) -> Iterator[Matter]:
	if not state.connected or not state.problem:
		return
	code, values = state.problem
	if code not in _OF_THE_CONNECTION | _OF_THE_CALLS:
		yield Matter(Kind.READING_FAILS, state.name, {**values, "code": code})


def _calls(state: State) -> Iterator[Matter]:
	meter = budget.meter(state.name)
	if state.connected and rules.is_low(meter.day_left, meter.day_limit):
		yield Matter(Kind.CALLS_LOW, state.name, {"left": str(meter.day_left), "limit": str(meter.day_limit)})


def _webhook(state: State) -> Iterator[Matter]:
	if state.connected and webhook_events.status(state.name)["silent_since"]:
		yield Matter(Kind.WEBHOOK_SILENT, state.name)


def _map(state: State) -> Iterator[Matter]:
	broken = tax_maps.broken(state.name)
	if broken:
		yield Matter(Kind.MAP_BROKEN, state.name, {"what": ", ".join(each.name for each in broken)})


def _truth(state: State) -> Iterator[Matter]:
	agreement = reconciliations.agreement(state.name)
	if agreement and agreement["open"]:
		yield Matter(Kind.BOOKS_DIFFER, state.name, {"count": str(agreement["open"])})


def _matches(state: State) -> Iterator[Matter]:
	count = matches.waiting(state.name)
	if count:
		yield Matter(Kind.MATCHES_WAIT, state.name, {"count": str(count)})


def _sends() -> Iterator[Matter]:
	count = outbox.needing_attention()
	if count:
		yield Matter(Kind.SENDS_WAIT, None, {"count": str(count)})


_FINDERS: tuple[Callable[[State], Iterator[Matter]], ...] = (
	_connection,
	_lapse,
	_reading,
	_calls,
	_webhook,
	_map,
	_truth,
	_matches,
)
