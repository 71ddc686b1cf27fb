"""The demo: a lively site and a sandbox of Xero, on this machine only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from . import bundles, paths, server, sites
from .worker import Background

CLIENT_ID, CLIENT_SECRET = "SANDBOX", "sandbox-secret"

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
"""


@dataclass(frozen=True)
class Running:
	url: str
	xero: str  # empty where there is no sandbox
	serve: Callable[[], None]  # until interrupted


def run(port: int, fresh: bool = False, folder: Path | None = None) -> None:
	"""Serve until Ctrl-C."""
	with running(folder or paths.DEMO / "site", port, fresh) as demo:
		command = f".venv/bin/python -m devsite demo --port {port} --fresh"
		print(TEXT.format(url=demo.url, xero=demo.xero or "(not here yet)", fresh=command), flush=True)
		try:
			demo.serve()
		except KeyboardInterrupt:
			print("\n  Bye.")


@contextmanager
def running(folder: Path, port: int, fresh: bool = False) -> Iterator[Running]:
	"""The site in this folder with its port bound and its jobs running, and the sandbox beside it."""
	_prepare(folder, fresh)
	url = f"http://localhost:{port}"  # by name: Xero refuses to redirect to 127.0.0.1
	sites.update_config(folder, host_name=url)
	with ExitStack() as stack:
		xero = _sandbox(stack, port + 1)
		if xero:
			sites.update_config(folder, xero_hosts=hosts(xero))
		frappe = sites.open_site(folder)
		_fill(frappe, folder)
		frappe.destroy()
		http = server.make(port)
		stack.callback(http.server_close)
		stack.callback(Background().start().stop)
		yield Running(url, xero, http.serve_forever)


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
	"""A copy of the template, unless there is one made of the same."""
	stamp, wanted = folder / "stamp", sites.fingerprint()
	if fresh or not stamp.exists() or stamp.read_text() != wanted:
		sites.copy(folder)
		stamp.write_text(wanted)
	bundles.offer(folder)


def _sandbox(stack: ExitStack, port: int) -> str:
	"""Starts Xero's sandbox in this process; an empty string where there is none."""
	try:
		from xero_sandbox import Sandbox
	except ImportError:
		return ""
	sandbox = Sandbox(seed=7, contacts=60, documents=400, organisations=2)
	return stack.enter_context(sandbox.serve(port=port))


def _fill(frappe: ModuleType, folder: Path) -> None:
	stamp = folder / "seeded"
	if not stamp.exists():
		from sample_crm.seed import seed

		print("Filling the demo, once …", flush=True)
		seed()
		stamp.touch()
	if frappe.db.exists("DocType", "Xero Settings"):
		settings = frappe.get_doc("Xero Settings")
		settings.update({"enabled": 1, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
		settings.save()
		frappe.db.commit()
