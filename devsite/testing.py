"""What the site tests stand on: the same on the embedded site and on a bench.

``Embedded`` and ``Bench`` open a site; ``Client`` speaks HTTP to it in-process; ``Jobs`` runs its queue;
``Janitor`` takes back what a test committed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from . import worker

MODULE = "Xero Connector"


class Host(Protocol):
	"""A site that can be opened, and opened again in this thread after something destroyed ``frappe.local``."""

	name: str
	embedded: bool

	def connect(self) -> None: ...


class Embedded:
	embedded = True

	def __init__(self, folder: Path) -> None:
		from . import sites

		self.folder = folder
		sites.open_site(sites.copy(folder))
		import frappe

		self.name = frappe.local.site

	def connect(self) -> None:
		import frappe

		frappe.init(force=True)
		frappe.connect()


class Bench:
	"""A site of a real bench; the tests run with the bench's own Python."""

	embedded = False

	def __init__(self, bench: Path, site: str) -> None:
		os.chdir(Path(bench) / "sites")
		self.name = site
		self.connect()

	def connect(self) -> None:
		import frappe

		frappe.init(site=self.name, sites_path=".", force=True)
		frappe.connect()


def end_transaction(commit: bool) -> None:
	"""Finish and close this thread's connection: another one may be about to write."""
	import frappe

	if commit:
		frappe.db.commit()
	else:
		frappe.db.rollback()
	frappe.db.close()


@contextmanager
def away(host: Host) -> Iterator[None]:
	"""Commits and leaves the site while other code uses it in this thread; comes back as the same user."""
	import frappe

	user = frappe.session.user
	end_transaction(commit=True)
	try:
		yield
	finally:
		host.connect()
		frappe.set_user(user)


class Answer:
	"""A reply: ``status``, ``headers``, ``text``; ``json`` the whole body, ``message`` what a method returned."""

	def __init__(self, response: Any) -> None:
		self.status: int = response.status_code
		self.headers = response.headers
		self.data: bytes = response.data
		self.cookies: list[str] = response.headers.getlist("Set-Cookie")

	@property
	def text(self) -> str:
		return self.data.decode()

	@property
	def json(self) -> Any:
		return json.loads(self.data)

	@property
	def message(self) -> Any:
		return self.json.get("message")

	@property
	def error(self) -> str:
		"""The exception's type, or an empty string."""
		return self.json.get("exc_type", "") if self.text.startswith("{") else ""

	def __repr__(self) -> str:
		return f"<Answer {self.status} {self.text[:300]}>"


class Client:
	"""A browser's view of the site: cookies, CSRF token, whitelisted methods. A request commits before it runs."""

	def __init__(self, host: Host) -> None:
		from frappe.app import application
		from werkzeug.test import Client as WsgiClient

		self.host = host
		self.wsgi = WsgiClient(self._application(application))
		self.token: str | None = None

	def _application(self, application: Any) -> Any:
		if not self.host.embedded:
			return application
		from . import server

		return server.fenced(application)

	def login(self, user: str) -> Client:
		"""A session of this user, without a password: logging in by one is Frappe's own to test."""
		from frappe.sessions import Session

		with away(self.host):
			self.host.connect()
			import frappe

			frappe.local.request = _request()
			full_name, user_type = frappe.db.get_value("User", user, ["full_name", "user_type"])
			frappe.local.session_obj = Session(user=user, full_name=full_name, user_type=user_type)
			self.token = frappe.sessions.get_csrf_token()
			frappe.local.session_obj.update(force=True)
			sid = frappe.session.sid
			end_transaction(commit=True)
		self.wsgi.set_cookie("sid", sid, domain="localhost")
		return self

	def logout(self) -> None:
		self.token = None
		self.wsgi.delete_cookie("sid", domain="localhost")

	def get(self, method: str, **parameters: Any) -> Answer:
		"""``method`` is a whitelisted function's dotted name, or a path that begins with a slash."""
		return self.request("GET", method, query_string=_texts(parameters))

	def post(self, method: str, **parameters: Any) -> Answer:
		return self.request("POST", method, data=_texts(parameters))

	def request(
		self, verb: str, method: str, headers: dict[str, str] | None = None, **options: Any
	) -> Answer:
		"""``options`` are werkzeug's: data, json, query_string …"""
		sent = {"X-Frappe-Site-Name": self.host.name, "Host": "localhost", "Accept": "application/json"}
		if self.token:
			sent["X-Frappe-CSRF-Token"] = self.token
		path = method if method.startswith("/") else f"/api/method/{method}"
		with away(self.host):
			sent |= headers or {}
			return Answer(self.wsgi.open(path, method=verb, headers=sent, buffered=True, **options))


def _request() -> Any:
	from werkzeug.test import EnvironBuilder

	return EnvironBuilder(headers={"User-Agent": "pytest"}).get_request()


def _texts(parameters: dict[str, Any]) -> dict[str, str]:
	"""As Frappe's own browser code sends them: structures as JSON, nothing for None."""
	return {
		name: value if isinstance(value, str) else json.dumps(value)
		for name, value in parameters.items()
		if value is not None
	}


class Jobs:
	def __init__(self, host: Host) -> None:
		self.host = host

	def run_all(self, check: bool = True) -> list[worker.Outcome]:
		"""Commit, run every queued job of the site and those they queue, and come back.

		``check``: a job that fails fails the test; without it, its ``error`` holds the traceback.
		"""
		with away(self.host):
			self.host.connect()
			outcomes = worker.drain()
		for outcome in outcomes:
			if check and outcome.error:
				raise AssertionError(f"{outcome.method} failed:\n{outcome.error}")
		return outcomes

	def clear(self) -> None:
		import frappe

		for queue in worker._queues():
			for job in queue.jobs:
				if job.kwargs.get("site") == frappe.local.site:
					job.delete()


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
	frappe.local.request_cache.clear()
	frappe.local.cache = {}


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

		before = frappe.session.user
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
		frappe.set_user(before)
		return name

	def remove(self) -> None:
		import frappe

		frappe.set_user("Administrator")
		for name in self.made.values():
			frappe.delete_doc("User", name, force=True, ignore_permissions=True, ignore_missing=True)
		frappe.db.commit()
