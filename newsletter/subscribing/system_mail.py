"""Mails that answer a sign-up: at once, over a connection of their own, and free of advertising.

Which mail it is depends on the state of the address: confirmation for new ones, a hint for those who have the
newsletter already. The form never tells the difference.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from newsletter import tokens
from newsletter.addresses import for_envelope
from newsletter.models import ConsentRecord, Subscriber

logger = logging.getLogger(__name__)

Event = ConsentRecord.Event
# Nobody can be made to get more than one of these mails in this time, however often a form is sent.
REST = timedelta(minutes=5)
# How long the sweep goes on trying. Links in the mail have no such limit.
KEEP_TRYING = timedelta(hours=24)
# The sweep leaves those to the task that was just queued.
TASK_HAS_IT = timedelta(minutes=1)


def answer_sign_up(record: int) -> bool:
    """Send the mail that a sign-up is due; returns whether one was sent.

    Does nothing if a later sign-up of the same person exists, or a mail went out in the last minutes. Raises OSError
    or SMTPException if the server cannot be reached: the sweep tries again.
    """
    found = ConsentRecord.objects.select_related("subscriber", "text").get(pk=record, event=Event.SIGNED_UP)
    subscriber = found.subscriber
    later = subscriber.consents.filter(event__in=[Event.SIGNED_UP, Event.MAILED], pk__gt=found.pk)
    rested = subscriber.consents.filter(event=Event.MAILED, at__gt=timezone.now() - REST)
    if later.exists() or rested.exists() or subscriber.email is None:
        return False
    # Two workers at the same moment: the second one leaves it.
    if not cache.add(f"newsletter:answer:{found.pk}", 1, 60):
        return False
    mail = _mail(found)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        _written_off(found, error)
        return False
    except (OSError, smtplib.SMTPException):
        cache.delete(f"newsletter:answer:{found.pk}")
        raise
    ConsentRecord.objects.create(
        subscriber=subscriber,
        text=found.text,
        event=Event.MAILED,
        at=timezone.now(),
        topics=found.topics,
        source=found.source,
        mail_sha256=_hash(mail),
    )
    return True


def unanswered() -> list[int]:
    """The newest sign-up of every unconfirmed person that no mail followed: for the sweep."""
    now = timezone.now()
    waiting = (
        ConsentRecord.objects.filter(
            event__in=[Event.SIGNED_UP, Event.MAILED],
            subscriber__state=Subscriber.State.UNCONFIRMED,
            at__gt=now - KEEP_TRYING,
        )
        .order_by("subscriber", "-pk")
        .values_list("subscriber", "pk", "event", "at")
    )
    newest: dict[int, tuple[int, str, datetime]] = {}
    for subscriber, record, event, at in waiting:
        newest.setdefault(subscriber, (record, event, at))
    return [record for record, event, at in newest.values() if event == Event.SIGNED_UP and at < now - TASK_HAS_IT]


def _mail(record: ConsentRecord) -> EmailMultiAlternatives:
    subscriber = record.subscriber
    new = subscriber.state == Subscriber.State.UNCONFIRMED
    name = "confirmation" if new else "already_subscribed"
    token = tokens.make_confirmation(subscriber.key, record.pk) if new else tokens.make("settings", subscriber.key)
    context = {
        "base_url": settings.BASE_URL,
        "url": settings.BASE_URL + reverse(f"newsletter:{'confirm' if new else 'settings'}", args=[token]),
        "signed_up_at": record.at,
    }
    subject = "Bitte bestätigen Sie Ihre Anmeldung" if new else "Sie sind schon angemeldet"
    mail = EmailMultiAlternatives(
        subject=f"IKOE-Newsletter: {subject}",
        body=render_to_string(f"newsletter/{name}.txt", context, using="text"),
        to=[for_envelope(subscriber.email or "")],
        # RFC 3834: no vacation notes in return.
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(
        render_to_string(f"newsletter/{name}_mail.html", context | {"subject": subject}), "text/html"
    )
    return mail


def _hash(mail: EmailMultiAlternatives) -> str:
    """What was written, without the parts that a library makes up anew every time (boundary, Message-ID)."""
    wording = [str(mail.subject), str(mail.body), *(str(alternative[0]) for alternative in mail.alternatives)]
    return hashlib.sha256("\0".join(wording).encode()).hexdigest()


def _written_off(record: ConsentRecord, error: smtplib.SMTPRecipientsRefused) -> None:
    """The server says that nobody is there: asking again and again would only harm our name."""
    code = next(iter(error.recipients.values()))[0]
    logger.info("sign-up %s: recipient refused with %s", record.pk, code)
    if code >= 500:
        Subscriber.objects.filter(pk=record.subscriber_id, state=Subscriber.State.UNCONFIRMED).update(
            state=Subscriber.State.STOPPED
        )
