"""Desk's browser bundles: npm packages at fixed versions and a build with esbuild, made once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from . import paths
from .engine import download

SOURCE = paths.SOURCE / "desk"
FILES = ("package.json", "package-lock.json", "build.mjs")


def built() -> bool:
	"""Whether there are bundles, of this build and this engine."""
	stamp = paths.DESK / "stamp"
	return stamp.exists() and stamp.read_text() == _wanted()


def _wanted() -> str:
	return paths.digest([*(SOURCE / name for name in FILES), Path(download.__file__)])


def ensure() -> None:
	paths.BUILD.mkdir(exist_ok=True)
	with FileLock(paths.BUILD / "desk.lock"):
		if built():
			return
		print("Building Desk, once (half a minute) …", file=sys.stderr, flush=True)
		download.ensure()
		_install_packages()
		shutil.rmtree(paths.DESK / "dist", ignore_errors=True)
		_run("node", "build.mjs", str(paths.ENGINE), "dist")
		(paths.DESK / "stamp").write_text(_wanted())


def _install_packages() -> None:
	"""Exactly the packages of the lock file, without their install scripts."""
	if shutil.which("node") is None or shutil.which("npm") is None:
		raise SystemExit("Desk's bundles need node 20 and npm: https://nodejs.org")
	paths.DESK.mkdir(exist_ok=True)
	lock = (SOURCE / "package-lock.json").read_text()
	kept = paths.DESK / "package-lock.json"
	same = kept.exists() and kept.read_text() == lock and (paths.DESK / "node_modules").exists()
	for name in FILES:
		shutil.copy(SOURCE / name, paths.DESK / name)
	if not same:
		_run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def _run(*command: str) -> None:
	done = subprocess.run(command, cwd=paths.DESK, capture_output=True, text=True, check=False)
	if done.returncode:
		raise SystemExit(f"{done.stdout}{done.stderr}\n{' '.join(command)} failed in {paths.DESK}")


def offer(site: Path) -> None:
	"""Tell a site where the bundles are, if there are any."""
	index = paths.DESK / "dist" / "assets.json"
	known = json.loads(index.read_text()) if built() else {}
	(site / "assets" / "assets.json").write_text(json.dumps(known))
