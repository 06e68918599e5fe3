"""What visitors report: barriers of the site (§ 16b BGG LSA asks for a way to do so)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class BarrierReport(models.Model):
    """A barrier that somebody met. An address is given only by those who want an answer."""

    message = models.TextField("Meldung", max_length=5000)
    page_url = models.CharField("Seite", max_length=500, blank=True)
    name = models.CharField("Name", max_length=150, blank=True)
    email = models.EmailField("E-Mail-Adresse", blank=True)
    created_at = models.DateTimeField("eingegangen am", auto_now_add=True)
    # Null until the mail to the contact named in the statement has left.
    forwarded_at = models.DateTimeField("weitergeleitet am", null=True, blank=True, editable=False)
    answered_at = models.DateTimeField("erledigt am", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="erledigt von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.TextField("Vermerk", blank=True)

    class Meta:
        verbose_name = "Meldung einer Barriere"
        verbose_name_plural = "Meldungen von Barrieren"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Meldung vom {self.created_at:%d.%m.%Y}"
