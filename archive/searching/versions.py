"""By which version a document is found."""

from __future__ import annotations

from collections.abc import Iterable

from archive.access import Level
from archive.models import Document, DocumentVersion


def searchable_versions(documents: Iterable[Document]) -> list[DocumentVersion]:
    """By which version each document is found: its newest of which the text is known.

    The documents come with their current version.
    """
    versions, behind = [], []
    for document in documents:
        current = document.current_version
        if current is not None and current.page_count is not None and current.withdrawn_at is None:
            versions.append(current)
        else:
            behind.append(document.pk)
    if behind:
        read = DocumentVersion.objects.present().filter(document__in=behind, page_count__isnull=False)
        # What only a withheld documentation says is found by nobody (see `indexing.searchable_version`).
        read = read.naming_only_what_is_read_at(Level.PUBLIC).order_by("number")
        versions += {version.document_id: version for version in read}.values()
    return versions
