"""Whether every stored file is still what it was when it came in, and whether one lies there that nobody knows."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import Storage
from django.db.models import F, Q
from django.utils import timezone

from archive.models import DocumentLeaf, DocumentVersion
from archive.storage import StorageUnavailable, archive_storage
from home.keys import key_of

logger = logging.getLogger(__name__)

INTACT = "intact"
# Every file once a week. The task begins every night and leaves out what was checked since.
DUE_AFTER = timedelta(days=6, hours=12)
# A task ends after this and goes on in a new one, far below its time limit.
SECONDS = 300.0
# A file lies there before its row is committed; younger ones may still be on their way.
STRAY_AFTER = timedelta(hours=1)
AT_ONCE = 200
ROOTS = ("documents", "leaves")


@dataclass(frozen=True, slots=True)
class Finding:
    """One version and what was found: "intact", "changed" (other bytes than at intake) or "missing"."""

    version: DocumentVersion
    status: str


def check_all() -> Iterator[Finding]:
    """Hashes every file of a version that is not withdrawn, the longest unchecked first, and notes what was found.

    Can be broken off at any time: the next run begins with what this one did not reach. Raises StorageUnavailable.
    """
    yield from _check_before(timezone.now())


def check_due() -> bool:
    """Checks what is due, for about `SECONDS`; whether something is left.

    While the storage does not answer nothing is found out: the next night goes on.
    """
    until = time.monotonic() + SECONDS
    try:
        for finding in _check_before(timezone.now() - DUE_AFTER):
            if finding.status != INTACT:
                logger.error("the file of version %s is %s", finding.version.pk, finding.status)
            if time.monotonic() > until:
                return True
    except StorageUnavailable as error:
        logger.error("the files of the archive could not be checked: %s", error)
    return False


def _check_before(moment: datetime) -> Iterator[Finding]:
    """Checks versions that were not checked since `moment`, in portions: no transaction or cursor is held meanwhile."""
    unchecked = DocumentVersion.objects.present().filter(Q(verified_at__isnull=True) | Q(verified_at__lt=moment))
    due = unchecked.order_by(F("verified_at").asc(nulls_first=True), "pk")
    while portion := list(due[:AT_ONCE]):
        for version in portion:
            status = check(version)
            noted = (
                DocumentVersion.objects.present()
                .filter(pk=version.pk)
                .update(verified_at=max(timezone.now(), moment), damage="" if status == INTACT else status)
            )
            if noted:
                yield Finding(version, status)


def check(version: DocumentVersion) -> str:
    """The state of one stored file, see `Finding`. What cannot be read counts as missing. Raises StorageUnavailable."""
    try:
        with version.file.storage.open(version.file.name or "", "rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
    except StorageUnavailable:
        raise
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            logger.warning("the file of version %s cannot be read: %s", version.pk, error.strerror)
        return DocumentVersion.Damage.MISSING.value
    return INTACT if digest == version.sha256 else DocumentVersion.Damage.CHANGED.value


def strays() -> Iterator[str]:
    """The names of files in the storage that no version and no page knows: what a crash may leave behind.

    The files of withdrawn versions and of deleted documents are strays too: their bytes should be gone.
    """
    storage = archive_storage()
    youngest = timezone.now() - STRAY_AFTER
    for root in ROOTS:
        for directory in _directories(storage, root):
            names = {f"{root}/{directory}/{name}" for name in storage.listdir(f"{root}/{directory}")[1]}
            for name in sorted(names - _known(directory, root)):
                if storage.get_modified_time(name) < youngest:
                    yield name


def _directories(storage: Storage, root: str) -> list[str]:
    """What lies in `root`, in the order of numbers. A new archive has none, and S3 knows no directories of its own."""
    try:
        found = storage.listdir(root)[0]
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda name: (len(name), name))


def _known(directory: str, root: str) -> set[str]:
    """The names of all files that belong into the directory of one document or version."""
    if (key := key_of(directory)) is None:
        return set()
    if root == "documents":
        versions = DocumentVersion.objects.present().filter(document_id=key)
        return set(versions.values_list("file", flat=True))
    return set(DocumentLeaf.objects.filter(version_id=key).values_list("image", flat=True))
