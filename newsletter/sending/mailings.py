"""What editors do with a mailing: start, schedule, pause, go on, cancel; and the figures of one."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.fields import BigIntegerField, CharField, DateTimeField, IntegerField
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from newsletter.composing.rendering import render_issue
from newsletter.errors import AlreadyStarted, Refused
from newsletter.models import Delivery, Mailing, NewsletterIssuePage, Subscriber
from newsletter.sending.claiming import DUE, OPEN
from newsletter.sending.message import site_host

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

State = Mailing.State


def start_mailing(
    issue: NewsletterIssuePage, *, at: datetime | None = None, user: AbstractBaseUser | None = None
) -> Mailing:
    """Freeze content and audience of a published issue and release it, now or for the time `at` (aware).

    Raises AlreadyStarted if the issue has a mailing, Refused if it cannot be sent, RenderingFailed if it cannot be
    rendered. A second call at the same moment waits for the first and is refused: the database allows one mailing.
    """
    issue = NewsletterIssuePage.objects.select_related("live_revision").get(pk=issue.pk)
    existing = issue.mailings.exclude(state=State.CANCELLED).first()
    if existing:
        raise AlreadyStarted(existing)
    if not issue.live:
        raise Refused("Bitte veröffentlichen Sie die Ausgabe zuerst. Die Mail verweist auf ihre Web-Ansicht.")
    now = timezone.now()
    later = at is not None and at > now
    rendered = render_issue(issue)
    try:
        with transaction.atomic():
            mailing = Mailing.objects.create(
                issue=issue,
                state=State.SCHEDULED if later else State.SENDING,
                subject=issue.subject,
                html=rendered.html,
                text=rendered.text,
                sha256=hashlib.sha256("\0".join([issue.subject, rendered.html, rendered.text]).encode()).hexdigest(),
                revision=issue.live_revision,
                scheduled_at=at if at is not None and later else now,
                started_at=None if later else now,
                created_by_id=user.pk if user else None,
            )
            if not _freeze_audience(mailing):
                raise Refused("Niemand hat den Newsletter zu diesen Themen bestellt. Es gibt nichts zu versenden.")
    except IntegrityError as error:
        existing = issue.mailings.exclude(state=State.CANCELLED).first()
        if existing is None:
            raise
        raise AlreadyStarted(existing) from error
    return mailing


def audience(issue: NewsletterIssuePage) -> QuerySet[Subscriber]:
    """Whom the issue goes to: confirmed people who chose one of its topics or none at all.

    Whoever got it, or may have got it, in a mailing that was cancelled does not get it again.
    """
    people = Subscriber.objects.filter(state=Subscriber.State.ACTIVE)
    topics = list(issue.topics.values_list("pk", flat=True))
    if topics:
        choices = Subscriber.topics.through.objects.filter(subscriber_id=OuterRef("pk"))
        people = people.filter(Exists(choices.filter(topic_id__in=topics)) | ~Exists(choices))
    reached = Delivery.objects.filter(
        mailing__issue=issue,
        subscriber_id=OuterRef("pk"),
        state__in=[Delivery.State.CLAIMED, Delivery.State.SENDING, Delivery.State.SENT, Delivery.State.UNCERTAIN],
    )
    return people.filter(~Exists(reached))


def _freeze_audience(mailing: Mailing) -> int:
    """One INSERT … SELECT: the rows of all recipients, or none. Returns how many."""
    stamp = f"{mailing.created_at:%Y%m%d%H%M%S}"
    text: CharField[str, str] = CharField()
    columns = {
        "mailing_id": Value(mailing.pk, BigIntegerField()),
        "subscriber_id": "pk",
        "state": Value(Delivery.State.PENDING.value, text),
        "message_id": Concat(
            Value(f"<{mailing.pk}.{stamp}."), Cast("key", text), Value(f"@{site_host()}>"), output_field=text
        ),
        "attempts": Value(0, IntegerField()),
        "not_before": Value(mailing.scheduled_at, DateTimeField()),
        "database_epoch": Value("", text),
        "reply": Value("", text),
    }
    chosen = audience(mailing.issue).order_by()
    annotations = {f"frozen_{name}": value for name, value in columns.items() if not isinstance(value, str)}
    names = ["pk" if isinstance(value, str) else f"frozen_{name}" for name, value in columns.items()]
    select, parameters = chosen.annotate(**annotations).values_list(*names).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO newsletter_delivery ({', '.join(columns)}) {select}",
            parameters,
        )
        return cursor.rowcount


def pause(mailing: Mailing) -> None:
    """Stop handing over; mails on their way are finished."""
    _move(mailing, State.PAUSED, {State.SENDING}, "Nur ein laufender Versand lässt sich anhalten.")


def resume(mailing: Mailing) -> None:
    """Go on with a paused mailing, or start one whose time has passed."""
    _move(
        mailing,
        State.SENDING,
        {State.PAUSED, State.OVERDUE, State.SCHEDULED},
        "Dieser Versand ist weder geplant noch angehalten.",
    )
    Mailing.objects.filter(pk=mailing.pk, started_at__isnull=True).update(started_at=timezone.now())
    # Whoever goes on knows why it was paused: what was known until now does not pause it again.
    Mailing.objects.filter(pk=mailing.pk).update(resumed_at=timezone.now(), pause_reason="")
    Delivery.objects.filter(mailing=mailing, state__in=DUE, not_before=mailing.scheduled_at).update(
        not_before=timezone.now()
    )
    mailing.refresh_from_db()


def cancel(mailing: Mailing) -> None:
    """Give up what was not sent yet. Afterwards the issue can be sent to those who have not got it."""
    _move(
        mailing,
        State.CANCELLED,
        {State.SCHEDULED, State.OVERDUE, State.SENDING, State.PAUSED},
        "Dieser Versand ist schon beendet.",
    )
    mailing.deliveries.filter(state__in=DUE).update(state=Delivery.State.SKIPPED, reply="Versand abgebrochen")


def _move(mailing: Mailing, target: State, allowed: set[State], refusal: str) -> None:
    changes = {"state": target} | ({"finished_at": timezone.now()} if target == State.CANCELLED else {})
    if not Mailing.objects.filter(pk=mailing.pk, state__in=allowed).update(**changes):
        raise Refused(refusal)
    mailing.refresh_from_db()


def figures(mailing: Mailing) -> dict[str, int]:
    """Count the deliveries: `total` is the sum of the others; `pending` is everything that is not settled."""
    settled = {name: Count("pk", filter=Q(state=name)) for name in ("sent", "failed", "uncertain", "skipped")}
    return mailing.deliveries.aggregate(total=Count("pk"), pending=Count("pk", filter=Q(state__in=OPEN)), **settled)
