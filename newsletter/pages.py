"""The web archive of the newsletter and its issues: a page is what editors write and what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks import NewsletterBlock
from home.models import Topic
from home.pages.base import SitePage

if TYPE_CHECKING:
    import datetime

    from django.http import HttpRequest, HttpResponse


class NewsletterIndexPage(SitePage):
    """All issues, newest first."""

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

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        issues = NewsletterIssuePage.objects.child_of(self).live().public().order_by("-first_published_at", "-pk")
        return super().get_context(request, *args, **kwargs) | {"issues": issues}


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
    preview_modes = [("web", "Web-Ansicht"), ("mail", "Mail"), ("text", "Mail als Text")]
    search_label = _("Newsletter")
    search_fields = [*SitePage.search_fields, index.SearchField("intro"), index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("number"), FieldPanel("subject")]),
        FieldPanel("preheader"),
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("topics"),
    ]

    class Meta:
        verbose_name = "Newsletter-Ausgabe"
        verbose_name_plural = "Newsletter-Ausgaben"

    @property
    def dates_as_of(self) -> datetime.date | None:
        """Whose next dates a block of dates shows in the web archive: those of the day on which the issue came out."""
        return localdate(self.first_published_at) if self.first_published_at else None

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from newsletter.composing.rendering import preview

        if mode_name in ("mail", "text"):
            return preview(self, mode_name)
        return super().serve_preview(request, mode_name)
