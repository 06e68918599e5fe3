"""What editors decide about single deliveries: send refused ones again, and answer for those that nobody knows about.

A row goes back to `pending`, and the engine does the rest with the same Message-ID. Every decision is written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from newsletter import audit
from newsletter.models import Bounce, Delivery, Mailing, Subscriber

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

State = Delivery.State
# A form holds one page of the list; more is no form of ours.
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Decided:
    """How many rows a decision was about, why the others were left alone, and the mailings that go on."""

    done: int = 0
    left: int = 0
    mailings: tuple[int, ...] = ()


def came_back() -> Q:
    """Deliveries of which a bounce says that the mail did not arrive: one that came after it was sent last."""
    return Q(pk__in=_returned().values("delivery"))


def first_that_came_back(mailing: Mailing, number: int) -> list[int]:
    """The lowest `number` keys of deliveries of a mailing that `came_back` finds."""
    keys = _returned().filter(delivery__mailing=mailing).order_by("delivery").values_list("delivery", flat=True)
    return [key for key in keys.distinct()[:number] if key is not None]


def refused() -> Q:
    """Deliveries that may be sent again without anybody getting the mail twice: a server has turned them down for good.

    Of those that came back, only the ones with a permanent code: after "delayed" a mail may still arrive.
    """
    for_good = _returned().filter(Q(kind__in=[Bounce.Kind.HARD, Bounce.Kind.POLICY]) | Q(code__startswith="5."))
    return Q(state=State.FAILED) | Q(pk__in=for_good.values("delivery"))


def _returned() -> QuerySet[Bounce]:
    # From the few bounces to their deliveries: asking for every delivery takes seconds in a large ledger.
    return Bounce.objects.filter(
        delivery__state=State.SENT,
        received_at__gte=F("delivery__sent_at"),
        kind__in=[Bounce.Kind.HARD, Bounce.Kind.SOFT, Bounce.Kind.POLICY],
    )


def retry(deliveries: Iterable[int], *, user: AbstractBaseUser | None) -> Decided:
    """Send what was refused for good once more, also after the mailing was complete.

    Left alone is who does not get the newsletter now, and what belongs to a cancelled mailing: the issue may have gone
    to these people in another one since.
    """
    return _send_again(deliveries, refused(), "retry", user)


def send_again(deliveries: Iterable[int], *, user: AbstractBaseUser | None) -> Decided:
    """Send uncertain mails once more. Who has got the first one may get two; the Message-ID is the same."""
    return _send_again(deliveries, Q(state=State.UNCERTAIN), "send_again", user)


def mark_sent(deliveries: Iterable[int], *, user: AbstractBaseUser | None) -> Decided:
    """Count uncertain mails as sent: somebody has asked the reader or looked into the log of the mail server."""
    ids = _limited(deliveries)
    done = 0
    for mailing, keys in _by_mailing(Delivery.objects.filter(pk__in=ids, state=State.UNCERTAIN)).items():
        with transaction.atomic():
            marked = list(
                Delivery.objects.select_for_update()
                .filter(pk__in=keys, state=State.UNCERTAIN)
                .values_list("pk", flat=True)
            )
            # Without its claim a row is out of reach of a worker that wakes up late.
            Delivery.objects.filter(pk__in=marked).update(
                state=State.SENT, sent_at=timezone.now(), claim=None, lease_until=None
            )
            if marked:
                audit.record_mailing(Mailing.objects.get(pk=mailing), "mark_sent", user, marked)
        done += len(marked)
    return Decided(done, len(ids) - done)


def _send_again(deliveries: Iterable[int], fitting: Q, action: str, user: AbstractBaseUser | None) -> Decided:
    ids = _limited(deliveries)
    chosen = Delivery.objects.filter(
        fitting,
        pk__in=ids,
        subscriber__state=Subscriber.State.ACTIVE,
        mailing__state__in=[Mailing.State.SENDING, Mailing.State.PAUSED, Mailing.State.COMPLETE],
    )
    done, mailings = 0, []
    for mailing, keys in _by_mailing(chosen).items():
        queued = _queue(mailing, keys, fitting, action, user)
        done += queued
        if queued:
            mailings.append(mailing)
    return Decided(done, len(ids) - done, tuple(mailings))


def _queue(mailing: int, keys: list[int], fitting: Q, action: str, user: AbstractBaseUser | None) -> int:
    """Let the rows of one mailing wait again, and the mailing go on. Returns how many rows.

    Whoever marks a mailing complete looks for open rows and at its state in one statement, but on PostgreSQL looks
    again at the state only when it had to wait. So the mailing is held while the rows change: a worker that looked
    before cannot complete it over our heads.
    """
    held = Mailing.objects.filter(pk=mailing, state=Mailing.State.SENDING).update(state=Mailing.State.PAUSED)
    with transaction.atomic():
        found = Mailing.objects.select_for_update().get(pk=mailing)
        allowed = found.state in (Mailing.State.PAUSED, Mailing.State.COMPLETE)
        rows = Delivery.objects.select_for_update().filter(fitting, pk__in=keys) if allowed else None
        waiting = list(rows.values_list("pk", flat=True)) if rows is not None else []
        Delivery.objects.filter(pk__in=waiting).update(
            state=State.PENDING, not_before=timezone.now(), attempts=0, claim=None, lease_until=None, sent_at=None
        )
        if held or (waiting and found.state == Mailing.State.COMPLETE):
            Mailing.objects.filter(pk=mailing, state__in=[Mailing.State.PAUSED, Mailing.State.COMPLETE]).update(
                state=Mailing.State.SENDING, finished_at=None
            )
        if waiting:
            audit.record_mailing(found, action, user, waiting)
    return len(waiting)


def _limited(deliveries: Iterable[int]) -> list[int]:
    return sorted(set(deliveries))[:MOST_AT_ONCE]


def _by_mailing(rows: QuerySet[Delivery]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = {}
    for key, mailing in rows.values_list("pk", F("mailing_id")):
        grouped.setdefault(mailing, []).append(key)
    return grouped
