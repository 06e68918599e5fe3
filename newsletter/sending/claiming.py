"""The ledger of a mailing: who takes which deliveries, and what became of them.

Every step is one durable statement that can be repeated: after a lost connection to the database it is simply done
again. Only the holder of a claim may write, so two workers never write about the same row.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from newsletter.models import Delivery, Mailing, Subscriber
from newsletter.sending.message import Recipient

logger = logging.getLogger(__name__)

CLAIM_SIZE = 50
# Waits after the first, second, … temporary refusal; after the last one the delivery is given up.
BACK_OFF = [timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 480, 720)]
DUE = (Delivery.State.PENDING, Delivery.State.DEFERRED)
HELD = (Delivery.State.CLAIMED, Delivery.State.SENDING)
OPEN = (*DUE, *HELD)
_ACTIVE = Exists(Subscriber.objects.filter(pk=OuterRef("subscriber_id"), state=Subscriber.State.ACTIVE))

Result = TypeVar("Result")


@dataclass(frozen=True)
class Claim:
    """Deliveries that are ours until the lease runs out."""

    key: uuid.UUID
    mailing: int
    recipients: list[Recipient]


def lease() -> timedelta:
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def take(mailing: int, *, size: int = CLAIM_SIZE) -> Claim:
    """Claim up to `size` due deliveries of a mailing that is being sent; an empty claim if there are none."""
    key = uuid.uuid4()
    taken = durable(lambda: _claim(mailing, key, Delivery.State.PENDING, size))
    if taken < size:
        taken += durable(lambda: _claim(mailing, key, Delivery.State.DEFERRED, size - taken))
    rows = (
        durable(lambda: list(_held_by(key).filter(mailing=mailing).select_related("subscriber").order_by("pk")))
        if taken
        else []
    )
    recipients = [
        Recipient(
            delivery=row.pk,
            key=row.subscriber.key,
            address=row.subscriber.email or "",
            name=row.subscriber.name,
            message_id=row.message_id,
        )
        for row in rows
    ]
    return Claim(key, mailing, recipients)


def _claim(mailing: int, key: uuid.UUID, state: str, size: int) -> int:
    """One statement: pick, lock and mark. Returns how many rows are ours now."""
    adapt = connection.ops.adapt_datetimefield_value
    now = timezone.now()
    postgres = connection.vendor == "postgresql"
    # The array makes PostgreSQL pick the rows exactly once; in a plain IN it may run the subquery again for every
    # row and take more than the limit. SQLite has one writer at a time and needs no lock.
    pick = f"""
        SELECT d.id FROM newsletter_delivery d
        WHERE d.mailing_id = %s AND d.state = %s AND d.not_before <= %s
            AND EXISTS (SELECT 1 FROM newsletter_mailing m WHERE m.id = d.mailing_id AND m.state = 'sending')
        ORDER BY d.not_before LIMIT %s {"FOR UPDATE OF d SKIP LOCKED" if postgres else ""}
    """  # noqa: S608 - nothing from outside is put into the text.
    chosen = f"id = ANY(ARRAY({pick}))" if postgres else f"id IN ({pick})"
    epoch = "extract(epoch FROM pg_postmaster_start_time())::text" if postgres else "'-'"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE newsletter_delivery
            SET state = 'claimed', claim = %s, lease_until = %s, database_epoch = {epoch}
            WHERE {chosen} RETURNING id
            """,  # noqa: S608 - nothing from outside is put into the text.
            [key if postgres else key.hex, adapt(now + lease()), mailing, state, adapt(now), size],
        )
        return len(cursor.fetchall())


def database_epoch() -> str:
    """When the database server started, as text; constant on SQLite, where a commit is never lost."""
    if connection.vendor != "postgresql":
        return "-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM pg_postmaster_start_time())::text")
        return str(cursor.fetchone()[0])


def mark_sending(claim: uuid.UUID, delivery: int) -> bool:
    """Write down that the content is about to leave. False: it must not leave.

    That is so when the lease ran out and somebody else has the row, when the mailing was stopped, or when the
    person unsubscribed in the meantime.
    """
    # No join: PostgreSQL looks again at the row's own columns when it had to wait for a lock, but not at a subquery's.
    rows = _held_by(claim).filter(
        Exists(Mailing.objects.filter(pk=OuterRef("mailing_id"), state=Mailing.State.SENDING)), _ACTIVE, pk=delivery
    )
    return durable(lambda: rows.update(state=Delivery.State.SENDING, lease_until=timezone.now() + lease())) == 1


def mark_sent(claim: uuid.UUID, delivery: int, words: str) -> None:
    """Write down that the server took the mail, even if the sweep has called the row uncertain by now."""
    _settle(claim, delivery, state=Delivery.State.SENT, reply=words, sent_at=timezone.now())


def mark_refused(claim: uuid.UUID, delivery: int, words: str, *, temporary: bool) -> None:
    """Write down the server's refusal: again later with growing waits, or for good."""
    attempts = durable(lambda: Delivery.objects.values_list("attempts", flat=True).get(pk=delivery))
    if temporary and attempts < len(BACK_OFF):
        later = timezone.now() + BACK_OFF[attempts]
        _settle(claim, delivery, state=Delivery.State.DEFERRED, reply=words, not_before=later)
    else:
        _settle(claim, delivery, state=Delivery.State.FAILED, reply=words)


def mark_uncertain(claim: uuid.UUID, delivery: int, words: str) -> None:
    """Write down that nobody knows whether the mail was taken. Only a person decides what follows."""
    _settle(claim, delivery, state=Delivery.State.UNCERTAIN, reply=words)


def give_back(claim: Claim, *, not_before: datetime | None = None) -> None:
    """Return the untouched rows of a claim; those of people who unsubscribed are skipped for good."""
    held = _held_by(claim.key).filter(mailing=claim.mailing, state=Delivery.State.CLAIMED)
    gone = held.exclude(_ACTIVE)
    durable(lambda: gone.update(state=Delivery.State.SKIPPED, reply="abgemeldet oder pausiert", lease_until=None))
    changes: dict[str, Any] = {"state": Delivery.State.PENDING, "claim": None, "lease_until": None}
    if not_before:
        changes["not_before"] = not_before
    durable(lambda: held.update(**changes))


def durable(step: Callable[[], Result]) -> Result:
    """Run a repeatable step; while the database is away, wait and do it again, for as long as a lease lasts."""
    deadline = time.monotonic() + settings.MAIL_LEASE_SECONDS
    wait = 0.1
    while True:
        try:
            return step()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            logger.warning("the database did not answer (%s), waiting", type(error).__name__)
            connection.close()
            time.sleep(wait)
            wait = min(wait * 2, 5)


def _held_by(claim: uuid.UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(claim=claim, state__in=HELD)


def _settle(claim: uuid.UUID, delivery: int, *, state: str, reply: str, **more: Any) -> None:
    rows = Delivery.objects.filter(pk=delivery, claim=claim, state__in=(*HELD, Delivery.State.UNCERTAIN))
    changes = {"state": state, "reply": reply[:500], "lease_until": None, "attempts": F("attempts") + 1} | more
    durable(lambda: rows.update(**changes))
