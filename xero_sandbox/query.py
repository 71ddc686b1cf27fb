"""Reading lists: If-Modified-Since, where, order, paging; the fields that each collection may be asked for."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from . import where
from .books import Table
from .clock import to_ms
from .errors import bad_query, high_volume
from .where import Getter, fold

Fields = dict[str, Getter]
MAX_PAGE, DEFAULT_PAGE = 1000, 100


def _utc_day(ms: int) -> Any:
	return datetime.fromtimestamp(ms / 1000, timezone.utc).date()


CONTACT: Fields = {
	"contactid": lambda row: row.id,
	"name": lambda row: row.name,
	"contactnumber": lambda row: row.number,
	"contactstatus": lambda row: row.status,
	"emailaddress": lambda row: row.fields.get("EmailAddress"),
	"accountnumber": lambda row: row.fields.get("AccountNumber"),
	"companynumber": lambda row: row.fields.get("CompanyNumber"),
	"taxnumber": lambda row: row.fields.get("TaxNumber"),
	"firstname": lambda row: row.fields.get("FirstName"),
	"lastname": lambda row: row.fields.get("LastName"),
	"iscustomer": lambda row: row.is_customer,
	"issupplier": lambda row: row.is_supplier,
	"updateddateutc": lambda row: _utc_day(row.updated),
}
DOCUMENT: Fields = {
	"type": lambda row: row.type,
	"status": lambda row: row.status,
	"contact.contactid": lambda row: row.contact.id,
	"contact.name": lambda row: row.contact.name,
	"contact.contactnumber": lambda row: row.contact.number,
	"reference": lambda row: row.reference,
	"date": lambda row: row.date,
	"duedate": lambda row: row.due_date,
	"total": lambda row: row.total,
	"subtotal": lambda row: row.sub_total,
	"totaltax": lambda row: row.total_tax,
	"currencycode": lambda row: row.currency,
	"senttocontact": lambda row: row.sent_to_contact,
	"fullypaidondate": lambda row: row.fully_paid_on,
	"updateddateutc": lambda row: _utc_day(row.updated),
}
INVOICE: Fields = DOCUMENT | {
	"invoiceid": lambda row: row.id,
	"invoicenumber": lambda row: row.number,
	"amountdue": lambda row: row.amount_due,
	"amountpaid": lambda row: row.amount_paid,
	"amountcredited": lambda row: row.amount_credited,
	"url": lambda row: row.url,
}
CREDIT: Fields = DOCUMENT | {
	"creditnoteid": lambda row: row.id,
	"prepaymentid": lambda row: row.id,
	"overpaymentid": lambda row: row.id,
	"creditnotenumber": lambda row: row.number,
	"remainingcredit": lambda row: row.amount_due,
}
PAYMENT: Fields = {
	"paymentid": lambda row: row.id,
	"status": lambda row: row.status,
	"date": lambda row: row.date,
	"amount": lambda row: row.amount,
	"reference": lambda row: row.reference,
	"isreconciled": lambda row: row.is_reconciled,
	"paymenttype": lambda row: f"{row.document.type}PAYMENT",
	"invoice.invoiceid": lambda row: row.document.id,
	"invoice.invoicenumber": lambda row: row.document.number,
	"invoice.contact.contactid": lambda row: row.document.contact.id,
	"account.accountid": lambda row: row.account_id,
	"updateddateutc": lambda row: _utc_day(row.updated),
}

EQUAL = {"==", "="}
RANGE = EQUAL | {">", ">=", "<", "<="}
# field -> operators that Xero has an index for; anything else is refused on high volume
OPTIMISED: dict[str, dict[str, set[str]]] = {
	"Invoices": {
		**dict.fromkeys(
			("status", "type", "contact.contactid", "contact.name", "contact.contactnumber"), EQUAL
		),
		**dict.fromkeys(("reference", "invoicenumber", "invoiceid"), EQUAL),
		**dict.fromkeys(("date", "duedate", "amountdue", "amountpaid"), RANGE),
	},
	"Contacts": dict.fromkeys(("name", "emailaddress", "accountnumber"), EQUAL),
}
OPTIMISED_ORDER = {"Invoices": {"invoiceid", "updateddateutc", "date"}}
HIGH_VOLUME = 100_000


def modified_since(header: str | None) -> int | None:
	"""UTC seconds as yyyy-mm-ddThh:mm:ss (or an HTTP date), in ms; what cannot be read is ignored, as HTTP says."""
	if not header:
		return None
	text = header.strip()
	try:
		moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
	except ValueError:
		try:
			moment = parsedate_to_datetime(text)
		except (TypeError, ValueError):
			return None
	if moment.tzinfo is None:
		moment = moment.replace(tzinfo=timezone.utc)
	return to_ms(moment) // 1000 * 1000


def flag(value: str | None) -> bool:
	return (value or "").lower() == "true"


def comma_list(value: str | None) -> set[str]:
	return {part.strip().lower() for part in (value or "").split(",") if part.strip()}


@dataclass
class Page:
	rows: list[Any]
	pagination: dict[str, int] | None


def page_of(rows: list[Any], args: Any, forced: bool = False) -> Page:
	"""`page` starts paging (summaryOnly forces it); pageSize is clamped to 1000 without a word."""
	if "page" not in args and not forced:
		return Page(rows, None)
	page, size = max(1, _whole(args, "page", 1)), _whole(args, "pageSize", DEFAULT_PAGE)
	size = min(max(1, size), MAX_PAGE)
	start = (page - 1) * size
	pagination = {"page": page, "pageSize": size, "pageCount": -(-len(rows) // size), "itemCount": len(rows)}
	return Page(rows[start : start + size], pagination)


def _whole(args: Any, name: str, default: int) -> int:
	try:
		return int(args.get(name) or default)
	except ValueError as error:
		raise bad_query(f"{name} must be a whole number") from error


def select(
	table: Table[Any],
	args: Any,
	since: int | None,
	fields: Fields,
	name: str,
	keep: Callable[[Any], bool] | None = None,
	limit: int = HIGH_VOLUME,
) -> list[Any]:
	"""Rows after If-Modified-Since, `where`, `keep` (the endpoint's own parameters) and `order`."""
	rows, rest = _ordered(table, args.get("order"), since, fields, name, limit)
	parsed = where.parse(args["where"], fields) if args.get("where") else None
	if parsed and len(table) > limit:
		_refuse_slow(parsed, name)
	if keep:
		rows = [row for row in rows if keep(row)]
	if parsed:
		rows = [row for row in rows if parsed.test(row)]
	for key, descending in reversed(rest):
		rows = sorted(rows, key=key, reverse=descending)
	return rows


def _refuse_slow(parsed: where.Parsed, name: str) -> None:
	known = OPTIMISED.get(name, {})
	slow = [use for use in parsed.uses if use[1] not in known.get(use[0], set())]
	or_elsewhere = parsed.has_or and any(use[0] != "invoiceid" for use in parsed.uses)
	if slow or or_elsewhere:
		raise high_volume("Your query would return too many records: use an optimised filter")


Order = list[tuple[Callable[[Any], Any], bool]]
ORDER_PART = re.compile(r"^([A-Za-z.]+)(?:\s+(ASC|DESC|ASCENDING|DESCENDING))?$", re.IGNORECASE)


def _ordered(
	table: Table[Any], order: str | None, since: int | None, fields: Fields, name: str, limit: int
) -> tuple[list[Any], Order]:
	"""Rows to start from and the sorts left to do; UpdatedDateUTC needs none. Without `order` it is by id."""
	if not order:
		rows = table.by_id()
		return (rows if since is None else [row for row in rows if row.updated >= since]), []
	parts = [_order_part(part, fields) for part in order.split(",")]
	allowed = OPTIMISED_ORDER.get(name)
	if allowed and len(table) > limit and any(field not in allowed for field, _ in parts):
		raise high_volume("Your query would return too many records: use an optimised order")
	if parts[0] == ("updateddateutc", False) and all(part in SAME for part in parts[1:]):
		return table.by_age(since), []
	keys: Order = [(_key(field, fields), descending) for field, descending in parts]
	return table.by_age(since), keys


# orders that UpdatedDateUTC followed by id already is
SAME = [(identity, False) for identity in ("invoiceid", "contactid", "creditnoteid", "paymentid")]


def _order_part(part: str, fields: Fields) -> tuple[str, bool]:
	match = ORDER_PART.match(part.strip())
	if not match or match.group(1).lower() not in fields:
		raise bad_query(f"No property or field '{part.strip()}' exists to order by")
	return match.group(1).lower(), (match.group(2) or "ASC").upper().startswith("DESC")


def _key(field: str, fields: Fields) -> Callable[[Any], Any]:
	if field == "updateddateutc":
		return lambda row: row.updated
	getter = fields[field]

	def key(row: Any) -> Any:
		value = fold(getter(row))
		return (value is not None, value)

	return key


def settings(rows: Iterable[dict[str, Any]], args: Any, since: int | None = None) -> list[dict[str, Any]]:
	"""`where` and `order` over settings, which are dicts in Xero's form."""
	found = [row for row in rows if since is None or row.get("UpdatedDateUTC", 0) >= since]
	names = {name for row in found for name in row}
	fields: Fields = {name.lower(): operator.methodcaller("get", name) for name in names}
	if args.get("where") and found:
		found = list(filter(where.parse(args["where"], fields).test, found))
	for part in reversed([part for part in (args.get("order") or "").split(",") if part and found]):
		field, descending = _order_part(part, fields)
		found.sort(
			key=_key(field, fields) if field != "updateddateutc" else fields[field], reverse=descending
		)
	return found
