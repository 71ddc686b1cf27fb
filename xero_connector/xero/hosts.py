"""Where Xero is. Everything that talks to it gets these addresses, so that the emulator can stand in for it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit


class Hosts(NamedTuple):
	"""Addresses without a trailing slash; `accounting_url` and `app_url` are bases, the others are whole."""

	authorize_url: str
	token_url: str
	revocation_url: str
	connections_url: str
	accounting_url: str
	app_url: str


OFFICIAL = Hosts(
	authorize_url="https://login.xero.com/identity/connect/authorize",
	token_url="https://identity.xero.com/connect/token",
	revocation_url="https://identity.xero.com/connect/revocation",
	connections_url="https://api.xero.com/connections",
	accounting_url="https://api.xero.com/api.xro/2.0",
	app_url="https://go.xero.com",
)
"""Xero's own addresses (developer.xero.com, "OAuth 2.0" and "Accounting API")."""


def hosts_from(config: Mapping[str, str] | None) -> Hosts:
	"""`OFFICIAL` with the addresses that `config` (site config key `xero_hosts`) names instead.

	Raises ValueError for a name that is none of ours, and for an address that is neither https nor on this
	machine: tokens would travel in clear.
	"""
	overrides = dict(config or {})
	unknown = sorted(set(overrides) - set(Hosts._fields))
	if unknown:
		raise ValueError(f"xero_hosts knows {', '.join(Hosts._fields)}; not {', '.join(unknown)}")
	for name, url in overrides.items():
		if not _is_safe(url):
			raise ValueError(f"xero_hosts: {name} must be https, or http on this machine, not {url!r}")
	return OFFICIAL._replace(**{name: url.rstrip("/") for name, url in overrides.items()})


def _is_safe(url: str) -> bool:
	parts = urlsplit(url)
	if parts.scheme == "https":
		return bool(parts.hostname)
	return parts.scheme == "http" and _is_loopback(parts.hostname or "")


def _is_loopback(name: str) -> bool:
	if name == "localhost":
		return True
	try:
		return ip_address(name).is_loopback
	except ValueError:
		return False
