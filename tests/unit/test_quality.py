"""docs/quality.md says of every requirement what became of it; the tests that it names are there."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LAST = {"R": 131, "C": 20, "B": 22}
"""How many there are: of what other products do, of where those contradict each other, of what is missed."""

REQUIRED = [f"{kind}{number}" for kind, last in LAST.items() for number in range(1, last + 1)]
STATES = ("done", "partly", "left out")
TEST = re.compile(r"(?:<br>)?`(tests/[^`]+)`")


class Line(NamedTuple):
	number: str
	asked: str
	state: str
	said: str
	"""The reason, then the tests."""

	@property
	def tests(self) -> list[str]:
		return TEST.findall(self.said)

	@property
	def reason(self) -> str:
		return TEST.sub("", self.said)


def lines() -> list[Line]:
	text = (ROOT / "docs" / "quality.md").read_text()
	rows = [row.strip("|").split("|") for row in text.splitlines() if re.match(r"\| [RCB]\d+ \|", row)]
	return [Line(*(cell.strip() for cell in row)) for row in rows]


def test_every_requirement_has_one_line_in_the_order_of_their_numbers():
	assert [line.number for line in lines()] == REQUIRED


def test_a_line_says_what_is_asked_and_what_became_of_it():
	assert [line for line in lines() if not line.asked or line.state not in STATES] == []


def test_what_is_done_names_a_test_and_what_is_not_says_why_in_a_sentence():
	assert [line for line in lines() if line.state == "done" and not line.tests] == []
	assert [line for line in lines() if line.state != "done" and not line.reason.endswith(".")] == []


def test_every_test_that_is_named_is_there():
	named = {test for line in lines() for test in line.tests}
	assert named
	assert sorted(test for test in named if not is_there(test)) == []


def is_there(test: str) -> bool:
	path, *names = test.split("::")
	if path.endswith(".mjs"):
		return not names and (ROOT / path).is_file()
	return (ROOT / path).is_file() and "::".join(names) in defined_in(path)


@cache
def defined_in(path: str) -> set[str]:
	"""As pytest names them: "test_x" and "TestClass::test_x"."""
	module = ast.parse((ROOT / path).read_text())
	classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
	owners = [(module, ""), *((node, f"{node.name}::") for node in classes)]
	functions = [(prefix, node) for owner, prefix in owners for node in owner.body]
	return {
		prefix + node.name
		for prefix, node in functions
		if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
	}


def test_the_counts_at_the_top_are_those_of_the_lines():
	found = lines()
	text = (ROOT / "docs" / "quality.md").read_text()
	for kind in LAST:
		states = [line.state for line in found if line.number.startswith(kind)]
		counted = " | ".join(str(states.count(state)) for state in STATES)
		assert f"({kind}) | {counted} |" in text
