"""Counts what ran on which database, over the two runs of `make test`, and what was left out and why."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

# The file in which the first run leaves its figures for the second; unset when pytest is called directly.
RECORD = "TEST_LANES_RECORD"


@dataclass
class Lane:
    database: str
    passed: int = 0
    failed: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def sentence(self) -> str:
        parts = [f"{self.passed} passed"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        parts.append(f"{sum(self.left_out.values())} left out")
        return f"{self.database}: {', '.join(parts)}"


def database() -> str:
    """The database of this run with its version."""
    from django.db import connection

    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version

        return f"SQLite {sqlite_version}"
    # The server of the run was started beforehand; this test process has its own database closed by now.
    return "PostgreSQL " + os.environ.get("TEST_POSTGRES_VERSION", "")


def lane_of(reporter: pytest.TerminalReporter) -> Lane:
    """Sum up the finished run."""
    stats = reporter.stats
    reasons = Counter(_reason(report) for report in stats.get("skipped", ()))
    return Lane(
        database=database().strip(),
        passed=len(stats.get("passed", ())),
        failed=len(stats.get("failed", ())) + len(stats.get("error", ())),
        left_out=dict(reasons),
    )


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def print_summary(reporter: pytest.TerminalReporter) -> None:
    """Print the figures of this run and, in `make test`, of the one before."""
    if hasattr(reporter.config, "workerinput"):
        return  # One of several processes of pytest-xdist; the first process sums them up.
    lanes = [lane_of(reporter)]
    record = os.environ.get(RECORD)
    if record:
        path = Path(record)
        earlier = [Lane(**lane) for lane in json.loads(path.read_text())] if path.exists() else []
        lanes = earlier + lanes
        path.write_text(json.dumps([asdict(lane) for lane in lanes]))
    reporter.section("tests by database")
    for lane in lanes:
        reporter.line(lane.sentence())
        for reason, number in lane.left_out.items():
            reporter.line(f"    left out ({number}): {reason}")
