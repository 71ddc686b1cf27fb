"""Serves a site on 127.0.0.1, fenced: loopback names only, uploaded files never rendered, no debugger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.wrappers import Response

from . import paths

ADDRESS = "127.0.0.1"
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
# shown in the page; anything else of /files is a download, for HTML and SVG run as the site's own scripts
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def fenced(application: Wsgi) -> Wsgi:
	"""The engine's application with what a web server in front of a bench does: files, assets, host names."""
	return only_loopback(harmless_files(with_static_files(application)))


def only_loopback(application: Wsgi) -> Wsgi:
	"""Refuses a Host that is not this machine: else any page could reach the site by DNS rebinding."""

	def guard(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
		if is_loopback(environ.get("HTTP_HOST", "")):
			return application(environ, start_response)
		refusal = Response("This site answers to localhost only.\n", HTTPStatus.MISDIRECTED_REQUEST)
		return refusal(environ, start_response)

	return guard


def is_loopback(host: str) -> bool:
	name = host.rsplit(":", 1)[0].lower() if host.rpartition(":")[2].isdigit() else host.lower()
	return name in LOOPBACK or name.endswith(".localhost")


def harmless_files(application: Wsgi) -> Wsgi:
	"""Uploads are downloads, whatever they call themselves; pictures may be shown."""

	def guard(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
		path = environ.get("PATH_INFO", "")
		if not path.startswith(("/files/", "/private/files/")):
			return application(environ, start_response)

		def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
			headers = [pair for pair in headers if pair[0].lower() != "content-disposition"]
			headers.append(("X-Content-Type-Options", "nosniff"))
			headers.append(("Content-Security-Policy", "sandbox; default-src 'none'"))
			if not path.lower().endswith(PICTURES):
				name = quote(path.rsplit("/", 1)[-1])
				headers.append(("Content-Disposition", f"attachment; filename*=UTF-8''{name}"))
			return start_response(status, headers, exc_info)

		return application(environ, start)

	return guard


def with_static_files(application: Wsgi) -> Wsgi:
	"""``/assets/<app>`` and ``/files``, as nginx and the links of a bench give them."""
	import frappe

	exports = {"/assets/frappe/dist": str(paths.DESK / "dist")}
	for app in frappe.get_all_apps():
		exports[f"/assets/{app}"] = str(Path(frappe.get_app_path(app)) / "public")
	exports["/files"] = str(Path.cwd() / "public" / "files")
	static = SharedDataMiddleware(application, exports)

	def revalidated(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
		if not environ.get("PATH_INFO", "").startswith("/assets/"):
			return static(environ, start_response)

		def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
			"""A changed script must show at the next load, not twelve hours later."""
			headers = [pair for pair in headers if pair[0].lower() not in ("cache-control", "expires")]
			return start_response(status, [*headers, ("Cache-Control", "no-cache")], exc_info)

		return static(environ, start)

	return revalidated


def make(port: int, listening: int | None = None) -> Any:
	"""A threaded server of the site that is open in this process; call ``serve_forever`` on it. ``listening`` is the
	number of a socket that listens on this port already, for several processes to share."""
	import logging

	from frappe.app import application
	from werkzeug.serving import make_server

	logging.getLogger("werkzeug").setLevel(logging.ERROR)  # no line a request
	return make_server(ADDRESS, port, fenced(application), threaded=True, fd=listening)
