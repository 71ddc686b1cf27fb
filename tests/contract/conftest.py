"""The fixture `sandbox`: a small Xero of its own for each test, served over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from xero_sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
	"""Two organisations, 20 contacts and 60 documents; the base URL is `sandbox.url`."""
	box = Sandbox(seed=7, contacts=20, documents=60)
	with box.serve():
		yield box
