"""What can go wrong, in two kinds only.

    XeroConnectorError
    ├── NeedsPerson   somebody must act: reconnect, correct a field, choose an account
    └── WillRetry     time mends it: a limit, an outage, a broken line; says when to try again

An error carries a code and the values that its sentence needs. The sentence itself is written once, in
`xero_connector.api.answers`, where it can be translated.
"""

from __future__ import annotations

from enum import Enum


class Code(str, Enum):
	"""Every failure that a person may read about. Each has one sentence in `api.answers`."""

	SWITCHED_OFF = "switched_off"
	NOT_CONFIGURED = "not_configured"
	NOT_CONNECTED = "not_connected"
	RECONNECT = "reconnect"
	APP_CREDENTIALS = "app_credentials"
	MISSING_SCOPE = "missing_scope"
	ORGANISATION_GONE = "organisation_gone"
	REDIRECT_REFUSED = "redirect_refused"
	STATE_MISMATCH = "state_mismatch"
	CONSENT_REFUSED = "consent_refused"
	NO_ORGANISATION_CHOSEN = "no_organisation_chosen"
	NOT_FOUND = "not_found"
	REJECTED = "rejected"
	UNREADABLE = "unreadable"
	RATE_LIMITED = "rate_limited"
	UNAVAILABLE = "unavailable"
	NETWORK = "network"
	INVALID_VALUE = "invalid_value"
	MISSING_VALUE = "missing_value"
	NOT_A_RECORD = "not_a_record"
	NO_DRAFT_HERE = "no_draft_here"
	NO_PDF = "no_pdf"
	NAME_TAKEN = "name_taken"
	NAME_TAKEN_HERE = "name_taken_here"
	CONTACT_ARCHIVED = "contact_archived"
	CONTACT_MERGED = "contact_merged"
	ARCHIVED_NAMESAKE = "archived_namesake"
	HAS_PAYMENTS = "has_payments"
	GONE_IN_XERO = "gone_in_xero"
	OVER_VALUE = "over_value"
	NOTHING_LEFT = "nothing_left"
	NOTHING_TO_BILL = "nothing_to_bill"
	BAD_PRODUCT = "bad_product"
	NO_TAX_RATE = "no_tax_rate"
	TAX_MAP_BROKEN = "tax_map_broken"
	TAX_RATES_DIFFER = "tax_rates_differ"
	PERIOD_LOCKED = "period_locked"
	NOT_VOIDABLE = "not_voidable"
	NOT_TO_RETRY = "not_to_retry"
	BY_HAND = "by_hand"
	IS_CANCELLED = "is_cancelled"
	NOT_ALLOWED = "not_allowed"
	NOT_TO_UPDATE = "not_to_update"
	NOT_FOR_DRAFTS = "not_for_drafts"
	NOT_OWED = "not_owed"
	VIEW_ONLY = "view_only"
	NO_IMPORT = "no_import"
	NOT_SAVED = "not_saved"
	ALREADY_HERE = "already_here"
	NOT_HERE = "not_here"
	REPEATED_ROW = "repeated_row"
	SEVERAL_OF_NAME = "several_of_name"
	NOT_READ_YET = "not_read_yet"
	STILL_DIFFERENT = "still_different"
	NOTHING_TO_FIX = "nothing_to_fix"
	UNKNOWN = "unknown"


class XeroConnectorError(Exception):
	"""Base of both kinds.

	`values` are texts for the sentence's placeholders; they never hold a token or a secret.
	"""

	def __init__(self, code: Code, **values: str) -> None:
		super().__init__(code.value, values)
		self.code = code
		self.values = values

	def __str__(self) -> str:
		told = "; ".join(f"{name}: {value}" for name, value in self.values.items())
		return f"{self.code.value} ({told})" if told else self.code.value


class NeedsPerson(XeroConnectorError):
	"""Trying again changes nothing until somebody acts."""


class WillRetry(XeroConnectorError):
	"""The same call can succeed later.

	`retry_after` is in seconds; None leaves the pace to the caller.
	`maybe_done` is True when the request may have taken effect in Xero although no answer came back: look
	the thing up before sending it again.
	"""

	def __init__(
		self, code: Code, *, retry_after: int | None = None, maybe_done: bool = False, **values: str
	) -> None:
		super().__init__(code, **values)
		self.retry_after = retry_after
		self.maybe_done = maybe_done
