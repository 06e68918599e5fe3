"""What is new since somebody was in the archive before.

A visit ends after four hours away. What came in after the end of the visit before this one is new, and stays new for as
long as this visit lasts. Only accounts that read internal documents have visits: nothing is kept of the public.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from archive.access import Level, level_of
from archive.models import ArchiveVisit, Document
from archive.opening import opened_to

if TYPE_CHECKING:
    from django.http import HttpRequest

    from archive.access import DocumentQuerySetWithAccess

AWAY = datetime.timedelta(hours=4)
# The row is written at most so often: reading a list must not cost a write each time.
PRECISION = datetime.timedelta(minutes=5)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class News:
    """What is new to a reader: since when, how many documents, and the newest of them (or all, if asked)."""

    since: datetime.datetime
    count: int
    documents: list[Document]
    is_open: bool


def news_for(request: HttpRequest) -> News | None:
    """Notes the visit of whoever is logged in and reads more than the public; returns what is new to them.

    None for everybody else, on the first visit, while an editor looks at the site as somebody else, and beside the
    answer to a question. With `?neu=1` in the address all new documents are listed, else the newest SHOWN.
    """
    user: Any = request.user
    if level_of(user) <= Level.PUBLIC or hasattr(request, "viewing"):
        return None
    since = visit(user)
    is_open = request.GET.get("neu") == "1"
    if since is None or (request.GET and not is_open):
        return None
    new = new_documents(user, since)
    shown = new.select_related("current_version", "edition__series")
    return News(since, new.count(), list(shown if is_open else shown[:SHOWN]), is_open)


def visit(user: Any) -> datetime.datetime | None:
    """Notes that `user` is here now; returns the end of the visit before this one, None if there was none."""
    now = timezone.now()
    row, is_first = ArchiveVisit.objects.get_or_create(user=user, defaults={"seen_at": now})
    if is_first:
        return None
    away = now - row.seen_at
    if away >= AWAY:
        # Two pages opened at once must not make two visits: the second finds the row changed and leaves it.
        moved = ArchiveVisit.objects.filter(pk=row.pk, seen_at=row.seen_at).update(new_since=row.seen_at, seen_at=now)
        return row.seen_at if moved else ArchiveVisit.objects.get(pk=row.pk).new_since
    if away >= PRECISION:
        ArchiveVisit.objects.filter(pk=row.pk).update(seen_at=now)
    return row.new_since


def new_documents(user: Any, since: datetime.datetime) -> DocumentQuerySetWithAccess:
    """What `user` may see whose file came in after `since`, whose embargo ended or that was opened to readers like them
    since; the newest first."""
    documents = Document.objects.visible_to(user).filter(current_version__isnull=False)
    ended = documents.filter(embargo_until__gt=timezone.localdate(since), embargo_until__lte=timezone.localdate())
    came = documents.filter(current_version__uploaded_at__gt=since)
    opened = documents.filter(pk__in=opened_to(level_of(user), since))
    new: DocumentQuerySetWithAccess = (came | ended | opened).order_by("-current_version__uploaded_at", "-pk")
    return new
