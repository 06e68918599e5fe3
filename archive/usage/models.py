"""How the archive is used: numbers without persons, and what internal documents require."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class AccessRecord(models.Model):
    """Who read an internal document, to the minute. Kept for ACCESS_RECORD_DAYS (`archive.usage.access_records`)."""

    user = models.ForeignKey(USER, verbose_name="Konto", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(
        "archive.DocumentVersion", verbose_name="Fassung", on_delete=models.CASCADE, related_name="accesses"
    )
    at = models.DateTimeField("wann", db_index=True)

    class Meta:
        verbose_name = "Zugriff"
        verbose_name_plural = "Zugriffe"
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["user", "version", "at"], name="access_record_unique")]

    def __str__(self) -> str:
        return f"{self.version} am {self.at:%d.%m.%Y}"


class DownloadCount(models.Model):
    """How often a document was downloaded in a month. No person, no address."""

    document = models.ForeignKey(
        "archive.Document", verbose_name="Dokument", on_delete=models.CASCADE, related_name="downloads"
    )
    month: models.DateField[datetime.date, datetime.date] = models.DateField("Monat", help_text="Erster Tag.")
    count = models.PositiveIntegerField("Anzahl", default=0)

    class Meta:
        verbose_name = "Abrufzahl"
        verbose_name_plural = "Abrufzahlen"
        constraints = [models.UniqueConstraint(fields=["document", "month"], name="download_count_unique")]

    def __str__(self) -> str:
        return f"{self.document}, {self.month:%m/%Y}: {self.count}"


class ArchiveVisit(models.Model):
    """When an account last used the archive, for "neu seit meinem letzten Besuch"."""

    user = models.OneToOneField(USER, verbose_name="Konto", on_delete=models.CASCADE, related_name="archive_visit")
    # The end of the visit before this one: what came later is new. Empty during the first visit.
    new_since = models.DateTimeField("neu ist, was später kam als", null=True, blank=True)
    seen_at = models.DateTimeField("zuletzt gesehen am")

    class Meta:
        verbose_name = "Besuch im Archiv"
        verbose_name_plural = "Besuche im Archiv"

    def __str__(self) -> str:
        return f"{self.user} am {self.seen_at:%d.%m.%Y}"
