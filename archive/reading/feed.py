"""`/archiv/feed/`: the newest public documents as an Atom feed (RFC 4287)."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape

from archive.access import Level
from archive.models import Document
from archive.opening import opened_to
from home.identity import SiteIdentity

DOCUMENTS_IN_FEED = 30
# Who opened a document longer ago is no news to a feed reader.
OPENED_LATELY = datetime.timedelta(days=365)


class DocumentFeed(Feed):
    """What the public may read today, the latest first; an embargo that has ended makes a document new.

    The same for every reader: a feed reader has no login.
    """

    feed_type = Atom1Feed
    title = "IKOE: Neue Dokumente im Archiv"
    subtitle = "Präsentationen, Protokolle und Arbeitshilfen der Ideenwerkstatt"

    def link(self) -> str:
        return settings.BASE_URL + reverse("archive:index")

    def feed_url(self) -> str:
        return settings.BASE_URL + reverse("archive:feed")

    def feed_guid(self) -> str:
        return self.link()

    def author_name(self) -> str:
        return SiteIdentity.load().organisation

    def author_link(self) -> str:
        return settings.BASE_URL

    def items(self) -> list[Document]:
        public = Document.objects.visible_at(Level.PUBLIC).filter(current_version__isnull=False)
        public = public.select_related("current_version", "edition").prefetch_related("topics")
        # Two short lists instead of an expression over dates and times, which the databases compare differently.
        by_file = public.order_by("-current_version__uploaded_at", "-pk")[:DOCUMENTS_IN_FEED]
        lifted = public.order_by(F("embargo_until").desc(nulls_last=True), "-pk")[:DOCUMENTS_IN_FEED]
        moments = opened_to(Level.PUBLIC, timezone.now() - OPENED_LATELY)
        opened = public.filter(pk__in=sorted(moments, key=moments.__getitem__)[-DOCUMENTS_IN_FEED:])
        found = {document.pk: document for document in (*by_file, *lifted, *opened)}
        for key, document in found.items():
            document.opened = moments.get(key)
        newest = sorted(found.values(), key=lambda item: (self.item_updateddate(item), item.pk), reverse=True)
        return newest[:DOCUMENTS_IN_FEED]

    def item_title(self, item: Document) -> str:
        return item.title

    def item_description(self, item: Document) -> str:
        where = item.edition.heading if item.edition and item.edition.live else ""
        line = ", ".join(filter(None, [str(item.get_kind_display()), where]))
        # Django declares summaries as HTML.
        return escape(f"{line}. {item.summary}" if item.summary else line)

    def item_link(self, item: Document) -> str:
        return settings.BASE_URL + item.get_absolute_url()

    def item_categories(self, item: Document) -> list[str]:
        return [topic.name for topic in item.topics.all()]

    def item_pubdate(self, item: Document) -> datetime.datetime:
        moments = [item.created_at, _lifted(item), item.opened]
        return max(moment for moment in moments if moment is not None)

    def item_updateddate(self, item: Document) -> datetime.datetime:
        uploaded = item.current_version.uploaded_at if item.current_version else item.created_at
        return max(self.item_pubdate(item), uploaded)

    def item_enclosures(self, item: Document) -> list[Any]:
        version = item.current_version
        if version is None:
            return []
        return [Enclosure(settings.BASE_URL + item.url, str(version.size), version.media_type.partition(";")[0])]


def _lifted(document: Document) -> datetime.datetime | None:
    """When the embargo ended: at midnight here."""
    if document.embargo_until is None:
        return None
    return timezone.make_aware(datetime.datetime.combine(document.embargo_until, datetime.time.min))
