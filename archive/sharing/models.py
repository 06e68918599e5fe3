"""Links that let anybody read one document for some days."""

from __future__ import annotations

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class ShareLink(models.Model):
    """A link that lets anybody read one document for some days. Only the hash of its token is kept."""

    document = models.ForeignKey(
        "archive.Document", verbose_name="Dokument", on_delete=models.CASCADE, related_name="share_links"
    )
    version = models.ForeignKey(
        "archive.DocumentVersion",
        verbose_name="Fassung",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Leer: immer die aktuelle Fassung.",
    )
    purpose = models.CharField("Für wen oder wofür?", max_length=150, blank=True)
    token_hash = models.CharField("Hash des Links (SHA-256)", max_length=64, unique=True)
    created_by = models.ForeignKey(
        USER, verbose_name="erstellt von", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("erstellt am", auto_now_add=True)
    expires_at = models.DateTimeField("gültig bis")
    revoked_at = models.DateTimeField("widerrufen am", null=True, blank=True)
    uses = models.PositiveIntegerField("Aufrufe", default=0)

    class Meta:
        verbose_name = "Freigabelink"
        verbose_name_plural = "Freigabelinks"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Freigabe von {self.document} bis {self.expires_at:%d.%m.%Y}"
