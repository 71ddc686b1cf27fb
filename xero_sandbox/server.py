"""The HTTP server: threads, keep-alive, and head and body in one write (else 40 ms of delayed ACK a call)."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request

if TYPE_CHECKING:
	from .app import Application, Reply


class Handler(WSGIRequestHandler):
	protocol_version = "HTTP/1.1"
	disable_nagle_algorithm = True
	timeout = 60
	server: Any
	_headers_buffer: list[bytes]

	def setup(self) -> None:
		super().setup()
		self.server.connections.add(self.connection)

	def finish(self) -> None:
		self.server.connections.discard(self.connection)
		with contextlib.suppress(OSError):
			super().finish()

	def run_wsgi(self) -> None:
		"""Instead of werkzeug's, which writes twice and closes after each answer."""
		if self.headers.get("Expect", "").lower() == "100-continue":
			self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
		body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
		environ = self.make_environ() | {"wsgi.input": io.BytesIO(body)}
		reply = self.server.application.handle(Request(environ), body)
		with contextlib.suppress(OSError):
			self._send(reply)

	def _send(self, reply: Reply) -> None:
		if reply.cut or reply.dropped:
			self.close_connection = True
		if reply.dropped:
			self.connection.shutdown(socket.SHUT_RDWR)
			return
		self.send_response_only(reply.status)
		for name, value in reply.headers:
			self.send_header(name, value)
		if reply.status != 204:
			self.send_header("Content-Length", str(len(reply.body)))
		if self.close_connection:
			self.send_header("Connection", "close")
		body = reply.body[: len(reply.body) // 2] if reply.cut else reply.body
		head = b"".join(self._headers_buffer) + b"\r\n"
		self._headers_buffer = []
		self.wfile.write(head + (b"" if self.command == "HEAD" or reply.status == 204 else body))

	def log(self, type: str, message: str, *args: Any) -> None:
		"""Quiet: `sandbox.requests` is the log."""


class Server(ThreadingHTTPServer):
	daemon_threads = True
	block_on_close = False
	request_queue_size = 128
	# read by werkzeug's make_environ
	_server_version = "xero_sandbox"
	multithread, multiprocess, ssl_context, passthrough_errors = True, False, None, False

	def __init__(self, application: Application, host: str, port: int) -> None:
		self.application = application
		self.connections: set[socket.socket] = set()
		super().__init__((host, port), Handler)

	@property
	def url(self) -> str:
		return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

	def handle_error(self, request: Any, client_address: Any) -> None:
		"""A client that went away is no news; anything else is printed by `Application.handle`."""

	def start(self) -> None:
		self._thread = threading.Thread(
			target=self.serve_forever, args=(0.01,), daemon=True, name="xero_sandbox"
		)
		self._thread.start()

	def stop(self) -> None:
		self.shutdown()
		self.server_close()
		for connection in list(self.connections):
			with contextlib.suppress(OSError):
				connection.shutdown(socket.SHUT_RDWR)
		self._thread.join(5)
