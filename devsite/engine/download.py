"""Fetches the engine's wheel and unpacks it as a package named ``frappe``.

Frappe itself is not on PyPI. ``monoframe`` 0.0.1 (MIT) is Frappe 16-dev with every "frappe" renamed, so the
name is put back here. The result is generated: it is never committed, published or edited by hand.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock

from devsite import paths

WHEEL = "monoframe==0.0.1"
SHA256 = "192e1430290ba868e515186a1e21bbdc7190a66fffbfaf35d5296bfca83a70ca"

RENAMES = (("monoframe", "frappe"), ("Monoframe", "Frappe"), ("MONOFRAME", "FRAPPE"), ("MonoFrame", "Frappe"))
TEXT = (
	*(".py", ".json", ".html", ".js", ".txt", ".md", ".css", ".scss", ".less", ".xml", ".csv", ".vue"),
	*(".svg", ".po", ".pot", ".ts", ".sql", ".toml", ".yml"),
)

# Only what cannot be mended after the import: file → (found, put there instead), each with its reason.
EDITS: dict[str, tuple[tuple[str, str], ...]] = {
	# a `type` statement is Python 3.12
	"desk/doctype/event/event.py": (("type EventLikeDict = Event | frappe._dict", "EventLikeDict = object"),),
	"app.py": (
		# wants mysqlclient, which needs a C compiler
		("import frappe.database.mariadb.mysqlclient  #", "import frappe.database.database  #"),
		# reads the .env of any folder above: not ours to read
		("from dotenv import load_dotenv\nload_dotenv()\n", ""),
		# nothing here calls serve(), and nothing may serve to the network
		('host="0.0.0.0"', 'host="127.0.0.1"'),
	),
	"utils/install.py": (
		# a module that the wheel does not have
		("from frappe.tests.utils.generators import _clear_test_log", ""),
		("\t_clear_test_log()", ""),
		# removing an app deleted the icons of frappe
		('frappe.get_hooks()["app_title"]', 'frappe.get_hooks(app_name=app_name)["app_title"]'),
	),
	# Desk knew of one app only
	"boot.py": (
		('for app_name in ["frappe"]:', "for app_name in frappe.get_installed_apps():"),
		(
			'frappe.get_hooks("add_to_apps_screen")',
			'frappe.get_hooks("add_to_apps_screen", app_name=app_name)',
		),
		('frappe.get_hooks("app_title")', 'frappe.get_hooks("app_title", app_name=app_name)'),
		('frappe.get_hooks("app_home")', 'frappe.get_hooks("app_home", app_name=app_name)'),
		('frappe.get_hooks("app_logo_url")', 'frappe.get_hooks("app_logo_url", app_name=app_name)'),
	),
	"desk/doctype/desktop_icon/desktop_icon.py": (
		(
			'frappe.get_hooks()["app_title"][0] == self.label',
			'frappe.get_hooks(app_name=a)["app_title"][0] == self.label',
		),
		(
			'frappe.get_hooks()["add_to_apps_screen"][0]',
			'(frappe.get_hooks("add_to_apps_screen", app_name=a) or [{}])[0]',
		),
		(
			'app_title = frappe.get_hooks("app_title")[0]\n\t\t\t\tapp_icon',
			'app_title = frappe.get_hooks("app_title", app_name=app_name)[0]\n\t\t\t\tapp_icon',
		),
		(
			'app_title = frappe.get_hooks("app_title")[0]\n\t\tapp_details = frappe.get_hooks("add_to_apps_screen")',
			'app_title = frappe.get_hooks("app_title", app_name=a)[0]\n\t\tapp_details = frappe.get_hooks("add_to_apps_screen", app_name=a)',
		),
	),
	"apps.py": (
		(
			'\t\tapp_details = frappe.get_hooks("add_to_apps_screen")\n\t\tif not len(',
			'\t\tapp_details = frappe.get_hooks("add_to_apps_screen", app_name=app)\n\t\tif not len(',
		),
	),
	# a picture that the wheel does not have
	"hooks.py": (("images/frappe-logo.svg", "images/frappe-framework-logo.svg"),),
	# counted every app but frappe as not set up
	"utils/installed_apps.py": (('return ["frappe"]', "return frappe.get_installed_apps()"),),
}


def ensure() -> Path:
	"""The folder that holds the package ``frappe``; made on first use, once for all processes."""
	paths.BUILD.mkdir(exist_ok=True)
	stamp = paths.ENGINE / "stamp"
	wanted = paths.digest([Path(__file__)], SHA256)
	with FileLock(paths.BUILD / "engine.lock"):
		if not stamp.exists() or stamp.read_text() != wanted:
			shutil.rmtree(paths.ENGINE, ignore_errors=True)
			with tempfile.TemporaryDirectory(dir=paths.BUILD) as folder:
				unpack(fetch(Path(folder)), paths.ENGINE)
			stamp.write_text(wanted)
	return paths.ENGINE


def fetch(folder: Path) -> Path:
	"""The pinned wheel, downloaded into the folder by pip, which refuses any other content."""
	requirements = folder / "engine.txt"
	requirements.write_text(f"{WHEEL} --hash=sha256:{SHA256}\n")
	command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
	command += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
	subprocess.run([*command, "--dest", str(folder), "--requirement", str(requirements)], check=True)
	return next(folder.glob("*.whl"))


def unpack(wheel: Path, target: Path) -> None:
	"""Write the package of the wheel below ``target``, renamed and edited."""
	with zipfile.ZipFile(wheel) as archive:
		for name in archive.namelist():
			if not name.startswith("monoframe/") or name.endswith("/"):
				continue
			out = target / name.replace("monoframe", "frappe")
			out.parent.mkdir(parents=True, exist_ok=True)
			out.write_bytes(converted(name.removeprefix("monoframe/"), archive.read(name)))


def converted(name: str, content: bytes) -> bytes:
	if Path(name).suffix not in TEXT:
		return content
	text = content.decode()
	for old, new in RENAMES:
		text = text.replace(old, new)
	for old, new in EDITS.get(name, ()):
		if old not in text:
			raise ValueError(f"The engine's {name} is not the one these edits were written for: {old!r}")
		text = text.replace(old, new)
	return text.encode()
