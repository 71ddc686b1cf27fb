"""Options of all tiers. A tier that needs a site gets it from ``tests/site/conftest.py``."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
	group = parser.getgroup("site", "the site that tests/site runs on; embedded when none is named")
	group.addoption("--bench", metavar="PATH", help="a bench; run pytest with its env/bin/python")
	group.addoption(
		"--site", metavar="NAME", help="the bench's site, with xero_connector and a CRM installed"
	)


def pytest_configure(config: pytest.Config) -> None:
	"""Warnings of ours are errors; those that other people's code raises about itself are not.

	On a bench the other people are many, so that only what our own modules raise counts there.
	"""
	if config.getoption("--bench"):
		config.addinivalue_line("filterwarnings", "default")
		config.addinivalue_line("filterwarnings", r"error:::xero_connector(\..*)?")
	for module in ("frappe", "rq", "fakeredis", "redis", "passlib", "pypika", "erpnext", "crm"):
		config.addinivalue_line("filterwarnings", rf"ignore:::{module}(\..*)?")
