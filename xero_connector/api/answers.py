"""From typed errors to sentences: the one table, and the decorator by which every whitelisted function uses it."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import frappe
from frappe import _

from xero_connector.core.errors import Code, WillRetry, XeroConnectorError

F = TypeVar("F", bound=Callable[..., Any])


class XeroUnavailable(frappe.ValidationError):  # type: ignore[misc]
	"""Nothing is wrong with the request; it can succeed later."""

	http_status_code = 503


def answers(function: F) -> F:
	"""Turn typed errors into Frappe's, with a sentence, and the code beside it as `xero_error`."""

	@functools.wraps(function)
	def wrapper(**arguments: Any) -> Any:
		try:
			return function(**arguments)
		except XeroConnectorError as failure:
			said = failure
		# outside of the except block: the traceback of a call to Xero has headers among its variables
		frappe.local.response["xero_error"] = said.code.value
		if "field" in said.values:
			frappe.local.response["xero_field"] = said.values["field"]
		return frappe.throw(sentence(said.code.value, said.values), _exception(said))

	# frappe.call reads the names of the parameters, and would see only **arguments
	wrapper.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
	return wrapper  # type: ignore[return-value]


def sentence(code: str, values: dict[str, str]) -> str:
	"""What a person reads about a failure; unknown codes get the general sentence."""
	try:
		known = Code(code)
	except ValueError:
		known = Code.UNKNOWN
	said = str(_SENTENCES[known](values))
	if values.get("maybe_done"):
		said += " " + _("It may have arrived: it is looked up before it is sent again.")
	return said


def told(code: str, values: dict[str, str], trace: str, xero: str | None) -> str:
	"""The sentence of a failed wish, with the ids by which it is found: ours in the log, and Xero's for its support."""
	ids = [_("Trace {0}").format(trace)] if trace else []
	ids += [_("Xero {0}").format(xero)] if xero else []
	return " ".join([sentence(code, values), *([f"({', '.join(ids)})"] if ids else [])])


def _exception(failure: XeroConnectorError) -> type[Exception]:
	if isinstance(failure, WillRetry):
		return XeroUnavailable
	found: dict[Code, type[Exception]] = {
		Code.NOT_FOUND: frappe.DoesNotExistError,
		Code.NOT_A_RECORD: frappe.PermissionError,
		Code.STATE_MISMATCH: frappe.PermissionError,
	}
	general: type[Exception] = frappe.ValidationError
	return found.get(failure.code, general)


def _field(path: str) -> str:
	"""The label of a field of a form; of a line's or a contact's, the last step of its path."""
	name = path.rpartition(".")[2]
	labels: dict[str, str] = {
		"account_code": _("Account"),
		"amount": _("Amount"),
		"branding_theme": _("Branding theme"),
		"columns": _("Columns"),
		"contact_name": _("Contact name"),
		"email_address": _("E-mail"),
		"name": _("Name"),
		"currency": _("Currency"),
		"date": _("Date"),
		"description": _("Description"),
		"discount_amount": _("Discount"),
		"discount_rate": _("Discount"),
		"due_date": _("Due date"),
		"file": _("File"),
		"from_date": _("From"),
		"item_code": _("Item"),
		"kind": _("Kind"),
		"line_amount_types": _("Tax"),
		"lines": _("Lines"),
		"mode": _("Mode"),
		"names": _("Records"),
		"organisation": _("Organisation"),
		"promised_on": _("Promised for"),
		"quantity": _("Quantity"),
		"record_doctype": _("CRM Record Type"),
		"our_name": _("Rate here"),
		"reason": _("Reason"),
		"reference": _("Reference"),
		"scope": _("Scope"),
		"status": _("Status"),
		"tax_type": _("Tax rate"),
		"text": _("Text"),
		"to_date": _("To"),
		"unit_amount": _("Price"),
		"value": _("Value"),
		"view": _("View"),
	}
	return labels.get(name, name)


def _broken_tax(trouble: str) -> str:
	told: dict[str, str] = {
		"Changed": _(
			"The tax {0} is not what it was when it was mapped: its rate has changed. Open Map Taxes."
		),
		"Gone": _("The tax {0} is mapped to one that Xero has archived or no longer has. Open Map Taxes."),
		"Unfit": _("The tax {0} is mapped to one that Xero no longer allows on sales. Open Map Taxes."),
	}
	return told.get(trouble, told["Changed"])


_SENTENCES: dict[Code, Callable[[dict[str, str]], str]] = {
	Code.SWITCHED_OFF: lambda v: _("Xero is switched off in Xero Settings."),
	Code.NOT_CONFIGURED: lambda v: _("Xero is not set up yet. Enter client ID and secret in Xero Settings."),
	Code.NOT_CONNECTED: lambda v: _("This organisation is not connected to Xero."),
	Code.RECONNECT: lambda v: _("The connection to Xero has ended. Connect to Xero again."),
	Code.APP_CREDENTIALS: lambda v: _(
		"Xero does not accept the app's client ID, secret or scopes. Check them in Xero Settings."
	),
	Code.MISSING_SCOPE: lambda v: _(
		"The connection does not allow this. Connect to Xero again and allow what is asked for."
	),
	Code.ORGANISATION_GONE: lambda v: _(
		"Xero no longer lets us into this organisation. Connect to Xero again."
	),
	Code.REDIRECT_REFUSED: lambda v: _(
		"Xero accepts only https addresses, or http://localhost, and this site's is {0}."
	).format(v.get("uri", "")),
	Code.STATE_MISMATCH: lambda v: _(
		"This answer from Xero is too old or was not asked for by you. Press Connect again."
	),
	Code.CONSENT_REFUSED: lambda v: _("The connection was not allowed in Xero."),
	Code.NO_ORGANISATION_CHOSEN: lambda v: _("No Xero organisation was chosen."),
	Code.NOT_FOUND: lambda v: _("{0} was not found.").format(v.get("what", _("The document"))),
	Code.REJECTED: lambda v: _("Xero did not accept it: {0}").format(v.get("message", "")),
	Code.UNREADABLE: lambda v: _("Xero's answer could not be read. It will be tried again."),
	Code.RATE_LIMITED: lambda v: _("Xero allows no more calls for the moment. It will be tried again."),
	Code.UNAVAILABLE: lambda v: _("Xero is not available at the moment. It will be tried again."),
	Code.NETWORK: lambda v: _("Xero could not be reached. It will be tried again."),
	Code.INVALID_VALUE: lambda v: _("{0}: {1} cannot be used.").format(
		_field(v.get("field", "")), v.get("value", "")
	),
	Code.MISSING_VALUE: lambda v: _("{0} is missing.").format(_field(v.get("field", ""))),
	Code.NOT_A_RECORD: lambda v: _("{0} has no Xero tab.").format(v.get("doctype", "")),
	Code.NO_DRAFT_HERE: lambda v: _("No invoice can be made from this record."),
	Code.NO_PDF: lambda v: _(
		"This site cannot make a PDF at the moment. Open the statement as a page and print it from the browser."
	),
	Code.NAME_TAKEN: lambda v: _(
		"“{0}” is in Xero already. Link that contact, or choose another name."
	).format(v.get("name", "")),
	Code.NAME_TAKEN_HERE: lambda v: _(
		"Another record here is called “{0}” already. Link that record, or change one of the two names."
	).format(v.get("name", "")),
	Code.CONTACT_ARCHIVED: lambda v: _(
		"{0} is archived in Xero. Restore that contact in Xero, or choose another."
	).format(v.get("name", "")),
	Code.CONTACT_MERGED: lambda v: _("{0} was merged into {1} in Xero. Use {1}?").format(
		v.get("name", ""), v.get("into", "")
	),
	Code.ARCHIVED_NAMESAKE: lambda v: _(
		"Xero has an archived contact called {0}. Create a new one of the same name?"
	).format(v.get("name", "")),
	Code.HAS_PAYMENTS: lambda v: _(
		"{0} has a payment or credit on it, and cannot be changed any more. Make another invoice for what is missing."
	).format(v.get("number") or _("The invoice")),
	Code.GONE_IN_XERO: lambda v: _("The document was voided or deleted in Xero."),
	Code.OVER_VALUE: lambda v: _(
		"This is {0} {1} more than the {2} {1} that the sale is worth. Bill it all the same?"
	).format(v.get("over", ""), v.get("currency", ""), v.get("value", "")),
	Code.NOTHING_LEFT: lambda v: _("All of the sale's value is invoiced."),
	Code.NOTHING_TO_BILL: lambda v: _("The total must be more than zero."),
	Code.BAD_PRODUCT: lambda v: _("Xero did not accept the product {0}: {1}").format(
		v.get("products", ""), v.get("message", "")
	),
	Code.NO_TAX_RATE: lambda v: _(
		"Xero has no single tax rate of {0} % for sales. Choose one, or make it the default of the organisation."
	).format(v.get("rate", "")),
	Code.TAX_MAP_BROKEN: lambda v: _broken_tax(v.get("trouble", "")).format(v.get("name", "")),
	Code.TAX_RATES_DIFFER: lambda v: _(
		"{0} is {1} % here and {2} % in Xero. Only equal rates belong together; say why if these do."
	).format(v.get("name", ""), v.get("ours", ""), v.get("theirs", "")),
	Code.PERIOD_LOCKED: lambda v: _("Xero is locked up to {0}. Choose a later date.").format(
		v.get("date", "")
	),
	Code.NOT_VOIDABLE: lambda v: _("{0} cannot be voided: it is paid, voided or deleted.").format(
		v.get("number") or _("The document")
	),
	Code.NOT_TO_RETRY: lambda v: _("There is nothing to try again: it neither failed nor needs attention."),
	Code.BY_HAND: lambda v: _(
		"Its invoice was edited in the form, or is one of several. Open it there to change it."
	),
	Code.IS_CANCELLED: lambda v: _("It is cancelled."),
	Code.NOT_ALLOWED: lambda v: _("You are not allowed to change this record."),
	Code.NOT_TO_UPDATE: lambda v: _("There is nothing to ask for: not sent, paid already, or cancelled."),
	Code.NOT_FOR_DRAFTS: lambda v: _(
		"Xero gives this for approved sales invoices, and not for drafts or bills."
	),
	Code.NOT_OWED: lambda v: _(
		"Nothing is owed on {0}: it is a draft, paid, void, or no sales invoice."
	).format(v.get("number") or _("The document")),
	Code.VIEW_ONLY: lambda v: _("Nothing is written in Xero: the mode in Xero Settings is View Only."),
	Code.NOT_READ_YET: lambda v: _(
		"Not everything is read from Xero yet. Try again when the first load is done."
	),
	Code.STILL_DIFFERENT: lambda v: _(
		"Each document is as Xero has it, and yet Xero's own balance of the contact is another."
	),
	Code.NOTHING_TO_FIX: lambda v: _(
		"There is nothing to fix: no difference, or all of them were read again."
	),
	Code.NO_IMPORT: lambda v: _(
		"Contacts stay in Xero: choose a contact policy in Xero Settings that imports them."
	),
	Code.NOT_SAVED: lambda v: _("The record could not be saved: {0}").format(v.get("why", "")),
	Code.ALREADY_HERE: lambda v: _("{0} is here already.").format(v.get("name", "")),
	Code.NOT_HERE: lambda v: _("There is no {0} here.").format(v.get("name", "")),
	Code.REPEATED_ROW: lambda v: _("Line {0} of the file is about the same.").format(v.get("line", "")),
	Code.SEVERAL_OF_NAME: lambda v: _(
		"There are several of the name {0}, and the postcode does not tell which one is meant."
	).format(v.get("name", "")),
	Code.UNKNOWN: lambda v: _("Something unexpected happened. The Error Log tells more."),
}
