"""The Atom feed of reports (RFC 4287)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from home.pages.models import NewsIndexPage, NewsPage

if TYPE_CHECKING:
    from django.http import HttpRequest

REPORTS_IN_FEED = 20


class NewsFeed(Feed):
    """The latest reports below a list of reports."""

    feed_type = Atom1Feed
    author_name = "IKOE"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NewsIndexPage:
        return kwargs["page"]

    def title(self, page: NewsIndexPage) -> str:
        return f"IKOE: {page.title}"

    def link(self, page: NewsIndexPage) -> str:
        return page.full_url

    def subtitle(self, page: NewsIndexPage) -> str:
        return page.lead

    def items(self, page: NewsIndexPage) -> list[NewsPage]:
        return list(NewsPage.objects.child_of(page).live().public().order_by("-date", "-pk")[:REPORTS_IN_FEED])

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.teaser

    def item_link(self, item: NewsPage) -> str:
        return item.full_url

    def item_pubdate(self, item: NewsPage) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(item.date, datetime.time.min))

    def item_updateddate(self, item: NewsPage) -> datetime.datetime:
        return item.last_published_at or self.item_pubdate(item)
