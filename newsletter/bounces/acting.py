"""What follows from a message that came back. Only signed tokens change anything.

A hard bounce, or soft ones in three of the last five mailings, stop an address; consent stays, and an editor can undo
it. A refusal for policy says something about us: it pauses the mailing, not the person. A complaint ends the
subscription for good. Everything may be repeated: a message counts once.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from newsletter import addresses, audit, tokens
from newsletter.bounces import classifying, reading
from newsletter.bounces.limits import Unreadable
from newsletter.bounces.reading import Report
from newsletter.bounces.understanding import Kind
from newsletter.errors import Refused
from newsletter.models import Bounce, Delivery, Mailing, Subscriber, Suppression
from newsletter.subscribing import consent

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

logger = logging.getLogger(__name__)

Action = Literal["stopped", "recorded", "paused", "unsubscribed", "duplicate", "ignored", "failed"]

SOFT_LIMIT = 3
# How long ago a mailing may have begun whose refusals are still looked at, and how many are at once.
REFUSALS_OF = timedelta(days=14)
MOST_AT_ONCE = 500
MAILINGS_LOOKED_AT = 5
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")
_KIND = Bounce.Kind
# People in these states would get the next mail; only they can be stopped.
_REACHED = (Subscriber.State.ACTIVE, Subscriber.State.PAUSED)


@dataclass(frozen=True)
class Outcome:
    """What became of one message; `recipient` is the subscriber's address if a token names one."""

    kind: Kind
    code: str
    recipient: str
    action: Action


def take_in(raw: bytes) -> Outcome:
    """Read one message and do what follows from it, in one transaction.

    Raises OperationalError or InterfaceError if the database is away; then the message has to be taken in again. What
    goes wrong with one message otherwise is logged: it must not stand in the way of all others.
    """
    try:
        return _take_in(raw)
    except (OperationalError, InterfaceError):
        raise
    except Unreadable as error:
        logger.warning("a message broke the limits of reading (%s)", error)
        return Outcome("not_a_bounce", "", "", "failed")
    except Exception:
        logger.exception("a message could not be taken in")
        return Outcome("not_a_bounce", "", "", "failed")


def _take_in(raw: bytes) -> Outcome:
    report = reading.read(raw)
    if report.kind == "auto_reply" or (report.kind == "not_a_bounce" and not report.wants_to_leave):
        return Outcome(report.kind, report.code, report.recipient, "ignored")
    if report.wants_to_leave:
        return _leave(report)
    delivery = _delivery(report)
    subscriber = delivery.subscriber if delivery else _reader(report)
    if subscriber is None or subscriber.email is None:
        logger.info("a %s without a valid token, or about somebody who is gone: ignored", report.kind)
        return Outcome(report.kind, report.code, report.recipient, "ignored")
    address = subscriber.email
    try:
        with transaction.atomic():
            action = _act(report, delivery, subscriber)
    except IntegrityError:
        action = "duplicate"
    logger.info("%s %s for delivery %s: %s", report.kind, report.code, delivery and delivery.pk, action)
    return Outcome(report.kind, report.code, address, action)


def take_in_refusals() -> int:
    """Let refusals during the hand-over count like bounces: whether a server says "unknown" at once or later is chance.

    Looks at deliveries that are given up and returns how many there were. Repeating it is harmless.
    """
    given_up = (
        Delivery.objects.filter(
            state=Delivery.State.FAILED,
            bounces__isnull=True,
            subscriber__email__isnull=False,
            mailing__started_at__gt=timezone.now() - REFUSALS_OF,
            # Without a number it is our own word about an address, not that of a server.
            reply__regex=r"^[45][0-9][0-9]",
        )
        .select_related("subscriber", "mailing")
        .defer("mailing__html", "mailing__text")
    )
    counted = 0
    for delivery in given_up.order_by("pk")[:MOST_AT_ONCE]:
        code = classifying.best_code(delivery.reply)
        report = Report(
            kind=classifying.classify(code, delivery.reply),
            code=code,
            words=delivery.reply,
            fingerprint=hashlib.sha256(f"delivery {delivery.pk}".encode()).hexdigest(),
        )
        with contextlib.suppress(IntegrityError), transaction.atomic():
            action = _act(report, delivery, delivery.subscriber)
            logger.info("%s %s at the hand-over of delivery %s: %s", report.kind, code, delivery.pk, action)
            counted += 1
    return counted


def _leave(report: Report) -> Outcome:
    """A mail to `abmelden@…` (RFC 2369): its signed subject is the request."""
    assert report.reader is not None  # noqa: S101 - that is what `wants_to_leave` says.
    gone = consent.unsubscribe(report.reader, source="mailto")
    return Outcome(report.kind, report.code, report.recipient, "unsubscribed" if gone else "ignored")


def _delivery(report: Report) -> Delivery | None:
    rows = Delivery.objects.select_related("subscriber", "mailing").defer("mailing__html", "mailing__text")
    if report.delivery is not None:
        return rows.filter(pk=report.delivery).first()
    if report.reader is not None:
        return rows.filter(subscriber__key=report.reader, message_id__in=report.message_ids).first()
    return None


def _reader(report: Report) -> Subscriber | None:
    """Services for complaints leave out addresses and envelopes, but seldom the signed link for unsubscribing."""
    if report.reader is None or report.kind != "complaint":
        return None
    return Subscriber.objects.filter(key=report.reader).first()


def _act(report: Report, delivery: Delivery | None, subscriber: Subscriber) -> Action:
    """Write the bounce down and do what follows. Raises IntegrityError if the message is known."""
    # The lock puts messages about one person in a row, so that each sees what the one before has written.
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if subscriber.email is None:
        return "ignored"
    if Bounce.objects.filter(message_sha256=report.fingerprint).exists():
        return "duplicate"
    bounce = Bounce.objects.create(
        delivery=delivery,
        subscriber=subscriber,
        kind=report.kind,
        code=report.code[:20],
        words=_without_addresses(report.words, subscriber.email),
        message_sha256=report.fingerprint,
        received_at=timezone.now(),
    )
    if bounce.kind == _KIND.COMPLAINT:
        return _complain(subscriber)
    if delivery is None or subscriber.state not in _REACHED:
        return "recorded"
    if bounce.kind == _KIND.POLICY:
        return _pause(bounce, delivery, subscriber.email)
    if not _counts(delivery, subscriber):
        return "recorded"
    if bounce.kind == _KIND.HARD:
        return _stop(subscriber, f"Die Adresse ist dauerhaft nicht erreichbar. {_quote(bounce)}")
    soft = _soft_mailings(subscriber)
    if soft < SOFT_LIMIT:
        return "recorded"
    return _stop(
        subscriber,
        f"Bei {soft} der letzten {MAILINGS_LOOKED_AT} Versände kam die Mail zurück. Zuletzt: {_quote(bounce)}",
    )


def _without_addresses(words: str, address: str) -> str:
    flat = _ADDRESS.sub("…", "".join(one if one.isprintable() else " " for one in words))
    name = address.rpartition("@")[0]
    return (re.sub(rf"(?i)\b{re.escape(name)}\b", "…", flat) if len(name) > 2 else flat)[:500]


def _quote(bounce: Bounce) -> str:
    said = " ".join(filter(None, [bounce.code if bounce.code not in bounce.words else "", bounce.words]))
    return f"Der Server schrieb: „{said}“." if said else "Der Server nannte keinen Grund."


def _complain(subscriber: Subscriber) -> Action:
    assert subscriber.email is not None  # noqa: S101 - the caller has looked.
    # Stronger than a request to leave: the address cannot sign up again by itself.
    marks = tokens.fingerprints(subscriber.email)
    if not Suppression.objects.filter(address_hmac__in=marks).update(reason=Suppression.Reason.COMPLAINT):
        consent.suppress(subscriber.email, Suppression.Reason.COMPLAINT)
    return "unsubscribed" if consent.unsubscribe(subscriber.key, source="Beschwerde (RFC 5965)") else "recorded"


def _counts(delivery: Delivery, subscriber: Subscriber) -> bool:
    """Whether the mail left after the address was last known to be good: a late bounce says nothing new."""
    since = _known_good(subscriber)
    left = delivery.sent_at or delivery.mailing.started_at or delivery.mailing.created_at
    return since is None or left > since


def _known_good(subscriber: Subscriber) -> datetime | None:
    return max(filter(None, [subscriber.bounces_count_from, subscriber.confirmed_at]), default=None)


def _soft_mailings(subscriber: Subscriber) -> int:
    """In how many of the last mailings to this person a mail came back."""
    handed_over = subscriber.deliveries.filter(
        state__in=[Delivery.State.SENT, Delivery.State.UNCERTAIN, Delivery.State.FAILED]
    )
    since = _known_good(subscriber)
    if since is not None:
        handed_over = handed_over.filter(Q(sent_at__gt=since) | Q(sent_at=None, mailing__started_at__gt=since))
    last = handed_over.order_by("-mailing__started_at", "-pk").values_list("pk", flat=True)[:MAILINGS_LOOKED_AT]
    softly = Bounce.objects.filter(delivery__in=list(last), kind=_KIND.SOFT)
    return softly.values("delivery__mailing").distinct().count()


def _stop(subscriber: Subscriber, reason: str) -> Action:
    Subscriber.objects.filter(pk=subscriber.pk).update(
        state=Subscriber.State.STOPPED,
        state_before_stop=subscriber.state,
        stopped_at=timezone.now(),
        stop_reason=reason[:600],
    )
    return "stopped"


def _pause(bounce: Bounce, delivery: Delivery, address: str) -> Action:
    mailing = Mailing.objects.select_for_update().get(pk=delivery.mailing_id)
    domain = addresses.domain(address)
    if mailing.state != Mailing.State.SENDING or not _is_news(bounce, delivery, mailing, domain):
        return "recorded"
    why = (
        f"Der Mailserver von {domain} nimmt diese Ausgabe nicht an, weil sie gegen seine Regeln verstößt. "
        f"{_quote(bounce)} Das liegt nicht an den Adressen: Sie bleiben angemeldet."
    )
    Mailing.objects.filter(pk=mailing.pk).update(state=Mailing.State.PAUSED, pause_reason=why)
    logger.warning("mailing %s: paused after a refusal for policy (%s)", mailing.pk, bounce.code)
    return "paused"


def _is_news(bounce: Bounce, delivery: Delivery, mailing: Mailing, domain: str) -> bool:
    """Whether nobody has decided yet to go on in spite of this.

    After a pause, refusals of mails that had left before still come in for hours: whoever pressed "Fortsetzen" knows.
    New is another server, another reason, or a mail that left afterwards.
    """
    if mailing.resumed_at is None or (delivery.sent_at is not None and delivery.sent_at > mailing.resumed_at):
        return True
    known = Bounce.objects.filter(
        delivery__mailing=mailing, kind=_KIND.POLICY, code=bounce.code, subscriber__email__iendswith=f"@{domain}"
    ).exclude(pk=bounce.pk)
    return not known.filter(received_at__lte=mailing.resumed_at).exists()


def restore(subscriber: Subscriber, *, user: AbstractBaseUser) -> None:
    """Undo a stop: the person gets the newsletter as before, and older bounces do not count any more.

    Raises Refused if there is nothing to undo, or if the person does not want to hear from us.
    """
    with transaction.atomic():
        found = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        if found.state != Subscriber.State.STOPPED or found.email is None:
            raise Refused("Dieses Abonnement ist nicht gestoppt.")
        if consent.is_suppressed(found.email):
            raise Refused("Diese Adresse steht auf der Sperrliste: Die Person hat sich abgemeldet oder beschwert.")
        found.state = found.state_before_stop or Subscriber.State.ACTIVE
        found.bounces_count_from = timezone.now()
        found.stopped_at, found.stop_reason, found.state_before_stop = None, "", ""
        found.save(update_fields=["state", "bounces_count_from", "stopped_at", "stop_reason", "state_before_stop"])
        audit.record_restored(found, user)
    subscriber.refresh_from_db()
