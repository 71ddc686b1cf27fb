"""Cache and queues without a Redis server: fakeredis, one store for all threads of this process."""

from __future__ import annotations

import threading
from typing import Any

CACHE_DB, QUEUE_DB = 0, 1


def mend(fake: bool) -> None:
	_erase_in_this_process()
	if fake:
		_store_in_memory()
		_read_through()


def _store_in_memory() -> None:
	"""Without a server the engine cannot start: its cache and RQ's queues get one in memory."""
	import fakeredis
	import redis
	from frappe.utils import background_jobs, redis_wrapper

	server = fakeredis.FakeServer()

	def pool(db: int) -> redis.ConnectionPool:
		return redis.ConnectionPool(connection_class=fakeredis.FakeConnection, server=server, db=db)

	queue = redis.Redis(connection_pool=pool(QUEUE_DB))
	redis_wrapper.setup_cache = lambda: redis_wrapper.RedisWrapper(connection_pool=pool(CACHE_DB))
	background_jobs.get_redis_conn = lambda *_, **__: queue
	background_jobs.get_redis_connection_without_auth = lambda: queue


def _read_through() -> None:
	"""fakeredis has no CLIENT TRACKING, by which the server tells of changed keys: so keep no local copy."""
	from frappe.utils import redis_wrapper

	def init(self: Any, maxsize: int = 1024, ttl: int = 600, monitor: Any = None) -> None:
		import frappe

		self.maxsize, self.local_ttl, self.lock, self.cache = maxsize, ttl, threading.RLock(), {}
		self.redis, self.healthy, self.hits, self.misses = frappe.cache, False, 0, 0

	redis_wrapper.ClientCache.__init__ = init


def _erase_in_this_process() -> None:
	"""Erasing was a message to a watcher thread, which comes too late for who asks and reads right after."""
	from frappe.utils import redis_wrapper

	publish = redis_wrapper.ClientCache.erase_persistent_caches

	def erase(self: Any, *, doctype: str | None = None) -> None:
		import frappe
		from frappe.cache_manager import clear_controller_cache
		from frappe.utils import caching

		publish(self, doctype=doctype)
		clear_controller_cache(doctype, site=frappe.get_site_name())
		if not doctype:
			caching._SITE_CACHE.clear()

	redis_wrapper.ClientCache.erase_persistent_caches = erase
