"""Puts right what was left behind: expired leases, due schedules, finished mailings.

The database is the only truth. Whatever the broker or a worker loses, this finds it again within a beat.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from newsletter.models import Delivery, Mailing
from newsletter.sending import mailings
from newsletter.sending.claiming import DUE, HELD, OPEN, database_epoch

logger = logging.getLogger(__name__)

# A schedule that was missed by more asks an editor: after a restored backup or a long outage the news may be old.
OVERDUE_AFTER = timedelta(hours=6)
INTERRUPTED = "Der Versand wurde unterbrochen, bevor der Server geantwortet hat."
DATABASE_RESTARTED = "Die Datenbank ist während der Übergabe abgestürzt."


def sweep() -> list[int]:
    """Do what is due and return the mailings that have deliveries to send now. Repeating it is harmless."""
    take_back_expired_claims()
    start_due_mailings()
    skip_what_was_cancelled()
    waiting = []
    for mailing in Mailing.objects.filter(state=Mailing.State.SENDING).values_list("pk", flat=True):
        if not complete_if_done(mailing) and has_due(mailing):
            waiting.append(mailing)
    return waiting


def take_back_expired_claims() -> None:
    """Free what a dead worker held; what it may have handed over is uncertain and never sent again by itself."""
    # The states are named so that the small index on rows in somebody's hands is used.
    expired = Delivery.objects.filter(lease_until__lt=timezone.now(), state__in=HELD)
    untouched = expired.filter(state=Delivery.State.CLAIMED)
    freed = untouched.filter(database_epoch=database_epoch()).update(
        state=Delivery.State.PENDING, claim=None, lease_until=None
    )
    doubtful = untouched.update(state=Delivery.State.UNCERTAIN, reply=DATABASE_RESTARTED, lease_until=None)
    doubtful += expired.filter(state=Delivery.State.SENDING).update(
        state=Delivery.State.UNCERTAIN, reply=INTERRUPTED, lease_until=None
    )
    if freed or doubtful:
        logger.warning("expired leases: %s deliveries wait again, %s are uncertain", freed, doubtful)


def start_due_mailings() -> None:
    """Start what is scheduled for now; what is long overdue waits for an editor, and so does a mail that has spoiled
    since its release: a link in it leads nowhere now.
    """
    now = timezone.now()
    scheduled = Mailing.objects.filter(state=Mailing.State.SCHEDULED, scheduled_at__lte=now)
    scheduled.filter(scheduled_at__lt=now - OVERDUE_AFTER).update(state=Mailing.State.OVERDUE)
    for mailing in scheduled.select_related("issue"):
        if findings := mailings.spoiled(mailing):
            logger.warning("mailing %s: held back by %s findings", mailing.pk, len(findings))
            Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.SCHEDULED).update(state=Mailing.State.OVERDUE)
    scheduled.update(state=Mailing.State.SENDING, started_at=now)


def skip_what_was_cancelled() -> None:
    """Rows that a worker gave back after its mailing was cancelled."""
    cancelled = Mailing.objects.filter(pk=OuterRef("mailing_id"), state=Mailing.State.CANCELLED)
    mailings.skip_rest(Delivery.objects.filter(Exists(cancelled)))


def complete_if_done(mailing: int) -> bool:
    """Mark a mailing complete when nothing of it is pending (uncertain rows do not hold it); returns whether it was."""
    unfinished = Delivery.objects.filter(mailing_id=OuterRef("pk"), state__in=OPEN)
    done = Mailing.objects.filter(~Exists(unfinished), pk=mailing, state=Mailing.State.SENDING)
    return done.update(state=Mailing.State.COMPLETE, finished_at=timezone.now()) == 1


def has_due(mailing: int) -> bool:
    """Whether deliveries of the mailing can be sent now."""
    return Delivery.objects.filter(Q(not_before__lte=timezone.now()), mailing=mailing, state__in=DUE).exists()
