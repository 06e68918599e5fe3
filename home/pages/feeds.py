"""Atom feeds of pages (RFC 4287): what all have in common, and those of reports."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model

from home.identity import SiteIdentity
from home.pages.models import NewsIndexPage, NewsPage
from home.pages.reports import latest_reports
from home.people import Topic
from home.rendering.streams import absolute_links, render_stream

if TYPE_CHECKING:
    from django.http import HttpRequest

REPORTS_IN_FEED = 20
# Feed readers show one size of a picture, and their addresses cannot be relative to anything.
RESPONSIVE = re.compile(r"""<source\b[^>]*>|\s(?:srcset|sizes)="[^"]*\"""")


class AtomWithContent(Atom1Feed):
    """An Atom feed that carries the whole text, and says where its publisher is at home."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item.get("content"):
            handler.addQuickElement("content", item["content"], {"type": "html"})


class PageFeed(Feed):
    """A feed of pages below another page. Its object has that `page` and the `author`, the publisher of the site.

    Entries are known by the page's translation key (RFC 4122 URN), which outlives a new address.
    """

    feed_type = AtomWithContent

    def title(self, subject: Any) -> str:
        return f"IKOE: {subject.page.title}"

    def link(self, subject: Any) -> str:
        return str(subject.page.address())

    def feed_url(self, subject: Any) -> str:
        return f"{self.link(subject)}feed/"

    def feed_guid(self, subject: Any) -> str:
        return self.link(subject)

    def subtitle(self, subject: Any) -> str:
        return str(subject.page.lead)

    def author_name(self, subject: Any) -> str:
        return str(subject.author)

    def author_link(self, subject: Any) -> str:
        return settings.BASE_URL

    def feed_copyright(self, subject: Any) -> str:
        return f"© {subject.author}"

    def item_link(self, item: Any) -> str:
        return str(item.address())

    def item_guid(self, item: Any) -> str:
        return f"urn:uuid:{item.translation_key}"

    def item_categories(self, item: Any) -> list[str]:
        return [topic.name for topic in item.topics.all()]


def body_of(page: Any) -> str:
    """The body of a page as everybody may see it, as HTML: public documents only."""
    return render_stream(
        page.body,
        "web",
        base_url=settings.BASE_URL,
        documents=get_document_model().objects.visible_to(AnonymousUser()),
        page=page,
    )


def for_readers(content: str) -> str:
    """HTML as feed readers show it: one size of a picture, all links absolute."""
    return absolute_links(RESPONSIVE.sub("", content), settings.BASE_URL)


@dataclass(frozen=True)
class Subject:
    """What a feed is about: a list of reports, perhaps only those of one topic."""

    page: NewsIndexPage
    topic: Topic | None
    author: str


class NewsFeed(PageFeed):
    """The latest reports below a list of reports. A report that is told in full elsewhere links there."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        return Subject(kwargs["page"], kwargs.get("topic"), SiteIdentity.load(request).organisation)

    def title(self, subject: Subject) -> str:
        return f"IKOE: {subject.topic or subject.page.title}"

    def link(self, subject: Subject) -> str:
        return subject.page.address() + (f"thema/{subject.topic.slug}/" if subject.topic else "")

    def subtitle(self, subject: Subject) -> str:
        return subject.topic.description if subject.topic else subject.page.lead

    def items(self, subject: Subject) -> list[NewsPage]:
        reports = latest_reports(NewsPage.objects.child_of(subject.page)).defer(None).prefetch_related("topics")
        if subject.topic:
            reports = reports.filter(topics=subject.topic)
        return list(reports[:REPORTS_IN_FEED])

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        # Django declares summaries as HTML.
        return escape(item.teaser)

    def item_extra_kwargs(self, item: NewsPage) -> dict[str, Any]:
        return {"content": content_of(item)}

    def item_pubdate(self, item: NewsPage) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(item.date, datetime.time.min))

    def item_updateddate(self, item: NewsPage) -> datetime.datetime:
        return max(self.item_pubdate(item), item.last_published_at or self.item_pubdate(item))


def content_of(report: NewsPage) -> str:
    """The body of a report as HTML for feed readers: public documents only, all links absolute."""
    body = body_of(report)
    if report.origin == report.Origin.FULL_ELSEWHERE:
        text = _("Vollständiger Bericht: %(name)s") % {"name": report.origin_name}
        body += format_html('<p><a href="{}">{}</a></p>', report.origin_url, text)
    return for_readers(body)
