"""Several apps on one site. The fork took that out; this puts back what Frappe does."""

from __future__ import annotations

import importlib
import inspect
import json
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_available: list[str] = []  # what a bench calls apps.txt


def mend(apps: Sequence[str]) -> None:
	_available[:] = ["frappe", *(app for app in apps if app != "frappe")]
	_find_apps()
	_load_hooks_of_all()
	_map_modules_of_all()
	_sync_and_patch_all()
	_know_when_set_up()
	from . import installer

	installer.mend()


def installed_apps() -> list[str]:
	import frappe

	if getattr(frappe.flags, "in_install_db", True) or not frappe.db:
		return []
	return json.loads(frappe.db.get_global("installed_apps") or "[]")


def remember_installed(apps: list[str]) -> None:
	import frappe

	frappe.db.set_global("installed_apps", json.dumps(apps))
	frappe.db.commit()
	frappe.local.request_cache.clear()
	frappe.local.doc_events_hooks = None


def _find_apps() -> None:
	"""Paths and lists of apps were those of frappe, whatever was asked for."""
	import frappe
	from frappe.utils.caching import request_cache

	def get_installed_apps(*, _ensure_on_bench: bool = False) -> list[str]:
		return installed_apps()

	def get_app_path(app_name: str, *joins: str) -> str:
		return frappe.get_pymodule_path(app_name, *joins)

	def get_app_source_path(app_name: str, *joins: str) -> str:
		return frappe.get_pymodule_path(app_name, "..", *joins)

	def get_all_apps(with_internal_apps: bool = True, sites_path: str | None = None) -> list[str]:
		return list(_available)

	def get_module_list(app_name: str = "frappe") -> list[str]:
		return frappe.get_file_items(get_app_path(app_name, "modules.txt"))

	frappe.get_installed_apps = request_cache(get_installed_apps)
	frappe.get_app_path, frappe.get_app_source_path = get_app_path, get_app_source_path
	frappe.get_all_apps, frappe.get_module_list = get_all_apps, get_module_list


def app_hooks(app: str) -> dict[str, Any]:
	"""The hooks of one app, each as Frappe keeps them: lists, or dicts of lists."""
	import frappe

	def is_hook(value: Any) -> bool:
		return not isinstance(value, types.ModuleType | types.FunctionType | type)

	hooks: dict[str, Any] = {}
	for key, value in inspect.getmembers(importlib.import_module(f"{app}.hooks"), is_hook):
		if not key.startswith("_"):
			frappe.append_hook(hooks, key, value)
	return hooks


def load_app_hooks(app_name: str | None = None) -> dict[str, Any]:
	"""The hooks of one app, or of all that are installed."""
	import frappe

	hooks: dict[str, Any] = {}
	for app in [app_name] if app_name else frappe.get_installed_apps():
		for key, value in app_hooks(app).items():
			frappe.append_hook(hooks, key, value)
	return hooks


def _load_hooks_of_all() -> None:
	"""Only frappe's hooks were read, and ``get_hooks`` had lost its ``app_name``."""
	import frappe

	def all_hooks() -> dict[str, Any]:
		hooks = frappe.client_cache.get_value("app_hooks")
		if hooks is None:
			hooks = load_app_hooks()
			if hooks:
				frappe.client_cache.set_value("app_hooks", hooks)
		return hooks

	def get_hooks(
		hook: str | None = None, default: Any = "_KEEP_DEFAULT_LIST", app_name: str | None = None
	) -> Any:
		hooks = load_app_hooks(app_name) if app_name else all_hooks()
		if hook:
			return hooks.get(hook, [] if default == "_KEEP_DEFAULT_LIST" else default)
		return frappe._dict(hooks)

	frappe._load_app_hooks, frappe.get_hooks = load_app_hooks, get_hooks


def _map_modules_of_all() -> None:
	import frappe

	def setup_module_map(include_all_apps: bool = True) -> None:
		frappe.local.app_modules = {
			app: [frappe.scrub(module) for module in frappe.get_module_list(app)] for app in _available
		}
		frappe.local.module_app = {
			module: app for app, modules in frappe.local.app_modules.items() for module in modules
		}

	frappe.setup_module_map = setup_module_map


def _sync_and_patch_all() -> None:
	"""``migrate`` synced the doctypes and ran the patches of frappe alone."""
	import frappe
	from frappe import patches
	from frappe.model import sync

	def get_all_patches(patch_type: Any = None) -> list[str]:
		return [
			patch
			for app in frappe.get_installed_apps()
			if Path(frappe.get_app_path(app, "patches.txt")).exists()
			for patch in patches.get_patches_from_app(app, patch_type)
		]

	def sync_all(force: int = 0, reset_permissions: bool = False) -> None:
		for app in frappe.get_installed_apps():
			sync.sync_for(app, force, reset_permissions=reset_permissions)
		frappe.clear_cache()

	patches.get_all_patches, sync.sync_all = get_all_patches, sync_all


def _know_when_set_up() -> None:
	"""Bug: asked for the table of a Single, which has none, so the setup wizard never ended."""
	import frappe

	def is_setup_complete() -> bool:
		return bool(frappe.db.get_single_value("System Settings", "setup_complete"))

	frappe.is_setup_complete = is_setup_complete
