"""The Atom feed of the newsletter (RFC 4287): the issues as they stand in the web archive."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.utils.html import escape, linebreaks
from wagtail.documents import get_document_model

from home.identity import SiteIdentity
from home.pages.feeds import RESPONSIVE, AtomWithContent
from home.rendering.streams import absolute_links, render_stream

if TYPE_CHECKING:
    from django.http import HttpRequest

    from newsletter.pages import NewsletterIndexPage, NewsletterIssuePage

ISSUES_IN_FEED = 20


@dataclass(frozen=True)
class Subject:
    """What a feed is about."""

    page: NewsletterIndexPage
    author: str


class IssueFeed(Feed):
    """The latest issues. Entries are known by the page's translation key (RFC 4122), which outlives a new address."""

    feed_type = AtomWithContent

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        return Subject(kwargs["page"], SiteIdentity.load(request).organisation)

    def title(self, subject: Subject) -> str:
        return f"IKOE: {subject.page.title}"

    def link(self, subject: Subject) -> str:
        return subject.page.address()

    def feed_url(self, subject: Subject) -> str:
        return f"{self.link(subject)}feed/"

    def feed_guid(self, subject: Subject) -> str:
        return self.link(subject)

    def subtitle(self, subject: Subject) -> str:
        return subject.page.lead

    def author_name(self, subject: Subject) -> str:
        return subject.author

    def author_link(self, subject: Subject) -> str:
        return settings.BASE_URL

    def feed_copyright(self, subject: Subject) -> str:
        return f"© {subject.author}"

    def items(self, subject: Subject) -> list[NewsletterIssuePage]:
        return list(subject.page.published_issues().prefetch_related("topics")[:ISSUES_IN_FEED])

    def item_title(self, item: NewsletterIssuePage) -> str:
        return item.subject

    def item_description(self, item: NewsletterIssuePage) -> str:
        # Django declares summaries as HTML.
        return escape(item.preheader or item.intro)

    def item_extra_kwargs(self, item: NewsletterIssuePage) -> dict[str, Any]:
        return {"content": content_of(item)}

    def item_link(self, item: NewsletterIssuePage) -> str:
        return item.address()

    def item_guid(self, item: NewsletterIssuePage) -> str:
        return f"urn:uuid:{item.translation_key}"

    def item_categories(self, item: NewsletterIssuePage) -> list[str]:
        return [topic.name for topic in item.topics.all()]

    def item_pubdate(self, item: NewsletterIssuePage) -> datetime.datetime:
        return item.first_published_at

    def item_updateddate(self, item: NewsletterIssuePage) -> datetime.datetime:
        return item.last_published_at or item.first_published_at


def content_of(issue: NewsletterIssuePage) -> str:
    """Introduction and body as HTML for feed readers: nothing personal, public documents only, all links absolute."""
    body = render_stream(
        issue.body,
        "web",
        base_url=settings.BASE_URL,
        documents=get_document_model().objects.visible_to(AnonymousUser()),
        page=issue,
    )
    return absolute_links(RESPONSIVE.sub("", f"{linebreaks(issue.intro, autoescape=True)}\n{body}"), settings.BASE_URL)
