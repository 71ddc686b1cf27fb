"""The demo: a lively site and a sandbox of Xero, on this machine only."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from . import bundles, paths, server, sites
from .worker import Background

CLIENT_ID, CLIENT_SECRET = "SANDBOX", "sandbox-secret"
SHARED_CUSTOMERS = 15

TEXT = """
  The demo is at   {url}
  Xero's sandbox   {xero}

  Log in as        Administrator      password admin   sees and may do everything
                   fin@example.com    password fin     finance: connects Xero, sends, authorises
                   sally@example.com  password sally   sales: sees and drafts for her own deals

  What to try
    1. As fin, open Xero Settings ({url}/desk/xero-settings) and press Connect: the sandbox asks for consent.
    2. Open a deal ({url}/desk/crm-deal), tab Xero: link its customer, see invoices, make a draft.
    3. As sally, open a deal of hers: the same tab, without bills and settings.
    4. Mark an invoice as paid in the sandbox ({xero}) and refresh the tab.

  Ctrl-C stops it; `make demo` goes on where you left, `{fresh}` starts anew.
  The sandbox begins anew each time: press Reconnect in Xero Settings.
"""


@dataclass(frozen=True)
class Running:
	url: str
	xero: str  # empty where there is no sandbox
	serve: Callable[[], None]  # until interrupted


def run(port: int, fresh: bool = False, folder: Path | None = None) -> None:
	"""Serve until Ctrl-C, or until asked to end: what a shell starts in the background never hears of Ctrl-C."""
	signal.signal(signal.SIGTERM, signal.default_int_handler)
	with running(folder or paths.DEMO / "site", port, fresh) as demo:
		command = f".venv/bin/python -m devsite demo --port {port} --fresh"
		print(TEXT.format(url=demo.url, xero=demo.xero or "(not here yet)", fresh=command), flush=True)
		demo.serve()
	print("\n  Bye.")


@contextmanager
def running(folder: Path, port: int, fresh: bool = False) -> Iterator[Running]:
	"""The site in this folder with its port bound and its jobs running, and the sandbox beside it."""
	_prepare(folder, fresh)
	url = f"http://localhost:{port}"  # by name: Xero refuses to redirect to 127.0.0.1
	sites.update_config(folder, host_name=url)
	with ExitStack() as stack:
		xero, books = _sandbox(stack, port + 1)
		if xero:
			sites.update_config(folder, xero_hosts=hosts(xero))
		frappe = sites.open_site(folder)
		_fill(frappe, folder, books)
		frappe.destroy()
		http = server.make(port)
		stack.callback(http.server_close)
		_run_jobs(stack, folder)
		yield Running(url, xero, http.serve_forever)


@contextmanager
def in_own_process(folder: Path) -> Iterator[tuple[str, str]]:
	"""A demo of its own in this folder, on free ports: for browser tests. Yields the site's and Xero's URL."""
	port = _free_ports()
	command = [
		sys.executable,
		"-m",
		"devsite",
		"demo",
		"--port",
		str(port),
		"--folder",
		str(folder.resolve()),
	]
	with (
		(folder.parent / f"{folder.name}.log").open("w") as log,
		subprocess.Popen(command, cwd=paths.ROOT, stdout=log, stderr=subprocess.STDOUT) as process,
	):
		try:
			_await(f"http://127.0.0.1:{port}/api/method/ping", process, log.name)
			yield f"http://localhost:{port}", f"http://127.0.0.1:{port + 1}"
		finally:
			process.terminate()


def _free_ports() -> int:
	"""A port that is free, and the one after it too."""
	while True:
		with socket.socket() as first, socket.socket() as second:
			first.bind((server.ADDRESS, 0))
			port = first.getsockname()[1]
			try:
				second.bind((server.ADDRESS, port + 1))
			except OSError:
				continue
			return port


def _await(url: str, process: subprocess.Popen[bytes], log: str, seconds: float = 120) -> None:
	deadline = time.monotonic() + seconds
	while process.poll() is None and time.monotonic() < deadline:
		try:
			urllib.request.urlopen(url, timeout=5).close()
		except OSError:
			time.sleep(0.1)
		else:
			return
	raise RuntimeError(f"The demo did not start:\n{Path(log).read_text()[-3000:]}")


def hosts(base: str) -> dict[str, str]:
	"""Site configuration that sends xero_connector to a sandbox in place of Xero."""
	return {
		"authorize_url": f"{base}/identity/connect/authorize",
		"token_url": f"{base}/identity/connect/token",
		"revocation_url": f"{base}/identity/connect/revocation",
		"connections_url": f"{base}/connections",
		"accounting_url": f"{base}/api.xro/2.0",
		"app_url": f"{base}/go",
	}


def _prepare(folder: Path, fresh: bool) -> None:
	"""A site like the template, unless there is one made of the same."""
	stamp, wanted = folder / "stamp", sites.fingerprint()
	if fresh or not stamp.exists() or stamp.read_text() != wanted:
		sites.fresh(folder)
		stamp.write_text(wanted)
	bundles.ensure()
	bundles.offer(folder)


def _sandbox(stack: ExitStack, port: int) -> tuple[str, Any]:
	"""Starts Xero's sandbox in this process: its URL and first organisation; nothing where there is none."""
	try:
		from xero_sandbox import Sandbox
	except ImportError:
		return "", None
	sandbox = Sandbox(seed=7, contacts=60, documents=400, organisations=2)
	return stack.enter_context(sandbox.serve(port=port)), sandbox.organisations[0]


def _run_jobs(stack: ExitStack, folder: Path) -> None:
	"""Threads of this process; with a Redis server a process of its own, as on a real site."""
	if not sites.read_config(folder).get("redis_queue"):
		stack.callback(Background().start().stop)
		return
	command = [sys.executable, "-m", "devsite", "worker", str(folder)]
	process = subprocess.Popen(command, cwd=paths.ROOT)
	stack.callback(process.wait)
	stack.callback(process.terminate)


def _fill(frappe: ModuleType, folder: Path, books: Any) -> None:
	stamp = folder / "seeded"
	if not stamp.exists():
		from sample_crm.seed import seed

		print("Filling the demo, once …", flush=True)
		seed(_customers(books), currency=books.base_currency if books else "USD")
		stamp.touch()
	if frappe.db.exists("DocType", "Xero Settings"):
		settings = frappe.get_doc("Xero Settings")
		settings.update({"enabled": 1, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
		settings.save()
		frappe.db.commit()


def _customers(books: Any) -> list[tuple[str, str]]:
	"""Some that Xero's organisation has too, so that the tab finds them by name and e-mail."""
	if not books:
		return []
	known = [row for row in books.contacts if row.is_customer and row.status == "ACTIVE" and row.email]
	return [(row.name, row.email) for row in known[:SHARED_CUSTOMERS]]
