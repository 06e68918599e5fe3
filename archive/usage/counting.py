"""How often a document is downloaded: a number a month, nothing about who."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.signals import request_finished, request_started
from django.db import DatabaseError, connection
from django.utils import timezone

from archive.access import Level, level_of
from home.repeating import may_repeat

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from archive.models import Document

logger = logging.getLogger(__name__)
_MACHINE = re.compile(r"bot|crawl|spider|slurp|preview|monitor", re.IGNORECASE)
# Django can insert what is missing or add to what is there; both at once, and exactly, only the database can.
_COUNT = """
    INSERT INTO archive_downloadcount (document_id, month, count) VALUES {rows}
    ON CONFLICT (document_id, month) DO UPDATE SET count = archive_downloadcount.count + 1
"""
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


def count_and_let_repeat(request: HttpRequest, document: Document) -> None:
    """Counts this download, and lets its answer be given again to others, who count as well."""
    _count([document.pk])
    may_repeat(request, partial(_count_another, document.pk))


def _count_another(key: int, environ: dict[str, Any]) -> None:
    """Counts a repeated answer. What is wrong with the database spoils no download."""
    if _MACHINE.search(environ.get("HTTP_USER_AGENT", "")):
        return
    # Django made no request of it, and with these it looks after its connections.
    request_started.send(sender=_count_another, environ=environ)
    try:
        _count([key])
    except DatabaseError as error:
        logger.warning("a download of document %s was not counted: %s", key, type(error).__name__)
    finally:
        request_finished.send(sender=_count_another)


def count_downloads(documents: Iterable[Document]) -> None:
    """Adds one download of each document to the current month (one statement; none for no document)."""
    # Always in one order: two ZIP files at once, each with rows that the other wants, would wait for ever.
    if keys := sorted({document.pk for document in documents}):
        _count(keys)


def _count(keys: list[int]) -> None:
    month = connection.ops.adapt_datefield_value(timezone.localdate().replace(day=1))
    with connection.cursor() as cursor:
        rows = ", ".join(["(%s, %s, 1)"] * len(keys))
        cursor.execute(_COUNT.format(rows=rows), [value for key in keys for value in (key, month)])
