"""Subscribers, their consent, mailings and deliveries."""

from __future__ import annotations

import uuid
from typing import Any, NoReturn, TypeVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from home.models import Topic
from newsletter.pages import NewsletterIndexPage, NewsletterIssuePage

__all__ = [
    "Bounce",
    "ConsentRecord",
    "ConsentText",
    "Delivery",
    "MailboxState",
    "Mailing",
    "NewsletterIndexPage",
    "NewsletterIssuePage",
    "Subscriber",
    "Suppression",
]


class Subscriber(models.Model):
    """An address that asked for the newsletter. Never deleted while a delivery refers to it."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "unbestätigt"
        ACTIVE = "active", "aktiv"
        PAUSED = "paused", "pausiert"
        STOPPED = "stopped", "gestoppt (unzustellbar)"
        UNSUBSCRIBED = "unsubscribed", "abgemeldet"
        ANONYMISED = "anonymised", "anonymisiert"

    # Tokens in links name the subscriber by this key, never by the address or a number that can be counted.
    key = models.UUIDField("Schlüssel", default=uuid.uuid4, unique=True, editable=False)
    # NULL and not "": anonymised rows have no address, and NULLs do not collide in the unique constraint.
    email = models.EmailField("E-Mail-Adresse", max_length=254, null=True, blank=True)  # noqa: DJ001
    name = models.CharField("Name", max_length=150, blank=True)
    state = models.CharField("Stand", max_length=12, choices=State.choices, default=State.UNCONFIRMED, db_index=True)
    topics = models.ManyToManyField(Topic, verbose_name="Themen", blank=True, related_name="subscribers")
    paused_until = models.DateField("Pause bis einschließlich", null=True, blank=True)
    # An address that the person wants to change to and has not confirmed; the old one is valid until then.
    new_email = models.EmailField("neue E-Mail-Adresse", max_length=254, null=True, blank=True)  # noqa: DJ001
    # When a link to the settings was asked for that no mail has brought yet, and when the last such mail left.
    link_asked_at = models.DateTimeField("Link angefordert am", null=True, blank=True)
    link_mailed_at = models.DateTimeField("Link gesendet am", null=True, blank=True)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    confirmed_at = models.DateTimeField("bestätigt am", null=True, blank=True)
    unsubscribed_at = models.DateTimeField("abgemeldet am", null=True, blank=True)
    # Why nothing is sent to the address any more (`newsletter.bounces.acting`), and what an editor's undo goes back to.
    stopped_at = models.DateTimeField("gestoppt am", null=True, blank=True)
    stop_reason = models.CharField("Grund des Stopps", max_length=600, blank=True)
    state_before_stop = models.CharField(max_length=12, choices=State.choices, blank=True, editable=False)
    # Bounces of mails that were sent earlier do not count any more.
    bounces_count_from = models.DateTimeField("Rückläufer zählen ab", null=True, blank=True)

    class Meta:
        verbose_name = "Abonnement"
        verbose_name_plural = "Abonnements"
        ordering = ["pk"]
        permissions = [("restore_subscriber", "Kann gestoppte Abonnements wieder aufnehmen")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscriber_email_unique_nocase"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(state="anonymised"),
                name="subscriber_email_unless_anonymised",
            ),
        ]

    def __str__(self) -> str:
        return self.email or f"anonymisiert ({self.pk})"


class RecordIsAppendOnly(Exception):
    """What proves a consent must not be changed; only the retention period deletes it."""


def _refuse() -> NoReturn:
    raise RecordIsAppendOnly("Nachweise der Einwilligung werden nicht geändert.")


Rows = TypeVar("Rows", bound=models.Model, covariant=True)


class AppendOnlyQuerySet(models.QuerySet[Rows]):
    """Rows that are written once. Many at a time are refused like a single one."""

    def update(self, **kwargs: Any) -> NoReturn:
        _refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()

    def forget(self) -> int:
        """Delete the rows for good and return how many: for `newsletter.subscribing.retention` alone."""
        return int(self._raw_delete(self.db))


class AppendOnly(models.Model):
    """Base of what proves a consent. The database refuses changes too (`newsletter.subscribing.append_only`)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        # A new object with the key of an old row would overwrite it.
        super().save(**kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


class ConsentText(AppendOnly):
    """The wording a person agrees to. A change is a new version."""

    version = models.PositiveIntegerField("Fassung", unique=True)
    text = models.TextField("Wortlaut")
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    created_at = models.DateTimeField("gültig ab", auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "Einwilligungstext"
        verbose_name_plural = "Einwilligungstexte"
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"Fassung {self.version}"


class ConsentRecord(AppendOnly):
    """One event of a consent (Art. 7 (1) GDPR): sign-up, confirmation mail, confirmation, import, withdrawal."""

    class Event(models.TextChoices):
        SIGNED_UP = "signed_up", "angemeldet"
        MAILED = "mailed", "Bestätigungsmail gesendet"
        CONFIRMED = "confirmed", "bestätigt"
        IMPORTED = "imported", "importiert"
        CHANGED = "changed", "Themen geändert"
        ADDRESS_ASKED = "address_asked", "neue Adresse angegeben"
        NOTICED = "noticed", "Hinweis an die bisherige Adresse gesendet"
        ADDRESS_CHANGED = "address_changed", "neue Adresse bestätigt"
        WITHDRAWN = "withdrawn", "widerrufen"

    subscriber = models.ForeignKey(
        Subscriber, verbose_name="Abonnement", on_delete=models.PROTECT, related_name="consents"
    )
    text = models.ForeignKey(
        ConsentText, verbose_name="Wortlaut", on_delete=models.PROTECT, null=True, related_name="records"
    )
    event = models.CharField("Ereignis", max_length=20, choices=Event.choices)
    at = models.DateTimeField("wann")
    topics = models.JSONField("Themen (Kürzel)", default=list)
    source = models.CharField("Seite oder Herkunft", max_length=500, blank=True)
    mail_sha256 = models.CharField("SHA-256 der Bestätigungsmail", max_length=64, blank=True)
    # Whose consent it was, as a keyed hash: the proof outlives the address itself (`newsletter.tokens.fingerprints`).
    address_hmac = models.CharField("Prüfsumme der Adresse", max_length=64, blank=True, db_index=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "Nachweis der Einwilligung"
        verbose_name_plural = "Nachweise der Einwilligung"
        ordering = ["subscriber", "at", "pk"]
        # How many mails left lately is asked before each of them.
        indexes = [models.Index(fields=["event", "at"], name="consent_event_at")]

    def __str__(self) -> str:
        return f"{self.get_event_display()} am {self.at:%d.%m.%Y}"


class Suppression(models.Model):
    """An address that must not be written to again, as a keyed hash (HMAC-SHA-256)."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", "abgemeldet"
        COMPLAINT = "complaint", "Beschwerde"
        BOUNCED = "bounced", "unzustellbar"

    address_hmac = models.CharField("Prüfsumme der Adresse", max_length=64, unique=True)
    reason = models.CharField("Grund", max_length=12, choices=Reason.choices)
    created_at = models.DateTimeField("seit", auto_now_add=True)

    class Meta:
        verbose_name = "Sperre"
        verbose_name_plural = "Sperren"

    def __str__(self) -> str:
        return f"{self.get_reason_display()} seit {self.created_at:%d.%m.%Y}"


class Mailing(models.Model):
    """An issue on its way: content and audience are frozen when it is made."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "geplant"
        OVERDUE = "overdue", "überfällig"
        SENDING = "sending", "wird gesendet"
        PAUSED = "paused", "angehalten"
        COMPLETE = "complete", "abgeschlossen"
        CANCELLED = "cancelled", "abgebrochen"

    issue = models.ForeignKey(
        NewsletterIssuePage, verbose_name="Ausgabe", on_delete=models.PROTECT, related_name="mailings"
    )
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.SCHEDULED, db_index=True)
    subject = models.CharField("Betreff", max_length=255)
    # Rendered once, with marker characters where personal values go (newsletter/sending/message.py).
    html = models.TextField("HTML")
    text = models.TextField("Text")
    sha256 = models.CharField("SHA-256 des Inhalts", max_length=64)
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name="Fassung", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    scheduled_at = models.DateTimeField("geplant für")
    started_at = models.DateTimeField("begonnen am", null=True, blank=True)
    finished_at = models.DateTimeField("beendet am", null=True, blank=True)
    # Why the software has paused it; empty if an editor did. And when somebody has last decided to go on.
    pause_reason = models.TextField("Grund der Unterbrechung", blank=True)
    resumed_at = models.DateTimeField("fortgesetzt am", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="freigegeben von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="geschrieben von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Versand"
        verbose_name_plural = "Versand"
        ordering = ["-created_at"]
        constraints = [
            # A double click, two senders, a beat that fires twice: one open mailing an issue.
            models.UniqueConstraint(
                fields=["issue"],
                condition=~models.Q(state="cancelled"),
                name="mailing_one_per_issue",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_state_display()})"


class Delivery(models.Model):
    """One mail to one subscriber: the ledger of a mailing."""

    class State(models.TextChoices):
        PENDING = "pending", "wartend"
        CLAIMED = "claimed", "in Übergabe"
        SENDING = "sending", "in Übergabe (läuft)"
        SENT = "sent", "gesendet"
        DEFERRED = "deferred", "später"
        FAILED = "failed", "abgelehnt"
        UNCERTAIN = "uncertain", "unklar"
        SKIPPED = "skipped", "übersprungen"

    # Its index would be a second one with the same beginning as the unique constraint, at a cost for every mail.
    mailing = models.ForeignKey(
        Mailing, verbose_name="Versand", on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    subscriber = models.ForeignKey(
        Subscriber, verbose_name="Abonnement", on_delete=models.PROTECT, related_name="deliveries"
    )
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.PENDING)
    # Stable, so that a second hand-over of the same mail can be recognised by servers and readers (RFC 5322, 3.6.4).
    message_id = models.CharField("Message-ID", max_length=255, editable=False)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    not_before = models.DateTimeField("nicht vor")
    claim = models.UUIDField("Vorgang", null=True, blank=True)
    lease_until = models.DateTimeField("reserviert bis", null=True, blank=True)
    # Of the address when the mailing was made: a domain that asks us to slow down must not hold up the others.
    domain = models.CharField("Domain", max_length=255, blank=True, editable=False)
    # Since which crash the database remembers everything (`claiming.database_epoch`) when the row was claimed: a
    # changed value means that marks may have been lost.
    database_epoch = models.CharField("Stand der Datenbank", max_length=40, blank=True)
    reply = models.CharField("Antwort des Servers", max_length=500, blank=True)
    sent_at = models.DateTimeField("gesendet am", null=True, blank=True)

    class Meta:
        verbose_name = "Zustellung"
        verbose_name_plural = "Zustellungen"
        ordering = ["mailing", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "subscriber"], name="delivery_unique"),
        ]
        indexes = [
            models.Index(fields=["mailing", "state", "not_before", "id"], name="delivery_next"),
            # Only rows in somebody's hands: the sweep stays cheap however long the ledger grows.
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state__in=["claimed", "sending"]),
                name="delivery_leases",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id}/{self.pk}: {self.get_state_display()}"


class Bounce(models.Model):
    """A message that came back, as it was understood."""

    class Kind(models.TextChoices):
        HARD = "hard", "dauerhaft"
        SOFT = "soft", "vorübergehend"
        POLICY = "policy", "Richtlinie des Empfängers"
        COMPLAINT = "complaint", "Beschwerde"
        AUTO_REPLY = "auto_reply", "automatische Antwort"

    delivery = models.ForeignKey(
        Delivery, verbose_name="Zustellung", on_delete=models.SET_NULL, null=True, blank=True, related_name="bounces"
    )
    subscriber = models.ForeignKey(
        Subscriber, verbose_name="Abonnement", on_delete=models.CASCADE, related_name="bounces"
    )
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    code = models.CharField("Statuscode (RFC 3463)", max_length=20, blank=True)
    # Without addresses: it outlives the address of an anonymised subscriber.
    words = models.CharField("Antwort des Servers", max_length=500, blank=True)
    message_sha256 = models.CharField("SHA-256 der Nachricht", max_length=64, unique=True)
    received_at = models.DateTimeField("eingegangen am")

    class Meta:
        verbose_name = "Rückläufer"
        verbose_name_plural = "Rückläufer"
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.code})" if self.code else self.get_kind_display()


class MailboxState(models.Model):
    """How reading the mailbox for bounces went: one row."""

    read_at = models.DateTimeField("zuletzt gelesen am", null=True, blank=True)
    failing_since = models.DateTimeField("gestört seit", null=True, blank=True)
    problem = models.CharField("Störung", max_length=300, blank=True)

    class Meta:
        verbose_name = "Postfach für Rückläufer"
        verbose_name_plural = "Postfach für Rückläufer"

    def __str__(self) -> str:
        return self.problem or "in Ordnung"
