"""HTTP to a site, in this process."""

from __future__ import annotations

import json
from typing import Any

from .hosts import Host, away, end_transaction


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
		from devsite import server

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
