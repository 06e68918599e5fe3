"""Who works for which office, and how somebody new gets an account: by invitation, or by asking for one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from home.people import CoordinationOffice


class OfficeMembership(models.Model):
    """Which account works for which coordination office."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="Konto", on_delete=models.CASCADE, related_name="office_memberships"
    )
    office = models.ForeignKey(
        CoordinationOffice, verbose_name="Stelle", on_delete=models.CASCADE, related_name="memberships"
    )
    since = models.DateField("seit", null=True, blank=True)

    class Meta:
        verbose_name = "Zugehörigkeit zu einer Stelle"
        verbose_name_plural = "Zugehörigkeiten zu Stellen"
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="office_membership_unique")]

    def __str__(self) -> str:
        return f"{self.user} – {self.office}"


class Invitation(models.Model):
    """An open or used invitation of a coordinator. Only the hash of the token is kept."""

    email = models.EmailField("E-Mail-Adresse")
    name = models.CharField("Name", max_length=150, blank=True)
    office = models.ForeignKey(
        CoordinationOffice, verbose_name="Stelle", on_delete=models.CASCADE, related_name="invitations"
    )
    token_hash = models.CharField("Hash des Links (SHA-256)", max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="eingeladen von", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("eingeladen am", auto_now_add=True)
    expires_at = models.DateTimeField("gültig bis")
    mailed_at = models.DateTimeField("verschickt am", null=True, blank=True, editable=False)
    mail_error = models.CharField("Antwort des Mailservers", max_length=255, blank=True, editable=False)
    accepted_at = models.DateTimeField("angenommen am", null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="angenommen von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        ordering = ["-created_at"]
        constraints = [
            # Inviting somebody twice renews the invitation.
            models.UniqueConstraint(
                fields=["email", "office"],
                condition=models.Q(accepted_at__isnull=True),
                name="invitation_open_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"Einladung für {self.office} vom {self.created_at:%d.%m.%Y}"

    @property
    def is_over(self) -> bool:
        """Whether its term has ended."""
        return self.expires_at <= timezone.now()


class AccessRequest(models.Model):
    """Somebody without an account asks for one. An editor decides: the answer is an invitation or a refusal."""

    class State(models.TextChoices):
        OPEN = "open", "offen"
        INVITED = "invited", "eingeladen"
        DECLINED = "declined", "abgelehnt"

    name = models.CharField("Name", max_length=150)
    email = models.EmailField("E-Mail-Adresse")
    office = models.ForeignKey(
        CoordinationOffice, verbose_name="Stelle", on_delete=models.CASCADE, related_name="access_requests"
    )
    reason = models.TextField("Anliegen", max_length=1000, blank=True)
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    created_at = models.DateTimeField("gestellt am", auto_now_add=True)
    announced_at = models.DateTimeField("der Redaktion gemeldet am", null=True, blank=True, editable=False)
    answer = models.TextField("Begründung der Ablehnung", max_length=1000, blank=True)
    answered_at = models.DateTimeField("beantwortet am", null=True, blank=True, editable=False)
    decided_at = models.DateTimeField("entschieden am", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="entschieden von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = "Anfrage nach Zugang"
        verbose_name_plural = "Anfragen nach Zugang"
        ordering = ["-created_at"]
        constraints = [
            # Asking twice makes no second row to decide; the second request is answered like the first.
            models.UniqueConstraint(
                fields=["email", "office"], condition=models.Q(state="open"), name="access_request_open_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.office}"
