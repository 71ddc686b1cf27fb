"""What the log keeps of an exchange with Xero: its own part of a batch, with nothing personal (R87).

Names, references and amounts stay, for without them a log tells nothing. Reaching a person (e-mail, phones,
addresses) and identifying numbers (tax, bank) are masked, wherever they stand; tokens too, should an answer
ever repeat one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Set
from typing import Any

MASK = "***"

_PERSONAL = re.compile(
	r"email|phone|mobile|fax|skype|address|attention|^city$|^region$|^country$|postal"
	r"|taxnumber|taxid|companynumber|registrationnumber|bank|iban"
	r"|token|secret|password|authorization",
	re.IGNORECASE,
)
_WORDS = re.compile("type$", re.IGNORECASE)
"""Keys such as AddressType and BankAccountType hold words of Xero's, which tell what the rest is."""

_IN_TEXT = re.compile(
	r"[\w.%+'-]+@[^\W\d][\w-]*(?:\.[\w-]+)*"  # e-mail, also one that Xero calls invalid
	r"|\+\d[\d ().-]{6,}\d"  # a phone number as one writes it for abroad
	r"|\bBearer\s+\S+|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a token, as a header and as a JSON web token
)


def masked(text: str) -> str:
	"""A text that a person or Xero wrote, without what could reach somebody."""
	return _IN_TEXT.sub(MASK, text)


def redacted(value: Any, is_personal: bool = False) -> Any:
	"""A JSON value with the same shape: what stands below a personal key is masked, at any depth."""
	if isinstance(value, dict):
		return {key: redacted(each, _is_personal(key, is_personal)) for key, each in value.items()}
	if isinstance(value, list):
		return [redacted(each, is_personal) for each in value]
	if value is None or value == "" or isinstance(value, bool):
		return value
	if is_personal:
		return MASK
	return masked(value) if isinstance(value, str) else value


def _is_personal(key: str, is_inside: bool) -> bool:
	return not _WORDS.search(key) and (is_inside or _PERSONAL.search(key) is not None)


class Body:
	"""One side of an exchange, taken apart once, so that each record of a batch can be given its own part."""

	def __init__(self, raw: bytes | None) -> None:
		self._value = _decoded(raw)
		self._texts = {
			key: [frozenset(_texts(element)) for element in value]
			for key, value in (self._value.items() if isinstance(self._value, dict) else ())
			if isinstance(value, list) and any(isinstance(element, dict) for element in value)
		}

	@property
	def has_elements(self) -> bool:
		return bool(self._texts)

	def is_about(self, mentioned: Set[str]) -> bool:
		"""Whether one of its elements mentions one of these (see `part`)."""
		return any(not texts.isdisjoint(mentioned) for each in self._texts.values() for texts in each)

	def part(self, mentioned: Set[str], *, narrow: bool) -> Any:
		"""The body, redacted; None when there was none.

		Of the lists at its top (Xero's `Invoices`, `Contacts`, …) only the elements stay that hold one of
		`mentioned`, in lower case, as the whole of a value of its own; without `narrow` a list of one stays whatever
		it holds.
		"""
		if not self._texts:
			return redacted(self._value)
		kept = dict(self._value)
		for key, texts in self._texts.items():
			if narrow or len(texts) > 1:
				pairs = zip(self._value[key], texts, strict=True)
				kept[key] = [element for element, said in pairs if not said.isdisjoint(mentioned)]
		return redacted(kept)


def _decoded(raw: bytes | None) -> Any:
	"""JSON, else the text as it is. A log is read by people: a float shows every amount that Xero can hold."""
	if not raw:
		return None
	text = raw.decode("utf-8", "replace")
	try:
		return json.loads(text)
	except ValueError:
		return text


def _texts(element: Any) -> Iterator[str]:
	"""What an element says of itself, and not what it holds: the contact of a document, the item of a line."""
	for value in element.values() if isinstance(element, dict) else ():
		if isinstance(value, str):
			yield value.casefold()
