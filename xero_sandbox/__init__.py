"""A strict Xero over HTTP, for tests, demo and benchmarks; see docs of `Sandbox`."""

from .sandbox import Sandbox

__all__ = ["Sandbox"]
