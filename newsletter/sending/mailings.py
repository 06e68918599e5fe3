"""What editors do with a mailing: start, schedule, pause, go on, cancel; and the figures of one."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.fields import BigIntegerField, CharField, DateTimeField, IntegerField
from django.db.models.functions import Cast, Concat, Lower, StrIndex, Substr
from django.utils import timezone

from home.models import Topic
from newsletter.composing import authorship, gate
from newsletter.composing.rendering import Rendered, render_with_blocks, without_blocks
from newsletter.errors import AlreadyStarted, Refused
from newsletter.models import Delivery, Mailing, NewsletterIssuePage, Subscriber
from newsletter.sending.claiming import DUE, OPEN
from newsletter.sending.message import site_host

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

State = Mailing.State
# Released, and not begun.
WAITING = (State.SCHEDULED, State.OVERDUE)


def mailing_of(issue: NewsletterIssuePage) -> Mailing | None:
    """The mailing that an issue has, whatever became of it; a cancelled one counts as none."""
    return issue.mailings.exclude(state=State.CANCELLED).first()


def start_mailing(
    issue: NewsletterIssuePage, *, at: datetime | None = None, user: AbstractBaseUser | None = None
) -> Mailing:
    """Freeze content and audience of a published issue and release it, now or for the time `at` (aware).

    Raises AlreadyStarted if the issue has a mailing, GateClosed if the check before sending finds something wrong,
    SamePerson if `user` wrote it (settings.NEWSLETTER_FOUR_EYES; without a user the operator releases it), Refused if
    it cannot be sent otherwise, RenderingFailed if it cannot be rendered. A second call at the same moment waits for
    the first and is refused: the database allows one mailing.
    """
    issue = NewsletterIssuePage.objects.select_related("live_revision").get(pk=issue.pk)
    existing = mailing_of(issue)
    if existing:
        raise AlreadyStarted(existing)
    if not issue.live:
        raise Refused("Bitte veröffentlichen Sie die Ausgabe zuerst. Die Mail verweist auf ihre Web-Ansicht.")
    authorship.refuse_author(issue, user)
    with_blocks = render_with_blocks(issue)
    gate.refuse_if_closed(issue, with_blocks)
    rendered = without_blocks(with_blocks)
    now = timezone.now()
    later = at is not None and at > now
    try:
        with transaction.atomic():
            mailing = Mailing.objects.create(
                issue=issue,
                state=State.SCHEDULED if later else State.SENDING,
                subject=issue.subject,
                html=rendered.html,
                text=rendered.text,
                sha256=content_hash(issue.subject, rendered),
                revision=issue.live_revision,
                written_by_id=authorship.author_of(issue),
                scheduled_at=at if at is not None and later else now,
                started_at=None if later else now,
                created_by_id=user.pk if user else None,
            )
            if not _freeze_audience(mailing):
                raise Refused("Niemand hat den Newsletter zu diesen Themen bestellt. Es gibt nichts zu versenden.")
    except IntegrityError as error:
        existing = mailing_of(issue)
        if existing is None:
            raise
        raise AlreadyStarted(existing) from error
    return mailing


def content_hash(subject: str, content: Rendered) -> str:
    """SHA-256 in hex over what all readers of a mailing get: subject, HTML and text with their markers."""
    return hashlib.sha256("\0".join([subject, content.html, content.text]).encode()).hexdigest()


def is_unchanged(mailing: Mailing) -> bool:
    """Whether the content of the mailing is still what was released."""
    return hmac.compare_digest(mailing.sha256, content_hash(mailing.subject, released(mailing)))


def released(mailing: Mailing) -> Rendered:
    """The mail as it was released, with its markers."""
    return Rendered(mailing.html, mailing.text)


def spoiled(mailing: Mailing) -> list[gate.Finding]:
    """What keeps a mailing that waits from being sent as it was released: above all links that lead nowhere now."""
    return gate.check_frozen(mailing.issue, released(mailing))


def reschedule(mailing: Mailing, at: datetime) -> None:
    """Move a mailing that has not begun to another time (aware, in the future). Raises Refused."""
    if at <= timezone.now():
        raise Refused("Dieser Zeitpunkt ist schon vorbei. Bitte wählen Sie einen, der noch kommt.")
    _move(mailing, State.SCHEDULED, set(WAITING), "Dieser Versand hat schon begonnen.", scheduled_at=at)
    Delivery.objects.filter(mailing=mailing, state__in=DUE).update(not_before=at)


@dataclass(frozen=True)
class TopicAudience:
    """How many people get an issue because of one topic; `topic` is None for those who chose none and get all."""

    topic: Topic | None
    people: int


def audience_by_topic(issue: NewsletterIssuePage) -> list[TopicAudience]:
    """The audience of the issue by topic. Whoever chose two of its topics counts for both, and gets one mail."""
    people = audience(issue)
    chosen = Subscriber.topics.through.objects.filter(subscriber_id=OuterRef("pk"))
    topics = list(issue.topics.all())
    counts = people.aggregate(
        none=Count("pk", filter=~Exists(chosen)),
        **{f"topic_{topic.pk}": Count("pk", filter=Exists(chosen.filter(topic=topic))) for topic in topics},
    )
    rows = [TopicAudience(topic, counts[f"topic_{topic.pk}"]) for topic in topics]
    return [*rows, TopicAudience(None, counts["none"])] if topics else []


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
        "domain": Lower(Substr("email", StrIndex("email", Value("@")) + 1), output_field=text),
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
    """Go on with a paused mailing, or start one that waits for its time.

    Raises Refused, or GateClosed for a mailing that has not begun and whose links do not work any more.
    """
    if mailing.state in WAITING:
        gate.refuse_if_spoiled(mailing.issue, released(mailing))
    _move(
        mailing,
        State.SENDING,
        {State.PAUSED, *WAITING},
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
        {*WAITING, State.SENDING, State.PAUSED},
        "Dieser Versand ist schon beendet.",
    )
    skip_rest(mailing.deliveries.all())


def skip_rest(deliveries: QuerySet[Delivery]) -> None:
    """Do not send what is left of a cancelled mailing: those of its deliveries that no worker has in its hands."""
    deliveries.filter(state__in=DUE).update(state=Delivery.State.SKIPPED, reply="Versand abgebrochen")


def _move(mailing: Mailing, target: State, allowed: set[State], refusal: str, **more: datetime) -> None:
    changes = {"state": target} | more | ({"finished_at": timezone.now()} if target == State.CANCELLED else {})
    if not Mailing.objects.filter(pk=mailing.pk, state__in=allowed).update(**changes):
        raise Refused(refusal)
    mailing.refresh_from_db()


def figures(mailing: Mailing) -> dict[str, int]:
    """Count the deliveries: `total` is the sum of the others; `pending` is everything that is not settled."""
    settled = {name: Count("pk", filter=Q(state=name)) for name in ("sent", "failed", "uncertain", "skipped")}
    return mailing.deliveries.aggregate(total=Count("pk"), pending=Count("pk", filter=Q(state__in=OPEN)), **settled)
