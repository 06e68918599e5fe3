"""What keeps the site true over the years: reviews of pages, and the state of links that lead elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from wagtail.models import Page


class PageReview(models.Model):
    """Somebody has read a page and says that it still holds. A change of the page counts as a review, too."""

    page = models.OneToOneField(Page, verbose_name="Seite", on_delete=models.CASCADE, related_name="review")
    reviewed_on = models.DateField("geprüft am")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="geprüft von", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "Prüfung einer Seite"
        verbose_name_plural = "Prüfungen von Seiten"

    def __str__(self) -> str:
        return f"{self.page}: geprüft am {self.reviewed_on:%d.%m.%Y}"


class ExternalLink(models.Model):
    """An address of another site, and what it answered when it was asked last."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", "noch nicht geprüft"
        WORKING = "working", "erreichbar"
        FAILING = "failing", "nicht erreichbar"
        REFUSED = "refused", "nicht prüfbar"

    # Longer than browsers and servers take is no address; unique needs a bound that every database can index.
    url = models.URLField("Adresse", max_length=2000)
    url_sha256 = models.CharField("SHA-256 der Adresse", max_length=64, unique=True, editable=False)
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.UNCHECKED)
    status = models.PositiveSmallIntegerField("HTTP-Status", null=True, blank=True)
    reason = models.CharField("Grund", max_length=255, blank=True)
    checked_at = models.DateTimeField("geprüft am", null=True, blank=True)
    failing_since = models.DateTimeField("fehlerhaft seit", null=True, blank=True)
    pages = models.ManyToManyField(Page, verbose_name="Seiten", related_name="external_links")

    class Meta:
        verbose_name = "Link zu einer anderen Website"
        verbose_name_plural = "Links zu anderen Websites"
        ordering = ["failing_since", "pk"]

    def __str__(self) -> str:
        return self.url
