"""Taking things out of the archive again, so that their address still has an answer."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from archive.indexing import following
from archive.models import Document, DocumentVersion

logger = logging.getLogger(__name__)

DELETED = "Das Dokument wurde gelöscht."


def bury(document: Document, *, user: Any = None, reason: str = "") -> None:
    """Deletes a document: bytes, text and images go; title, dates, hashes and the reason stay as a tombstone.

    A second call changes nothing.
    """
    if document.deleted_at is not None:
        return
    with transaction.atomic(), following(document):
        for version in document.versions.filter(withdrawn_at__isnull=True):
            _erase(version, user, DELETED)
        document.deleted_at, document.deleted_by, document.deletion_reason = timezone.now(), user, reason[:255]
        # Not `save()`: that would ask the search index to take the document in again.
        Document.with_tombstones.filter(pk=document.pk).update(
            deleted_at=document.deleted_at, deleted_by=user, deletion_reason=document.deletion_reason
        )


def withdraw_version(version: DocumentVersion, *, user: Any, reason: str) -> None:
    """Erases one version (wrong file, personal data): its address answers 410 from now on.

    The newest version left becomes the current one. Raises ValueError if it is the only one left: then the document
    has to be deleted.
    """
    document = version.document
    left = document.versions.filter(withdrawn_at__isnull=True).exclude(pk=version.pk).order_by("-number").first()
    if left is None:
        raise ValueError("Das ist die einzige Fassung. Bitte löschen Sie das Dokument.")
    with transaction.atomic(), following(document):
        _erase(version, user, reason)
        document.current_version, document.file.name, document.file_size = left, left.file.name, left.size
        document.save(update_fields=["current_version", "file", "file_size"])


def _erase(version: DocumentVersion, user: Any, reason: str) -> None:
    # A worker that is about to store the pages of this version waits here, and then finds it withdrawn.
    DocumentVersion.objects.select_for_update().get(pk=version.pk)
    names = [version.file.name, *version.leaves.values_list("image", flat=True)]
    storage = version.file.storage
    version.leaves.all().delete()
    version.withdrawn_at, version.withdrawn_by, version.withdrawal_reason = timezone.now(), user, reason[:255]
    version.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    logger.info("version %s erased", version.pk)
    for name in filter(None, names):
        # Only after the commit: bytes cannot be rolled back.
        transaction.on_commit(partial(storage.delete, name))
