"""Who may do what: the one table of rights (C1, C7, B6, R22, R24, R91, R115).

A role here is only half of the answer: whoever looks at a record must also be allowed to read that record
(`api.guard` asks both).
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

MANAGER, FINANCE, SALES, VIEWER = "Xero Manager", "Xero Finance", "Xero Sales", "Xero Viewer"
ROLES = (MANAGER, FINANCE, SALES, VIEWER)


class Right(str, Enum):
	CONFIGURE = "configure"
	SEE = "see"
	SEE_BILLS = "see_bills"
	SEE_BOOKS = "see_books"
	"""The whole organisation's figures, and not only those of records that one may read."""
	LINK = "link"
	DRAFT = "draft"
	"""One draft, or one new contact, from a record that one may change."""
	SEND = "send"
	"""Everything else that goes to Xero: lists of records, updates, tools, retrying, approving, voiding."""
	OVERRIDE = "override"
	"""Decide against a rule, with a reason, such as mapping tax rates that differ (R102)."""


_HOLDERS: dict[Right, frozenset[str]] = {
	Right.CONFIGURE: frozenset((MANAGER, "System Manager")),
	Right.SEE: frozenset((MANAGER, FINANCE, SALES, VIEWER)),
	Right.SEE_BILLS: frozenset((MANAGER, FINANCE)),
	Right.SEE_BOOKS: frozenset((MANAGER, FINANCE)),
	Right.LINK: frozenset((MANAGER, FINANCE, SALES)),
	Right.DRAFT: frozenset((MANAGER, FINANCE, SALES)),
	Right.SEND: frozenset((MANAGER, FINANCE)),
	Right.OVERRIDE: frozenset((MANAGER,)),
}
_WRITING = (Right.DRAFT, Right.SEND)


def holders(right: Right) -> frozenset[str]:
	"""The roles that have `right`."""
	return _HOLDERS[right]


def holds(
	roles: Collection[str],
	right: Right,
	*,
	show_bills: bool = False,
	allowed: bool = True,
	sales_may_draft: bool = True,
	view_only: bool = False,
) -> bool:
	"""Whether somebody with `roles` has `right`.

	`show_bills` is the setting that lets everybody who may see invoices see bills as well (C8). `allowed`
	is False for who is not on the list of those who see Xero at all, if there is such a list (B6); setting
	Xero up shows no money, so that needs the role alone. Without `sales_may_draft`, drafts are for those
	who may send (C7). In `view_only` nobody has anything written in Xero (C1); linking changes the site alone.
	"""
	if not allowed and right is not Right.CONFIGURE:
		return False
	if view_only and right in _WRITING:
		return False
	if right is Right.SEE_BILLS and show_bills:
		right = Right.SEE
	if right is Right.DRAFT and not sales_may_draft:
		right = Right.SEND
	return not holders(right).isdisjoint(roles)
