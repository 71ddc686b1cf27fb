"""Several processes that serve a site on one port, as a bench's web server does.

`python -m benchmarks.serving FOLDER SOCKET` is one of them; SOCKET is the number of a listening socket it inherits.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from devsite import paths, server, sites

_WAITING = 128
"""Connections that wait to be taken."""


@contextmanager
def processes(folder: Path, count: int) -> Iterator[str]:
	"""The site's address, answered by `count` processes."""
	with socket.create_server((server.ADDRESS, 0), backlog=_WAITING) as listening, ExitStack() as stack:
		started = [_start(stack, folder, listening) for _ in range(count)]
		for process in started:
			assert process.stdout
			if not process.stdout.readline():
				raise SystemExit("A process that was to serve the site ended")
		yield f"http://{server.ADDRESS}:{listening.getsockname()[1]}"


def _start(stack: ExitStack, folder: Path, listening: socket.socket) -> subprocess.Popen[str]:
	number = listening.fileno()
	process = subprocess.Popen(
		[sys.executable, "-m", "benchmarks.serving", str(folder.resolve()), str(number)],
		cwd=paths.ROOT,
		stdout=subprocess.PIPE,
		text=True,
		pass_fds=[number],
	)
	stack.callback(process.wait)
	stack.callback(process.terminate)
	return process


def _serve(folder: Path, number: int) -> None:
	sites.open_site(folder).destroy()
	with socket.socket(fileno=number) as listening:
		web = server.make(listening.getsockname()[1], number)
		print("ready", flush=True)
		web.serve_forever()


if __name__ == "__main__":
	_serve(Path(sys.argv[1]), int(sys.argv[2]))
