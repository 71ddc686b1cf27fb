"""A site beside a sandbox of Xero: configured, and connected the way an administrator connects it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import time_machine

from devsite import demo, testing
from xero_sandbox import Sandbox


class World:
	"""``sandbox`` is Xero; ``organisation`` the tenant that `connect` connected."""

	def __init__(self, host: testing.Host, sandbox: Sandbox, jobs: testing.Jobs) -> None:
		self.host = host
		self.sandbox = sandbox
		self.jobs = jobs
		self.organisation: str = sandbox.organisations[0].id

	def configure(self) -> None:
		import frappe

		settings = frappe.get_doc("Xero Settings")
		settings.update({"enabled": 1, "client_id": "SANDBOX", "client_secret": "sandbox-secret"})
		settings.save()
		frappe.db.commit()

	def consent(self, *tenants: str) -> dict[str, str]:
		"""What Xero's consent page sends back: state and code."""
		import frappe

		from xero_connector import bootstrap

		asked = urlsplit(bootstrap.authorize_url(frappe.session.user))
		form: dict[str, Any] = {name: values[0] for name, values in parse_qs(asked.query).items()}
		form |= {"tenant": list(tenants) or [self.organisation], "action": "allow"}
		answer = requests.post(
			f"{self.sandbox.url}/identity/connect/authorize", data=form, allow_redirects=False, timeout=10
		)
		answered = parse_qs(urlsplit(answer.headers["Location"]).query)
		return {"state": answered["state"][0], "code": answered["code"][0]}

	def connect(self, *tenants: str) -> None:
		"""Configured and connected, nothing read yet."""
		import frappe

		from xero_connector import bootstrap

		self.configure()
		answer = self.consent(*tenants)
		bootstrap.connect(frappe.session.user, answer["state"], answer["code"])

	def read(self) -> None:
		"""The job that reads everything new, run here and now."""
		from xero_connector import reading
		from xero_connector.site import polls

		polls.want(self.organisation)
		reading.read_organisation(self.organisation)

	@contextmanager
	def clock(self) -> Iterator[Callable[[float], None]]:
		"""Yields what puts the site's clock and Xero's forward together, by seconds; both run on by themselves."""
		with time_machine.travel(datetime.now(timezone.utc), tick=True) as traveller:

			def later(seconds: float) -> None:
				traveller.shift(seconds)
				self.sandbox.advance(seconds)

			yield later

	def calls(self, path: str = "", method: str = "GET") -> list[Any]:
		"""The accounting requests that Xero received, oldest first."""
		return [
			request
			for request in self.sandbox.requests
			if request.method == method and request.path.startswith(f"/api.xro/2.0/{path}")
		]


@contextmanager
def world(host: testing.Host, jobs: testing.Jobs, **books: Any) -> Iterator[World]:
	"""A sandbox with ``books`` (contacts, documents, …), and the site pointed at it."""
	import frappe

	sandbox = Sandbox(**{"seed": 7, "contacts": 40, "documents": 120, "organisations": 2, **books})
	file = Path(frappe.get_site_path("site_config.json")).resolve()
	before = file.read_text()
	with sandbox.serve(port=0) as url:
		file.write_text(json.dumps({**json.loads(before), "xero_hosts": demo.hosts(url)}, indent="\t"))
		frappe.db.commit()
		host.connect()
		try:
			yield World(host, sandbox, jobs)
		finally:
			file.write_text(before)
			frappe.local.conf.pop("xero_hosts", None)
