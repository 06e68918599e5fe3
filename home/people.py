"""People, offices, funders and topics: the snippets that pages refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from home.frame import kept

if TYPE_CHECKING:
    from django.http import HttpRequest


class Topic(models.Model):
    """A subject that reports, editions and documents share; some are also choices of the newsletter."""

    name = models.CharField("Name", max_length=100, unique=True)
    slug = models.SlugField("Kürzel in Adressen", max_length=100, unique=True)
    description = models.CharField("Beschreibung", max_length=255, blank=True)
    newsletter = models.BooleanField("im Newsletter wählbar", default=False)

    class Meta:
        verbose_name = "Thema"
        verbose_name_plural = "Themen"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/aktuelles/thema/{self.slug}/"


class Person(index.Indexed, models.Model):
    """Somebody named on the site, in a role that is public."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", "Referentin oder Referent"
        TEAM = "team", "Team"
        CONTACT = "contact", "Ansprechperson"

    name = models.CharField("Name", max_length=150, help_text="Mit Titel, so wie er gedruckt wird.")
    role = models.CharField("Rolle", max_length=20, choices=Role.choices, default=Role.SPEAKER)
    organisation = models.CharField("Organisation", max_length=200, blank=True)
    function = models.CharField("Funktion", max_length=200, blank=True)
    email = models.EmailField("E-Mail-Adresse (öffentlich)", blank=True)
    phone = models.CharField("Telefon (öffentlich)", max_length=50, blank=True)

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})" if self.organisation else self.name


class CoordinationOffice(index.Indexed, models.Model):
    """One of the fourteen coordination offices for integration and migration of Saxony-Anhalt."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("Landkreis")
        CITY = "city", _("kreisfreie Stadt")

    name = models.CharField("Name", max_length=100, unique=True)
    slug = models.SlugField("Kürzel in Adressen", max_length=100, unique=True)
    kind = models.CharField("Art", max_length=20, choices=Kind.choices)
    ags = models.CharField(
        "Amtlicher Gemeindeschlüssel",
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^15\d{3}$", "Fünf Ziffern, die mit 15 (Sachsen-Anhalt) beginnen.")],
    )
    code = models.CharField("Kennzeichen", max_length=3, unique=True, help_text="Beschriftung der Kachel.")
    tile_column = models.PositiveSmallIntegerField(
        "Spalte der Kachel", help_text="In halben Kachelbreiten von links, beginnend mit 0."
    )
    tile_row = models.PositiveSmallIntegerField("Zeile der Kachel", help_text="Von oben, beginnend mit 0.")
    authority = models.CharField("Behörde und Stelle", max_length=200, blank=True)
    email = models.EmailField("E-Mail-Adresse (öffentlich)", blank=True)
    phone = models.CharField("Telefon (öffentlich)", max_length=50, blank=True)
    website = models.URLField("Website", blank=True)

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]
    panels = [
        FieldRowPanel(
            [
                FieldPanel("name", help_text="Ohne „Landkreis“, zum Beispiel: Harz."),
                FieldPanel("slug", help_text="Wer es ändert, lässt eine Weiterleitung zurück."),
            ]
        ),
        FieldRowPanel(
            [
                FieldPanel("kind", help_text="Ein Landkreis heißt im Text „Landkreis …“."),
                FieldPanel("ags", help_text="Fünf Ziffern, zum Beispiel 15085 für den Harz."),
            ]
        ),
        MultiFieldPanel(
            [
                FieldPanel("authority", help_text="Zum Beispiel: Landkreis Harz, Stabsstelle Integration."),
                FieldPanel("email", help_text="Am besten die der Stelle, nicht die einer Person."),
                FieldPanel("phone", help_text="Mit Vorwahl."),
                FieldPanel("website", help_text="Die Seite der Stelle, beginnend mit https://."),
            ],
            heading="Kontakt",
            help_text="Diese Angaben stehen öffentlich auf der Seite der Stelle.",
        ),
        FieldRowPanel(
            [FieldPanel("code"), FieldPanel("tile_column"), FieldPanel("tile_row")], heading="Kachel der Karte"
        ),
    ]

    class Meta:
        verbose_name = "Koordinierungsstelle"
        verbose_name_plural = "Koordinierungsstellen"
        # German order on every database: slugs spell umlauts out, so Börde comes before Burgenlandkreis.
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["tile_column", "tile_row"], name="office_tile_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/koordinierungsstellen/{self.slug}/"

    @property
    def is_city(self) -> bool:
        """Whether it is of a kreisfreie Stadt: the map draws those as circles."""
        return self.kind == self.Kind.CITY

    @property
    def is_reachable(self) -> bool:
        """Whether its page gives at least one way to reach it."""
        return bool(self.phone or self.email or self.website)

    @property
    def full_name(self) -> str:
        """The name as it stands in a sentence: "Landkreis Harz", but "Burgenlandkreis" and "Halle (Saale)"."""
        if self.is_city or "kreis" in self.name.lower():
            return self.name
        return f"Landkreis {self.name}"


def all_offices(request: HttpRequest) -> list[CoordinationOffice]:
    """The coordination offices in the order of all lists; a reader without login may see them some seconds old."""
    return kept(request, "offices", lambda: list(CoordinationOffice.objects.all()))


class Funder(models.Model):
    """Who pays: the Union, the Land."""

    name = models.CharField("Name", max_length=200, unique=True)
    short_name = models.CharField("Kurzname", max_length=50, blank=True)
    logo = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name="Logo",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    website = models.URLField("Website", blank=True)

    class Meta:
        verbose_name = "Förderer"
        verbose_name_plural = "Förderer"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FundingPeriod(ClusterableModel):
    """The wording that funders ask for, and when it holds. Web, mail and PDF print the same sentence."""

    name = models.CharField("Name", max_length=150, unique=True)
    starts_on = models.DateField("gilt ab", null=True, blank=True)
    ends_on = models.DateField("gilt bis", null=True, blank=True)
    wording = models.TextField("Wortlaut")
    funders = ParentalManyToManyField(Funder, verbose_name="Förderer", related_name="periods")

    class Meta:
        verbose_name = "Förderperiode"
        verbose_name_plural = "Förderperioden"
        ordering = ["-starts_on"]

    def __str__(self) -> str:
        return self.name


class SteeringTerm(ClusterableModel):
    """The steering group of a year, as content of the site. The right to read its papers is a Django group."""

    year = models.PositiveSmallIntegerField("Jahr", unique=True)
    note = models.CharField("Anmerkung", max_length=255, blank=True)

    panels = [
        FieldPanel("year"),
        FieldPanel("note"),
        InlinePanel("members", label="Mitglied", heading="Mitglieder"),
    ]

    class Meta:
        verbose_name = "Steuerungsgruppe eines Jahres"
        verbose_name_plural = "Steuerungsgruppen"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"Steuerungsgruppe {self.year}"


class SteeringMember(Orderable):
    """One member of the steering group in a year."""

    term = ParentalKey(SteeringTerm, on_delete=models.CASCADE, related_name="members")
    name = models.CharField("Name", max_length=150)
    organisation = models.CharField("Stelle", max_length=200)

    class Meta(Orderable.Meta):
        verbose_name = "Mitglied der Steuerungsgruppe"
        verbose_name_plural = "Mitglieder der Steuerungsgruppe"

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})"
