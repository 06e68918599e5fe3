"""Where the bytes of documents lie: outside MEDIA_ROOT, below no public URL."""

from __future__ import annotations

from django.core.files.storage import Storage, storages


def archive_storage() -> Storage:
    """The storage of document versions and page images; a callable, so that migrations do not freeze a path."""
    return storages["archive"]
