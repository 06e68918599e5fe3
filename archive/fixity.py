"""Whether every stored file is still what it was when it came in."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from archive.models import DocumentVersion


@dataclass(frozen=True, slots=True)
class Finding:
    """One version and what was found: "intact", "changed" (other bytes than at intake) or "missing"."""

    version: DocumentVersion
    status: str


def check_all() -> Iterator[Finding]:
    """Reads every file of a version that is not withdrawn and compares its SHA-256 with the one of its intake."""
    versions = DocumentVersion.objects.filter(withdrawn_at__isnull=True).select_related("document").order_by("pk")
    for version in versions.iterator():
        yield Finding(version, check(version))


def check(version: DocumentVersion) -> str:
    """The state of one stored file, see `Finding`."""
    try:
        with version.file.storage.open(version.file.name or "", "rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError):
        return "missing"
    return "intact" if digest == version.sha256 else "changed"
