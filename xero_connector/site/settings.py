"""Xero Settings and the site's configuration, read once and passed on as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import frappe

from xero_connector.core.choosing import OrganisationRule
from xero_connector.core.errors import Code, NeedsPerson
from xero_connector.site.database import as_decimal

CALLBACK = "/api/method/xero_connector.api.connection.callback"

PKCE, CUSTOM = "PKCE", "Custom Connection"
"""Kinds of app that differ from a web app: the first has no secret, the other no consent page."""

LEGACY = "Legacy"
"""The scope set of apps made before March 2026."""

_DAY_LIMITS = {"Starter": 1000, "Paid": 5000}
MANUAL_LINK = "Manual Link"
"""The contact policy with which nothing is tied by itself."""
IMPORTING = ("Auto Import Customers", "Auto Import All", "Two-way")
"""The contact policies that make records of Xero contacts."""
POLICIES = (MANUAL_LINK, "On Invoice", *IMPORTING)
_REMINDERS = {-3: "remind_before", 0: "remind_due", 7: "remind_after"}


class FieldRule(NamedTuple):
	"""`owner` is "CRM", "Xero" or "Newest" (B19); `fieldname` None is where the host keeps it anyway."""

	xero_field: str
	fieldname: str | None
	owner: str


@dataclass(frozen=True)
class Settings:
	"""The words of `mode`, `drafting` and the like are those of the options on the settings page.

	`scopes` is empty when the defaults are wanted; `allowed_users` when roles alone decide who sees Xero;
	`due_days` is 0 for the contact's own terms; `hosts` is `xero_hosts` of the site's configuration. `day_limit` is
	what Xero allows the app's tier, in calls a day of each organisation (xero-facts 2). `own_rates` are name and
	percent; `reminders` the days from due at which owners are reminded (R110).
	"""

	enabled: bool
	app_type: str
	client_id: str
	scope_set: str
	scopes: tuple[str, ...]
	mode: str
	drafting: str
	initial_status: str
	auto_send: str
	person_policy: str
	item_policy: str
	line_amount_types: str
	due_days: int
	day_limit: int
	contact_policy: str
	import_suppliers: bool
	field_map: tuple[FieldRule, ...]
	organisation_rules: tuple[OrganisationRule, ...]
	own_rates: tuple[tuple[str, Decimal], ...]
	reminders: tuple[int, ...]
	show_bills: bool
	allowed_users: tuple[str, ...]
	show_in_apps: bool
	crm_main_tab: bool
	hosts: dict[str, Any] | None
	redirect_uri: str

	@property
	def view_only(self) -> bool:
		"""Nothing is ever written in Xero (C1)."""
		return self.mode == "View Only"

	@property
	def has_secret(self) -> bool:
		return self.app_type != PKCE

	@property
	def imports(self) -> bool:
		"""Contacts come in from Xero by themselves (C2)."""
		return self.enabled and self.contact_policy in IMPORTING

	@property
	def sales_may_draft(self) -> bool:
		"""The two presets of C7: finance and administrators alone, or whoever sells as well."""
		return self.drafting != "Finance Only"


def load() -> Settings:
	stored = frappe.get_cached_doc("Xero Settings")
	return Settings(
		enabled=bool(stored.enabled),
		app_type=stored.app_type,
		client_id=stored.client_id or "",
		scope_set=stored.scope_set,
		scopes=tuple((stored.scopes or "").split()),
		mode=stored.mode,
		drafting=stored.drafting,
		initial_status=stored.initial_status,
		auto_send=stored.auto_send,
		person_policy=stored.person_policy,
		item_policy=stored.item_policy,
		line_amount_types=stored.line_amount_types,
		due_days=int(stored.due_days or 0),
		day_limit=_DAY_LIMITS.get(stored.call_tier, min(_DAY_LIMITS.values())),
		contact_policy=stored.contact_policy,
		import_suppliers=bool(stored.import_suppliers),
		field_map=tuple(
			FieldRule(row.xero_field, row.fieldname or None, row.owner_side) for row in stored.field_map or ()
		),
		organisation_rules=tuple(
			OrganisationRule(row.basis, row.value, row.organisation)
			for row in stored.organisation_rules or ()
		),
		own_rates=tuple((row.title, as_decimal(row.rate)) for row in stored.own_rates or ()),
		reminders=tuple(days for days, field in _REMINDERS.items() if stored.get(field)),
		show_bills=bool(stored.show_bills),
		allowed_users=tuple(row.user for row in stored.allowed_users or ()),
		show_in_apps=bool(stored.show_in_apps),
		crm_main_tab=bool(stored.crm_main_tab),
		hosts=frappe.conf.get("xero_hosts"),
		redirect_uri=frappe.utils.get_url(CALLBACK),
	)


def configured() -> bool:
	"""Whether there is an app to connect with: switched on, with client id and the secret that its kind has."""
	stored = load()
	return bool(stored.enabled and stored.client_id and (not stored.has_secret or _secret()))


def shows_on_sales() -> bool:
	"""Whether deals, opportunities and projects hold Xero's figures, which everybody who may read them sees (B6). Asked
	of the database, so that a job which began before it was switched off learns of it with its next step."""
	return bool(frappe.db.get_single_value("Xero Settings", "show_on_sales", cache=False))


def client_secret() -> str:
	"""Raises NeedsPerson(NOT_CONFIGURED) when there is none."""
	secret = _secret()
	if not secret:
		raise NeedsPerson(Code.NOT_CONFIGURED)
	return secret


def webhook_key() -> str | None:
	"""With which Xero signs what it tells by webhook."""
	return _password("webhook_key")


def _secret() -> str | None:
	return _password("client_secret")


def _password(field: str) -> str | None:
	return frappe.get_cached_doc("Xero Settings").get_password(field, raise_exception=False)
