"""What a site in production stands on, for as long as one benchmark: PostgreSQL, Valkey and a directory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.database import Database
    from tests.faults.scene import Broker

SITE = {
    "DJANGO_SETTINGS_MODULE": "cms.settings",
    "DEBUG": "0",
    "SECRET_KEY": "bench-only-key-that-protects-nothing-at-all-0000000000000000",
    "BASE_URL": "http://localhost",
    "STAFF_MFA": "optional",
    # Nobody listens there.
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ACCEL_PREFIX": "",
}


def environment(**changes: str) -> dict[str, str]:
    """That of a process of the site; what the benchmark is about is in `changes`."""
    return os.environ | SITE | changes


@dataclass(frozen=True, slots=True)
class Foundation:
    """A migrated, empty database, a broker, and a directory for all files."""

    directory: Path
    database: Database
    broker: Broker

    def environment(self, **changes: str) -> dict[str, str]:
        """That of a process of a site that stands on it."""
        own = {"DATABASE_URL": self.database.url, "REDIS_URL": self.broker.address.url}
        return environment(**own, VAR_DIR=str(self.directory / "var"), **changes)


@contextmanager
def foundation(**options: str) -> Iterator[Foundation]:
    """Servers that run until the end, the one of the database with these options; what they wrote goes away."""
    from tests.faults.database import Database
    from tests.faults.scene import Broker

    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ikoe-bench-")))
        # PostgreSQL has an account of its own where the benchmark runs as root.
        directory.chmod(0o755)
        for name in ("database", "broker"):
            (directory / name).mkdir()
        database = Database(directory / "database", **options)
        stack.callback(database.server.stop)
        broker = Broker(directory / "broker")
        stack.callback(broker.server.stop)
        yield Foundation(directory, database, broker)
