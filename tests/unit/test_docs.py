"""The guides are in step with what they tell of: every failure has its entry, every setting its name, every link a goal."""

import ast
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from xero_connector.core.errors import Code

ROOT = Path(__file__).parents[2]
APP = ROOT / "xero_connector"
PAGES = [
	page
	for folder in (ROOT, ROOT / "docs", ROOT / "benchmarks", ROOT / "devsite", ROOT / "xero_sandbox")
	for page in sorted(folder.glob("*.md"))
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CHOSEN = ("Check", "Data", "Int", "Link", "Password", "Select", "Small Text", "Table", "Table MultiSelect")
"""Types of the fields that somebody fills in."""


def read(page: str) -> str:
	"""A page's words, wherever its lines end."""
	return " ".join((ROOT / "docs" / page).read_text().split())


# Failures


@cache
def entries() -> dict[str, str]:
	"""What troubleshooting.md says of each error code, by code."""
	text = (ROOT / "docs" / "troubleshooting.md").read_text()
	items = re.findall(r"(?ms)^- \*\*`(\w+)`\*\* (.+?)(?=\n(?:- |\n|\Z))", text)
	assert len({code for code, _ in items}) == len(items)
	return {code: " ".join(said.split()) for code, said in items}


@cache
def sentences() -> dict[str, list[str]]:
	"""What a person reads about each failure, by the name of its code; "…" stands for what is filled in."""
	module = ast.parse((APP / "api" / "answers.py").read_text())
	functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
	table = next(
		node.value
		for node in module.body
		if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "_SENTENCES"
	)
	assert isinstance(table, ast.Dict)
	found = {}
	for key, value in zip(table.keys, table.values, strict=True):
		assert isinstance(key, ast.Attribute)
		assert isinstance(value, ast.Lambda)
		found[key.attr] = [re.sub(r"\{\d\}", "…", text) for text in texts(value.body, functions)]
	return found


def texts(said: ast.expr, functions: dict[str, ast.FunctionDef]) -> list[str]:
	"""The sentence of `_("…")` or `_("…").format(…)`; those of a function that chooses one."""
	while isinstance(said, ast.Call) and isinstance(said.func, ast.Attribute):
		said = said.func.value
	assert isinstance(said, ast.Call)
	assert isinstance(said.func, ast.Name)
	if said.func.id == "_":
		return [ast.literal_eval(said.args[0])]
	calls = [node for node in ast.walk(functions[said.func.id]) if isinstance(node, ast.Call)]
	return [ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "_"]


def test_troubleshooting_has_an_entry_for_every_failure_and_for_no_other():
	assert sorted(entries()) == sorted(code.value for code in Code)


@pytest.mark.parametrize("code", Code)
def test_an_entry_quotes_what_people_read(code: Code):
	said = entries()[code.value]
	assert [text for text in sentences()[code.name] if f"*{text}*" not in said] == []


# Settings


def labels(doctype: str) -> list[str]:
	"""Of the fields that somebody fills in."""
	name = doctype.lower().replace(" ", "_")
	fields = json.loads((APP / "xero_connector" / "doctype" / name / f"{name}.json").read_text())["fields"]
	return [
		field["label"]
		for field in fields
		if field["fieldtype"] in CHOSEN and not field.get("read_only") and not field.get("hidden")
	]


@pytest.mark.parametrize(
	"doctype", ["Xero Settings", "Xero Organisation", "Xero Organisation Rule", "Xero Field Map"]
)
def test_the_administrators_guide_calls_every_setting_by_its_label(doctype: str):
	guide = read("admin-guide.md")
	assert labels(doctype)
	assert [label for label in labels(doctype) if label not in guide] == []


def test_the_administrators_guide_names_every_choice_of_the_settings():
	guide = read("admin-guide.md")
	path = APP / "xero_connector" / "doctype" / "xero_settings" / "xero_settings.json"
	selects = [each for each in json.loads(path.read_text())["fields"] if each["fieldtype"] == "Select"]
	offered = {option for field in selects for option in field["options"].split("\n")}
	plain = {
		"Exclusive",
		"Inclusive",
		"NoTax",
		"Submitted",
		"On Won",
		"On Submit",
		"On Won and On Submit",
		"Off",
	}
	assert sorted(option for option in offered - plain if option not in guide) == []


# Links


def targets(page: Path) -> list[str]:
	text = re.sub(r"(?ms)^```.*?^```", "", page.read_text())
	return [target for target in LINK.findall(re.sub(r"`[^`]*`", "", text)) if ":" not in target]


def anchors(page: Path) -> set[str]:
	"""As GitHub makes them of headings."""
	headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?ms)^```.*?^```", "", page.read_text()))
	return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_there(page: Path, target: str) -> bool:
	path, _, anchor = unquote(target).partition("#")
	goal = (page.parent / path).resolve() if path else page
	return goal.exists() and (not anchor or anchor in anchors(goal))


def test_the_pages_are_found():
	assert {"README.md", "troubleshooting.md", "admin-guide.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_page_is_there(page: Path):
	assert [target for target in targets(page) if not is_there(page, target)] == []


def test_every_page_of_the_docs_is_found_from_the_readme():
	known = {(ROOT / target.partition("#")[0]).resolve() for target in targets(ROOT / "README.md")}
	assert [page.name for page in PAGES if page.parent.name == "docs" and page not in known] == []
