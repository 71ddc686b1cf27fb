"""Xero's `where` language: tokens, then a tree of predicates.

Documented forms: Field==value, != > >= < <=, AND, OR (also && and ||), brackets, guid("…"),
DateTime(2026,01,31), strings, numbers, true/false, null, and .Contains/.StartsWith/.EndsWith after an optional
.ToLower()/.ToUpper(). String comparison ignores case and accents.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from .errors import bad_query

Predicate = Callable[[Any], bool]
Getter = Callable[[Any], Any]

TOKEN = re.compile(
	r"""\s*(?:
	(?P<string>"(?:[^"\\]|\\.)*")
	|(?P<number>-?\d+(?:\.\d+)?[mM]?)
	|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
	|(?P<sign>==|!=|>=|<=|&&|\|\||[<>()=,.])
	)""",
	re.VERBOSE,
)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
	"==": operator.eq,
	"=": operator.eq,
	"!=": operator.ne,
	">=": operator.ge,
	"<=": operator.le,
	">": operator.gt,
	"<": operator.lt,
}
TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
	"contains": lambda text, part: part in text,
	"startswith": str.startswith,
	"endswith": str.endswith,
}
CASE_CHANGES = ("tolower", "toupper")
CONSTANTS = {"true": True, "false": False, "null": None}


def fold(value: Any) -> Any:
	"""Case and accents off, as Xero compares."""
	if not isinstance(value, str):
		return value
	decomposed = unicodedata.normalize("NFKD", value)
	return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


@dataclass
class Parsed:
	test: Predicate
	# (field, operator) of each comparison, and whether OR was used: what decides if it is optimised
	uses: list[tuple[str, str]] = field(default_factory=list)
	has_or: bool = False


def parse(text: str, fields: dict[str, Getter]) -> Parsed:
	return _Parser(text, fields).whole()


class _Parser:
	def __init__(self, text: str, fields: dict[str, Getter]) -> None:
		self.text = text
		self.fields = fields
		self.tokens = self._scan(text)
		self.at = 0
		self.parsed = Parsed(lambda row: True)

	def _scan(self, text: str) -> list[tuple[str, str]]:
		found: list[tuple[str, str]] = []
		at = 0
		while text[at:].strip():
			match = TOKEN.match(text, at)
			if not match or not match.lastgroup:
				raise bad_query(f"Unrecognised text at position {at} of '{text}'")
			found.append((match.lastgroup, match.group(match.lastgroup)))
			at = match.end()
		return found

	def _peek(self) -> tuple[str, str]:
		return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

	def _take(self, *wanted: str) -> tuple[str, str]:
		kind, value = self._peek()
		if wanted and kind not in wanted and value not in wanted:
			raise bad_query(f"Expected {' or '.join(wanted)} but found '{value}' in '{self.text}'")
		self.at += 1
		return kind, value

	def whole(self) -> Parsed:
		self.parsed.test = self._either()
		if self._peek()[0] != "end":
			raise bad_query(f"Unexpected '{self._peek()[1]}' in '{self.text}'")
		return self.parsed

	def _either(self) -> Predicate:
		tests = [self._both()]
		while self._peek()[1].upper() in ("OR", "||"):
			self._take()
			self.parsed.has_or = True
			tests.append(self._both())
		return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

	def _both(self) -> Predicate:
		tests = [self._one()]
		while self._peek()[1].upper() in ("AND", "&&"):
			self._take()
			tests.append(self._one())
		return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

	def _one(self) -> Predicate:
		if self._peek()[1] == "(":
			self._take()
			inner = self._either()
			self._take(")")
			return inner
		name = self._take("name")[1]
		path, *calls = _split(name)
		getter = self.fields.get(path.lower())
		if getter is None:
			raise bad_query(f"No property or field '{path}' exists in type")
		return self._calls(path, getter, calls)

	def _calls(self, path: str, getter: Getter, calls: list[str]) -> Predicate:
		while True:
			for call in calls:
				if call in TEXT_TESTS:
					return self._text_test(path, getter, call)
				self._take("(")
				self._take(")")
			if self._peek()[1] != ".":
				return self._comparison(path, getter)
			self._take(".")
			calls = [self._take("name")[1].lower()]

	def _text_test(self, path: str, getter: Getter, call: str) -> Predicate:
		self._take("(")
		wanted = fold(_unquote(self._take("string")[1]))
		self._take(")")
		if self._peek()[1] in ("==", "="):
			self._take()
			self._take("true")
		self.parsed.uses.append((path.lower(), call))
		test = TEXT_TESTS[call]
		return lambda row: test(fold(getter(row) or ""), wanted)

	def _comparison(self, path: str, getter: Getter) -> Predicate:
		sign = self._take("sign")[1]
		if sign not in COMPARE:
			raise bad_query(f"Operator '{sign}' is not supported in '{self.text}'")
		wanted = fold(self._value())
		self.parsed.uses.append((path.lower(), sign))
		return _compare(COMPARE[sign], getter, wanted)

	def _value(self) -> Any:
		kind, value = self._take("string", "number", "name")
		if kind == "string":
			return _unquote(value)
		if kind == "number":
			return Decimal(value.rstrip("mM"))
		if value.lower() in CONSTANTS:
			return CONSTANTS[value.lower()]
		return self._function(value)

	def _function(self, name: str) -> Any:
		self._take("(")
		arguments = []
		while self._peek()[1] != ")":
			arguments.append(self._take("string", "number")[1])
			if self._peek()[1] == ",":
				self._take()
		self._take(")")
		if name.lower() == "guid" and len(arguments) == 1:
			return _unquote(arguments[0]).lower()
		if name.lower() == "datetime" and len(arguments) >= 3:
			return _date(arguments)
		raise bad_query(f"No applicable function '{name}' in '{self.text}'")


def _split(name: str) -> list[str]:
	"""Contact.Name.ToLower -> [Contact.Name, tolower]."""
	parts = name.split(".")
	calls: list[str] = []
	while parts and parts[-1].lower() in (*TEXT_TESTS, *CASE_CHANGES):
		calls.insert(0, parts.pop().lower())
	return [".".join(parts), *calls]


def _unquote(text: str) -> str:
	return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _date(arguments: list[str]) -> date:
	try:
		return date(*(int(part) for part in arguments[:3]))
	except ValueError as error:
		raise bad_query(f"DateTime({','.join(arguments)}) is not a date") from error


def _compare(test: Callable[[Any, Any], bool], getter: Getter, wanted: Any) -> Predicate:
	if test in (operator.eq, operator.ne):
		return lambda row: test(fold(getter(row)), wanted)

	def ordered(row: Any) -> bool:
		value = fold(getter(row))
		try:
			return value is not None and test(value, wanted)
		except TypeError as error:
			raise bad_query("The values compared are of different types") from error

	return ordered
