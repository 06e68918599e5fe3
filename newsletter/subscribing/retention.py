"""What is deleted when: data that nobody needs any more goes by itself (Art. 5 (1) e GDPR).

Every person is looked at again under a lock before anything is done: a confirmation that comes at the same moment, or a
mailing that writes rows, is waited for and then counts. A subscriber that a delivery refers to is never deleted, only
anonymised.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from newsletter.models import ConsentRecord, Delivery, Subscriber, Suppression
from newsletter.subscribing import consent

logger = logging.getLogger(__name__)

Event = ConsentRecord.Event
State = Subscriber.State
# What was written down before anybody had consented to anything.
ATTEMPTS = (Event.SIGNED_UP, Event.MAILED)


@dataclass(frozen=True)
class Forgotten:
    """How many of each."""

    unconfirmed: int
    anonymised: int
    proofs: int
    changes: int


def forget(now: datetime | None = None) -> Forgotten:
    """Delete and anonymise what is due at `now`. Repeating it is harmless."""
    now = now or timezone.now()
    outcome = Forgotten(
        unconfirmed=_each(_unconfirmed(now), drop_attempt),
        anonymised=_each(_unsubscribed(now), anonymise),
        proofs=_each(_proven_long_ago(now), _drop_proof),
        changes=_each(_unfinished_changes(now), _drop_change),
    )
    logger.info("retention: %s", outcome)
    return outcome


def erase(subscriber: Subscriber) -> None:
    """Delete a person at their wish, at once: the keyed hash and the proof for its period are all that stays."""
    with transaction.atomic():
        consent.unsubscribe(subscriber.key, source="Daten gelöscht auf eigenen Wunsch")
        found = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
        if found is None or found.state == State.ANONYMISED:
            return
        if found.consents.filter(event__in=consent.CONSENTED).exists():
            anonymise(found)
        else:
            # Nobody has consented to anything, so there is nothing to prove.
            _drop_proof(found)


def anonymise(subscriber: Subscriber) -> None:
    """Take the address and everything else that names the person out of a row; call it with the row locked."""
    if subscriber.email:
        bounced = subscriber.state == State.STOPPED
        consent.suppress(subscriber.email, Suppression.Reason.BOUNCED if bounced else Suppression.Reason.UNSUBSCRIBED)
    subscriber.topics.clear()
    # A domain of one's own is a name, too, and servers like to repeat the address.
    Delivery.objects.filter(subscriber=subscriber).update(domain="", reply="")
    subscriber.bounces.update(words="")
    Subscriber.objects.filter(pk=subscriber.pk).update(
        email=None,
        new_email=None,
        name="",
        state=State.ANONYMISED,
        unsubscribed_at=subscriber.unsubscribed_at or timezone.now(),
        paused_until=None,
        link_asked_at=None,
        link_mailed_at=None,
        stop_reason="",
    )


def _unconfirmed(now: datetime) -> QuerySet[Subscriber]:
    """Nobody has answered the confirmation mail. The time runs from the last sign-up."""
    limit = now - timedelta(days=settings.NEWSLETTER_UNCONFIRMED_DAYS)
    recent = ConsentRecord.objects.filter(subscriber=OuterRef("pk"), event=Event.SIGNED_UP, at__gte=limit)
    return Subscriber.objects.filter(~Exists(recent), state=State.UNCONFIRMED, created_at__lt=limit)


def drop_attempt(subscriber: Subscriber) -> None:
    """Forget a sign-up that nobody has confirmed, and with it the row unless it is older; call it with the row locked.

    Whoever was subscribed once goes back to what they were before somebody typed their address again.
    """
    earlier = subscriber.consents.filter(event__in=(*consent.CONSENTED, Event.WITHDRAWN)).order_by("pk").last()
    if earlier is None:
        _drop_proof(subscriber)
        return
    ConsentRecord.objects.filter(subscriber=subscriber, event__in=ATTEMPTS, pk__gt=earlier.pk).forget()
    before = State.UNSUBSCRIBED if subscriber.unsubscribed_at else State.STOPPED
    # The name came with the attempt: somebody else may have typed it.
    Subscriber.objects.filter(pk=subscriber.pk).update(state=before, name="")


def _unsubscribed(now: datetime) -> QuerySet[Subscriber]:
    limit = now - timedelta(days=settings.NEWSLETTER_UNSUBSCRIBED_DAYS)
    return Subscriber.objects.filter(state=State.UNSUBSCRIBED, unsubscribed_at__lt=limit)


def _proven_long_ago(now: datetime) -> QuerySet[Subscriber]:
    """Nobody can sue for a mail of those days any more, so nothing has to be proven.

    Also finds rows that have no proof any more and that no delivery refers to.
    """
    limit = now - timedelta(days=settings.NEWSLETTER_PROOF_DAYS)
    proofs = ConsentRecord.objects.filter(subscriber=OuterRef("pk"))
    deliveries = Delivery.objects.filter(subscriber=OuterRef("pk"))
    return Subscriber.objects.filter(
        Exists(proofs) | ~Exists(deliveries), state=State.ANONYMISED, unsubscribed_at__lt=limit
    )


def _drop_proof(subscriber: Subscriber) -> None:
    """Delete the records, and the row itself unless a delivery refers to it."""
    ConsentRecord.objects.filter(subscriber=subscriber).forget()
    if subscriber.deliveries.exists():
        anonymise(subscriber)
    else:
        subscriber.delete()


def _unfinished_changes(now: datetime) -> QuerySet[Subscriber]:
    limit = now - timedelta(days=settings.NEWSLETTER_UNCONFIRMED_DAYS)
    recent = ConsentRecord.objects.filter(subscriber=OuterRef("pk"), event=Event.ADDRESS_ASKED, at__gte=limit)
    return Subscriber.objects.filter(~Exists(recent), ~Q(new_email=None))


def _drop_change(subscriber: Subscriber) -> None:
    Subscriber.objects.filter(pk=subscriber.pk).update(new_email=None)


def _each(people: QuerySet[Subscriber], do: Callable[[Subscriber], None]) -> int:
    """Call `do` for everybody in `people` who is still one of them once their row is locked; returns how many."""
    done = 0
    for pk in list(people.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            locked = Subscriber.objects.select_for_update().filter(pk=pk).first()
            if locked is not None and people.filter(pk=pk).exists():
                do(locked)
                done += 1
    return done
