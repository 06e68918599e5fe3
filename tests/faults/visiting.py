"""Visitors of a running website: so many requests a second, from several threads, with what became of them."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType

THREADS = 8


class Visitors:
    """Asks for `paths` in turn, `rate` times a second as long as the block lasts. `statuses` counts the answers."""

    def __init__(self, port: int, paths: Sequence[str], rate: float) -> None:
        self.port, self.paths, self.rate = port, paths, rate
        self.statuses: Counter[int | str] = Counter()
        self.seconds = 0.0
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._visit, args=(number,)) for number in range(THREADS)]

    def __enter__(self) -> Visitors:
        self._begun = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()
        self.seconds = time.monotonic() - self._begun

    @property
    def reached(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds

    def _visit(self, number: int) -> None:
        turn, due = number, time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        while not self._end.is_set():
            status: int | str
            try:
                connection.request("GET", self.paths[turn % len(self.paths)], headers={"Host": "localhost"})
                response = connection.getresponse()
                response.read()
                status = response.status
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                status = type(error).__name__
            self.statuses[status] += 1
            turn += THREADS
            due += THREADS / self.rate
            self._end.wait(max(0.0, due - time.monotonic()))
        connection.close()
