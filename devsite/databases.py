"""Which database and Redis the sites use: SQLite and none, or what the environment names.

``DEVSITE_DB=mariadb`` with ``DEVSITE_DB_HOST``, ``DEVSITE_DB_PORT``, ``DEVSITE_DB_SOCKET``,
``DEVSITE_DB_ROOT`` and ``DEVSITE_DB_ROOT_PASSWORD``; ``DEVSITE_REDIS=redis://127.0.0.1:6379``.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from typing import Any

from . import paths


def kind() -> str:
	name = os.environ.get("DEVSITE_DB", "sqlite")
	if name not in ("sqlite", "mariadb"):
		raise SystemExit(f"DEVSITE_DB is {name!r}; it can be sqlite or mariadb")
	return name


def where() -> str:
	"""The servers in use, as text: a site made on others is of no use here."""
	names = ("DEVSITE_DB", "DEVSITE_DB_HOST", "DEVSITE_DB_PORT", "DEVSITE_DB_SOCKET", "DEVSITE_REDIS")
	return " ".join(f"{name}={os.environ.get(name, '')}" for name in names)


def create(config: dict[str, Any]) -> None:
	"""An empty database for a site of this configuration, and its user; one of that name is dropped."""
	if config["db_type"] == "sqlite":
		return
	import pymysql

	where = {"unix_socket": config["db_socket"]} if config["db_socket"] else {"host": config["db_host"]}
	connection = pymysql.connect(
		user=os.environ.get("DEVSITE_DB_ROOT", "root"),
		password=os.environ.get("DEVSITE_DB_ROOT_PASSWORD", ""),
		port=config["db_port"],
		**where,
	)
	name = config["db_name"]
	with connection, connection.cursor() as cursor:
		cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
		cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
		for host in ("localhost", "%"):  # by socket or this machine's name, and from outside a container
			user = (config["db_user"], host)
			cursor.execute("CREATE OR REPLACE USER %s@%s IDENTIFIED BY %s", (*user, config["db_password"]))
			cursor.execute(f"GRANT ALL PRIVILEGES ON `{name}`.* TO %s@%s", user)


def settings(purpose: str) -> dict[str, Any]:
	"""The part of a site's configuration that says where its data is; ``purpose`` tells sites apart."""
	return {"db_type": kind(), **(_mariadb(purpose) if kind() == "mariadb" else _sqlite()), **_redis()}


def _sqlite() -> dict[str, Any]:
	# the name is also the prefix of the site's keys in the cache
	return {"db_name": f"site_{secrets.token_hex(4)}"}


def _mariadb(purpose: str) -> dict[str, Any]:
	here = hashlib.sha256(str(paths.ROOT).encode()).hexdigest()[:8]
	name = f"devsite_{here}_{purpose.replace('-', '_')}"
	return {
		"db_name": name,
		"db_user": name,
		"db_password": secrets.token_hex(12),
		"db_host": os.environ.get("DEVSITE_DB_HOST", "127.0.0.1"),
		"db_port": int(os.environ.get("DEVSITE_DB_PORT", "3306")),
		"db_socket": os.environ.get("DEVSITE_DB_SOCKET", ""),
		"use_mysqlclient": 0,  # a C extension; PyMySQL does
	}


def _redis() -> dict[str, Any]:
	url = os.environ.get("DEVSITE_REDIS", "").rstrip("/")
	return {"redis_cache": f"{url}/1", "redis_queue": f"{url}/2"} if url else {"redis_cache": ""}
