"""``python -m devsite prepare | desk | demo | worker``: what the Makefile calls."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
	parser = argparse.ArgumentParser(prog="devsite", description=__doc__)
	commands = parser.add_subparsers(dest="command", required=True)
	commands.add_parser("prepare", help="make the engine and a ready site, when there are none")
	commands.add_parser("desk", help="build Desk's browser bundles, when there are none")
	demo = commands.add_parser("demo", help="serve a lively site and a sandbox of Xero on 127.0.0.1")
	demo.add_argument("--port", type=int, default=8000)
	demo.add_argument("--fresh", action="store_true", help="forget the demo's data and start anew")
	demo.add_argument("--folder", type=Path, help="keep the demo's data here and not in .build/demo")
	worker = commands.add_parser("worker", help="run queued jobs of a site that has a Redis server")
	worker.add_argument("site", type=Path)
	make = commands.add_parser("make", help="make a site in a folder")
	make.add_argument("site", type=Path)
	run(parser.parse_args())


def run(arguments: argparse.Namespace) -> None:
	"""Each command imports what it needs: making bundles needs no site, and a site no bundles."""
	if arguments.command == "prepare":
		from . import sites

		sites.template()
	elif arguments.command == "make":
		from . import sites

		sites.make(arguments.site)
	elif arguments.command == "desk":
		from . import bundles

		bundles.ensure()
	elif arguments.command == "worker":
		from . import worker

		worker.run_forever(arguments.site)
	else:
		from . import demo

		demo.run(arguments.port, arguments.fresh, arguments.folder)


if __name__ == "__main__":
	main()
