"""Printing: the fork's print pages come without a body, and it makes no PDF. This puts back what Frappe does."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from devsite import paths

_STYLE_SHEET = re.compile(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"[^>]*>')


def mend() -> None:
	from frappe.utils import pdf

	pdf.pdf_body_html, pdf.get_pdf = pdf_body_html, get_pdf


def pdf_body_html(template: Any, args: dict[str, Any], **others: Any) -> str:
	return template.render(args)


def get_pdf(html: str, options: dict[str, Any] | None = None, output: Any = None) -> bytes:
	"""By wkhtmltopdf, as on a bench; OSError where it is not installed."""
	import pdfkit
	from frappe.utils import scrub_urls

	fixed = {"quiet": "", "encoding": "UTF-8", "print-media-type": "", "disable-javascript": ""}
	return pdfkit.from_string(
		scrub_urls(_STYLE_SHEET.sub(_put_in, html)), options={**fixed, **(options or {})}
	)


def _put_in(link: re.Match[str]) -> str:
	"""A style sheet itself, for wkhtmltopdf gives up on one that it cannot fetch, and a test's site serves none."""
	file = paths.DESK / "dist" / "css" / PurePosixPath(link[1]).name
	return f"<style>{file.read_text()}</style>" if file.exists() else ""
