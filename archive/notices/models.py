"""Whom the archive tells what, and whether it has. A row for each recipient, so that nobody is told twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Notice(models.Model):
    """One system mail to one account about one document or one edition."""

    class Kind(models.TextChoices):
        PROTOCOL_REVIEW = "review", "Protokoll in Abstimmung"
        PROTOCOL_RELEASED = "released", "Protokoll freigegeben"
        DOCUMENTS_COMPLETE = "complete", "Unterlagen vollständig"

    kind = models.CharField("Anlass", max_length=10, choices=Kind.choices)
    user = models.ForeignKey(USER, verbose_name="an", on_delete=models.CASCADE, related_name="archive_notices")
    document = models.ForeignKey(
        "archive.Document", verbose_name="Dokument", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    edition = models.ForeignKey(
        "home.EditionPage",
        verbose_name="Ausgabe",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="document_notices",
    )
    created_at = models.DateTimeField("veranlasst am", auto_now_add=True)
    mailed_at = models.DateTimeField("verschickt am", null=True, blank=True, editable=False)
    mail_error = models.CharField("Antwort des Mailservers", max_length=255, blank=True, editable=False)

    class Meta:
        verbose_name = "Benachrichtigung"
        verbose_name_plural = "Benachrichtigungen"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "user", "document"],
                condition=models.Q(document__isnull=False),
                name="notice_document_unique",
            ),
            models.UniqueConstraint(
                fields=["kind", "user", "edition"],
                condition=models.Q(edition__isnull=False),
                name="notice_edition_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(document__isnull=False, edition__isnull=True)
                | models.Q(document__isnull=True, edition__isnull=False),
                name="notice_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} an {self.user}"
