"""What is remembered of matters: since when each is one, and that the Xero Managers were told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import frappe
from frappe.desk.doctype.notification_settings.notification_settings import is_notifications_enabled

from xero_connector.core.matters import Matter, is_to_tell
from xero_connector.core.policy import MANAGER
from xero_connector.site.database import commit_step, from_column, hold_row, now_utc, to_column, upsert

_DOCTYPE = "Xero Matter"
_PAGE = "/app/xero-settings"


def since(matters: Iterable[Matter]) -> dict[str, datetime]:
	"""By key; a matter that was found just now is not among them."""
	keys = [matter.key for matter in matters]
	if not keys:
		return {}
	rows = frappe.get_all(_DOCTYPE, filters={"name": ["in", keys]}, fields=["name", "since_utc"])
	found = {row.name: from_column(row.since_utc) for row in rows}
	return {key: moment for key, moment in found.items() if moment}


def follow(matters: Sequence[Matter], tell: Callable[[Matter], None]) -> None:
	"""Remember these, which are all that there are; `tell` each once that is due for it. What is no matter any more is
	forgotten, with the notifications about it. Committed."""
	_forget_all_but([matter.key for matter in matters])
	_add(matters)
	for matter in sorted(matters, key=lambda each: each.key):
		_tell_once(matter, tell)
	commit_step()


def managers() -> list[str]:
	"""Everybody who was given the role and can sign in."""
	holders = frappe.get_all(
		"Has Role", filters={"parenttype": "User", "role": MANAGER}, pluck="parent", distinct=True
	)
	if not holders:
		return []
	return frappe.get_all(  # type: ignore[no-any-return]
		"User", filters={"name": ["in", holders], "enabled": 1}, pluck="name", order_by="name asc"
	)


def notify(user: str, matter: Matter, text: str) -> None:
	"""In Desk's list of notifications, in place of what was said of the same matter before; for who wants any."""
	_withdraw([matter.key], user)
	if not is_notifications_enabled(user):
		return
	frappe.get_doc(
		{
			"doctype": "Notification Log",
			"for_user": user,
			"type": "Alert",
			"subject": frappe.utils.escape_html(text),
			"document_type": _DOCTYPE,
			"document_name": matter.key,
			"link": _PAGE,
		}
	).insert(ignore_permissions=True)


def _add(matters: Sequence[Matter]) -> None:
	known = since(matters)
	now = to_column(now_utc())
	rows = sorted(
		[each.key, each.kind.value, each.organisation, now, 0] for each in matters if each.key not in known
	)
	if rows:
		upsert(_DOCTYPE, ["name", "kind", "organisation", "since_utc", "told"], rows)


def _tell_once(matter: Matter, tell: Callable[[Matter], None]) -> None:
	hold_row(_DOCTYPE, matter.key)
	row = frappe.db.get_value(_DOCTYPE, matter.key, ["since_utc", "told"], as_dict=True)
	began = from_column(row.since_utc) if row else None
	if began and is_to_tell(matter, began, row.told, now_utc()):
		tell(matter)
		frappe.db.set_value(_DOCTYPE, matter.key, "told", matter.stage, update_modified=False)


def _forget_all_but(keys: Sequence[str]) -> None:
	gone = [name for name in frappe.get_all(_DOCTYPE, pluck="name", order_by="name asc") if name not in keys]
	if gone:
		_withdraw(gone)
		frappe.db.delete(_DOCTYPE, {"name": ["in", gone]})


def _withdraw(keys: Sequence[str], user: str | None = None) -> None:
	about: dict[str, object] = {"document_type": _DOCTYPE, "document_name": ["in", list(keys)]}
	frappe.db.delete("Notification Log", {**about, "for_user": user} if user else about)
