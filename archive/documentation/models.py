"""The runs that make the PDF documentation of an edition."""

from __future__ import annotations

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class DocumentationBuild(models.Model):
    """One run that makes the PDF documentation of an edition."""

    class Variant(models.TextChoices):
        PUBLIC = "public", "öffentlich"
        INTERNAL = "internal", "intern"
        SHORT = "short", "Kurzfassung"

    class State(models.TextChoices):
        WAITING = "waiting", "wartet"
        GATHERING = "gathering", "sammelt"
        LAYING_OUT = "laying_out", "setzt"
        CHECKING = "checking", "prüft"
        STORED = "stored", "abgelegt"
        UNCHANGED = "unchanged", "unverändert"
        FAILED = "failed", "fehlgeschlagen"

    edition = models.ForeignKey(
        "home.EditionPage", verbose_name="Ausgabe", on_delete=models.CASCADE, related_name="documentation_builds"
    )
    variant = models.CharField("Variante", max_length=10, choices=Variant.choices, default=Variant.PUBLIC)
    state = models.CharField("Stand", max_length=12, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField("Fortschritt in Prozent", default=0)
    reason = models.TextField("Grund des Fehlschlags", blank=True)
    input_hash = models.CharField("Hash der Eingabe (SHA-256)", max_length=64, blank=True)
    version = models.ForeignKey(
        "archive.DocumentVersion",
        verbose_name="Ergebnis",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="builds",
    )
    # The access rule asks for them: a version is shown to whoever may know of all documents that it names.
    documents = models.ManyToManyField(
        "archive.Document", verbose_name="genannte Dokumente", blank=True, editable=False, related_name="named_in"
    )
    requested_by = models.ForeignKey(
        USER, verbose_name="angefordert von", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField("angefordert am", auto_now_add=True)
    started_at = models.DateTimeField("begonnen am", null=True, blank=True)
    finished_at = models.DateTimeField("beendet am", null=True, blank=True)

    class Meta:
        verbose_name = "Erstellung einer Dokumentation"
        verbose_name_plural = "Erstellungen von Dokumentationen"
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "variant"], condition=models.Q(state="waiting"), name="documentation_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.get_variant_display()}: {self.get_state_display()}"
