"""Opening a site: the embedded one, or one of a bench."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Host(Protocol):
	"""A site that can be opened, and opened again in this thread after something destroyed ``frappe.local``."""

	name: str
	embedded: bool

	def connect(self) -> None: ...


class Embedded:
	embedded = True

	def __init__(self, folder: Path) -> None:
		from devsite import sites

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
		self._require_no_workers()

	def _require_no_workers(self) -> None:
		"""They would take the tests' jobs, and run them when the test is over."""
		from frappe.utils.background_jobs import get_workers

		if get_workers():
			raise SystemExit("Stop the bench's workers first: they would take the jobs of the tests.")

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
