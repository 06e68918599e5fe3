"""The ledger of a mailing: who takes which deliveries, and what became of them.

A claim is one durable commit. After that every mail costs a share of one asynchronous commit, which marks what was
sent and what is about to leave. Should PostgreSQL itself crash, it may forget the last of these marks; therefore a
worker keeps its outcomes in memory until its next durable commit and writes them again. Every step can be repeated,
and only the holder of a claim may write, so two workers never write about the same row.
"""

from __future__ import annotations

import logging
import math
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from newsletter.models import Delivery, Mailing, Subscriber
from newsletter.sending import marking
from newsletter.sending.marking import Settled
from newsletter.sending.message import Recipient

logger = logging.getLogger(__name__)

# Rows for each connection to a mail server. It is also what is uncertain at most if database and worker die together.
CLAIM_SIZE = 50
# How many rows of slowed domains one statement moves out of the way, and how many statements a claim may take for it.
WINDOW, WINDOWS = 1_000, 10
# Waits after the first, second, … temporary refusal; after the last one the delivery is given up.
BACK_OFF = [timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 480, 720)]
# How long a worker that knows outcomes waits for the database to come back. Celery's limit for a task is longer.
DATABASE_PATIENCE = timedelta(minutes=10)
State = Delivery.State
DUE = (State.PENDING, State.DEFERRED)
HELD = (State.CLAIMED, State.SENDING)
OPEN = (*DUE, *HELD)
_ACTIVE = Exists(Subscriber.objects.filter(pk=OuterRef("subscriber_id"), state=Subscriber.State.ACTIVE))
_RUNNING = Exists(Mailing.objects.filter(pk=OuterRef("mailing_id"), state=Mailing.State.SENDING))

Result = TypeVar("Result")


class Claimed(NamedTuple):
    """A delivery that is ours until the lease runs out."""

    recipient: Recipient
    claim: uuid.UUID

    @property
    def delivery(self) -> int:
        """The primary key of the Delivery."""
        return self.recipient.delivery


def sent(row: Claimed, words: str) -> Settled:
    """The server took the mail."""
    return Settled(row.delivery, row.claim, State.SENT, words, sent_at=timezone.now())


def refused(row: Claimed, words: str, *, temporary: bool) -> Settled:
    """The server said no: again later with growing waits, or for good."""
    attempts = row.recipient.attempts
    if temporary and attempts < len(BACK_OFF):
        return Settled(row.delivery, row.claim, State.DEFERRED, words, not_before=timezone.now() + BACK_OFF[attempts])
    return Settled(row.delivery, row.claim, State.FAILED, words)


def uncertain(row: Claimed, words: str) -> Settled:
    """Nobody knows whether the mail was taken. Only a person decides what follows."""
    return Settled(row.delivery, row.claim, State.UNCERTAIN, words)


def given_back(row: Claimed, not_before: datetime | None = None) -> Settled:
    """The mail did not leave, and somebody else may send it."""
    return Settled(row.delivery, row.claim, State.PENDING, tried=False, not_before=not_before)


def skipped(row: Claimed, words: str) -> Settled:
    """The mail is not to be sent any more."""
    return Settled(row.delivery, row.claim, State.SKIPPED, words, tried=False)


def lease() -> timedelta:
    """How long a claim holds."""
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


class Ledger:
    """One worker's hand on the ledger of one mailing.

    `untouched` names what the worker holds and has certainly not handed over; it is asked after the database was away.
    """

    def __init__(self, mailing: int, untouched: Callable[[], Iterable[Claimed]] = tuple) -> None:
        self.mailing = mailing
        self._untouched = untouched
        self._unsaved: list[Settled] = []
        self._forgetful = False

    def take(self, size: int = CLAIM_SIZE, *, slowed: Mapping[str, datetime] | None = None) -> list[Claimed]:
        """Claim up to `size` due deliveries in one durable commit; none if the mailing is not being sent.

        Rows of `slowed` domains wait until the given times and keep nobody else from being chosen.
        """
        key = uuid.uuid4()
        attempts = 0

        def claim() -> list[Claimed]:
            nonlocal attempts
            attempts += 1
            self._catch_up()
            if slowed:
                _move_out_of_the_way(self.mailing, slowed)
            rows = _claim(self.mailing, key, State.PENDING, size, slowed or {})
            if len(rows) < size:
                rows += _claim(self.mailing, key, State.DEFERRED, size - len(rows), slowed or {})
            # An attempt that the connection was lost over may have been carried out.
            return rows if attempts == 1 else _read(Delivery.objects.filter(claim=key, state__in=HELD), key)

        rows = self._durable(claim)
        if rows:
            self._unsaved.clear()
        return rows

    def write(self, settled: Sequence[Settled], starting: Sequence[Claimed] = ()) -> set[int]:
        """Write down what became of deliveries, and that the contents of `starting` are about to leave.

        Returns those that may leave. A delivery must not when its lease ran out and somebody else has it, when the
        mailing was stopped, or when the person unsubscribed in the meantime. The commit is asynchronous if anything is
        to leave, else durable.
        """
        self._unsaved += settled

        def mark() -> set[int]:
            self._catch_up()
            return _mark(settled, starting, durable=not starting)

        allowed = self._durable(mark)
        if not starting:
            self._unsaved.clear()
        return allowed

    def reasons(self, denied: Iterable[Claimed]) -> list[Settled]:
        """What becomes of deliveries that must not leave: those of people who unsubscribed are skipped for good."""
        rows = {row.delivery: row for row in denied}
        gone = self._durable(
            lambda: set(Delivery.objects.filter(pk__in=rows).exclude(_ACTIVE).values_list("pk", flat=True))
        )
        return [
            skipped(row, "abgemeldet oder pausiert") if delivery in gone else given_back(row)
            for delivery, row in rows.items()
        ]

    def running(self) -> bool:
        """Whether the mailing is being sent."""
        mailings = Mailing.objects.filter(pk=self.mailing, state=Mailing.State.SENDING)
        return self._durable(mailings.exists)

    def seconds_until_due(self) -> float:
        """How long until something of the mailing is due; infinite if nothing is or the mailing is not being sent."""
        rows = Delivery.objects.filter(_RUNNING, mailing=self.mailing)
        firsts = [
            self._durable(rows.filter(state=state).order_by("not_before").values_list("not_before", flat=True).first)
            for state in DUE
        ]
        waits = [(first - timezone.now()).total_seconds() for first in firsts if first is not None]
        # A row that is due was just taken by somebody else, or is about to be given back.
        return max(min(waits, default=math.inf), 0.5)

    def _catch_up(self) -> None:
        """After the database was away: write again what it may have forgotten, and take back what it took for lost."""
        if not self._forgetful:
            return
        with transaction.atomic():
            _mark(self._unsaved, (), durable=True)
            epoch, back = database_epoch(), 0
            for row in self._untouched():
                back += Delivery.objects.filter(
                    pk=row.delivery, claim=row.claim, state__in=(*HELD, State.UNCERTAIN)
                ).update(state=State.CLAIMED, lease_until=timezone.now() + lease(), database_epoch=epoch, reply="")
            if back:
                # It ended too early: uncertain rows do not hold a mailing, and these were not the last word.
                Mailing.objects.filter(pk=self.mailing, state=Mailing.State.COMPLETE).update(
                    state=Mailing.State.SENDING, finished_at=None
                )
        self._forgetful = False

    def _durable(self, step: Callable[[], Result]) -> Result:
        """Run a step that can be repeated; while the database is away, wait and do it again."""
        deadline = time.monotonic() + DATABASE_PATIENCE.total_seconds()
        wait = 0.05
        while True:
            try:
                return step()
            except (OperationalError, InterfaceError) as error:
                if connection.in_atomic_block or time.monotonic() > deadline:
                    raise
                logger.warning("mailing %s: the database does not answer (%s)", self.mailing, type(error).__name__)
                connection.close()
                self._forgetful = True
                time.sleep(wait)
                wait = min(wait * 2, 2)


def database_epoch() -> str:
    """What changes whenever the database may have forgotten asynchronous commits; constant on SQLite.

    PostgreSQL empties an unlogged table when it recovers from a crash, and only then. (The start of the server, the
    other candidate, changes with every harmless restart and stays the same when only one of its processes was killed,
    after which all of them forget together.)
    """
    if connection.vendor != "postgresql":
        return "-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT value::text FROM newsletter_crash_epoch")
        found = cursor.fetchone()
        if found is None:
            cursor.execute("INSERT INTO newsletter_crash_epoch VALUES (1, gen_random_uuid()) ON CONFLICT DO NOTHING")
            cursor.execute("SELECT value::text FROM newsletter_crash_epoch")
            found = cursor.fetchone()
        return str(found[0])


def _claim(mailing: int, key: uuid.UUID, state: str, size: int, slowed: Mapping[str, datetime]) -> list[Claimed]:
    """One statement: pick, lock and mark. Returns the rows that are ours now."""
    adapt = connection.ops.adapt_datetimefield_value
    now = timezone.now()
    postgres = connection.vendor == "postgresql"
    others = f"AND d.domain NOT IN ({', '.join(['%s'] * len(slowed))})" if slowed else ""
    # The array makes PostgreSQL pick the rows exactly once; in a plain IN it may run the subquery again for every
    # row and take more than the limit. SQLite has one writer at a time and needs no lock.
    pick = f"""
        SELECT d.id FROM newsletter_delivery d
        WHERE d.mailing_id = %s AND d.state = %s AND d.not_before <= %s {others}
            AND EXISTS (SELECT 1 FROM newsletter_mailing m WHERE m.id = d.mailing_id AND m.state = 'sending')
        ORDER BY d.not_before, d.id LIMIT %s {"FOR UPDATE OF d SKIP LOCKED" if postgres else ""}
    """  # noqa: S608 - nothing from outside is put into the text.
    chosen = f"id = ANY(ARRAY({pick}))" if postgres else f"id IN ({pick})"
    update = f"""
        UPDATE newsletter_delivery SET state = 'claimed', claim = %s, lease_until = %s, database_epoch = %s
        WHERE {chosen} RETURNING id, subscriber_id, message_id, attempts
    """  # noqa: S608 - nothing from outside is put into the text.
    parameters = [key if postgres else key.hex, adapt(now + lease()), database_epoch(), mailing, state, adapt(now)]
    with connection.cursor() as cursor:
        if not postgres:
            cursor.execute(update, [*parameters, *slowed, size])
            taken = [delivery for delivery, *_others in cursor.fetchall()]
            return _read(Delivery.objects.filter(pk__in=taken), key) if taken else []
        # A list of hundreds of numbers in a second query would cost more than everything else about a mail.
        cursor.execute(
            f"""
            WITH taken AS ({update})
            SELECT t.id, s.key, s.email, s.name, t.message_id, t.attempts
            FROM taken t JOIN newsletter_subscriber s ON s.id = t.subscriber_id ORDER BY t.id
            """,  # noqa: S608 - nothing from outside is put into the text.
            [*parameters, *slowed, size],
        )
        return [_claimed(key, *row) for row in cursor.fetchall()]


def _read(rows: QuerySet[Delivery], key: uuid.UUID) -> list[Claimed]:
    columns = ("pk", "subscriber__key", "subscriber__email", "subscriber__name", "message_id", "attempts")
    return [_claimed(key, *row) for row in rows.order_by("pk").values_list(*columns)]


def _claimed(
    key: uuid.UUID, delivery: int, person: uuid.UUID, address: str | None, name: str, message_id: str, attempts: int
) -> Claimed:
    return Claimed(Recipient(delivery, person, address or "", name, message_id, attempts), key)


def _move_out_of_the_way(mailing: int, slowed: Mapping[str, datetime]) -> None:
    """Let due rows of slowed domains wait, as far as they stand at the head of the queue.

    A claim looks at the head only; were these rows left there, it would read past all of them every time.
    """
    now = timezone.now()
    for state in DUE:
        for _window in range(WINDOWS):
            head = Delivery.objects.filter(mailing=mailing, state=state, not_before__lte=now)
            moved = 0
            found: dict[str, list[int]] = {}
            for delivery, domain in head.order_by("not_before", "pk").values_list("pk", "domain")[:WINDOW]:
                if domain in slowed:
                    found.setdefault(domain, []).append(delivery)
            for domain, deliveries in found.items():
                rows = Delivery.objects.filter(pk__in=deliveries, state=state)
                moved += rows.update(not_before=max(slowed[domain], now + timedelta(seconds=1)))
            # A head that is mostly of others is good enough for the next claim.
            if moved < WINDOW // 2:
                break


def _mark(settled: Sequence[Settled], starting: Sequence[Claimed], *, durable: bool) -> set[int]:
    if not settled and not starting:
        return set()
    if connection.vendor == "postgresql":
        return marking.mark_at_once(settled, [(row.delivery, row.claim) for row in starting], lease(), durable=durable)
    with transaction.atomic():
        for one in settled:
            _settle(one)
        now = timezone.now()
        return {
            row.delivery
            for row in starting
            if Delivery.objects.filter(_RUNNING, _ACTIVE, pk=row.delivery, claim=row.claim, state__in=HELD).update(
                state=State.SENDING, lease_until=now + lease()
            )
        }


def _settle(one: Settled) -> None:
    changes: dict[str, Any] = {"state": one.state, "reply": one.reply[:500], "lease_until": None}
    if one.tried:
        changes["attempts"] = F("attempts") + 1
    if one.sent_at:
        changes["sent_at"] = one.sent_at
    if one.not_before:
        changes["not_before"] = one.not_before
    if one.state == State.PENDING:
        changes["claim"] = None
    # What the sweep has called uncertain by now is settled too: whoever holds the claim knows better.
    rows = Delivery.objects.filter(pk=one.delivery, claim=one.claim, state__in=(*HELD, State.UNCERTAIN))
    rows.update(**changes)
