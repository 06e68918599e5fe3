"""Who has read which internal document and when: written down for a limited time, shown to the administration only.

What the public may read is never written down. A record has the precision of a minute: opening a file in pieces, or
turning its pages, is one access and costs one statement.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from archive.access import Level
from archive.models import AccessRecord, Document, DocumentVersion

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


def record(request: HttpRequest, versions: Iterable[DocumentVersion]) -> None:
    """Note that whoever is logged in has read these versions of internal documents.

    An editor who looks at the site as somebody else is still that editor. Nothing is noted of share links, which know
    nobody.
    """
    user: Any = request.viewing.user if hasattr(request, "viewing") else request.user
    if not user.is_authenticated:
        return
    minute = timezone.now().replace(second=0, microsecond=0)
    rows = [AccessRecord(user=user, version=version, at=minute) for version in versions]
    AccessRecord.objects.bulk_create(rows, ignore_conflicts=True)


def record_answer(
    request: HttpRequest, response: HttpResponseBase, version: DocumentVersion, *, is_public: bool
) -> None:
    """Note an answer to `request` that holds the content of a version, or a part of it."""
    if not is_public and request.method == "GET" and response.status_code in (200, 206):
        record(request, [version])


def record_bundle(request: HttpRequest, documents: Iterable[Document]) -> None:
    """Note the internal ones of some documents that are packed together, in their current versions."""
    if not request.user.is_authenticated:
        return
    chosen = {document.pk: document for document in documents}
    public = Document.objects.visible_at(Level.PUBLIC).filter(pk__in=chosen).values_list("pk", flat=True)
    internal = [chosen[key].current_version for key in sorted(chosen.keys() - set(public))]
    record(request, [version for version in internal if version is not None])


def forget_old() -> int:
    """Delete records after ACCESS_RECORD_DAYS; returns how many."""
    limit = timezone.now() - datetime.timedelta(days=settings.ACCESS_RECORD_DAYS)
    return AccessRecord.objects.filter(at__lt=limit).delete()[0]
