"""python -m xero_sandbox --port 9000 --seed 7 --contacts 500 --documents 5000"""

from __future__ import annotations

import argparse
import threading
import time
from typing import Any

from .sandbox import Sandbox


def arguments(given: list[str] | None = None) -> argparse.Namespace:
	parser = argparse.ArgumentParser(prog="xero_sandbox", description=__doc__)
	parser.add_argument("--host", default="127.0.0.1")
	parser.add_argument("--port", type=int, default=9000, help="0 takes a free one")
	parser.add_argument("--seed", type=int, default=7)
	parser.add_argument("--contacts", type=int, default=500)
	parser.add_argument("--documents", type=int, default=5000)
	parser.add_argument("--organisations", type=int, default=2)
	parser.add_argument(
		"--minute-limit", type=int, default=60, help="calls a minute and organisation; 0 is off"
	)
	parser.add_argument("--day-limit", type=int, default=5000, help="calls a day and organisation; 0 is off")
	parser.add_argument("--no-limits", action="store_true", help="no limits at all, for benchmarks")
	parser.add_argument("--legacy-scopes", action="store_true", help="an app from before 2 March 2026")
	parser.add_argument(
		"--warm", action="store_true", help="encode every document before serving, for benchmarks"
	)
	return parser.parse_args(given)


def build(options: argparse.Namespace) -> Sandbox:
	limits: dict[str, Any] = {"minute": options.minute_limit or None, "day": options.day_limit or None}
	if options.no_limits:
		limits = dict.fromkeys(("minute", "day", "concurrent", "app_minute"))
	return Sandbox(
		seed=options.seed,
		contacts=options.contacts,
		documents=options.documents,
		organisations=options.organisations,
		legacy_scopes=options.legacy_scopes,
		**limits,
	)


def main() -> None:
	options = arguments()
	started = time.perf_counter()
	sandbox = build(options)
	if options.warm:
		sandbox.warm()
	with sandbox.serve(options.port, options.host) as url:
		print(f"xero_sandbox on {url} after {time.perf_counter() - started:.1f} s", flush=True)
		for organisation in sandbox.organisations:
			print(f"  {organisation.id}  {organisation.name}", flush=True)
		try:
			threading.Event().wait()
		except KeyboardInterrupt:
			print("stopped", flush=True)


if __name__ == "__main__":
	main()
