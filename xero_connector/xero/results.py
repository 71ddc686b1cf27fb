"""What Xero answered to a write, element by element: made, or refused in its own words and about which field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from xero_connector.core.drafting import Line
from xero_connector.core.errors import Code, NeedsPerson, WillRetry
from xero_connector.xero import wire
from xero_connector.xero.failures import rejection

# what Xero answers in the place of an id when it has created nothing, sometimes as if all was well
_ZERO_ID = "00000000-0000-0000-0000-000000000000"

_OF_LINES = (
	"description",
	"quantity",
	"unit_amount",
	"item_code",
	"account_code",
	"tax_type",
	"discount_rate",
)


class _Element(Protocol):
	status_attribute_string: str | None
	validation_errors: list[wire.Message] | None


_Row = TypeVar("_Row")
_New = TypeVar("_New")
_Done = TypeVar("_Done")


def as_many(sent: Sequence[object], rows: Sequence[_Row] | None) -> Sequence[_Row]:
	"""`rows`, which are in the order of what was sent.

	Raises WillRetry(UNREADABLE, maybe_done) for another number of them: which became of which nobody can tell, so
	all are looked up before they are sent again.
	"""
	answered = rows or ()
	if len(answered) != len(sent):
		problem = f"{len(answered)} answers to {len(sent)} elements"
		raise WillRetry(Code.UNREADABLE, maybe_done=True, problem=problem)
	return answered


def each_alone(
	write: Callable[[Sequence[_New], str], list[_Done | NeedsPerson]], batch: Sequence[_New], key: str
) -> list[_Done | NeedsPerson]:
	"""The results of a batch; where Xero refuses it as a whole, although one of its elements is to blame, those of
	each element by itself."""
	try:
		return write(batch, key)
	except NeedsPerson as failure:
		if failure.code not in (Code.REJECTED, Code.UNKNOWN):
			raise
		if len(batch) == 1:
			return [failure]
	return [
		result for number, each in enumerate(batch) for result in each_alone(write, [each], f"{key}-{number}")
	]


def refusal(identifier: str | None, row: _Element) -> NeedsPerson | None:
	"""Why Xero did not take an element; None when it did."""
	taken = identifier and identifier != _ZERO_ID
	if taken and not row.validation_errors and row.status_attribute_string != "ERROR":
		return None
	remarks = getattr(row, "warnings", None)
	return rejection(" ".join((*texts(row.validation_errors), *texts(remarks))))


def texts(messages: list[wire.Message] | None) -> tuple[str, ...]:
	return tuple(each.message for each in messages or () if each.message)


def placed(refused: NeedsPerson, lines: Sequence[Line]) -> NeedsPerson:
	"""With the path of the field in the form ("lines.2.account_code"); without a field where the line is not clear."""
	values = dict(refused.values)
	field = values.get("field")
	if field not in _OF_LINES:
		return refused
	number = _line_of(field, values["message"], lines)
	if number is None:
		del values["field"]
	else:
		values["field"] = f"lines.{number}.{field}"
	return NeedsPerson(refused.code, **values)


def _line_of(field: str, message: str, lines: Sequence[Line]) -> int | None:
	"""The line of which Xero quotes most; or that has nothing where something is missing; or the only one."""
	quoted = [sum(f"'{value}'" in message for value in _values(line)) for line in lines]
	if any(quoted):
		return quoted.index(max(quoted))
	empty = [number for number, line in enumerate(lines) if not getattr(line, field)]
	return next(iter(empty), 0 if len(lines) == 1 else None)


def _values(line: Line) -> list[Any]:
	return [value for field in _OF_LINES if (value := getattr(line, field))]
