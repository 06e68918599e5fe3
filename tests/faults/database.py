"""A PostgreSQL server that the fault tests own, because they stop and kill it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg

from cms.demo.processes import Child
from tests import migrated, postgres

ROOT = Path(__file__).parents[2]
# No power is lost here, only processes: what the system was given to write is there after a crash. What a commit
# promises is as in production.
OPTIONS = postgres.DISCREET | {
    "fsync": "off", "full_page_writes": "off", "listen_addresses": "", "max_connections": "40",
}  # fmt: skip
START_LIMIT = 60.0


class Database:
    """A server with the migrated, empty database of the site."""

    def __init__(self, directory: Path, **changes: str) -> None:
        self.directory = directory
        directory.chmod(0o755)
        self.account = postgres._account()
        self.data = directory / "data"
        self.data.mkdir(mode=0o700)
        postgres._give([directory, self.data], self.account)
        self.binaries = postgres._reachable(next(postgres.installations()), self.account, directory)
        options = OPTIONS | {"unix_socket_directories": str(directory)} | changes
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.server = Child("postgres", command, run=directory / "run", log=directory / "run", user=self.account)
        self._fill()

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self.directory}"

    def start(self) -> None:
        self.server.start()
        deadline = time.monotonic() + START_LIMIT
        while True:
            self.server.require()
            try:
                psycopg.connect(self.url).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL does not answer"
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is a fast stop, SIGQUIT an immediate one, SIGKILL takes all its processes at once."""
        # Each of its processes is the head of a group of its own.
        victims = _children(self.server.pid) if how == signal.SIGKILL else []
        for pid in [self.server.pid, *victims]:
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        while self.server.running:
            time.sleep(0.02)
        self.server.stop()

    def kill_one_process(self) -> None:
        """What the kernel does when memory is short: the server recovers from the crash without being started anew."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            victim = connection.execute("SELECT pg_backend_pid()").fetchone()
            assert victim
            os.kill(victim[0], signal.SIGKILL)

    def query(self, sql: str, *parameters: object) -> list[tuple]:
        """Run one statement; while the server is on its way up, wait."""
        deadline = time.monotonic() + START_LIMIT
        while True:
            try:
                with psycopg.connect(self.url, autocommit=True) as connection:
                    cursor = connection.execute(sql, parameters)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL does not answer"
                time.sleep(0.05)

    def _fill(self) -> None:
        shutil.copytree(migrated.cluster(), self.data, dirs_exist_ok=True)
        postgres._give([self.data, *self.data.rglob("*")], self.account)
        self.start()


class SqliteDatabase:
    """The same in a file: it has no process that could be stopped."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "site.sqlite3"
        # A run on PostgreSQL alone keeps no copy.
        if (copy := migrated.copy_path()).exists():
            shutil.copyfile(copy, self.path)
        else:
            migrated.migrate(self.url)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def query(self, sql: str, *parameters: object) -> list[tuple]:
        """Run one statement, written for PostgreSQL."""
        with closing(sqlite3.connect(self.path, timeout=20)) as connection, connection:
            text = sql.replace("%s", "?").replace("now()", "strftime('%Y-%m-%d %H:%M:%f', 'now')")
            return connection.execute(text, parameters).fetchall()


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The second field is the name in parentheses and may hold spaces itself.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found
