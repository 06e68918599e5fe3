"""Series, editions, their programme and who took part."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageManager, TranslatableMixin
from wagtail.query import PageQuerySet
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from home.blocks import BodyBlock
from home.events import panels
from home.events.contributors import contributor_lines
from home.events.keys import edition_key
from home.pages.base import SitePage
from home.people import CoordinationOffice, Person, Topic
from home.templatetags.german import date_range

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

SMALL_RICH_TEXT = ["bold", "italic", "link", "ol", "ul"]


class EventSeries(models.Model):
    """A format that repeats: Ideenwerkstatt, Ideencafé, Fachtag."""

    name = models.CharField("Name", max_length=100, unique=True, help_text="Ein Wort im Singular.")
    slug = models.SlugField("Kürzel in Adressen", max_length=100, unique=True)
    description = models.CharField("Beschreibung", max_length=255, blank=True)

    class Meta:
        verbose_name = "Veranstaltungsreihe"
        verbose_name_plural = "Veranstaltungsreihen"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class SeriesPage(SitePage):
    """The chronicle of a series. Everything below the introduction is built from the editions."""

    series = models.ForeignKey(
        EventSeries, verbose_name="Veranstaltungsreihe", on_delete=models.PROTECT, related_name="pages"
    )
    lead = models.TextField("Einleitung", blank=True)
    body = StreamField(BodyBlock(), verbose_name="Inhalt", blank=True)

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.EditionPage"]
    page_description = "Chronik einer Veranstaltungsreihe mit ihren Ausgaben."
    template = "home/series_page.html"
    read_along = ["series"]
    search_fields = [*SitePage.search_fields, index.SearchField("lead"), index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("series"), FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = "Chronik"
        verbose_name_plural = "Chroniken"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from home.events.selecting import series_context

        return super().get_context(request, *args, **kwargs) | series_context(self, request)


class EditionQuerySet(PageQuerySet):
    """Lets others ask for a few fields, as Wagtail's editor does: then the series does not come along."""

    def only(self, *fields: str) -> EditionQuerySet:
        asked = self if "series" in fields else self.select_related(None)
        return PageQuerySet.only(asked, *fields)


class EditionManager(PageManager.from_queryset(EditionQuerySet)):  # type: ignore[misc]
    """Editions with their series: an edition is called after it wherever it is named."""

    def get_queryset(self) -> QuerySet[EditionPage]:
        return super().get_queryset().select_related("series")


class EditionPage(SitePage):
    """One edition of a series, from the first announcement to its documentation."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("in Vorbereitung")
        ANNOUNCED = "announced", _("angekündigt")
        HELD = "held", _("hat stattgefunden")
        DOCUMENTED = "documented", _("dokumentiert")
        CANCELLED = "cancelled", _("abgesagt")
        UNRECORDED = "unrecorded", _("noch nicht erfasst")

    class Precision(models.TextChoices):
        DAY = "day", "auf den Tag"
        MONTH = "month", "auf den Monat"

    series = models.ForeignKey(
        EventSeries,
        verbose_name="Veranstaltungsreihe",
        on_delete=models.PROTECT,
        related_name="editions",
        editable=False,
    )
    number = models.PositiveSmallIntegerField("Nummer", null=True, blank=True)
    motto = models.TextField("Leitwort", blank=True)
    start_date = models.DateField("Beginn", null=True, blank=True)
    end_date = models.DateField("Ende", null=True, blank=True)
    date_precision = models.CharField(
        "Genauigkeit des Datums", max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    place = models.CharField("Ort", max_length=100, blank=True, help_text="Stadt oder Gemeinde.")
    venue = models.CharField("Haus", max_length=200, blank=True)
    state = models.CharField("Stand", max_length=20, choices=State.choices, default=State.PREPARING)
    state_note = models.CharField("Anmerkung zum Stand", max_length=100, blank=True)
    lead = models.TextField("Zusammenfassung", blank=True)
    body = StreamField(BodyBlock(), verbose_name="Was besprochen wurde", blank=True)
    outlook = RichTextField("Ausblick", blank=True, features=SMALL_RICH_TEXT)
    topics = ParentalManyToManyField(Topic, verbose_name="Themen", blank=True, related_name="editions")

    objects = EditionManager()

    parent_page_types = ["home.SeriesPage"]
    subpage_types: list[str] = []
    page_description = "Eine Ausgabe oder ein einzelner Termin einer Reihe."
    template = "home/edition_page.html"
    read_along = ["series"]
    search_label = _("Ausgabe")
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("motto"),
        index.SearchField("lead"),
        index.SearchField("body"),
        index.SearchField("place"),
        index.SearchField("venue"),
        index.SearchField("outlook"),
        index.SearchField("programme_text"),
        index.SearchField("topic_names"),
        index.FilterField("state"),
        index.FilterField("start_date"),
    ]
    content_panels = [*Page.content_panels, *panels.EDITION]
    # Without the box "In Menüs anzeigen": the menus hold pages below the home page only.
    promote_panels = SitePage.promote_panels[:1]

    class Meta:
        verbose_name = "Ausgabe"
        verbose_name_plural = "Ausgaben"

    def clean(self) -> None:
        super().clean()
        if self.end_date and not self.start_date:
            raise ValidationError({"start_date": "Wenn es ein Ende gibt, muss es auch einen Beginn geben."})
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValidationError({"end_date": "Das Ende liegt vor dem Beginn."})

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        # `save()` of a page cleans it, so this runs on every way in, before the constraints are looked at.
        parent = self.get_parent() if self.path else None
        if parent is not None and isinstance(parent.specific, SeriesPage):
            self.series = parent.specific.series
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from home.events.edition import edition_context

        return super().get_context(request, *args, **kwargs) | edition_context(self, request)

    @property
    def search_title(self) -> str:
        if not self.place:
            return self.dated_heading
        return gettext("%(edition)s in %(place)s") % {"edition": self.dated_heading, "place": self.place}

    def programme_text(self) -> str:
        """The programme and who contributes to it, for the search: a line for each part."""
        lines = [[item.title, item.abstract, item.results, *item.contributors] for item in self.programme_items.all()]
        return get_text_for_indexing("<br/>".join(". ".join(filter(None, line)) for line in lines))

    def topic_names(self) -> str:
        """For the search."""
        return ", ".join(topic.name for topic in self.topics.all())

    def passage_text(self) -> str:
        return f"{super().passage_text()}\n{self.programme_text()}"

    @property
    def last_day(self) -> datetime.date | None:
        """The day of the end, also where only the day of the beginning was entered; None without both."""
        return self.end_date or self.start_date

    @property
    def heading(self) -> str:
        """ "13. Ideenwerkstatt", or the name of the series for a date without a number."""
        if not self.number:
            return self.series.name
        return gettext("%(number)s. %(series)s") % {"number": self.number, "series": self.series.name}

    @property
    def archive_key(self) -> str:
        """The name of this German edition in the addresses of the archive."""
        return edition_key(self.series.slug if self.series else None, self.number, self.slug)

    @property
    def dated_heading(self) -> str:
        """The heading where no date stands beside it: without a number the date tells one edition from the others."""
        dates = "" if self.number else date_range(self.start_date, self.end_date, self.date_precision)
        return f"{self.heading}, {dates}" if dates else self.heading


class ProgrammeItem(TranslatableMixin, ClusterableModel, Orderable):
    """A part of the programme. Documents point to its `translation_key`, the same in draft and translation."""

    class Format(models.TextChoices):
        TALK = "talk", _("Fachvortrag")
        WORKSHOP = "workshop", _("Workshop")
        WORLD_CAFE = "world_cafe", _("World Café")
        BARCAMP = "barcamp", _("Barcamp")
        PLENARY = "plenary", _("Plenum")
        CASE_COUNSELLING = "case_counselling", _("kollegiale Fallberatung")
        BEST_PRACTICE = "best_practice", _("Best Practice")
        SITE_VISIT = "site_visit", _("Begehung")

    page = ParentalKey(EditionPage, on_delete=models.CASCADE, related_name="programme_items")
    title = models.CharField("Titel", max_length=255)
    format = models.CharField("Format", max_length=20, choices=Format.choices, blank=True)
    day = models.DateField("Tag", null=True, blank=True)
    start = models.TimeField("von", null=True, blank=True)
    end = models.TimeField("bis", null=True, blank=True)
    room = models.CharField("Raum", max_length=100, blank=True)
    abstract = RichTextField("Kurzbeschreibung", blank=True, features=SMALL_RICH_TEXT)
    results = RichTextField("Ergebnisse", blank=True, features=SMALL_RICH_TEXT)

    panels = panels.PROGRAMME_ITEM

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = "Programmpunkt"
        verbose_name_plural = "Programmpunkte"

    def __str__(self) -> str:
        return self.title

    @property
    def contributors(self) -> list[str]:
        return contributor_lines(self.speakers.all())

    def clean(self) -> None:
        super().clean()
        if self.start and self.end and self.end <= self.start:
            raise ValidationError({"end": "Das Ende liegt nicht nach dem Beginn."})
        if self.start and not self.day:
            raise ValidationError({"day": "Zu einer Uhrzeit gehört ein Tag."})


class ProgrammeSpeaker(Orderable):
    """Who speaks or moderates in a part of the programme."""

    class Part(models.TextChoices):
        SPEAKER = "speaker", "trägt vor"
        MODERATION = "moderation", "moderiert"

    item = ParentalKey(ProgrammeItem, on_delete=models.CASCADE, related_name="speakers")
    person = models.ForeignKey(
        Person,
        verbose_name="Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programme_parts",
        help_text="Leer lassen, wenn eine Stelle auftritt.",
    )
    office = models.ForeignKey(
        CoordinationOffice,
        verbose_name="Koordinierungsstelle",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programme_parts",
        help_text="Dann steht der Beitrag auch auf der Seite der Stelle.",
    )
    organisation = models.CharField("andere Organisation", max_length=200, blank=True)
    part = models.CharField("Aufgabe", max_length=20, choices=Part.choices, default=Part.SPEAKER)

    panels = panels.SPEAKER

    class Meta(Orderable.Meta):
        verbose_name = "Mitwirkung"
        verbose_name_plural = "Mitwirkungen"

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.person.name if self.person else "", self.organisation_name]))

    @property
    def organisation_name(self) -> str:
        """The organisation named here, else the office, else that of the person."""
        return (
            self.organisation
            or (self.office.full_name if self.office else "")
            or (self.person.organisation if self.person else "")
        )

    def clean(self) -> None:
        super().clean()
        if not self.person_id and not self.office_id and not self.organisation:
            raise ValidationError("Bitte eine Person, eine Koordinierungsstelle oder eine Organisation angeben.")


class Participation(Orderable):
    """An office at an edition. No row means that nothing is known."""

    page = ParentalKey(EditionPage, on_delete=models.CASCADE, related_name="participations")
    office = models.ForeignKey(
        CoordinationOffice, verbose_name="Stelle", on_delete=models.PROTECT, related_name="participations"
    )
    hosted = models.BooleanField("war Gastgeberin", default=False)
    attended = models.BooleanField(
        "war dabei", null=True, blank=True, help_text="„Unbekannt“ lassen, wenn nichts überliefert ist."
    )
    persons = models.PositiveSmallIntegerField("Personen", null=True, blank=True)

    panels = panels.PARTICIPATION

    class Meta(Orderable.Meta):
        verbose_name = "Teilnahme einer Stelle"
        verbose_name_plural = "Teilnahmen der Stellen"
        constraints = [models.UniqueConstraint(fields=["page", "office"], name="participation_unique")]

    def __str__(self) -> str:
        return f"{self.office}: {'Gastgeberin' if self.hosted else 'Teilnahme'}"


class EditionPhoto(Orderable):
    """A public photo of an edition. Photos that are not for the public are documents of the archive."""

    page = ParentalKey(EditionPage, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, verbose_name="Bild", on_delete=models.PROTECT, related_name="+"
    )
    caption = models.CharField("Bildunterschrift", max_length=255, blank=True)

    panels = [FieldPanel("image"), FieldPanel("caption")]

    class Meta(Orderable.Meta):
        verbose_name = "Foto einer Ausgabe"
        verbose_name_plural = "Fotos einer Ausgabe"

    def __str__(self) -> str:
        return self.caption or str(self.image)


class CalendarEntry(models.Model):
    """What calendars were told of an edition last. Not a field of the page: a draft must not bring back old numbers."""

    edition = models.OneToOneField(EditionPage, on_delete=models.CASCADE, related_name="calendar_entry")
    digest = models.CharField("Hash der Angaben (SHA-256)", max_length=64)
    sequence = models.PositiveIntegerField("SEQUENCE (RFC 5545, 3.8.7.4)", default=0)
    changed_at = models.DateTimeField("geändert am")

    class Meta:
        verbose_name = "Kalendereintrag"
        verbose_name_plural = "Kalendereinträge"

    def __str__(self) -> str:
        return f"{self.edition}: {self.sequence}"
