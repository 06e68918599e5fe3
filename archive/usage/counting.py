"""How often a document is downloaded: a number a month, nothing about who."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from archive.access import Level, level_of
from archive.models import Document, DownloadCount

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

_MACHINE = re.compile(r"bot|crawl|spider|slurp|preview|monitor", re.IGNORECASE)
_LATER_BYTES = re.compile(r"bytes=0*[1-9]|bytes=-")


def is_download(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this answer gives a reader the first byte of a file.

    Not HEAD, not 304 nor a refusal, not the later parts of a download in pieces, not machines, not what a browser
    fetches before anybody asks, and not editors, also while they look at the site as somebody else.
    """
    if request.method != "GET" or response.status_code not in (200, 206):
        return False
    if level_of(request.user) >= Level.EDITORS or hasattr(request, "viewing"):
        return False
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    agent = request.headers.get("User-Agent", "")
    return not _MACHINE.search(agent) and not _LATER_BYTES.match(request.headers.get("Range", "").strip())


def count_downloads(documents: Iterable[Document]) -> None:
    """Adds one download of each document to the current month."""
    month = timezone.localdate().replace(day=1)
    keys = {document.pk for document in documents}
    rows = DownloadCount.objects.filter(document__in=keys, month=month)
    # Almost always the rows of the month are there: then this is all.
    if len(keys) == 1 and rows.update(count=F("count") + 1):
        return
    missing = keys - set(rows.values_list("document_id", flat=True))
    new = [DownloadCount(document_id=key, month=month) for key in sorted(missing)]
    # A second reader at the same moment may have made the row meanwhile.
    DownloadCount.objects.bulk_create(new, ignore_conflicts=True)
    with transaction.atomic():
        # Locked in one order, whichever documents they are: two ZIP files at once would wait for each other for ever.
        list(rows.order_by("document_id").select_for_update().values_list("pk", flat=True))
        rows.update(count=F("count") + 1)
