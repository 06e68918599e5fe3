"""Home, content and news pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, re_path
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks import BodyBlock
from home.pages.base import SitePage
from home.people import Person, Topic, all_offices

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class HomePage(SitePage):
    """The first page: what was last, what is next, and the fourteen offices."""

    hero_edition = models.ForeignKey(
        "home.EditionPage",
        verbose_name="Ausgabe im Aufmacher",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Leer: die jüngste dokumentierte Ausgabe der Ideenwerkstatt.",
    )
    hero_title = models.CharField("Überschrift des Aufmachers", max_length=150, blank=True)
    hero_lead = models.TextField("Text des Aufmachers", blank=True)
    body = StreamField(BodyBlock(), verbose_name="Weitere Inhalte", blank=True)

    search_fields = [*SitePage.search_fields, index.SearchField("hero_lead"), index.SearchField("body")]
    parent_page_types = ["wagtailcore.Page"]
    page_description = "Die Startseite."
    template = "home/home_page.html"
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("hero_edition"), FieldPanel("hero_title"), FieldPanel("hero_lead")], heading="Aufmacher"
        ),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = "Startseite"
        verbose_name_plural = "Startseiten"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from home.pages.listings import home_context

        context = super().get_context(request, *args, **kwargs)
        return context | ({"offices": all_offices(request)} if self.reads_simply else home_context(self, request))

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return "home/home_page_simple.html" if self.reads_simply else self.template


class ContentPage(SitePage):
    """A page of text: the project, Impressum, Datenschutz."""

    lead = models.TextField("Einleitung", blank=True)
    body = StreamField(BodyBlock(), verbose_name="Inhalt", blank=True)

    parent_page_types = ["home.HomePage", "home.ContentPage"]
    subpage_types = ["home.ContentPage"]
    page_description = "Eine Seite mit freiem Inhalt."
    template = "home/content_page.html"
    search_fields = [*SitePage.search_fields, index.SearchField("lead"), index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = "Inhaltsseite"
        verbose_name_plural = "Inhaltsseiten"


class StatementPage(SitePage):
    """The accessibility statement with the fields that § 16b BGG LSA practice asks for."""

    class Conformance(models.TextChoices):
        FULL = "full", _("vollständig vereinbar")
        PARTIAL = "partial", _("teilweise vereinbar")
        NONE = "none", _("nicht vereinbar")

    conformance = models.CharField(
        "Stand der Vereinbarkeit", max_length=10, choices=Conformance.choices, default=Conformance.PARTIAL
    )
    scope = models.TextField(
        "Geltungsbereich", blank=True, help_text="Wofür die Erklärung gilt: Website, PDF-Dokumente, Newsletter."
    )
    gaps = RichTextField("Nicht barrierefreie Inhalte", blank=True)
    burden = RichTextField("Unverhältnismäßige Belastung", blank=True, help_text="Was, warum, und welche Alternative.")
    excluded = RichTextField("Inhalte, die nicht unter die Vorschriften fallen", blank=True)
    method = models.TextField("Grundlage der Bewertung")
    prepared_on = models.DateField("Erstellt am")
    reviewed_on = models.DateField("Zuletzt überprüft am", null=True, blank=True)
    contact = RichTextField("Kontakt für Rückmeldungen")
    report_email = models.EmailField(
        "Meldungen von Barrieren gehen an", blank=True, help_text="Leer: an die Adresse des Trägers."
    )
    enforcement = RichTextField("Ombudsstelle")

    search_fields = [
        *SitePage.search_fields,
        *map(index.SearchField, ["scope", "gaps", "burden", "excluded", "method", "contact", "enforcement"]),
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    page_description = "Die Erklärung zur Barrierefreiheit."
    template = "home/statement_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("conformance"),
        FieldPanel("scope"),
        MultiFieldPanel(
            [FieldPanel("gaps"), FieldPanel("burden"), FieldPanel("excluded")],
            heading="Was noch nicht barrierefrei ist",
        ),
        FieldPanel("method"),
        FieldRowPanel([FieldPanel("prepared_on"), FieldPanel("reviewed_on")]),
        MultiFieldPanel([FieldPanel("contact"), FieldPanel("report_email")], heading="Rückmeldung"),
        FieldPanel("enforcement"),
    ]

    class Meta:
        verbose_name = "Erklärung zur Barrierefreiheit"
        verbose_name_plural = "Erklärungen zur Barrierefreiheit"


class NewsIndexPage(RoutablePageMixin, SitePage):
    """All reports, newest first, with an archive by year and a feed."""

    lead = models.TextField("Einleitung", blank=True)

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    page_description = "Die Übersicht der Berichte."
    template = "home/news_index_page.html"
    search_fields = [*SitePage.search_fields, index.SearchField("lead")]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = "Übersicht der Berichte"
        verbose_name_plural = "Übersichten der Berichte"

    @re_path(r"^$")
    def all_reports(self, request: HttpRequest) -> HttpResponse:
        from home.pages.listings import news_context

        return self.render(request, context_overrides=news_context(self, request))

    @re_path(r"^(?P<year>20\d\d)/$")
    def reports_of_year(self, request: HttpRequest, year: str) -> HttpResponse:
        from home.pages.listings import news_context

        context = news_context(self, request, year=int(year))
        if not context["reports"]:
            raise Http404
        return self.render(request, context_overrides=context)

    @re_path(r"^thema/(?P<slug>[-\w]+)/$")
    def reports_of_topic(self, request: HttpRequest, slug: str) -> HttpResponse:
        from home.pages.listings import topic_context

        topic = get_object_or_404(Topic, slug=slug)
        return self.render(request, template="home/topic.html", context_overrides=topic_context(self, request, topic))

    @re_path(r"^(?:thema/(?P<slug>[-\w]+)/)?feed/$")
    def feed(self, request: HttpRequest, slug: str | None = None) -> HttpResponse:
        from home.pages.feeds import NewsFeed

        return NewsFeed()(request, page=self, topic=get_object_or_404(Topic, slug=slug) if slug else None)


class NewsPage(SitePage):
    """A report."""

    class Origin(models.TextChoices):
        HERE = "here", _("zuerst hier erschienen")
        FULL_ELSEWHERE = "full_elsewhere", _("Kurzfassung, vollständiger Bericht anderswo")
        FIRST_ELSEWHERE = "first_elsewhere", _("zuerst anderswo erschienen")

    date = models.DateField("Datum")
    teaser = models.TextField("Anrisstext", max_length=300)
    lead_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name="Bild",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lead_caption = models.CharField("Bildunterschrift", max_length=255, blank=True)
    body = StreamField(BodyBlock(), verbose_name="Inhalt")
    edition = models.ForeignKey(
        "home.EditionPage",
        verbose_name="Ausgabe",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
    )
    related_documents = StreamField(
        [("document", DocumentChooserBlock(label="Dokument"))],
        verbose_name="Dokumente zum Bericht",
        blank=True,
        help_text="Wer ein Dokument nicht sehen darf, sieht auch den Titel nicht.",
    )
    topics = ParentalManyToManyField(Topic, verbose_name="Themen", blank=True, related_name="reports")
    contact = models.ForeignKey(
        Person,
        verbose_name="Kontakt",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    origin = models.CharField("Herkunft", max_length=20, choices=Origin.choices, default=Origin.HERE)
    origin_name = models.CharField("Name der Quelle", max_length=150, blank=True)
    origin_url = models.URLField("Adresse der Quelle", blank=True)

    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []
    page_description = "Ein Bericht für „Aktuelles“."
    template = "home/news_page.html"
    read_along = ["lead_image", "contact"]
    search_label = _("Bericht")
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("teaser"),
        index.SearchField("body"),
        index.SearchField("subjects"),
        index.FilterField("date"),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("date", help_text="Steht über dem Bericht und ordnet ihn ein."),
        FieldPanel("teaser", help_text="Ein bis zwei Sätze. Sie stehen in Listen, in der Suche und im Newsletter."),
        MultiFieldPanel([FieldPanel("lead_image"), FieldPanel("lead_caption")], heading="Bild über dem Bericht"),
        FieldPanel("body", help_text="Mit dem Pluszeichen kommen Absätze, Bilder und mehr dazu."),
        MultiFieldPanel(
            [
                FieldPanel("edition"),
                FieldPanel("topics", widget=CheckboxSelectMultiple),
                FieldPanel("related_documents"),
                FieldPanel("contact"),
            ],
            heading="Gehört zu",
        ),
        MultiFieldPanel(
            [
                HelpPanel("Nur für Berichte, die es anderswo zuerst oder ausführlicher gibt."),
                FieldPanel("origin"),
                FieldRowPanel([FieldPanel("origin_name"), FieldPanel("origin_url")]),
            ],
            heading="Herkunft",
            classname="collapsed",
        ),
    ]

    # A report stands in no menu.
    promote_panels = SitePage.promote_panels[:1]

    class Meta:
        verbose_name = "Bericht"
        verbose_name_plural = "Berichte"

    def clean(self) -> None:
        super().clean()
        if self.origin != self.Origin.HERE and not self.origin_name:
            raise ValidationError({"origin_name": "Bitte die Quelle nennen."})
        if self.origin == self.Origin.FULL_ELSEWHERE and not self.origin_url:
            raise ValidationError({"origin_url": "Bitte die Adresse des vollständigen Berichts angeben."})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from home.pages.listings import report_context

        return super().get_context(request, *args, **kwargs) | report_context(self, request)

    def subjects(self) -> str:
        """What and whom the report is about beside its text, for the search."""
        return ", ".join([*(topic.name for topic in self.topics.all()), self.contact.name if self.contact else ""])

    def canonical_url(self, request: HttpRequest | None) -> str:
        return self.origin_url if self.origin == self.Origin.FULL_ELSEWHERE else super().canonical_url(request)
