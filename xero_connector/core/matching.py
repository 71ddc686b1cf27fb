"""Which Xero contact a record may be, and which record a Xero contact: candidates by shared keys, scored with
reasons (B3, R65, R71)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from rapidfuzz import fuzz, process

_LEGAL_FORMS = frozenset(
	re.findall(
		r"\w+",
		"ab ag aps as bv co company corp corporation gmbh inc incorporated kg limited llc llp ltd nv oy plc pte pty"
		" sa sarl sas sl spa srl the",
	)
)
_PHONE_DIGITS, _FEWEST_DIGITS = 8, 6
_BEGINNING = 4
_SIMILAR, _CONTAINED = 80, 92
_WORTH_ASKING = 65
"""The least score for which an import asks: names that are less alike than nine letters in ten are two names."""
_CROWD = 200
"""What more records than these share tells nothing: the beginning of "Services", a group's e-mail address."""

# How sure one reason alone makes us; several together make surer (see `_score`).
_WEIGHTS = {
	"number": 0.97,
	"tax_number": 0.95,
	"email": 0.9,
	"name": 0.8,
	"phone": 0.7,
	"postal_code": 0.3,
}


class Facts(NamedTuple):
	"""What a record knows of who it is. `number` is its own key in the CRM, which Xero may hold as the
	contact's code or account number."""

	name: str
	number: str | None = None
	email: str | None = None
	phone: str | None = None
	tax_number: str | None = None
	postal_code: str | None = None


class Candidate(NamedTuple):
	"""A Xero contact, as far as it is compared."""

	contact_id: str
	name: str
	first_name: str | None
	last_name: str | None
	email: str | None
	phone: str | None
	mobile: str | None
	postal_code: str | None
	contact_number: str | None
	account_number: str | None
	tax_number: str | None


class Match(NamedTuple):
	"""`score` is 0 to 100; `reasons`, strongest first, are "number", "tax_number", "email", "name", "phone",
	"similar_name" and "postal_code"."""

	contact_id: str
	score: int
	reasons: tuple[str, ...]


class Keys(NamedTuple):
	"""How candidates are looked up: (column, value) pairs that must be equal, and beginnings of `name_key`."""

	equal: tuple[tuple[str, str], ...]
	beginnings: tuple[str, ...]


@lru_cache(maxsize=100_000)
def name_key(name: str | None) -> str:
	"""A name without case, accents, punctuation and legal form: "The Müller & Co. Ltd" → "muller and"."""
	plain = unicodedata.normalize("NFKD", (name or "").casefold().replace("&", " and "))
	words = re.findall(r"\w+", "".join(mark for mark in plain if not unicodedata.combining(mark)))
	return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def email_key(email: str | None) -> str:
	return (email or "").strip().casefold()


def phone_key(phone: str | None) -> str:
	"""The last digits, which are the same with and without country code or leading zero; "" of too few."""
	digits = re.sub(r"\D", "", phone or "")
	return digits[-_PHONE_DIGITS:] if len(digits) >= _FEWEST_DIGITS else ""


RecordKey = TypeVar("RecordKey", bound=Hashable)


class Likely(NamedTuple, Generic[RecordKey]):
	"""A record that a Xero contact may be, as `Match` says it. `is_sure`: it may be linked without asking."""

	record: RecordKey
	score: int
	reasons: tuple[str, ...]
	is_sure: bool


class Directory(Generic[RecordKey]):
	"""Our records, found by whatever a Xero contact may know them by."""

	def __init__(self) -> None:
		self._facts: list[tuple[RecordKey, Facts]] = []
		self._names: list[str] = []
		self._places: dict[tuple[str, str], list[int]] = {}

	def add(self, record: RecordKey, facts: Facts) -> None:
		"""A record of several people is added with the facts of each."""
		place = len(self._facts)
		self._facts.append((record, facts))
		self._names.append(_sorted_words(facts.name))
		keys = [
			("number", facts.number or ""),
			("tax_number", _alphanumeric(facts.tax_number)),
			("email", email_key(facts.email)),
			("phone", phone_key(facts.phone)),
			("name", name_key(facts.name)),
			*_beginnings(facts.name),
		]
		for key in keys:
			if key[1]:
				self._places.setdefault(key, []).append(place)

	def likely(self, contact: Candidate, limit: int = 5) -> list[Likely[RecordKey]]:
		"""Those for which enough speaks to ask somebody, best first, each once."""
		found: dict[RecordKey, Likely[RecordKey]] = {}
		for record, facts in map(self._facts.__getitem__, sorted(self._around(contact))):
			match = _match(facts, contact)
			if not match or match.score < _WORTH_ASKING or _is_namesake(match, facts, contact):
				continue
			known = found.get(record)
			is_sure = _is_sure(facts, contact) or bool(known and known.is_sure)
			if known is None or known.score < match.score:
				known = Likely(record, match.score, match.reasons, is_sure)
			found[record] = known._replace(is_sure=is_sure)
		return sorted(found.values(), key=lambda each: (-each.is_sure, -each.score))[:limit]

	def _around(self, contact: Candidate) -> set[int]:
		exact = [
			("number", contact.contact_number or ""),
			("number", contact.account_number or ""),
			("tax_number", _alphanumeric(contact.tax_number)),
			("email", email_key(contact.email)),
			("phone", phone_key(contact.phone)),
			("phone", phone_key(contact.mobile)),
			("name", name_key(contact.name)),
		]
		return {place for key in exact for place in self._at(key)}.union(self._similar(contact))

	def _similar(self, contact: Candidate) -> Iterator[int]:
		theirs = _sorted_words(contact.name)
		for key in _beginnings(contact.name):
			places = self._at(key)
			names = [self._names[place] for place in places]
			alike = process.extract(theirs, names, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=None)
			yield from (places[at] for _name, _ratio, at in alike)

	def _at(self, key: tuple[str, str]) -> Sequence[int]:
		places = self._places.get(key, ())
		return places if len(places) <= _CROWD else ()


def sure(found: Iterable[Likely[RecordKey]]) -> Likely[RecordKey] | None:
	"""The one that may be linked unasked; None where there is none, or one too many."""
	certain = [each for each in found if each.is_sure]
	return certain[0] if len(certain) == 1 else None


def _is_sure(facts: Facts, contact: Candidate) -> bool:
	"""Our own number, or the same tax number, and nothing that contradicts: branches and companies of one group
	share a tax number, and somebody else's numbering may look like ours."""
	tax, their_tax = _alphanumeric(facts.tax_number), _alphanumeric(contact.tax_number)
	if _is_same(facts.number, contact.contact_number) or _is_same(facts.number, contact.account_number):
		ratio = fuzz.ratio(_sorted_words(facts.name), _sorted_words(contact.name))
		return ratio >= _SIMILAR and not _differ(tax, their_tax)
	postal_code, their_postal_code = _alphanumeric(facts.postal_code), _alphanumeric(contact.postal_code)
	return (
		_is_same(tax, their_tax)
		and name_key(facts.name) == name_key(contact.name)
		and not _differ(postal_code, their_postal_code)
	)


def _is_namesake(match: Match, facts: Facts, contact: Candidate) -> bool:
	"""Alike by name alone, and known to be somewhere else in two ways."""
	sides = (
		(_alphanumeric(facts.tax_number), _alphanumeric(contact.tax_number)),
		(_alphanumeric(facts.postal_code), _alphanumeric(contact.postal_code)),
		(email_key(facts.email), email_key(contact.email)),
		(phone_key(facts.phone), phone_key(contact.phone)),
	)
	return match.reasons == ("similar_name",) and sum(_differ(*side) for side in sides) > 1


def _differ(ours: str, theirs: str) -> bool:
	return bool(ours and theirs) and ours != theirs


def _beginnings(name: str) -> list[tuple[str, str]]:
	"""Of each longer word: who mistypes one seldom mistypes the next."""
	words = (word for word in name_key(name).split() if len(word) >= _BEGINNING)
	return [("begins", start) for start in dict.fromkeys(word[:_BEGINNING] for word in words)]


def _sorted_words(name: str) -> str:
	"""What is compared of two names: the order of their words says nothing."""
	return " ".join(sorted(name_key(name).split()))


def keys_of(facts: Facts) -> Keys:
	name = name_key(facts.name)
	equal = [
		("name_key", name),
		("email_key", email_key(facts.email)),
		("phone_key", phone_key(facts.phone)),
		("contact_number", facts.number or ""),
		("account_number", facts.number or ""),
		("tax_number", facts.tax_number or ""),
	]
	beginnings = (name[:_BEGINNING],) if len(name) >= _BEGINNING else ()
	return Keys(tuple((column, value) for column, value in equal if value), beginnings)


def best(facts: Facts, candidates: Iterable[Candidate], limit: int = 5) -> list[Match]:
	"""Those that something speaks for, best first. A postcode alone says nothing."""
	matches = [_match(facts, candidate) for candidate in candidates]
	found = [match for match in matches if match and match.reasons != ("postal_code",)]
	return sorted(found, key=lambda match: (-match.score, match.contact_id))[:limit]


def _match(facts: Facts, candidate: Candidate) -> Match | None:
	weights = dict(_reasons(facts, candidate))
	if not weights:
		return None
	doubt = 1.0
	for weight in weights.values():
		doubt *= 1 - weight
	strongest = sorted(weights, key=lambda reason: -weights[reason])
	return Match(candidate.contact_id, round(100 * (1 - doubt)), tuple(strongest))


def _reasons(facts: Facts, candidate: Candidate) -> Iterable[tuple[str, float]]:
	same = {
		"number": _is_same(facts.number, candidate.contact_number)
		or _is_same(facts.number, candidate.account_number),
		"tax_number": _is_same(_alphanumeric(facts.tax_number), _alphanumeric(candidate.tax_number)),
		"email": _is_same(email_key(facts.email), email_key(candidate.email)),
		"phone": any(
			_is_same(phone_key(facts.phone), phone_key(theirs))
			for theirs in (candidate.phone, candidate.mobile)
		),
		"postal_code": _is_same(_alphanumeric(facts.postal_code), _alphanumeric(candidate.postal_code)),
	}
	yield from ((reason, _WEIGHTS[reason]) for reason, is_same in same.items() if is_same)
	ours, theirs = name_key(facts.name), name_key(candidate.name)
	if _is_same(ours, theirs):
		yield "name", _WEIGHTS["name"]
	elif (ratio := _likeness(ours, theirs)) >= _SIMILAR:
		yield "similar_name", _WEIGHTS["name"] * (ratio / 100) ** 2


def _likeness(ours: str, theirs: str) -> float:
	"""Of 100, of two names' keys. "Acme Anvils (old)" may well be Acme Anvils, and is a long way from it by letters."""
	few, many = sorted((set(ours.split()), set(theirs.split())), key=len)
	ratio = fuzz.token_sort_ratio(ours, theirs) if ours else 0.0
	return max(ratio, _CONTAINED) if len(few) > 1 and few < many and ratio >= _SIMILAR else ratio


def _is_same(ours: str | None, theirs: str | None) -> bool:
	return bool(ours) and ours == theirs


def _alphanumeric(text: str | None) -> str:
	return re.sub(r"\W", "", text or "").casefold()
