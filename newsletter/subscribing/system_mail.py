"""Mails that answer a form: at once, over a connection of their own, and free of advertising.

Which mail it is depends on the state of the address: confirmation for new ones, a hint for those who have the
newsletter already. The form never tells the difference. What somebody typed as a name is in none of them: it would be a
way to send words of one's own to strangers.
"""

from __future__ import annotations

import logging
import smtplib
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsletter import tokens
from newsletter.models import ConsentRecord, Subscriber
from newsletter.subscribing import address_change, consent, letters, limits, retention

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

Event = ConsentRecord.Event
ASKED = (Event.SIGNED_UP, Event.ADDRESS_ASKED)
# No address can be made to get more than one of these mails in this time, however often a form is sent.
REST = timedelta(minutes=5)
# The same for links to the settings, of which no record is kept.
LINK_REST = timedelta(minutes=15)
# How long the sweep goes on trying. Links in the mail have no such limit.
KEEP_TRYING = timedelta(hours=24)
# The sweep leaves those to the task that was just queued.
TASK_HAS_IT = timedelta(minutes=1)


def answer_sign_up(record: int) -> bool:
    """Send the mail that a sign-up or a change of address is due; returns whether one was sent.

    `record` 0 stands for nobody: the form asks for that where no mail is due, so that it takes the same time. Does
    nothing if a later one of the same person exists, a mail went out in the last minutes, or a limit is reached (the
    sweep comes back to it). Raises OSError or SMTPException if the server cannot be reached: the sweep tries again.
    """
    found = ConsentRecord.objects.select_related("subscriber", "text").filter(pk=record, event__in=ASKED).first()
    if found is None or not _is_due(found):
        return False
    # Two workers at the same moment: the second one leaves it.
    if not cache.add(f"newsletter:answer:{found.pk}", 1, 60):
        return False
    try:
        if found.event == Event.ADDRESS_ASKED:
            _warn_old_address(found)
        return _answer(found)
    except (OSError, smtplib.SMTPException):
        cache.delete(f"newsletter:answer:{found.pk}")
        raise


def send_settings_link(subscriber: int) -> bool:
    """Send the link to the settings that somebody asked for; returns whether one was sent. `subscriber` 0 is nobody.

    Raises OSError or SMTPException if the server cannot be reached: the sweep tries again.
    """
    found = _wanting_link().filter(pk=subscriber).first()
    if found is None or not cache.add(f"newsletter:link:{found.pk}", 1, 60):
        return False
    try:
        letters.settings_link(found).send()
    except smtplib.SMTPRecipientsRefused as error:
        code = _code(error)
        logger.info("settings link %s: recipient refused with %s", found.pk, code)
        # A server that says "later" (RFC 5321, 4.2.1) is asked again by the sweep.
        if code >= 500:
            Subscriber.objects.filter(pk=found.pk).update(link_asked_at=None)
        return False
    except (OSError, smtplib.SMTPException):
        cache.delete(f"newsletter:link:{found.pk}")
        raise
    Subscriber.objects.filter(pk=found.pk).update(link_asked_at=None, link_mailed_at=timezone.now())
    return True


def unanswered() -> list[int]:
    """The newest question of every person that no mail followed: for the sweep. Empty while a limit is reached."""
    if not limits.there_is_room():
        return []
    now = timezone.now()
    sign_ups = Q(subscriber__state=Subscriber.State.UNCONFIRMED, event__in=[Event.SIGNED_UP, Event.MAILED])
    changes = Q(subscriber__new_email__isnull=False, event__in=[Event.ADDRESS_ASKED, Event.MAILED])
    rows = (
        ConsentRecord.objects.filter(sign_ups | changes, at__gt=now - KEEP_TRYING)
        .order_by("-pk")
        .values_list("subscriber", "address_hmac", "pk", "event", "at")
    )
    newest: dict[tuple[int, str], tuple[int, str, datetime]] = {}
    mails: Counter[int] = Counter()
    for subscriber, address, record, event, at in rows:
        newest.setdefault((subscriber, address), (record, event, at))
        mails[subscriber] += event == Event.MAILED
    return sorted(
        record
        for (subscriber, _address), (record, event, at) in newest.items()
        if event in ASKED and at < now - TASK_HAS_IT and mails[subscriber] < limits.MAILS_TO_AN_ADDRESS
    )


def unsent_links() -> list[int]:
    """People who asked for a link to their settings that no mail has brought yet: for the sweep."""
    asked = _wanting_link().filter(link_asked_at__lt=timezone.now() - TASK_HAS_IT)
    return list(asked.order_by("link_asked_at").values_list("pk", flat=True))


def _wanting_link() -> QuerySet[Subscriber]:
    now = timezone.now()
    rested = Q(link_mailed_at=None) | Q(link_mailed_at__lt=now - LINK_REST)
    return Subscriber.objects.filter(
        rested, state__in=consent.HAS_SETTINGS, link_asked_at__gt=now - KEEP_TRYING, email__isnull=False
    )


def _is_due(record: ConsentRecord) -> bool:
    subscriber = record.subscriber
    address = letters.recipient(record)
    if not address or record.address_hmac not in tokens.fingerprints(address):
        return False
    later = subscriber.consents.filter(
        event__in=[record.event, Event.MAILED], pk__gt=record.pk, address_hmac=record.address_hmac
    )
    rested = subscriber.consents.filter(
        event=Event.MAILED, at__gt=timezone.now() - REST, address_hmac=record.address_hmac
    )
    return not later.exists() and not rested.exists() and limits.may_mail(subscriber, address)


def _answer(record: ConsentRecord) -> bool:
    mail = letters.answer(record)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        _write_off(record, error)
        return False
    _write_mail_down(record, Event.MAILED, mail)
    return True


def _warn_old_address(record: ConsentRecord) -> None:
    """Tell the old address once that somebody wants another one."""
    subscriber = record.subscriber
    told = subscriber.consents.filter(event=Event.NOTICED, pk__gt=record.pk)
    if subscriber.state == Subscriber.State.STOPPED or told.exists():
        return
    mail = letters.address_notice(record)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        logger.info("change of address %s: old one refused with %s", record.pk, _code(error))
    else:
        _write_mail_down(record, Event.NOTICED, mail, address=subscriber.email)


def _write_mail_down(
    record: ConsentRecord, event: ConsentRecord.Event, mail: EmailMultiAlternatives, address: str | None = None
) -> None:
    consent.write_down(
        record.subscriber,
        event,
        text=record.text,
        topics=record.topics,
        source=record.source,
        mail_sha256=letters.fingerprint(mail),
        address=address or letters.recipient(record),
    )


def _write_off(record: ConsentRecord, error: smtplib.SMTPRecipientsRefused) -> None:
    """The server says that nobody is there: asking again and again would only harm our name.

    Nobody will ever confirm what was asked for, so it is forgotten at once.
    """
    code = _code(error)
    logger.info("question %s: recipient refused with %s", record.pk, code)
    if code < 500:
        return
    with transaction.atomic():
        found = Subscriber.objects.select_for_update().filter(pk=record.subscriber_id).first()
        if found is None:
            return
        if record.event == Event.ADDRESS_ASKED and found.new_email == record.subscriber.new_email:
            address_change.give_up(found)
        elif record.event == Event.SIGNED_UP and found.state == Subscriber.State.UNCONFIRMED:
            retention.drop_attempt(found)


def _code(error: smtplib.SMTPRecipientsRefused) -> int:
    return int(next(iter(error.recipients.values()))[0])
