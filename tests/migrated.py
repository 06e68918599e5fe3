"""Keeps migrated, empty databases between test runs: some 200 migrations take longer than most tests.

`migrate` still runs on the copy, so a migration that is new or changed is never missed; the key of the copy contains
every migration of the project and the versions of all packages.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.backends.signals import connection_created

from tests import postgres

APPS = ("cms", "home", "archive", "newsletter")
ROOT = Path(__file__).parents[1]
KEPT = ROOT / "var" / "tests"
# In a cluster: what databases are copied from, because nobody is ever connected to it.
TEMPLATE = "migrated"


def _key(program: bytes) -> str:
    digest = hashlib.sha256(program + (ROOT / "uv.lock").read_bytes())
    for app in APPS:
        for path in sorted((ROOT / app / "migrations").glob("*.py")):
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _forget(pattern: str) -> None:
    """Remove what other migrations have left."""
    for outdated in KEPT.glob(pattern):
        if outdated.is_dir():
            shutil.rmtree(outdated, ignore_errors=True)
        else:
            outdated.unlink(missing_ok=True)


def copy_path() -> Path:
    """Where the SQLite database for the current migrations lies, whether it exists or not."""
    return KEPT / f"migrated-{_key(sys.version.encode() + sys.prefix.encode())}.sqlite3"


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
    """Keep the database of this run, which has just been migrated, if there is no copy yet.

    A run of nothing but tests with databases of their own has none.
    """
    path = copy_path()
    if connection.vendor != "sqlite" or connection.connection is None or path.exists():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    _forget("migrated-*.sqlite3")
    partial = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(partial)) as copy:
        connection.connection.backup(copy)
    partial.replace(path)


def cluster() -> Path:
    """The directory of a PostgreSQL server with migrated databases, `postgres` and TEMPLATE; made if there is none."""
    import psycopg

    version = subprocess.run(
        [next(postgres.installations()) / "postgres", "--version"], capture_output=True, check=True
    )
    path = KEPT / f"postgresql-{_key(version.stdout)}"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _forget("postgresql-*")
            partial = path.with_suffix(".partial")
            with postgres.running_postgres(partial) as (url, _origin):
                migrate(url)
                # From a third database: nobody may be connected to what is copied.
                with psycopg.connect(url.replace("/postgres?", "/template1?"), autocommit=True) as server:
                    server.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE postgres")
            partial.rename(path)
    return path


def migrate(url: str) -> None:
    """Migrate the database at this address in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="ikoe-var-") as var:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        environment = os.environ | {"DATABASE_URL": url, "DEBUG": "1", "VAR_DIR": var}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
