"""Celery tasks about accounts: each takes ids, calls one function, and is safe to repeat."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from celery import Task, shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from cms.accounts import access_requests, invitations, limits, log_book, mails
from cms.accounts.standing import colleagues, due_for_review, reviewable_by
from home.queueing import queue
from home.roles import Role

logger = logging.getLogger(__name__)


@shared_task
def send_invitation(key: int) -> None:
    """Send the mail of an invitation; tried again while the mail server does not answer."""
    _try(mails.send_invitation, key)


@shared_task
def announce_request(key: int) -> None:
    """Tell the editors of a request for access; tried again likewise."""
    _try(mails.announce_request, key)


@shared_task
def answer_request(key: int) -> None:
    """Send the answer to a request for access; tried again likewise."""
    _try(mails.answer_request, key)


@shared_task
def sweep_account_mails() -> None:
    """Send what the broker or a mail server has kept from being sent."""
    for send, key in mails.due():
        _try(send, key)


@shared_task
def forget_old_requests() -> None:
    """Once a day: nobody needs decided requests and old invitations any more."""
    logger.info("forgotten: %s requests, %s invitations", access_requests.forget_old(), invitations.forget_old())


@shared_task
def forget_attempts() -> None:
    """Every hour: counters of guesses whose time is over."""
    logger.info("forgotten: %s counters of attempts", limits.forget_old())


@shared_task
def forget_ended_sessions() -> None:
    """Every night: where somebody was logged in once. allauth forgets that at the next login of the person only."""
    running = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    logger.info("forgotten: %s ended sessions", UserSession.objects.exclude(session_key__in=running).delete()[0])


@shared_task
def forget_old_log_entries() -> None:
    """Every night: who did something long ago."""
    logger.info("forgotten: %s log entries, the names of %s more", *log_book.forget_old())


@shared_task
def call_for_review() -> None:
    """Once a month: whoever looks after accounts hears if some are due."""
    for user in colleagues(Role.ADMINISTRATION, Role.CHIEF_EDITOR, Role.EDITOR):
        if due_for_review(reviewable_by(user)).exists():
            # Without an end: a message that expires would not come back after a retry.
            hurry(remind_of_review, user.pk, expires=None)


@shared_task(
    autoretry_for=(OSError, smtplib.SMTPException), default_retry_delay=900, max_retries=8, retry_backoff=False
)
def remind_of_review(key: int) -> None:
    """One reminder. There is no row to sweep, so the task itself comes back for two hours."""
    mails.remind_of_review(key)


def hurry(task: Task, key: int, *, expires: int | None = 300) -> bool:
    """Ask a worker to do it now. False if the broker is away; the sweep will see to it."""
    return queue(task, key, expires=expires)


def _try(send: Callable[[int], bool], key: int) -> None:
    try:
        send(key)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("%s %s: no mail server: %s", send.__name__, key, type(error).__name__)
