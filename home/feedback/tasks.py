"""Celery tasks about reports of barriers: each takes ids, calls one function, and is safe to repeat."""

from __future__ import annotations

import logging
import smtplib

from celery import shared_task

from home.feedback import forwarding
from home.queueing import queue

logger = logging.getLogger(__name__)


@shared_task
def forward_report(pk: int) -> None:
    """The mail that follows a report."""
    try:
        forwarding.forward(pk)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("barrier report %s: no mail server: %s", pk, type(error).__name__)


@shared_task
def forward_waiting_reports() -> None:
    """Every few minutes: send what the broker or a mail server has kept from being sent."""
    for pk in forwarding.waiting():
        forward_report(pk)


@shared_task
def forget_reporters() -> None:
    """Every night: nobody needs to know any more who reported what is settled."""
    logger.info("forgotten: who sent %s reports", forwarding.forget_reporters())


def forward_soon(pk: int) -> bool:
    """Ask a worker for the mail. False if the broker is away; the sweep will find the report."""
    return queue(forward_report, pk, expires=600)
