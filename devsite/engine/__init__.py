"""The engine: PyPI's ``monoframe`` under its own name, ``frappe``, with its defects mended.

``boot`` is the only door. It may be called once in a process: the engine keeps its site in the working
directory and in module globals.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from devsite import paths

_booted: Path | None = None


def boot(site: Path, apps: Sequence[str]) -> ModuleType:
	"""Import the engine, mended, for the site in this folder; ``apps`` are those it may have besides frappe.

	Returns the ``frappe`` module, not yet connected.
	"""
	global _booted
	site = Path(site).resolve()
	if _booted is not None:
		if _booted != site:
			raise RuntimeError(f"This process already serves {_booted}")
		return sys.modules["frappe"]
	from . import download

	download.ensure()
	for folder in (paths.SAMPLE_CRM, paths.ENGINE):
		sys.path.insert(0, str(folder))
	os.chdir(site)  # the engine takes the working directory as the site
	_mend(apps)
	_booted = site
	return sys.modules["frappe"]


def _mend(apps: Sequence[str]) -> None:
	from . import extras

	extras.stub()
	from . import configuration, hosting, memory_redis, printing, quiet, security, sqlite, sqlite_schema

	config = configuration.read()
	configuration.mend()
	hosting.mend(apps)
	if config.get("db_type") == "sqlite":
		sqlite.mend()
		sqlite_schema.mend()
	memory_redis.mend(fake=not config.get("redis_cache"))
	printing.mend()
	security.mend()
	quiet.mend()
