"""Taking things out of the archive again, so that their address still has an answer."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from archive.errors import Refused
from archive.indexing import following
from archive.models import Document, DocumentVersion, Protocol, ProtocolComment, Resolution
from archive.thumbnails import forget_thumbnails

logger = logging.getLogger(__name__)

VERSION_WITHDRAWN = "archive.version_withdrawn"
DELETED = "Das Dokument wurde gelöscht."


def bury(document: Document, *, user: Any = None, reason: str = "") -> None:
    """Deletes a document: bytes, text and images go; title, dates, hashes and the reason stay as a tombstone.

    So do comments and resolutions of a protocol: they say what stood in it. A second call changes nothing.
    """
    with transaction.atomic():
        stored = Document.with_tombstones.select_for_update().get(pk=document.pk)
        if stored.deleted_at is None:
            forget_thumbnails(document)
            _bury(document, user, reason)


def _bury(document: Document, user: Any, reason: str) -> None:
    with following(document):
        ProtocolComment.objects.filter(protocol__document=document).delete()
        Resolution.objects.filter(protocol__document=document).delete()
        for version in document.versions.present():
            _erase(version, user, DELETED)
        document.deleted_at, document.deleted_by, document.deletion_reason = timezone.now(), user, reason[:255]
        # Not `save()`: that would ask the search index to take the document in again.
        Document.with_tombstones.filter(pk=document.pk).update(
            deleted_at=document.deleted_at, deleted_by=user, deletion_reason=document.deletion_reason
        )


def locked(key: int) -> Document:
    """A document that nobody else changes until the transaction ends. Raises Refused if it was deleted meanwhile."""
    found = Document.objects.select_for_update().filter(pk=key).first()
    if found is None:
        raise Refused(DELETED)
    return found


def withdraw_version(version: DocumentVersion, *, user: Any, reason: str) -> None:
    """Erases one version (wrong file, personal data): its address answers 410 from now on.

    The newest version left becomes the current one; of a released protocol never a draft. Raises Refused without a
    reason, for a version that is withdrawn already, and if no other one is left: then the document has to be deleted.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("Bitte schreiben Sie, warum die Fassung zurückgezogen wird. Der Grund bleibt öffentlich stehen.")
    document = version.document
    with transaction.atomic(), following(document):
        Document.with_tombstones.select_for_update().get(pk=document.pk)
        forget_thumbnails(document)
        version.refresh_from_db()
        if version.withdrawn_at is not None:
            raise Refused("Diese Fassung ist schon zurückgezogen.")
        left = with_text(document).exclude(pk=version.pk).order_by("-number").first()
        if left is None:
            raise Refused("Das ist die einzige Fassung. Bitte löschen Sie das Dokument.")
        _erase(version, user, reason)
        log(instance=document, action=VERSION_WITHDRAWN, user=user, data={"version": version.number})
        document.current_version, document.file.name, document.file_size = left, left.file.name, left.size
        document.save(update_fields=["current_version", "file", "file_size"])


def with_text(document: Document) -> QuerySet[DocumentVersion]:
    """The versions that may be read and found: of a released protocol not the drafts before its release."""
    versions = document.versions.present()
    protocol = Protocol.objects.filter(document=document).select_related("released_version").first()
    if protocol is None or protocol.released_version is None:
        return versions
    return versions.filter(number__gte=protocol.released_version.number)


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
