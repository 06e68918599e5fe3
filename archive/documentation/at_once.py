"""Lays out a document while somebody waits for the answer: previews and lists. Nothing of it is stored."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from home.rendering.errors import LimitExceeded
from home.rendering.limits import write_pdf_limited
from home.rendering.source import DocumentSource

# An editor waits for it, and so does a process of the website: less than the build in the background may take.
SECONDS = 25
MEMORY_BYTES = 1024**3
_BUSY = "Gerade wird schon eine PDF-Datei erstellt. Bitte versuchen Sie es in einigen Sekunden noch einmal."


def write_at_once(make: Callable[[], DocumentSource]) -> bytes:
    """The PDF of the source that `make` returns. Raises `DocumentError`, also while another one is being laid out."""
    with _only_one():
        return write_pdf_limited(make(), seconds=SECONDS, memory=MEMORY_BYTES)


@contextmanager
def _only_one() -> Iterator[None]:
    """Let one process of this machine lay out a document; the others are refused, not queued.

    Every keystroke may ask for a preview. The lock ends with the process that holds it.
    """
    with Path(settings.VAR_DIR, "preview.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LimitExceeded(_BUSY) from error
        yield
