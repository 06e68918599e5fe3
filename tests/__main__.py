"""Runs the tests on SQLite, then on PostgreSQL: `python -m tests [--database sqlite|postgresql] [pytest arguments]`.

Both runs happen even if the first fails; the exit status is that of the first run that failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import child_logs, migrated
from tests.lanes import RECORD
from tests.postgres import FASTEST, NoPostgres, running_postgres

# pytest's own status for "no tests collected": ARGS may name tests that exist for one database only.
NO_TESTS = 5
HAS_TEMPLATE = "SELECT 1 FROM pg_database WHERE datname = %s"


@contextmanager
def postgres_url() -> Iterator[tuple[str, str]]:
    """The server of DATABASE_URL if it names one, else one of our own; and where it comes from."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres", "psql", "pgsql")):
        yield given, "DATABASE_URL"
    else:
        with running_postgres(migrated.cluster(), keeping=False, options=FASTEST) as server:
            yield server


def run(arguments: list[str], **environment: str) -> int:
    # One process for each core; tests/conftest.py says what stays in one process.
    parallel = ["-n", str(min(os.cpu_count() or 1, 4))]
    if "-n" in arguments or "--pdb" in arguments:
        parallel = []
    command = [sys.executable, "-m", "pytest", *parallel, *arguments]
    return subprocess.run(command, env=os.environ | environment, check=False).returncode


def run_on_postgres(arguments: list[str], record: Path) -> int:
    import psycopg

    try:
        with postgres_url() as (url, origin):
            with psycopg.connect(url) as connection:
                version = connection.info.server_version
                template = connection.execute(HAS_TEMPLATE, [migrated.TEMPLATE]).fetchone()
            print(f"\nPostgreSQL from {origin}", flush=True)
            return run(
                arguments,
                DATABASE_URL=url,
                TEST_POSTGRES_VERSION=f"{version // 10000}.{version % 10000}",
                TEST_TEMPLATE=migrated.TEMPLATE if template else "",
                **{RECORD: str(record)},
            )
    except (NoPostgres, psycopg.OperationalError) as error:
        print(f"PostgreSQL could not be started, half of the tests did not run: {error}", file=sys.stderr)
        return 1


def search(logs: child_logs.ChildLogs) -> int:
    """Say who is named in the log of the server of a run; the exit status."""
    named = logs.search(to_the_end=True)
    print(f"log of the server searched for addresses: {logs.searched.total()} lines")
    if named:
        print(child_logs.NAMED, *named, sep="\n", file=sys.stderr)
    return 1 if named else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    options, arguments = parser.parse_known_args()
    statuses = []
    with tempfile.TemporaryDirectory(prefix="ikoe-lanes-") as name:
        record = Path(name) / "lanes.json"
        if options.database != "postgresql":
            statuses.append(run(arguments, DATABASE_URL="sqlite://:memory:", **{RECORD: str(record)}))
        if options.database != "sqlite" and statuses != [2]:
            with child_logs.watched() as logs:
                statuses.append(run_on_postgres(arguments, record))
            statuses.append(search(logs))
    return next((status for status in statuses if status not in (0, NO_TESTS)), 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
