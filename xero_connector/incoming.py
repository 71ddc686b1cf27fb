"""Xero contacts that become records here, as the contact policy says (C2, R103): when they come, when somebody asks,
and as somebody decides about those that are not sure (importer.py).

What has been decided once stays so (site/matches.py), and a merged contact's records go to the one that it was merged
into.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.importer import Importer
from xero_connector.site import links, matches, runs, settings
from xero_connector.site.database import commit_step
from xero_connector.site.links import Party
from xero_connector.site.matches import Wanted
from xero_connector.site.runs import Result

MOST_AT_ONCE = 50
"""Contacts that are brought in without telling how far it is; more are a run, which can be stopped."""


class Counts(NamedTuple):
	"""What would become of the contacts that are new or have changed."""

	link: int
	create: int
	review: int
	left_out: int


class Work(NamedTuple):
	"""What the bringing in has led to: a run that is to be worked off, rows of the outbox that are to be sent."""

	run: str | None = None
	wishes: Sequence[str] = ()


def bring_in(organisation: str) -> Work:
	"""Everything that has come or changed, if the policy wants that."""
	if not settings.load().imports:
		return Work()
	links.follow_merges(organisation)
	matches.forget_gone(organisation)
	commit_step()
	pending = matches.pending(organisation, _wanted())
	if len(pending) > MOST_AT_ONCE:
		# one that somebody has stopped waits to be resumed
		is_under_way = runs.state_of_latest(runs.IMPORT_CONTACTS) in (
			"Queued",
			"Running",
			"Stopping",
			"Stopped",
		)
		return Work() if is_under_way else Work(run=_ask(pending))
	importer = Importer()
	importer.step(pending)
	return Work(wishes=importer.wishes)


def begin(organisation: str, *, dry_run: bool = False) -> str:
	"""A run over everything that has come or changed; raises NeedsPerson(NO_IMPORT) when the policy wants none."""
	if not settings.load().imports:
		raise NeedsPerson(Code.NO_IMPORT)
	return _ask(matches.pending(organisation, _wanted()), dry_run=dry_run)


def _ask(contacts: Sequence[str], *, dry_run: bool = False) -> str:
	return runs.ask(runs.IMPORT_CONTACTS, links.CONTACT, contacts, total=len(contacts), dry_run=dry_run)


def decide(contacts: Sequence[str], decision: str, record: Party | None = None) -> tuple[list[Result], Work]:
	"""Do what somebody wants done with contacts that wait, here and now or as a run; what became of those that were
	done at once."""
	chosen = matches.decide(contacts, decision, record)
	commit_step()
	if len(chosen) > MOST_AT_ONCE:
		return [], Work(run=_ask(chosen))
	importer = Importer()
	return importer.step(chosen), Work(wishes=importer.wishes)


def preview(organisation: str, policy: str | None = None) -> Counts:
	"""What would happen, without doing it; of another policy than the present one, if it is given (B20)."""
	wanted = _wanted(policy)
	outcomes = Counter(
		result.outcome for result in Importer(dry_run=True).step(matches.pending(organisation, wanted))
	)
	left_out = outcomes["left_out"] + matches.left_out(organisation, wanted)
	return Counts(outcomes["would_link"], outcomes["would_create"], outcomes["review"], left_out)


def _wanted(policy: str | None = None) -> Wanted:
	stored = settings.load()
	policy = policy or stored.contact_policy
	is_on = policy in settings.IMPORTING
	return Wanted(is_on, is_on and stored.import_suppliers, is_on and policy != "Auto Import Customers")
