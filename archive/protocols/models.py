"""Protocols: what makes a document the record of a meeting, and what was agreed in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

USER = settings.AUTH_USER_MODEL


class Protocol(models.Model):
    """What makes a document a protocol: its way from draft to release."""

    class State(models.TextChoices):
        DRAFT = "draft", "Entwurf"
        REVIEW = "review", "in Abstimmung"
        RELEASED = "released", "freigegeben"
        CORRECTED = "corrected", "korrigiert"

    document = models.OneToOneField(
        "archive.Document", verbose_name="Dokument", on_delete=models.CASCADE, related_name="protocol"
    )
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.DRAFT)
    # One object a transition: {"at": ISO 8601, "user": id or null, "from": state, "to": state, "note": text}.
    log = models.JSONField("Verlauf", default=list, blank=True)
    # What was released. A later file is a correction and needs a reason.
    released_version = models.ForeignKey(
        "archive.DocumentVersion",
        verbose_name="freigegebene Fassung",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    released_at = models.DateTimeField("freigegeben am", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "Protokoll"
        verbose_name_plural = "Protokolle"

    def __str__(self) -> str:
        return f"{self.document} ({self.get_state_display()})"


class ProtocolComment(models.Model):
    """What a member of the steering group says to a protocol while it is being agreed."""

    protocol = models.ForeignKey(Protocol, verbose_name="Protokoll", on_delete=models.CASCADE, related_name="comments")
    version = models.ForeignKey(
        "archive.DocumentVersion",
        verbose_name="Fassung",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    author = models.ForeignKey(
        USER, verbose_name="von", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    text = models.TextField("Anmerkung", max_length=5000)
    created_at = models.DateTimeField("am", auto_now_add=True)

    class Meta:
        verbose_name = "Anmerkung zu einem Protokoll"
        verbose_name_plural = "Anmerkungen zu Protokollen"
        ordering = ["protocol", "pk"]

    def __str__(self) -> str:
        return f"Anmerkung vom {self.created_at:%d.%m.%Y}"


class Resolution(models.Model):
    """Who does what until when, as a protocol records it."""

    class Kind(models.TextChoices):
        RESOLUTION = "resolution", "Beschluss"
        TASK = "task", "Aufgabe"

    protocol = models.ForeignKey(
        Protocol, verbose_name="Protokoll", on_delete=models.CASCADE, related_name="resolutions"
    )
    kind = models.CharField("Art", max_length=10, choices=Kind.choices, default=Kind.TASK)
    what = models.TextField("Was")
    who = models.CharField("Wer", max_length=200, blank=True)
    until = models.DateField("Bis wann", null=True, blank=True)
    done_on = models.DateField("erledigt am", null=True, blank=True)

    class Meta:
        verbose_name = "Beschluss oder Aufgabe"
        verbose_name_plural = "Beschlüsse und Aufgaben"
        ordering = ["protocol", "pk"]

    def __str__(self) -> str:
        return self.what

    @property
    def is_overdue(self) -> bool:
        """Whether the day has passed and nobody has noted that it is done."""
        return self.done_on is None and self.until is not None and self.until < timezone.localdate()
