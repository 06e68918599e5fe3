"""The image of the site. Photos that are not for the public are archive documents: Wagtail images know no privacy."""

from __future__ import annotations

from typing import TypeVar

from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models import Model, QuerySet
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from willow.plugins.pillow import PillowImage

from home.joins import with_many

ModelT = TypeVar("ModelT", bound=Model)


class SiteImage(AbstractImage):
    """A public image with the two things every medium needs: a text alternative and a credit."""

    class Consent(models.TextChoices):
        NOT_NEEDED = "not_needed", "nicht nötig (keine erkennbaren Personen)"
        GIVEN = "given", "liegt vor"

    description = models.CharField(
        "Alternativtext",
        max_length=255,
        help_text="Was ist zu sehen? Ein Satz für alle, die das Bild nicht sehen.",
    )
    credit = models.CharField("Bildnachweis", max_length=255, help_text="Zum Beispiel: Foto: Vorname Nachname / Verein")
    consent = models.CharField(
        "Einwilligung der Abgebildeten", max_length=20, choices=Consent.choices, default=Consent.NOT_NEEDED
    )
    consent_note = models.CharField("Vermerk zur Einwilligung", max_length=255, blank=True)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "consent",
        "consent_note",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        """As Wagtail does, but its temporary file is closed and not left to the garbage collector."""
        with super().generate_rendition_file(filter, source=source) as file:
            file.seek(0)
            return ContentFile(file.read(), name=file.name)

    class Meta(AbstractImage.Meta):
        verbose_name = "Bild"
        verbose_name_plural = "Bilder"
        permissions = [("choose_siteimage", "Can choose image")]


def drop_camera_data() -> None:
    """Let scaled images hold nothing of what a camera writes into a photo: the place, its owner, a serial number.

    Willow copies all of it from the original. Turning a photo upright does not depend on that copy.
    """
    PillowImage.get_exif_data = lambda image: None


def with_renditions(objects: QuerySet[ModelT], image: str) -> list[ModelT]:
    """`objects` with the images that their foreign key `image` names, and all renditions of those (one query)."""
    found = with_many(objects.select_related(image), f"{image}__renditions")
    for one, renditions in found:
        picture = getattr(one, image)
        if picture is not None:
            # Where Wagtail looks for renditions before it asks for them.
            picture.prefetched_renditions = renditions
        for rendition in renditions:
            rendition.image = picture
    return [one for one, _renditions in found]


class SiteRendition(AbstractRendition):
    """A scaled copy of an image."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition")
        ]
