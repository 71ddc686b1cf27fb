"""What the hosts' documents tell us."""

from __future__ import annotations

from typing import Any

from xero_connector.site import links, outbox
from xero_connector.site.links import Party


def forget_record(document: Any, method: str | None = None) -> None:
	"""A deleted record leaves no links and no unsent wishes; nothing is deleted in Xero."""
	record = Party(document.doctype, document.name)
	links.forget(record)
	outbox.withdraw(record)
