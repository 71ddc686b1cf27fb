"""Grants and their tokens. Xero's refresh tokens are single use, so exactly one worker may refresh a grant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import frappe
from frappe.utils.password import get_decrypted_password, remove_encrypted_password, set_encrypted_password

from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.core.model import Identity, TokenSet
from xero_connector.site.database import commit_step, from_column, hold_row, now_utc, to_column

_DOCTYPE = "Xero Connection"
_MARGIN = timedelta(seconds=90)
"""A token this close to its end is refreshed, so that it does not die on the way to Xero."""


def save_grant(identity: Identity, tokens: TokenSet) -> str:
	"""Keep a grant, committed; the same Xero user gives one row however often they connect. Its name."""
	name = grant_of(identity)
	row = frappe.get_doc(_DOCTYPE, name) if name else frappe.new_doc(_DOCTYPE)
	row.update({"xero_user_id": identity.user_id, "email": identity.email, "user_name": identity.name})
	row.save(ignore_permissions=True)
	_store(row.name, tokens)
	commit_step()
	return str(row.name)


def grant_of(identity: Identity) -> str | None:
	"""The name of what this Xero user, or this Custom Connection, granted before."""
	found: str | None = frappe.db.get_value(_DOCTYPE, {"xero_user_id": identity.user_id})
	return found


def access_token(connection: str, refresh: Callable[[str | None], TokenSet]) -> str:
	"""A token that is good for the next call; refreshed when it is about to end.

	`refresh` turns a refresh token, None where the grant has none, into a new set. It runs while the connection's row is locked, and the new
	set is committed before anybody uses it, so that of many workers with an expired token one refreshes and
	the others find its result. Commits: what the caller wrote before must be complete.
	Raises NeedsPerson(RECONNECT) when the grant is gone, and what `refresh` raises.
	"""
	if token := _current(connection):
		return token
	hold_row(_DOCTYPE, connection)
	try:
		if token := _current(connection):
			return token
		return _refreshed(connection, refresh)
	finally:
		commit_step()


def refresh_token(connection: str) -> str | None:
	"""The refresh token of a grant, for revoking it."""
	return get_decrypted_password(_DOCTYPE, connection, "refresh_token", raise_exception=False)


def is_custom(connection: str) -> bool:
	"""Whether the grant is a Custom Connection's: it has no refresh token that could end."""
	return lapses(connection) is None


def lapses(connection: str) -> datetime | None:
	"""When the grant ends if nobody uses it; None for a Custom Connection's, which does not."""
	return from_column(frappe.db.get_value(_DOCTYPE, connection, "refresh_expires_utc"))


def scopes(connection: str) -> tuple[str, ...]:
	"""What was granted."""
	return tuple((frappe.db.get_value(_DOCTYPE, connection, "scopes") or "").split())


def expire(connection: str) -> None:
	"""Xero called the access token expired before its time: the next call gets a new one."""
	frappe.db.set_value(_DOCTYPE, connection, "access_expires_utc", None, update_modified=False)
	commit_step()


def forget(connection: str) -> None:
	"""Drop the tokens of a grant that has no organisation left."""
	for field in ("access_token", "refresh_token"):
		remove_encrypted_password(_DOCTYPE, connection, field)
	_set_status(connection, "Disconnected")


def need_reconnect(connection: str) -> None:
	"""The grant died in Xero; its organisations stay readable and ask for a new consent."""
	_set_status(connection, "Reconnect")


def _set_status(connection: str, status: str) -> None:
	frappe.db.set_value(_DOCTYPE, connection, {"status": status, "access_expires_utc": None})
	organisation = frappe.qb.DocType("Xero Organisation")
	frappe.qb.update(organisation).set(organisation.status, status).where(
		(organisation.connection == connection) & (organisation.status == "Connected")
	).run()
	commit_step()


def _current(connection: str) -> str | None:
	stored = frappe.db.get_value(_DOCTYPE, connection, ["status", "access_expires_utc"])
	if not stored or stored[0] != "Connected":
		raise NeedsPerson(Code.RECONNECT)
	expires = from_column(stored[1])
	if not expires or expires - _MARGIN <= now_utc():
		return None
	return get_decrypted_password(_DOCTYPE, connection, "access_token", raise_exception=False)


def _refreshed(connection: str, refresh: Callable[[str | None], TokenSet]) -> str:
	try:
		tokens = refresh(refresh_token(connection))
	except NeedsPerson as refused:
		if refused.code is Code.RECONNECT:
			need_reconnect(connection)
		raise
	_store(connection, tokens)
	return tokens.access_token


def _store(connection: str, tokens: TokenSet) -> None:
	set_encrypted_password(_DOCTYPE, connection, tokens.access_token, "access_token")
	if tokens.refresh_token:
		set_encrypted_password(_DOCTYPE, connection, tokens.refresh_token, "refresh_token")
	frappe.db.set_value(
		_DOCTYPE,
		connection,
		{
			"status": "Connected",
			"scopes": " ".join(tokens.scopes),
			"access_expires_utc": to_column(tokens.access_expires),
			"refresh_expires_utc": tokens.refresh_expires and to_column(tokens.refresh_expires),
		},
	)
