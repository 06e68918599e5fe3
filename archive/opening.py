"""When a document became visible to more people: it is new to them then, however old its file is."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from archive.access import Level
from archive.models import Document

if TYPE_CHECKING:
    from django.db.models import QuerySet

OPENED = "archive.opened"


@contextmanager
def noting_if_opened(document: Document, user: Any) -> Iterator[None]:
    """Logs it if more people may see `document` after the block than before, whatever rule let them.

    Belongs into the transaction of the change. A document that is new is new by its file.
    """
    before = _lowest_level(document)
    yield
    after = _lowest_level(document)
    if before is not None and after is not None and after < before:
        log(instance=document, action=OPENED, user=user, data={"from": before.value, "to": after.value})


def opened_to(level: Level, since: datetime.datetime) -> dict[int, datetime.datetime]:
    """The keys of documents that were opened to readers of `level` after `since`, and when they were."""
    entries: QuerySet[ModelLogEntry] = ModelLogEntry.objects.filter(
        action=OPENED, content_type=ContentType.objects.get_for_model(Document), timestamp__gt=since
    )
    return {
        int(key): moment
        for key, data, moment in entries.order_by("timestamp").values_list("object_id", "data", "timestamp")
        if data["to"] <= level < data["from"]
    }


def _lowest_level(document: Document) -> Level | None:
    """The level from which one may see it now; None for a document that is not stored or deleted."""
    found = Document.objects.filter(pk=document.pk) if document.pk else Document.objects.none()
    return next((level for level in sorted(Level) if found.visible_at(level).exists()), None)
