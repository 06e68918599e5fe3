"""Steps of several people at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection

Result = TypeVar("Result")
several_writers = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time; the fault tests run several processes on it"
)


def at_once(*steps: Callable[[], Result]) -> list[Result]:
    """Run the steps in threads that begin together, each with a connection of its own; returns what they return.

    Raises what one of them raises. The test has to be marked with `several_writers`.
    """
    begin = threading.Barrier(len(steps))

    def run(step: Callable[[], Result]) -> Result:
        try:
            begin.wait()
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))
