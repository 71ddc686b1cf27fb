"""/_sandbox/: what tests and the demo do to the sandbox from another process. JSON in, JSON out.

A wrong parameter is a 400 with a sentence. `sandbox.requests` does not list these calls.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .calls import Answer
from .errors import Refusal

if TYPE_CHECKING:
	from werkzeug.wrappers import Request

	from .sandbox import Sandbox

Params = dict[str, Any]


def _fault(sandbox: Sandbox, params: Params) -> Any:
	if params.get("kind") == "clear":
		sandbox.faults.clear()
	else:
		sandbox.fault(**params)
	return {}


def _advance(sandbox: Sandbox, params: Params) -> Any:
	sandbox.advance(float(params["seconds"]))
	return {"now": sandbox.clock.now().isoformat()}


def _pay(sandbox: Sandbox, params: Params) -> Any:
	day = date.fromisoformat(params["date"]) if params.get("date") else None
	payment = sandbox.pay(params["invoice_id"], params.get("amount"), day)
	return {
		"payment_id": payment.id,
		"status": payment.document.status,
		"amount_due": payment.document.amount_due,
	}


def _edit_contact(sandbox: Sandbox, params: Params) -> Any:
	sandbox.edit_contact(params.pop("contact_id"), **params)
	return {}


def _merge(sandbox: Sandbox, params: Params) -> Any:
	sandbox.merge_contacts(params["loser"], params["winner"])
	return {}


def _void(sandbox: Sandbox, params: Params) -> Any:
	return {"status": sandbox.void(params["document_id"]).status}


def _authorise(sandbox: Sandbox, params: Params) -> Any:
	return {"status": sandbox.authorise(params["document_id"]).status}


def _expire(sandbox: Sandbox, params: Params) -> Any:
	sandbox.expire_access_tokens()
	return {}


def _grant(sandbox: Sandbox, params: Params) -> Any:
	return sandbox.grant(**params)


def _webhooks(sandbox: Sandbox, params: Params) -> Any:
	return {"statuses": sandbox.send_webhooks(**params)}


def _reset(sandbox: Sandbox, params: Params) -> Any:
	sandbox.reset()
	return {}


def _limits(sandbox: Sandbox, params: Params) -> Any:
	sandbox.limits.set(**params)
	return {}


def _requests(sandbox: Sandbox, params: Params) -> Any:
	return [asdict(row) for row in sandbox.requests]


def _figures(sandbox: Sandbox, params: Params) -> Any:
	return sandbox.figures(params.get("organisation_id"), params.get("contact_id"))


def _organisations(sandbox: Sandbox, params: Params) -> Any:
	return [{"id": row.id, "name": row.name, "short_code": row.short_code} for row in sandbox.organisations]


# name -> function, what it takes
POSTS: dict[str, tuple[Callable[[Any, Params], Any], str]] = {
	"fault": (
		_fault,
		"kind, match, times (null: for ever), and the parameters of the kind; kind clear removes all",
	),
	"advance": (_advance, "seconds"),
	"pay": (_pay, "invoice_id, amount (default: all), date"),
	"edit_contact": (_edit_contact, "contact_id, and fields in Xero's names"),
	"merge_contacts": (_merge, "loser, winner"),
	"void": (_void, "document_id"),
	"authorise": (_authorise, "document_id"),
	"expire_tokens": (_expire, ""),
	"grant": (_grant, "tenant_ids (default: all), scopes"),
	"webhooks": (_webhooks, "url, key, kind (events, intent), duplicate, reverse, batch, skip, late"),
	"reset": (_reset, ""),
	"limits": (_limits, "minute, day, concurrent, app_minute (null: off)"),
}
GETS: dict[str, tuple[Callable[[Any, Params], Any], str]] = {
	"requests": (_requests, ""),
	"figures": (_figures, "organisation_id, contact_id"),
	"organisations": (_organisations, ""),
}


def index(sandbox: Sandbox, request: Request) -> Answer:
	return _answer(
		{
			"POST": {f"/_sandbox/{name}": takes for name, (_, takes) in POSTS.items()},
			"GET": {f"/_sandbox/{name}": takes for name, (_, takes) in GETS.items()},
		}
	)


def post(sandbox: Sandbox, request: Request, name: str) -> Answer:
	try:
		params = json.loads(request.environ["sandbox.data"] or b"{}")
	except ValueError as error:
		raise Refusal(400, {"error": "the body must be JSON"}) from error
	return _run(sandbox, POSTS, name, params)


def get(sandbox: Sandbox, request: Request, name: str) -> Answer:
	return _run(sandbox, GETS, name, request.args.to_dict())


# what a plain "id" means
NAMED = {"pay": "invoice_id", "edit_contact": "contact_id", "void": "document_id", "authorise": "document_id"}


def _run(sandbox: Sandbox, table: Any, name: str, params: Params) -> Answer:
	if "id" in params and name in NAMED:
		params[NAMED[name]] = params.pop("id")
	if name not in table:
		raise Refusal(404, {"error": f"there is no {name}; see GET /_sandbox/"})
	try:
		return _answer(table[name][0](sandbox, params))
	except (TypeError, ValueError, KeyError, StopIteration, ArithmeticError) as error:
		raise Refusal(400, {"error": f"{type(error).__name__}: {error}"}) from error


def _answer(value: Any) -> Answer:
	return Answer(body=json.dumps(value, default=_form).encode())


def _form(value: Any) -> str:
	if isinstance(value, (Decimal, date, datetime)):
		return value.isoformat() if isinstance(value, date) else str(value)
	raise TypeError(type(value).__name__)


ROUTES: list[tuple[str, str, Callable[..., Answer]]] = [
	("GET", "/_sandbox", index),
	("POST", "/_sandbox/<name>", post),
	("GET", "/_sandbox/<name>", get),
]
# these take the lock themselves: a webhook's receiver may call us back while it is being sent
UNLOCKED = {post, get}
