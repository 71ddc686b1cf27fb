"""Fences that the fork took down."""

from __future__ import annotations

from typing import Any


def mend() -> None:
	_import_only_installed_apps()


def _import_only_installed_apps() -> None:
	"""Bug: ``/api/method/<module>.<name>`` imported any module of the machine, for a guest too.

	Frappe proper asks first whether the app is installed on the site; so does this.
	"""
	import frappe

	get_attr = frappe.get_attr

	def guarded_get_attr(method_string: str) -> Any:
		app = method_string.split(".", 1)[0]
		busy = frappe.local.flags.in_install or frappe.local.flags.in_uninstall
		if not busy and app not in frappe.get_installed_apps():
			frappe.throw(frappe._("App {0} is not installed").format(app), frappe.AppNotInstalledError)
		return get_attr(method_string)

	frappe.get_attr = guarded_get_attr
