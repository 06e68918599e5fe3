"""Who agreed that a document or a photo is published."""

from __future__ import annotations

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class PublicationConsent(models.Model):
    """A person's agreement that a document or photo is published."""

    class Scope(models.TextChoices):
        PUBLIC = "public", "öffentlich"
        INTERNAL = "internal", "nur intern"

    document = models.ForeignKey(
        "archive.Document", verbose_name="Dokument", on_delete=models.CASCADE, related_name="consents"
    )
    person = models.CharField("Wer hat eingewilligt?", max_length=150)
    scope = models.CharField("Umfang", max_length=10, choices=Scope.choices)
    given_on = models.DateField("erteilt am")
    recorded_by = models.ForeignKey(
        USER, verbose_name="vermerkt von", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField("vermerkt am", auto_now_add=True)
    withdrawn_on = models.DateField("widerrufen am", null=True, blank=True)
    note = models.CharField("Vermerk", max_length=255, blank=True)

    class Meta:
        verbose_name = "Einwilligung zur Veröffentlichung"
        verbose_name_plural = "Einwilligungen zur Veröffentlichung"
        ordering = ["document", "pk"]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_scope_display()}"
