"""Where the bytes of documents lie: outside MEDIA_ROOT, below no public URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from django.core.files.storage import Storage, storages


@runtime_checkable
class Streams(Protocol):
    """A storage that hands out parts of a file without reading it as a whole first."""

    def stream(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes `first` to `last` inclusive; raises FileNotFoundError before the first of them."""


def archive_storage() -> Storage:
    """The storage of document versions and page images; a callable, so that migrations do not freeze a path."""
    return storages["archive"]
