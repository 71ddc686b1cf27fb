"""Making, copying and opening a site.

A ready site is made once and kept as a template, one for each kind of database; every test session and every
demo starts from a copy.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from filelock import FileLock

from . import databases, engine, paths

ADMIN_PASSWORD = "admin"
FOLDERS = ("locks", "logs", "frappe/logs", "db", "public/files", "private/files", "private/backups", "assets")
APP = paths.ROOT / "xero_connector"


def apps() -> list[str]:
	"""The apps on every site besides frappe."""
	return ["sample_crm", *(["xero_connector"] if (APP / "hooks.py").exists() else [])]


def fingerprint() -> str:
	"""Changes when a site made now would differ from one made before: not with every edit of the app's code."""
	files = paths.sources(paths.SAMPLE_CRM, suffixes=(".py", ".json", ".txt"))
	files += paths.sources(paths.SOURCE / "engine", suffixes=(".py",))
	files += [Path(__file__), Path(databases.__file__), *paths.sources(APP, suffixes=(".json", ".txt"))]
	files += [file for file in (APP / "hooks.py", APP / "install.py") if file.exists()]
	files += paths.sources(APP / "site" / "hosts", suffixes=(".py",))  # which forms get a tab
	return paths.digest(files)


def template() -> Path:
	"""The folder of a ready site that nobody uses; made when there is none or what it is made of changed."""
	folder = paths.BUILD / f"site-template-{databases.kind()}"
	stamp = folder / "stamp"
	paths.BUILD.mkdir(exist_ok=True)
	with FileLock(f"{folder}.lock"):
		wanted = f"{fingerprint()} {databases.where()}"
		if not stamp.exists() or stamp.read_text() != wanted:
			print("Making a site, once (half a minute) …", file=sys.stderr, flush=True)
			shutil.rmtree(folder, ignore_errors=True)
			_make_in_own_process(folder)
			stamp.write_text(wanted)
	return folder


def _make_in_own_process(folder: Path) -> None:
	"""A process can serve one site only, so that this one stays free; what the installer tells goes to a log."""
	log = folder.with_suffix(".log")
	log.parent.mkdir(parents=True, exist_ok=True)
	with log.open("w") as output:
		command = [sys.executable, "-m", "devsite", "make", str(folder)]
		done = subprocess.run(command, cwd=paths.ROOT, stdout=output, stderr=subprocess.STDOUT, check=False)
	if done.returncode:
		tail = "\n".join(log.read_text().splitlines()[-25:])
		raise SystemExit(f"{tail}\n\nThe site could not be made; all of it is in {log}")


def make(folder: Path) -> None:
	"""A new site in this folder: frappe and the apps, the set-up wizard done."""
	write_skeleton(folder, databases.settings(folder.name))
	databases.create(read_config(folder))
	frappe = engine.boot(folder, apps())
	from frappe.installer import _init_database, install_app

	config = read_config(folder)
	_init_database(
		db_name=config["db_name"],
		db_user=config.get("db_user"),
		db_type=config["db_type"],
		admin_password=ADMIN_PASSWORD,
		setup_db=False,
	)
	_finish_setup(frappe)
	for app in apps():
		install_app(app)
	frappe.db.commit()
	if config["db_type"] == "sqlite":
		frappe.db.sql("PRAGMA wal_checkpoint(TRUNCATE)")
	frappe.destroy()


def _finish_setup(frappe: ModuleType) -> None:
	"""What the wizard asks for; without it Desk opens nothing but the wizard."""
	settings = {
		"country": "United States",
		"language": "en",
		"time_zone": "America/New_York",
		"currency": "USD",
		"float_precision": "3",
		"enable_scheduler": 1,
		"setup_complete": 1,
	}
	for field, value in settings.items():
		frappe.db.set_single_value("System Settings", field, value)
		frappe.db.set_default(field, value)
	frappe.db.set_default("desktop:home_page", "workspace")
	# made before the time zone was known, hours ahead: no job would be due until then
	frappe.db.sql("update `tabScheduled Job Type` set creation = %s", (frappe.utils.now(),))
	frappe.db.commit()
	frappe.clear_cache()


def copy(folder: Path) -> Path:
	"""A fresh site like the template in this folder. On MariaDB it shares the template's database."""
	source = template()
	shutil.rmtree(folder, ignore_errors=True)
	config = read_config(source)
	write_skeleton(folder, config)
	if config["db_type"] == "sqlite":
		fresh = databases.settings("copy")
		shutil.copy(source / "db" / f"{config['db_name']}.db", folder / "db" / f"{fresh['db_name']}.db")
		update_config(folder, **fresh)
	return folder


def fresh(folder: Path) -> Path:
	"""A site of its own in this folder, with nobody else's data, on any database."""
	if databases.kind() == "sqlite":
		return copy(folder)
	shutil.rmtree(folder, ignore_errors=True)
	_make_in_own_process(folder)
	return folder


def open_site(folder: Path) -> ModuleType:
	"""The ``frappe`` module, connected to the site in this folder as Administrator."""
	frappe = engine.boot(folder, apps())
	frappe.init(force=True)
	frappe.connect()
	return frappe


def write_skeleton(folder: Path, config: dict[str, Any]) -> None:
	from cryptography.fernet import Fernet

	for name in FOLDERS:
		(folder / name).mkdir(parents=True, exist_ok=True)
	(folder.parent / "logs").mkdir(exist_ok=True)  # where the engine's logger writes
	(folder / "assets" / "assets.json").write_text("{}")  # pages of the base template need it, bundles or not
	config = {
		"encryption_key": Fernet.generate_key().decode(),  # of the site's passwords: fixed, or none can be read
		"secret_key": "a loopback site has no secrets",
		"mute_emails": 1,
		"disable_async": 1,  # no socket.io server: Desk would ask for one every second
		"host_name": "http://localhost:8000",  # Xero refuses redirects to 127.0.0.1
		**config,
	}
	(folder / "site_config.json").write_text(json.dumps(config, indent="\t"))


def read_config(folder: Path) -> dict[str, Any]:
	return json.loads((folder / "site_config.json").read_text())


def update_config(folder: Path, **values: Any) -> None:
	config = read_config(folder) | values
	(folder / "site_config.json").write_text(json.dumps(config, indent="\t"))
