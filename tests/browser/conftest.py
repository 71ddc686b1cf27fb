"""One demo in a process of its own and one browser for all tests here; a fresh context for each.

A test fails on any error that its pages did not expect, uncaught or on the console.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from devsite import demo as demos

from .desk import Desk
from .site import Connection, Site, Xero

ARGUMENTS = (
	*("--no-sandbox", "--disable-gpu", "--no-first-run"),
	*("--disable-background-networking", "--disable-component-update"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
PASSWORDS = {"Administrator": "admin", "fin@example.com": "fin", "sally@example.com": "sally"}
LOCALE = "en-NZ"  # that of the sandbox's organisation, so that money reads $1,234.50
WINDOW = {"width": 1280, "height": 800}

OpenDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
	folder: Path = tmp_path_factory.mktemp("demo") / "site"
	with demos.in_own_process(folder) as urls:
		yield urls


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
	"""The system's; CHROMIUM names another one."""
	found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
	if not found:
		pytest.skip("there is no Chromium here")
	with sync_playwright() as playwright:
		expect.set_options(timeout=15_000)
		browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
		yield browser
		browser.close()


@pytest.fixture(scope="session")
def site(demo: tuple[str, str]) -> Iterator[Site]:
	"""The site, as its Administrator, for arranging."""
	administrator = Site(demo[0], "Administrator", PASSWORDS["Administrator"])
	yield administrator
	administrator.close()


@pytest.fixture(scope="session")
def xero(demo: tuple[str, str]) -> Xero:
	return Xero(demo[1])


@pytest.fixture(scope="session")
def connection(site: Site, xero: Xero) -> Connection:
	return Connection(site, xero)


@pytest.fixture
def connected(connection: Connection) -> Connection:
	connection.ensure()
	return connection


@pytest.fixture
def desk(demo: tuple[str, str], browser: Browser) -> Iterator[OpenDesk]:
	"""``desk("fin@example.com")`` is Desk in a context of its own, with this user signed in.

	`url` is that of another site than the session's.
	"""
	opened: list[Desk] = []
	with ExitStack() as stack:

		def open_desk(user: str, url: str = demo[0], **options: Any) -> Desk:
			context = browser.new_context(locale=LOCALE, **{"viewport": WINDOW, **options})
			stack.callback(context.close)
			context.set_default_timeout(15_000)
			form = {"usr": user, "pwd": PASSWORDS[user]}
			reply = context.request.post(f"{url}/api/method/login", form=form)
			assert reply.ok, reply.text()
			opened.append(Desk(context, url))
			return opened[-1]

		yield open_desk
		problems = [text for one in opened for text in one.unexpected]
	assert not problems, "\n".join(problems)


@pytest.fixture(scope="session")
def known(site: Site, xero: Xero, connection: Connection) -> list[dict[str, Any]]:
	"""Xero's customers that are not simple: something unpaid, something overdue, something paid. With figures."""
	connection.ensure()
	found = {}
	for letter in "aeiou":
		found |= {row["id"]: row for row in site.contacts(xero.organisation, letter)}
	rows = [{**row, "figures": xero.figures(row["id"])} for row in found.values()]
	busy = [row for row in rows if all(float(row["figures"][name]) for name in ("unpaid", "paid", "overdue"))]
	assert len(busy) > 1, "the sandbox's books have no such customers"
	return sorted(busy, key=lambda row: -row["figures"]["counts"]["all"])


@pytest.fixture
def person(site: Site, connected: Connection) -> str:
	"""A contact of the site without a Xero contact."""
	return site.person()


@pytest.fixture
def linked(person: str, known: list[dict[str, Any]], link: Callable[[str, str, str], None]) -> str:
	"""A contact of the site that is the first of `known` in Xero."""
	link("Contact", person, known[0]["id"])
	return person


@pytest.fixture
def customer_deal(site: Site, known: list[dict[str, Any]], link: Callable[[str, str, str], None]) -> str:
	"""A deal of Sally's with the first of `known`, and nothing linked to itself."""
	name = site.deal("sally@example.com")
	[deal] = site.rows("CRM Deal", {"name": name}, "organization")
	link("CRM Organization", deal["organization"], known[0]["id"])
	return name


@pytest.fixture
def link(site: Site, xero: Xero) -> Callable[[str, str, str], None]:
	"""Ties a record to a Xero contact of the first organisation."""

	def tie(doctype: str, name: str, contact: str) -> None:
		site.link(doctype, name, xero.organisation, contact)

	return tie
