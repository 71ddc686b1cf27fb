"""The site's configuration: one ``site_config.json`` in the site's folder, as on a bench."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = "site_config.json"


def read() -> dict[str, Any]:
	"""The site's own settings; the working directory is the site."""
	return json.loads(Path(FILE).read_text())


def mend() -> None:
	_read_the_file()
	_name_the_site()


def _read_the_file() -> None:
	"""Bug: the engine writes site_config.json (the encryption key too) but reads only the environment.

	Each request then made a new key and could not decrypt what the one before had stored. Requests also kept
	what they had read for a minute, so that a change of the file came late.
	"""
	from frappe import config

	from_environment = config._load_config

	def load() -> Any:
		settings = from_environment()
		settings.update(read())
		return settings

	config._load_config = config._cached_config = load


def _name_the_site() -> None:
	"""Bug: ``frappe.local.site`` is never set, so ``jinja`` hooks of apps silently never load.

	Also gives ``frappe.init`` the parameters that a bench's has.
	"""
	import frappe

	init = frappe.init

	def named_init(
		site: str | None = None, sites_path: str = ".", new_site: bool = False, force: bool = False
	):
		ready = getattr(frappe.local, "initialised", None) and not force
		init(force=force)
		if not ready:
			frappe.local.site = frappe.get_site_name()
			frappe.local.sites_path = ".."

	frappe.init = named_init
