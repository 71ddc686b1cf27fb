"""Our parts in the layouts of Frappe CRM, which are lists as its layout editor writes them:

    section   {"name", "label", "columns": [{"name", "fields": ["email", …]}]}
    tab       {"name", "label", "sections": [section, …]}

A layout is a list of sections or a list of tabs; the side panel knows sections only. Names stay when a manager
moves, renames or fills a part, so that ours are known by them.
"""

from __future__ import annotations

from typing import Any

FIELD = "xero_panel"
TAB, SECTION, DETAILS = "xero_panel_tab", "xero_panel_section", "xero_panel_details"
_DETAILS_LABEL = "Details"

Layout = list[dict[str, Any]]


def has_panel(layout: Layout) -> bool:
	"""Whether the panel stands in it, wherever a manager has put it."""
	return any(FIELD in _fields(section) for section in _sections(layout))


def with_tab(layout: Layout) -> Layout:
	"""With a tab "Xero" at the end. What was there without tabs (for the CRM also: in one tab without a name) comes
	into a first tab "Details".

	The tab is hidden until our form script shows it, so that nobody sees it who may not see Xero.
	"""
	tabs = layout if _is_tabbed(layout) else [{"sections": layout}]
	if len(tabs) == 1 and not tabs[0].get("label"):
		tabs = [{"name": DETAILS, "label": _DETAILS_LABEL, "sections": tabs[0]["sections"]}]
	section = {"name": SECTION, "columns": [_column()]}
	return [*tabs, {"name": TAB, "label": "Xero", "hidden": True, "sections": [section]}]


def with_section(layout: Layout) -> Layout:
	"""With a section "Xero" at the end, where the CRM lets it be as high as it is."""
	return [*layout, {"name": SECTION, "label": "Xero", "opened": True, "columns": [_column()]}]


def without_ours(layout: Layout) -> Layout:
	"""Without what `with_tab` and `with_section` added, wherever it is now. What a manager has put into our parts
	stays, in them."""
	if not _is_tabbed(layout):
		return _sections_without_panel(layout)
	tabs = [{**tab, "sections": _sections_without_panel(tab.get("sections", []))} for tab in layout]
	tabs = [_shown(tab) for tab in tabs if tab.get("name") != TAB or tab["sections"]]
	if len(tabs) == 1 and (tabs[0].get("name"), tabs[0].get("label")) == (DETAILS, _DETAILS_LABEL):
		return list(tabs[0]["sections"])
	return tabs


def _is_tabbed(layout: Layout) -> bool:
	return any("sections" in part for part in layout)


def _sections(layout: Layout) -> Layout:
	return (
		[section for tab in layout for section in tab.get("sections", [])] if _is_tabbed(layout) else layout
	)


def _fields(section: dict[str, Any]) -> list[str]:
	return [field for column in section.get("columns") or [] for field in column.get("fields") or []]


def _column() -> dict[str, Any]:
	return {"name": "xero_panel_column", "fields": [FIELD]}


def _sections_without_panel(sections: Layout) -> Layout:
	kept = [_without_panel(section) if FIELD in _fields(section) else section for section in sections]
	return [section for section in kept if section.get("name") != SECTION or _fields(section)]


def _without_panel(section: dict[str, Any]) -> dict[str, Any]:
	columns = [
		{**column, "fields": [field for field in column.get("fields") or [] if field != FIELD]}
		for column in section["columns"]
	]
	return {**section, "columns": columns}


def _shown(tab: dict[str, Any]) -> dict[str, Any]:
	return {key: value for key, value in tab.items() if (tab.get("name"), key) != (TAB, "hidden")}
