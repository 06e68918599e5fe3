"""Decisions of editors about issues, mailings and subscribers, in Wagtail's log: who, when, and what about.

The log outlives addresses, so its entries name rows by number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.log_actions import log

from newsletter.models import Mailing, NewsletterIssuePage, Subscriber

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

# Action -> label in the log, and the same as a sentence for the page of an issue, a mailing or a subscriber.
ACTIONS = {
    "newsletter.test": ("Testmail senden", "Testmail gesendet"),
    "newsletter.release": ("Versand freigeben", "Versand freigegeben"),
    "newsletter.pause": ("Versand anhalten", "angehalten"),
    "newsletter.start": ("Geplanten Versand beginnen", "begonnen"),
    "newsletter.resume": ("Versand fortsetzen", "fortgesetzt"),
    "newsletter.cancel": ("Versand abbrechen", "abgebrochen"),
    "newsletter.retry": ("Zustellungen wiederholen", "abgelehnte Mails noch einmal versendet"),
    "newsletter.send_again": ("Unklare Zustellungen wiederholen", "unklare Mails noch einmal versendet"),
    "newsletter.mark_sent": ("Unklare Zustellungen als gesendet markieren", "unklare Mails als gesendet markiert"),
    "newsletter.restore_subscriber": ("Gestopptes Abonnement wieder aufnehmen", "wieder aufgenommen"),
}


def record_test(issue: NewsletterIssuePage, user: AbstractBaseUser) -> None:
    """Write down at the issue that somebody has sent a test mail of it."""
    log(issue, "newsletter.test", user=user)


def record_release(mailing: Mailing, user: AbstractBaseUser) -> None:
    """Write down at the issue, in the version that is sent, that somebody has released it."""
    log(mailing.issue, "newsletter.release", user=user, revision=mailing.revision, data={"mailing": mailing.pk})


def record_mailing(mailing: Mailing, action: str, user: AbstractBaseUser | None, deliveries: list[int]) -> None:
    """Write down a decision about a mailing or about some of its deliveries."""
    data: dict[str, Any] = {"deliveries": deliveries} if deliveries else {}
    log(mailing, f"newsletter.{action}", user=user, title=f"Versand {mailing.pk}: {mailing.subject}", data=data)


def record_restored(subscriber: Subscriber, user: AbstractBaseUser | None) -> None:
    """Write down that somebody has undone a stop."""
    log(subscriber, "newsletter.restore_subscriber", user=user, title=f"Abonnement {subscriber.pk}")
