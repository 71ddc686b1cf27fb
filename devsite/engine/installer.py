"""Installing and removing an app, in the order in which a bench does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import hosting


def mend() -> None:
	"""Bug: the fork's installer refuses every app but frappe, and removes none."""
	from frappe import installer

	installer.install_app = install_app
	installer.remove_app = remove_app
	installer.add_to_installed_apps = add_to_installed_apps


def add_to_installed_apps(app_name: str, rebuild_website: bool = True) -> None:
	import frappe
	from frappe import installer

	apps = frappe.get_installed_apps()
	if app_name not in apps:
		hosting.remember_installed([*apps, app_name])
	if frappe.flags.in_install:
		installer.post_install(rebuild_website)


def install_app(name: str, verbose: bool = False, set_as_patched: bool = True, force: bool = False) -> None:
	import frappe

	frappe.clear_cache()
	if name in frappe.get_installed_apps() and not force:
		return
	hooks = frappe._dict(hosting.app_hooks(name))
	for required in hooks.get("required_apps", []):
		install_app(required.split("/")[-1])
	frappe.flags.in_install, frappe.flags.ignore_in_install = name, False
	try:
		if _before_install(name, hooks):
			_sync(name, force, set_as_patched)
			_after_install(name, hooks)
	finally:
		frappe.flags.in_install = False
	frappe.clear_cache()
	frappe.client_cache.erase_persistent_caches()


def _before_install(name: str, hooks: Any) -> bool:
	import frappe

	for hook in hooks.get("before_install", []):
		if frappe.get_attr(hook)() is False:
			return False
	_run("before_app_install", name)
	return True


def _sync(name: str, force: bool, set_as_patched: bool) -> None:
	import frappe
	from frappe import installer
	from frappe.model.sync import sync_for

	if name != "frappe":  # the engine's own Module Defs come from sync_for
		frappe.setup_module_map()
		installer.add_module_defs(name, ignore_if_duplicate=force)
	sync_for(name, force=force, reset_permissions=True)
	installer.add_to_installed_apps(name)
	frappe.get_doc("Portal Settings", "Portal Settings").sync_menu()
	if set_as_patched and Path(frappe.get_app_path(name, "patches.txt")).exists():
		installer.set_all_patches_as_completed(name)


def _after_install(name: str, hooks: Any) -> None:
	import frappe
	from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
	from frappe.model.module_utils import sync_customizations
	from frappe.utils.dashboard import sync_dashboards
	from frappe.utils.fixtures import sync_fixtures

	for hook in hooks.get("after_install", []):
		frappe.get_attr(hook)()
	_run("after_app_install", name)
	sync_jobs()
	sync_fixtures(name)
	sync_customizations(name)
	sync_dashboards(name)
	for hook in hooks.get("after_sync", []):
		frappe.get_attr(hook)()


def remove_app(
	app_name: str, dry_run: bool = False, yes: bool = False, no_backup: bool = False, force: bool = False
) -> None:
	import frappe
	from frappe import installer

	if app_name == "frappe" or app_name not in frappe.get_installed_apps():
		return
	hooks = frappe._dict(hosting.app_hooks(app_name))
	frappe.flags.in_uninstall = True
	try:
		for hook in hooks.get("before_uninstall", []):
			frappe.get_attr(hook)()
		_run("before_app_uninstall", app_name)
		modules = frappe.get_all("Module Def", {"app_name": app_name}, pluck="name")
		installer._delete_doctypes(installer._delete_modules(modules, dry_run=dry_run), dry_run=dry_run)
		if dry_run:
			return
		hosting.remember_installed([app for app in frappe.get_installed_apps() if app != app_name])
		for hook in hooks.get("after_uninstall", []):
			frappe.get_attr(hook)()
		_run("after_app_uninstall", app_name)
		frappe.clear_cache()
		frappe.db.commit()
	finally:
		frappe.flags.in_uninstall = False


def _run(hook: str, app: str) -> None:
	"""The hooks by which all installed apps hear of another one."""
	import frappe

	for method in frappe.get_hooks(hook):
		frappe.get_attr(method)(app)
