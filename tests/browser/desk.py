"""Desk in a browser: one page of one user, and the Xero tab in its forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, expect

# what a page may say although nothing of ours is wrong: pattern, reason
HARMLESS = (
	(r"404 .*/favicon\.ico", "the sandbox has no icon for its tab"),
	(r"^The resource .* was preloaded using link preload but not used", "Desk's own preloads"),
)
VALUE = re.compile(r"-?[\d,]+\.\d\d")


class Desk:
	"""A page, and what went wrong in it: uncaught errors and errors on the console."""

	def __init__(self, context: BrowserContext, url: str) -> None:
		self.context, self.url = context, url
		self.problems: list[str] = []
		self._expected: list[str] = []
		self.page = context.new_page()
		context.on("console", self._note)
		context.on("weberror", lambda error: self.problems.append(f"uncaught: {_story(error.error)}"))

	def _note(self, message: ConsoleMessage) -> None:
		if message.type == "error":
			self.problems.append(f"{message.text} {message.location.get('url', '')}")

	def expect_problem(self, pattern: str) -> None:
		"""This test provokes an error on the console."""
		self._expected.append(pattern)

	@property
	def unexpected(self) -> list[str]:
		known = [*self._expected, *(pattern for pattern, _reason in HARMLESS)]
		return [text for text in self.problems if not any(re.search(pattern, text) for pattern in known)]

	def open(self, path: str) -> None:
		self.page.goto(f"{self.url}/app/{path}")

	def open_settings(self) -> None:
		self.open("xero-settings")
		expect(self.page.locator("#xero-redirect-uri")).to_be_visible()

	def route_to(self, doctype: str, name: str) -> None:
		"""As a click on a link inside Desk does: the form stays, its record changes."""
		self.page.evaluate(
			"""async ([doctype, name]) => {
				await frappe.set_route("Form", doctype, name);
				await new Promise((resolve) => frappe.after_ajax(resolve));
			}""",
			[doctype, name],
		)
		self.page.wait_for_function("name => window.cur_frm?.docname === name", arg=name)

	def open_record(self, doctype: str, name: str) -> Panel:
		self.open(f"{doctype.lower().replace(' ', '-')}/{quote(name)}")
		return self.open_tab()

	def open_tab(self) -> Panel:
		self.page.locator(".form-tabs:visible").get_by_role("tab", name="Xero").click()
		panel = Panel(self.page)
		panel.settle()
		return panel

	def says(self, text: str | re.Pattern[str]) -> None:
		"""In a corner of the page, for some seconds."""
		expect(self.page.locator(".desk-alert").filter(has_text=text).first).to_be_visible()

	def agree(self) -> None:
		"""Yes to what Desk asks."""
		self.page.locator(".modal.show").get_by_role("button", name="Yes").click()


class Panel:
	"""The Xero tab of the form that is shown."""

	def __init__(self, page: Page) -> None:
		self.page = page
		self.root: Locator = page.locator("section.panel:visible")
		self.dialog: Locator = page.locator("dialog[open]")

	def settle(self) -> None:
		"""Until the first answer is painted."""
		expect(self.root).to_have_attribute("aria-busy", "false")

	def figure(self, label: str) -> Locator:
		name = self.page.get_by_text(label, exact=True)
		return self.root.locator(".figure").filter(has=name)

	def value(self, label: str) -> Decimal:
		return amount(self.figure(label).locator(".amount").inner_text())

	def figures(self) -> dict[str, Decimal]:
		"""In the sandbox's names."""
		labels = {"unpaid": "Total unpaid", "paid": "Total paid", "overdue": "Overdue"}
		return {name: self.value(label) for name, label in labels.items()}

	@property
	def rows(self) -> Locator:
		return self.root.locator("table.documents tbody tr:not(.detail)")

	def row(self, number: str) -> Locator:
		return self.rows.filter(has=self.page.get_by_text(number, exact=True))

	def numbers(self) -> list[str]:
		return self.root.locator("td.number").all_inner_texts()

	def view(self, label: str) -> Locator:
		return self.root.get_by_role("tab", name=re.compile(rf"^{label}\s*\d*$"))

	def counted(self, label: str) -> int:
		"""What the saved view says that it holds."""
		return int(self.view(label).locator(".count").inner_text())

	def choose(self, label: str) -> None:
		with self.listed():
			self.view(label).click()

	@contextmanager
	def listed(self) -> Iterator[None]:
		"""Around what makes the list ask again: until the answer is painted."""
		with self.page.expect_response("**/*panel.list_documents"):
			yield
		expect(self.root.locator("#rows")).to_have_attribute("aria-busy", "false")

	def scope(self, label: str) -> Locator:
		return self.root.get_by_role("group", name="Whose documents").get_by_role("button", name=label)

	def kind(self, label: str) -> Locator:
		return self.root.get_by_role("group", name="Kind of document").get_by_role("button", name=label)

	def unfold(self, row: Locator) -> Locator:
		"""What Xero can give of a document, below its row."""
		row.get_by_role("button", name="PDF, online invoice and notes of").click()
		return self.root.locator("tr.detail.actions")

	def link(self, name: str) -> None:
		self.root.get_by_role("searchbox", name="Name or e-mail").fill(name)
		self.root.get_by_role("button", name=f"Link {name}", exact=True).click()
		expect(self.root.locator(".figures")).to_be_visible()

	def open_draft(self) -> Locator:
		self.root.get_by_role("button", name="New draft invoice").click()
		form = self.dialog.locator("form.draft")
		expect(form).to_be_visible()
		return form

	def open_find(self) -> Locator:
		self.root.get_by_role("button", name="Find & link").click()
		expect(
			self.dialog.locator(".found li, .found p.muted", has_not_text="Searching").first
		).to_be_visible()
		return self.dialog

	def has_focus(self, element: Locator) -> bool:
		"""Whether the keyboard is there."""
		return bool(element.evaluate("node => node.getRootNode().activeElement === node"))

	def overflow(self) -> int:
		"""By how many pixels the page, or the panel in it, is wider than the window."""
		wide: int = self.root.evaluate(
			"""panel => Math.max(
				document.documentElement.scrollWidth - innerWidth,
				panel.scrollWidth - panel.clientWidth,
				Math.ceil(panel.getBoundingClientRect().right) - innerWidth,
			)"""
		)
		return wide


def amount(text: str) -> Decimal:
	"""What "NZ$1,234.50" says."""
	found = VALUE.search(text)
	assert found, f"no amount in {text!r}"
	return Decimal(found[0].replace(",", ""))


def _story(error: Error | Any) -> str:
	return f"{error}\n{getattr(error, 'stack', '') or ''}"
