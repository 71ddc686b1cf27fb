"""Users for a session, and taking back what a test committed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from devsite import worker

MODULE = "Xero Connector"


def _cancel(doctype: str, name: str) -> None:
	"""What is submitted cannot be deleted."""
	import frappe

	if frappe.db.get_value(doctype, name, "docstatus") == 1:
		document = frappe.get_doc(doctype, name)
		document.flags.ignore_permissions = document.flags.ignore_links = True
		document.cancel()


class Janitor:
	"""Brings the site back to how the session found it: our doctypes' rows, and documents made by factories."""

	def __init__(self) -> None:
		import frappe

		ours = frappe.get_all("DocType", {"module": MODULE}, ["name", "issingle"], order_by="name")
		self.singles = [row.name for row in ours if row.issingle]
		self.tables = [row.name for row in ours if not row.issingle]
		self.values = self._single_values()
		self.made: list[tuple[str, str]] = []

	def _single_values(self) -> list[Any]:
		import frappe

		if not self.singles:
			return []
		query = "select doctype, field, value from `tabSingles` where doctype in %(names)s"
		return list(frappe.db.sql(query, {"names": self.singles}))

	def register(self, doctype: str, name: str) -> None:
		self.made.append((doctype, name))

	def clean(self) -> None:
		import frappe

		frappe.set_user("Administrator")
		for name in self.tables:
			frappe.db.sql(f"delete from `tab{name}`")
		if self.singles or self.tables:
			self._clean_singles()
		for doctype, name in reversed(self.made):
			_cancel(doctype, name)
			frappe.delete_doc(
				doctype,
				name,
				force=True,
				ignore_permissions=True,
				ignore_missing=True,
				delete_permanently=True,
			)
			# Frappe leaves these to a job; the next test's document may have the same name
			frappe.db.delete("Comment", {"reference_doctype": doctype, "reference_name": name})
		self.made.clear()
		frappe.db.commit()
		forget_cached()

	def _clean_singles(self) -> None:
		import frappe

		names = {"names": [*self.singles, *self.tables]}
		frappe.db.sql("delete from `__Auth` where doctype in %(names)s", names)
		frappe.db.sql("delete from `tabSingles` where doctype in %(names)s", names)
		for values in self.values:
			frappe.db.sql(
				"insert into `tabSingles` (doctype, field, value) values (%s, %s, %s)", tuple(values)
			)


def forget_cached() -> None:
	"""Cached documents and our own keys, not the metadata, which is costly to read again."""
	import frappe

	for prefix in ("document_cache::", "xero"):
		frappe.cache.delete_keys(prefix)
	for native in frappe.cache.keys(frappe.cache.make_key("xero*")):
		frappe.cache.delete(native)
	if hasattr(frappe, "client_cache"):
		for doctype in frappe.get_all("DocType", {"module": MODULE, "issingle": 1}, pluck="name"):
			frappe.client_cache.delete_value(frappe.get_document_cache_key(doctype, doctype))
	frappe.db.value_cache.clear()
	getattr(frappe.local, "request_cache", {}).clear()  # Frappe 15 makes it with the first use
	frappe.local.cache = {}
	frappe.local.dynamic_link_map = None  # made once a request


def _queued() -> dict[str, Any]:
	return {job.id: (job, queue) for queue in worker.queues() for job in queue.jobs}


class Users:
	"""Users with exactly the roles asked for, made on first use and kept for the session."""

	def __init__(self) -> None:
		self.made: dict[frozenset[str], str] = {}

	def with_roles(self, roles: Sequence[str]) -> str:
		"""The name of a user who has these roles and no other."""
		key = frozenset(roles)
		if key not in self.made:
			self.made[key] = self._make(key)
		return self.made[key]

	def _make(self, roles: frozenset[str]) -> str:
		import frappe

		before, queued = frappe.session.user, _queued()
		frappe.set_user("Administrator")
		name = f"user-{len(self.made) + 1}@test.example.com"
		if frappe.db.exists("User", name):
			frappe.delete_doc("User", name, force=True, ignore_permissions=True)
		user = frappe.new_doc("User")
		user.update(
			{"email": name, "first_name": " and ".join(sorted(roles)) or "No Role", "send_welcome_email": 0}
		)
		user.extend("roles", [{"role": role} for role in sorted(roles)])
		user.flags.no_welcome_mail = True
		user.insert(ignore_permissions=True)
		frappe.db.commit()
		for key, (job, queue) in _queued().items():
			if key not in queued:  # Frappe makes a Contact of every user: not what a test queued
				worker.forget(job, queue)
		frappe.set_user(before)
		return name

	def remove(self) -> None:
		import frappe

		frappe.set_user("Administrator")
		for name in self.made.values():
			frappe.delete_doc("User", name, force=True, ignore_permissions=True, ignore_missing=True)
		self.made.clear()
		frappe.db.commit()
