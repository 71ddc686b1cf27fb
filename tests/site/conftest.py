"""A Frappe site for every test here: the embedded one, or a bench's with ``--bench PATH --site NAME``.

Code under test may commit. After each test what it left is taken back: rows of our doctypes, documents that
the factories made, cached values, queued jobs. Other things a test makes, it removes itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from devsite import testing
from tests import factories
from tests.xero_world import World, world

_opened: dict[str, testing.Host] = {}


def pytest_configure(config: pytest.Config) -> None:
	"""Opens the site before test modules are collected, for they import frappe."""
	if _opened:
		return
	bench, site = config.getoption("--bench"), config.getoption("--site")
	if bench and not site:
		raise pytest.UsageError("--bench needs --site NAME")
	if bench:
		_opened["host"] = testing.Bench(Path(bench), site)
	else:
		folder = tempfile.TemporaryDirectory(prefix="devsite-", ignore_cleanup_errors=True)
		config.add_cleanup(folder.cleanup)
		_opened["host"] = testing.Embedded(Path(folder.name) / "site")


@pytest.fixture(scope="session")
def host() -> testing.Host:
	return _opened["host"]


@pytest.fixture(scope="session")
def janitor(host: testing.Host) -> testing.Janitor:
	return testing.Janitor()


@pytest.fixture(scope="session")
def users(host: testing.Host) -> Iterator[testing.Users]:
	made = testing.Users()
	yield made
	made.remove()


@pytest.fixture
def embedded(host: testing.Host) -> None:
	"""For tests of the embedded site itself."""
	if not host.embedded:
		pytest.skip("is about the embedded site; this runs on a bench")


@pytest.fixture(autouse=True)
def site(host: testing.Host, janitor: testing.Janitor) -> Iterator[str]:
	"""The site, connected as Administrator; yields its name."""
	import frappe

	if not getattr(frappe.local, "db", None):
		host.connect()
	frappe.set_user("Administrator")
	factories.start(janitor.register)
	yield host.name
	if not getattr(frappe.local, "db", None):
		host.connect()
	frappe.db.rollback()
	janitor.clean()
	# last, because deleting a document queues the removal of what points at its name
	testing.Jobs(host).clear()


@pytest.fixture(autouse=True)
def imported(site: str, janitor: testing.Janitor, monkeypatch: pytest.MonkeyPatch) -> None:
	"""What becomes of contacts of Xero, or of a file's rows, is gone after the test, whichever job made it."""
	from xero_connector.site.hosts import details

	save, rename = details._save, details.rename_doc

	def saved(document: Any) -> Any:
		is_new = document.is_new()
		kept = save(document)
		return factories.registered(kept) if is_new else kept

	def renamed(doctype: str, *names: str, **named: Any) -> str:
		name: str = rename(doctype, *names, **named)
		janitor.register(doctype, name)
		return name

	monkeypatch.setattr(details, "_save", saved)
	monkeypatch.setattr(details, "rename_doc", renamed)


AsUser = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def as_user(site: str, users: testing.Users) -> AsUser:
	"""``with as_user(["Xero Sales"]) as name:`` runs as a user who has exactly these roles."""

	@contextmanager
	def switch(roles: list[str]) -> Iterator[str]:
		import frappe

		name, before = users.with_roles(roles), frappe.session.user
		frappe.set_user(name)
		try:
			yield name
		finally:
			frappe.set_user(before)

	return switch


@pytest.fixture
def http(site: str, host: testing.Host) -> testing.Client:
	"""``http.login(user).post("xero_connector.api.panel.get", doctype=…)``, a guest before ``login``."""
	return testing.Client(host)


@pytest.fixture
def jobs(site: str, host: testing.Host) -> testing.Jobs:
	"""``jobs.run_all()`` runs what is queued, here and now, and tells what became of each."""
	return testing.Jobs(host)


@pytest.fixture
def xero(site: str, host: testing.Host, jobs: testing.Jobs) -> Iterator[World]:
	"""The site configured for a sandbox of Xero of its own and connected to its first organisation."""
	with world(host, jobs) as beside:
		beside.connect()
		yield beside


@pytest.fixture
def ready(xero: World) -> World:
	"""The same, with everything read into the mirror."""
	xero.read()
	return xero
