"""Where generated things land. All of it is under ``.build`` and may be deleted at any time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "devsite"
SAMPLE_CRM = SOURCE / "sample_crm"

BUILD = ROOT / ".build"
ENGINE = BUILD / "engine"
DESK = BUILD / "desk"
DEMO = BUILD / "demo"


def digest(files: Iterable[Path], *extra: str) -> str:
	"""A short name for the state of some files: changes when one is added, removed, renamed or edited."""
	state = hashlib.sha256("\0".join(extra).encode())
	for file in sorted(files):
		state.update(str(file.relative_to(ROOT)).encode())
		state.update(file.read_bytes())
	return state.hexdigest()[:16]


def sources(*folders: Path, suffixes: tuple[str, ...]) -> list[Path]:
	"""Files below the folders that end so, without byte code and generated folders."""
	return [
		file
		for folder in folders
		for file in sorted(folder.rglob("*"))
		if file.suffix in suffixes and file.is_file() and "node_modules" not in file.parts
	]
