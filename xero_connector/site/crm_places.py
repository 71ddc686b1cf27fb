"""What stands in the records of Frappe CRM so that its pages show the panel: a form script for each doctype, for
deals one of their list too, and from the release that can hide them on, a part in a layout (`crm_layouts.py`). What
they do: `public/crm`.

The scripts' text is ours, whether they run is the manager's ("Enabled"). A part is added to a layout once: where a
manager has moved it or taken it out, that stays. "Restore Defaults" in the CRM makes new layouts, which get ours
again at the next migrate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import frappe

from xero_connector import __version__
from xero_connector.site import crm_layouts
from xero_connector.site.crm_layouts import Layout

Release = tuple[int, ...]

#: The first release whose layouts can be hidden by a script; 1.65 to 1.67 have HTML fields, but everybody sees them.
LAYOUTS_FROM: Release = (1, 68)
#: The first release whose deals and leads show the actions that a class gives them.
CLASS_ACTIONS_FROM: Release = (1, 47)

_TEMPLATES = Path(__file__).parents[1] / "public" / "crm"
_REMEMBERED = "xero_connector_crm_layouts"
_WITH_CLASS_ACTIONS = ("CRM Deal", "CRM Lead")
_PARTS: dict[str, tuple[str, Callable[[Layout], Layout]]] = {
	"CRM Deal": ("Data Fields", crm_layouts.with_tab),
	"CRM Lead": ("Data Fields", crm_layouts.with_tab),
	"CRM Organization": ("Side Panel", crm_layouts.with_section),
	"Contact": ("Side Panel", crm_layouts.with_section),
}
#: From whose lists records are sent to Xero.
_WITH_LIST = ("CRM Deal",)


class _Script(NamedTuple):
	"""A CRM Form Script of ours; `view` is "Form" or "List"."""

	doctype: str
	view: str

	@property
	def name(self) -> str:
		return script_name(*self)

	def text(self, installed: Release) -> str:
		"""The CRM finds the class of a doctype by its name."""
		by_class = self.doctype in _WITH_CLASS_ACTIONS and installed >= CLASS_ACTIONS_FROM
		text = (_TEMPLATES / f"{self.view.lower()}_script.js").read_text(encoding="utf-8")
		for place, value in {
			"__DOCTYPE__": self.doctype,
			"__CLASS__": self.doctype.replace(" ", ""),
			"__HEADER__": "form" if by_class else "setupForm",
			"__VERSION__": __version__,
		}.items():
			text = text.replace(place, value)
		return text


_SCRIPTS = (
	*(_Script(doctype, "Form") for doctype in _PARTS),
	*(_Script(doctype, "List") for doctype in _WITH_LIST),
)


def sync() -> None:
	"""Brings scripts and layouts up to date; nothing without Frappe CRM."""
	installed = release()
	if not installed:
		return
	_sync_scripts(installed)
	if installed >= LAYOUTS_FROM:
		_add_parts()


def remove() -> None:
	"""Takes all of it away, also from where a manager has moved it."""
	frappe.defaults.clear_default(key=_REMEMBERED, parent="__global")
	if not release():
		return
	for script in _SCRIPTS:
		frappe.delete_doc_if_exists("CRM Form Script", script.name, force=True)
	ours = frappe.get_all(
		"CRM Fields Layout",
		filters={"dt": ["in", list(_PARTS)], "layout": ["like", f"%{crm_layouts.FIELD}%"]},
		fields=["name", "layout"],
	)
	for row in ours:
		layout = _parsed(row.layout)
		if layout:
			_save(row.name, crm_layouts.without_ours(layout))


def release() -> Release | None:
	"""Of Frappe CRM, as (1, 81); None when this site does not have it."""
	if "crm" not in frappe.get_installed_apps():
		return None
	return tuple(int(part) for part in re.findall(r"\d+", frappe.get_attr("crm.__version__"))[:2])


def script_name(doctype: str, view: str = "Form") -> str:
	return f"Xero – {doctype}" if view == "Form" else f"Xero – {doctype} ({view})"


def _sync_scripts(installed: Release) -> None:
	names = [script.name for script in _SCRIPTS]
	known = dict(
		frappe.get_all(
			"CRM Form Script", filters={"name": ["in", names]}, fields=["name", "script"], as_list=True
		)
	)
	for script in _SCRIPTS:
		text = script.text(installed)
		if script.name not in known:
			_add_script(script, text)
		elif known[script.name] != text:
			# the CRM refuses to save a standard script
			frappe.db.set_value("CRM Form Script", script.name, "script", text)


def _add_script(script: _Script, text: str) -> None:
	frappe.get_doc(
		{
			"doctype": "CRM Form Script",
			"name": script.name,
			"dt": script.doctype,
			"view": script.view,
			"enabled": 1,
			"is_standard": 1,
			"script": text,
		}
	).insert(ignore_permissions=True)


def _add_parts() -> None:
	"""A layout is remembered by when it was made: one that is made anew is another one."""
	done = _remembered()
	remembered = dict(done)
	rows = frappe.get_all(
		"CRM Fields Layout",
		filters={"dt": ["in", list(_PARTS)]},
		fields=["name", "dt", "type", "creation", "layout"],
	)
	for row in rows:
		place, add = _PARTS[row.dt]
		layout = _parsed(row.layout) if row.type == place else None
		# of an empty layout the CRM shows every field of the doctype; with ours in it, ours alone
		if not layout or done.get(row.name) == str(row.creation):
			continue
		if not crm_layouts.has_panel(layout):
			_save(row.name, add(layout))
		remembered[row.name] = str(row.creation)
	if remembered != done:
		frappe.db.set_global(_REMEMBERED, json.dumps(remembered))


def _remembered() -> dict[str, str]:
	"""Layout → when it was made. Not by `get_global`: its cache can miss what another process has just committed."""
	stored = frappe.db.get_value("DefaultValue", {"parent": "__global", "defkey": _REMEMBERED}, "defvalue")
	return dict(json.loads(stored or "{}"))


def _parsed(text: str | None) -> Layout | None:
	"""None for what is no layout: the field takes any text."""
	try:
		layout = json.loads(text or "")
	except ValueError:
		return None
	is_layout = isinstance(layout, list) and all(isinstance(part, dict) for part in layout)
	return layout if is_layout else None


def _save(name: str, layout: Layout) -> None:
	frappe.db.set_value("CRM Fields Layout", name, "layout", json.dumps(layout))
