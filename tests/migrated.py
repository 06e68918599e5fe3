"""Keeps a migrated, empty SQLite database between test runs: some 200 migrations take longer than most tests.

`migrate` still runs on the copy, so a migration that is new or changed is never missed; the key of the copy contains
every migration of the project and the versions of all packages.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created

APPS = ("cms", "home", "archive", "newsletter")


def copy_path() -> Path:
    """Where the copy for the current migrations lies, whether it exists or not."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256(sys.version.encode() + sys.prefix.encode() + (root / "uv.lock").read_bytes())
    for app in APPS:
        for path in sorted((root / app / "migrations").glob("*.py")):
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return root / "var" / "tests" / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def fill_first_connection() -> None:
    """Give the next in-memory connection the content of the copy, if there is one."""
    path = copy_path()
    if connection.vendor != "sqlite" or not path.exists():
        return

    def fill(sender, connection, **kwargs) -> None:
        connection_created.disconnect(fill)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)

    connection_created.connect(fill, weak=False)


def keep_copy() -> None:
    """Keep the database of this run, which has just been migrated, if there is no copy yet."""
    path = copy_path()
    if connection.vendor != "sqlite" or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    for outdated in path.parent.glob("migrated-*.sqlite3"):
        outdated.unlink(missing_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(partial)) as copy:
        connection.connection.backup(copy)
    partial.replace(path)
