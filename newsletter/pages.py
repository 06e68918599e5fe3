"""The web archive of the newsletter and its issues: a page is what editors write and what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, re_path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks import NewsletterBlock
from home.models import Topic
from home.pages.base import SitePage
from home.pages.visibility import open_to_all

if TYPE_CHECKING:
    import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

ISSUES_PER_PAGE = 12


class NewsletterIndexPage(RoutablePageMixin, SitePage):
    """All issues, newest first, with a feed."""

    lead = models.TextField("Einleitung", blank=True)

    parent_page_types = ["home.HomePage"]
    subpage_types = ["newsletter.NewsletterIssuePage"]
    page_description = "Die Übersicht der Newsletter-Ausgaben."
    template = "newsletter/index_page.html"
    search_fields = [*SitePage.search_fields, index.SearchField("lead")]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = "Übersicht der Newsletter"
        verbose_name_plural = "Übersichten der Newsletter"

    @re_path(r"^$")
    def all_issues(self, request: HttpRequest) -> HttpResponse:
        issues = Paginator(self.published_issues(), ISSUES_PER_PAGE).get_page(request.GET.get("seite"))
        context = {"issues": issues, "feed_url": f"{self.get_url(request)}feed/"}
        return self.render(request, context_overrides=context)

    @re_path(r"^feed/$")
    def feed(self, request: HttpRequest) -> HttpResponse:
        from newsletter.feeds import IssueFeed

        return IssueFeed()(request, page=self)

    def published_issues(self) -> QuerySet[NewsletterIssuePage]:
        """Issues below this page that everybody may see, newest first."""
        issues = open_to_all(NewsletterIssuePage.objects.child_of(self))
        return issues.order_by("-first_published_at", "-pk")


class NewsletterIssuePage(SitePage):
    """One issue of the newsletter."""

    number = models.CharField("Nummer", max_length=20, help_text="Zum Beispiel: 1/2025")
    subject = models.CharField("Betreff", max_length=120)
    preheader = models.CharField(
        "Vorschautext", max_length=150, blank=True, help_text="Steht im Posteingang hinter dem Betreff."
    )
    intro = models.TextField(
        "Einleitung", blank=True, help_text="Die Anrede „Guten Tag …!“ steht in der Mail schon davor."
    )
    body = StreamField(NewsletterBlock(), verbose_name="Inhalt")
    topics = ParentalManyToManyField(
        Topic,
        verbose_name="geht an",
        blank=True,
        related_name="newsletter_issues",
        limit_choices_to={"newsletter": True},
        help_text="Ohne Auswahl an alle, die den Newsletter bestellt haben.",
    )

    parent_page_types = ["newsletter.NewsletterIndexPage"]
    subpage_types: list[str] = []
    page_description = "Eine Ausgabe des Newsletters."
    template = "newsletter/issue_page.html"
    search_label = _("Newsletter")
    search_fields = [*SitePage.search_fields, index.SearchField("intro"), index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("number"), FieldPanel("subject")]),
        FieldPanel("preheader"),
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("topics", widget=CheckboxSelectMultiple),
    ]

    class Meta:
        verbose_name = "Newsletter-Ausgabe"
        verbose_name_plural = "Newsletter-Ausgaben"

    @property
    def dates_as_of(self) -> datetime.date | None:
        """Whose next dates a block of dates shows in the web archive: those of the day on which the issue came out."""
        return localdate(self.first_published_at) if self.first_published_at else None
