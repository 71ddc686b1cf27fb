"""Optional extras that the engine's controllers import at module level, as empty stand-ins."""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# google-api-python-client alone is 60 MB; sentry would phone home
NAMES = frozenset({"google", "googleapiclient", "google_auth_oauthlib", "sentry_sdk"})


class _Stubs(MetaPathFinder, Loader):
	"""Comes last, so that a package that is really installed wins."""

	def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
		if fullname.split(".")[0] in NAMES:
			return ModuleSpec(fullname, self, is_package=True)
		return None

	def create_module(self, spec: ModuleSpec) -> None:
		return None

	def exec_module(self, module: ModuleType) -> None:
		def missing(name: str) -> type:
			if name.startswith("__"):
				raise AttributeError(name)
			return type(name, (Exception,), {})

		module.__getattr__ = missing  # type: ignore[method-assign]


def stub() -> None:
	sys.meta_path.append(_Stubs())
