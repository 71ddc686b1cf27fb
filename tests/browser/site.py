"""The demo from outside the browser: arranging records on the site, and asking Xero's sandbox what it has."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import requests

TIMEOUT = 30
_numbers = itertools.count(1)


class Site:
	"""HTTP as one user. Cookies and CSRF token as a browser has them."""

	def __init__(self, url: str, user: str, password: str) -> None:
		self.url = url
		self.http = requests.Session()
		_message(
			self.http.post(f"{url}/api/method/login", data={"usr": user, "pwd": password}, timeout=TIMEOUT)
		)
		# Desk's page is the only place where Frappe tells it
		page = self.http.get(f"{url}/app", timeout=TIMEOUT).text
		self.http.headers["X-Frappe-CSRF-Token"] = page.partition('csrf_token = "')[2].partition('"')[0]

	def call(self, method: str, **args: Any) -> Any:
		"""A whitelisted function, by GET."""
		reply = self.http.get(f"{self.url}/api/method/{method}", params=_plain(args), timeout=TIMEOUT)
		return _message(reply)

	def post(self, method: str, **args: Any) -> Any:
		return _message(self.http.post(f"{self.url}/api/method/{method}", data=_plain(args), timeout=TIMEOUT))

	def make(self, doctype: str, **values: Any) -> str:
		"""The name of a new document."""
		return str(self.post("frappe.client.insert", doc={"doctype": doctype, **values})["name"])

	def rows(self, doctype: str, filters: dict[str, Any], *fields: str) -> list[dict[str, Any]]:
		asked = {"doctype": doctype, "filters": filters, "fields": [*fields] or ["name"]}
		found: list[dict[str, Any]] = self.call("frappe.client.get_list", **asked, limit_page_length=0)
		return found

	@contextmanager
	def without_roles(self, user: str, *roles: str, but: tuple[str, ...] = ()) -> Iterator[None]:
		"""A person who has lost these roles and has got those of `but`, for a while."""
		before = self.call("frappe.client.get", doctype="User", name=user)["roles"]
		kept = [row["role"] for row in before if row["role"] not in roles]
		self._set_roles(user, [*kept, *but])
		try:
			yield
		finally:
			self._set_roles(user, [row["role"] for row in before])

	def _set_roles(self, user: str, roles: list[str]) -> None:
		kept = self.call("frappe.client.get", doctype="User", name=user)
		self.post("frappe.client.save", doc={**kept, "roles": [{"role": role} for role in roles]})

	def close(self) -> None:
		self.http.close()

	def person(self, **values: Any) -> str:
		number = next(_numbers)
		return self.make("Contact", first_name="Browser", last_name=f"Person {number}", **values)

	def delete(self, doctype: str, name: str) -> None:
		self.post("frappe.client.delete", doctype=doctype, name=name)

	def link(self, doctype: str, name: str, organisation: str, contact: str) -> None:
		"""Ties a record to a Xero contact, as pressing Link does."""
		method = "xero_connector.api.links.link_contact"
		self.post(method, doctype=doctype, name=name, organisation=organisation, contact_id=contact)

	def contacts(self, organisation: str, text: str) -> list[dict[str, Any]]:
		"""The Xero contacts that the tab finds."""
		method = "xero_connector.api.links.search_contacts"
		found: list[dict[str, Any]] = self.call(method, organisation=organisation, text=text)["contacts"]
		return found

	def deal(self, owner: str, value: str = "4200.00") -> str:
		"""A deal of a new organization that Xero does not know."""
		organization = self.make("CRM Organization", organization_name=f"Browser Works {next(_numbers)}")
		[status, *_] = self.rows("CRM Deal Status", {"type": "Open"})
		return self.make(
			"CRM Deal",
			organization=organization,
			deal_value=value,
			deal_owner=owner,
			currency="NZD",
			exchange_rate=1,
			status=status["name"],
		)


class Xero:
	"""The sandbox's own doors: what is in Xero, whatever the site believes."""

	def __init__(self, url: str) -> None:
		self.url = url
		self.organisations: list[dict[str, str]] = self._get("organisations")
		self.organisation = self.organisations[0]["id"]

	def figures(self, contact: str, organisation: str | None = None) -> dict[str, Any]:
		books = organisation or self.organisation
		found: dict[str, Any] = self._get("figures", organisation_id=books, contact_id=contact)
		return found

	def fault(self, kind: str, **params: Any) -> None:
		self._post("fault", kind=kind, **params)

	def pay(self, invoice: str) -> None:
		"""The whole amount due."""
		self._post("pay", invoice_id=invoice)

	def rename(self, contact: str, name: str) -> None:
		self._post("edit_contact", contact_id=contact, Name=name)

	def deliver(self, url: str, key: str) -> list[int]:
		"""What happened since the last time, as webhooks; the HTTP statuses got."""
		statuses: list[int] = self._post("webhooks", url=url, key=key)["statuses"]
		return statuses

	def _post(self, name: str, **params: Any) -> Any:
		reply = requests.post(f"{self.url}/_sandbox/{name}", json=params, timeout=TIMEOUT)
		reply.raise_for_status()
		return reply.json()

	def _get(self, name: str, **params: Any) -> Any:
		reply = requests.get(f"{self.url}/_sandbox/{name}", params=params, timeout=TIMEOUT)
		reply.raise_for_status()
		return reply.json()


class Connection:
	"""The site's connection to the sandbox, made and broken without a browser."""

	def __init__(self, site: Site, xero: Xero) -> None:
		self.site, self.xero = site, xero

	@property
	def organisations(self) -> list[dict[str, Any]]:
		found: list[dict[str, Any]] = self.site.call("xero_connector.api.connection.status")["organisations"]
		return found

	def ensure(self, *organisations: str) -> None:
		"""Connected to these (the sandbox's first one), read to the end and without a problem."""
		if not self._is_connected():
			self._consent([*organisations] or [self.xero.organisation])
		await_until(self._is_read, "the first reading")

	def read(self) -> None:
		"""What is new in Xero, however the last reading ended."""
		before = self.organisations[0]["last_sync"]
		self.site.post(
			"xero_connector.api.connection.refresh_organisation", organisation=self.xero.organisation
		)
		await_until(lambda: self.organisations[0]["last_sync"] != before, "a reading")

	def end(self) -> None:
		if self._is_connected():
			self.site.post("xero_connector.api.connection.disconnect", organisation=self.xero.organisation)

	def _is_connected(self) -> bool:
		return any(row["status"] == "Connected" for row in self.organisations)

	def _is_read(self) -> bool:
		return all(row["last_sync"] and row["sync_state"] == "Idle" for row in self.organisations)

	def _consent(self, tenants: list[str]) -> None:
		"""As pressing Connect and Allow does."""
		asked = self.site.post("xero_connector.api.connection.start")["authorize_url"]
		address, _, query = asked.partition("?")
		form = {**dict(parse_qsl(query)), "tenant": tenants, "action": "allow"}
		answer = requests.post(address, data=form, allow_redirects=False, timeout=TIMEOUT)
		self.site.http.get(answer.headers["Location"], timeout=TIMEOUT).raise_for_status()


def await_until(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
	deadline = time.monotonic() + seconds
	while not condition():
		if time.monotonic() > deadline:
			raise TimeoutError(f"{what} took more than {seconds} seconds")
		time.sleep(0.1)


def _plain(args: dict[str, Any]) -> dict[str, Any]:
	return {
		name: json.dumps(value) if isinstance(value, (dict, list)) else value for name, value in args.items()
	}


def _message(reply: requests.Response) -> Any:
	if not reply.ok:
		raise AssertionError(f"{reply.status_code} of {reply.url}: {reply.text[:2000]}")
	return reply.json().get("message")
