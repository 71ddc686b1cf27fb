"""A strict Xero over HTTP, for tests, demo and benchmarks: behaviour as documented by Xero, never tried live.

	python -m xero_sandbox --port 9000 --seed 7 --contacts 500 --documents 5000

or in Python `with Sandbox(seed=7).serve() as url: …`. `/` is Xero's side for a person, `/_sandbox/` lists what
tests may do from another process. The way of a request: server.py, app.py (faults, rights, limits, idempotency),
then oauth_pages.py, lists.py, settings.py, *_writes.py, history.py, control.py or pages.py.
"""

from .sandbox import Sandbox

__all__ = ["Sandbox"]
