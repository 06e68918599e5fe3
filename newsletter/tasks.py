"""Celery tasks: each takes ids, calls one function, and is safe to repeat."""

from __future__ import annotations

import logging
import smtplib

from celery import shared_task
from django.conf import settings
from django.db.models import Count, Q

from home.queueing import queue
from newsletter.models import Delivery
from newsletter.sending import delivering, sweeping
from newsletter.sending.claiming import HELD
from newsletter.subscribing import consent, retention, system_mail, uploads

logger = logging.getLogger(__name__)

# A message that waited longer is not needed any more: the sweep has asked again in the meantime.
EXPIRES = 300


@shared_task
def deliver_mailing(mailing: int) -> None:
    """Send for about a minute, then hand the rest to a new task: no task is ever long."""
    if delivering.deliver(mailing):
        wake(mailing, tasks=1)


@shared_task
def sweep_mailings() -> None:
    """Every 30 seconds: put right what was left behind, and restart what is due."""
    for mailing in sweeping.sweep():
        at_work = Delivery.objects.filter(mailing=mailing, state__in=HELD).aggregate(
            claims=Count("claim", distinct=True, filter=Q(claim__isnull=False))
        )["claims"]
        # A task at work holds one claim, and for a moment two.
        wake(mailing, tasks=max(0, settings.MAIL_TASKS - at_work))
    for record in system_mail.unanswered():
        queue(answer_sign_up, record, expires=EXPIRES)
    for subscriber in system_mail.unsent_links():
        queue(send_settings_link, subscriber, expires=EXPIRES)


@shared_task
def answer_sign_up(record: int) -> None:
    """The mail that follows a sign-up or a change of address; 0 is nobody."""
    try:
        system_mail.answer_sign_up(record)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("sign-up %s: no mail server: %s", record, type(error).__name__)


@shared_task
def send_settings_link(subscriber: int) -> None:
    """The mail with the link to the settings; 0 is nobody."""
    try:
        system_mail.send_settings_link(subscriber)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("settings link %s: no mail server: %s", subscriber, type(error).__name__)


@shared_task
def forget_subscribers() -> None:
    """Every night: delete and anonymise what nobody needs any more."""
    retention.forget()
    uploads.forget_old()


@shared_task
def end_pauses() -> None:
    """Every hour: whose pause ended with yesterday gets mails again."""
    consent.end_pauses()


def wake(mailing: int, *, tasks: int | None = None) -> bool:
    """Ask workers to send a mailing. False if the broker is away; the sweep will ask again."""
    return all(
        queue(deliver_mailing, mailing, expires=EXPIRES) for _ in range(settings.MAIL_TASKS if tasks is None else tasks)
    )


def answer(record: int) -> bool:
    """Ask a worker for the mail after a sign-up. False if the broker is away; the sweep will ask again."""
    return queue(answer_sign_up, record, expires=EXPIRES)


def send_link(subscriber: int) -> bool:
    """Ask a worker for the mail with the link to the settings. False if the broker is away."""
    return queue(send_settings_link, subscriber, expires=EXPIRES)
