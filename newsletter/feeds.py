"""The Atom feed of the newsletter (RFC 4287): the issues as they stand in the web archive."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.html import escape, linebreaks

from home.identity import SiteIdentity
from home.pages.feeds import PageFeed, body_of, for_readers

if TYPE_CHECKING:
    from django.http import HttpRequest

    from newsletter.pages import NewsletterIndexPage, NewsletterIssuePage

ISSUES_IN_FEED = 20


@dataclass(frozen=True)
class Subject:
    """What a feed is about."""

    page: NewsletterIndexPage
    author: str


class IssueFeed(PageFeed):
    """The latest issues."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        return Subject(kwargs["page"], SiteIdentity.load(request).organisation)

    def items(self, subject: Subject) -> list[NewsletterIssuePage]:
        return list(subject.page.published_issues().prefetch_related("topics")[:ISSUES_IN_FEED])

    def item_title(self, item: NewsletterIssuePage) -> str:
        return item.subject

    def item_description(self, item: NewsletterIssuePage) -> str:
        # Django declares summaries as HTML.
        return escape(item.preheader or item.intro)

    def item_extra_kwargs(self, item: NewsletterIssuePage) -> dict[str, Any]:
        return {"content": content_of(item)}

    def item_pubdate(self, item: NewsletterIssuePage) -> datetime.datetime:
        return item.first_published_at

    def item_updateddate(self, item: NewsletterIssuePage) -> datetime.datetime:
        return item.last_published_at or item.first_published_at


def content_of(issue: NewsletterIssuePage) -> str:
    """Introduction and body as HTML for feed readers: nothing personal, public documents only, all links absolute."""
    return for_readers(f"{linebreaks(issue.intro, autoescape=True)}\n{body_of(issue)}")
