"""What the person at the terminal sees: one line a step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Prints each step with what came out of it and how long it took."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, text: str = "") -> None:
        """Print a line of its own, empty without `text`, and let it be seen at once."""
        print(text, file=self._stream, flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Yields a function that takes the result of the step in a few words."""
        results: list[str] = []
        print(f"  {title} … ", end="", file=self._stream, flush=True)
        begin = time.monotonic()
        try:
            yield results.append
        except BaseException:
            self.line("abgebrochen")
            raise
        seconds = f"{time.monotonic() - begin:.1f} s".replace(".", ",")
        self.line(f"✓ {', '.join(results) or 'fertig'} ({seconds})")
