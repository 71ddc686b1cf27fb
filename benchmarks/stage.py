"""What a benchmark stands on: a site in this process, connected to a sandbox of Xero in another."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import requests

from devsite import databases, demo, paths, sites, testing
from tests import factories
from tests.xero_world import World
from xero_connector.core import quota
from xero_connector.core.quota import Priority
from xero_sandbox import Sandbox as InProcess

_ORGANISATIONS = 1
_UNCOUNTED = quota.Share(minute=10**6, at_once=5, day_kept=0, patience=0)


class Sandbox:
	"""The sandbox of the other process, with what `World` asks of one. Its work and memory are not ours."""

	def __init__(self, url: str) -> None:
		self.url = url
		self.organisations = [SimpleNamespace(**row) for row in self._get("organisations")]

	@property
	def requests(self) -> list[SimpleNamespace]:
		return [SimpleNamespace(**row) for row in self._get("requests")]

	def _get(self, name: str) -> Any:
		answer = requests.get(f"{self.url}/_sandbox/{name}", timeout=60)
		answer.raise_for_status()
		return answer.json()


class Site:
	"""A `testing.Host` whose mirror nobody else reads or writes, on any database."""

	embedded = True

	def __init__(self, folder: Path) -> None:
		self.name: str = sites.open_site(folder).local.site

	def connect(self) -> None:
		import frappe

		frappe.init(force=True)
		frappe.connect()


@contextmanager
def opened(contacts: int, documents: int) -> Iterator[World]:
	"""A site with an empty mirror, connected; nothing read yet. Neither this Xero nor the site counts calls: what is
	measured is the machine. Once in a process."""
	quota.SHARES.update({priority: _UNCOUNTED for priority in Priority})
	with (
		_sandbox(contacts, documents) as sandbox,
		empty_site(xero_hosts=demo.hosts(sandbox.url)) as site,
	):
		world = World(site, sandbox, testing.Jobs(site))  # type: ignore[arg-type]
		world.connect()
		yield world


@contextmanager
def beside(contacts: int, documents: int, **limits: int) -> Iterator[World]:
	"""The same beside a sandbox in this process, whose limits and clock are Xero's. Once in a process."""
	sandbox = InProcess(
		seed=7, contacts=contacts, documents=documents, organisations=_ORGANISATIONS, **limits
	)
	with sandbox.serve() as url, empty_site(xero_hosts=demo.hosts(url)) as site:
		world = World(site, sandbox, testing.Jobs(site))  # type: ignore[arg-type]
		world.connect()
		yield world


@contextmanager
def empty_site(**config: Any) -> Iterator[Site]:
	"""A site without rows of ours, with this configuration; what the factories make of other apps goes at the
	end. Once in a process."""
	with ExitStack() as stack:
		folder = _folder(stack)
		sites.update_config(folder, **config)
		site = Site(folder)
		janitor = testing.Janitor()
		_empty(janitor)
		factories.start(janitor.register)
		yield site
		_empty(janitor)


def _empty(janitor: testing.Janitor) -> None:
	import frappe

	if databases.kind() == "mariadb":  # where deleting a million rows one by one takes minutes
		for name in janitor.tables:
			frappe.db.truncate(name)
	janitor.clean()


@contextmanager
def _sandbox(contacts: int, documents: int) -> Iterator[Sandbox]:
	books = {"contacts": contacts, "documents": documents, "organisations": _ORGANISATIONS, "port": 0}
	command = [sys.executable, "-m", "xero_sandbox", "--no-limits", "--warm"]
	for option, value in books.items():
		command += [f"--{option}", str(value)]
	with subprocess.Popen(command, cwd=paths.ROOT, stdout=subprocess.PIPE, text=True) as process:
		try:
			assert process.stdout
			# its first line: xero_sandbox on http://127.0.0.1:40123 after 3.2 s
			yield Sandbox(process.stdout.readline().split()[2])
		finally:
			process.terminate()


def _folder(stack: ExitStack) -> Path:
	"""A copy of the template. On MariaDB a copy shares the template's database, so there it is a site of its
	own, which takes half a minute and is kept."""
	if databases.kind() == "sqlite":
		temporary = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
		return sites.copy(Path(temporary) / "site")
	folder = paths.BUILD / f"benchmark-{databases.kind()}"
	stamp, wanted = folder / "stamp", sites.fingerprint()
	if not stamp.exists() or stamp.read_text() != wanted:
		sites.fresh(folder)
		stamp.write_text(wanted)
	return folder
