"""Where the bytes of documents lie: outside MEDIA_ROOT, below no public URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from django.core.files.storage import Storage, storages


class StorageUnavailable(OSError):
    """The place of all files does not answer: nothing is known about the single file that was asked for.

    The message is a German sentence without addresses or keys.
    """


@runtime_checkable
class Streams(Protocol):
    """A storage that hands out parts of a file without reading it as a whole first."""

    def stream(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes `first` to `last` inclusive; raises FileNotFoundError before the first of them."""


@runtime_checkable
class Remote(Protocol):
    """A storage on another machine, which may be away."""

    def require_answer(self) -> None:
        """Raises StorageUnavailable unless it answers."""


def archive_storage() -> Storage:
    """The storage of document versions and page images; a callable, so that migrations do not freeze a path."""
    return storages["archive"]
