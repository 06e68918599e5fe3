"""Renders documents in a child process with limits on time and memory.

WeasyPrint can be brought to take gigabytes (a table cell over 100,000,000 columns) or minutes; a child process can be
ended without harm to the command or worker that waits for it. It gets everything it needs in one object and has
neither database nor settings.
"""

from __future__ import annotations

import time

from home import stopping
from home.kept_child import ENVIRONMENT, KeptChild
from home.rendering.errors import LimitExceeded
from home.rendering.source import DocumentSource

# With what comes before and after it, a build stays below 120 seconds.
SECONDS = 105
MEMORY_BYTES = 2 * 1024**3
# How often somebody who waits for a child looks whether to go on waiting.
LOOK_SECONDS = 0.5
# After so many documents a child is replaced: whatever it may have lost of its memory comes back.
DOCUMENTS = 25
# Fonts are found too.
_ENVIRONMENT = (*ENVIRONMENT, "HOME", "XDG_CACHE_HOME")


class Renderer:
    """A child process that lays out one document after the other, each within the limits.

    The first document takes 0.5 s longer than the later ones: the child has to start and to load WeasyPrint. A child
    that went over a limit is ended, and the next document gets a new one. For one thread at a time.
    """

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY_BYTES, documents: int = DOCUMENTS) -> None:
        self._seconds, self._documents = seconds, documents
        self._child = KeptChild("home.rendering.child", seconds=seconds, memory=memory, environment=_ENVIRONMENT)
        self._written = 0

    def write(self, source: DocumentSource) -> bytes:
        """Returns the PDF of `source`, see `home.rendering.writer.write_pdf`.

        Raises `LimitExceeded` if that needs more than the time or the address space there is, `WorkerStops` if the
        worker has to end, and whatever `write_pdf` raises.
        """
        if self._written >= self._documents:
            self.close()
        try:
            answer = self._ask(source)
        except BaseException:
            # Also when the time limit of a task ends the waiting: the child must not go on for nobody.
            self.close()
            raise
        if isinstance(answer, Exception):
            if isinstance(answer, LimitExceeded):
                self.close()
            raise answer
        self._written += 1
        return answer

    def close(self) -> None:
        """Ends the child."""
        self._child.close()
        self._written = 0

    def _ask(self, source: DocumentSource) -> bytes | Exception:
        until = time.monotonic() + self._seconds
        connection = self._child.connection()
        try:
            connection.send(source)
            while not connection.poll(min(max(until - time.monotonic(), 0), LOOK_SECONDS)):
                stopping.give_up_in_time()
                if time.monotonic() > until:
                    raise LimitExceeded(
                        f"Die PDF-Datei war nach {self._seconds} Sekunden noch nicht fertig. "
                        "Bitte das Dokument kürzen oder teilen."
                    )
            answer: bytes | Exception = connection.recv()
        except (EOFError, ConnectionError) as error:
            raise LimitExceeded(
                "Die PDF-Datei braucht zu viel Speicher oder Zeit. Bitte das Dokument kürzen oder Bilder verkleinern."
            ) from error
        return answer


def write_pdf_limited(source: DocumentSource, *, seconds: int = SECONDS, memory: int = MEMORY_BYTES) -> bytes:
    """As `Renderer.write`, with a child for this one document."""
    renderer = Renderer(seconds=seconds, memory=memory)
    try:
        return renderer.write(source)
    finally:
        renderer.close()
